//! Any bytes as what a request wants: seats sorted and each once, or so many places of an area; else invalid.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::domain::request::{Selector, Wanted};

fuzz_target!(|bytes: &[u8]| {
    let Ok(wanted) = serde_json::from_slice::<Wanted>(bytes) else { return };
    match wanted.selector() {
        Ok(Selector::Seats(seats)) => {
            assert!(!seats.is_empty() && seats.is_sorted_by(|a, b| a < b))
        }
        Ok(Selector::Area { quantity, .. }) => assert!(quantity >= 1),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let text = serde_json::to_vec(&wanted).expect("plain data");
    assert_eq!(serde_json::from_slice::<Wanted>(&text).ok(), Some(wanted));
});
