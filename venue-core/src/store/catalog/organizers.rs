//! Organizers.

use std::sync::Arc;

use crate::domain::ids::OrganizerId;
use crate::domain::money::Currency;
use crate::domain::text::{Name, Slug};
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::events::Organizer;
use crate::store::statement::{statements, text};

use super::{any, damaged};

statements! {
    BY_SLUG = "SELECT id, slug, name, currency FROM organizer WHERE slug = $1"
        (Text) -> (Id, Text, Text, Text);
    INSERT = "INSERT INTO organizer (id, slug, name, currency) VALUES ($1, $2, $3, $4)"
        (Id, Text, Text, Text) -> ();
    UPDATE = "UPDATE organizer SET name = $2, currency = $3 WHERE id = $1"
        (Id, Text, Text) -> ();
    HAS_SLOTS = "SELECT count(*) FROM (SELECT 1 FROM event e JOIN slot s ON s.event = e.id WHERE e.organizer = $1 LIMIT 1) AS found"
        (Id) -> (Int);
    EVENTS = "SELECT id FROM event WHERE organizer = $1"
        (Id) -> (Id);
}

/// The organizer with this slug.
pub(crate) fn by_slug(tx: &mut dyn Tx, slug: &Slug) -> Result<Option<Organizer>, StoreError> {
    let rows = tx.one(&BY_SLUG, &[text(slug.as_str())])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Organizer {
        id: OrganizerId::from_bytes(row.id(0)),
        slug: Slug::stored(row.text(1)),
        name: Arc::clone(row.text(2)),
        currency: row.text(3).parse().map_err(|_| damaged("organizer"))?,
    }))
}

/// Adds an organizer.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    id: OrganizerId,
    slug: &Slug,
    name: &Name,
    currency: Currency,
) -> Result<(), StoreError> {
    let row =
        [Value::Id(id.bytes()), text(slug.as_str()), text(name.as_str()), text(currency.code())];
    tx.exec(&[Call::once(&INSERT, row)]).map(drop)
}

/// Changes an organizer.
pub(crate) fn update(
    tx: &mut dyn Tx,
    id: OrganizerId,
    name: &Name,
    currency: Currency,
) -> Result<(), StoreError> {
    let row = [Value::Id(id.bytes()), text(name.as_str()), text(currency.code())];
    tx.exec(&[Call::once(&UPDATE, row)]).map(drop)
}

/// True if any of an organizer's events has a slot.
pub(crate) fn has_slots(tx: &mut dyn Tx, id: OrganizerId) -> Result<bool, StoreError> {
    tx.one(&HAS_SLOTS, &[Value::Id(id.bytes())]).map(|rows| any(&rows))
}

/// All events of an organizer.
pub(crate) fn events(
    tx: &mut dyn Tx,
    id: OrganizerId,
) -> Result<Vec<crate::domain::ids::EventId>, StoreError> {
    super::events::ids(&tx.one(&EVENTS, &[Value::Id(id.bytes())])?)
}
