//! What the life of an event needs to know of its slots, bookings and jobs.

use crate::domain::event_state::EventFacts;
use crate::domain::ids::{EventId, OrganizerId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::slot::EventState;

use super::affected::Live;
use super::boundary::{Call, Row, StoreError, StoreFailure, Tx, Value};
use super::statement::statements;

statements! {
    VERSION = "SELECT version FROM event WHERE id = $1 AND organizer = $2"
        (Id, Id) -> (Int);
    TO_COME = "SELECT COUNT(*), MAX(ends_at) FROM slot WHERE event = $1 AND cancelled = 0 AND ends_at > $2"
        (Id, Int) -> (Int, MaybeInt);
    LIVE = "SELECT COUNT(*) FROM (SELECT 1 FROM booking WHERE event = $1 AND (state = 1 OR (state = 0 AND expires_at > $2)) LIMIT 1000) AS found"
        (Id, Int) -> (Int);
    HELD = "SELECT number FROM booking WHERE event = $1 AND state = 0 ORDER BY number"
        (Id) -> (Int);
    SET_STATE = "UPDATE event SET state = $2, version = version + 1 WHERE id = $1"
        (Id, Int) -> ();
    DELETE = "UPDATE event SET deleted_at = $2, version = version + 1 WHERE id = $1"
        (Id, Int) -> ();
    NEXT_SLOTS = "SELECT id FROM slot WHERE event = $1 AND cancelled = 0 AND ends_at > $2 ORDER BY starts_at, id LIMIT $3"
        (Id, Int, Int) -> (Id);
    OPEN_SLOT = "SELECT slot FROM job WHERE event = $1 AND state = 0 AND slot <> $2 ORDER BY slot LIMIT 1"
        (Id, Id) -> (Id);
    SUMS = "SELECT COUNT(*), COALESCE(SUM(total), 0), COALESCE(SUM(holds), 0), COALESCE(SUM(bookings), 0), COALESCE(SUM(units), 0), COALESCE(SUM(refund_due), 0) FROM job WHERE event = $1 AND of_event = 1"
        (Id) -> (Int, Int, Int, Int, Int, Int);
    WOULD_END = "SELECT b.state, COUNT(*), COALESCE(SUM(CASE WHEN b.paid > 0 THEN b.total ELSE 0 END), 0) FROM booking b WHERE b.event = $1 AND (b.state = 1 OR (b.state = 0 AND b.expires_at > $2)) AND EXISTS (SELECT 1 FROM line l JOIN slot s ON s.id = l.slot WHERE l.event = b.event AND l.booking = b.id AND s.cancelled = 0 AND s.ends_at > $2) GROUP BY b.state"
        (Id, Int) -> (Int, Int, Int);
    WOULD_FREE = "SELECT COALESCE(SUM(l.quantity), 0) FROM booking b JOIN line l ON l.event = b.event AND l.booking = b.id JOIN slot s ON s.id = l.slot WHERE b.event = $1 AND (b.state = 1 OR (b.state = 0 AND b.expires_at > $2)) AND l.state = 0 AND s.cancelled = 0 AND s.ends_at > $2"
        (Id, Int) -> (Int);
}

/// What the slots of an event that is called off come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Slots.
    pub(crate) slots: i64,
    /// Units that had a buyer when it was called off.
    pub(crate) total: i64,
    /// Holds released.
    pub(crate) holds: i64,
    /// Bookings cancelled.
    pub(crate) bookings: i64,
    /// Units of both.
    pub(crate) units: i64,
    /// What is due for refund because of it.
    pub(crate) refund_due: i64,
}

fn damaged() -> StoreError {
    StoreError::new(StoreFailure::Corrupt, "a row of event is damaged")
}

fn key(event: EventId, at: Instant) -> [Value; 2] {
    [Value::Id(event.bytes()), Value::Int(at.micros())]
}

/// The version of an organizer's event.
pub(crate) fn version(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    event: EventId,
) -> Result<i64, StoreError> {
    let rows = tx.one(&VERSION, &[Value::Id(event.bytes()), Value::Id(organizer.bytes())])?;
    rows.first().map(|row| row.int(0)).ok_or_else(damaged)
}

