//! What is left of a refused request for administrators: from what went wrong to the check that failed, and the checks
//! around it. Nothing here runs for a request that is not refused.

mod sent;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;

use crate::app::App;
use crate::domain::authenticate;
use crate::domain::login::network;
use crate::domain::refusals;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::clean::clean;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::domain::refusals::walk;
use crate::domain::refusals::walk::Shown;
use crate::domain::refusals::walk::Walk;
use crate::domain::verify::Denial;
use crate::http::context::Context;
use crate::http::csrf;
use crate::http::dpop;
use crate::http::failure::Failure;
use crate::http::paths;
use crate::http::refusals::sent::Sent;
use crate::http::surface::Surface;
use crate::model::client::GrantType;
use crate::model::demand::Demand;
use crate::model::id::ApiKeyId;
use crate::model::id::CallId;
use crate::model::id::InitialAccessTokenId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::refusal::RefusedCall;
use crate::model::resource::ResourceUri;
use crate::model::resource::Resources;
use crate::model::token::OURS;
use crate::model::token::Token;
use crate::principal::need::Lack;

/// One transaction writes so many, so that it never holds the writer for long.
const STEP: usize = 50;

/// Notes why a request was refused, if anybody may want to know, and there is room.
pub fn note(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    path: &str,
    status: StatusCode,
    failure: Option<&Failure>,
) {
    // A page that sends to sign-in refuses nothing.
    let is_sent_on = failure.is_some() && status.is_redirection();
    if app.config.log.refusals_kept == 0 || is_sent_on {
        return;
    }
    let left = context.why.take().map(|finding| *finding);
    let found = match failure {
        Some(failure) => of_failure(failure, left, request, context, app),
        None => left,
    };
    let Some(finding) = found else { return };
    let Some(id) = CallId::parse(&context.request_id) else { return };
    if !app.refusals.admit(&context.address.map(network).unwrap_or_default()) {
        app.metrics.refusals_dropped(1);
        return;
    }
    let sent = Sent::of(request, &context.body);
    let place = context.route.as_ref();
    let guard = place.map_or("", |place| place.guard(request.method()));
    let (subject, credential) = match &*context.who.borrow() {
        Some(who) => (Some(who.subject.clone()), Some(who.credential.clone())),
        None => (None, None),
    };
    let user = finding.about.user.clone().or_else(|| subject.clone().filter(|id| UserId::parse(id).is_some()));
    let is_client = |id: &String| UserId::parse(id).is_none() && !id.starts_with(InitialAccessTokenId::PREFIX);
    let client = finding.about.client.clone().or_else(|| subject.filter(is_client));
    let credential = finding.about.credential.clone().or(credential);
    let walk = walk(context.surface, path, &sent, finding.check, shown(finding.check, credential.as_deref()));
    let is_made = |check| is_made(check, guard, request, &sent);
    let known = [
        (Check::ClientKnown, client.clone().unwrap_or_default()),
        (Check::KeyKnown, credential.clone().unwrap_or_default()),
        (Check::SessionUser, user.clone().unwrap_or_default()),
        (Check::TokenUser, user.clone().unwrap_or_default()),
        (Check::KeyUser, user.clone().unwrap_or_default()),
        (Check::UserKnown, user.clone().unwrap_or_default()),
    ];
    let secrets = sent.secrets_in(&[&finding.expected, &finding.came]);
    let secrets: Vec<&str> = secrets.iter().map(|secret| secret.as_str()).collect();
    app.refusals.add(RefusedCall {
        id,
        at: app.now(),
        surface: context.surface.face().name().to_owned(),
        method: clean(request.method().as_str(), &[]),
        route: place.map_or_else(|| "(none)".to_owned(), |place| place.pattern.clone()),
        status: status.as_u16(),
        // Of a record, like the other ids: what else came in the request takes nothing away from it.
        client: client.map(|client| clean(&client, &[])),
        user,
        credential,
        address: context.address.map(|address| address.to_string()),
        failed: finding.check.name().to_owned(),
        checks: walk::made(walk, &finding, is_made, &known, &secrets),
    });
}

