//! A slot's inventory as an aggregate: counters, owners of seats, live holds. Loaded by parts on first touch,
//! changed in memory, written in one pass at the end of a batch, and kept for the next batch.
//!
//! I3: what is cached equals the file as long as the slot's version does; every write that touches a slot
//! bumps its version.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::BookingId;
use crate::domain::instant::Instant;
use crate::domain::inventory::{Count, Owner, UnitState};
use crate::domain::slot::Slot;
use crate::store::boundary::{StoreError, StoreFailure, Tx};
use crate::store::claims::{self, ClaimWrites};
use crate::store::events::Terms;
use crate::store::slots::{self, SlotWrites};

use super::seat_owners::{SeatOwner, SeatOwners};

/// The counter of an area, or of the seats of a category.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// True for an area.
    pub(crate) is_area: bool,
    /// The area's name, or the category's.
    pub(crate) name: Arc<str>,
    /// Its units are sold in this category.
    pub(crate) category: Arc<str>,
    /// How many are what.
    pub(crate) count: Count,
    dirty: bool,
}

/// A value as the file has it, and as it is now.
#[derive(Debug, Clone)]
struct Changed<T> {
    stored: T,
    now: T,
}

impl<T: Clone> Changed<T> {
    fn same(value: T) -> Self {
        Self { stored: value.clone(), now: value }
    }
}

/// A hold of the slot: the area it has places of, if it is not for seats.
type HoldArea = Option<Arc<str>>;

/// The aggregate.
#[derive(Debug)]
pub(crate) struct SlotBook {
    /// The row.
    pub(crate) slot: Slot,
    /// Its event's terms.
    pub(crate) terms: Arc<Terms>,
    /// When its next hold ends; none: it has none.
    pub(crate) next_due: Option<Instant>,
    /// Areas in the hall's order, then seat categories in the plan's.
    pub(crate) tallies: Vec<Tally>,
    seats: SeatOwners,
    area_claims: FxHashMap<(Arc<str>, Owner), Changed<Option<i64>>>,
    holds: Option<BTreeMap<(Instant, BookingId), HoldArea>>,
    holds_touched: BTreeMap<(Instant, BookingId), (bool, HoldArea)>,
    dirty: bool,
    version_stored: i64,
}

impl SlotBook {
    /// Loads the slot's counters.
    pub(crate) fn load(
        tx: &mut dyn Tx,
        loaded: slots::Loaded,
        terms: Arc<Terms>,
        capacities: &[(Arc<str>, i64)],
    ) -> Result<Self, StoreError> {
        let slot = loaded.slot;
        let (areas, seats) = slots::counts(tx, &slot)?;
        let stored = |counts: &[(Arc<str>, Count)], name: &Arc<str>, capacity| {
            let found = counts.iter().find(|(other, _)| other == name);
            found.map_or(Count::of(capacity), |(_, count)| *count)
        };
        let of_area = terms.areas.iter().map(|area| Tally {
            is_area: true,
            name: Arc::clone(&area.name),
            category: Arc::clone(&area.category),
            count: stored(&areas, &area.name, area.capacity),
            dirty: false,
        });
        let of_seats = capacities.iter().map(|(category, capacity)| Tally {
            is_area: false,
            name: Arc::clone(category),
            category: Arc::clone(category),
            count: stored(&seats, category, *capacity),
            dirty: false,
        });
        let tallies = of_area.chain(of_seats).collect();
        let version_stored = slot.version;
        Ok(Self {
            slot,
            terms,
            next_due: loaded.next_due,
            tallies,
            seats: SeatOwners::default(),
            area_claims: FxHashMap::default(),
            holds: None,
            holds_touched: BTreeMap::new(),
            dirty: false,
            version_stored,
        })
    }

    /// The place of an area's counter, or of a seat category's.
    pub(crate) fn tally(&self, is_area: bool, name: &str) -> Option<usize> {
        self.tallies.iter().position(|tally| tally.is_area == is_area && &*tally.name == name)
    }

