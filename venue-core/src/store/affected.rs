//! Whom it concerns when a slot is cancelled or moved.

use std::sync::Arc;

use crate::domain::booking_state::StateName;
use crate::domain::ids::{BookingId, EventId, HallId, ScheduleId, SlotId};
use crate::domain::instant::{Instant, Span};
use crate::domain::timetable::Occupied;

use super::boundary::{Row, StoreError, StoreFailure, Tx, Value};
use super::statement::statements;

statements! {
    COUNT = "SELECT b.state, COUNT(*), COALESCE(SUM(CASE WHEN b.paid > 0 THEN b.total ELSE 0 END), 0) FROM (SELECT DISTINCT event, booking FROM line WHERE slot = $1) l JOIN booking b ON b.event = l.event AND b.id = l.booking WHERE b.state = 1 OR (b.state = 0 AND b.expires_at > $2) GROUP BY b.state"
        (Id, Int) -> (Int, Int, Int);
    FIRST = "SELECT b.number, b.id, b.state, b.buyer, SUM(l.quantity) FROM line l JOIN booking b ON b.event = l.event AND b.id = l.booking WHERE l.slot = $1 AND l.state = 0 AND (b.state = 1 OR (b.state = 0 AND b.expires_at > $2)) GROUP BY l.booking, b.number, b.id, b.state, b.buyer ORDER BY l.booking LIMIT $3"
        (Id, Int, Int) -> (Int, Id, Int, MaybeText, Int);
    AFTER = "SELECT l.booking, b.number, b.state FROM (SELECT DISTINCT event, booking FROM line WHERE slot = $1 AND booking > $2 ORDER BY booking LIMIT $3) l JOIN booking b ON b.event = l.event AND b.id = l.booking ORDER BY l.booking"
        (Id, Id, Int) -> (Id, Int, Int);
    BETWEEN = "SELECT s.id, s.event, e.slug, s.starts_at, s.ends_at, c.rule, c.id FROM event e JOIN slot s ON s.event = e.id JOIN schedule c ON c.id = s.schedule WHERE e.hall = (SELECT o.hall FROM event o WHERE o.id = $1) AND e.deleted_at IS NULL AND s.cancelled = 0 AND s.starts_at < $2 AND s.ends_at > $3 ORDER BY s.starts_at, s.id"
        (Id, Int, Int) -> (Id, Id, Text, Int, Int, Text, Id);
    HALL = "SELECT turnaround, shared FROM hall WHERE id = $1"
        (Id) -> (Int, Int);
    OVERLAP = "SELECT c.rule FROM slot s JOIN schedule c ON c.id = s.schedule WHERE s.event = $1 AND s.id = $2"
        (Id, Id) -> (Text);
}

/// How many live bookings a slot has. A due hold is none, whether or not its end has been written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Live {
    /// Holds.
    pub(crate) holds: i64,
    /// Confirmed bookings.
    pub(crate) bookings: i64,
    /// What was paid for the live lines of the confirmed ones.
    pub(crate) paid: i64,
}

/// A live booking of a slot, in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its number.
    pub(crate) number: u64,
    /// Its id.
    pub(crate) id: BookingId,
    /// Held or confirmed.
    pub(crate) state: StateName,
    /// For whom.
    pub(crate) buyer: Option<Arc<str>>,
    /// How many units it has.
    pub(crate) units: i64,
}

/// A booking of a slot, live or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Met {
    /// Its id.
    pub(crate) id: BookingId,
    /// Its number.
    pub(crate) number: u64,
    /// True if it is held or confirmed.
    pub(crate) live: bool,
}

fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, format!("a row of {what} is damaged"))
}

fn number(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| damaged("booking"))
}

