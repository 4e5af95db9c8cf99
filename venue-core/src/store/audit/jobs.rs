//! Cancelled slots, the jobs that wind them up, and slots that were moved by hand. A job that goes on is nothing wrong:
//! whoever began it may be at it, and if not, the next call or a sweep ends it.

use rustc_hash::FxHashSet;

use crate::domain::ids::SlotId;
use crate::store::boundary::{StoreError, Tx};
use crate::store::sqlite::health;
use crate::store::statement::statements;

use super::catalogue::Catalogue;
use super::feed::History;
use super::findings::{Findings, Promise};
use super::ledger::SlotLedger;
use super::pages::{LEAST, Pages, id, number, walk};

statements! {
    doubt:
    JOBS = "SELECT event, slot, state, holds, bookings, units FROM job WHERE (event, slot) > ($1, $2) ORDER BY event, slot LIMIT 1000"
        (Id, Id) -> (Id, Id, Int, Int, Int, Int);
}

/// Files of an older schema have no jobs, and nothing that was cancelled.
const FIRST_SCHEMA: i64 = 2;
/// A job of a whole event has no slot.
const WHOLE_EVENT: [u8; 16] = [0; 16];

/// Compares the slots with their jobs and with the feed.
pub(super) fn check(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    ledgers: &[SlotLedger],
    history: &History,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    if health::pages(tx)?.schema < FIRST_SCHEMA {
        return Ok(());
    }
    let (mut of_slots, mut going_on) = (FxHashSet::default(), FxHashSet::default());
    walk(tx, Pages::after(&JOBS, [LEAST, LEAST]), |row| {
        let (event, slot, state) = (id(row, 0), id(row, 1), number(row, 2));
        if slot == WHOLE_EVENT {
            findings.expect(catalogue.events.contains_key(&event), Promise::Jobs, || {
                "a job is of an event that is not there".to_owned()
            });
            return;
        }
        let place = catalogue.places.get(&slot).copied();
        let Some(place) = place.filter(|place| catalogue.slots[*place].event == event) else {
            let slot = SlotId::from_bytes(slot);
            findings.add(Promise::Jobs, || format!("a job is of slot {slot}, which is not there"));
            return;
        };
        of_slots.insert(place);
        if state == 0 {
            going_on.insert(place);
        }
        let few = number(row, 5) < number(row, 3).saturating_add(number(row, 4));
        findings.expect(!few, Promise::Jobs, || {
            let slot = SlotId::from_bytes(slot);
            format!("slot {slot}: its job gave back fewer units than it ended bookings")
        });
    })?;
    for (place, (ledger, slot)) in ledgers.iter().zip(&catalogue.slots).enumerate() {
        let told = history.cancelled.contains(&place);
        findings.expect(slot.cancelled == told, Promise::Replay, || {
            format!("slot {} is cancelled or not otherwise than the feed says", slot.id)
        });
        let start = history.moved.get(&place);
        findings.expect(
            start.is_none_or(|at| at.micros() == slot.starts_at),
            Promise::Replay,
            || format!("slot {} does not start when the feed says", slot.id),
        );
        findings.expect(slot.cancelled == of_slots.contains(&place), Promise::Jobs, || {
            format!("slot {} is cancelled without a job, or has one and is not", slot.id)
        });
        let live = ledger.has_buyers() && slot.cancelled && !going_on.contains(&place);
        findings.expect(!live, Promise::Jobs, || {
            format!("slot {} is cancelled and its job is done, and it has live bookings", slot.id)
        });
    }
    Ok(())
}
