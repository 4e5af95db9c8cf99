//! Organizers and events, as far as selling needs them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::{EventId, HallId, OrganizerId};
use crate::domain::instant::Span;
use crate::domain::money::Currency;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;

use super::boundary::{Call, StoreError, StoreFailure, Tx, Value};
use super::statement::{statements, text};

statements! {
    ORGANIZERS = "SELECT id, slug, name, currency FROM organizer ORDER BY slug LIMIT 1000"
        () -> (Id, Text, Text, Text);
    TERMS = "SELECT e.organizer, e.slug, e.state, e.hold, e.max_hold, e.max_units_per_booking, e.max_units_per_buyer, e.version, e.hall, o.currency, e.title, v.zone FROM event e JOIN organizer o ON o.id = e.organizer JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE e.id = $1 AND e.deleted_at IS NULL"
        (Id) -> (Id, Text, Int, Int, Int, Int, MaybeInt, Int, Id, Text, Text, Text);
    PRICES = "SELECT category, minor FROM price WHERE event = $1 AND rate = 'standard' ORDER BY n"
        (Id) -> (Text, Int);
    BY_SLUG = "SELECT id FROM event WHERE organizer = $1 AND slug = $2 AND deleted_at IS NULL"
        (Id, Text) -> (Id);
    AREAS = "SELECT name, capacity, category FROM hall_area WHERE hall = $1 ORDER BY n"
        (Id) -> (Text, Int, Text);
}

/// An organizer's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Organizer {
    /// Its id.
    pub(crate) id: OrganizerId,
    /// What it is called in commands.
    pub(crate) slug: Slug,
    /// What people call it.
    pub(crate) name: Arc<str>,
    /// Sells in this currency.
    pub(crate) currency: Currency,
}

/// An area of a hall: what it sells without seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HallArea {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// How many places.
    pub(crate) capacity: i64,
    /// In this category.
    pub(crate) category: Arc<str>,
}

/// On which terms an event sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Its id.
    pub(crate) event: EventId,
    /// Sold by.
    pub(crate) organizer: OrganizerId,
    /// What it is called in commands.
    pub(crate) slug: Slug,
    /// What people call it.
    pub(crate) title: Arc<str>,
    /// What it is.
    pub(crate) state: EventState,
    /// How long a hold lives.
    pub(crate) hold: Span,
    /// How long extensions can make it.
    pub(crate) max_hold: Span,
    /// Units of one booking.
    pub(crate) max_units_per_booking: i64,
    /// Units of one buyer and slot.
    pub(crate) max_units_per_buyer: Option<i64>,
    /// Bumped by every edit.
    pub(crate) version: i64,
    /// In this hall.
    pub(crate) hall: HallId,
    /// In this zone.
    pub(crate) zone: Arc<str>,
    /// Of its prices.
    pub(crate) currency: Currency,
    /// Minor units by category.
    pub(crate) prices: FxHashMap<Arc<str>, i64>,
    /// What the hall sells without seats.
    pub(crate) areas: Vec<HallArea>,
}

fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, format!("a row of {what} is damaged"))
}

/// All organizers of the file, at most 1,000.
pub(crate) fn organizers(tx: &mut dyn Tx) -> Result<Vec<Organizer>, StoreError> {
    let rows = tx.one(&ORGANIZERS, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Organizer {
                id: OrganizerId::from_bytes(row.id(0)),
                slug: Slug::stored(row.text(1)),
                name: Arc::clone(row.text(2)),
                currency: row.text(3).parse().map_err(|_| damaged("organizer"))?,
            })
        })
        .collect()
}

/// The event of an organizer with this slug.
pub(crate) fn by_slug(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &str,
) -> Result<Option<EventId>, StoreError> {
    let rows = tx.one(&BY_SLUG, &[Value::Id(organizer.bytes()), text(slug)])?;
    Ok(rows.first().map(|row| EventId::from_bytes(row.id(0))))
}

/// The terms of an event.
pub(crate) fn terms(tx: &mut dyn Tx, event: EventId) -> Result<Option<Terms>, StoreError> {
    let id = [Value::Id(event.bytes())];
    let rows = tx.one(&TERMS, &id)?;
    let Some(row) = rows.first() else { return Ok(None) };
    let state = usize::try_from(row.int(2)).ok().and_then(|n| EventState::ALL.get(n).copied());
    let hall = row.id(8);
    let answers = tx.fetch(&[Call::once(&PRICES, id), Call::once(&AREAS, [Value::Id(hall)])])?;
    Ok(Some(Terms {
        event,
        organizer: OrganizerId::from_bytes(row.id(0)),
        slug: Slug::stored(row.text(1)),
        title: Arc::clone(row.text(10)),
        state: state.ok_or_else(|| damaged("event"))?,
        hold: Span::from_micros(row.int(3)),
        max_hold: Span::from_micros(row.int(4)),
        max_units_per_booking: row.int(5),
        max_units_per_buyer: row.maybe_int(6),
        version: row.int(7),
        hall: HallId::from_bytes(hall),
        zone: Arc::clone(row.text(11)),
        currency: row.text(9).parse().map_err(|_| damaged("organizer"))?,
        prices: answers[0].iter().map(|row| (Arc::clone(row.text(0)), row.int(1))).collect(),
        areas: answers[1]
            .iter()
            .map(|row| HallArea {
                name: Arc::clone(row.text(0)),
                capacity: row.int(1),
                category: Arc::clone(row.text(2)),
            })
            .collect(),
    }))
}
