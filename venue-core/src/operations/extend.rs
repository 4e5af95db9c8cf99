//! `extend`: makes a hold live longer.

use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::hold::extended;
use crate::domain::line::Unit;
use crate::domain::refusal::Refusal;
use crate::domain::request::Extend;

use super::confirm::{permitted, step};
use super::{Context, Done, Stop, Work, announce, subject};

/// Extends a live hold by its own length: refused `not_found`, `forbidden`, the slot's state (`over`,
/// `slot_cancelled`, `closed`, `not_on_sale`), the booking's state, `extend_limit`, in this order.
pub(super) fn extend(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Extend,
) -> Result<Done, Stop> {
    let number = subject::booking(work, context, request.booking)?;
    let booking = permitted(work, context, number)?;
    let book = work.slot(booking.slot());
    let (role, now) = (context.caller().role, context.now);
    book.slot.may_sell(book.terms.state, role, now).map_err(Refusal::from)?;
    let max_hold = book.terms.max_hold;
    let Step::Extend { expires_at } = step(&booking, Act::Extend, context)? else {
        unreachable!("extend extends")
    };
    let until = extended(booking.created_at, expires_at, booking.ttl, max_hold, now);
    let limit = booking.created_at.plus(max_hold);
    let until = until.ok_or(Refusal::ExtendLimit { limit })?;
    let (book, tx) = work.slot_mut(booking.slot());
    book.holds(tx)?;

    // From here only the storage can fail.
    let area = match booking.lines.first().map(|line| &line.unit) {
        Some(Unit::Area { name }) => Some(name.clone()),
        Some(Unit::Seat { .. }) | None => None,
    };
    let (book, _) = work.slot_mut(booking.slot());
    book.drop_hold(expires_at, booking.id)?;
    book.put_hold(until, booking.id, area);
    work.change_booking(number).state = BookingState::Held { expires_at: until };
    announce(work, context, "booking.extended", number)
}
