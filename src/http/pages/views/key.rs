//! The page of one API key: what it is, how it is used, what hangs on it, and what can be done to it.

use super::filters;
use super::form::Problem;
use super::frame::Frame;
use super::key_form::KeyEditForm;
use super::key_usage::UsageView;
use super::keys::Badge;
use super::keys::CreatedKey;
use super::keys::KeyOwner;
use super::keys::KeyPlace;
use super::keys::KeyRights;
use super::keys::KeyState;
use super::keys::KeyTraits;
use super::keys::LastUseLine;
use super::keys::badges;
use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;

/// One key.
#[derive(askama::Template)]
#[template(path = "pages/key.html")]
pub struct KeyPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Whose key it is.
    pub owner: KeyOwner,
    /// What the page above is called.
    pub home: Text,
    /// The key.
    pub key: KeyFacts,
    /// The pair that was just made or rotated: shown once.
    pub created: Option<CreatedKey>,
    /// How it was used.
    pub usage: UsageView,
    /// From where and by what it was used, the latest first.
    pub callers: Vec<CallerRow>,
    /// Which scopes are in use.
    pub scopes: ScopesInUse,
    /// What can change in it.
    pub form: KeyEditForm,
}

/// What a key is.
pub struct KeyFacts {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The public half of the pair.
    pub api_key: String,
    /// What it may do.
    pub rights: KeyRights,
    /// The only roles of its user that it has, where it leaves some out.
    pub roles: Option<Vec<String>>,
    /// The only addresses that it works from, if there are such.
    pub addresses: Vec<String>,
    /// Its limits, a sentence each.
    pub limits: Vec<Text>,
    /// When it was made.
    pub created: Moment,
    /// When it ends or ended, if it does.
    pub expires: Option<Moment>,
    /// When and by whom it was last used, if it was.
    pub last_use: Option<LastUseLine>,
    /// Whether it works.
    pub state: KeyState,
    /// What else is special about it.
    pub traits: KeyTraits,
    /// Until when a trial of its revocation runs.
    pub trial_until: Option<Moment>,
    /// How many requests of the trial would have failed.
    pub would_fail: i64,
    /// Until when a secret that was replaced still works.
    pub overlaps_until: Option<Moment>,
    /// When a decoy was last tried.
    pub alarmed: Option<Moment>,
    /// The id and the name of the key that it was made to take the place of.
    pub replaces: Option<(String, String)>,
}

/// Somebody who uses a key.
pub struct CallerRow {
    /// The program, in words.
    pub program: Text,
    /// What it calls itself, where that says more.
    pub agent: Option<String>,
    /// The address; may be empty.
    pub address: String,
    /// When it was first seen.
    pub first: Moment,
    /// When it was last seen.
    pub last: Moment,
    /// How many of its requests were let in.
    pub uses: i64,
    /// How many of them would have failed.
    pub would_fail: i64,
}

/// Which scopes a key's requests needed, and which not.
#[derive(Default)]
pub struct ScopesInUse {
    /// Those that were needed, and when last.
    pub needed: Vec<(String, Moment)>,
    /// Those that it has and no request needed.
    pub unused: Vec<String>,
    /// The scopes of a successor, where one would be narrower.
    pub narrower: Option<Vec<String>>,
}

impl KeyPage {
    /// What is wrong with the form.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        self.form.problems()
    }

    /// What is to be known of the key at first sight.
    pub fn badges(&self) -> Vec<Badge> {
        badges(self.key.state, self.key.traits)
    }

    /// A place of this key.
    pub fn place(&self, place: KeyPlace) -> String {
        self.owner.path(place, &self.key.id)
    }

    /// The page of another key of the same user.
    pub fn page_of(&self, id: &str) -> String {
        self.owner.path(KeyPlace::Page, id)
    }

    /// Whether it is enabled.
    pub fn is_enabled(&self) -> bool {
        self.key.state != KeyState::Disabled
    }
}

#[cfg(test)]
impl super::Page for KeyPage {
    fn samples() -> Vec<Self> {
        vec![sample::busy(), sample::refused(), sample::fresh(), sample::decoy(), sample::rotated()]
    }
}

#[cfg(test)]
mod sample {
    use super::super::frame::sample::admin;
    use super::super::frame::sample::user;
    use super::super::key_form::sample::edit;
    use super::super::keys::sample::at;
    use super::super::keys::sample::created;
    use super::super::notice::Notice;
    use super::*;
    use crate::http::pages::keys::words::limit;
    use crate::model::key_limits::KeyLimit;
    use crate::model::key_use::KeyOutcome;
    use crate::model::key_use::KeyUsage;

