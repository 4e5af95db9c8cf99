//! Any text as whatever a command takes as text: what is read is written back so that it reads again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::request::{BookingName, Payment, SlotName};
use venue_core::domain::ticket::TicketNumber;

fn reads_again<T: std::str::FromStr + std::fmt::Display + PartialEq>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert!(value.to_string().parse::<T>().is_ok_and(|again| again == value), "{text}");
    }
}

fuzz_target!(|text: &str| {
    reads_again::<Instant>(text);
    reads_again::<Span>(text);
    reads_again::<SlotName>(text);
    reads_again::<BookingName>(text);
    reads_again::<Payment>(text);
    reads_again::<TicketNumber>(text);
});
