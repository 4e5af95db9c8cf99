//! The unit of work: what a batch has loaded and changed over one open transaction.
//!
//! It holds aggregates, not query results. "Absent" is a loaded fact. Commands read and change them in
//! memory, in arrival order; the flush writes everything in one pass, in one fixed order.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::canary::{Canary, now_and_then, planted};
use crate::domain::booking::Booking;
use crate::domain::hold::Secret;
use crate::domain::ids::{BookingId, EventId, OrganizerId, PlanId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::reference::{References, booking_id};
use crate::domain::text::Buyer;
use crate::store::bookings;
use crate::store::boundary::{Call, StoreError, Tx};
use crate::store::changes::{self, ChangeRow};
use crate::store::claims::SeatFacts;
use crate::store::events::{self, Organizer, Terms};
use crate::store::keys::{self, KeyName, KeyRecord};
use crate::store::meta::Meta;
use crate::store::slots;

use super::cache::Caches;
use super::slot_book::SlotBook;

/// A booking as it was loaded, and as it is now.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) before: Option<Booking>,
    pub(super) now: Booking,
    dirty: bool,
}

/// A provider's payment that a command recorded.
#[derive(Debug)]
pub(super) struct Paid {
    pub(super) booking: u64,
    organizer: OrganizerId,
    pub(super) method: Arc<str>,
    pub(super) reference: Arc<str>,
    pub(super) minor: i64,
}

/// The unit of work of one batch.
pub(crate) struct Work<'a> {
    /// The open transaction.
    pub(crate) tx: &'a mut dyn Tx,
    pub(super) caches: &'a mut Caches,
    /// What makes ids unlike each other.
    pub(crate) noise: &'a mut dyn FnMut() -> u64,
    /// The file's row, moved on by what the batch does.
    pub(crate) meta: Meta,
    /// The file's secret; none if it is lost.
    pub(crate) secret: Option<&'a Secret>,
    /// The batch's instant.
    pub(crate) now: Instant,
    /// Turns numbers into references.
    pub(crate) references: References,
    pub(super) checked: FxHashSet<SlotId>,
    pub(super) bookings: FxHashMap<u64, Option<Entry>>,
    pub(super) dirty_bookings: Vec<u64>,
    /// The bookings born in this batch, in the order of their numbers.
    pub(super) born: Vec<Booking>,
    /// The newest number before this batch.
    last_number: u64,
    buyers: FxHashMap<(SlotId, Buyer), i64>,
    pub(super) paid: Vec<Paid>,
    pub(super) keys: FxHashMap<KeyName, Option<KeyRecord>>,
    pub(super) new_keys: Vec<KeyName>,
    /// Records of keys that the engine made: nobody can ask for them in this batch.
    pub(super) fresh_keys: Vec<(KeyName, KeyRecord)>,
    pub(super) dropped_keys: Vec<i64>,
    /// Sequence and body of each change of this batch.
    pub(super) changes: Vec<(i64, Option<Arc<str>>)>,
    pub(super) chained: Call,
    /// A row was written at once, outside the aggregates.
    pub(super) written: bool,
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("now", &self.now).finish_non_exhaustive()
    }
}

impl<'a> Work<'a> {
    /// Begins the work of a batch. `meta` was loaded in the open transaction.
    pub(crate) fn new(
        tx: &'a mut dyn Tx,
        caches: &'a mut Caches,
        noise: &'a mut dyn FnMut() -> u64,
        meta: Meta,
        secret: Option<&'a Secret>,
        now: Instant,
    ) -> Self {
        let references = References::of(meta.file_id);
        let last_number = meta.last_number;
        Self {
            tx,
            caches,
            noise,
            meta,
            secret,
            now,
            references,
            checked: FxHashSet::default(),
            bookings: FxHashMap::default(),
            dirty_bookings: Vec::new(),
            born: Vec::new(),
            last_number,
            buyers: FxHashMap::default(),
            paid: Vec::new(),
            keys: FxHashMap::default(),
            new_keys: Vec::new(),
            fresh_keys: Vec::new(),
            dropped_keys: Vec::new(),
            changes: Vec::new(),
            chained: changes::inserts(),
            written: false,
        }
    }

    /// The organizers of the file.
    pub(crate) fn organizers(&mut self) -> Result<Arc<[Organizer]>, StoreError> {
        match &self.caches.organizers {
            Some((catalog, organizers)) if *catalog == self.meta.catalog => {
                Ok(Arc::clone(organizers))
            }
            Some(_) | None => {
                let organizers: Arc<[Organizer]> = events::organizers(self.tx)?.into();
                self.caches.organizers = Some((self.meta.catalog, Arc::clone(&organizers)));
                Ok(organizers)
            }
        }
    }