    fn usage() -> UsageView {
        let mut used = Vec::new();
        for day in 0..30 {
            used.push(KeyUsage { day: 100 + day, outcome: KeyOutcome::Passed, uses: 40 + (day * 37) % 90 });
            if day % 7 == 0 {
                used.push(KeyUsage { day: 100 + day, outcome: KeyOutcome::Limited, uses: 12 });
            }
            if day > 26 {
                used.push(KeyUsage { day: 100 + day, outcome: KeyOutcome::WouldFail, uses: 30 });
            }
        }
        UsageView::new(&used, 129, 30)
    }

    fn caller(program: &str, agent: Option<&str>, address: &str, would_fail: i64) -> CallerRow {
        CallerRow {
            program: Text::of_words(program),
            agent: agent.map(str::to_owned),
            address: address.to_owned(),
            first: at(-2_000_000),
            last: at(-240),
            uses: 1_204,
            would_fail,
        }
    }

    pub(super) fn busy() -> KeyPage {
        KeyPage {
            frame: admin(&paths::of_account_key(paths::ACCOUNT_KEY, "key_01")).with_notice(Some(Notice::KeySaved)),
            owner: KeyOwner::Own,
            home: Text::new("Your account"),
            key: KeyFacts {
                id: "key_01".to_owned(),
                name: "Nightly export".to_owned(),
                api_key: "hp_key_7hGq2LxV0aPzR4tYw9Bk".to_owned(),
                rights: KeyRights::Scopes(vec!["invoices:read".to_owned(), "invoices:write".to_owned()]),
                roles: Some(vec!["bookkeeping".to_owned()]),
                addresses: vec!["192.0.2.0/24".to_owned(), "2001:db8::/32".to_owned()],
                limits: ["burst=10/1s", "daily=5000/1d"].map(|text| limit(&KeyLimit::parse(text).unwrap())).to_vec(),
                created: at(-3_000_000),
                expires: Some(at(5_000_000)),
                last_use: Some(LastUseLine {
                    at: at(-240),
                    address: "192.0.2.7".to_owned(),
                    program: Text::of_words("curl 8.5.0"),
                }),
                state: KeyState::Live,
                traits: KeyTraits { is_on_trial: true, ..KeyTraits::default() },
                trial_until: Some(at(500_000)),
                would_fail: 90,
                overlaps_until: Some(at(3_000)),
                alarmed: None,
                replaces: Some(("key_00".to_owned(), "Nightly".to_owned())),
            },
            created: None,
            usage: usage(),
            callers: vec![
                caller("curl 8.5.0", None, "192.0.2.7", 90),
                caller("acme-sync 3", Some("acme-sync/3 (+https://acme.example)"), "2001:db8::7", 0),
            ],
            scopes: ScopesInUse {
                needed: vec![("invoices:read".to_owned(), at(-240))],
                unused: vec!["invoices:write".to_owned()],
                narrower: Some(vec!["invoices:read".to_owned()]),
            },
            form: edit(),
        }
    }

    pub(super) fn refused() -> KeyPage {
        let mut page = busy();
        page.frame.alert = None;
        page.owner = KeyOwner::User("user_02".to_owned());
        page.home = Text::of_words("Grace Hopper");
        page.form.name.error = Some("The name has fewer than 1 character.".to_owned());
        page.form.expires_on.error = Some("Write a day as 2027-01-31.".to_owned());
        page.form.allowed_ips.error = Some("x is neither an address nor a network.".to_owned());
        page.form.limits.error = Some("Two limits are called daily.".to_owned());
        page
    }

    pub(super) fn fresh() -> KeyPage {
        let mut page = busy();
        page.frame = user(&paths::of_account_key(paths::ACCOUNT_KEY, "key_01"));
        page.key.rights = KeyRights::Full;
        (page.key.roles, page.key.addresses, page.key.limits) = (None, Vec::new(), Vec::new());
        (page.key.expires, page.key.last_use, page.key.trial_until) = (None, None, None);
        (page.key.overlaps_until, page.key.replaces) = (None, None);
        page.key.state = KeyState::Disabled;
        page.key.traits = KeyTraits { is_imported: true, ..KeyTraits::default() };
        page.usage = UsageView::new(&[], 129, 30);
        page.callers = Vec::new();
        page.scopes = ScopesInUse::default();
        page.form = KeyEditForm::default();
        page
    }

    pub(super) fn decoy() -> KeyPage {
        let mut page = fresh();
        page.key.state = KeyState::Live;
        page.key.traits = KeyTraits { is_decoy: true, ..KeyTraits::default() };
        page.key.alarmed = Some(at(-5_000));
        page
    }

    pub(super) fn rotated() -> KeyPage {
        let mut page = busy();
        page.frame.alert = None;
        page.created = Some(CreatedKey { is_rotated: true, ..created() });
        page
    }
}
