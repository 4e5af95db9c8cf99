//! Any bytes as a seating plan: an error with its place, or a plan whose seats are found by their names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::import::parse_plan;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((plan, _)) = parse_plan("plan.json", bytes) {
        for (ordinal, seat) in (0_u32..).zip(plan.seats()) {
            assert_eq!(plan.seat_with_guid(seat.guid.as_str()), Some(ordinal));
        }
    }
});
