//! Any text as whatever a command takes as text: what is read is written back so that it reads again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{Moment, TicketName};
use venue_core::domain::reference::Reference;
use venue_core::domain::request::{BookingName, Payment, SlotName};
use venue_core::domain::season::HallRef;
use venue_core::domain::text::{Key, Name, SeatName, Slug};
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
    reads_again::<TicketName>(text);
    reads_again::<Reference>(text);
    reads_again::<Moment>(text);
    reads_again::<HallRef>(text);
    reads_again::<Slug>(text);
    reads_again::<Key>(text);
    reads_again::<Name>(text);
    reads_again::<SeatName>(text);
});
