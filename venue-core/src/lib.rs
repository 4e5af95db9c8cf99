//! VENUE, the embeddable booking engine.

mod engine;
