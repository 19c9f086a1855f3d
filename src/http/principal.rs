//! [`Principal`]: who a request is. What a handler needs of it stands as a type in the handler's signature.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::HttpRequest;

use crate::app::App;
use crate::domain::act::Act;
use crate::domain::authenticate::Found;
use crate::domain::authenticate::KeyInUse;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::csrf as csrf_token;
use crate::domain::imported_secrets;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::credentials;
use crate::domain::refusals::finding::Finding;
use crate::domain::sessions;
use crate::http::context;
use crate::http::context::Context;
use crate::http::cookies::CookieName;
use crate::http::csrf;
use crate::http::dpop;
use crate::http::failure::Failure;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::key_use;
use crate::http::refusals;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::key_use::KeyOutcome;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::principal::authorization;
use crate::principal::credential::Credential as HeaderCredential;
use crate::principal::need::Need;
use crate::principal::need::ViaSession;

/// Who a request is, and that it has what `N` needs.
///
/// An `Authorization` header decides alone, whatever is in it; the cookie is looked at only where there is none. An
/// unsafe request in a session has passed the checks of `csrf.rs`. There is no way to have one of these without.
pub struct Principal<N> {
    known: Known,
    need: PhantomData<N>,
}

/// As [`Principal`], or nobody. Somebody who presents something bad is not nobody but refused.
pub struct MaybePrincipal(Option<Known>);

struct Known {
    found: Arc<Found>,
    /// The cookie, where that is what the request presented.
    cookie: Option<TokenHash>,
    context: Context,
}

impl<N> Principal<N> {
    /// An act of this principal, now.
    pub fn act(&self, app: &App) -> Act {
        self.known.context.act(app, &self.known.found.identity)
    }

    /// What is known of the request.
    pub fn context(&self) -> &Context {
        &self.known.context
    }

    /// The user it acts as.
    ///
    /// # Errors
    /// [`Failure::SessionNeeded`] where it is a client in its own name.
    pub fn user_id(&self) -> Result<UserId, Failure> {
        self.known.found.identity.user_id().ok_or(Failure::SessionNeeded)
    }

    /// Notes for the key's owner that the request also needed those of `scopes` that it has.
    pub fn note_scopes(&self, app: &App, scopes: &[&str]) {
        let used: Vec<&str> =
            scopes.iter().copied().filter(|scope| self.known.found.identity.has_scope(scope)).collect();
        if let Some(key) = &self.known.found.key {
            app.key_uses.note_scopes(key.id, &used, app.now());
        }
    }

    /// The session it is in.
    ///
    /// # Errors
    /// [`Failure::SessionNeeded`] where it is in none.
    pub fn session(&self) -> Result<&Session, Failure> {
        self.known.found.session.as_deref().ok_or(Failure::SessionNeeded)
    }

    /// The id of the session it is in.
    ///
    /// # Errors
    /// [`Failure::SessionNeeded`] where it is in none.
    pub fn session_id(&self) -> Result<SessionId, Failure> {
        self.session().map(|session| session.id)
    }

    /// The token that forms of its session carry; empty where it is in none.
    pub fn csrf_token(&self, app: &App) -> String {
        self.known.csrf_token(app)
    }
}

impl<N: Need> Principal<N> {
    /// Who this access token is of, where it did not come in the header.
    ///
    /// # Errors
    /// As for one that did.
    pub async fn by_access_token(request: &HttpRequest, token: &Token) -> Result<Self, Failure> {
        let (app, context) = (context::app(request)?, Context::of(request)?);
        let presented = Presented::AccessToken(token.hash());
        Self::checked(request, known(request, &app, context, presented, Way::Header).await?)
    }

    fn checked(request: &HttpRequest, known: Option<Known>) -> Result<Self, Failure> {
        let known = known.ok_or(Failure::Unauthenticated { credential_given: false })?;
        let checked = N::check(&known.found.identity).map_err(|lack| {
            known.context.explain(refusals::lack(&lack, &known.found.identity));
            Failure::from(lack)
        });
        let scopes = if checked.is_ok() { N::scopes(&known.found.identity) } else { Vec::new() };
        known.note_use(request, &checked, &scopes)?;
        checked?;
        Ok(Principal { known, need: PhantomData })
    }
}

