//! Replies of the mutating verbs. Those of the reading ones stand beside their queries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::booking::BookingView;
use super::booking_state::StateName;
use super::ids::{BookingId, ScheduleId, SlotId};
use super::import_done::RejectedSlot;
use super::instant::Instant;
use super::inventory::UnitState;
use super::money::Money;
use super::postponement::SlotTimes;
use super::reference::Reference;
use super::schedule::ScheduleSpec;
use super::text::{Buyer, Slug};
use super::view::EventView;
use super::zone::Zone;

/// A unit that a house hold or kill did not get, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedUnit {
    /// The seat's stable id, or the area's name.
    pub seat: String,
    /// What it is.
    pub why: UnitState,
}

/// What a house hold, kill or lift did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HouseDone {
    /// The slot.
    pub slot: SlotId,
    /// Stable ids of the seats that changed; of an area, its name.
    pub changed: Vec<String>,
    /// How many units changed.
    pub units: i64,
    /// Units that have another owner.
    pub refused: Vec<RefusedUnit>,
}

/// A slot that was opened or closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotSwitched {
    /// The slot.
    pub slot: SlotId,
    /// True if it is closed now.
    pub closed: bool,
    /// Its version now.
    pub version: i64,
}

/// A schedule that was added or changed, and what its rule comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleChanged {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// Its id.
    pub id: ScheduleId,
    /// Its event.
    pub event: Slug,
    /// The event's version now.
    pub version: i64,
    /// The zone of the clock at its venue.
    pub zone: Zone,
    /// The rule, with the keys of the season file.
    pub rule: ScheduleSpec,
    /// How many slots `schedule generate` would make of it now.
    pub new: u64,
    /// When the first of them starts.
    pub first: Option<Instant>,
    /// When the last of them starts.
    pub last: Option<Instant>,
    /// How many slots that are there are not where the rule puts them: see `schedule drift`.
    pub stale: u64,
    /// Dates that are left out, because a clock change skips or repeats them.
    pub rejected: Vec<RejectedSlot>,
}

/// What the cancelling of a slot came to, or would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotCancelDone {
    /// The slot.
    pub slot: SlotId,
    /// Its event's slug.
    pub event: Slug,
    /// When it takes no place any more; null: it was only asked what would be.
    pub cancelled_at: Option<Instant>,
    /// Holds that were released.
    pub holds: i64,
    /// Bookings that were cancelled.
    pub bookings: i64,
    /// Units that both had.
    pub units: i64,
    /// What is due for refund because of it.
    pub refund_due: Money,
}

/// A booking that a move concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Affected {
    /// The booking.
    pub booking: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// Held or confirmed.
    pub state: StateName,
    /// For whom.
    pub buyer: Option<Buyer>,
    /// How many units it has.
    pub units: i64,
}

/// A slot that was moved to another time, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotPostponed {
    /// The slot: it keeps its id, and bookings keep theirs.
    pub slot: SlotId,
    /// Its event's slug.
    pub event: Slug,
    /// True if it was only asked what would be.
    pub dry_run: bool,
    /// Its times before.
    pub before: SlotTimes,
    /// Its times now.
    pub after: SlotTimes,
    /// Live holds.
    pub holds: i64,
    /// Confirmed bookings.
    pub bookings: i64,
    /// Units that both have.
    pub units: i64,
    /// The first hundred of them, in the order in which they were made; `booking list --slot` has all.
    pub affected: Vec<Affected>,
    /// The slot's version now.
    pub version: i64,
}

/// What the calling off of an event came to, or would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventCancelDone {
    /// The event, as it was when its state flipped.
    pub event: EventView,
    /// When it takes no place any more; null: it was only asked what would be.
    pub cancelled_at: Option<Instant>,
    /// Slots that were cancelled: those that were not over.
    pub slots: i64,
    /// Holds that were released.
    pub holds: i64,
    /// Bookings that were cancelled.
    pub bookings: i64,
    /// Units that both had.
    pub units: i64,
    /// What is due for refund because of it.
    pub refund_due: Money,
}

/// The answer to a mutating verb.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reply {
    /// To hold, sell, confirm, extend, release, expire and cancel.
    Booking(Box<BookingView>),
    /// To house.
    House(HouseDone),
    /// To slot open and close.
    Slot(SlotSwitched),
    /// To schedule add and edit.
    Schedule(Box<ScheduleChanged>),
    /// To slot cancel.
    SlotCancel(SlotCancelDone),
    /// To slot postpone.
    SlotPostpone(Box<SlotPostponed>),
    /// To event create, edit, publish, complete, delete and clone: the event as it is now.
    Event(Box<EventView>),
    /// To event cancel.
    EventCancel(Box<EventCancelDone>),
}
