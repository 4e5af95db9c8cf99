//! Events, as an import compares and writes them.

use crate::domain::ids::{EventId, HallId, OrganizerId};
use crate::domain::instant::Span;
use crate::domain::season::SaleBound;
use crate::domain::season_diff::EventFields;
use crate::domain::slot::EventState;
use crate::domain::text::{Name, Slug};
use crate::store::boundary::{Call, Row, Rows, StoreError, Tx, Value};
use crate::store::search;
use crate::store::statement::{maybe_int, statements, text};

use super::{any, damaged};

statements! {
    BY_SLUG = "SELECT kind, title, description, tags, hall, duration, hold, max_hold, max_units_per_booking, max_units_per_buyer, on_sale_from, on_sale_until, state, id, deleted_at FROM event WHERE organizer = $1 AND slug = $2"
        (Id, Text) -> (Text, Text, Text, Text, Id, MaybeInt, Int, Int, Int, MaybeInt, MaybeText, MaybeText, Int, Id, MaybeInt);
    INSERT = "INSERT INTO event (kind, title, description, tags, hall, duration, hold, max_hold, max_units_per_booking, max_units_per_buyer, on_sale_from, on_sale_until, state, id, organizer, slug, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)"
        (Text, Text, Text, Text, Id, Int, Int, Int, Int, Int, Text, Text, Int, Id, Id, Text) -> ();
    UPDATE = "UPDATE event SET kind = $1, title = $2, description = $3, tags = $4, hall = $5, duration = $6, hold = $7, max_hold = $8, max_units_per_booking = $9, max_units_per_buyer = $10, on_sale_from = $11, on_sale_until = $12, state = $13 WHERE id = $14"
        (Text, Text, Text, Text, Id, Int, Int, Int, Int, Int, Text, Text, Int, Id) -> ();
    BUMP = "UPDATE event SET version = version + 1 WHERE id = $1" (Id) -> ();
    HAS_SLOTS = "SELECT count(*) FROM (SELECT 1 FROM slot WHERE event = $1 LIMIT 1) AS found"
        (Id) -> (Int);
    SLUGS_OF_HALL = "SELECT id, slug, state FROM event WHERE hall = $1 AND deleted_at IS NULL ORDER BY slug"
        (Id) -> (Id, Text, Int);
}

/// An event's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    /// Its id.
    pub(crate) id: EventId,
    /// What an import compares.
    pub(crate) fields: EventFields,
    /// It was deleted.
    pub(crate) deleted: bool,
}

/// The ids that a statement with one column found.
pub(super) fn ids(rows: &Rows) -> Result<Vec<EventId>, StoreError> {
    rows.iter()
        .map(|row| row.maybe_id(0).map(EventId::from_bytes).ok_or_else(|| damaged("event")))
        .collect()
}

/// The event of an organizer with this slug, deleted or not.
pub(crate) fn by_slug(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &Slug,
) -> Result<Option<EventRow>, StoreError> {
    let rows = tx.one(&BY_SLUG, &[Value::Id(organizer.bytes()), text(slug.as_str())])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(EventRow {
        id: EventId::from_bytes(row.id(13)),
        fields: fields(row)?,
        deleted: row.maybe_int(14).is_some(),
    }))
}

/// Reads the first thirteen columns of `BY_SLUG`.
fn fields(row: Row<'_>) -> Result<EventFields, StoreError> {
    let tags: Vec<Name> = serde_json::from_str(row.text(3)).map_err(|_| damaged("event"))?;
    let bound = |column| -> Result<Option<SaleBound>, StoreError> {
        let json = row.maybe_text(column);
        json.map(|json| serde_json::from_str(json).map_err(|_| damaged("event"))).transpose()
    };
    Ok(EventFields {
        kind: row.text(0).to_string(),
        title: Name::stored(row.text(1)),
        description: row.text(2).to_string(),
        tags,
        hall: HallId::from_bytes(row.id(4)),
        duration: row.maybe_int(5).map(Span::from_micros),
        hold: Span::from_micros(row.int(6)),
        max_hold: Span::from_micros(row.int(7)),
        max_units_per_booking: row.int(8),
        max_units_per_buyer: row.maybe_int(9),
        on_sale_from: bound(10)?,
        on_sale_until: bound(11)?,
        state: state(row.int(12))?,
    })
}

/// What an event is, by the number in its row.
fn state(number: i64) -> Result<EventState, StoreError> {
    let state = usize::try_from(number).ok().and_then(|n| EventState::ALL.get(n).copied());
    state.ok_or_else(|| damaged("event"))
}

/// The first fourteen parameters of `INSERT` and `UPDATE`.
fn row(id: EventId, fields: &EventFields) -> [Value; 14] {
    let bound = |bound: &Option<SaleBound>| bound.as_ref().map_or(Value::Null, json);
    let state = EventState::ALL.iter().position(|state| *state == fields.state);
    let state = state.and_then(|n| i64::try_from(n).ok()).unwrap_or(0);
    [
        text(&fields.kind),
        text(fields.title.as_str()),
        text(&fields.description),
        json(&fields.tags),
        Value::Id(fields.hall.bytes()),
        maybe_int(fields.duration.map(Span::micros)),
        Value::Int(fields.hold.micros()),
        Value::Int(fields.max_hold.micros()),
        Value::Int(fields.max_units_per_booking),
        maybe_int(fields.max_units_per_buyer),
        bound(&fields.on_sale_from),
        bound(&fields.on_sale_until),
        Value::Int(state),
        Value::Id(id.bytes()),
    ]
}

fn json(value: &impl serde::Serialize) -> Value {
    let json = serde_json::to_string(value);
    text(&json.unwrap_or_else(|_| unreachable!("texts and numbers are JSON")))
}

/// Adds an event, in its first version.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &Slug,
    id: EventId,
    fields: &EventFields,
) -> Result<(), StoreError> {
    let rest = [Value::Id(organizer.bytes()), text(slug.as_str())];
    tx.exec(&[Call::once(&INSERT, row(id, fields).into_iter().chain(rest))])?;
    search::refresh(tx, [id])
}

/// Changes an event's fields; its version is bumped apart.
pub(crate) fn update(tx: &mut dyn Tx, id: EventId, fields: &EventFields) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&UPDATE, row(id, fields))])?;
    search::refresh(tx, [id])
}

/// Bumps the versions of events.
pub(crate) fn bump(
    tx: &mut dyn Tx,
    events: impl IntoIterator<Item = EventId>,
) -> Result<(), StoreError> {
    let mut bump = Call::new(&BUMP);
    events.into_iter().for_each(|event| bump.push([Value::Id(event.bytes())]));
    tx.exec(&[bump]).map(drop)
}

/// True if an event has a slot.
pub(crate) fn has_slots(tx: &mut dyn Tx, id: EventId) -> Result<bool, StoreError> {
    tx.one(&HAS_SLOTS, &[Value::Id(id.bytes())]).map(|rows| any(&rows))
}

/// The events of a hall with their slugs and states, deleted ones left out.
pub(crate) fn of_hall(
    tx: &mut dyn Tx,
    hall: HallId,
) -> Result<Vec<(EventId, Slug, EventState)>, StoreError> {
    let rows = tx.one(&SLUGS_OF_HALL, &[Value::Id(hall.bytes())])?;
    let event = |row: Row<'_>| {
        let id = EventId::from_bytes(row.id(0));
        Ok((id, Slug::stored(row.text(1)), state(row.int(2))?))
    };
    rows.iter().map(event).collect()
}
