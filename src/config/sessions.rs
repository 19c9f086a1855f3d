//! Section `sessions`: how long a browser stays signed in.

use super::kinds::DAY;
use super::kinds::Seconds;
use super::setting::section;
use crate::model::time::Lifetime;

section! {
    /// How long a browser stays signed in.
    pub struct Sessions in "sessions." {
        /// How long a session lasts when it is not used.
        idle: Lifetime = "idle_seconds", Seconds { from: 1, to: 365 * DAY }, "43200";
        /// How long a session lasts, however much it is used.
        lifetime: Lifetime = "lifetime_seconds", Seconds { from: 1, to: 365 * DAY }, "604800";
        /// How long after signing in a person may do what is dangerous on a page, such as removing a second factor, setting somebody's password or deleting an application, without proving once more who they are.
        reauthenticate: Lifetime = "reauthenticate_seconds", Seconds { from: 1, to: 365 * DAY }, "900";
    }
}
