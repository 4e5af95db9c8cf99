//! `cancel`: undoes a confirmed booking, or some of its lines.

use crate::canary::{Canary, planted};
use crate::domain::booking::Booking;
use crate::domain::booking_state::{Act, BookingState, Step};
use crate::domain::instant::Instant;
use crate::domain::inventory::UnitState;
use crate::domain::line::Line;
use crate::domain::refusal::Refusal;
use crate::domain::request::Cancel;
use crate::domain::ticket::TicketState;

use super::confirm::step;
use super::{Context, Done, Stop, Work, announce, subject, take};

/// Cancels a confirmed booking, or the named lines of it; with its last line the booking is cancelled:
/// refused `not_found` (the booking), its state, `not_found` (lines), `cancelled` (a line), in this order.
/// What was paid for the lines becomes due for refund.
pub(super) fn cancel(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Cancel,
) -> Result<Done, Stop> {
    let number = subject::booking(work, context, request.booking)?;
    let Some(booking) = work.booking(number)? else { unreachable!("the booking was found") };
    let booking = booking.clone();
    let Step::Cancel = step(&booking, Act::Cancel, context)? else {
        unreachable!("cancel cancels")
    };
    subject::takes_place(work, &booking, context.now)?;
    let lines = named_lines(&booking, &request.line)?;
    take::load_units(work, &booking)?;

    // From here only the storage can fail.
    take::give_back(work, &booking, &lines, UnitState::Sold)?;
    let changed = work.change_booking(number);
    undo(changed, &lines, context.now);
    let kind = if changed.lines.iter().any(Line::is_live) {
        "booking.line_cancelled"
    } else {
        changed.state = BookingState::Cancelled { at: context.now, why: request.reason.clone() };
        "booking.cancelled"
    };
    announce(work, context, kind, number)
}

/// Cancels lines of a booking and voids their tickets; what was paid for them is due for refund, and told.
pub(super) fn undo(changed: &mut Booking, lines: &[Line], at: Instant) -> i64 {
    let is_gone = |n: u8| lines.iter().any(|gone| gone.n == n);
    for line in changed.lines.iter_mut().filter(|line| is_gone(line.n)) {
        line.cancelled_at = Some(at);
    }
    for ticket in changed.tickets.iter_mut().filter(|ticket| is_gone(ticket.line)) {
        ticket.state = TicketState::Void;
    }
    if changed.paid == 0 || planted(Canary::RefundForgotten) {
        return 0;
    }
    let refund: i64 = lines.iter().map(Line::amount).sum();
    changed.refund_due += refund;
    refund
}

/// The live lines with these numbers; all live ones if none is named.
fn named_lines(booking: &Booking, numbers: &[u32]) -> Result<Vec<Line>, Stop> {
    if numbers.is_empty() {
        return Ok(booking.lines.iter().filter(|line| line.is_live()).cloned().collect());
    }
    let find = |number: &u32| booking.lines.iter().find(|line| u32::from(line.n) == *number);
    let unknown: Vec<_> = numbers.iter().filter(|number| find(number).is_none()).collect();
    if !unknown.is_empty() {
        return Err(Refusal::not_found("line", unknown).into());
    }
    let lines: Vec<Line> = numbers.iter().filter_map(find).cloned().collect();
    match lines.iter().find_map(|line| Some((line.n, line.cancelled_at?))) {
        Some((n, at)) => Err(Refusal::Cancelled { booking: booking.id, line: Some(n), at }.into()),
        None => Ok(lines),
    }
}
