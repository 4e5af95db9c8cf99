//! Events, as far as lists choose among them: by slug, by place, by what is searched for, by their slots' starts.

use std::sync::Arc;

use crate::domain::ids::{EventId, HallId, OrganizerId, VenueId};
use crate::domain::instant::Instant;
use crate::domain::search::Indexed;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;

use crate::store::boundary::{Call, Row, StoreError, Tx, Value};
use crate::store::search;
use crate::store::statement::{statements, text, truth};

use super::damaged;

statements! {
    PAGE = "SELECT e.id, e.slug, e.state, e.hall, h.venue, t.body, t.labels FROM event e JOIN hall h ON h.id = e.hall JOIN event_text t ON t.event = e.id WHERE e.organizer = $1 AND e.slug > $2 AND e.deleted_at IS NULL AND (e.state <> 0 OR $3 = 1) ORDER BY e.slug LIMIT $4"
        (Id, Text, Int, Int) -> (Id, Text, Int, Id, Id, Text, Text);
    ONE = "SELECT e.id, e.slug, e.state, e.hall, h.venue, t.body, t.labels FROM event e JOIN hall h ON h.id = e.hall JOIN event_text t ON t.event = e.id WHERE e.id = $1 AND e.organizer = $2 AND e.deleted_at IS NULL AND (e.state <> 0 OR $3 = 1)"
        (Id, Id, Int) -> (Id, Text, Int, Id, Id, Text, Text);
    HALL_PAGE = "SELECT id FROM event WHERE hall = $1 ORDER BY slug LIMIT $2"
        (Id, Int) -> (Id);
    VENUE_PAGE = "SELECT e.id FROM hall h CROSS JOIN event e WHERE h.venue = $1 AND e.hall = h.id LIMIT $2"
        (Id, Int) -> (Id);
    RANGE_PAGE = "SELECT event FROM slot WHERE starts_at >= $1 AND starts_at <= $2 ORDER BY starts_at LIMIT $3"
        (Int, Int, Int) -> (Id);
}

/// An event that a list may have.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Its id.
    pub(crate) id: EventId,
    /// What it is called in commands.
    pub(crate) slug: Slug,
    /// What it is.
    pub(crate) state: EventState,
    /// Where.
    pub(crate) hall: HallId,
    /// Where that is.
    pub(crate) venue: VenueId,
    /// What it is searched by.
    pub(crate) indexed: Indexed,
}

fn found(row: Row<'_>) -> Result<Found, StoreError> {
    let state = usize::try_from(row.int(2)).ok().and_then(|n| EventState::ALL.get(n).copied());
    Ok(Found {
        id: EventId::from_bytes(row.id(0)),
        slug: Slug::stored(row.text(1)),
        state: state.ok_or_else(|| damaged("event"))?,
        hall: HallId::from_bytes(row.id(3)),
        venue: VenueId::from_bytes(row.id(4)),
        indexed: search::read(row, 5),
    })
}

/// Whose events, and whether drafts are among them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight {
    /// Of this organizer.
    pub(crate) organizer: OrganizerId,
    /// Drafts too.
    pub(crate) drafts: bool,
}

/// A page of events, by slug.
pub(crate) fn page(
    tx: &mut dyn Tx,
    sight: Sight,
    after: &str,
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    let organizer = Value::Id(sight.organizer.bytes());
    let key = [organizer, text(after), truth(sight.drafts), Value::Int(limit)];
    tx.one(&PAGE, &key)?.iter().map(found).collect()
}

/// Those of these events that may be seen, in no order.
pub(crate) fn those(
    tx: &mut dyn Tx,
    sight: Sight,
    events: &[EventId],
) -> Result<Vec<Found>, StoreError> {
    let mut call = Call::with_room(&ONE, events.len());
    for event in events {
        let organizer = Value::Id(sight.organizer.bytes());
        call.push([Value::Id(event.bytes()), organizer, truth(sight.drafts)]);
    }
    let answers = tx.fetch(&[call])?;
    answers.iter().flat_map(super::super::boundary::Rows::iter).map(found).collect()
}

/// The ids that a statement finds; none if there are more than `most`.
fn few(
    tx: &mut dyn Tx,
    statement: &'static super::super::boundary::Statement,
    mut key: Vec<Value>,
    most: usize,
) -> Result<Option<Vec<EventId>>, StoreError> {
    key.push(Value::Int(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1)));
    let rows = tx.one(statement, &key)?;
    let events: Vec<EventId> = rows.iter().map(|row| EventId::from_bytes(row.id(0))).collect();
    Ok(Some(events).filter(|events| events.len() <= most))
}

/// The events of a hall; none if there are more than `most`.
pub(crate) fn few_of_hall(
    tx: &mut dyn Tx,
    hall: HallId,
    most: usize,
) -> Result<Option<Vec<EventId>>, StoreError> {
    few(tx, &HALL_PAGE, vec![Value::Id(hall.bytes())], most)
}

/// The events of a venue; none if there are more than `most`.
pub(crate) fn few_of_venue(
    tx: &mut dyn Tx,
    venue: VenueId,
    most: usize,
) -> Result<Option<Vec<EventId>>, StoreError> {
    few(tx, &VENUE_PAGE, vec![Value::Id(venue.bytes())], most)
}

/// The events of all organizers with a slot that starts then; none if there are more than `most` slots.
pub(crate) fn few_of_range(
    tx: &mut dyn Tx,
    from: Instant,
    until: Instant,
    most: usize,
) -> Result<Option<Vec<EventId>>, StoreError> {
    let key = vec![Value::Int(from.micros()), Value::Int(until.micros())];
    let mut found = few(tx, &RANGE_PAGE, key, most)?;
    if let Some(events) = &mut found {
        events.sort_unstable();
        events.dedup();
    }
    Ok(found)
}

/// The one zone of all venues of an organizer; none if there are several, or no venue.
pub(crate) fn only_zone(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
) -> Result<Option<Arc<str>>, StoreError> {
    super::venues::zones(tx, organizer).map(|zones| match &zones[..] {
        [only] => Some(Arc::clone(only)),
        _ => None,
    })
}
