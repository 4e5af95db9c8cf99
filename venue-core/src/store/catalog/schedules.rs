//! Schedules: known by their place in their event.

use std::sync::Arc;

use crate::domain::ids::{EventId, ScheduleId};
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::statement::{maybe_text, statements, text};

statements! {
    OF_EVENT = "SELECT id, n, rule, unsupported FROM schedule WHERE event = $1 ORDER BY n"
        (Id) -> (Id, Int, Text, MaybeText);
    INSERT = "INSERT INTO schedule (id, event, n, rule, unsupported) VALUES ($1, $2, $3, $4, $5)"
        (Id, Id, Int, Text, Text) -> ();
    UPDATE = "UPDATE schedule SET rule = $2, unsupported = $3 WHERE id = $1"
        (Id, Text, Text) -> ();
}

/// A schedule's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScheduleRow {
    /// Its id.
    pub(crate) id: ScheduleId,
    /// Its place in the event, from 0.
    pub(crate) n: i64,
    /// The rule as canonical JSON.
    pub(crate) rule: Arc<str>,
    /// Why not all of it makes slots.
    pub(crate) unsupported: Option<Arc<str>>,
}

/// The schedules of an event, in their order.
pub(crate) fn of_event(tx: &mut dyn Tx, event: EventId) -> Result<Vec<ScheduleRow>, StoreError> {
    let rows = tx.one(&OF_EVENT, &[Value::Id(event.bytes())])?;
    let schedule = |row: crate::store::boundary::Row<'_>| ScheduleRow {
        id: ScheduleId::from_bytes(row.id(0)),
        n: row.int(1),
        rule: Arc::clone(row.text(2)),
        unsupported: row.maybe_text(3).cloned(),
    };
    Ok(rows.iter().map(schedule).collect())
}

/// Adds a schedule.
pub(crate) fn insert(tx: &mut dyn Tx, event: EventId, row: &ScheduleRow) -> Result<(), StoreError> {
    let row = [
        Value::Id(row.id.bytes()),
        Value::Id(event.bytes()),
        Value::Int(row.n),
        text(&row.rule),
        maybe_text(row.unsupported.clone()),
    ];
    tx.exec(&[Call::once(&INSERT, row)]).map(drop)
}

/// Changes a schedule's rule.
pub(crate) fn update(tx: &mut dyn Tx, row: &ScheduleRow) -> Result<(), StoreError> {
    let row = [Value::Id(row.id.bytes()), text(&row.rule), maybe_text(row.unsupported.clone())];
    tx.exec(&[Call::once(&UPDATE, row)]).map(drop)
}
