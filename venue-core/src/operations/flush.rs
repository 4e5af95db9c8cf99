//! The flush: everything that a batch changed is written in one pass, in one fixed order.

use crate::canary::{Canary, planted};
use crate::domain::ids::SlotId;
use crate::store::bookings::BookingWrites;
use crate::store::boundary::StoreError;
use crate::store::changes;
use crate::store::claims::ClaimWrites;
use crate::store::keys::KeyWrites;
use crate::store::meta;
use crate::store::slots::SlotWrites;

use super::Work;

impl Work<'_> {
    /// True if there is anything to write.
    pub(crate) fn is_dirty(&self) -> bool {
        self.written
            || !self.changes.is_empty()
            || !self.new_keys.is_empty()
            || !self.fresh_keys.is_empty()
            || !self.dropped_keys.is_empty()
            || !self.dirty_bookings.is_empty()
            || !self.born.is_empty()
    }

    /// Notes that a row was written at once, outside the aggregates: there is something to commit.
    pub(crate) fn has_written(&mut self) {
        self.written = true;
    }

    /// Writes everything that changed, in one fixed order: slots, claims, bookings, changes, keys, the file's
    /// row; of each first what goes, then what changes, then what is new.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        let (mut slots, mut claims) = (SlotWrites::new(), ClaimWrites::new());
        let mut touched: Vec<SlotId> = self.checked.iter().copied().collect();
        touched.sort_unstable();
        for id in touched {
            if let Some(book) = self.caches.slots.get(&id) {
                book.write(&mut slots, &mut claims);
            }
        }
        let mut writes = BookingWrites::new(self.born.len());
        for number in &self.dirty_bookings {
            if let Some(Some(entry)) = self.bookings.get(number) {
                writes.put(entry.before.as_ref(), &entry.now);
            }
        }
        self.born.iter().for_each(|booking| writes.put(None, booking));
        for paid in std::mem::take(&mut self.paid) {
            if let Some(booking) = self.booking(paid.booking)? {
                writes.payment(booking, &paid.method, &paid.reference, paid.minor);
            }
        }
        let mut records = KeyWrites::new();
        self.dropped_keys.iter().for_each(|stored| records.drop(*stored));
        for (name, record) in &self.fresh_keys {
            records.insert(name, record);
        }
        for name in &self.new_keys {
            if let Some(Some(record)) = self.keys.get(name) {
                records.insert(name, record);
            }
        }
        let mut calls = Vec::with_capacity(20);
        calls.extend(slots.calls());
        calls.extend(claims.calls());
        calls.extend(writes.calls());
        calls.push(std::mem::replace(&mut self.chained, changes::inserts()));
        if !planted(Canary::IdempotencyOutsideTransaction) {
            calls.extend(records.calls());
        }
        calls.retain(|call| call.runs > 0);
        self.tx.exec(&calls)?;
        self.meta.floor = self.now;
        meta::advance(self.tx, &self.meta)
    }
}