    /// Moves units from one state to another in a counter; `Corrupt` where the counter does not have them.
    pub(crate) fn shift(
        &mut self,
        tally: usize,
        quantity: i64,
        from: UnitState,
        to: UnitState,
    ) -> Result<(), StoreError> {
        let tally = &mut self.tallies[tally];
        if tally.count.shift(quantity, from, to).is_err() {
            let (from, name) = (from.name(), &tally.name);
            return Err(contradiction(format!(
                "{name} does not have {quantity} units that are {from}"
            )));
        }
        tally.dirty = true;
        self.touch();
        Ok(())
    }

    /// How many of its units are held or sold.
    pub(crate) fn units_with_buyers(&self) -> i64 {
        self.tallies.iter().map(|tally| tally.count.held + tally.count.sold).sum()
    }

    /// Notes that the slot's row is to be written.
    pub(crate) fn touch(&mut self) {
        if !self.dirty {
            self.dirty = true;
            self.slot.version += 1;
        }
    }

    /// Who owns a seat.
    pub(crate) fn owner(
        &mut self,
        tx: &mut dyn Tx,
        seat: &Arc<str>,
    ) -> Result<SeatOwner, StoreError> {
        self.seats.owner(tx, &self.slot, seat)
    }

    /// Gives a seat to an owner, or to nobody; says whose it was. Its owner was asked for before.
    pub(crate) fn give_seat(&mut self, seat: &Arc<str>, owner: SeatOwner) -> SeatOwner {
        self.touch();
        self.seats.give(seat, owner)
    }

    /// Changes what a seat of this owner is, or gives it to nobody; `Corrupt` where somebody else has it. Its owner was
    /// asked for before.
    pub(crate) fn change_seat(
        &mut self,
        seat: &Arc<str>,
        owner: Owner,
        to: Option<UnitState>,
    ) -> Result<(), StoreError> {
        if self.seats.known(seat).is_none_or(|(has, _)| has != owner) {
            return Err(contradiction(format!("{seat} does not belong to {owner:?}")));
        }
        self.give_seat(seat, to.map(|state| (owner, state)));
        Ok(())
    }

    /// How many places of an area are kept for staff or killed.
    pub(crate) fn staff_places(
        &mut self,
        tx: &mut dyn Tx,
        area: &Arc<str>,
        owner: Owner,
    ) -> Result<i64, StoreError> {
        let key = (Arc::clone(area), owner);
        if let Some(known) = self.area_claims.get(&key) {
            return Ok(known.now.unwrap_or(0));
        }
        let quantity = claims::area_quantity(tx, &self.slot, area, owner)?;
        self.area_claims.insert(key, Changed::same(quantity));
        Ok(quantity.unwrap_or(0))
    }

    /// Gives an owner so many places of an area instead of so many before; the counter moves on its own.
    pub(crate) fn give_places(&mut self, area: &Arc<str>, owner: Owner, before: i64, after: i64) {
        let some = |quantity: i64| (quantity > 0).then_some(quantity);
        let known = self
            .area_claims
            .entry((Arc::clone(area), owner))
            .or_insert_with(|| Changed::same(some(before)));
        assert_eq!(known.now, some(before), "places of {area} are not as they were known");
        known.now = some(after);
        self.touch();
    }

    /// The slot's holds, live and due, by their end.
    pub(crate) fn holds(
        &mut self,
        tx: &mut dyn Tx,
    ) -> Result<&mut BTreeMap<(Instant, BookingId), HoldArea>, StoreError> {
        if self.holds.is_none() {
            let rows = slots::holds(tx, &self.slot)?;
            self.holds = Some(rows.into_iter().map(|(at, id, area)| ((at, id), area)).collect());
        }
        Ok(self.holds.get_or_insert_default())
    }

