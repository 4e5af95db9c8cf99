//! Requests for calendars: slots and bookings as calendar programs read them (`.ics`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::names::Moment;
use crate::domain::request::BookingName;
use crate::domain::season::HallRef;
use crate::domain::text::Slug;

/// The most entries of one calendar.
pub const MOST_ENTRIES: u64 = 10_000;

/// Slots as a calendar, by their start; cancelled ones as cancelled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SlotCalendar {
    /// Only those of this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Slug>,
    /// Only those in this hall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hall: Option<HallRef>,
    /// None that starts before. A date is one of the hall's or event's zone, else of UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// None that starts after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// One booking as a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingCalendar {
    /// Which.
    pub booking: BookingName,
}
