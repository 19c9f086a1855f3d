//! Section `keys`: what holds for every API key.

use super::kinds::DAY;
use super::kinds::Flag;
use super::kinds::Seconds;
use super::kinds::Whole;
use super::setting::section;
use crate::model::time::Lifetime;

section! {
    /// What holds for every API key that is made from now on, whoever makes it.
    pub struct Keys in "keys." {
        /// How long a key lasts that is made without an end; 0 means that it lasts until it is revoked.
        default_lifetime: Lifetime = "default_lifetime_seconds", Seconds { from: 0, to: 3650 * DAY }, "0";
        /// The longest that a key may last; 0 means that it may last for ever. Without
        /// `keys.default_lifetime_seconds` it is also how long a key lasts that is made without an end.
        maximum_lifetime: Lifetime = "maximum_lifetime_seconds", Seconds { from: 0, to: 3650 * DAY }, "0";
        /// Let API keys make API keys. Such a key never has more rights, more addresses, looser limits or a later end
        /// than the one that made it.
        made_by_keys: bool = "made_by_keys", Flag, "true";
        /// How many keys a user may have at a time.
        most_per_user: u32 = "most_per_user", Whole { from: 1, to: 10_000 }, "100";
        /// For how many days it is kept how often a key was used, from where and by what program.
        usage_days: u32 = "usage_days", Whole { from: 1, to: 730 }, "90";
    }
}
