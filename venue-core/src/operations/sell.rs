//! `sell`: hold and confirm in one act, the box office's normal one.

use crate::domain::inventory::UnitState;
use crate::domain::permission::buyer;
use crate::domain::refusal::Refusal;
use crate::domain::request::Sell;
use crate::domain::ticket;

use super::confirm::{check_payment, pay};
use super::{Context, Done, Stop, Work, announce, hold, subject, take};

/// Sells all the units of the request, or none: refused as by hold, then `payment_mismatch`, `payment_used`.
pub(super) fn sell(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Sell,
) -> Result<Done, Stop> {
    let slot = subject::slot(work, context, &request.slot)?;
    let book = work.slot(slot);
    book.slot
        .may_sell(book.terms.state, context.caller().role, context.now)
        .map_err(Refusal::from)?;
    let selector = request.wanted.selector()?;
    let buyer = buyer(context.caller(), request.buyer.as_ref());
    take::check_limits(work, context, slot, take::asked(&selector), buyer.as_ref())?;
    let lines = take::choose(work, context, slot, &selector)?;
    let total = crate::domain::line::total(&lines);
    check_payment(work, context, request.payment.as_ref(), total)?;

    // From here only the storage can fail.
    let mut booking = hold::draft(work, context, slot, buyer, lines);
    booking.confirmed_at = Some(context.now);
    booking.tickets = ticket::issue(booking.id, &booking.lines);
    pay(work, context, &mut booking, request.payment.as_ref());
    take::take(work, &booking, UnitState::Sold)?;
    let number = booking.number;
    work.add_booking(booking);
    announce(work, context, "booking.confirmed", number)
}
