//! What an import did, or would do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::Skipped;
use crate::domain::ids::SlotId;
use crate::domain::import_error::ImportWarning;
use crate::domain::zone::{LocalTime, Rejection};

/// How many of each an import made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportCreated {
    /// Organizers.
    pub organizers: u64,
    /// Venues.
    pub venues: u64,
    /// Halls.
    pub halls: u64,
    /// Versions of seating plans, first ones and later ones.
    pub plans: u64,
    /// The seats of those versions.
    pub seats: u64,
    /// Events.
    pub events: u64,
    /// Schedules.
    pub schedules: u64,
    /// Slots.
    pub slots: u64,
}

impl ImportCreated {
    /// True if nothing was made.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, other: &Self) {
        self.organizers += other.organizers;
        self.venues += other.venues;
        self.halls += other.halls;
        self.plans += other.plans;
        self.seats += other.seats;
        self.events += other.events;
        self.schedules += other.schedules;
        self.slots += other.slots;
    }
}

/// A schedule of which not all slots can be made. There is none: every schedule's slots are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnsupportedSchedule {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// Which keys make no slots, for people to read.
    pub reason: String,
}

/// A schedule that got no new slots, because one of them is not free in its hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CollidedSchedule {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// The slot that is in the way, as `EVENT@LOCAL`.
    pub with: String,
}

/// A schedule that got no new slots, because its rule comes to too many: the code `too_many_slots`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OversizedSchedule {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// At most so many.
    pub limit: u64,
}

/// A date that a schedule's gap policy left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectedSlot {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// The wall time of the venue.
    pub local: LocalTime,
    /// Why it was left out.
    pub reason: Rejection,
}

/// The answer to an import, of one file or of several.
///
/// `changed` and `unchanged` count the organizers, venues, halls, events and schedules that were there
/// before. A new version of a plan changes its hall.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportDone {
    /// How many files.
    pub files: u64,
    /// What was made.
    pub created: ImportCreated,
    /// How many were there and differ now.
    pub changed: u64,
    /// How many were there and are as they were.
    pub unchanged: u64,
    /// How many slots were made.
    pub slots: u64,
    /// Schedules of which not all slots can be made: always empty, and kept for those who read it.
    pub unsupported: Vec<UnsupportedSchedule>,
    /// Slots that keep an older version of their hall's plan, because a seat that is theirs is not in the
    /// new one.
    pub kept_plans: Vec<SlotId>,
    /// Schedules that got no new slots, because one is not free in its hall.
    pub collided: Vec<CollidedSchedule>,
    /// Schedules that come to too many slots, and got no new ones.
    #[serde(default)]
    pub oversized: Vec<OversizedSchedule>,
    /// Dates that were left out.
    pub rejected: Vec<RejectedSlot>,
    /// Series of calendars that were left out.
    pub skipped: Vec<Skipped>,
    /// What was ignored.
    pub warnings: Vec<ImportWarning>,
}

/// What the feed says of an import: the counts of its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportCounts {
    /// What was made.
    pub created: ImportCreated,
    /// How many were there and differ now.
    pub changed: u64,
    /// How many were there and are as they were.
    pub unchanged: u64,
    /// How many slots were made.
    pub slots: u64,
}

impl ImportDone {
    /// One file, of which nothing is done yet.
    pub fn of_one_file() -> Self {
        Self { files: 1, ..Self::default() }
    }

    /// True if the import made or changed anything.
    pub fn has_effect(&self) -> bool {
        !self.created.is_nothing() || self.changed > 0
    }

    /// The counts, as the feed keeps them.
    pub fn counts(&self) -> ImportCounts {
        ImportCounts {
            created: self.created,
            changed: self.changed,
            unchanged: self.unchanged,
            slots: self.slots,
        }
    }

    /// Adds what another import did.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.created.add(&other.created);
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.slots += other.slots;
        self.unsupported.extend(other.unsupported);
        self.kept_plans.extend(other.kept_plans);
        self.collided.extend(other.collided);
        self.oversized.extend(other.oversized);
        self.rejected.extend(other.rejected);
        self.skipped.extend(other.skipped);
        self.warnings.extend(other.warnings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_add_up() {
        let mut sum = ImportDone::of_one_file();
        assert!(!sum.has_effect());
        sum.created.slots = 2;
        sum.slots = 2;
        let mut second = ImportDone::of_one_file();
        second.unchanged = 7;
        second.unsupported.push(UnsupportedSchedule { schedule: "a#1".into(), reason: "x".into() });
        sum.add(second);
        assert_eq!((sum.files, sum.slots, sum.unchanged, sum.unsupported.len()), (2, 2, 7, 1));
        assert!(sum.has_effect());
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(serde_json::from_str::<ImportDone>(&text).unwrap(), sum);
        let counts = serde_json::to_string(&sum.counts()).unwrap();
        assert!(counts.contains("\"slots\":2"), "{counts}");
    }

    #[test]
    fn every_count_adds_up() {
        let created = |n: u64| ImportCreated {
            organizers: n,
            venues: n + 1,
            halls: n + 2,
            plans: n + 3,
            seats: n + 4,
            events: n + 5,
            schedules: n + 6,
            slots: n + 7,
        };
        let done = |n: u64| ImportDone {
            files: n,
            created: created(n),
            changed: n + 1,
            unchanged: n + 2,
            slots: n + 3,
            ..ImportDone::default()
        };
        let mut sum = done(10);
        sum.add(done(100));
        let all = ImportCreated {
            organizers: 110,
            venues: 112,
            halls: 114,
            plans: 116,
            seats: 118,
            events: 120,
            schedules: 122,
            slots: 124,
        };
        assert_eq!((sum.files, sum.created), (110, all));
        let counts = ImportCounts { created: all, changed: 112, unchanged: 114, slots: 116 };
        assert_eq!(sum.counts(), counts);
    }

    #[test]
    fn what_was_made_or_changed_has_effect_and_what_was_there_has_none() {
        let none = ImportDone::of_one_file();
        let made = ImportCreated { plans: 1, ..ImportCreated::default() };
        assert!(none.created.is_nothing() && !made.is_nothing());
        assert!(!ImportDone { unchanged: 5, ..none.clone() }.has_effect());
        assert!(ImportDone { changed: 1, ..none.clone() }.has_effect());
        assert!(ImportDone { created: made, ..none }.has_effect());
    }
}
