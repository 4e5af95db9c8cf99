//! Choosing the units that a request names, and taking and giving back capacity.

use std::sync::Arc;

use crate::domain::booking::Booking;
use crate::domain::error::Invalid;
use crate::domain::ids::SlotId;
use crate::domain::inventory::{AreaRefusal, Owner, UnitState, area_can_give, seat_can_be_given};
use crate::domain::limits::{LimitRefusal, within};
use crate::domain::line::{Line, Unit};
use crate::domain::refusal::{Refusal, TakenSeat};
use crate::domain::request::Selector;
use crate::domain::text::{Buyer, SeatName};
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::claims::SeatFacts;

use super::slot_book::{SlotBook, contradiction};
use super::{Context, Stop, Work};

/// Checks the limits of a booking and of a buyer.
pub(super) fn check_limits(
    work: &mut Work<'_>,
    context: &Context<'_>,
    slot: SlotId,
    asked: i64,
    buyer: Option<&Buyer>,
) -> Result<(), Stop> {
    let terms = Arc::clone(&work.slot(slot).terms);
    let has = match (terms.max_units_per_buyer, buyer) {
        (Some(_), Some(buyer)) => Some(work.buyer_units(slot, buyer)?),
        (None, _) | (_, None) => None,
    };
    let (per_booking, per_buyer) = (terms.max_units_per_booking, terms.max_units_per_buyer);
    let staff = context.caller().role.is_staff();
    within(per_booking, per_buyer, asked, has, staff).map_err(|refusal| {
        Stop::Refused(match refusal {
            LimitRefusal::Booking { limit } => Refusal::BookingLimit { limit, asked },
            LimitRefusal::BuyerNeeded => Refusal::BuyerNeeded,
            LimitRefusal::Buyer { limit, has } => Refusal::BuyerLimit { limit, has, asked },
        })
    })
}

/// How many units a selector asks for.
pub(super) fn asked(selector: &Selector) -> i64 {
    match selector {
        Selector::Seats(seats) => i64::try_from(seats.len()).unwrap_or(i64::MAX),
        Selector::Area { quantity, .. } => *quantity,
    }
}

/// The lines that a selector comes to, if every unit can be had; else all units at fault.
pub(super) fn choose(
    work: &mut Work<'_>,
    context: &Context<'_>,
    slot: SlotId,
    selector: &Selector,
) -> Result<Vec<Line>, Stop> {
    match selector {
        Selector::Seats(names) => choose_seats(work, context, slot, names),
        Selector::Area { name, quantity } => choose_area(work, slot, name.as_str(), *quantity),
    }
}

/// The seats that names lead to, in the plan's order; not found those that lead nowhere.
pub(super) fn seats_named(
    work: &mut Work<'_>,
    slot: SlotId,
    names: &[SeatName],
) -> Result<Vec<Arc<SeatFacts>>, Stop> {
    let plan = work.slot(slot).slot.plan;
    let (mut seats, mut unknown) = (Vec::with_capacity(names.len()), Vec::new());
    for name in names {
        let seat = match plan {
            Some(plan) => work.seat_named(plan, name.as_str())?,
            None => None,
        };
        match seat {
            Some(seat) => seats.push(seat),
            None => unknown.push(name),
        }
    }
    if !unknown.is_empty() {
        return Err(Refusal::not_found("seat", unknown).into());
    }
    seats.sort_unstable_by_key(|seat| seat.ordinal);
    if let Some(twice) = seats.windows(2).find(|pair| pair[0].ordinal == pair[1].ordinal) {
        return Err(Invalid::argument("seats", format!("{} is named twice", twice[0].guid)).into());
    }
    Ok(seats)
}

fn choose_seats(
    work: &mut Work<'_>,
    context: &Context<'_>,
    slot: SlotId,
    names: &[SeatName],
) -> Result<Vec<Line>, Stop> {
    let seats = seats_named(work, slot, names)?;
    let staff = context.caller().role.is_staff();
    let mut taken = Vec::new();
    for seat in &seats {
        let (book, tx) = work.slot_mut(slot);
        if let Some((owner, why)) = book.owner(tx, &seat.guid)?
            && !seat_can_be_given(Some(owner), staff)
        {
            taken.push(TakenSeat { seat: seat.guid.to_string(), why });
        }
    }
    if !taken.is_empty() {
        return Err(Refusal::SeatsTaken { seats: taken }.into());
    }
    let lines = (1u8..).zip(&seats).map(|(n, seat)| {
        let unit = Unit::Seat { guid: Arc::clone(&seat.guid), label: Arc::clone(&seat.label) };
        line(work, slot, n, unit, 1, &seat.category)
    });
    lines.collect()
}

