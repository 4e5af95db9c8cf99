//! VENUE, the embeddable booking engine.

pub mod domain;
mod engine;
mod operations;
pub mod store;
