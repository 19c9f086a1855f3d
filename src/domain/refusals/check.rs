//! The checks that a request can fail, each with a name that stays, a sentence that is true where it holds, and what to do
//! where it does not.

macro_rules! checks {
    ($($variant:ident = $name:literal: $holds:literal, $advice:literal;)*) => {
        /// A check that decides whether a request is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each has its sentence, in `holds`")]
        pub enum Check { $($variant,)* }

        impl Check {
            /// All of them.
            pub const ALL: &'static [Check] = &[$(Check::$variant,)*];

            /// Its name in the database and on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Check::$variant => $name,)* }
            }

            /// What is true where it holds.
            pub const fn holds(self) -> &'static str {
                match self { $(Check::$variant => $holds,)* }
            }

            /// What to do where it does not.
            pub const fn advice(self) -> &'static str {
                match self { $(Check::$variant => $advice,)* }
            }
        }
    };
}

checks! {
    // Any request.
    Offered = "offered": "What is asked for is offered here",
        "An administrator does it in their place, or switches it on in the configuration.";
    Understood = "understood": "The request can be read",
        "Send what the message names; the metadata and the API description have each parameter and member.";
    NotTooOften = "not_too_often": "Not too many attempts failed before",
        "Wait as long as Retry-After says; the section limits of the configuration has the numbers.";
    Found = "found": "What it is about is there, and within reach of who asks",
        "Look whether the id is right, and whether the record is one's own or the caller an administrator.";
    Fits = "fits": "It contradicts nothing that is there",
        "Read the record once more, and change what stands in the way.";
    Permitted = "permitted": "Who asks may do just this",
        "Ask with a credential that may, or have an administrator do it.";
    Works = "works": "The server and its database work",
        "Look for this id in the server's log, and at the database; try again in a moment.";

    // Forms of pages.
    SameSite = "same_site": "The form was sent from one of the server's own pages",
        "Open the page at the issuer's address itself; a proxy must pass Origin and Sec-Fetch-Site on.";
    FormToken = "form_token": "The form carries the token of its session",
        "Reload the page and send the form again; a script sends the token in X-CSRF-Token, or uses an API key.";
    TicketGood = "ticket_good": "The way back from sign-in is good",
        "Open the page once more; a ticket is good once, for a short time, on the host that it was made for.";

    // Who somebody is.
    CredentialSent = "credential_sent": "A credential was sent",
        "Send an API key or access token in the header Authorization, or sign in.";
    CredentialForm = "credential_form": "There is one Authorization header, of a known form, and its secret is whole",
        "Send `token KEY:SECRET`, `Basic`, `Bearer` or `DPoP`, with the secret as it was shown, to its last character.";
    SessionKnown = "session_known": "The session is known",
        "Sign in again.";
    SessionLive = "session_live": "The session has not ended",
        "Sign in again; sessions.idle_seconds and sessions.lifetime_seconds say how long one lasts.";
    SessionUser = "session_user": "The session's user is enabled",
        "An administrator enables the user.";
    TokenKnown = "token_known": "The access token is known",
        "Get a new one from the token endpoint; look whether it came from another server.";
    TokenUnrevoked = "token_unrevoked": "The access token was not revoked",
        "Get a new one; the audit log says who revoked it.";
    TokenUnexpired = "token_unexpired": "The access token has not expired",
        "Refresh it; tokens.access_token_lifetime_seconds says how long one lives.";
    TokenClient = "token_client": "The token's application is enabled",
        "An administrator enables the application.";
    TokenOrigin = "token_origin": "What the token came of still holds",
        "Sign in at the application again; the audit log says who ended its access.";
    TokenUser = "token_user": "The token's user is enabled",
        "An administrator enables the user.";
    TokenAudience = "token_audience": "The access token is meant for this API",
        "Ask for a token with the right resource (RFC 8707), or register the API as one.";
    Possession = "possession": "The sender shows the key that the token is bound to, or the token is bound to none",
        "Send the scheme DPoP and a fresh proof for exactly this method and address, signed with that key (RFC 9449).";
    KeyKnown = "key_known": "The API key is known, and the secret is its own",
        "Look whether key and secret belong together and are this server's; rotate the key if its secret is lost.";
    KeyUnrevoked = "key_unrevoked": "The API key was not revoked",
        "Make a new key; the audit log says who revoked it.";
    KeyNoDecoy = "key_no_decoy": "The API key is no decoy",
        "Somebody uses a secret that was left out for thieves: find out where they read it.";
    KeyEnabled = "key_enabled": "The API key is enabled",
        "Its user or an administrator enables the key.";
    KeyUnexpired = "key_unexpired": "The API key has not expired",
        "Set a later end, or make a new key.";
    KeySecretUnexpired = "key_secret_unexpired": "This secret of the API key has not expired",
        "Use the secret that took its place when the key was rotated.";
    KeyAddress = "key_address": "The API key may be used from this address",
        "Add the address to the key's, or have http.trusted_proxies name the proxy before this server.";
    KeyUser = "key_user": "The API key's user is enabled",
        "An administrator enables the user.";
    KeyLimits = "key_limits": "The API key was not used too often",
        "Wait as long as Retry-After says, or raise the key's limits.";
    NeedSession = "need_session": "It is a person in a session, where one is needed",
        "Sign in with a browser; keys and tokens do not open pages.";
    NeedUser = "need_user": "It acts as a user, where one is needed",
        "Use a credential of a user; a client in its own name has no records of its own.";
    NeedRole = "need_role": "The subject holds the role that is needed",
        "An administrator gives the role to the user or client; look whether the key leaves it out.";
    NeedScope = "need_scope": "The credential has the scope that is needed",
        "Ask for the scope, or give it to the key; a scope that is bound to a role needs that role too.";

    // Sign-in.
    UserKnown = "user_known": "There is a user of this name or address",
        "Look how the name is written; the name that was typed is not kept, for it may be a password.";
    UserEnabled = "user_enabled": "The user is enabled",
        "An administrator enables the user.";
    UserHasPassword = "user_has_password": "The user has a password",
        "Set one; a service account has none and cannot sign in.";
    PasswordRight = "password_right": "The password is right",
        "Set a new one if it is forgotten.";
    SecondFactor = "second_factor": "The second factor is good now",
        "Enter the code that the app shows now, and look whether the phone's clock is right; or use a recovery code.";
    Passkey = "passkey": "The passkey is known, and signed what this page asked",
        "Pick the passkey of this account on this server; whoever has lost it signs in another way, or has their factors reset.";
    StepLive = "step_live": "The password was given a moment ago, in this browser",
        "Begin the sign-in again.";

    // Who a client is.
    ClientNamed = "client_named": "The client says who it is",
        "Send HTTP Basic, client_id with client_secret, or client_assertion.";
    ClientOneWay = "client_one_way": "The client authenticates in one way alone",
        "Leave one of the two out (RFC 6749 2.3).";
    ClientKnown = "client_known": "The client is registered here and enabled",
        "Look whether client_id is right and of this server, and whether the application is enabled.";
    ClientMethod = "client_method": "The client authenticates as it is registered",
        "Use the method that the application is registered for, or change token_endpoint_auth_method.";
    ClientSecret = "client_secret": "The client's secret is right",
        "Look whether the secret is this client's and was not replaced; rotate it if it is lost.";
    ClientPlace = "client_place": "The client's secret stands where its method has it",
        "Send it by HTTP Basic, or register the application for client_secret_post.";
    ClientAssertion = "client_assertion": "The client's assertion is good",
        "Sign it with a registered key, for this issuer, for a short time, each with a jti of its own (RFC 7523).";
    ProofGood = "proof_good": "The DPoP proof is good, or there is none",
        "Make a new proof for each request, for exactly this method and public address, with the newest nonce.";
    ParametersThere = "parameters_there": "All parameters that are needed are there",
        "Send the parameter that the message names.";
    ClientProof = "client_proof": "A client that binds all its tokens proves a key",
        "Send a DPoP proof with each token request (RFC 9449).";

    // Tokens.
    GrantTypeKnown = "grant_type_known": "grant_type is one that is known here",
        "Send one of grant_types_supported.";
    GrantTypeAllowed = "grant_type_allowed": "The client is registered for this grant type",
        "Add the grant type to the application, or use another one.";
    ResourceKnown = "resource_known": "Each resource that is asked for is registered",
        "Register the resource, or leave it out.";
    CodeKnown = "code_known": "The code is known, and was given to this client",
        "Send the code as it came to the redirect URI, with the client_id that asked for it.";
    CodeRedirectUri = "code_redirect_uri": "redirect_uri is that of the authorization request",
        "Send the same text in both requests.";
    CodeVerifier = "code_verifier": "code_verifier belongs to the code_challenge",
        "Keep the verifier for each sign-in by itself, and send its S256 challenge first.";
    CodeUnused = "code_unused": "The code was not used before",
        "Redeem each code once; look whether the application sends the request twice.";
    CodeUnexpired = "code_unexpired": "The code has not expired",
        "Redeem it at once; tokens.code_lifetime_seconds says how long one is good.";
    KeyBound = "key_bound": "The proof is of the key that this is bound to",
        "Sign the proof with the key that the sign-in began with.";
    RefreshKnown = "refresh_known": "The refresh token is known, and was given to this client",
        "Use the newest refresh token, with the client that it was given to; else sign in again.";
    RefreshUnused = "refresh_unused": "The refresh token was not used before",
        "Keep the new refresh token of each answer; two processes must not refresh with one. All tokens of the sign-in have ended.";
    RefreshUnexpired = "refresh_unexpired": "The refresh token has not expired",
        "Sign in again; tokens.refresh_token_idle_seconds says how long one is good unused.";
    DeviceCodeKnown = "device_code_known": "The device code is known, and was given to this client",
        "Let the device begin again.";
    DeviceCodeUnused = "device_code_unused": "The device code was not used before",
        "Redeem it once; let the device begin again.";
    DeviceCodeUnexpired = "device_code_unexpired": "The device code has not expired",
        "Let the device begin again, and the person be quicker.";
    DeviceDecided = "device_decided": "Somebody has decided",
        "Nothing is wrong: the device asks again after the interval.";
    DevicePace = "device_pace": "The device asks no faster than it may",
        "Wait five seconds longer between two requests (RFC 8628 3.5).";
    SubjectToken = "subject_token": "subject_token is good, and this client may exchange it",
        "Send a live token or key that was given to this client or is meant for it, with its right type (RFC 8693).";
    ActorToken = "actor_token": "actor_token is good, and this client's",
        "Send a live token of this client, with its right type.";
    AssertionSubject = "assertion_subject": "The assertion is about somebody whom this client may act as",
        "Give the application the service account, or name another subject.";
    SignInLive = "sign_in_live": "The tokens of this sign-in were not ended",
        "Sign in again; the audit log says what ended them.";
    GrantLive = "grant_live": "The user has not taken the grant back, and its time is not over",
        "Sign in again, and allow the application once more.";
    ScopeKnown = "scope_known": "The scopes are written as such",
        "Write them with one space between two.";
    ScopeAllowed = "scope_allowed": "The client may have all scopes that it asks for",
        "Add the scopes to the application, or ask for fewer.";
    ResourceGranted = "resource_granted": "The resources are among those that were authorized",
        "Ask for the resource when the sign-in begins.";
    DetailsGood = "details_good": "authorization_details are good, and the client may have them",
        "Look at the type's schema, and whether the application may use it (RFC 9396).";
    ScopeLeft = "scope_left": "Some scope is left that client, grant, roles and resource have in common",
        "Look which of the scopes the application still has, the user granted, and the user's roles allow.";
    Consistent = "consistent": "What the request rests on is still there, and both machines agree on it",
        "Begin again; tell whoever works on this server if it stays so.";
    GrantGood = "grant_good": "What is presented for tokens is good",
        "Begin again, with what came last.";
    TokenKindKnown = "token_kind_known": "The token is of a kind that can be put out of use",
        "Send an access token or a refresh token.";

    // Authorization requests.
    RedirectUri = "redirect_uri": "redirect_uri is registered for the client",
        "Register exactly the address that the application sends, or have it send the registered one.";
    RequestReference = "request_reference": "request_uri names a pushed request that is good",
        "Push the request again, and use its reference once, soon, with the same client (RFC 9126).";
    RequestObject = "request_object": "The request is signed as the client must, or not at all",
        "Look at the request object's keys, algorithm, audience and times (RFC 9101).";
    RequestPushed = "request_pushed": "The request was pushed, where the client must",
        "Push it to /oauth/par first (RFC 9126).";
    ResponseType = "response_type": "response_type is one that the client may ask for",
        "Send response_type=code, or register the application for the other one.";
    ResponseMode = "response_mode": "response_mode is one that can carry the answer",
        "Leave response_mode out, or send one of response_modes_supported.";
    Pkce = "pkce": "There is a code_challenge by S256, where one is needed",
        "Send code_challenge and code_challenge_method=S256 (RFC 7636).";
    ProofKey = "proof_key": "dpop_jkt is a key's thumbprint, and fits the answer",
        "Send the SHA-256 thumbprint of the key, and ask for a code (RFC 9449 10).";
    Interaction = "interaction": "prompt, max_age, claims and hints make sense together",
        "Look at the parameters of OpenID Connect Core 3.1.2.1.";
    Nonce = "nonce": "openid and a nonce are there, where they are needed",
        "Ask for the scope openid, and send a nonce.";
    SignedIn = "signed_in": "Somebody is signed in, as the request wants it",
        "Nothing is wrong: the application sends the person to sign in without prompt=none.";
    Consented = "consented": "The person allowed it already, where nobody may be asked",
        "Nothing is wrong: the application asks without prompt=none.";
    NoOtherPage = "no_other_page": "The person need not see another page first",
        "The application sends the person without prompt=none.";
    StrongEnough = "strong_enough": "Somebody can sign in as strongly as the request wants",
        "Ask for a weaker acr, or have the person add a second factor.";
    Decision = "decision": "The person allowed it",
        "Nothing is wrong: the person said no.";

    // Registration.
    RegistrationToken = "registration_token": "The registration or initial access token is good",
        "Use the token that came with the registration; `hallpass registration-token create` makes an initial one.";
    Metadata = "metadata": "What the client says of itself is allowed",
        "Change the members that the message names (RFC 7591).";
    UserCode = "user_code": "The code that the device shows is known and waits",
        "Read the code once more, or let the device begin again.";
}

impl Check {
    /// What is true where the check of this name holds; the name itself where it is one of a newer version.
    pub fn sentence_of(name: &str) -> &str {
        match Self::parse(name) {
            Some(check) => check.holds(),
            None => name,
        }
    }

    /// Reads the name; `None` for any other text, such as that of a newer version.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_check_has_a_name_of_its_own_and_says_what_to_do() {
        let names: BTreeSet<&str> = Check::ALL.iter().map(|check| check.name()).collect();
        assert_eq!(names.len(), Check::ALL.len());
        for check in Check::ALL {
            assert_eq!(Check::parse(check.name()), Some(*check));
            assert!(check.advice().ends_with('.') && !check.holds().ends_with('.'), "{check:?}");
        }
        assert_eq!(Check::parse("something newer"), None);
    }
}
