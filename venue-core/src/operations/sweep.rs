//! Closing holds whose time has run out. Nobody can tell whether it has run: a due hold answers as an expired
//! one. Every batch closes what its slots have due and a few more; `venue sweep` closes all.

use std::collections::BTreeSet;

use crate::canary::{Canary, planted};
use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::ids::{BookingId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::inventory::UnitState;
use crate::domain::reference::reference_of;
use crate::store::bookings;
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::changes::ChangeRow;

use super::{Context, Work, record, take};

/// Due holds that each batch closes beside what its commands touch.
const HOLDS_A_BATCH: i64 = 32;
/// Dead rows that each batch deletes.
const ROWS_A_BATCH: i64 = 64;

/// What is left out of cleaning up: rows that contradict others. To close such a hold would fail every batch that it
/// comes with, for ever; doctor names it, and whoever asks for it is told.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    holds: BTreeSet<u64>,
    all_holds: bool,
    keys: bool,
}

/// Where cleaning up met rows that contradict others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The due hold with this number.
    Hold(u64),
    /// The list of due holds.
    Holds,
    /// The list of dead keys.
    Keys,
}

/// Why cleaning up came to no end. Nothing of its transaction may be committed.
#[derive(Debug)]
pub(crate) struct Untidy {
    pub(crate) spot: Spot,
    pub(crate) error: StoreError,
}

impl Untidy {
    fn at(spot: Spot) -> impl Fn(StoreError) -> Self {
        move |error| Self { spot, error }
    }

    /// True if rows are at fault, and not the machine.
    pub(crate) fn is_damage(&self) -> bool {
        self.error.failure == StoreFailure::Corrupt
    }
}

impl LeftOut {
    /// Leaves out what was met there from now on.
    pub(crate) fn add(&mut self, spot: Spot) {
        match spot {
            Spot::Hold(number) => {
                self.holds.insert(number);
            }
            Spot::Holds => self.all_holds = true,
            Spot::Keys => self.keys = true,
        }
    }
}

/// The small clean-up of each batch; says which holds it closed.
pub(crate) fn tidy(work: &mut Work<'_>, left_out: &LeftOut) -> Result<Vec<u64>, Untidy> {
    let closed = close_due(work, HOLDS_A_BATCH, left_out)?;
    drop_dead(work, ROWS_A_BATCH, left_out)?;
    Ok(closed)
}

/// Closes the oldest due holds of the file, at most so many; says which.
pub(crate) fn close_due(
    work: &mut Work<'_>,
    most: i64,
    left_out: &LeftOut,
) -> Result<Vec<u64>, Untidy> {
    let mut closed = Vec::new();
    if left_out.all_holds {
        return Ok(closed);
    }
    let passed_over = i64::try_from(left_out.holds.len()).unwrap_or(i64::MAX);
    let due = bookings::due(work.tx, work.now, most.saturating_add(passed_over));
    for number in due.map_err(Untidy::at(Spot::Holds))? {
        if !left_out.holds.contains(&number)
            && close_if_due(work, number).map_err(Untidy::at(Spot::Hold(number)))?
        {
            closed.push(number);
        }
    }
    Ok(closed)
}

/// Deletes dead rows of keys, at most so many; says how many.
pub(crate) fn drop_dead(
    work: &mut Work<'_>,
    most: i64,
    left_out: &LeftOut,
) -> Result<usize, Untidy> {
    if left_out.keys {
        return Ok(0);
    }
    work.drop_dead_keys(most).map_err(Untidy::at(Spot::Keys))
}

fn close_if_due(work: &mut Work<'_>, number: u64) -> Result<bool, StoreError> {
    let now = work.now;
    let Some(booking) = work.booking(number)? else { return Ok(false) };
    let (slot, is_due) = (booking.slot(), is_due(&booking.state, now));
    if !is_due || !work.open_slot(slot)? {
        return Ok(false);
    }
    close_hold(work, number, None)?;
    Ok(true)
}

fn is_due(state: &BookingState, now: Instant) -> bool {
    matches!(state.step(Act::Expire, now), Ok(Step::Expire { .. }))
}

/// Closes the due holds of an open slot, so that what its counters call held is live.
pub(super) fn close_due_of_slot(work: &mut Work<'_>, slot: SlotId) -> Result<(), StoreError> {
    let now = work.now;
    if work.slot(slot).next_due.is_none_or(|due| now < due) {
        return Ok(());
    }
    let (book, tx) = work.slot_mut(slot);
    let due: Vec<BookingId> =
        book.holds(tx)?.keys().take_while(|(at, _)| *at <= now).map(|(_, id)| *id).collect();
    for id in due {
        let number = work.references.number(reference_of(id));
        if work.booking(number)?.is_some() {
            close_hold(work, number, None)?;
        }
    }
    Ok(())
}

/// Closes one due hold of an open slot: its units are free, its state is expired since its end.
pub(super) fn close_hold(
    work: &mut Work<'_>,
    number: u64,
    context: Option<&Context<'_>>,
) -> Result<(), StoreError> {
    let Some(booking) = work.booking(number)? else { return Ok(()) };
    let booking = booking.clone();
    let BookingState::Held { expires_at } = booking.state else { return Ok(()) };
    take::load_units(work, &booking)?;
    let (book, tx) = work.slot_mut(booking.slot());
    book.holds(tx)?;

    // From here only the storage can fail.
    super::confirm::end_hold(work, &booking)?;
    take::give_back(work, &booking, &booking.lines, UnitState::Held)?;
    work.change_booking(number).state = BookingState::Expired { at: expires_at };
    if planted(Canary::UnannouncedExpiry) {
        return Ok(());
    }
    let change = match context {
        Some(context) => context.change("booking.expired"),
        None => ChangeRow {
            seq: 0,
            at: work.now,
            organizer: booking.organizer,
            event: None,
            slot: None,
            booking: None,
            kind: "booking.expired".into(),
            body: None,
            due_at: None,
            actor: None,
            role: "engine".into(),
            terminal: None,
            request_id: None,
        },
    };
    let _ = record(work, ChangeRow { due_at: Some(expires_at), ..change }, number)?;
    Ok(())
}
