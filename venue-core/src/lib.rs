//! VENUE, the embeddable booking engine.

pub mod domain;
mod operations;
pub mod store;
