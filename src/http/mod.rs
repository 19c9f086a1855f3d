//! The top floor: speaks HTTP. The only room that names actix and askama.

pub mod assets;
pub mod pages;
pub mod paths;
