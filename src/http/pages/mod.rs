//! The pages for people: handlers, and the views they fill.

pub mod views;
