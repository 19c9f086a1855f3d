//! From a checked request of a signed-in user to an answer: at once, or after the user was asked.

use crate::domain::act::Act;
use crate::domain::authorization_details;
use crate::domain::authorization_details::Described as DescribedDetail;
use crate::domain::grants;
use crate::domain::grants::Duration;
use crate::domain::oauth::answer::Answer;
use crate::domain::oauth::authorize;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::authorize::Policy;
use crate::domain::oauth::authorize::Request;
use crate::domain::oauth::authorize::SignedIn;
use crate::domain::oauth::error::AuthorizeError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::hint;
use crate::domain::oauth::hint::Hint;
use crate::domain::oauth::interaction;
use crate::domain::oauth::issue;
use crate::domain::oauth::metadata_document;
use crate::domain::oauth::register::Admission;
use crate::domain::oauth::register::RegistrationRules;
use crate::domain::oauth::signing_keys::Ring;
use crate::domain::refusals::check::Check;
use crate::domain::resources;
use crate::domain::roles;
use crate::model::client::ResponseType;
use crate::model::details::AuthorizationDetails;
use crate::model::grant::StoredRequest;
use crate::model::id::RequestId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::session::Session;
use crate::model::time::Lifetime;
use crate::model::user::Roles;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a person may think about a request.
const PATIENCE: Lifetime = Lifetime::from_seconds(600);

/// The user who decides, and the session they do it in.
#[derive(Debug, Clone)]
pub struct Decider {
    /// Who.
    pub user: UserId,
    /// In which session; a request of one session is not decided in another.
    pub session: SessionId,
    /// The roles that the user holds now.
    pub roles: Roles,
}

/// What became of a request.
#[derive(Debug)]
pub enum Begun {
    /// The session ended since the request came in: nothing is given in it any more.
    SessionEnded,
    /// The client is not known here yet, and too many like it came from the user's address.
    Limited(Lifetime),
    /// The client is not known here yet, and there are too many like it that were never used.
    Full,
    /// It is answered at once.
    Answered(Answer),
    /// The user is to sign in, though they are in a session.
    SignIn {
        /// Who is expected, as far as that is known.
        hint: Option<String>,
        /// Whether a password alone is not enough.
        second_factor: bool,
    },
    /// The user is to be asked.
    Ask {
        /// What for.
        request: Box<Request>,
        /// What the client has already.
        earlier: Scope,
        /// By which the form names the request.
        id: RequestId,
    },
}

/// What became of the form.
#[derive(Debug)]
pub enum Decided {
    /// The session ended since the request came in: nothing is given in it any more.
    SessionEnded,
    /// The browser is to carry this answer.
    Answered(Answer),
    /// The request is none of this session's.
    NotFound,
    /// It was decided already, or has lapsed.
    TooLate,
}

/// The decision.
#[derive(Debug, Clone)]
pub enum Decision {
    /// These scopes, for so long.
    Allow {
        /// What was left ticked.
        scopes: Scope,
        /// For how long.
        duration: Duration,
    },
    /// Nothing.
    Deny,
}

