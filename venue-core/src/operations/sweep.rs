//! Closing holds whose time has run out. Nobody can tell whether it has run: a due hold answers as an expired
//! one. Every batch closes what its slots have due and a few more; `venue sweep` closes all.

use crate::canary::{Canary, planted};
use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::ids::{BookingId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::inventory::UnitState;
use crate::domain::reference::reference_of;
use crate::store::bookings;
use crate::store::boundary::StoreError;
use crate::store::changes::ChangeRow;

use super::{Context, Work, record, take};

/// Due holds that each batch closes beside what its commands touch.
const HOLDS_A_BATCH: i64 = 32;
/// Dead rows that each batch deletes.
const ROWS_A_BATCH: i64 = 64;

/// The small clean-up of each batch.
pub(crate) fn tidy(work: &mut Work<'_>) -> Result<(), StoreError> {
    close_due(work, HOLDS_A_BATCH)?;
    work.drop_dead_keys(ROWS_A_BATCH)?;
    Ok(())
}

/// Closes the oldest due holds of the file, at most so many; says how many.
pub(crate) fn close_due(work: &mut Work<'_>, most: i64) -> Result<usize, StoreError> {
    let mut closed = 0;
    let now = work.now;
    for number in bookings::due(work.tx, now, most)? {
        let Some(booking) = work.booking(number)? else { continue };
        let (slot, is_due) = (booking.slot(), is_due(&booking.state, now));
        if is_due && work.open_slot(slot)? {
            close_hold(work, number, None)?;
            closed += 1;
        }
    }
    Ok(closed)
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
