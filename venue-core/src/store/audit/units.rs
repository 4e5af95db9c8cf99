//! Who owns which unit: the claims, against the lines and against the feed's house holds and kills.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::BookingId;
use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::statement::statements;

use super::catalogue::{Catalogue, SlotFacts};
use super::findings::{Findings, Promise};
use super::ledger::{SlotLedger, claim_mark};
use super::pages::{LEAST, Pages, id, number, text, walk};
use super::withheld::Withheld;

statements! {
    doubt:
    CLAIMS = "SELECT event, slot, seat, kind, booking FROM claim WHERE (event, slot, seat) > ($1, $2, $3) ORDER BY event, slot, seat LIMIT 2000"
        (Id, Id, Text) -> (Id, Id, Text, Int, Id);
    PLACES = "SELECT event, slot, area, kind, booking, quantity FROM area_claim WHERE (event, slot, area, kind, booking) > ($1, $2, $3, $4, $5) ORDER BY event, slot, area, kind, booking LIMIT 2000"
        (Id, Id, Text, Int, Id) -> (Id, Id, Text, Int, Id, Int);
    SEATS = "SELECT plan, ordinal, guid, category FROM seat WHERE plan = $1 AND ordinal > $2 ORDER BY ordinal LIMIT 5000"
        (Id, Int) -> (Id, Int, Text, Text);
    SLOT_CLAIMS = "SELECT event, slot, seat, booking FROM claim WHERE event = $1 AND slot = $2 AND seat > $3 AND kind = 0 ORDER BY seat LIMIT 2000"
        (Id, Id, Text) -> (Id, Id, Text, Id);
    SLOT_PLACES = "SELECT event, slot, area, kind, booking, quantity FROM area_claim WHERE event = $1 AND slot = $2 AND (area, kind, booking) > ($3, $4, $5) ORDER BY area, kind, booking LIMIT 2000"
        (Id, Id, Text, Int, Id) -> (Id, Id, Text, Int, Id, Int);
    SLOT_LINES = "SELECT l.slot, l.booking, l.event, l.n, l.seat, l.area, l.quantity FROM line l JOIN booking b ON b.event = l.event AND b.id = l.booking WHERE l.slot = $1 AND (l.booking, l.event, l.n) > ($2, $3, $4) AND l.state = 0 AND b.state IN (0, 1) ORDER BY l.booking, l.event, l.n LIMIT 2000"
        (Id, Id, Id, Int) -> (Id, Id, Id, Int, Text, Text, Int);
}

/// At most so many slots are looked at unit by unit.
const LOOKED_AT: usize = 20;

/// The categories of a plan's seats, by their stable ids.
type Seats = FxHashMap<Arc<str>, Arc<str>>;

/// Checks all claims, and adds house holds and kills to the ledgers.
pub(super) fn check(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    withheld: &mut Withheld,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    seats(tx, catalogue, ledgers, withheld, findings)?;
    let begin = [LEAST, LEAST, Value::Text("".into()), Value::Int(-1), LEAST];
    walk(tx, Pages::after(&PLACES, begin), |row| {
        let Some(place) = place_of(row, catalogue, findings) else { return };
        let (slot, area) = (&catalogue.slots[place], text(row, 2));
        let (kind, booking, quantity) = (number(row, 3), id(row, 4), number(row, 5));
        let known = catalogue.capacity(slot, true, &area).is_some();
        findings.expect(known && quantity >= 1, Promise::Units, || {
            format!("slot {}: {quantity} places of {area} are claimed", slot.id)
        });
        let ledger = &mut ledgers[place];
        if kind == 0 {
            let mark = claim_mark(true, &area, booking, quantity);
            ledger.claims = ledger.claims.wrapping_sub(mark);
        } else {
            withhold(ledger, true, &area, kind, quantity);
            withheld.meet(place, &area, quantity);
        }
    })?;
    withheld.finish(catalogue, findings);
    let wrong = ledgers.iter().zip(&catalogue.slots).filter(|(ledger, _)| ledger.claims != 0);
    for (nth, (_, slot)) in wrong.enumerate() {
        if nth < LOOKED_AT {
            look(tx, slot, findings)?;
        } else {
            findings.add(Promise::Units, || format!("slot {}: lines and claims differ", slot.id));
        }
    }
    Ok(())
}

fn seats(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    withheld: &mut Withheld,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let mut plan: (Option<[u8; 16]>, Seats) = (None, Seats::default());
    let mut pages = Pages::after(&CLAIMS, [LEAST, LEAST, Value::Text("".into())]);
    loop {
        let slot = match pages.row(tx)? {
            None => return Ok(()),
            Some(row) => catalogue.places.get(&id(row, 1)).map(|place| &catalogue.slots[*place]),
        };
        // Claims come slot by slot, and the slots of an event have one plan, or few.
        if let Some(slot) = slot
            && slot.plan != plan.0
        {
            plan = (slot.plan, load_seats(tx, slot.plan)?);
        }
        if let Some(row) = pages.row(tx)? {
            seat(row, &plan.1, catalogue, ledgers, withheld, findings);
        }
        pages.step();
    }
}

