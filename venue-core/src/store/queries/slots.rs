//! Pages of slots, and what of them is free at an instant.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::{EventId, OrganizerId};
use crate::domain::instant::Instant;
use crate::domain::inventory::UnitState;
use crate::domain::slot::Slot;

use crate::store::boundary::{Call, Row, StoreError, Tx, Value};
use crate::store::slots::{Loaded, loaded};
use crate::store::statement::{statements, truth};

use super::damaged;

// The order of the tables is written out (CROSS JOIN): slots are walked in the order of their index.
statements! {
    PAGE = "SELECT s.event, s.id, s.schedule, s.starts_at, s.ends_at, s.on_sale_from, s.on_sale_until, s.plan, s.closed, s.cancelled, s.version, s.next_due, e.version FROM slot s CROSS JOIN event e WHERE e.id = s.event AND (s.starts_at, s.id) > ($1, $2) AND s.starts_at <= $3 AND e.organizer = $4 AND e.deleted_at IS NULL AND (e.state <> 0 OR $5 = 1) ORDER BY s.starts_at, s.id LIMIT $6"
        (Int, Id, Int, Id, Int, Int) -> (Id, Id, Id, Int, Int, MaybeInt, Int, MaybeId, Int, Int, Int, MaybeInt, Int);
    PAGE_OF_EVENT = "SELECT s.event, s.id, s.schedule, s.starts_at, s.ends_at, s.on_sale_from, s.on_sale_until, s.plan, s.closed, s.cancelled, s.version, s.next_due, e.version FROM slot s CROSS JOIN event e WHERE s.event = $7 AND e.id = s.event AND (s.starts_at, s.id) > ($1, $2) AND s.starts_at <= $3 AND e.organizer = $4 AND e.deleted_at IS NULL AND (e.state <> 0 OR $5 = 1) ORDER BY s.starts_at, s.id LIMIT $6"
        (Int, Id, Int, Id, Int, Int, Id) -> (Id, Id, Id, Int, Int, MaybeInt, Int, MaybeId, Int, Int, Int, MaybeInt, Int);
    DUE = "SELECT l.area, l.category, SUM(l.quantity) FROM hold h JOIN line l ON l.event = h.event AND l.booking = h.booking WHERE h.event = $1 AND h.slot = $2 AND h.expires_at <= $3 AND l.slot = $2 AND l.state = 0 GROUP BY l.area, l.category"
        (Id, Id, Int) -> (MaybeText, Text, Int);
    CLAIMS = "SELECT c.seat, c.kind, b.state, b.expires_at FROM claim c LEFT JOIN booking b ON b.event = c.event AND b.id = c.booking WHERE c.event = $1 AND c.slot = $2"
        (Id, Id) -> (Text, Int, MaybeInt, MaybeInt);
}

/// Which slots are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Those that start then or before.
    pub(crate) until: Instant,
    /// Of this organizer.
    pub(crate) organizer: OrganizerId,
    /// Those of draft events too.
    pub(crate) drafts: bool,
}

/// A place in a list of slots: the start and id of the one before.
pub(crate) type After = (Instant, [u8; 16]);

fn key(wanted: &Wanted, after: After, limit: i64) -> [Value; 6] {
    [
        Value::Int(after.0.micros()),
        Value::Id(after.1),
        Value::Int(wanted.until.micros()),
        Value::Id(wanted.organizer.bytes()),
        truth(wanted.drafts),
        Value::Int(limit),
    ]
}

/// A page of slots, by start and id.
pub(crate) fn page(
    tx: &mut dyn Tx,
    wanted: &Wanted,
    after: After,
    limit: i64,
) -> Result<Vec<Loaded>, StoreError> {
    tx.one(&PAGE, &key(wanted, after, limit))?.iter().map(loaded).collect()
}

/// A page of slots of each of these events, by start and id, each after its own place.
pub(crate) fn pages_of_events(
    tx: &mut dyn Tx,
    wanted: &Wanted,
    events: impl IntoIterator<Item = (EventId, After)>,
    limit: i64,
) -> Result<Vec<Vec<Loaded>>, StoreError> {
    let mut call = Call::new(&PAGE_OF_EVENT);
    for (event, after) in events {
        call.push(key(wanted, after, limit).into_iter().chain([Value::Id(event.bytes())]));
    }
    let runs = call.runs;
    let answers = tx.fetch(&[call])?;
    (0..runs).map(|run| answers[0].of_run(run).map(loaded).collect()).collect()
}

/// Units in holds of a slot that are over: as many of an area (or of seats, where there is none), in a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DueUnits {
    /// The area; none: seats.
    pub(crate) area: Option<Arc<str>>,
    /// The category.
    pub(crate) category: Arc<str>,
    /// So many.
    pub(crate) quantity: i64,
}

/// What the counters of a slot call held and is free already.
pub(crate) fn due(tx: &mut dyn Tx, slot: &Slot, now: Instant) -> Result<Vec<DueUnits>, StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes()), Value::Int(now.micros())];
    let units = |row: Row<'_>| DueUnits {
        area: row.maybe_text(0).cloned(),
        category: Arc::clone(row.text(1)),
        quantity: row.int(2),
    };
    Ok(tx.one(&DUE, &key)?.iter().map(units).collect())
}

/// What the seats of a slot are, those that are not free.
pub(crate) fn seat_states(
    tx: &mut dyn Tx,
    slot: &Slot,
    now: Instant,
) -> Result<FxHashMap<Arc<str>, UnitState>, StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes())];
    let rows = tx.one(&CLAIMS, &key)?;
    let mut states = FxHashMap::default();
    for row in rows.iter() {
        let state = match (row.int(1), row.maybe_int(2), row.maybe_int(3)) {
            (0, Some(0), Some(expires_at)) if expires_at <= now.micros() => continue,
            (0, Some(0), Some(_)) => UnitState::Held,
            (0, Some(1), None) => UnitState::Sold,
            (1, None, None) => UnitState::House,
            (2, None, None) => UnitState::Killed,
            _ => return Err(damaged("claim")),
        };
        states.insert(Arc::clone(row.text(0)), state);
    }
    Ok(states)
}