/// What is true of an event at `now`. At most 1,000 live bookings are counted.
pub(crate) fn facts(
    tx: &mut dyn Tx,
    event: EventId,
    now: Instant,
) -> Result<EventFacts, StoreError> {
    let answers =
        tx.fetch(&[Call::once(&TO_COME, key(event, now)), Call::once(&LIVE, key(event, now))])?;
    let first = |n: usize| answers[n].first().ok_or_else(damaged);
    let to_come = first(0)?;
    let last_end = to_come.maybe_int(1);
    Ok(EventFacts {
        slots_to_come: to_come.int(0),
        last_end: last_end.map(|at| Instant::from_micros(at).ok_or_else(damaged)).transpose()?,
        live_bookings: first(1)?.int(0),
    })
}

/// The numbers of the holds of an event, live and due.
pub(crate) fn held(tx: &mut dyn Tx, event: EventId) -> Result<Vec<u64>, StoreError> {
    let rows = tx.one(&HELD, &[Value::Id(event.bytes())])?;
    rows.iter().map(|row| u64::try_from(row.int(0)).map_err(|_| damaged())).collect()
}

/// Gives an event another state, and its next version.
pub(crate) fn set_state(
    tx: &mut dyn Tx,
    event: EventId,
    state: EventState,
) -> Result<(), StoreError> {
    let number = EventState::ALL.iter().position(|known| *known == state);
    let number = number.and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    let row = [Value::Id(event.bytes()), Value::Int(number)];
    tx.exec(&[Call::once(&SET_STATE, row)]).map(drop)
}

/// Deletes an event: its row stays, nobody finds it.
pub(crate) fn delete(tx: &mut dyn Tx, event: EventId, now: Instant) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&DELETE, key(event, now))]).map(drop)
}

/// The next slots of an event that are to be cancelled: not over at that instant.
pub(crate) fn next_slots(
    tx: &mut dyn Tx,
    event: EventId,
    at: Instant,
    most: i64,
) -> Result<Vec<SlotId>, StoreError> {
    let [event, at] = key(event, at);
    let rows = tx.one(&NEXT_SLOTS, &[event, at, Value::Int(most)])?;
    Ok(rows.iter().map(|row| SlotId::from_bytes(row.id(0))).collect())
}

/// A slot of an event whose cancelling goes on.
pub(crate) fn open_slot(tx: &mut dyn Tx, event: EventId) -> Result<Option<SlotId>, StoreError> {
    let rows = tx.one(&OPEN_SLOT, &[Value::Id(event.bytes()), Value::Id([0; 16])])?;
    Ok(rows.first().map(|row| SlotId::from_bytes(row.id(0))))
}

/// What the slots that were cancelled with their event have come to so far.
pub(crate) fn sums(tx: &mut dyn Tx, event: EventId) -> Result<Sums, StoreError> {
    let rows = tx.one(&SUMS, &[Value::Id(event.bytes())])?;
    let sums = |row: Row<'_>| Sums {
        slots: row.int(0),
        total: row.int(1),
        holds: row.int(2),
        bookings: row.int(3),
        units: row.int(4),
        refund_due: row.int(5),
    };
    Ok(rows.first().map(sums).unwrap_or_default())
}

/// What calling an event off at `now` would come to: live bookings, and their units.
pub(crate) fn would_end(
    tx: &mut dyn Tx,
    event: EventId,
    now: Instant,
) -> Result<(Live, i64), StoreError> {
    let answers = tx.fetch(&[
        Call::once(&WOULD_END, key(event, now)),
        Call::once(&WOULD_FREE, key(event, now)),
    ])?;
    let mut live = Live::default();
    for row in answers[0].iter() {
        if row.int(0) == 0 {
            live.holds = row.int(1);
        } else {
            (live.bookings, live.paid) = (row.int(1), row.int(2));
        }
    }
    Ok((live, answers[1].first().map_or(0, |row| row.int(0))))
}
