//! The timetables of the halls in which slots are made, loaded once as long as nobody else writes.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::domain::ids::HallId;
use crate::domain::instant::Instant;
use crate::domain::timetable::Timetable;
use crate::store::boundary::{StoreError, Tx};
use crate::store::catalog::made_slots;
use crate::store::catalog::schedules::ScheduleFacts;

/// What takes place in halls, by hall.
///
/// Always true: as of the change `seq`, a timetable has every slot that may be in the way of one that has not
/// started.
#[derive(Debug, Default)]
pub(crate) struct Timetables {
    halls: FxHashMap<HallId, Timetable>,
    seq: i64,
}

impl Timetables {
    /// Forgets everything, unless the newest change is still the one that these are as of: whoever makes, moves or
    /// cancels a slot writes a change.
    pub(crate) fn as_of(&mut self, seq: i64) {
        if self.seq != seq {
            self.halls.clear();
            self.seq = seq;
        }
    }

    /// The caller's own change is the newest one, and these know what it did.
    pub(crate) fn know(&mut self, seq: i64) {
        self.seq = seq;
    }

    /// The timetable of a schedule's hall.
    pub(super) fn of(
        &mut self,
        tx: &mut dyn Tx,
        facts: &ScheduleFacts,
        now: Instant,
    ) -> Result<&mut Timetable, StoreError> {
        let entry = match self.halls.entry(facts.hall) {
            Entry::Occupied(entry) => return Ok(entry.into_mut()),
            Entry::Vacant(entry) => entry,
        };
        let mut timetable = Timetable::new(facts.turnaround, facts.shared);
        if !facts.shared {
            let after = now.minus(facts.turnaround);
            for slot in made_slots::in_hall(tx, facts.hall, after)? {
                timetable.add(slot);
            }
        }
        Ok(entry.insert(timetable))
    }
}