/// Counts the live bookings of a slot.
pub(crate) fn count(tx: &mut dyn Tx, slot: SlotId, now: Instant) -> Result<Live, StoreError> {
    let mut live = Live::default();
    for row in tx.one(&COUNT, &[Value::Id(slot.bytes()), Value::Int(now.micros())])?.iter() {
        if row.int(0) == 0 {
            live.holds = row.int(1);
        } else {
            (live.bookings, live.paid) = (row.int(1), row.int(2));
        }
    }
    Ok(live)
}

/// The first live bookings of a slot, in the order in which they were made.
pub(crate) fn first(
    tx: &mut dyn Tx,
    slot: SlotId,
    now: Instant,
    most: i64,
) -> Result<Vec<Named>, StoreError> {
    let key = [Value::Id(slot.bytes()), Value::Int(now.micros()), Value::Int(most)];
    let rows = tx.one(&FIRST, &key)?;
    let named = rows.iter().map(|row| {
        Ok(Named {
            number: number(row.int(0))?,
            id: BookingId::from_bytes(row.id(1)),
            state: if row.int(2) == 0 { StateName::Held } else { StateName::Confirmed },
            buyer: row.maybe_text(3).cloned(),
            units: row.int(4),
        })
    });
    named.collect()
}

/// The bookings of a slot after this one, in the order of their ids, at most so many.
pub(crate) fn after(
    tx: &mut dyn Tx,
    slot: SlotId,
    reached: BookingId,
    most: i64,
) -> Result<Vec<Met>, StoreError> {
    let key = [Value::Id(slot.bytes()), Value::Id(reached.bytes()), Value::Int(most)];
    let rows = tx.one(&AFTER, &key)?;
    let met = rows.iter().map(|row| {
        let id = BookingId::from_bytes(row.id(0));
        Ok(Met { id, number: number(row.int(1))?, live: matches!(row.int(2), 0 | 1) })
    });
    met.collect()
}

/// What takes place in the hall of an event between two instants: slots with their ids, cancelled ones left out.
pub(crate) fn in_hall_between(
    tx: &mut dyn Tx,
    event: EventId,
    from: Instant,
    until: Instant,
    overlaps: impl Fn(&str) -> bool,
) -> Result<Vec<(SlotId, Occupied)>, StoreError> {
    let key = [Value::Id(event.bytes()), Value::Int(until.micros()), Value::Int(from.micros())];
    let rows = tx.one(&BETWEEN, &key)?;
    let instant =
        |row: Row<'_>, column| Instant::from_micros(row.int(column)).ok_or_else(|| damaged("slot"));
    let occupied = rows.iter().map(|row| {
        let slot = Occupied {
            slot: Some(SlotId::from_bytes(row.id(0))),
            schedule: ScheduleId::from_bytes(row.id(6)),
            event: EventId::from_bytes(row.id(1)),
            slug: Arc::clone(row.text(2)),
            starts_at: instant(row, 3)?,
            ends_at: instant(row, 4)?,
            overlap: overlaps(row.text(5)),
        };
        Ok((SlotId::from_bytes(row.id(0)), slot))
    });
    occupied.collect()
}

/// A hall's turnaround, and whether slots of several events may overlap there.
pub(crate) fn hall(tx: &mut dyn Tx, hall: HallId) -> Result<(Span, bool), StoreError> {
    let rows = tx.one(&HALL, &[Value::Id(hall.bytes())])?;
    let row = rows.first().ok_or_else(|| damaged("event"))?;
    Ok((Span::from_micros(row.int(0)), row.int(1) == 1))
}

/// Whether a slot's schedule lets slots of its event overlap.
pub(crate) fn lets_overlap(
    tx: &mut dyn Tx,
    event: EventId,
    slot: SlotId,
    overlaps: impl Fn(&str) -> bool,
) -> Result<bool, StoreError> {
    let rows = tx.one(&OVERLAP, &[Value::Id(event.bytes()), Value::Id(slot.bytes())])?;
    Ok(rows.first().is_some_and(|row| overlaps(row.text(0))))
}
