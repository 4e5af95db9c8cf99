//! A change as the feed shows it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::booking::BookingView;
use crate::domain::cursor::Cursor;
use crate::domain::ids::SlotId;
use crate::domain::instant::Instant;
use crate::domain::text::Slug;

/// Something that happened, durable before anybody could see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeView {
    /// The feed goes on after this change from here.
    pub cursor: Cursor,
    /// The part of the feed: a file has one, 0.
    pub shard: i64,
    /// Its place in the shard, from 1.
    pub sequence: i64,
    /// When it was committed.
    pub at: Instant,
    /// What happened: `booking.held`, `slot.closed` ..
    pub kind: Arc<str>,
    /// The event's slug; null where it concerns none.
    pub event: Option<Slug>,
    /// The slot; null where it concerns none.
    pub slot: Option<SlotId>,
    /// The booking as after the change, without its token; null where it concerns none.
    pub booking: Option<BookingView>,
    /// What was done, where it was not done to a booking: the event, the old and new times of a slot ..
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<serde_json::Value>,
    /// Of an expiry: when it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
}
