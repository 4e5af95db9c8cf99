//! VENUE, the embeddable booking engine.

pub mod domain;
pub mod store;
