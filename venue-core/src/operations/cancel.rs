//! `cancel`: undoes a confirmed booking, or some of its lines.

use crate::canary::{Canary, planted};
use crate::domain::booking::Booking;
use crate::domain::booking_state::{Act, BookingState, Step};
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
    let lines = named_lines(&booking, &request.line)?;
    take::load_units(work, &booking)?;

    // From here only the storage can fail.
    take::give_back(work, &booking, &lines, UnitState::Sold);
    let refund: i64 = lines.iter().map(Line::amount).sum();
    let changed = work.change_booking(number);
    for line in changed.lines.iter_mut().filter(|line| lines.iter().any(|gone| gone.n == line.n)) {
        line.cancelled_at = Some(context.now);
    }
    for ticket in &mut changed.tickets {
        if lines.iter().any(|gone| gone.n == ticket.line) {
            ticket.state = TicketState::Void;
        }
    }
    if changed.paid > 0 && !planted(Canary::RefundForgotten) {
        changed.refund_due += refund;
    }
    let kind = if changed.lines.iter().any(Line::is_live) {
        "booking.line_cancelled"
    } else {
        changed.state = BookingState::Cancelled { at: context.now, why: request.reason.clone() };
        "booking.cancelled"
    };
    announce(work, context, kind, number)
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
    match lines.iter().find_map(|line| line.cancelled_at) {
        Some(at) => Err(Refusal::Cancelled { booking: booking.id, at }.into()),
        None => Ok(lines),
    }
}
