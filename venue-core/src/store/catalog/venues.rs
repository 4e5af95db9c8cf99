//! Venues.

use std::sync::Arc;

use crate::domain::ids::{EventId, OrganizerId, VenueId};
use crate::domain::season::VenueSpec;
use crate::domain::text::{Name, Slug};
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::search;
use crate::store::statement::{maybe_text, statements, text};

use super::any;

statements! {
    BY_SLUG = "SELECT id, name, city, zone FROM venue WHERE organizer = $1 AND slug = $2"
        (Id, Text) -> (Id, Text, MaybeText, Text);
    INSERT = "INSERT INTO venue (id, organizer, slug, name, city, zone) VALUES ($1, $2, $3, $4, $5, $6)"
        (Id, Id, Text, Text, Text, Text) -> ();
    UPDATE = "UPDATE venue SET name = $2, city = $3, zone = $4 WHERE id = $1"
        (Id, Text, Text, Text) -> ();
    HAS_SLOTS = "SELECT count(*) FROM (SELECT 1 FROM hall h JOIN event e ON e.hall = h.id JOIN slot s ON s.event = e.id WHERE h.venue = $1 LIMIT 1) AS found"
        (Id) -> (Int);
    EVENTS = "SELECT e.id FROM event e JOIN hall h ON h.id = e.hall WHERE h.venue = $1"
        (Id) -> (Id);
}

/// A venue's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VenueRow {
    /// Its id.
    pub(crate) id: VenueId,
    /// What people call it.
    pub(crate) name: Arc<str>,
    /// Where it is.
    pub(crate) city: Option<Arc<str>>,
    /// The zone's IANA name.
    pub(crate) zone: Arc<str>,
}

impl VenueRow {
    /// True if the row says what the season says.
    pub(crate) fn says(&self, spec: &VenueSpec) -> bool {
        *self.name == *spec.name.as_str()
            && self.city.as_deref() == spec.city.as_ref().map(Name::as_str)
            && *self.zone == *spec.zone.name()
    }
}

/// The venue of an organizer with this slug.
pub(crate) fn by_slug(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &Slug,
) -> Result<Option<VenueRow>, StoreError> {
    let rows = tx.one(&BY_SLUG, &[Value::Id(organizer.bytes()), text(slug.as_str())])?;
    Ok(rows.first().map(|row| VenueRow {
        id: VenueId::from_bytes(row.id(0)),
        name: Arc::clone(row.text(1)),
        city: row.maybe_text(2).cloned(),
        zone: Arc::clone(row.text(3)),
    }))
}

/// Adds a venue.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    id: VenueId,
    spec: &VenueSpec,
) -> Result<(), StoreError> {
    let row = [
        Value::Id(id.bytes()),
        Value::Id(organizer.bytes()),
        text(spec.slug.as_str()),
        text(spec.name.as_str()),
        maybe_text(spec.city.as_ref().map(Name::shared)),
        text(spec.zone.name()),
    ];
    tx.exec(&[Call::once(&INSERT, row)]).map(drop)
}

/// Changes a venue, and what its events are searched by.
pub(crate) fn update(tx: &mut dyn Tx, id: VenueId, spec: &VenueSpec) -> Result<(), StoreError> {
    let row = [
        Value::Id(id.bytes()),
        text(spec.name.as_str()),
        maybe_text(spec.city.as_ref().map(Name::shared)),
        text(spec.zone.name()),
    ];
    tx.exec(&[Call::once(&UPDATE, row)])?;
    let events = events(tx, id)?;
    search::refresh(tx, events)
}

/// True if any slot takes place there.
pub(crate) fn has_slots(tx: &mut dyn Tx, id: VenueId) -> Result<bool, StoreError> {
    tx.one(&HAS_SLOTS, &[Value::Id(id.bytes())]).map(|rows| any(&rows))
}

/// All events that take place there.
pub(crate) fn events(tx: &mut dyn Tx, id: VenueId) -> Result<Vec<EventId>, StoreError> {
    super::events::ids(&tx.one(&EVENTS, &[Value::Id(id.bytes())])?)
}
