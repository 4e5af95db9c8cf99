//! A hall's timetable: which slots stand in the way of a new one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::ids::{EventId, ScheduleId, SlotId};
use crate::domain::instant::{Instant, Span};

/// A slot that takes place in a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupied {
    /// The slot; none: it is not made yet.
    pub slot: Option<SlotId>,
    /// Of this event.
    pub event: EventId,
    /// By this schedule.
    pub schedule: ScheduleId,
    /// The event's name in commands.
    pub slug: Arc<str>,
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its schedule lets slots of its event overlap.
    pub overlap: bool,
}

/// A slot that cannot stand, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The slot.
    pub slot: Occupied,
    /// What stands in its way.
    pub with: Occupied,
}

/// The slots of one hall by their start; cancelled ones are left out by whoever fills it.
///
/// Always true: `longest` is at least as long as every slot in it.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    turnaround: Span,
    shared: bool,
    slots: BTreeMap<(Instant, u64), Occupied>,
    longest: Span,
    next: u64,
}

impl Timetable {
    /// An empty one. In a shared hall nothing stands in anything's way.
    pub fn new(turnaround: Span, shared: bool) -> Self {
        Self { turnaround, shared, ..Self::default() }
    }

    /// Adds a slot that takes place, whatever it overlaps.
    pub fn add(&mut self, slot: Occupied) {
        let _ = self.insert(slot);
    }

    fn insert(&mut self, slot: Occupied) -> (Instant, u64) {
        self.longest = self.longest.max(slot.ends_at.since(slot.starts_at));
        self.next += 1;
        let key = (slot.starts_at, self.next);
        self.slots.insert(key, slot);
        key
    }

    /// The first slot, by start, that stands in the way: one starts before the other is over and the hall
    /// is turned around. Slots of one event may overlap if either's schedule says so.
    pub fn clash(&self, slot: &Occupied) -> Option<&Occupied> {
        self.clash_among(slot, |_| true)
    }

    /// The same among those that count.
    pub fn clash_among(
        &self,
        slot: &Occupied,
        counts: impl Fn(&Occupied) -> bool,
    ) -> Option<&Occupied> {
        if self.shared {
            return None;
        }
        let first = slot.starts_at.minus(self.longest).minus(self.turnaround);
        let last = slot.ends_at.plus(self.turnaround);
        self.slots.range((first, 0)..(last, 0)).map(|(_, other)| other).find(|other| {
            let lifted = other.event == slot.event && (other.overlap || slot.overlap);
            !lifted
                && slot.starts_at < other.ends_at.plus(self.turnaround)
                && other.starts_at < last
                && counts(other)
        })
    }

    /// Takes a slot out that starts then, if it is there.
    pub fn remove(&mut self, slot: SlotId, starts_at: Instant) -> Option<Occupied> {
        let mut there = self.slots.range((starts_at, 0)..=(starts_at, u64::MAX));
        let key = there.find(|(_, other)| other.slot == Some(slot)).map(|(key, _)| *key)?;
        self.slots.remove(&key)
    }

    /// Adds all of these slots, or none and says which is the first that cannot stand, and what stands in its way.
    /// They stand in each other's way too.
    pub fn add_all(&mut self, slots: impl IntoIterator<Item = Occupied>) -> Result<(), Box<Clash>> {
        let mut added = Vec::new();
        for slot in slots {
            if let Some(other) = self.clash(&slot) {
                let with = other.clone();
                for key in added {
                    self.slots.remove(&key);
                }
                return Err(Box::new(Clash { slot, with }));
            }
            added.push(self.insert(slot));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(event: u8, from: i64, until: i64, overlap: bool) -> Occupied {
        let at = |minutes: i64| Instant::EPOCH.plus(Span::from_mins(minutes));
        Occupied {
            slot: None,
            event: EventId::from_bytes([event; 16]),
            schedule: ScheduleId::from_bytes([event; 16]),
            slug: "e".into(),
            starts_at: at(from),
            ends_at: at(until),
            overlap,
        }
    }

    #[test]
    fn touching_is_free_and_the_turnaround_counts_on_both_sides() {
        for (turnaround, from, until, free) in [
            (0, 160, 200, true),
            (0, 40, 100, true),
            (0, 159, 200, false),
            (0, 40, 101, false),
            (0, 110, 120, false),
            (0, 10, 900, false),
            (20, 180, 200, true),
            (20, 179, 200, false),
            (20, 40, 80, true),
            (20, 40, 81, false),
        ] {
            let mut hall = Timetable::new(Span::from_mins(turnaround), false);
            hall.add(slot(1, 100, 160, false));
            let clash = hall.clash(&slot(2, from, until, true));
            assert_eq!(clash.is_none(), free, "{turnaround} {from}-{until}");
        }
    }

    #[test]
    fn overlap_lifts_it_among_slots_of_one_event_only() {
        for (event, there, new, free) in [
            (1, false, false, false),
            (1, true, false, true),
            (1, false, true, true),
            (2, true, true, false),
        ] {
            let mut hall = Timetable::new(Span::ZERO, false);
            hall.add(slot(1, 100, 160, there));
            assert_eq!(hall.clash(&slot(event, 130, 190, new)).is_none(), free);
        }
        let mut shared = Timetable::new(Span::ZERO, true);
        shared.add(slot(1, 100, 160, false));
        assert_eq!(shared.clash(&slot(2, 100, 160, false)), None);
    }

    #[test]
    fn a_long_slot_is_found_from_its_far_end() {
        let mut hall = Timetable::new(Span::ZERO, false);
        hall.add(slot(1, 0, 10_000, false));
        (0..50).for_each(|n| hall.add(slot(1, n, n + 1, true)));
        assert!(hall.clash(&slot(2, 9_999, 10_001, false)).is_some());
        assert!(hall.clash(&slot(2, 10_000, 10_001, false)).is_none());
    }

    #[test]
    fn all_or_none_are_added() {
        let mut hall = Timetable::new(Span::ZERO, false);
        hall.add(slot(1, 500, 600, false));
        let refused = hall.add_all([slot(2, 0, 60, false), slot(2, 550, 650, false)]);
        assert_eq!(refused.unwrap_err().with.event, EventId::from_bytes([1; 16]));
        assert_eq!(hall.clash(&slot(3, 0, 60, false)), None);
        assert!(hall.add_all([slot(2, 0, 60, false), slot(2, 50, 90, false)]).is_err());
        assert!(hall.add_all([slot(2, 0, 60, false), slot(2, 60, 90, false)]).is_ok());
        assert!(hall.clash(&slot(3, 0, 60, false)).is_some());
    }

    #[test]
    fn what_does_not_count_or_was_taken_out_stands_in_nobodys_way() {
        let id = SlotId::from_bytes([7; 16]);
        let there = || Occupied { slot: Some(id), ..slot(1, 100, 160, false) };
        let mut hall = Timetable::new(Span::ZERO, false);
        hall.add(there());
        hall.add(slot(1, 100, 130, false));
        let new = slot(2, 140, 200, false);
        assert_eq!(hall.clash(&new), Some(&there()));
        assert_eq!(hall.clash_among(&new, |other| other.slot != Some(id)), None);
        assert_eq!(hall.remove(SlotId::from_bytes([8; 16]), there().starts_at), None);
        assert!(hall.clash(&new).is_some(), "another slot");
        assert_eq!(hall.remove(id, there().starts_at), Some(there()));
        assert_eq!(hall.clash(&new), None);
        assert!(hall.clash(&slot(2, 120, 200, false)).is_some(), "its neighbour stays");
    }
}
