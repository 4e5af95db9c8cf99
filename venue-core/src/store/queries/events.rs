//! Events with their prices and schedules.

use std::sync::Arc;

use crate::domain::ids::{EventId, OrganizerId, ScheduleId};
use crate::domain::instant::Span;
use crate::domain::money::{Currency, Money};
use crate::domain::season::{HallRef, SaleBound};
use crate::domain::slot::EventState;
use crate::domain::text::Slug;
use crate::domain::view::{EventView, PriceView, ScheduleView};

use crate::store::boundary::{Call, Row, Rows, StoreError, Tx, Value};
use crate::store::statement::{statements, text, truth};

use super::damaged;

statements! {
    BY_ID = "SELECT e.id, e.slug, e.kind, e.title, e.description, e.tags, v.slug, h.slug, e.duration, e.hold, e.max_hold, e.max_units_per_booking, e.max_units_per_buyer, e.on_sale_from, e.on_sale_until, e.state, e.version, o.currency FROM event e JOIN organizer o ON o.id = e.organizer JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE e.id = $1"
        (Id) -> (Id, Text, Text, Text, Text, Text, Text, Text, MaybeInt, Int, Int, Int, MaybeInt, MaybeText, MaybeText, Int, Int, Text);
    BY_SLUG = "SELECT e.id, e.slug, e.kind, e.title, e.description, e.tags, v.slug, h.slug, e.duration, e.hold, e.max_hold, e.max_units_per_booking, e.max_units_per_buyer, e.on_sale_from, e.on_sale_until, e.state, e.version, o.currency FROM event e JOIN organizer o ON o.id = e.organizer JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE e.organizer = $1 AND e.slug = $2 AND e.deleted_at IS NULL AND (e.state <> 0 OR $3 = 1)"
        (Id, Text, Int) -> (Id, Text, Text, Text, Text, Text, Text, Text, MaybeInt, Int, Int, Int, MaybeInt, MaybeText, MaybeText, Int, Int, Text);
    PRICES = "SELECT category, rate, minor FROM price WHERE event = $1 ORDER BY n, rate"
        (Id) -> (Text, Text, Int);
    SCHEDULES = "SELECT id, rule, unsupported FROM schedule WHERE event = $1 ORDER BY n"
        (Id) -> (Id, Text, MaybeText);
    SLUG = "SELECT slug FROM event WHERE id = $1" (Id) -> (Text);
}

/// Reads an event without prices and schedules, and its currency.
fn event(row: Row<'_>) -> Result<(EventView, Currency), StoreError> {
    let broken = || damaged("event");
    let state = usize::try_from(row.int(15)).ok().and_then(|n| EventState::ALL.get(n).copied());
    let view = EventView {
        id: EventId::from_bytes(row.id(0)),
        slug: Slug::stored(row.text(1)),
        kind: Arc::clone(row.text(2)),
        title: Arc::clone(row.text(3)),
        description: Arc::clone(row.text(4)),
        tags: serde_json::from_str(row.text(5)).map_err(|_| broken())?,
        hall: HallRef { venue: Slug::stored(row.text(6)), hall: Slug::stored(row.text(7)) },
        duration: row.maybe_int(8).map(Span::from_micros),
        hold: Span::from_micros(row.int(9)),
        max_hold: Span::from_micros(row.int(10)),
        max_units_per_booking: row.int(11),
        max_units_per_buyer: row.maybe_int(12),
        on_sale_from: row.maybe_text(13).map(|text| bound(text)).transpose()?,
        on_sale_until: row.maybe_text(14).map(|text| bound(text)).transpose()?,
        state: state.ok_or_else(broken)?,
        version: row.int(16),
        prices: Vec::new(),
        schedules: Vec::new(),
    };
    Ok((view, row.text(17).parse().map_err(|_| damaged("organizer"))?))
}

fn bound(json: &str) -> Result<SaleBound, StoreError> {
    serde_json::from_str(json).map_err(|_| damaged("event"))
}

/// Adds prices and schedules to events, in as few calls as possible.
fn fill(tx: &mut dyn Tx, events: Vec<(EventView, Currency)>) -> Result<Vec<EventView>, StoreError> {
    let (mut prices, mut schedules) = (Call::new(&PRICES), Call::new(&SCHEDULES));
    for (event, _) in &events {
        prices.push([Value::Id(event.id.bytes())]);
        schedules.push([Value::Id(event.id.bytes())]);
    }
    let answers = tx.fetch(&[prices, schedules])?;
    let filled = events.into_iter().enumerate().map(|(run, (mut event, currency))| {
        event.prices = answers[0]
            .of_run(run)
            .map(|row| PriceView {
                category: Arc::clone(row.text(0)),
                rate: Arc::clone(row.text(1)),
                price: Money { minor: row.int(2), currency },
            })
            .collect();
        event.schedules = answers[1].of_run(run).map(schedule).collect::<Result<_, _>>()?;
        Ok(event)
    });
    filled.collect()
}

fn schedule(row: Row<'_>) -> Result<ScheduleView, StoreError> {
    Ok(ScheduleView {
        id: ScheduleId::from_bytes(row.id(0)),
        rule: serde_json::from_str(row.text(1)).map_err(|_| damaged("schedule"))?,
        unsupported: row.maybe_text(2).cloned(),
    })
}

fn read(tx: &mut dyn Tx, rows: &Rows) -> Result<Vec<EventView>, StoreError> {
    let events = rows.iter().map(event).collect::<Result<_, _>>()?;
    fill(tx, events)
}

/// These events, in this order.
pub(crate) fn views(
    tx: &mut dyn Tx,
    ids: impl IntoIterator<Item = EventId>,
) -> Result<Vec<EventView>, StoreError> {
    let mut call = Call::new(&BY_ID);
    ids.into_iter().for_each(|id| call.push([Value::Id(id.bytes())]));
    let answers = tx.fetch(&[call])?;
    read(tx, &answers[0])
}

/// The organizer's event with this slug; a draft only if one is wanted.
pub(crate) fn by_slug(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    slug: &Slug,
    drafts: bool,
) -> Result<Option<EventView>, StoreError> {
    let key = [Value::Id(organizer.bytes()), text(slug.as_str()), truth(drafts)];
    let rows = tx.one(&BY_SLUG, &key)?;
    Ok(read(tx, &rows)?.pop())
}

/// The slug of an event, deleted or not.
pub(crate) fn slug(tx: &mut dyn Tx, event: EventId) -> Result<Slug, StoreError> {
    let rows = tx.one(&SLUG, &[Value::Id(event.bytes())])?;
    rows.first().map(|row| Slug::stored(row.text(0))).ok_or_else(|| damaged("event"))
}
