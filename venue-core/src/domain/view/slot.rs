//! A slot as replies show it. Always true, of the slot and of each area: capacity = sold + held + house + killed +
//! free; and the categories add up to the slot.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::ids::SlotId;
use crate::domain::instant::Instant;
use crate::domain::inventory::UnitState;
use crate::domain::money::Money;
use crate::domain::season::HallRef;
use crate::domain::slot::SlotState;
use crate::domain::text::Slug;

/// What a slot sells at one price: seats and areas together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotCategory {
    /// The category.
    pub category: Arc<str>,
    /// For one unit; null where the event has no price for it.
    pub price: Option<Money>,
    /// All units.
    pub capacity: i64,
    /// Units that anybody may have now.
    pub free: i64,
}

/// What a slot sells without seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotArea {
    /// The area's name.
    pub area: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// All places.
    pub capacity: i64,
    /// Sold.
    pub sold: i64,
    /// In holds that live now.
    pub held: i64,
    /// Kept for staff.
    pub house: i64,
    /// Withdrawn.
    pub killed: i64,
    /// Places that anybody may have now.
    pub free: i64,
}

/// One bookable occurrence of an event, and how much of it is free now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotView {
    /// Its id.
    pub id: SlotId,
    /// The event's slug.
    pub event: Slug,
    /// Where: `venue/hall`.
    pub hall: HallRef,
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its start as the wall shows it: `2027-09-04T19:30:00+02:00[Europe/Berlin]`.
    pub local: String,
    /// What it is to the public now.
    pub state: SlotState,
    /// When the public's sale begins; null: with the publication.
    pub on_sale_from: Option<Instant>,
    /// When the public's sale ends.
    pub on_sale_until: Instant,
    /// All units.
    pub capacity: i64,
    /// Sold.
    pub sold: i64,
    /// In holds that live now.
    pub held: i64,
    /// Kept for staff.
    pub house: i64,
    /// Withdrawn.
    pub killed: i64,
    /// Units that anybody may have now.
    pub free: i64,
    /// By price: those of the plan in its order, then those that only areas have.
    pub categories: Vec<SlotCategory>,
    /// In the order of the season file.
    pub areas: Vec<SlotArea>,
    /// Bumped by every write that touches it.
    pub version: i64,
}

/// A seat of a slot, and what it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MapSeat {
    /// Its stable id.
    pub seat: Arc<str>,
    /// Section, row and number in one.
    pub label: Arc<str>,
    /// Its section's name; null where it has none.
    pub section: Option<Arc<str>>,
    /// Its row's number or letter; may be empty.
    pub row: Arc<str>,
    /// To the right, in thousandths of the drawing's units.
    pub x_milli: i64,
    /// Down.
    pub y_milli: i64,
    /// Its category.
    pub category: Arc<str>,
    /// For people in wheelchairs.
    pub accessible: bool,
    /// What it is now.
    pub state: UnitState,
}

/// A slot with every seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotMap {
    /// What it is.
    #[serde(flatten)]
    pub slot: SlotView,
    /// The number of the plan's version that it sells; null where the hall has no seats.
    pub plan_version: Option<i64>,
    /// In the plan's order.
    pub seats: Vec<MapSeat>,
}
