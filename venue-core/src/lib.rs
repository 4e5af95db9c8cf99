//! VENUE, the embeddable booking engine.
