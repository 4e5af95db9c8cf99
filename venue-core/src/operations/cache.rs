//! What lives across batches. Every entry is checked against a version in the file before it is used, and
//! all of it is dropped by a rollback.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::{EventId, PlanId, SlotId};
use crate::domain::instant::Instant;
use crate::store::boundary::{StoreError, Tx};
use crate::store::claims::{self, SeatFacts};
use crate::store::events::{Organizer, Terms};

use super::slot_book::SlotBook;

/// At most so many things are remembered of slots, and so many seats of plans.
const MOST: usize = 500_000;

/// After so many seats of a plan were looked up one by one, all of them are loaded at once.
const LOOK_UPS: usize = 256;

/// The seats that names lead to, as far as they were asked for.
#[derive(Debug, Default)]
pub(crate) struct SeatNames {
    names: FxHashMap<Arc<str>, Arc<SeatFacts>>,
    looked_up: usize,
    all_guids: bool,
}

impl SeatNames {
    /// The seat that a name leads to in a plan. A name that leads nowhere is not remembered: anybody can
    /// invent as many as they like.
    pub(crate) fn named(
        &mut self,
        tx: &mut dyn Tx,
        plan: PlanId,
        name: &str,
    ) -> Result<Option<Arc<SeatFacts>>, StoreError> {
        if let Some(known) = self.names.get(name) {
            return Ok(Some(Arc::clone(known)));
        }
        if !self.all_guids && self.looked_up >= LOOK_UPS {
            for seat in claims::seats(tx, plan)? {
                let guid = Arc::clone(&seat.guid);
                self.names.entry(guid).or_insert_with(|| Arc::new(seat));
            }
            self.all_guids = true;
            return self.named(tx, plan, name);
        }
        self.looked_up += 1;
        let seat = claims::seat_named(tx, plan, name)?.map(Arc::new);
        if let Some(seat) = &seat {
            self.names.insert(name.into(), Arc::clone(seat));
        }
        Ok(seat)
    }
}

/// The caches of one engine.
#[derive(Debug)]
pub(crate) struct Caches {
    /// The organizers, as of this state of the catalogue.
    pub(crate) organizers: Option<(i64, Arc<[Organizer]>)>,
    /// Terms, valid while the event has their version.
    pub(crate) terms: FxHashMap<EventId, Arc<Terms>>,
    /// Inventories, valid while the slot has their version.
    pub(crate) slots: FxHashMap<SlotId, SlotBook>,
    /// Seats: plans never change.
    pub(crate) seats: FxHashMap<PlanId, SeatNames>,
    /// No key record is dead before this instant: the oldest end first, and new ones only join at the back.
    pub(crate) keys_live_until: Instant,
    /// Seats by category: plans never change.
    pub(crate) capacities: FxHashMap<PlanId, Arc<[(Arc<str>, i64)]>>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            organizers: None,
            terms: FxHashMap::default(),
            slots: FxHashMap::default(),
            seats: FxHashMap::default(),
            keys_live_until: Instant::EPOCH,
            capacities: FxHashMap::default(),
        }
    }
}

impl Caches {
    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets what may be half changed: after a rollback.
    pub(crate) fn drop_unsettled(&mut self) {
        self.slots.clear();
        self.terms.clear();
        self.organizers = None;
        self.keys_live_until = Instant::EPOCH;
    }

    /// Keeps memory flat: forgets everything of a kind that has grown too large.
    pub(crate) fn trim(&mut self) {
        if self.slots.values().map(SlotBook::weight).sum::<usize>() > MOST {
            self.slots.clear();
        }
        if self.seats.values().map(|seats| seats.names.len()).sum::<usize>() > MOST {
            self.seats.clear();
        }
        if self.terms.len() > 10_000 || self.capacities.len() > 10_000 {
            self.terms.clear();
            self.capacities.clear();
        }
    }
}
