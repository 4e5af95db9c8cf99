//! Venues and halls.

use std::sync::Arc;

use crate::domain::ids::{HallId, OrganizerId, PlanId, VenueId};
use crate::domain::instant::Span;
use crate::domain::season::HallRef;
use crate::domain::text::Slug;
use crate::domain::view::{AreaView, CategorySeats, HallView, VenueView};

use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::slots;
use crate::store::statement::{statements, text};

statements! {
    VENUE_PAGE = "SELECT id, slug, name, city, zone FROM venue WHERE organizer = $1 AND slug > $2 ORDER BY slug LIMIT $3"
        (Id, Text, Int) -> (Id, Text, Text, MaybeText, Text);
    VENUE_BY_SLUG = "SELECT id, slug, name, city, zone FROM venue WHERE organizer = $1 AND slug = $2"
        (Id, Text) -> (Id, Text, Text, MaybeText, Text);
    HALL_PAGE = "SELECT h.id, v.slug, h.slug, h.name, v.zone, h.turnaround, h.shared, p.id, p.number FROM venue v JOIN hall h ON h.venue = v.id LEFT JOIN plan_version p ON p.hall = h.id AND p.number = (SELECT MAX(q.number) FROM plan_version q WHERE q.hall = h.id) WHERE v.organizer = $1 AND (v.slug, h.slug) > ($2, $3) ORDER BY v.slug, h.slug LIMIT $4"
        (Id, Text, Text, Int) -> (Id, Text, Text, Text, Text, Int, Int, MaybeId, MaybeInt);
    HALL_BY_NAME = "SELECT h.id, v.slug, h.slug, h.name, v.zone, h.turnaround, h.shared, p.id, p.number FROM venue v JOIN hall h ON h.venue = v.id LEFT JOIN plan_version p ON p.hall = h.id AND p.number = (SELECT MAX(q.number) FROM plan_version q WHERE q.hall = h.id) WHERE v.organizer = $1 AND v.slug = $2 AND h.slug = $3"
        (Id, Text, Text) -> (Id, Text, Text, Text, Text, Int, Int, MaybeId, MaybeInt);
    ZONES = "SELECT DISTINCT zone FROM venue WHERE organizer = $1 LIMIT 2" (Id) -> (Text);
    HALL_NAME = "SELECT v.slug, h.slug FROM hall h JOIN venue v ON v.id = h.venue WHERE h.id = $1"
        (Id) -> (Text, Text);
    HALL_AREAS = "SELECT name, capacity, category FROM hall_area WHERE hall = $1 ORDER BY n"
        (Id) -> (Text, Int, Text);
}

fn venue(row: Row<'_>) -> VenueView {
    VenueView {
        id: VenueId::from_bytes(row.id(0)),
        slug: Slug::stored(row.text(1)),
        name: Arc::clone(row.text(2)),
        city: row.maybe_text(3).cloned(),
        zone: Arc::clone(row.text(4)),
    }
}

/// The organizer's venues whose slug is after this one, at most `limit`.
pub(crate) fn venue_page(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    after: &str,
    limit: i64,
) -> Result<Vec<VenueView>, StoreError> {
    let key = [Value::Id(organizer.bytes()), text(after), Value::Int(limit)];
    Ok(tx.one(&VENUE_PAGE, &key)?.iter().map(venue).collect())
}

/// The organizer's venue with this slug.
pub(crate) fn venue_by_slug(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &Slug,
) -> Result<Option<VenueView>, StoreError> {
    let key = [Value::Id(organizer.bytes()), text(slug.as_str())];
    Ok(tx.one(&VENUE_BY_SLUG, &key)?.first().map(venue))
}

/// Reads a hall without what it sells, and its newest plan.
fn hall(row: Row<'_>) -> (HallView, Option<PlanId>) {
    let (venue, slug) = (Slug::stored(row.text(1)), Slug::stored(row.text(2)));
    let view = HallView {
        id: HallId::from_bytes(row.id(0)),
        hall: HallRef { venue: venue.clone(), hall: slug.clone() },
        venue,
        slug,
        name: Arc::clone(row.text(3)),
        zone: Arc::clone(row.text(4)),
        turnaround: Span::from_micros(row.int(5)),
        shared: row.int(6) == 1,
        plan_version: row.maybe_int(8),
        capacity: 0,
        seats: Vec::new(),
        areas: Vec::new(),
    };
    (view, row.maybe_id(7).map(PlanId::from_bytes))
}

/// Adds what a hall sells.
fn fill(
    tx: &mut dyn Tx,
    (mut hall, plan): (HallView, Option<PlanId>),
) -> Result<HallView, StoreError> {
    if let Some(plan) = plan {
        let capacities = slots::capacities(tx, plan)?;
        let seats =
            capacities.into_iter().map(|(category, seats)| CategorySeats { category, seats });
        hall.seats = seats.collect();
    }
    let areas = tx.one(&HALL_AREAS, &[Value::Id(hall.id.bytes())])?;
    let area = |row: Row<'_>| AreaView {
        name: Arc::clone(row.text(0)),
        capacity: row.int(1),
        category: Arc::clone(row.text(2)),
    };
    hall.areas = areas.iter().map(area).collect();
    let seats: i64 = hall.seats.iter().map(|of| of.seats).sum();
    hall.capacity = seats + hall.areas.iter().map(|area| area.capacity).sum::<i64>();
    Ok(hall)
}

/// The organizer's halls after this one by the slugs of venue and hall, at most `limit`.
pub(crate) fn hall_page(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<HallView>, StoreError> {
    let key = [Value::Id(organizer.bytes()), text(after.0), text(after.1), Value::Int(limit)];
    let found: Vec<_> = tx.one(&HALL_PAGE, &key)?.iter().map(hall).collect();
    found.into_iter().map(|hall| fill(tx, hall)).collect()
}

/// The organizer's hall with this name.
pub(crate) fn hall_by_name(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    name: &HallRef,
) -> Result<Option<HallView>, StoreError> {
    let key = [Value::Id(organizer.bytes()), text(name.venue.as_str()), text(name.hall.as_str())];
    let found = tx.one(&HALL_BY_NAME, &key)?.first().map(hall);
    found.map(|hall| fill(tx, hall)).transpose()
}

/// How commands name a hall.
pub(crate) fn hall_name(tx: &mut dyn Tx, hall: HallId) -> Result<HallRef, StoreError> {
    let rows = tx.one(&HALL_NAME, &[Value::Id(hall.bytes())])?;
    let row = rows.first().ok_or_else(|| super::damaged("hall"))?;
    Ok(HallRef { venue: Slug::stored(row.text(0)), hall: Slug::stored(row.text(1)) })
}

/// The zones of an organizer's venues, two of them at most.
pub(crate) fn zones(tx: &mut dyn Tx, organizer: OrganizerId) -> Result<Vec<Arc<str>>, StoreError> {
    let rows = tx.one(&ZONES, &[Value::Id(organizer.bytes())])?;
    Ok(rows.iter().map(|row| Arc::clone(row.text(0))).collect())
}
