//! Slots of one hall that are there at the same time.

use std::collections::BTreeMap;

use super::catalogue::{Catalogue, SlotFacts};
use super::findings::{Findings, Promise};

/// Reports slots of a hall that overlap, turnaround included, unless the hall is shared, or they are of one event
/// and either's schedule says so: what generating lets stand. Cancelled slots do not count.
pub(super) fn check(catalogue: &Catalogue, findings: &mut Findings) {
    let mut by_hall: BTreeMap<[u8; 16], Vec<&SlotFacts>> = BTreeMap::new();
    for slot in catalogue.slots.iter().filter(|slot| !slot.cancelled) {
        let event = catalogue.events.get(&slot.event);
        if let Some(event) = event.filter(|event| !event.deleted) {
            by_hall.entry(event.hall).or_default().push(slot);
        }
    }
    for (hall, mut slots) in by_hall {
        let Some(hall) = catalogue.halls.get(&hall) else { continue };
        slots.sort_unstable_by_key(|slot| (slot.starts_at, slot.id));
        let mut open: Vec<&SlotFacts> = Vec::new();
        for slot in slots {
            open.retain(|other| slot.starts_at < other.ends_at.saturating_add(hall.turnaround));
            let clash = open.iter().find(|other| {
                let lifted = other.event == slot.event && (other.overlap || slot.overlap);
                !hall.shared && !lifted
            });
            if let Some(other) = clash {
                findings.add(Promise::Catalogue, || {
                    format!("slots {} and {} overlap in their hall", other.id, slot.id)
                });
            }
            open.push(slot);
        }
    }
}