fn load_seats(tx: &mut dyn Tx, plan: Option<[u8; 16]>) -> Result<Seats, StoreError> {
    let mut seats = Seats::default();
    let Some(plan) = plan else { return Ok(seats) };
    walk(tx, Pages::after(&SEATS, [Value::Id(plan), Value::Int(-1)]), |row| {
        seats.insert(text(row, 2), text(row, 3));
    })?;
    Ok(seats)
}

fn seat(
    row: Row<'_>,
    seats: &Seats,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    withheld: &mut Withheld,
    findings: &mut Findings,
) {
    let Some(place) = place_of(row, catalogue, findings) else { return };
    let (slot, seat, kind) = (&catalogue.slots[place], text(row, 2), number(row, 3));
    let category = seats.get(&seat);
    findings.expect(category.is_some(), Promise::Units, || {
        format!("slot {}: seat {seat} is claimed, but its plan has no such seat", slot.id)
    });
    let ledger = &mut ledgers[place];
    match (kind, row.maybe_id(4)) {
        (0, Some(booking)) => {
            let mark = claim_mark(false, &seat, booking, 1);
            ledger.claims = ledger.claims.wrapping_sub(mark);
        }
        (1 | 2, None) => {
            if let Some(category) = category {
                withhold(ledger, false, category, kind, 1);
            }
            withheld.meet(place, &seat, 1);
        }
        _ => findings.add(Promise::Units, || {
            format!("slot {}: the claim on seat {seat} has no possible owner", slot.id)
        }),
    }
}

fn withhold(ledger: &mut SlotLedger, is_area: bool, name: &Arc<str>, kind: i64, quantity: i64) {
    let units = &mut ledger.tally(is_area, name).units[if kind == 1 { 2 } else { 3 }];
    *units = units.saturating_add(quantity);
}

/// The place of the slot that a row of claims is of.
fn place_of(row: Row<'_>, catalogue: &Catalogue, findings: &mut Findings) -> Option<usize> {
    let (event, slot) = (id(row, 0), id(row, 1));
    let place = catalogue.places.get(&slot).copied();
    let place = place.filter(|place| catalogue.slots[*place].event == event);
    if place.is_none() {
        findings.add(Promise::Units, || {
            let slot = crate::domain::ids::SlotId::from_bytes(slot);
            format!("{} is claimed of slot {slot}, which is not there", text(row, 2))
        });
    }
    place
}

/// What a booking has of a seat or area, by lines (first) and by claims.
type Owned = BTreeMap<(Arc<str>, [u8; 16]), [i64; 2]>;

/// Compares the lines and claims of one slot unit by unit.
fn look(tx: &mut dyn Tx, slot: &SlotFacts, findings: &mut Findings) -> Result<(), StoreError> {
    let (mut owned, key) = (Owned::new(), Value::Id(slot.id.bytes()));
    let event = Value::Id(slot.event);
    walk(tx, Pages::after(&SLOT_LINES, [key.clone(), LEAST, LEAST, Value::Int(-1)]), |row| {
        let name = row.maybe_text(4).or(row.maybe_text(5)).cloned().unwrap_or_default();
        let units = &mut owned.entry((name, id(row, 1))).or_default()[0];
        *units = units.saturating_add(number(row, 6));
    })?;
    let begin = [event.clone(), key.clone(), Value::Text("".into())];
    walk(tx, Pages::after(&SLOT_CLAIMS, begin), |row| {
        owned.entry((text(row, 2), id(row, 3))).or_default()[1] += 1;
    })?;
    let begin = [event, key, Value::Text("".into()), Value::Int(-1), LEAST];
    walk(tx, Pages::after(&SLOT_PLACES, begin), |row| {
        if number(row, 3) == 0 {
            let units = &mut owned.entry((text(row, 2), id(row, 4))).or_default()[1];
            *units = units.saturating_add(number(row, 5));
        }
    })?;
    let mut differs = false;
    for ((unit, booking), [lines, claims]) in owned {
        differs |= lines != claims;
        findings.expect(lines == claims, Promise::Units, || {
            let booking = BookingId::from_bytes(booking);
            let slot = slot.id;
            format!(
                "slot {slot}: booking {booking} has {lines} of {unit} by lines, {claims} by claims"
            )
        });
    }
    findings.expect(differs, Promise::Units, || {
        format!("slot {}: claims lie under another kind of unit than the lines", slot.id)
    });
    Ok(())
}