/// Writes all that waits, and returns how many that were: now and then, and before somebody looks. What can't be written is
/// put back, as far as there is room.
pub async fn write_now(app: &App) -> usize {
    let _writing = app.refusals.writing().await;
    let calls = app.refusals.take();
    let mut written = 0;
    let mut chunks = calls.chunks(STEP);
    while let Some(chunk) = chunks.next() {
        let writing = chunk.to_vec();
        if let Err(error) = app.store.write(move |tx| refusals::write(tx, &writing)).await {
            tracing::warn!(%error, "why requests were refused could not be written yet");
            let rest = chunk.iter().chain(chunks.flatten()).cloned().collect();
            app.metrics.refusals_dropped(app.refusals.put_back(rest));
            break;
        }
        written += chunk.len();
    }
    written
}

/// The check that `failure` is about; `None` for what no check decides. `left` is what was left on the way: it counts
/// where the failure itself must not say it.
fn of_failure(
    failure: &Failure,
    left: Option<Finding>,
    request: &HttpRequest,
    context: &Context,
    app: &App,
) -> Option<Finding> {
    let or = |check, expected: &'static str, came: &'static str| {
        Some(left.clone().unwrap_or_else(|| Finding::new(check, expected, came)))
    };
    // What was left is about this failure only if it is about this check.
    let or_left = |check, expected: String, came: String| {
        let left = left.clone().filter(|left| left.check == check);
        Some(left.unwrap_or_else(|| Finding::new(check, expected, came)))
    };
    let saying = |check, why: &str| Some(Finding::new(check, "", why.to_owned()));
    match failure {
        Failure::Unauthenticated { credential_given: true } if is_registration(context) => {
            or(Check::RegistrationToken, "", "one that was replaced or used up meanwhile")
        }
        Failure::Unauthenticated { credential_given: true } => or(Check::CredentialForm, "", "one that is refused"),
        Failure::Unauthenticated { credential_given: false } => {
            or(Check::CredentialSent, "a session, an API key or an access token", "none")
        }
        Failure::ProofRefused { .. } => or(Check::Possession, "", "no good proof"),
        Failure::InsufficientScope { scope } => {
            or_left(Check::NeedScope, scope.clone(), "a credential without it".to_owned())
        }
        Failure::MissingRole { role } => {
            or_left(Check::NeedRole, role.clone().into_owned(), "somebody who does not hold it".to_owned())
        }
        Failure::WrongResource => or(Check::TokenAudience, "", "a token that is meant for another API"),
        Failure::AddressNotAllowed => or(Check::KeyAddress, "", "another address"),
        Failure::TicketRefused(why) => saying(Check::TicketGood, why),
        Failure::Forbidden(why) => saying(Check::Permitted, why),
        Failure::UserNeeded => or_left(Check::NeedUser, String::new(), failure.description()),
        Failure::SessionNeeded => or_left(Check::NeedSession, String::new(), failure.description()),
        Failure::Closed(why) => saying(Check::Offered, why),
        Failure::Forged(why) if *why == csrf::FOREIGN => Some(foreign(request, app)),
        Failure::Forged(why) => saying(Check::FormToken, why),
        Failure::BadRequest(why) | Failure::BadJson(why) => saying(Check::Understood, why),
        Failure::Unreadable(why) => saying(Check::Understood, why),
        Failure::NotSignedIn(words) => or(Check::PasswordRight, "", words),
        // Whoever is known looked for something; others only tried an address.
        Failure::NotFound => left
            .clone()
            .filter(|left| left.check == Check::Found)
            .or_else(|| context.who.borrow().as_ref().and_then(|_| saying(Check::Found, "an id of nothing in reach"))),
        Failure::Conflict(why) => saying(Check::Fits, why),
        Failure::TooMany { retry_after } => or_left(
            Check::NotTooOften,
            "fewer failures in one window than the section limits has".to_owned(),
            format!("more; there is room again in {} s", retry_after.seconds_up()),
        ),
        Failure::Limited { limit, retry_after } => or_left(
            Check::KeyLimits,
            format!("no more requests than the key's limit {limit} has"),
            format!("one more; there is room again in {} s", retry_after.seconds_up()),
        ),
        Failure::OAuth { refusal, .. } => Some(refusal.finding()),
        Failure::Authorization(why) | Failure::HeldBack { why, .. } => {
            // A session that has ended is no reason here: these pages are for anybody.
            let left = left.clone().filter(|left| !authenticate::SESSION_CHECKS.contains(&left.check));
            left.or_else(|| saying(Check::Understood, why))
        }
        Failure::Unavailable { cause, .. } | Failure::Internal { cause } => saying(Check::Works, cause),
        // By the protocol of HTTP, whoever asks.
        Failure::MethodNotAllowed { .. }
        | Failure::TimedOut
        | Failure::TooLarge
        | Failure::ImportTooLarge
        | Failure::UnsupportedMediaType(_) => None,
    }
}

