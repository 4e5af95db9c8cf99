//! `release`: gives a hold back.

use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::inventory::UnitState;
use crate::domain::request::Release;

use super::confirm::{end_hold, permitted, step};
use super::{Context, Done, Stop, Work, announce, subject, take};

/// Releases a live hold: refused `not_found`, `forbidden`, then the booking's state, in this order. The
/// slot's state does not matter.
pub(super) fn release(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Release,
) -> Result<Done, Stop> {
    let number = subject::booking(work, context, request.booking)?;
    let booking = permitted(work, context, number)?;
    let Step::Release = step(&booking, Act::Release, context)? else {
        unreachable!("release releases")
    };
    subject::takes_place(work, &booking, context.now)?;
    take::load_units(work, &booking)?;
    let (book, tx) = work.slot_mut(booking.slot());
    book.holds(tx)?;

    // From here only the storage can fail.
    end_hold(work, &booking)?;
    take::give_back(work, &booking, &booking.lines, UnitState::Held)?;
    work.change_booking(number).state = BookingState::Released { at: context.now, why: None };
    announce(work, context, "booking.released", number)
}