    /// The terms of an event, in this version.
    fn terms(&mut self, event: EventId, version: i64) -> Result<Option<Arc<Terms>>, StoreError> {
        match self.caches.terms.get(&event) {
            Some(terms) if terms.version == version => Ok(Some(Arc::clone(terms))),
            Some(_) | None => {
                let terms = events::terms(self.tx, event)?.map(Arc::new);
                if let Some(terms) = &terms {
                    self.caches.terms.insert(event, Arc::clone(terms));
                }
                Ok(terms)
            }
        }
    }

    /// How many seats of each category a plan has.
    fn capacities(&mut self, plan: Option<PlanId>) -> Result<Arc<[(Arc<str>, i64)]>, StoreError> {
        let Some(plan) = plan else { return Ok(Arc::new([])) };
        if let Some(known) = self.caches.capacities.get(&plan) {
            return Ok(Arc::clone(known));
        }
        let loaded: Arc<[_]> = slots::capacities(self.tx, plan)?.into();
        self.caches.capacities.insert(plan, Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Loads a slot, or checks that the cached one is still right. False if there is none.
    ///
    /// I3: a cached aggregate is used only while the loaded version equals its own.
    pub(crate) fn open_slot(&mut self, id: SlotId) -> Result<bool, StoreError> {
        if self.checked.contains(&id) {
            return Ok(self.caches.slots.contains_key(&id));
        }
        let loaded = slots::by_id(self.tx, id)?;
        self.checked.insert(id);
        let Some(loaded) = loaded else {
            self.caches.slots.remove(&id);
            return Ok(false);
        };
        let Some(terms) = self.terms(loaded.slot.event, loaded.event_version)? else {
            self.caches.slots.remove(&id);
            return Ok(false);
        };
        match self.caches.slots.get_mut(&id) {
            Some(book)
                if book.slot.version == loaded.slot.version || planted(Canary::StaleCache) =>
            {
                book.terms = terms;
            }
            Some(_) | None => {
                let capacities = self.capacities(loaded.slot.plan)?;
                let book = SlotBook::load(self.tx, loaded, terms, &capacities)?;
                self.caches.slots.insert(id, book);
            }
        }
        Ok(true)
    }

    /// An open slot's aggregate. [`Work::open_slot`] said true before.
    pub(crate) fn slot(&self, id: SlotId) -> &SlotBook {
        self.caches.slots.get(&id).unwrap_or_else(|| unreachable!("the slot was opened"))
    }

    /// The terms of an open slot's event.
    pub(crate) fn terms_of(&self, id: SlotId) -> Arc<Terms> {
        Arc::clone(&self.slot(id).terms)
    }

    /// An open slot's aggregate to change, with the transaction for what it has not loaded yet.
    pub(crate) fn slot_mut(&mut self, id: SlotId) -> (&mut SlotBook, &mut dyn Tx) {
        let book = self.caches.slots.get_mut(&id);
        (book.unwrap_or_else(|| unreachable!("the slot was opened")), self.tx)
    }

    /// The seat that a name leads to in a plan.
    pub(crate) fn seat_named(
        &mut self,
        plan: PlanId,
        name: &str,
    ) -> Result<Option<Arc<SeatFacts>>, StoreError> {
        self.caches.seats.entry(plan).or_default().named(self.tx, plan, name)
    }

    /// The booking with this number.
    pub(crate) fn booking(&mut self, number: u64) -> Result<Option<&Booking>, StoreError> {
        if let Some(place) = self.place_of_born(number) {
            return Ok(self.born.get(place));
        }
        if !self.bookings.contains_key(&number) {
            let loaded = bookings::by_number(self.tx, self.references, number)?;
            let entry = loaded.map(|now| Entry { before: None, now, dirty: false });
            self.bookings.insert(number, entry);
        }
        Ok(self.bookings.get(&number).and_then(Option::as_ref).map(|entry| &entry.now))
    }

    fn place_of_born(&self, number: u64) -> Option<usize> {
        let after = number.checked_sub(self.last_number)?.checked_sub(1)?;
        usize::try_from(after).ok()
    }

    /// A booking that was loaded, to change.
    pub(crate) fn change_booking(&mut self, number: u64) -> &mut Booking {
        if let Some(place) = self.place_of_born(number) {
            return &mut self.born[place];
        }
        let Some(Some(entry)) = self.bookings.get_mut(&number) else {
            unreachable!("a booking is loaded before it changes")
        };
        if !entry.dirty {
            entry.dirty = true;
            entry.before = Some(entry.now.clone());
            entry.now.version += 1;
            self.dirty_bookings.push(number);
        }
        &mut entry.now
    }

    /// The number and id of the next booking.
    pub(crate) fn next_booking(&mut self) -> (u64, BookingId) {
        self.meta.last_number += 1;
        let number = self.meta.last_number;
        let id = booking_id(self.now, self.references.reference(number), (self.noise)());
        (number, id)
    }

    /// Adds a new booking, the one that has the number given last.
    pub(crate) fn add_booking(&mut self, booking: Booking) {
        assert_eq!(self.place_of_born(booking.number), Some(self.born.len()), "numbers are dense");
        self.born.push(booking);
    }

    /// How many units a buyer's live bookings have of an open slot.
    pub(crate) fn buyer_units(&mut self, slot: SlotId, buyer: &Buyer) -> Result<i64, StoreError> {
        let key = (slot, buyer.clone());
        if let Some(units) = self.buyers.get(&key) {
            return Ok(*units);
        }
        let event = self.slot(slot).slot.event;
        let units = bookings::buyer_units(self.tx, event, slot, buyer, self.now)?;
        self.buyers.insert(key, units);
        Ok(units)
    }

    /// Notes that a buyer has more, or fewer, units of a slot. [`Work::buyer_units`] was asked before, unless
    /// the event does not limit it.
    pub(crate) fn note_buyer_units(&mut self, slot: SlotId, buyer: Option<&Buyer>, by: i64) {
        if let Some(buyer) = buyer
            && let Some(units) = self.buyers.get_mut(&(slot, buyer.clone()))
        {
            *units += by;
        }
    }

    /// True if a booking was paid with the provider's payment of this name.
    pub(crate) fn payment_used(
        &mut self,
        organizer: OrganizerId,
        method: &str,
        reference: &str,
    ) -> Result<bool, StoreError> {
        let now = self.paid.iter().any(|paid| {
            paid.organizer == organizer && &*paid.method == method && &*paid.reference == reference
        });
        Ok(now || bookings::payment_used(self.tx, organizer, method, reference)?)
    }

    /// Records a provider's payment of a booking.
    pub(crate) fn pay(
        &mut self,
        booking: &Booking,
        method: Arc<str>,
        reference: Arc<str>,
        minor: i64,
    ) {
        let (booking, organizer) = (booking.number, booking.organizer);
        self.paid.push(Paid { booking, organizer, method, reference, minor });
    }

    /// The record of a key, if it has one that still counts.
    pub(crate) fn key(&mut self, name: &KeyName) -> Result<Option<&KeyRecord>, StoreError> {
        if !self.keys.contains_key(name) {
            let mut found = keys::find(self.tx, name)?;
            if let Some(record) = &found
                && record.expires_at <= self.now
            {
                self.dropped_keys.extend(record.stored);
                found = None;
            }
            self.keys.insert(name.clone(), found);
        }
        Ok(self.keys.get(name).and_then(Option::as_ref))
    }

    /// Stores the answer of a key that the engine made.
    pub(crate) fn put_fresh_key(&mut self, name: KeyName, record: KeyRecord) {
        self.fresh_keys.push((name, record));
    }

    /// Stores the answer of a key.
    pub(crate) fn put_key(&mut self, name: KeyName, record: KeyRecord) {
        self.new_keys.push(name.clone());
        self.keys.insert(name, Some(record));
    }

    /// Deletes the oldest key records that do not count any more, at most `most`; says how many.
    pub(crate) fn drop_dead_keys(&mut self, most: i64) -> Result<usize, StoreError> {
        if self.now < self.caches.keys_live_until {
            return Ok(0);
        }
        let mut dead = Vec::new();
        for (stored, end) in keys::oldest(self.tx, most)? {
            if self.now < end {
                self.caches.keys_live_until = end;
                break;
            }
            if !self.dropped_keys.contains(&stored) {
                dead.push(stored);
            }
        }
        self.dropped_keys.extend(&dead);
        Ok(dead.len())
    }

    /// The body of a change of this batch or an earlier one.
    pub(crate) fn change_body(&mut self, seq: i64) -> Result<Arc<str>, StoreError> {
        let place = self.changes.binary_search_by_key(&seq, |(known, _)| *known);
        match place.ok().and_then(|place| self.changes[place].1.clone()) {
            Some(body) => Ok(body),
            None => changes::body(self.tx, seq),
        }
    }

    /// Adds a change to the feed, with the next sequence number; says which.
    pub(crate) fn add_change(&mut self, mut change: ChangeRow) -> i64 {
        self.meta.last_seq += 1;
        change.seq = self.meta.last_seq;
        let chain = change.chain(&self.meta.chain);
        self.meta.chain = chain;
        if !now_and_then(Canary::ChangeLost) {
            changes::push(&mut self.chained, &change, chain);
        }
        self.changes.push((change.seq, change.body));
        self.meta.last_seq
    }

    /// Ends the work: what is cached is what the file has, once the commit is done.
    pub(crate) fn settle(self) {
        for id in &self.checked {
            if let Some(book) = self.caches.slots.get_mut(id) {
                book.settle();
            }
        }
        self.caches.trim();
    }

    /// True until a slot is opened.
    pub(crate) fn is_untouched(&self) -> bool {
        self.checked.is_empty()
    }
}
