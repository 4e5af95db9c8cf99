//! Who owns the seats of a slot: what the file says, as far as it was asked for, and what a batch changes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::inventory::{Owner, UnitState};
use crate::domain::slot::Slot;
use crate::store::boundary::{StoreError, Tx};
use crate::store::claims;

/// Who owns a seat, and what that makes it.
pub(super) type SeatOwner = Option<(Owner, UnitState)>;

/// After so many owners were looked up one by one, all of the slot are loaded at once. Who shares the file with
/// busy processes seldom comes so far: their writes make the aggregate be loaded anew.
const LOOK_UPS: usize = 256;

/// The owners of a slot's seats.
#[derive(Debug, Default)]
pub(super) struct SeatOwners {
    known: FxHashMap<Arc<str>, SeatOwner>,
    /// How many owners were looked up one by one.
    looked_up: usize,
    /// Every claim of the slot is known: who is not there is free.
    all: bool,
    /// What changed since the file was written, in the order in which it did.
    given: Vec<Given>,
}

/// A seat that went from one owner to another.
#[derive(Debug)]
struct Given {
    seat: Arc<str>,
    before: SeatOwner,
    after: SeatOwner,
}

impl SeatOwners {
    /// Who owns a seat.
    pub(super) fn owner(
        &mut self,
        tx: &mut dyn Tx,
        slot: &Slot,
        seat: &Arc<str>,
    ) -> Result<SeatOwner, StoreError> {
        if let Some(owner) = self.known.get(seat) {
            return Ok(*owner);
        }
        if self.all {
            return Ok(None);
        }
        if self.looked_up >= LOOK_UPS && self.given.is_empty() {
            for (seat, owner) in claims::owners(tx, slot)? {
                self.known.entry(seat).or_insert(Some(owner));
            }
            self.all = true;
            return Ok(self.known.get(seat).copied().flatten());
        }
        self.looked_up += 1;
        let owner = claims::owner(tx, slot, seat)?;
        self.known.insert(Arc::clone(seat), owner);
        Ok(owner)
    }

    /// Who owns a seat that was asked for before.
    pub(super) fn known(&self, seat: &str) -> SeatOwner {
        self.known.get(seat).copied().flatten()
    }

    /// Gives a seat to an owner, or to nobody; says whose it was. Its owner was asked for before.
    pub(super) fn give(&mut self, seat: &Arc<str>, after: SeatOwner) -> SeatOwner {
        let known = self.known.insert(Arc::clone(seat), after);
        assert!(self.all || known.is_some(), "a seat's owner is loaded before it changes");
        let before = known.flatten();
        self.given.push(Given { seat: Arc::clone(seat), before, after });
        before
    }

    /// The seats that changed, in their order, with the owners in the file and those now.
    pub(super) fn changed(&self) -> Vec<(&Arc<str>, Option<Owner>, Option<Owner>)> {
        let mut given: Vec<&Given> = self.given.iter().collect();
        // Stable: what happened to one seat stays in its order.
        given.sort_by(|a, b| a.seat.cmp(&b.seat));
        let owner = |owner: SeatOwner| owner.map(|(owner, _)| owner);
        let of_seats = given.chunk_by(|a, b| a.seat == b.seat);
        of_seats
            .map(|of_seat| {
                let (first, last) = (of_seat[0], of_seat[of_seat.len() - 1]);
                (&first.seat, owner(first.before), owner(last.after))
            })
            .collect()
    }

    /// What is known now is what the file has: after the commit.
    pub(super) fn settle(&mut self) {
        self.given.clear();
    }

    /// How many seats it remembers.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }
}
