//! The counters of areas and categories: the sums of what they count, within the capacity of hall and plan.

use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::statement::statements;

use super::catalogue::Catalogue;
use super::findings::{Findings, Promise};
use super::ledger::SlotLedger;
use super::pages::{LEAST, Pages, id, number, text, walk};

statements! {
    doubt:
    AREAS = "SELECT event, slot, name, capacity, held, sold, house, killed FROM area WHERE (event, slot, name) > ($1, $2, $3) ORDER BY event, slot, name LIMIT 1000"
        (Id, Id, Text) -> (Id, Id, Text, Int, Int, Int, Int, Int);
    SEATS = "SELECT event, slot, category, capacity, held, sold, house, killed FROM seat_count WHERE (event, slot, category) > ($1, $2, $3) ORDER BY event, slot, category LIMIT 1000"
        (Id, Id, Text) -> (Id, Id, Text, Int, Int, Int, Int, Int);
}

/// Compares all counters with the ledgers.
pub(super) fn check(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for (statement, is_area) in [(&AREAS, true), (&SEATS, false)] {
        let begin = [LEAST, LEAST, Value::Text("".into())];
        walk(tx, Pages::after(statement, begin), |row| {
            one(row, is_area, catalogue, ledgers, findings);
        })?;
    }
    for (ledger, slot) in ledgers.iter().zip(&catalogue.slots) {
        for tally in ledger.tallies.iter().filter(|tally| !tally.counted) {
            findings.expect(tally.units == [0; 4], Promise::Counters, || {
                format!("slot {}: {} has units and no counter", slot.id, tally.name)
            });
        }
    }
    Ok(())
}

fn one(
    row: Row<'_>,
    is_area: bool,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    findings: &mut Findings,
) {
    let (event, slot, name) = (id(row, 0), id(row, 1), text(row, 2));
    let place = catalogue.places.get(&slot).copied();
    let Some(place) = place.filter(|place| catalogue.slots[*place].event == event) else {
        findings.add(Promise::Counters, || format!("a counter of {name} is of no slot"));
        return;
    };
    let facts = &catalogue.slots[place];
    let capacity = number(row, 3);
    findings.expect(
        catalogue.capacity(facts, is_area, &name) == Some(capacity),
        Promise::Counters,
        || format!("slot {}: {name} has another capacity than its hall or plan", facts.id),
    );
    let tally = ledgers[place].tally(is_area, &name);
    tally.counted = true;
    let counted = [4, 5, 6, 7].map(|column| number(row, column));
    let names = ["held", "sold", "house", "killed"];
    for ((counted, units), what) in counted.into_iter().zip(tally.units).zip(names) {
        findings.expect(counted == units, Promise::Counters, || {
            format!("slot {}: {name} counts {counted} {what}, the rows are {units}", facts.id)
        });
    }
    let used = tally.units.iter().fold(0_i64, |sum, units| sum.saturating_add(*units));
    findings.expect(used <= capacity, Promise::Counters, || {
        format!("slot {}: {used} of {capacity} {name} are taken", facts.id)
    });
}