fn is_registration(context: &Context) -> bool {
    context.route.as_ref().is_some_and(|place| place.pattern.contains(paths::OAUTH_REGISTER))
}

/// Whether something may be kept of a request that fails so.
pub fn are_kept(app: &App, failure: &Failure) -> bool {
    let by_the_protocol = matches!(
        failure,
        Failure::MethodNotAllowed { .. }
            | Failure::TimedOut
            | Failure::TooLarge
            | Failure::ImportTooLarge
            | Failure::UnsupportedMediaType(_)
    );
    app.config.log.refusals_kept > 0 && !by_the_protocol
}

fn foreign(request: &HttpRequest, app: &App) -> Finding {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let came = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => format!("Sec-Fetch-Site: {site}"),
        (None, Some(origin)) if origin == "null" => "Origin: null".to_owned(),
        (None, Some(origin)) => format!("Origin: {}", finding::address(&origin)),
        (None, None) => "neither Origin nor Sec-Fetch-Site".to_owned(),
    };
    Finding::new(Check::SameSite, format!("Sec-Fetch-Site: same-origin, or Origin: {}", app.issuer.origin()), came)
}

/// What `identity` lacks that a route needs.
pub fn lack(lack: &Lack, identity: &Identity) -> Finding {
    let scopes = || format!("a credential with {}", list(identity.rights.scopes().iter().map(ToString::to_string)));
    let (check, expected, came) = match lack {
        Lack::Scope(scope) => (Check::NeedScope, format!("the scope {scope}"), scopes()),
        Lack::Role(role) => (Check::NeedRole, format!("the role {role}"), roles(identity)),
        Lack::Session => {
            (Check::NeedSession, "a person in a session".to_owned(), identity.credential.kind().replace('_', " "))
        }
        Lack::User => (Check::NeedUser, "a credential of a user".to_owned(), "a client in its own name".to_owned()),
        Lack::Unconfined => (Check::Permitted, lack.to_string(), scopes()),
    };
    Finding::new(check, expected, came).about(about(identity))
}

/// What `identity` lacks that a service demands.
pub fn denial(denial: &Denial, identity: &Identity, demand: &Demand) -> Finding {
    let resources = |resources: &Resources| list(resources.iter().map(ResourceUri::as_str).map(str::to_owned));
    let bound = || match &identity.credential {
        Credential::AccessToken { resources: bound, .. } => resources(bound),
        Credential::Session { .. } | Credential::ApiKey { .. } => "none".to_owned(),
    };
    let finding = match denial {
        Denial::WrongResource => {
            let expected = format!("a token for the resource that is demanded: {}", resources(&demand.resources));
            Finding::new(Check::TokenAudience, expected, format!("a token for {}", bound()))
        }
        Denial::InsufficientScope { scope } if scope.is_empty() && demand.resources.is_empty() => {
            let expected =
                "full access, for the check names no scope and no resource that a lesser credential could hold";
            Finding::new(Check::NeedScope, expected, format!("a credential with {}", identity.rights.scopes()))
        }
        Denial::InsufficientScope { scope } => {
            let expected = format!("scopes: {scope}; resources: {}", resources(&demand.resources));
            let came = format!("scopes: {}; resources: {}", identity.rights.scopes(), bound());
            Finding::new(Check::NeedScope, expected, came)
        }
        Denial::MissingRole(role) => {
            Finding::new(Check::NeedRole, format!("the role {}", role.as_str()), roles(identity))
        }
    };
    finding.about(about(identity))
}