impl Known {
    /// Notes for the key's owner what becomes of the request.
    fn note_use(&self, request: &HttpRequest, checked: &Result<(), Failure>, scopes: &[&str]) -> Result<(), Failure> {
        let Some(key) = &self.found.key else { return Ok(()) };
        let app = context::app(request)?;
        let outcome = match checked {
            Ok(()) => Some(key.passed()),
            Err(failure) => key_use::outcome_of(failure),
        };
        if let Some(outcome) = outcome {
            app.key_uses.note(key.id, outcome, scopes, &key_use::caller(request, &self.context), app.now());
        }
        Ok(())
    }

    fn csrf_token(&self, app: &App) -> String {
        let Some(hash) = &self.cookie else { return String::new() };
        csrf_token::token(app.begun(), csrf_token::Purpose::Session, hash.as_bytes())
    }
}

impl<N> Deref for Principal<N> {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.known.found.identity
    }
}

impl MaybePrincipal {
    /// Who it is, if anybody.
    pub fn identity(&self) -> Option<&Identity> {
        self.0.as_ref().map(|known| &known.found.identity)
    }

    /// Whether it is in a session, rather than nobody or with a key or token.
    pub fn is_in_session(&self) -> bool {
        self.0.as_ref().is_some_and(|known| known.found.session.is_some())
    }

    /// The same as a [`Principal`] that is in a session, if it is.
    pub fn into_session(self) -> Option<Principal<ViaSession>> {
        let known = self.0.filter(|known| known.found.session.is_some())?;
        Some(Principal { known, need: PhantomData })
    }
}

impl<N: Need> Guard for Principal<N> {
    fn describe() -> String {
        N::describe()
    }
}

impl Guard for MaybePrincipal {
    fn describe() -> String {
        "maybe".to_owned()
    }
}

impl<N: Need> Argument for Principal<N> {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        Self::checked(request, resolve(request).await?)
    }
}

impl Argument for MaybePrincipal {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        let known = resolve(request).await?;
        if let Some(known) = &known {
            known.note_use(request, &Ok(()), &[])?;
        }
        Ok(MaybePrincipal(known))
    }
}

/// Who `request` is. `None` only where it presents nothing, or the cookie of a session that is none any more.
async fn resolve(request: &HttpRequest) -> Result<Option<Known>, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let Some((presented, way)) = presented(request, &app).await? else { return Ok(None) };
    known(request, &app, context, presented, way).await
}

/// Who presents `presented`. `None` for the cookie of a session that is none any more.
async fn known(
    request: &HttpRequest,
    app: &App,
    context: Context,
    presented: Presented,
    way: Way,
) -> Result<Option<Known>, Failure> {
    let cookie = if let Way::Cookie(hash) = &way { Some(*hash) } else { None };
    let now = app.now();
    let found = match find(request, app, &context, &presented, now).await? {
        Ok(found) => found,
        // A browser whose session has ended is one without a session: it must be able to reach the sign-in page.
        Err(_) if cookie.is_some() => return Ok(None),
        Err(_) => return Err(Failure::Unauthenticated { credential_given: true }),
    };
    let Found { identity, session, key, .. } = &*found;
    if let Credential::AccessToken { resources, .. } = &identity.credential
        && !resources.is_empty()
        && !resources.name_issuer(&app.issuer)
    {
        tracing::debug!(request_id = %context.request_id, "the access token is meant for another resource");
        context.explain(refusals::audience(identity, app.issuer.as_str()));
        return Err(Failure::Unauthenticated { credential_given: true });
    }
    check_binding(request, app, identity, &presented, &way).await?;
    context.note(identity);
    if let Some(hash) = &cookie {
        csrf::check_session(request, app, &context, hash.as_bytes())?;
    }
    if let Some(key) = key {
        spend(request, app, &context, key, now).await?;
    }
    if let Some(session) = session {
        note_session(app, session, now);
    }
    Ok(Some(Known { found, cookie, context }))
}

/// Who presents `presented`. A refusal is noted in the log, and for the owner of the key that it is about.
///
/// # Errors
/// 503 where the database does not answer; that is never "nobody".
pub async fn find(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    presented: &Presented,
    now: Timestamp,
) -> Result<Result<Arc<Found>, Refusal>, Failure> {
    let found = app.memory.find(presented, context.address, now).await?;
    match &found {
        Ok(found) => app.metrics.recognised(found.identity.credential.kind()),
        Err(_) => app.metrics.refused(),
    }
    if let Err(refusal) = &found {
        tracing::debug!(request_id = %context.request_id, ?refusal, "credential refused");
        context.explain(credentials::of(refusal, presented, context.address, now));
        key_use::note_refused(app, context, refusal, key_use::caller(request, context), now);
    }
    Ok(found)
}

