//! `confirm`: makes a hold final. It validates the hold itself: there is no "check, then book" anywhere.

use crate::domain::booking::Booking;
use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::permission::may_act_on;
use crate::domain::refusal::Refusal;
use crate::domain::request::{Confirm, Payment};
use crate::domain::text::{PaymentMethod, PaymentReference};
use crate::domain::ticket;
use crate::store::boundary::StoreError;

use super::{Context, Done, Stop, Work, announce, subject, take};

/// Confirms a live hold: refused `not_found`, `forbidden`, `hold_expired`, `already_confirmed`, `released`,
/// `cancelled`, `payment_mismatch`, `payment_used`, in this order. The slot's state does not matter: a live
/// hold of a closed slot may still be confirmed.
pub(super) fn confirm(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Confirm,
) -> Result<Done, Stop> {
    let number = subject::booking(work, context, request.booking)?;
    let booking = permitted(work, context, number)?;
    let Step::Confirm = step(&booking, Act::Confirm, context)? else {
        unreachable!("confirm confirms")
    };
    subject::takes_place(work, &booking, context.now)?;
    check_payment(work, context, request.payment.as_ref(), booking.total())?;
    take::load_units(work, &booking)?;
    let (book, tx) = work.slot_mut(booking.slot());
    book.holds(tx)?;

    // From here only the storage can fail.
    end_hold(work, &booking)?;
    take::turn_sold(work, &booking)?;
    let mut paid = booking.clone();
    pay(work, context, &mut paid, request.payment.as_ref());
    let changed = work.change_booking(number);
    changed.state = BookingState::Confirmed;
    changed.confirmed_at = Some(context.now);
    (changed.paid, changed.paid_by) = (paid.paid, paid.paid_by);
    changed.tickets = ticket::issue(changed.id, &changed.lines);
    announce(work, context, "booking.confirmed", number)
}

/// The booking, if the caller may act on it: by token, as its buyer, or in a role that acts for others.
pub(super) fn permitted(
    work: &mut Work<'_>,
    context: &Context<'_>,
    number: u64,
) -> Result<Booking, Stop> {
    let Some(booking) = work.booking(number)? else { unreachable!("the booking was found") };
    if may_act_on(context.caller(), booking, context.command.token.as_deref()) {
        Ok(booking.clone())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

/// What an act does to a booking now, or why it may not be done.
pub(super) fn step(booking: &Booking, act: Act, context: &Context<'_>) -> Result<Step, Stop> {
    let confirmed_at = booking.confirmed_at.unwrap_or(booking.created_at);
    booking
        .state
        .step(act, context.now)
        .map_err(|refusal| Refusal::of_state(refusal, booking.id, confirmed_at).into())
}

/// Takes a booking out of its slot's holds. They were loaded before.
pub(super) fn end_hold(work: &mut Work<'_>, booking: &Booking) -> Result<(), StoreError> {
    match booking.state {
        BookingState::Held { expires_at } => {
            work.slot_mut(booking.slot()).0.drop_hold(expires_at, booking.id)
        }
        _ => Ok(()),
    }
}

/// Refuses a payment of another amount than the total, or one that has paid a booking already.
pub(super) fn check_payment(
    work: &mut Work<'_>,
    context: &Context<'_>,
    payment: Option<&Payment>,
    total: i64,
) -> Result<(), Stop> {
    let Some(payment) = payment else { return Ok(()) };
    if let Some(paid) = payment.amount
        && paid != total
    {
        return Err(Refusal::PaymentMismatch { paid, total }.into());
    }
    if let Some(reference) = &payment.reference
        && work.payment_used(context.organizer.id, payment.method.as_str(), reference.as_str())?
    {
        let (method, reference) = (payment.method.to_string(), reference.to_string());
        return Err(Refusal::PaymentUsed { method, reference }.into());
    }
    Ok(())
}

/// Marks a booking as paid: as the request says; without a word, staff's acts count as cash, and what others
/// do is not paid yet.
pub(super) fn pay(
    work: &mut Work<'_>,
    context: &Context<'_>,
    booking: &mut Booking,
    payment: Option<&Payment>,
) {
    let total = booking.total();
    match payment {
        Some(payment) => {
            booking.paid = total;
            booking.paid_by = Some(payment.method.clone());
            if let Some(reference) = &payment.reference {
                let (method, reference) =
                    (PaymentMethod::shared(&payment.method), PaymentReference::shared(reference));
                work.pay(booking, method, reference, total);
            }
        }
        None if context.caller().role.is_staff() => {
            booking.paid = total;
            booking.paid_by = Some(PaymentMethod::stored("cash"));
        }
        None => {}
    }
}
