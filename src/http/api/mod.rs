//! JSON for scripts, `/api/v1`.

pub mod me;
