//! How much of a slot is free, without its inventory.

use crate::domain::ids::HallId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use crate::domain::text::Name;

use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::{maybe_text, statements};

use super::maybe_id;

// Rows of counters exist for what was ever claimed; the rest is the hall's and the plan's. What is in holds that are
// due is free. Each sum is over the rows of one slot, by their keys.
statements! {
    FREE = "SELECT (SELECT COALESCE(SUM(COALESCE(a.capacity, h.capacity)), 0) FROM hall_area h LEFT JOIN area a ON a.event = $1 AND a.slot = $2 AND a.name = h.name WHERE h.hall = $3 AND ($6 IS NULL OR h.category = $6) AND ($7 IS NULL OR h.name = $7)) + (SELECT COALESCE(SUM(COALESCE(s.capacity, p.capacity)), 0) FROM plan_capacity p LEFT JOIN seat_count s ON s.event = $1 AND s.slot = $2 AND s.category = p.category WHERE p.plan = $4 AND $7 IS NULL AND ($6 IS NULL OR p.category = $6)), (SELECT COALESCE(SUM(a.held + a.sold + a.house + a.killed), 0) FROM hall_area h JOIN area a ON a.event = $1 AND a.slot = $2 AND a.name = h.name WHERE h.hall = $3 AND ($6 IS NULL OR h.category = $6) AND ($7 IS NULL OR h.name = $7)) + (SELECT COALESCE(SUM(s.held + s.sold + s.house + s.killed), 0) FROM plan_capacity p JOIN seat_count s ON s.event = $1 AND s.slot = $2 AND s.category = p.category WHERE p.plan = $4 AND $7 IS NULL AND ($6 IS NULL OR p.category = $6)), (SELECT COALESCE(SUM(l.quantity), 0) FROM hold d CROSS JOIN line l ON l.event = d.event AND l.booking = d.booking LEFT JOIN hall_area h ON h.hall = $3 AND h.name = l.area WHERE d.event = $1 AND d.slot = $2 AND d.expires_at <= $5 AND l.slot = $2 AND l.state = 0 AND ($7 IS NULL OR l.area = $7) AND ($6 IS NULL OR COALESCE(h.category, l.category) = $6))"
        (Id, Id, Id, Id, Int, Text, Text) -> (Int, Int, Int);
}

/// Which of a slot's units are counted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part<'a> {
    /// Of this category alone.
    pub(crate) category: Option<&'a Name>,
    /// Of this area alone.
    pub(crate) area: Option<&'a Name>,
}

/// How many units of a slot there are, and how many of them anybody may have now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// All.
    pub(crate) capacity: i64,
    /// Free.
    pub(crate) free: i64,
}

/// Counts a slot's units, or a part of them, as of now.
pub(crate) fn room(
    tx: &mut dyn Tx,
    slot: &Slot,
    hall: HallId,
    part: Part<'_>,
    now: Instant,
) -> Result<Room, StoreError> {
    let key = [
        Value::Id(slot.event.bytes()),
        Value::Id(slot.id.bytes()),
        Value::Id(hall.bytes()),
        maybe_id(slot.plan.map(crate::domain::ids::PlanId::bytes)),
        Value::Int(now.micros()),
        maybe_text(part.category.map(Name::shared)),
        maybe_text(part.area.map(Name::shared)),
    ];
    let rows = tx.one(&FREE, &key)?;
    let row = rows.first().ok_or_else(|| super::damaged("slot"))?;
    let (capacity, taken, due) = (row.int(0), row.int(1), row.int(2));
    let free = capacity.checked_sub(taken).and_then(|free| free.checked_add(due));
    match free {
        Some(free) if (0..=capacity).contains(&free) => Ok(Room { capacity, free }),
        Some(_) | None => Err(super::damaged("area or seat_count")),
    }
}