/// That the token of `identity` is for others than `issuer`.
pub fn audience(identity: &Identity, issuer: &str) -> Finding {
    let came = match &identity.credential {
        Credential::AccessToken { resources, .. } => {
            format!("a token for {}", list(resources.iter().map(ResourceUri::as_str).map(str::to_owned)))
        }
        Credential::Session { .. } | Credential::ApiKey { .. } => String::new(),
    };
    let expected = format!("a token for this server, {issuer}, or for no resource");
    Finding::new(Check::TokenAudience, expected, came).about(about(identity))
}

/// Whom `identity` is.
pub fn about(identity: &Identity) -> About {
    let client = match &identity.credential {
        Credential::AccessToken { client, .. } => Some(client.client_id.clone()),
        Credential::Session { .. } | Credential::ApiKey { .. } => None,
    };
    let user = identity.user_id().map(|user| user.to_string());
    About { user, credential: Some(identity.credential.log_id()), client }
}

fn roles(identity: &Identity) -> String {
    format!("somebody with the roles {}", list(identity.roles.names().into_iter()))
}

fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}

/// What is wrong with the header `Authorization`, without a byte of what may be a secret in it.
pub fn header(request: &HttpRequest) -> Finding {
    let headers: Vec<_> = request.headers().get_all(header::AUTHORIZATION).collect();
    let came = match headers.as_slice() {
        [one] => one.to_str().map_or("bytes that are no text".to_owned(), of_header),
        [] => "none".to_owned(),
        [_, _, ..] => "more than one header".to_owned(),
    };
    Finding::new(Check::CredentialForm, "", came)
}

fn of_header(header: &str) -> String {
    let Some((scheme, rest)) = header.split_once(' ') else { return "one word, without a scheme before it".to_owned() };
    let known = ["Bearer", "Basic", "DPoP", "token"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known));
    let Some(scheme) = known else { return "a scheme that is none of Bearer, Basic, DPoP and token".to_owned() };
    let word = rest.trim_start_matches(' ');
    let what = match scheme {
        "Basic" => "what is no base64 of a pair KEY:SECRET, or a pair that this server did not make",
        "token" if !word.contains(':') => "no pair KEY:SECRET",
        "token" => "a pair that this server did not make, or not the whole of it",
        _ if word.is_empty() => "nothing",
        _ if word.contains(':') => "a pair; the secret stands alone behind it",
        _ => match Token::parse(word) {
            // Of another kind than those that open something here.
            Some(token) => return format!("{scheme} with a secret of the kind {}", token.kind().prefix()),
            None if word.starts_with(OURS) => "a secret whose checksum is wrong: something was cut off or mistyped",
            None => "a text that is no secret of this server",
        },
    };
    format!("{scheme} with {what}")
}

/// By what a request says who it is, as the check that failed and the credential's id tell.
fn shown(failed: Check, credential: Option<&str>) -> Shown {
    let credential = credential.unwrap_or_default();
    let kinds = [
        (Shown::Session, SessionId::PREFIX),
        (Shown::ApiKey, ApiKeyId::PREFIX),
        (Shown::AccessToken, "family_"),
        (Shown::AccessToken, "client_"),
    ];
    let by_check = [Shown::Session, Shown::ApiKey, Shown::AccessToken].into_iter();
    let by_check = by_check.filter(|shown| Walk::Principal(*shown).checks().contains(&failed)).collect::<Vec<_>>();
    if let [only] = by_check.as_slice() {
        return *only;
    }
    kinds.into_iter().find(|(_, prefix)| credential.starts_with(prefix)).map_or(Shown::Unknown, |(shown, _)| shown)
}