    /// A hold begins, or ends at another time than before. [`SlotBook::holds`] was called before.
    pub(crate) fn put_hold(&mut self, expires_at: Instant, booking: BookingId, area: HoldArea) {
        let key = (expires_at, booking);
        self.holds_touched.entry(key).or_insert_with(|| (false, area.clone()));
        self.holds.get_or_insert_default().insert(key, area);
        self.note_next_due();
    }

    /// A hold is over; `Corrupt` where the slot does not have it. [`SlotBook::holds`] was called before.
    pub(crate) fn drop_hold(
        &mut self,
        expires_at: Instant,
        booking: BookingId,
    ) -> Result<(), StoreError> {
        let key = (expires_at, booking);
        let Some(area) = self.holds.get_or_insert_default().remove(&key) else {
            return Err(contradiction(format!("the slot does not have the hold of {booking}")));
        };
        self.holds_touched.entry(key).or_insert_with(|| (true, area));
        self.note_next_due();
        Ok(())
    }

    fn note_next_due(&mut self) {
        let first = self.holds.as_ref().and_then(|holds| holds.keys().next());
        self.next_due = first.map(|(expires_at, _)| *expires_at);
        self.touch();
    }

    /// When the next hold that has places of this area ends.
    pub(crate) fn next_due_of(
        &mut self,
        tx: &mut dyn Tx,
        area: &str,
    ) -> Result<Option<Instant>, StoreError> {
        let holds = self.holds(tx)?;
        let of_area = holds.iter().find(|(_, held)| held.as_deref() == Some(area));
        Ok(of_area.map(|((expires_at, _), _)| *expires_at))
    }

    /// Adds what changed to the writes of a batch.
    pub(crate) fn write(&self, slots: &mut SlotWrites, claims: &mut ClaimWrites) {
        if !self.dirty {
            return;
        }
        assert!(self.version_stored < self.slot.version, "a slot is written with a new version");
        slots.touch(&self.slot, self.next_due);
        for tally in self.tallies.iter().filter(|tally| tally.dirty) {
            slots.count(&self.slot, tally.is_area, &tally.name, &tally.count);
        }
        for (seat, before, after) in self.seats.changed() {
            claims.seat(&self.slot, seat, before, after);
        }
        let mut places: Vec<_> = self.area_claims.iter().collect();
        places.sort_unstable_by(|((a, ao), _), ((b, bo), _)| (a, key(*ao)).cmp(&(b, key(*bo))));
        for ((area, owner), changed) in places {
            claims.area(&self.slot, area, *owner, changed.stored, changed.now);
        }
        for ((expires_at, booking), (was_there, area)) in &self.holds_touched {
            let is_there = self
                .holds
                .as_ref()
                .is_some_and(|holds| holds.contains_key(&(*expires_at, *booking)));
            match (was_there, is_there) {
                (true, false) => slots.drop_hold(&self.slot, *expires_at, *booking),
                (false, true) => slots.put_hold(&self.slot, *expires_at, *booking, area.as_ref()),
                (true, true) | (false, false) => {}
            }
        }
    }

    /// Makes what is now what the file has: after the commit.
    pub(crate) fn settle(&mut self) {
        self.seats.settle();
        self.area_claims.clear();
        self.holds_touched.clear();
        self.tallies.iter_mut().for_each(|tally| tally.dirty = false);
        self.dirty = false;
        self.version_stored = self.slot.version;
    }

    /// How many things it remembers, for bounding the cache.
    pub(crate) fn weight(&self) -> usize {
        1 + self.seats.len() + self.holds.as_ref().map_or(0, BTreeMap::len)
    }
}

/// Rows that contradict each other: the file is damaged, and nothing is written over it.
pub(super) fn contradiction(words: String) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, words)
}

fn key(owner: Owner) -> (u8, [u8; 16]) {
    match owner {
        Owner::Booking(booking) => (0, booking.bytes()),
        Owner::House => (1, [0; 16]),
        Owner::Kill => (2, [0; 16]),
    }
}
