//! What lives across batches. Every entry is checked against a version in the file before it is used, and
//! all of it is dropped by a rollback.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::{EventId, PlanId, SlotId};
use crate::store::claims::SeatFacts;
use crate::store::events::{Organizer, Terms};

use super::slot_book::SlotBook;

/// At most so many things are remembered of slots, and so many seats of plans.
const MOST: usize = 500_000;

/// The seats that names lead to, as far as they were asked for.
type SeatNames = FxHashMap<Arc<str>, Option<Arc<SeatFacts>>>;

/// The caches of one engine.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    /// The organizers, as of this state of the catalogue.
    pub(crate) organizers: Option<(i64, Arc<[Organizer]>)>,
    /// Terms, valid while the event has their version.
    pub(crate) terms: FxHashMap<EventId, Arc<Terms>>,
    /// Inventories, valid while the slot has their version.
    pub(crate) slots: FxHashMap<SlotId, SlotBook>,
    /// Seats: plans never change.
    pub(crate) seats: FxHashMap<PlanId, SeatNames>,
    /// Seats by category: plans never change.
    pub(crate) capacities: FxHashMap<PlanId, Arc<[(Arc<str>, i64)]>>,
}

impl Caches {
    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets what may be half changed: after a rollback.
    pub(crate) fn drop_unsettled(&mut self) {
        self.slots.clear();
        self.organizers = None;
    }

    /// Keeps memory flat: forgets everything of a kind that has grown too large.
    pub(crate) fn trim(&mut self) {
        if self.slots.values().map(SlotBook::weight).sum::<usize>() > MOST {
            self.slots.clear();
        }
        if self.seats.values().map(FxHashMap::len).sum::<usize>() > MOST {
            self.seats.clear();
        }
        if self.terms.len() > 10_000 || self.capacities.len() > 10_000 {
            self.terms.clear();
            self.capacities.clear();
        }
    }
}
