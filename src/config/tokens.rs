//! Section `tokens`: how long what OAuth hands out lives.

use super::kinds::DAY;
use super::kinds::Flag;
use super::kinds::Seconds;
use super::setting::section;
use crate::model::time::Lifetime;

section! {
    /// How long what OAuth hands out lives.
    pub struct Tokens in "tokens." {
        /// How long an authorization code can be redeemed (RFC 6749 §4.1.2).
        code_lifetime: Lifetime = "code_lifetime_seconds", Seconds { from: 1, to: 600 }, "60";
        /// How long the browser may take to come with a request that its application pushed (RFC 9126 §2.2); sign-in is
        /// part of it.
        pushed_request_lifetime: Lifetime = "pushed_request_lifetime_seconds", Seconds { from: 5, to: 600 }, "300";
        /// How long a device waits for somebody to type its code (RFC 8628 §3.2).
        device_code_lifetime: Lifetime = "device_code_lifetime_seconds", Seconds { from: 1, to: 1800 }, "600";
        /// How long an access token is good.
        access_token_lifetime: Lifetime = "access_token_lifetime_seconds", Seconds { from: 1, to: DAY }, "3600";
        /// How long a refresh token is good when it is not used; each use begins this anew.
        refresh_token_idle: Lifetime = "refresh_token_idle_seconds", Seconds { from: 1, to: 365 * DAY }, "2592000";
        /// How long an application can go on refreshing after a person let it in, however often it does.
        refresh_token_lifetime: Lifetime = "refresh_token_lifetime_seconds", Seconds { from: 1, to: 730 * DAY }, "7776000";
        /// How long what the server signs is good, such as an id_token (OpenID Connect Core §2): until then a client may sign
        /// its user in by it.
        id_token_lifetime: Lifetime = "id_token_lifetime_seconds", Seconds { from: 1, to: DAY }, "3600";
        /// How old a signing key may be before the server makes its successor; 0 leaves that to `hallpass signing-key
        /// rotate`.
        signing_key_lifetime: Lifetime = "signing_key_lifetime_seconds", Seconds { from: 0, to: 3650 * DAY }, "7776000";
        /// Ask for a nonce of this server's in each proof of possession (RFC 9449 §8), so that none can be made ahead of its
        /// time. Without it, proofs are good for a minute by the client's clock.
        require_dpop_nonce: bool = "require_dpop_nonce", Flag, "false";
        /// How long a refresh token that was just used gets the same answer again, for clients that lost the first
        /// answer. 0 is strict: each second use ends all tokens of that sign-in (RFC 9700 §4.14.2).
        refresh_replay_window: Lifetime = "refresh_replay_window_seconds", Seconds { from: 0, to: 300 }, "30";
    }
}