/// What the request went through: by its place, unless the check that failed is one of those before or beside it.
fn walk(surface: Surface, path: &str, sent: &Sent, failed: Check, shown: Shown) -> Walk {
    let method = paths::frappe_method(path);
    let is_by_policy = path.strip_prefix(paths::AUTH_VERIFY).is_some_and(|rest| rest.starts_with("/policy/"));
    let usual = match method.as_deref().unwrap_or(path) {
        paths::OAUTH_TOKEN | paths::FRAPPE_GET_TOKEN => Walk::Token(sent.get("grant_type").and_then(GrantType::parse)),
        paths::OAUTH_PAR => Walk::Authorize { by_client: true },
        paths::OAUTH_DEVICE_AUTHORIZATION => Walk::DeviceBegin,
        paths::OAUTH_INTROSPECT | paths::OAUTH_REVOKE | paths::FRAPPE_INTROSPECT_TOKEN | paths::FRAPPE_REVOKE_TOKEN => {
            Walk::ClientCall
        }
        paths::OAUTH_AUTHORIZE | paths::OAUTH_CONSENT | paths::FRAPPE_AUTHORIZE | paths::FRAPPE_APPROVE => {
            Walk::Authorize { by_client: false }
        }
        paths::LOGIN | paths::FRAPPE_LOGIN | paths::ACCOUNT_PASSWORD => Walk::SignIn,
        paths::LOGIN_SECOND_FACTOR | paths::LOGIN_FIRST_FACTOR => Walk::SecondStep { by_passkey: false },
        paths::LOGIN_SECOND_FACTOR_PASSKEY | paths::LOGIN_FIRST_FACTOR_PASSKEY => Walk::SecondStep { by_passkey: true },
        paths::LOGIN_PASSKEY => Walk::Passkey,
        path if path.starts_with(paths::OAUTH_REGISTER) => Walk::Registration,
        _ if surface == Surface::Verify && is_by_policy => Walk::Policy(shown),
        _ if surface == Surface::Verify => Walk::Verify(shown),
        _ if shown == Shown::Unknown && surface == Surface::Page => Walk::Visitor,
        _ => Walk::Principal(shown),
    };
    let others = [usual, Walk::Principal(shown), Walk::Visitor, Walk::SignIn];
    others.into_iter().find(|walk| walk.checks().contains(&failed)).unwrap_or(usual)
}

/// Whether the place makes `check` at all for such a request.
fn is_made(check: Check, guard: &str, request: &HttpRequest, sent: &Sent) -> bool {
    let signs = sent.get("client_assertion").is_some() || sent.get("assertion").is_some();
    match check {
        Check::NeedSession => guard.contains("session"),
        Check::NeedUser => guard.contains("user"),
        Check::NeedRole => guard.contains("admin") || guard.contains("role "),
        Check::NeedScope => guard.contains("scope ") || guard == "introspector" || guard == "public",
        Check::SameSite | Check::FormToken => !csrf::is_safe(request.method()),
        Check::ClientAssertion => signs,
        Check::ClientSecret | Check::ClientPlace => !signs,
        Check::ProofGood => request.headers().contains_key(dpop::PROOF),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_told_without_its_secret() {
        for (header, told) in [
            ("Bearer", "one word, without a scheme before it"),
            ("Digest hunter2hunter2", "a scheme that is none of Bearer, Basic, DPoP and token"),
            ("bearer hunter2hunter2", "Bearer with a text that is no secret of this server"),
            ("Bearer hp_at_x", "Bearer with a secret whose checksum is wrong: something was cut off or mistyped"),
            ("Bearer a:b", "Bearer with a pair; the secret stands alone behind it"),
            ("token abc", "token with no pair KEY:SECRET"),
        ] {
            assert_eq!(of_header(header), told, "{header}");
        }
    }
}
