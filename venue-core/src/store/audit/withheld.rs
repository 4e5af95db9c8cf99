//! House holds and kills as the feed tells them, to be compared with the claims that are no booking's.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::booking::BookingView;
use crate::domain::reply::HouseDone;

use super::catalogue::Catalogue;
use super::findings::{Findings, Promise};

/// How many units are withheld, by the place of their slot and the name of seat or area. The feed does not
/// tell a house hold from a kill.
#[derive(Debug, Default)]
pub(super) struct Withheld {
    units: FxHashMap<(usize, Arc<str>), i64>,
}

impl Withheld {
    /// True if nothing is.
    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    fn shift(&mut self, slot: usize, name: &Arc<str>, by: i64) -> i64 {
        let key = (slot, Arc::clone(name));
        let units = self.units.entry(key.clone()).or_default();
        *units = units.saturating_add(by);
        let units = *units;
        if units == 0 {
            self.units.remove(&key);
        }
        units
    }

    /// `house.set` (`by` 1) and `house.lifted` (`by` -1).
    pub(super) fn change(
        &mut self,
        slot: usize,
        seq: i64,
        done: &HouseDone,
        by: i64,
        findings: &mut Findings,
    ) {
        for name in &done.changed {
            // One name is an area with its units, or one seat; several are seats.
            let units = if done.changed.len() == 1 { done.units } else { 1 };
            let left = self.shift(slot, &name.as_str().into(), units.saturating_mul(by));
            findings.expect(left >= 0, Promise::Withheld, || {
                format!("change {seq} lifts more of {name} than was withheld")
            });
        }
    }

    /// A new booking has these units: staff may sell a seat that is withheld, and thereby lift it.
    pub(super) fn sold(
        &mut self,
        slot: usize,
        seq: i64,
        view: &BookingView,
        staff: bool,
        findings: &mut Findings,
    ) {
        for seat in view.units.iter().filter_map(|unit| unit.seat.as_ref()) {
            if self.units.contains_key(&(slot, Arc::clone(seat))) {
                self.shift(slot, seat, -1);
                findings.expect(staff, Promise::Withheld, || {
                    format!("change {seq} gives the public seat {seat}, which was withheld")
                });
            }
        }
    }

    /// A claim says that so many units are withheld.
    pub(super) fn meet(&mut self, slot: usize, name: &Arc<str>, units: i64) {
        self.shift(slot, name, units.saturating_neg());
    }

    /// Reports where claims and feed differ, once all claims were met.
    pub(super) fn finish(&self, catalogue: &Catalogue, findings: &mut Findings) {
        for ((slot, name), units) in &self.units {
            let Some(slot) = catalogue.slots.get(*slot) else { continue };
            findings.add(Promise::Withheld, || {
                let (more, less) = if *units > 0 { ("feed", "claims") } else { ("claims", "feed") };
                let units = units.unsigned_abs();
                format!(
                    "slot {}: the {more} withholds {units} of {name} that the {less} do not",
                    slot.id
                )
            });
        }
    }
}
