//! VENUE, the embeddable booking engine.

pub mod domain;
#[cfg(feature = "import")]
pub mod import;
