//! Replies of the mutating verbs. Those of the reading ones stand beside their queries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::booking::BookingView;
use super::ids::SlotId;
use super::inventory::UnitState;

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
}
