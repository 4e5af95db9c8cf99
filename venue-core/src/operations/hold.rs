//! `hold`: takes units for a while.

use crate::domain::booking::Booking;
use crate::domain::booking_state::BookingState;
use crate::domain::hold::{HoldToken, ttl};
use crate::domain::ids::SlotId;
use crate::domain::instant::Span;
use crate::domain::inventory::UnitState;
use crate::domain::line::{Line, Unit};
use crate::domain::permission::buyer;
use crate::domain::refusal::Refusal;
use crate::domain::reply::Reply;
use crate::domain::request::Hold;
use crate::domain::text::Buyer;

use super::{Context, Done, Stop, Work, announce, replay, subject, take};

/// Holds all the units of the request, or none: refused `not_found` (the slot), `over`, `slot_cancelled`,
/// `closed`, `not_on_sale`, `booking_limit`, `buyer_needed`, `buyer_limit`, `not_found` (seats, area),
/// `seats_taken`, `all_held`, `sold_out`, `not_enough_free`, in this order.
pub(super) fn hold(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &Hold,
) -> Result<Done, Stop> {
    let slot = subject::slot(work, context, &request.slot)?;
    let book = work.slot(slot);
    let (role, now) = (context.caller().role, context.now);
    book.slot.may_sell(book.terms.state, role, now).map_err(Refusal::from)?;
    let ttl = ttl(book.terms.hold, request.ttl, role);
    let selector = request.wanted.selector()?;
    let buyer = buyer(context.caller(), request.buyer.as_ref());
    take::check_limits(work, context, slot, take::asked(&selector), buyer.as_ref())?;
    let lines = take::choose(work, context, slot, &selector)?;
    let (held, tx) = work.slot_mut(slot);
    held.holds(tx)?;

    // From here only the storage can fail.
    let expires_at = now.plus(ttl);
    let mut booking = draft(work, context, slot, buyer, lines);
    booking.state = BookingState::Held { expires_at };
    booking.ttl = ttl;
    booking.token_hash = work.secret.map(|secret| HoldToken::of(secret, booking.id).hash());
    take::take(work, &booking, UnitState::Held)?;
    let area = match booking.lines.first().map(|line| &line.unit) {
        Some(Unit::Area { name }) => Some(name.clone()),
        Some(Unit::Seat { .. }) | None => None,
    };
    work.slot_mut(slot).0.put_hold(expires_at, booking.id, area);
    let number = booking.number;
    work.add_booking(booking);
    let mut done = announce(work, context, "booking.held", number)?;
    if let Reply::Booking(view) = &mut done.reply {
        view.token = Some(replay::token(work, view));
    }
    Ok(done)
}

/// A booking that is about to be born, not yet held or confirmed.
pub(super) fn draft(
    work: &mut Work<'_>,
    context: &Context<'_>,
    slot: SlotId,
    buyer: Option<Buyer>,
    lines: Vec<Line>,
) -> Booking {
    let (number, id) = work.next_booking();
    let caller = context.caller();
    let terms = &work.slot(slot).terms;
    Booking {
        event: terms.event,
        id,
        organizer: terms.organizer,
        number,
        reference: work.references.reference(number),
        state: BookingState::Confirmed,
        buyer,
        channel: caller.role,
        terminal: caller.terminal.clone(),
        actor: caller.actor.clone(),
        request_id: context.command.request_id.clone(),
        ttl: Span::ZERO,
        created_at: context.now,
        confirmed_at: None,
        currency: terms.currency,
        paid: 0,
        paid_by: None,
        refund_due: 0,
        token_hash: None,
        version: 1,
        lines,
        tickets: Vec::new(),
    }
}
