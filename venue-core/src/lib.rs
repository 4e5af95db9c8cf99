//! VENUE, the embeddable booking engine.

pub mod domain;