fn choose_area(
    work: &mut Work<'_>,
    slot: SlotId,
    name: &str,
    quantity: i64,
) -> Result<Vec<Line>, Stop> {
    let book = work.slot(slot);
    let place = book.tally(true, name).ok_or_else(|| Refusal::not_found("area", [name]))?;
    let tally = &book.tallies[place];
    let (area, category) = (Arc::clone(&tally.name), Arc::clone(&tally.category));
    if let Err(refusal) = area_can_give(&tally.count, quantity) {
        let refusal = match refusal {
            AreaRefusal::SoldOut => Refusal::SoldOut,
            AreaRefusal::NotEnoughFree { free } => Refusal::NotEnoughFree {
                area: name.to_owned(),
                asked: quantity,
                free,
                withheld: None,
            },
            AreaRefusal::AllHeld => {
                let (book, tx) = work.slot_mut(slot);
                let next_due = book.next_due_of(tx, name)?;
                let missing = || StoreError::new(StoreFailure::Corrupt, "a held place has no hold");
                Refusal::AllHeld { next_due: next_due.ok_or_else(missing)? }
            }
        };
        return Err(refusal.into());
    }
    let quantity = u8::try_from(quantity).unwrap_or_else(|_| unreachable!("within the hard cap"));
    Ok(vec![line(work, slot, 1, Unit::Area { name: area }, quantity, &category)?])
}

fn line(
    work: &Work<'_>,
    slot: SlotId,
    n: u8,
    unit: Unit,
    quantity: u8,
    category: &Arc<str>,
) -> Result<Line, Stop> {
    let price = work.slot(slot).terms.prices.get(category).copied();
    let missing = || StoreError::new(StoreFailure::Corrupt, format!("{category} has no price"));
    Ok(Line {
        n,
        slot,
        unit,
        quantity,
        category: Arc::clone(category),
        rate: "standard".into(),
        unit_price: price.ok_or_else(missing)?,
        cancelled_at: None,
    })
}

/// Takes the units of lines for a booking, as held or sold. They were chosen in the same batch, so they can
/// be had; house seats among them are lifted.
pub(super) fn take(
    work: &mut Work<'_>,
    booking: &Booking,
    to: UnitState,
) -> Result<(), StoreError> {
    let owner = Owner::Booking(booking.id);
    let mut units = 0;
    for line in &booking.lines {
        let (book, _) = work.slot_mut(line.slot);
        let quantity = i64::from(line.quantity);
        units += quantity;
        match &line.unit {
            Unit::Seat { guid, .. } => {
                let before = book.give_seat(guid, Some((owner, to)));
                let from = before.map_or(UnitState::Free, |(_, state)| state);
                let tally = tally_of(book, line)?;
                book.shift(tally, 1, from, to)?;
            }
            Unit::Area { name } => {
                book.give_places(name, owner, 0, quantity);
                let tally = tally_of(book, line)?;
                book.shift(tally, quantity, UnitState::Free, to)?;
            }
        }
    }
    work.note_buyer_units(booking.slot(), booking.buyer.as_ref(), units);
    Ok(())
}

/// Loads what [`give_back`] and [`turn_sold`] need to know: who has the booking's seats, and, where the event
/// limits it, how many units its buyer has, so that what follows in the same batch counts what is given back.
pub(super) fn load_units(work: &mut Work<'_>, booking: &Booking) -> Result<(), StoreError> {
    if let Some(buyer) = &booking.buyer
        && work.slot(booking.slot()).terms.max_units_per_buyer.is_some()
    {
        work.buyer_units(booking.slot(), buyer)?;
    }
    for line in &booking.lines {
        let (book, tx) = work.slot_mut(line.slot);
        if let Unit::Seat { guid, .. } = &line.unit {
            book.owner(tx, guid)?;
        }
    }
    Ok(())
}

/// Gives the units of these lines of a booking back: they are free again, exactly once.
pub(super) fn give_back(
    work: &mut Work<'_>,
    booking: &Booking,
    lines: &[Line],
    from: UnitState,
) -> Result<(), StoreError> {
    let owner = Owner::Booking(booking.id);
    let mut units = 0;
    for line in lines {
        let (book, _) = work.slot_mut(line.slot);
        let quantity = i64::from(line.quantity);
        units += quantity;
        match &line.unit {
            Unit::Seat { guid, .. } => book.change_seat(guid, owner, None)?,
            Unit::Area { name } => book.give_places(name, owner, quantity, 0),
        }
        let tally = tally_of(book, line)?;
        book.shift(tally, quantity, from, UnitState::Free)?;
    }
    if from == UnitState::Sold || booking.state.is_live(work.now) {
        work.note_buyer_units(booking.slot(), booking.buyer.as_ref(), -units);
    }
    Ok(())
}

/// Turns the held units of a booking into sold ones. Who owns them does not change.
pub(super) fn turn_sold(work: &mut Work<'_>, booking: &Booking) -> Result<(), StoreError> {
    let owner = Owner::Booking(booking.id);
    for line in booking.lines.iter().filter(|line| line.is_live()) {
        let (book, _) = work.slot_mut(line.slot);
        if let Unit::Seat { guid, .. } = &line.unit {
            book.change_seat(guid, owner, Some(UnitState::Sold))?;
        }
        let tally = tally_of(book, line)?;
        book.shift(tally, i64::from(line.quantity), UnitState::Held, UnitState::Sold)?;
    }
    Ok(())
}

/// The counter that a line's units count in.
fn tally_of(book: &SlotBook, line: &Line) -> Result<usize, StoreError> {
    let tally = match &line.unit {
        Unit::Seat { .. } => book.tally(false, &line.category),
        Unit::Area { name } => book.tally(true, name),
    };
    tally.ok_or_else(|| contradiction(format!("the slot does not sell {}", line.category)))
}
