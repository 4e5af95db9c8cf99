//! Venues, halls and events as replies show them.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{EventId, HallId, ScheduleId, VenueId};
use crate::domain::instant::{Instant, Span};
use crate::domain::money::Money;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::season::{HallRef, SaleBound};
use crate::domain::slot::EventState;
use crate::domain::text::Slug;

/// A place with halls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VenueView {
    /// Its id.
    pub id: VenueId,
    /// Its name in commands.
    pub slug: Slug,
    /// Its name for people.
    pub name: Arc<str>,
    /// Where it is.
    pub city: Option<Arc<str>>,
    /// The IANA name of its zone.
    pub zone: Arc<str>,
}

/// A part of a hall with a capacity and no seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AreaView {
    /// Its name, unique in its hall.
    pub name: Arc<str>,
    /// How many people it takes.
    pub capacity: i64,
    /// Its price category.
    pub category: Arc<str>,
}

/// How many seats of a category there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategorySeats {
    /// The category.
    pub category: Arc<str>,
    /// So many seats.
    pub seats: i64,
}

/// A room of a venue, with what it sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HallView {
    /// Its id.
    pub id: HallId,
    /// Its venue's slug.
    pub venue: Slug,
    /// Its own slug.
    pub slug: Slug,
    /// How commands name it: `venue/hall`.
    pub hall: HallRef,
    /// Its name for people.
    pub name: Arc<str>,
    /// The IANA name of its venue's zone.
    pub zone: Arc<str>,
    /// How long it stays empty between two slots.
    pub turnaround: Span,
    /// Slots of several events may overlap.
    pub shared: bool,
    /// The number of its plan's newest version; null where it has no seats.
    pub plan_version: Option<i64>,
    /// All places: seats of the newest plan and areas.
    pub capacity: i64,
    /// Seats of the newest plan, in the plan's order.
    pub seats: Vec<CategorySeats>,
    /// In the order of the season file.
    pub areas: Vec<AreaView>,
}

/// What one unit of a category costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PriceView {
    /// The category.
    pub category: Arc<str>,
    /// The ticket type.
    pub rate: Arc<str>,
    /// For one unit.
    pub price: Money,
}

/// A rule that makes slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleView {
    /// Its id.
    pub id: ScheduleId,
    /// The rule, with the keys of the season file.
    pub rule: ScheduleSpec,
    /// Why not all of it makes slots; null where all of it does.
    pub unsupported: Option<Arc<str>>,
}

/// A schedule with what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleItem {
    /// How commands name it: the event's slug, `#`, and its place in the event, from 1.
    pub schedule: String,
    /// Its id.
    pub id: ScheduleId,
    /// Its event's slug.
    pub event: Slug,
    /// The event's version: `expected_version` of an edit.
    pub version: i64,
    /// Where: `venue/hall`.
    pub hall: HallRef,
    /// The IANA name of the zone there.
    pub zone: Arc<str>,
    /// The rule, with the keys of the season file.
    pub rule: ScheduleSpec,
    /// How many of its slots have not started; cancelled ones left out.
    pub slots: i64,
    /// When the next of them starts.
    pub next: Option<Instant>,
    /// When the last of them starts.
    pub last: Option<Instant>,
}

/// The show that people attend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventView {
    /// Its id.
    pub id: EventId,
    /// Its name in commands.
    pub slug: Slug,
    /// What it is: `movie`, `match` ..
    pub kind: Arc<str>,
    /// Its name for people.
    pub title: Arc<str>,
    /// More about it; may be empty.
    pub description: Arc<str>,
    /// Words to find it by.
    pub tags: Vec<Arc<str>>,
    /// Where: `venue/hall`.
    pub hall: HallRef,
    /// How long a slot is; null where the windows of its schedules say it.
    pub duration: Option<Span>,
    /// How long a hold lives.
    pub hold: Span,
    /// How old extending can make a hold.
    pub max_hold: Span,
    /// The most units of one booking.
    pub max_units_per_booking: i64,
    /// The most units of one buyer in one slot; null: as many as there are.
    pub max_units_per_buyer: Option<i64>,
    /// When the public's sale begins; null: with the publication.
    pub on_sale_from: Option<SaleBound>,
    /// When the public's sale ends; null: when the slot starts.
    pub on_sale_until: Option<SaleBound>,
    /// What it is, as of its last edit.
    pub state: EventState,
    /// Bumped by every edit.
    pub version: i64,
    /// In the order of the season file.
    pub prices: Vec<PriceView>,
    /// In the order of the season file.
    pub schedules: Vec<ScheduleView>,
}