/// Checks a request, and answers it if it was allowed before or the client is trusted; else it is stored, to be
/// decided once.
///
/// # Errors
/// See [`AuthorizeError`].
pub fn begin(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    decider: &Decider,
    policy: &Policy,
    ring: &Ring,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Begun, AuthorizeError> {
    // Nobody has pressed a button yet.
    consider(tx, parameters, decider, policy, ring, rules, act).map_err(AuthorizeError::undecided)
}

fn consider(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    decider: &Decider,
    policy: &Policy,
    ring: &Ring,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Begun, AuthorizeError> {
    let Some(session) = held(tx, decider, act)? else { return Ok(Begun::SessionEnded) };
    if let Some(document) = &parameters.document {
        // A request that is refused makes no client known here.
        authorize::check(tx, parameters, policy, act.now)?;
        match metadata_document::keep(tx, document, rules, act)? {
            Admission::Admitted => {}
            Admission::Limited(wait) => return Ok(Begun::Limited(wait)),
            Admission::Full => return Ok(Begun::Full),
        }
    }
    let (request, parameters) = authorize::check(tx, parameters, policy, act.now)?;
    if let Some(begun) = send_to_sign_in(tx, &request, &session, policy, ring, act)? {
        return Ok(begun);
    }
    let request = issue::narrow(tx, request, &decider.roles)?;
    let Request { client, consent, resources, redirect, details, .. } = &request;
    // Details are about this one time: nobody has allowed them before, nor for all time.
    let is_asked_always = details.is_some() || request.interaction.asks;
    // Where no code is redeemed nobody proves to be the client, as where it is public.
    let proves_itself = request.response_type == ResponseType::Code;
    if !is_asked_always
        && proves_itself
        && let Some(grant) = grants::find_covering(tx, decider.user, client, consent, resources, redirect, act.now)?
    {
        let scope = &request.scope;
        return issue::issue(tx, &request, &grant, scope, decider.session, policy, act).map(Begun::Answered);
    }
    if request.client.trusted && !is_asked_always {
        let (by, all) = ((decider.user, decider.session), &request.consent);
        let answer = issue::allow(tx, &request, by, all, Duration::UntilRevoked, policy, act)?;
        return Ok(Begun::Answered(answer));
    }
    if request.interaction.is_silent {
        return Err(request.refuse(interaction::consent_required()));
    }
    let id = Random.id(act.now, RequestId::new);
    // What the page shows is what can be allowed, even if the client is given more before the decision comes.
    let shown = Parameters { scope: Some(request.scope.to_string()), shown: true, ..parameters };
    let unwritable = |_| StoreError::Corrupt("a request cannot be written");
    let stored = StoredRequest {
        id,
        session: decider.session,
        parameters: serde_json::to_string(&shown).map_err(unwritable)?,
        expires_at: act.now + PATIENCE,
        decided_at: None,
    };
    tx.authorization_requests().insert(&stored, act.now)?;
    let earlier = grants::scopes_given(tx, decider.user, &request.client, &request.resources, act.now)?;
    Ok(Begun::Ask { request: Box::new(request), earlier, id })
}

/// Carries out the user's decision on a stored request: once, and after all checks once more, for the client may have
/// been changed while the page was open.
///
/// # Errors
/// See [`AuthorizeError`].
pub fn decide(
    tx: &mut Tx<'_>,
    id: RequestId,
    decision: &Decision,
    decider: &Decider,
    policy: &Policy,
    act: &Act,
) -> Result<Decided, AuthorizeError> {
    if !still_holds(tx, decider, act)? {
        return Ok(Decided::SessionEnded);
    }
    let stored = tx.authorization_requests().find(id)?.filter(|stored| stored.session == decider.session);
    let Some(stored) = stored else { return Ok(Decided::NotFound) };
    if stored.expires_at.is_past(act.now) || !tx.authorization_requests().decide(id, act.now)? {
        return Ok(Decided::TooLate);
    }
    let unreadable = |_| StoreError::Corrupt("a stored request cannot be read");
    let parameters: Parameters = serde_json::from_str(&stored.parameters).map_err(unreadable)?;
    let request = authorize::check_parameters(tx, &parameters, policy, act.now)?;
    let request = issue::narrow(tx, request, &decider.roles)?;
    let answer = match decision {
        Decision::Allow { scopes, duration } => {
            let by = (decider.user, decider.session);
            issue::allow(tx, &request, by, scopes, *duration, policy, act)?
        }
        Decision::Deny => issue::deny(tx, &request, decider.user, policy, act)?,
    };
    Ok(Decided::Answered(answer))
}

/// What became of a request that is allowed by the same message that brings it.
#[derive(Debug)]
pub enum Approved {
    /// It was decided, or could not be.
    Decided(Decided),
    /// As [`Begun::Limited`].
    Limited(Lifetime),
    /// As [`Begun::Full`].
    Full,
}

/// Checks a request, and allows all that it asks for until that is taken back: [`begin`] and [`decide`] in one.
///
/// # Errors
/// See [`AuthorizeError`].
pub fn approve(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    decider: &Decider,
    policy: &Policy,
    ring: &Ring,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Approved, AuthorizeError> {
    Ok(match begin(tx, parameters, decider, policy, ring, rules, act)? {
        Begun::SessionEnded | Begun::SignIn { .. } => Approved::Decided(Decided::SessionEnded),
        Begun::Limited(wait) => Approved::Limited(wait),
        Begun::Full => Approved::Full,
        Begun::Answered(answer) => Approved::Decided(Decided::Answered(answer)),
        Begun::Ask { request, id, .. } => {
            let all = Decision::Allow { scopes: request.consent, duration: Duration::UntilRevoked };
            Approved::Decided(decide(tx, id, &all, decider, policy, act)?)
        }
    })
}

/// Names with what people are told of them.
pub type Described<T> = Vec<(String, T)>;

/// What the page says of what is asked for.
#[derive(Debug)]
pub struct Description {
    /// The scopes' sentences.
    pub scopes: Described<String>,
    /// The resources' names, if they have any.
    pub resources: Described<Option<String>>,
    /// The details, in words.
    pub details: Vec<DescribedDetail>,
}

/// What the page says of scopes, resources and details.
///
/// # Errors
/// What the database says.
pub fn describe(
    tx: &mut Tx<'_>,
    scopes: &Scope,
    resources: &Resources,
    details: Option<&AuthorizationDetails>,
) -> Result<Description, StoreError> {
    Ok(Description {
        scopes: roles::sentences(tx, scopes)?,
        resources: resources::named(tx, resources)?,
        details: authorization_details::describe(tx, details)?,
    })
}

/// What becomes of a request for which the user of `session` has to sign in anew; `None` where they need not. Whoever comes
/// from signing in for it proves that, once (OpenID Connect Core §3.1.2.1, §3.1.2.3).
fn send_to_sign_in(
    tx: &mut Tx<'_>,
    request: &Request,
    session: &Session,
    policy: &Policy,
    ring: &Ring,
    act: &Act,
) -> Result<Option<Begun>, AuthorizeError> {
    let interaction = &request.interaction;
    let has_signed_in = match &request.signed_in {
        Some(SignedIn(hash)) => !tx.replays().has(hash)?,
        None => false,
    };
    let is_another = match &interaction.id_token_hint {
        Some(text) => !read_hint(tx, request, text, policy, ring)?.is_about(session.user, ring),
        None => false,
    };
    if is_another && has_signed_in {
        // Whoever the client expects did not sign in.
        let why = "the user who signed in is not the one whom id_token_hint names";
        return Err(request.refuse(Refusal::new(ErrorCode::LoginRequired, why)));
    }
    let is_enough = has_signed_in || !(is_another || interaction.needs_sign_in(session, act.now));
    if is_enough && !interaction.needs_more_than(session) {
        return Ok(None);
    }
    if interaction.is_silent {
        return Err(request.refuse(interaction::login_required()));
    }
    // Who is in a session is who is expected, unless somebody else is or the person is to choose.
    let named = if is_another || interaction.chooses_account { None } else { tx.users().find(session.user)? };
    let hint = interaction.login_hint.clone().or(named.map(|user| user.username.as_str().to_owned()));
    Ok(Some(Begun::SignIn { hint, second_factor: interaction.needs_second_factor }))
}

/// OpenID Connect Core §3.1.2.1: an id_token that this server signed for this client, whether it has expired or not.
fn read_hint(
    tx: &mut Tx<'_>,
    request: &Request,
    text: &str,
    policy: &Policy,
    ring: &Ring,
) -> Result<Hint, AuthorizeError> {
    let hint = hint::read(tx, text, ring, &policy.issuer)?.filter(|hint| hint.client.id == request.client.id);
    let why = "id_token_hint is no id_token that this server gave the client";
    hint.ok_or_else(|| request.refuse(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::Interaction)))
}

/// Whether the session still holds in this transaction. A change of the password, which ends sessions and then all
/// tokens, comes before or after it, for both hold the user's row.
///
/// # Errors
/// What the database says.
pub fn still_holds(tx: &mut Tx<'_>, decider: &Decider, act: &Act) -> Result<bool, StoreError> {
    Ok(held(tx, decider, act)?.is_some())
}

/// The session, if it [still holds](still_holds).
fn held(tx: &mut Tx<'_>, decider: &Decider, act: &Act) -> Result<Option<Session>, StoreError> {
    tx.users().lock(decider.user)?;
    Ok(tx.sessions().find(decider.session)?.filter(|session| session.is_live(act.now)))
}
