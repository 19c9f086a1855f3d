//! How it is known that somebody who comes back from sign-in has signed in for the request that they come back to: the
//! way back holds a proof that only this server can make, after a right password and for the session that it gave.
//!
//! So a request that wants a new sign-in (`prompt=login`, `max_age`) does not ask for one without end, and nobody can
//! leave it out who sends somebody else the address.

use sha2::Digest;
use sha2::Sha256;

use crate::app::App;
use crate::domain::csrf;
use crate::domain::csrf::Purpose;
use crate::domain::oauth::authorize::SignedIn;
use crate::http::paths;
use crate::model::session::Session;
use crate::model::time::Lifetime;

/// The name of the proof in the query; it stands last.
const PROOF: &str = "&hallpass_signed_in=";
/// How long after the sign-in it is taken: whoever thinks longer about a request signs in once more.
const GOOD_FOR: Lifetime = Lifetime::from_seconds(600);

/// The way back `path`, one of our own, with the proof that somebody just signed in for it and is in `session` now. Only
/// authorization requests take one.
pub fn prove(app: &App, path: String, session: &Session) -> String {
    match paths::authorization_query(&path) {
        Some(query) => {
            let proof = csrf::token(app.begun(), Purpose::SignIn, &bound_to(query, session));
            format!("{path}{PROOF}{proof}")
        }
        None => path,
    }
}

/// The query of an authorization request without the proof, whether that is any good or not.
pub fn without_proof(query: &str) -> &str {
    query.rsplit_once(PROOF).map_or(query, |(query, _)| query)
}

/// The proof in `query`, if it is one for `session`.
pub fn proved(app: &App, query: &str, session: &Session) -> Option<SignedIn> {
    let (query, proof) = query.rsplit_once(PROOF)?;
    if (session.authenticated_at + GOOD_FOR).is_past(app.now()) {
        return None;
    }
    let bound_to = bound_to(query, session);
    let good = app.keys.all().any(|key| csrf::verify(key, Purpose::SignIn, &bound_to, proof));
    good.then(|| SignedIn(Sha256::digest(proof).into()))
}

/// The session, when it was last signed in to, and the request.
fn bound_to(query: &str, session: &Session) -> Vec<u8> {
    let at = session.authenticated_at.millis().to_be_bytes();
    [session.id.as_bytes(), &at[..], query.as_bytes()].concat()
}
