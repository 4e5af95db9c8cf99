//! Moving a slot to another time: its length stays, its sale to the public moves with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Invalid;
use super::instant::Instant;
use super::request::NewStart;
use super::season::{SaleBound, sale_window};
use super::slot::Slot;
use super::timetable::Occupied;
use super::zone::{GapPolicy, Rejection, Resolved, Zone};

/// When a slot takes place and is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotTimes {
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its start on the clock of its venue, with offset and zone.
    pub local: String,
    /// When the public's sale begins; null: with the event's publication.
    pub on_sale_from: Option<Instant>,
    /// When the public's sale ends.
    pub on_sale_until: Instant,
}

impl SlotTimes {
    /// The times that a slot has.
    pub fn of(slot: &Slot, zone: &Zone) -> Self {
        Self {
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            local: zone.text(slot.starts_at),
            on_sale_from: slot.on_sale_from,
            on_sale_until: slot.on_sale_until,
        }
    }

    /// The times that a slot has once it starts then: as long as before, and on sale as its event says.
    pub fn moved(
        slot: &Slot,
        starts_at: Instant,
        bounds: (Option<SaleBound>, Option<SaleBound>),
        zone: &Zone,
    ) -> Self {
        let (on_sale_from, on_sale_until) = sale_window(bounds, starts_at, zone);
        Self {
            starts_at,
            ends_at: starts_at.plus(slot.ends_at.since(slot.starts_at)),
            local: zone.text(starts_at),
            on_sale_from,
            on_sale_until,
        }
    }
}

/// The first of the slots around a time in its hall, turnaround included, that stands in its way. Slots of several
/// events may overlap in a shared hall; slots of one event where either's schedule says so, as where they are generated, but never with the same
/// start, which is their name.
pub fn in_the_way<'a>(
    wanted: &Occupied,
    around: &'a [Occupied],
    shared: bool,
) -> Option<&'a Occupied> {
    around.iter().find(|other| {
        let lifted = if other.event == wanted.event {
            (other.overlap || wanted.overlap) && other.starts_at != wanted.starts_at
        } else {
            shared
        };
        !lifted
    })
}

impl NewStart {
    /// The instant that is meant. People who move one slot say which of two they mean.
    ///
    /// # Errors
    /// Invalid: the clock of the venue skips that time, or shows it twice.
    pub fn resolve(self, zone: &Zone) -> Result<Instant, Invalid> {
        let local = match self {
            Self::At(at) => return Ok(at),
            Self::Local(local) => local,
        };
        let problem = match zone.resolve(local, GapPolicy::Reject) {
            Resolved::At(at) => return Ok(at),
            Resolved::Rejected(Rejection::Gap) => "the clock of the venue skips that time",
            Resolved::Rejected(Rejection::Fold) => {
                "the clock of the venue shows that time twice: name an instant, as in 2027-10-31T00:30:00Z"
            }
        };
        Err(Invalid::argument("to", problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{EventId, ScheduleId, SlotId};
    use crate::domain::instant::Span;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn berlin() -> Zone {
        "Europe/Berlin".parse().unwrap()
    }

    fn slot() -> Slot {
        Slot {
            event: EventId::from_bytes([1; 16]),
            id: SlotId::from_bytes([2; 16]),
            schedule: ScheduleId::from_bytes([3; 16]),
            starts_at: at("2027-09-04T17:30:00Z"),
            ends_at: at("2027-09-04T19:30:00Z"),
            on_sale_from: None,
            on_sale_until: at("2027-09-04T17:30:00Z"),
            plan: None,
            closed: false,
            cancelled: false,
            version: 1,
        }
    }

    #[test]
    fn a_wall_time_is_the_venues_and_must_exist_once() {
        for (to, instant) in [
            ("2027-09-11T19:30", Some("2027-09-11T17:30:00Z")),
            ("2027-12-11T19:30:30", Some("2027-12-11T18:30:30Z")),
            ("2027-12-11T19:30:00+00:00", Some("2027-12-11T19:30:00Z")),
            ("2027-03-28T02:30", None),
            ("2027-10-31T02:30", None),
            ("2027-10-31T02:30:00+01:00", Some("2027-10-31T01:30:00Z")),
        ] {
            let resolved = to.parse::<NewStart>().unwrap().resolve(&berlin());
            assert_eq!(resolved.ok(), instant.map(at), "{to}");
        }
    }

    #[test]
    fn what_overlaps_is_in_the_way_unless_hall_or_schedules_allow_it() {
        let occupied = |event: u8, minutes: i64, overlap| Occupied {
            slot: None,
            schedule: ScheduleId::from_bytes([event; 16]),
            event: EventId::from_bytes([event; 16]),
            slug: "e".into(),
            starts_at: Instant::EPOCH.plus(Span::from_mins(minutes)),
            ends_at: Instant::EPOCH.plus(Span::from_mins(minutes + 60)),
            overlap,
        };
        for (wanted, there, shared, free) in [
            (occupied(1, 0, false), occupied(2, 30, false), false, false),
            (occupied(1, 0, false), occupied(2, 30, false), true, true),
            (occupied(1, 0, true), occupied(2, 30, true), false, false),
            (occupied(1, 0, true), occupied(1, 30, true), false, true),
            (occupied(1, 0, true), occupied(1, 30, false), false, true),
            (occupied(1, 0, false), occupied(1, 30, true), false, true),
            (occupied(1, 0, false), occupied(1, 30, false), true, false),
            (occupied(1, 0, true), occupied(1, 0, true), true, false),
        ] {
            assert_eq!(in_the_way(&wanted, &[there], shared).is_none(), free);
        }
        assert_eq!(in_the_way(&occupied(1, 0, false), &[], false), None);
    }

    #[test]
    fn the_length_stays_in_elapsed_time_and_the_sale_moves_as_the_event_says() {
        let to = at("2027-10-30T23:30:00Z");
        let before = SaleBound::BeforeStart(Span::from_hours(1));
        let fixed = SaleBound::At("2027-06-01T10:00".parse().unwrap());
        for (bounds, from, until) in [
            ((None, None), None, to),
            (
                (Some(fixed), Some(before)),
                Some(at("2027-06-01T08:00:00Z")),
                at("2027-10-30T22:30:00Z"),
            ),
        ] {
            let moved = SlotTimes::moved(&slot(), to, bounds, &berlin());
            assert_eq!(moved.ends_at, at("2027-10-31T01:30:00Z"));
            assert_eq!(moved.local, "2027-10-31T01:30:00+02:00[Europe/Berlin]");
            assert_eq!((moved.on_sale_from, moved.on_sale_until), (from, until));
        }
        let same = SlotTimes::moved(&slot(), slot().starts_at, (None, None), &berlin());
        assert_eq!(same, SlotTimes::of(&slot(), &berlin()));
    }
}
