//! What the feed says became of every booking: the newest change of each, in a few bytes.

use rustc_hash::FxHashMap;

use crate::domain::booking_state::{BookingState, StateName};
use crate::domain::instant::Instant;

/// Numbers that lie together in memory.
const TOGETHER: u64 = 64;

/// A booking as its newest change left it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Past {
    /// 0: the feed knows nothing of it; else one more than the state's number.
    state: u8,
    /// The rows have it too.
    pub(super) met: bool,
    /// When its hold ends, or when it ended.
    at: i64,
    /// The newest change's sequence.
    pub(super) seq: i64,
    /// The hash of the newest change's body.
    pub(super) body: u64,
}

impl Past {
    /// The past that a change leaves.
    pub(super) fn new(state: &BookingState, seq: i64, body: u64) -> Self {
        let at = match state {
            BookingState::Held { expires_at: at }
            | BookingState::Released { at, .. }
            | BookingState::Expired { at }
            | BookingState::Cancelled { at, .. } => at.micros(),
            BookingState::Confirmed => 0,
        };
        let number = StateName::ALL.iter().position(|name| *name == state.name()).unwrap_or(0);
        let state = u8::try_from(number + 1).unwrap_or(0);
        Self { state, met: false, at, seq, body }
    }

    /// The state, without the reason of an end; none if nothing is known.
    pub(super) fn state(&self) -> Option<BookingState> {
        let at = Instant::clamped(self.at);
        let name = StateName::ALL.get(usize::from(self.state).checked_sub(1)?)?;
        Some(match name {
            StateName::Held => BookingState::Held { expires_at: at },
            StateName::Confirmed => BookingState::Confirmed,
            StateName::Released => BookingState::Released { at, why: None },
            StateName::Expired => BookingState::Expired { at },
            StateName::Cancelled => BookingState::Cancelled { at, why: None },
        })
    }
}

/// The pasts of all bookings, by number. About 32 bytes a booking.
#[derive(Debug, Default)]
pub(super) struct Pasts {
    pages: FxHashMap<u64, Box<[Past]>>,
}

impl Pasts {
    /// The past of a booking, to read or to change.
    pub(super) fn of(&mut self, number: u64) -> &mut Past {
        let empty = || vec![Past::default(); usize::try_from(TOGETHER).unwrap_or(64)].into();
        let page = self.pages.entry(number / TOGETHER).or_insert_with(empty);
        &mut page[usize::try_from(number % TOGETHER).unwrap_or(0)]
    }

    /// The numbers that the feed knows and the rows do not have.
    pub(super) fn missing(&self) -> impl Iterator<Item = (u64, &Past)> {
        self.pages.iter().flat_map(|(page, pasts)| {
            let numbers = page * TOGETHER..;
            numbers.zip(pasts.iter()).filter(|(_, past)| past.state != 0 && !past.met)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_remembered_by_number() {
        let mut pasts = Pasts::default();
        assert_eq!(pasts.of(700).state(), None);
        let held = BookingState::Held { expires_at: Instant::clamped(5) };
        for (number, state) in [(1, held), (64, BookingState::Confirmed)] {
            *pasts.of(number) = Past::new(&state, 7, 9);
            assert_eq!(pasts.of(number).state(), Some(state));
        }
        let mut missing: Vec<u64> = pasts.missing().map(|(number, _)| number).collect();
        missing.sort_unstable();
        assert_eq!(missing, [1, 64]);
        pasts.of(1).met = true;
        assert_eq!(pasts.missing().count(), 1);
    }
}