/// Takes one request of each of the key's limits; where one is reached, that is noted for its owner.
///
/// # Errors
/// [`Failure::Limited`].
pub async fn spend(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    key: &KeyInUse,
    now: Timestamp,
) -> Result<(), Failure> {
    let spent = key_use::spend(app, context, key, now).await;
    if let Err(Failure::Limited { .. }) = &spent {
        app.key_uses.note(key.id, KeyOutcome::Limited, &[], &key_use::caller(request, context), now);
    }
    spent
}

/// Notes that a session is used. That is written with all other uses in a minute, and at once only where the session
/// would have ended by then. No request waits for it.
pub fn note_session(app: &App, session: &Session, now: Timestamp) {
    app.session_usage.note(session.id, now);
    let idle = app.config.sessions.idle;
    if sessions::ends_soon(session, idle, now) {
        let (store, id) = (app.store.clone(), session.id);
        actix_web::rt::spawn(async move { store.write(move |tx| sessions::write_uses(tx, &[(id, now)], idle)).await });
    }
}

/// How a credential came.
pub enum Way {
    /// In the cookie, whose hash this is.
    Cookie(TokenHash),
    /// In the header, by a scheme that asks for no more.
    Header,
    /// In the header by `DPoP`, with a proof beside it.
    Dpop,
}

/// A token that is bound to a key needs a proof, and the scheme that says so; one that is not is refused by that scheme
/// (RFC 9449 §7.1, §7.2).
///
/// # Errors
/// 401.
pub async fn check_binding(
    request: &HttpRequest,
    app: &App,
    identity: &Identity,
    presented: &Presented,
    way: &Way,
) -> Result<(), Failure> {
    let key = if let Credential::AccessToken { key, .. } = &identity.credential { key.as_ref() } else { None };
    match (key, presented, way) {
        (Some(key), Presented::AccessToken(hash), Way::Dpop) => dpop::check_possession(request, app, hash, key).await,
        (None, _, Way::Cookie(_) | Way::Header) => Ok(()),
        (key, ..) => {
            let (expected, came) = match key {
                Some(_) => ("the scheme DPoP with a proof, for the token is bound to a key", "another scheme"),
                None => ("the scheme Bearer, for the credential is bound to no key", "the scheme DPoP"),
            };
            let about = refusals::about(identity);
            Context::of(request)?.explain(Finding::new(Check::Possession, expected, came).about(about));
            Err(Failure::Unauthenticated { credential_given: true })
        }
    }
}

/// The credential of `request`, and how it came. What can't be a credential of ours is refused without asking the
/// database, unless there are some that were made elsewhere.
///
/// # Errors
/// 401 where the header holds no good one.
pub async fn presented(request: &HttpRequest, app: &App) -> Result<Option<(Presented, Way)>, Failure> {
    let refused = || {
        if let Ok(context) = Context::of(request) {
            context.explain(refusals::header(request));
        }
        Failure::Unauthenticated { credential_given: true }
    };
    let headers = request.headers().get_all(actix_web::http::header::AUTHORIZATION).map(|value| value.as_bytes());
    let presented = authorization::parse(headers);
    if let authorization::Presented::Absent = presented {
        let token = session_cookie(request, app);
        return Ok(token.map(|token| (Presented::Session(token.hash()), Way::Cookie(token.hash()))));
    }
    Ok(Some(match HeaderCredential::of(presented).ok_or_else(refused)? {
        HeaderCredential::AccessToken { token, by_dpop } => {
            (Presented::AccessToken(token.hash()), if by_dpop { Way::Dpop } else { Way::Header })
        }
        HeaderCredential::ApiKey { name, secret } => (Presented::ApiKey { name, secret: secret.hash() }, Way::Header),
        HeaderCredential::ImportedKey { name, secret } => {
            if !app.imported.exist(&app.store).await? {
                return Err(refused());
            }
            (
                Presented::ImportedKey { name, secrets: imported_secrets::hashes(&app.keys, secret.expose()) },
                Way::Header,
            )
        }
    }))
}

/// The session's cookie, if one came that could be one of ours.
pub fn session_cookie(request: &HttpRequest, app: &App) -> Option<Token> {
    let cookie = CookieName::Session.read(request, &app.issuer)?;
    Token::parse_as(TokenKind::Session, &cookie)
}
