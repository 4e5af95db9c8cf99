//! Any bytes as a season file: an error with its place, or a season.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::import::parse_season;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = parse_season("season.toml", bytes) {
        assert!(!error.message.is_empty());
    }
});
