//! VENUE, the embeddable booking engine.

pub mod domain;
pub mod engine;
#[cfg(feature = "import")]
pub mod import;
mod operations;
pub mod store;
