//! `house`: withholds units from the public, as house holds or kills, or gives them free again.

use crate::domain::ids::SlotId;
use crate::domain::inventory::{Owner, UnitState};
use crate::domain::refusal::{Refusal, TakenSeat};
use crate::domain::reply::{HouseDone, RefusedUnit, Reply};
use crate::domain::request::{House, HouseKind, Selector};
use crate::domain::text::SeatName;
use crate::store::keys::StoredReply;

use super::slot_book::contradiction;
use super::{Context, Done, Stop, Work, replay, subject, take};

/// Sets or lifts house holds and kills, each unit for itself: one that has another owner is refused alone,
/// and named with the reason. Done if at least one changed; else refused: `not_found` (the slot, seats, the
/// area), `slot_cancelled`, `seats_taken`, `not_enough_free`.
pub(super) fn house(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &House,
) -> Result<Done, Stop> {
    let slot = subject::slot(work, context, &request.slot)?;
    if work.slot(slot).slot.cancelled {
        return Err(Refusal::SlotCancelled { at: None }.into());
    }
    let done = match request.wanted.selector()? {
        Selector::Seats(names) => seats(work, slot, request, &names)?,
        Selector::Area { name, quantity } => area(work, slot, request, name.as_str(), quantity)?,
    };
    let kind = if request.lift { "house.lifted" } else { "house.set" };
    let reply = Reply::House(done);
    let body = serde_json::to_string(&reply).unwrap_or_else(|_| unreachable!("plain data"));
    let event = work.slot(slot).slot.event;
    work.add_change(crate::store::changes::ChangeRow {
        event: Some(event),
        slot: Some(slot),
        body: Some(body.into()),
        ..context.change(kind)
    });
    let stored: StoredReply = replay::kept(&reply);
    Ok(Done { reply, stored })
}

/// The owner and state that a kind of withholding gives.
const fn owner(kind: HouseKind) -> (Owner, UnitState) {
    match kind {
        HouseKind::Hold => (Owner::House, UnitState::House),
        HouseKind::Kill => (Owner::Kill, UnitState::Killed),
    }
}

fn seats(
    work: &mut Work<'_>,
    slot: SlotId,
    request: &House,
    names: &[SeatName],
) -> Result<HouseDone, Stop> {
    let seats = take::seats_named(work, slot, names)?;
    let withheld = owner(request.kind);
    let (from, to) = if request.lift { (Some(withheld), None) } else { (None, Some(withheld)) };
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    for seat in &seats {
        let (book, tx) = work.slot_mut(slot);
        let now = book.owner(tx, &seat.guid)?;
        if now == from {
            changed.push(seat);
        } else {
            let why = now.map_or(UnitState::Free, |(_, state)| state);
            refused.push(RefusedUnit { seat: seat.guid.to_string(), why });
        }
    }
    if changed.is_empty() {
        let taken = |unit: RefusedUnit| TakenSeat { seat: unit.seat, why: unit.why };
        return Err(Refusal::SeatsTaken { seats: refused.into_iter().map(taken).collect() }.into());
    }

    // From here only the storage can fail.
    let state = |side: Option<(Owner, UnitState)>| side.map_or(UnitState::Free, |(_, state)| state);
    for seat in &changed {
        let (book, _) = work.slot_mut(slot);
        book.give_seat(&seat.guid, to);
        let tally = book.tally(false, &seat.category);
        let tally = tally
            .ok_or_else(|| contradiction(format!("the slot does not sell {}", seat.category)))?;
        book.shift(tally, 1, state(from), state(to))?;
    }
    Ok(HouseDone {
        slot,
        units: i64::try_from(changed.len()).unwrap_or(i64::MAX),
        changed: changed.iter().map(|seat| seat.guid.to_string()).collect(),
        refused,
    })
}

fn area(
    work: &mut Work<'_>,
    slot: SlotId,
    request: &House,
    name: &str,
    quantity: i64,
) -> Result<HouseDone, Stop> {
    let (owner, state) = owner(request.kind);
    let book = work.slot(slot);
    let tally = book.tally(true, name).ok_or_else(|| Refusal::not_found("area", [name]))?;
    let area = book.tallies[tally].name.clone();
    let free = book.tallies[tally].count.free();
    let (book, tx) = work.slot_mut(slot);
    let has = book.staff_places(tx, &area, owner)?;
    let available = if request.lift { has } else { free };
    if available < quantity {
        let (area, withheld) = (name.to_owned(), request.lift.then_some(has));
        return Err(Refusal::NotEnoughFree { area, asked: quantity, free, withheld }.into());
    }

    // From here only the storage can fail.
    if request.lift {
        book.give_places(&area, owner, has, has - quantity);
        book.shift(tally, quantity, state, UnitState::Free)?;
    } else {
        book.give_places(&area, owner, has, has + quantity);
        book.shift(tally, quantity, UnitState::Free, state)?;
    }
    Ok(HouseDone { slot, changed: vec![area.to_string()], units: quantity, refused: vec![] })
}
