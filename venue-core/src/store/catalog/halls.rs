//! Halls and their areas.

use std::sync::Arc;

use crate::domain::ids::{EventId, HallId, VenueId};
use crate::domain::instant::{Instant, Span};
use crate::domain::season::{AreaSpec, HallSpec};
use crate::domain::text::{Name, Slug};
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::search;
use crate::store::statement::{statements, text, truth};

use super::damaged;

statements! {
    BY_SLUG = "SELECT id, name, turnaround, shared FROM hall WHERE venue = $1 AND slug = $2"
        (Id, Text) -> (Id, Text, Int, Int);
    INSERT = "INSERT INTO hall (id, venue, slug, name, turnaround, shared) VALUES ($1, $2, $3, $4, $5, $6)"
        (Id, Id, Text, Text, Int, Int) -> ();
    UPDATE = "UPDATE hall SET name = $2, turnaround = $3, shared = $4 WHERE id = $1"
        (Id, Text, Int, Int) -> ();
    AREAS = "SELECT name, capacity, category FROM hall_area WHERE hall = $1 ORDER BY n"
        (Id) -> (Text, Int, Text);
    DROP_AREAS = "DELETE FROM hall_area WHERE hall = $1" (Id) -> ();
    PUT_AREA = "INSERT INTO hall_area (hall, n, name, capacity, category) VALUES ($1, $2, $3, $4, $5)"
        (Id, Int, Text, Int, Text) -> ();
    MOST_USED = "SELECT max(a.held + a.sold + a.house + a.killed) FROM event e JOIN slot s ON s.event = e.id JOIN area a ON a.event = s.event AND a.slot = s.id WHERE e.hall = $1 AND a.name = $2 AND s.ends_at > $3"
        (Id, Text, Int) -> (MaybeInt);
    RESIZE = "UPDATE area SET capacity = $3 WHERE name = $2 AND held + sold + house + killed <= $3 AND event IN (SELECT id FROM event WHERE hall = $1)"
        (Id, Text, Int) -> ();
    TOUCH_SLOTS = "UPDATE slot SET version = version + 1 WHERE event IN (SELECT id FROM event WHERE hall = $1)"
        (Id) -> ();
    EVENTS = "SELECT id FROM event WHERE hall = $1" (Id) -> (Id);
}

/// A hall's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HallRow {
    /// Its id.
    pub(crate) id: HallId,
    /// What people call it.
    pub(crate) name: Arc<str>,
    /// How long it stays empty between two slots.
    pub(crate) turnaround: Span,
    /// Several events may use it at once.
    pub(crate) shared: bool,
}

impl HallRow {
    /// True if the row says what the season says, plan and areas apart.
    pub(crate) fn says(&self, spec: &HallSpec) -> bool {
        *self.name == *spec.name.as_str()
            && self.turnaround == spec.turnaround
            && self.shared == spec.shared
    }
}

/// The hall of a venue with this slug.
pub(crate) fn by_slug(
    tx: &mut dyn Tx,
    venue: VenueId,
    slug: &Slug,
) -> Result<Option<HallRow>, StoreError> {
    let rows = tx.one(&BY_SLUG, &[Value::Id(venue.bytes()), text(slug.as_str())])?;
    Ok(rows.first().map(|row| HallRow {
        id: HallId::from_bytes(row.id(0)),
        name: Arc::clone(row.text(1)),
        turnaround: Span::from_micros(row.int(2)),
        shared: row.int(3) == 1,
    }))
}

/// Adds a hall, without plan and areas.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    venue: VenueId,
    id: HallId,
    spec: &HallSpec,
) -> Result<(), StoreError> {
    let row = [
        Value::Id(id.bytes()),
        Value::Id(venue.bytes()),
        text(spec.slug.as_str()),
        text(spec.name.as_str()),
        Value::Int(spec.turnaround.micros()),
        truth(spec.shared),
    ];
    tx.exec(&[Call::once(&INSERT, row)]).map(drop)
}

/// Changes a hall's name, turnaround and sharing, and what its events are searched by.
pub(crate) fn update(tx: &mut dyn Tx, id: HallId, spec: &HallSpec) -> Result<(), StoreError> {
    let row = [
        Value::Id(id.bytes()),
        text(spec.name.as_str()),
        Value::Int(spec.turnaround.micros()),
        truth(spec.shared),
    ];
    tx.exec(&[Call::once(&UPDATE, row)])?;
    let events = events(tx, id)?;
    search::refresh(tx, events)
}

/// The areas of a hall, in their order.
pub(crate) fn areas(tx: &mut dyn Tx, hall: HallId) -> Result<Vec<AreaSpec>, StoreError> {
    let rows = tx.one(&AREAS, &[Value::Id(hall.bytes())])?;
    rows.iter()
        .map(|row| {
            Ok(AreaSpec {
                name: Name::stored(row.text(0)),
                capacity: u32::try_from(row.int(1)).map_err(|_| damaged("hall_area"))?,
                category: Name::stored(row.text(2)),
            })
        })
        .collect()
}

/// Makes these the areas of a hall.
pub(crate) fn put_areas(
    tx: &mut dyn Tx,
    hall: HallId,
    areas: &[AreaSpec],
) -> Result<(), StoreError> {
    let mut put = Call::new(&PUT_AREA);
    for (n, area) in (0_i64..).zip(areas) {
        put.push([
            Value::Id(hall.bytes()),
            Value::Int(n),
            text(area.name.as_str()),
            Value::Int(i64::from(area.capacity)),
            text(area.category.as_str()),
        ]);
    }
    tx.exec(&[Call::once(&DROP_AREAS, [Value::Id(hall.bytes())]), put]).map(drop)
}

/// How many places of an area have an owner in the fullest slot that is not over at `now`.
pub(crate) fn most_used(
    tx: &mut dyn Tx,
    hall: HallId,
    area: &Name,
    now: Instant,
) -> Result<i64, StoreError> {
    let key = [Value::Id(hall.bytes()), text(area.as_str()), Value::Int(now.micros())];
    Ok(tx.one(&MOST_USED, &key)?.first().and_then(|row| row.maybe_int(0)).unwrap_or(0))
}

/// Gives an area its capacity in all slots where it fits.
pub(crate) fn resize(tx: &mut dyn Tx, hall: HallId, area: &AreaSpec) -> Result<(), StoreError> {
    let row =
        [Value::Id(hall.bytes()), text(area.name.as_str()), Value::Int(i64::from(area.capacity))];
    tx.exec(&[Call::once(&RESIZE, row)]).map(drop)
}

/// Bumps the version of every slot of a hall: what was remembered of them is not right any more.
pub(crate) fn touch_slots(tx: &mut dyn Tx, hall: HallId) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&TOUCH_SLOTS, [Value::Id(hall.bytes())])]).map(drop)
}

/// All events that take place in a hall.
pub(crate) fn events(tx: &mut dyn Tx, hall: HallId) -> Result<Vec<EventId>, StoreError> {
    super::events::ids(&tx.one(&EVENTS, &[Value::Id(hall.bytes())])?)
}
