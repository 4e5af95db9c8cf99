//! The request for the next slot that has room.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::Moment;
use crate::domain::season::HallRef;
use crate::domain::text::{Name, SearchText, Slug};

/// The next slot, by its start, of which the caller can have so many units now: places of an area and seats together,
/// unless a category or an area is named. Where there is none, refused `not_found`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotNext {
    /// At least so many units are free: 1 or more.
    pub quantity: u32,
    /// Units of this category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// Places of this area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Name>,
    /// A slot of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Slug>,
    /// One at this venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Slug>,
    /// One in this hall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hall: Option<HallRef>,
    /// One of an event of this kind; letter case and accents do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Name>,
    /// One of an event with this tag; letter case and accents do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Name>,
    /// One of an event with all words of this text, as in [`super::SlotList`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<SearchText>,
    /// One that does not start before; now, where nothing is said. Dates and local times as in [`super::SlotList`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// One that does not start after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}
