//! Winding up a cancelled slot: each of its holds is released and each of its bookings cancelled, in steps, each a
//! transaction. The job's row says how far it is: whoever is killed in between, the next goes on.
//!
//! Nothing else can happen to those bookings meanwhile: see `subject::takes_place`.

use crate::canary::{Canary, planted};
use crate::domain::booking::Booking;
use crate::domain::booking_state::{BookingState, SLOT_CANCELLED};
use crate::domain::ids::SlotId;
use crate::domain::inventory::UnitState;
use crate::domain::line::Line;
use crate::domain::text::Reason;
use crate::store::boundary::StoreError;
use crate::store::jobs::{self, Job};
use crate::store::{affected, slots};

use super::{Work, confirm, event, record, sweep, take};

/// Bookings that a step looks at, at most.
const BOOKINGS_A_STEP: i64 = 200;

/// Does one step of the cancelling of a slot; answers with the job after it, or none if it was never begun.
///
/// # Takes
/// `more`: false when the step has taken long enough.
pub(crate) fn step(
    work: &mut Work<'_>,
    slot: SlotId,
    more: &mut dyn FnMut() -> bool,
) -> Result<Option<Job>, StoreError> {
    let Some(loaded) = slots::by_id(work.tx, slot)? else { return Ok(None) };
    let Some(mut job) = jobs::of(work.tx, loaded.slot.event, Some(slot))? else { return Ok(None) };
    if job.ended_at.is_some() {
        return Ok(Some(job));
    }
    if !work.open_slot(slot)? {
        // Its event was deleted, which is refused as long as anybody has a live booking: nothing is left to do.
        job.ended_at = Some(work.now);
        jobs::put(work.tx, &job)?;
        work.has_written();
        return Ok(Some(job));
    }
    let met = affected::after(work.tx, slot, job.reached, BOOKINGS_A_STEP)?;
    let mut looked_at = 0;
    for booking in &met {
        if looked_at > 0 && !more() {
            break;
        }
        if booking.live {
            end(work, booking.number, &mut job)?;
        }
        job.reached = booking.id;
        looked_at += 1;
    }
    if looked_at == met.len() && looked_at < usize::try_from(BOOKINGS_A_STEP).unwrap_or(0) {
        job.ended_at = Some(work.now);
    }
    jobs::put(work.tx, &job)?;
    work.has_written();
    Ok(Some(job))
}

/// Does one step of the oldest job that somebody began and did not end; none if all are done.
pub(crate) fn next_step(
    work: &mut Work<'_>,
    more: &mut dyn FnMut() -> bool,
) -> Result<Option<Job>, StoreError> {
    match jobs::going_on(work.tx)? {
        Some(Job { slot: Some(slot), .. }) => step(work, slot, more),
        Some(job) => event::call_off::step(work, job.event, more),
        None => Ok(None),
    }
}

/// Ends one live booking of an open slot.
fn end(work: &mut Work<'_>, number: u64, job: &mut Job) -> Result<(), StoreError> {
    let Some(booking) = work.booking(number)?.cloned() else { return Ok(()) };
    let why = Some(Reason::stored(SLOT_CANCELLED));
    let at = work.now;
    match booking.state {
        BookingState::Held { expires_at } if expires_at <= at => {
            sweep::close_hold(work, number, None)
        }
        BookingState::Held { .. } => {
            take::load_units(work, &booking)?;
            let (book, tx) = work.slot_mut(booking.slot());
            book.holds(tx)?;
            confirm::end_hold(work, &booking)?;
            take::give_back(work, &booking, &booking.lines, UnitState::Held)?;
            work.change_booking(number).state = BookingState::Released { at, why };
            job.holds += 1;
            job.units += units(&booking);
            announce(work, number, job, &booking, "booking.released")
        }
        BookingState::Confirmed => {
            take::load_units(work, &booking)?;
            let live: Vec<Line> =
                booking.lines.iter().filter(|line| line.is_live()).cloned().collect();
            if !planted(Canary::ClaimsOutliveSlot) {
                take::give_back(work, &booking, &live, UnitState::Sold)?;
            }
            let changed = work.change_booking(number);
            job.refund_due += super::cancel::undo(changed, &live, at);
            changed.state = BookingState::Cancelled { at, why };
            job.bookings += 1;
            job.units += units(&booking);
            announce(work, number, job, &booking, "booking.cancelled")
        }
        BookingState::Released { .. }
        | BookingState::Expired { .. }
        | BookingState::Cancelled { .. } => Ok(()),
    }
}

fn units(booking: &Booking) -> i64 {
    booking.lines.iter().filter(|line| line.is_live()).map(|line| i64::from(line.quantity)).sum()
}

/// Writes the change, as made by whoever cancelled the slot.
fn announce(
    work: &mut Work<'_>,
    number: u64,
    job: &Job,
    booking: &Booking,
    kind: &'static str,
) -> Result<(), StoreError> {
    let change = job.change(work.now, booking.organizer, kind);
    record(work, change, number).map(drop)
}
