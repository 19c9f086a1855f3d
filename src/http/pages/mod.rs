//! The pages for people: handlers, and the views they fill.

pub(super) mod frame;
pub mod views;
