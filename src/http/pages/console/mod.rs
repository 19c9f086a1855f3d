//! The overview, and everybody's keys, sessions and grants, for administrators.

pub mod grants;
pub mod keys;
pub mod overview;
pub mod sessions;
