//! What a schedule's dates come to: slots, and dates that are left out.

use crate::domain::instant::Instant;
use crate::domain::zone::{LocalTime, Rejection};

/// One slot that a schedule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotDate {
    /// The wall time by which the schedule knows this slot, whatever the zone data say: `2027-09-04T19:30:00`.
    /// Where the wall shows a time twice, the second of two slots carries its offset beside it.
    pub rule_local: String,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends: so much elapsed time later.
    pub ends_at: Instant,
}

/// One date that the gap policy leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedDate {
    /// The wall time that the clock jumps over or shows twice; of opening hours the bound at fault.
    pub local: LocalTime,
    /// Why.
    pub reason: Rejection,
}

/// What a schedule's dates come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    /// By start; no two start at one instant, no two are known by one wall time.
    pub slots: Vec<SlotDate>,
    /// By wall time.
    pub rejected: Vec<RejectedDate>,
    /// The first slot after those, where there are more than were asked for.
    pub next: Option<SlotDate>,
}
