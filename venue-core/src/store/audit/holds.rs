//! The live holds of the slots, and what the slots' own rows say of them.

use crate::domain::ids::BookingId;
use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::statements;

use super::catalogue::Catalogue;
use super::feed::History;
use super::findings::{Findings, Promise};
use super::ledger::{SlotLedger, hold_mark};
use super::pages::{LEAST, Pages, id, number, walk};

statements! {
    doubt:
    HOLDS = "SELECT h.event, h.slot, h.expires_at, h.booking, h.area, b.state, b.expires_at FROM hold h LEFT JOIN booking b ON b.event = h.event AND b.id = h.booking WHERE (h.event, h.slot, h.expires_at, h.booking) > ($1, $2, $3, $4) ORDER BY h.event, h.slot, h.expires_at, h.booking LIMIT 1000"
        (Id, Id, Int, Id) -> (Id, Id, Int, Id, Text, Int, Int);
}

/// Compares the holds with the held bookings, and the slots' rows with both and with the feed.
pub(super) fn check(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    history: &History,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let begin = [LEAST, LEAST, Value::Int(i64::MIN), LEAST];
    walk(tx, Pages::after(&HOLDS, begin), |row| {
        let (event, slot, expires_at, booking) =
            (id(row, 0), id(row, 1), number(row, 2), id(row, 3));
        let fits = row.maybe_int(5) == Some(0) && row.maybe_int(6) == Some(expires_at);
        findings.expect(fits, Promise::Holds, || {
            let booking = BookingId::from_bytes(booking);
            format!("booking {booking} is not held until {expires_at}, as its hold says")
        });
        let place = catalogue.places.get(&slot).copied();
        match place.filter(|place| catalogue.slots[*place].event == event) {
            Some(place) => {
                let mark = hold_mark(expires_at, booking, row.maybe_text(4).map(|area| &**area));
                ledgers[place].holds = ledgers[place].holds.wrapping_sub(mark);
            }
            None => findings.add(Promise::Holds, || "a hold is of no slot".to_owned()),
        }
    })?;
    for (place, (ledger, slot)) in ledgers.iter().zip(&catalogue.slots).enumerate() {
        findings.expect(ledger.holds == 0, Promise::Holds, || {
            format!("slot {}: its holds are not its held bookings", slot.id)
        });
        findings.expect(ledger.first_end == slot.next_due, Promise::Holds, || {
            let time = |at: Option<i64>| at.map_or_else(|| "never".to_owned(), |at| at.to_string());
            let (says, is) = (time(slot.next_due), time(ledger.first_end));
            format!("slot {}: next_due is {says}, its first hold ends {is}", slot.id)
        });
        let closed = history.closed.get(&place).copied().unwrap_or(false);
        findings.expect(slot.closed == closed, Promise::Replay, || {
            format!("slot {} is closed or open otherwise than the feed says", slot.id)
        });
    }
    Ok(())
}
