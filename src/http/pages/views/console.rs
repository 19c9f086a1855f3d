//! Everybody's keys, sessions and grants, as administrators see them.

use super::filters;
use std::collections::BTreeMap;

use super::bulk::BulkBar;
use super::frame::Frame;
use super::frame::Pagination;
use super::keys::KeyRow;
use super::search::SearchForm;
use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;
use crate::model::id::UserId;

/// Who is signed in.
#[derive(askama::Template)]
#[template(path = "pages/console/sessions.html")]
pub struct SessionsPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub search: SearchForm,
    /// What can be done to several of them.
    pub bulk: BulkBar,
    /// The sessions of this page of the list.
    pub rows: Vec<SessionLine>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// What people let applications do.
#[derive(askama::Template)]
#[template(path = "pages/console/grants.html")]
pub struct GrantsPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub search: SearchForm,
    /// What can be done to several of them.
    pub bulk: BulkBar,
    /// The grants of this page of the list.
    pub rows: Vec<GrantLine>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// Everybody's API keys.
#[derive(askama::Template)]
#[template(path = "pages/console/keys.html")]
pub struct KeysPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub search: SearchForm,
    /// What can be done to several of them.
    pub bulk: BulkBar,
    /// The keys of this page of the list.
    pub rows: Vec<KeyLine>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// Whose a record is.
pub struct Owner {
    /// The user's id.
    pub id: String,
    /// The user name.
    pub name: String,
}

impl Owner {
    /// The user `id`, who has a name among `names`.
    pub fn new(id: UserId, names: &BTreeMap<UserId, String>) -> Self {
        Self { id: id.to_string(), name: names.get(&id).cloned().unwrap_or_default() }
    }
}

/// One session.
pub struct SessionLine {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub owner: Owner,
    /// The browser, in words.
    pub browser: Text,
    /// The address it began from; may be empty.
    pub address: String,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// When it began.
    pub signed_in: Moment,
    /// When it was last used.
    pub last_used: Moment,
}

/// One grant.
pub struct GrantLine {
    /// Its id.
    pub id: String,
    /// Who gave it.
    pub owner: Owner,
    /// To whom.
    pub client_id: String,
    /// What that is called.
    pub client: String,
    /// What was allowed.
    pub scopes: Vec<String>,
    /// Since when.
    pub since: Moment,
    /// Until when, if it ends by itself.
    pub until: Option<Moment>,
}

/// One API key.
pub struct KeyLine {
    /// Whose it is.
    pub owner: Owner,
    /// The key.
    pub key: KeyRow,
}

impl KeyLine {
    /// Its page.
    pub fn path(&self) -> String {
        paths::of_user_key(paths::USER_KEY, &self.owner.id, &self.key.id)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        if self.key.name.is_empty() { "Unnamed key" } else { &self.key.name }
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::model::time::Timestamp;

    fn moment() -> Moment {
        Moment::new(Timestamp::from_seconds(1_795_512_600))
    }

    fn owner(name: &str) -> Owner {
        Owner { id: "user_01".to_owned(), name: name.to_owned() }
    }

    fn pagination(path: &str) -> Pagination {
        Pagination { first: Some(path.to_owned()), next: Some(format!("{path}?after=b")) }
    }

    impl super::super::Page for SessionsPage {
        fn samples() -> Vec<Self> {
            let line = |id: &str, is_current| SessionLine {
                id: id.to_owned(),
                owner: owner("<script>alert(1)</script>"),
                browser: Text::new("{$browser} on {$system}").with("browser", "Firefox").with("system", "Linux"),
                address: "2001:db8::1".to_owned(),
                is_current,
                signed_in: moment(),
                last_used: moment(),
            };
            let page = |sessions, is_cut| Self {
                frame: super::super::frame::sample::admin(paths::SESSIONS),
                search: super::super::search::sample::search(paths::SESSIONS, is_cut),
                bulk: super::super::bulk::sample::bar(paths::SESSIONS_BULK),
                rows: sessions,
                pagination: pagination(paths::SESSIONS),
            };
            vec![page(vec![line("sess_01", true), line("sess_02", false)], false), page(Vec::new(), true)]
        }
    }

    impl super::super::Page for GrantsPage {
        fn samples() -> Vec<Self> {
            let line = |id: &str, until| GrantLine {
                id: id.to_owned(),
                owner: owner("grace"),
                client_id: "client_01".to_owned(),
                client: "\"><img src=x onerror=alert(1)>".to_owned(),
                scopes: vec!["openid".to_owned(), "profile".to_owned()],
                since: moment(),
                until,
            };
            let page = |grants, is_cut| Self {
                frame: super::super::frame::sample::admin(paths::GRANTS),
                search: super::super::search::sample::search(paths::GRANTS, is_cut),
                bulk: super::super::bulk::sample::bar(paths::GRANTS_BULK),
                rows: grants,
                pagination: pagination(paths::GRANTS),
            };
            vec![page(vec![line("grant_01", None), line("grant_02", Some(moment()))], false), page(Vec::new(), true)]
        }
    }

    impl super::super::Page for KeysPage {
        fn samples() -> Vec<Self> {
            let keys = super::super::keys::sample::panel(super::super::keys::KeyOwner::Own).keys.into_iter();
            let keys: Vec<KeyLine> = keys.map(|key| KeyLine { owner: owner("grace"), key }).collect();
            let page = |keys, is_cut| Self {
                frame: super::super::frame::sample::admin(paths::KEYS),
                search: super::super::search::sample::search(paths::KEYS, is_cut),
                bulk: super::super::bulk::sample::bar(paths::KEYS_BULK),
                rows: keys,
                pagination: pagination(paths::KEYS),
            };
            vec![page(keys, false), page(Vec::new(), true)]
        }
    }
}
