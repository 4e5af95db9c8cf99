//! Which events came from which series of a calendar.

use crate::domain::ids::{EventId, HallId};
use crate::domain::text::Slug;
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::statement::{statements, text};

statements! {
    BY_UID = "SELECT e.slug FROM calendar_event c JOIN event e ON e.id = c.event WHERE c.hall = $1 AND c.uid = $2"
        (Id, Text) -> (Text);
    INSERT = "INSERT INTO calendar_event (event, hall, uid) VALUES ($1, $2, $3)"
        (Id, Id, Text) -> ();
}

/// The slug of the event that a series became when it was imported into a hall, deleted or not.
pub(crate) fn event_of(
    tx: &mut dyn Tx,
    hall: HallId,
    uid: &str,
) -> Result<Option<Slug>, StoreError> {
    let rows = tx.one(&BY_UID, &[Value::Id(hall.bytes()), text(uid)])?;
    Ok(rows.first().map(|row| Slug::stored(row.text(0))))
}

/// Notes that an event came from a series.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    event: EventId,
    hall: HallId,
    uid: &str,
) -> Result<(), StoreError> {
    let row = [Value::Id(event.bytes()), Value::Id(hall.bytes()), text(uid)];
    tx.exec(&[Call::once(&INSERT, row)]).map(drop)
}
