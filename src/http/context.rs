//! What the outermost layer knows of a request, and extractors leave there for the log.

use std::cell::Cell;
use std::cell::RefCell;
use std::net::IpAddr;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Language;
use crate::domain::act::Act;
use crate::domain::key_limits::Remaining;
use crate::domain::refusals::finding::Finding;
use crate::http::failure::Failure;
use crate::http::navigation::Navigation;
use crate::http::router::Place;
use crate::http::surface::Surface;
use crate::model::audit::By;
use crate::model::identity::Credential;
use crate::model::identity::Identity;

/// The most languages that are looked at.
const MOST_LANGUAGES: usize = 20;

/// What is known of a request before any handler sees it, for all who ask.
#[derive(Clone)]
pub struct Context(Rc<Known>);

/// See [`Context`].
pub struct Known {
    /// Its id; also the header `X-Request-Id` of the answer.
    pub request_id: String,
    /// Where it came from, through trusted proxies.
    pub address: Option<IpAddr>,
    /// Which face of the server it is for.
    pub surface: Surface,
    /// The place that its path leads to, where there is one.
    pub route: Option<Rc<Place>>,
    /// Its whole body.
    pub body: Bytes,
    /// Where the person comes from; only where it is for a page.
    pub navigation: Navigation,
    /// The languages that a page is wanted in (RFC 9110 §12.5.4); only where it is for a page.
    pub accept_language: Option<HeaderValue>,
    /// The languages that an application asked for (OpenID Connect Core §3.1.2.1, `ui_locales`), the best first.
    pub ui_locales: RefCell<Vec<String>>,
    /// Who it turned out to be, for the log.
    pub who: RefCell<Option<Who>>,
    /// How the limits of its API key stand, for the answer.
    pub limits: RefCell<Vec<Remaining>>,
    /// Which check it failed, where the answer does not say it.
    pub why: RefCell<Option<Box<Finding>>>,
    /// Whether it was refused though its answer looks like another: a redirect that tells the client.
    pub is_told: Cell<bool>,
    /// Whether an administrator sent it from a page.
    pub is_by_admin: Cell<bool>,
}

impl Deref for Context {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.0
    }
}

impl From<Known> for Context {
    fn from(known: Known) -> Self {
        Self(Rc::new(known))
    }
}

/// Who a request is, as the log writes it.
#[derive(Debug, Clone)]
pub struct Who {
    /// The subject's id.
    pub subject: String,
    /// The credential's id.
    pub credential: String,
}

impl Context {
    /// That of a request.
    ///
    /// # Errors
    /// [`Failure::Internal`] where the outermost layer is missing.
    pub fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let missing = || Failure::Internal { cause: "the outermost layer is missing".to_owned() };
        request.extensions().get::<Context>().cloned().ok_or_else(missing)
    }

    /// The language of the answer: what the application asked for, what the browser asks for, or the usual one.
    pub fn language(&self, app: &App) -> Arc<Language> {
        let asked = self.ui_locales.borrow();
        let wanted = self.accept_language.as_ref().and_then(|wanted| wanted.to_str().ok());
        let found = app.languages.find(asked.iter().map(String::as_str));
        let found = found.or_else(|| app.languages.find(ranked(wanted.unwrap_or_default())));
        found.unwrap_or_else(|| app.languages.usual())
    }

    /// Leaves for the page which languages an application asked for, if it did, separated by spaces.
    pub fn note_ui_locales(&self, tags: Option<&str>) {
        let tags = tags.into_iter().flat_map(|tags| tags.split(' '));
        *self.ui_locales.borrow_mut() = tags.take(MOST_LANGUAGES).map(str::to_owned).collect();
    }

    /// Leaves for the log who the request is.
    pub fn note(&self, identity: &Identity) {
        let who = Who { subject: identity.subject.wire_id(), credential: identity.credential.log_id() };
        *self.who.borrow_mut() = Some(who);
        if let Credential::Session { .. } = identity.credential {
            self.is_by_admin.set(identity.roles.is_admin());
        }
    }

    /// Leaves for administrators which check the request failed. It counts where the request is refused, and the last one
    /// that was left.
    pub fn explain(&self, finding: Finding) {
        *self.why.borrow_mut() = Some(Box::new(finding));
    }

    /// The same for a request whose answer tells somebody else that it was refused.
    pub fn explain_told(&self, finding: Finding) {
        self.explain(finding);
        self.is_told.set(true);
    }

    /// An act of the request's subject.
    pub fn act(&self, app: &App, identity: &Identity) -> Act {
        let by = By::identity(identity, self.address, Some(self.request_id.clone()));
        Act { by, now: app.now() }
    }

    /// An act of somebody who has not shown who they are, or shows it by the act itself.
    pub fn act_of(&self, app: &App, actor: &str) -> Act {
        let by = By {
            actor: actor.to_owned(),
            credential: None,
            address: self.address,
            request_id: Some(self.request_id.clone()),
        };
        Act { by, now: app.now() }
    }
}

/// The application behind a request.
///
/// # Errors
/// [`Failure::Internal`] where it was not put there.
pub fn app(request: &HttpRequest) -> Result<Data<App>, Failure> {
    let missing = || Failure::Internal { cause: "the application is missing".to_owned() };
    request.app_data::<Data<App>>().cloned().ok_or_else(missing)
}

/// The tags of `Accept-Language`, the best first; those that are not wanted are left out (RFC 9110 §12.5.4).
fn ranked(header: &str) -> Vec<&str> {
    let mut tags: Vec<(&str, f32)> = header
        .split(',')
        .take(MOST_LANGUAGES)
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let tag = parts.next().filter(|tag| !tag.is_empty())?;
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            (weight > 0.0).then_some((tag, weight))
        })
        .collect();
    tags.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    tags.into_iter().map(|(tag, _)| tag).collect()
}

#[cfg(test)]
mod tests {
    use super::ranked;

    #[test]
    fn languages_come_in_the_order_of_their_weights() {
        assert_eq!(ranked("fr;q=0.5, de-AT, en;q=0.9, it;q=0, , *;q=0.1"), ["de-AT", "en", "fr", "*"]);
        assert_eq!(ranked("de;q=x"), Vec::<&str>::new());
        assert_eq!(ranked(""), Vec::<&str>::new());
    }
}
