//! Schedules: known by their place in their event.

use std::sync::Arc;

use crate::domain::ids::{EventId, HallId, OrganizerId, ScheduleId};
use crate::domain::instant::Span;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::season::SaleBound;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;
use crate::domain::zone::Zone;
use crate::store::boundary::{Call, Row, StoreError, Tx, Value};
use crate::store::statement::{maybe_text, statements, text};

use super::damaged;

statements! {
    OF_EVENT = "SELECT id, n, rule, unsupported FROM schedule WHERE event = $1 ORDER BY n"
        (Id) -> (Id, Int, Text, MaybeText);
    INSERT = "INSERT INTO schedule (id, event, n, rule, unsupported) VALUES ($1, $2, $3, $4, $5)"
        (Id, Id, Int, Text, Text) -> ();
    FACTS = "SELECT c.id, c.n, c.rule, e.id, e.slug, e.duration, e.on_sale_from, e.on_sale_until, e.state, e.hall, h.turnaround, h.shared, v.zone FROM schedule c JOIN event e ON e.id = c.event JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE c.id = $1 AND e.deleted_at IS NULL"
        (Id) -> (Id, Int, Text, Id, Text, MaybeInt, MaybeText, MaybeText, Int, Id, Int, Int, Text);
    LAST_PLACE = "SELECT max(n) FROM schedule WHERE event = $1"
        (Id) -> (MaybeInt);
    OF_ORGANIZER = "SELECT c.id, e.slug, c.n FROM event e JOIN schedule c ON c.event = e.id WHERE e.organizer = $1 AND e.deleted_at IS NULL ORDER BY e.slug, c.n"
        (Id) -> (Id, Text, Int);
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

/// The place after the last schedule of an event, from 0.
pub(crate) fn next_place(tx: &mut dyn Tx, event: EventId) -> Result<i64, StoreError> {
    let rows = tx.one(&LAST_PLACE, &[Value::Id(event.bytes())])?;
    Ok(rows.first().and_then(|row| row.maybe_int(0)).map_or(0, |last| last.saturating_add(1)))
}

/// A venue's zone that is none.
pub(crate) fn damaged_zone() -> StoreError {
    damaged("venue")
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

/// A schedule with what generating its slots needs of its event, hall and venue.
#[derive(Debug, Clone)]
pub(crate) struct ScheduleFacts {
    /// Its id.
    pub(crate) id: ScheduleId,
    /// The event's slug, `#`, and its place in the event, from 1.
    pub(crate) name: String,
    /// Its rule.
    pub(crate) rule: ScheduleSpec,
    /// Its event.
    pub(crate) event: EventId,
    /// What the event is called in commands.
    pub(crate) slug: Arc<str>,
    /// How long a slot is; none: nobody says so.
    pub(crate) length: Option<Span>,
    /// When the public may buy.
    pub(crate) sale: (Option<SaleBound>, Option<SaleBound>),
    /// What the event is.
    pub(crate) state: EventState,
    /// Where it takes place.
    pub(crate) hall: HallId,
    /// How long that stays empty between two slots.
    pub(crate) turnaround: Span,
    /// Several events may use it at once.
    pub(crate) shared: bool,
    /// The zone of the clock there.
    pub(crate) zone: Zone,
}

/// A schedule, as far as its name needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedSchedule {
    /// Its id.
    pub(crate) id: ScheduleId,
    /// Its event's slug.
    pub(crate) event: Slug,
    /// Its place in the event, from 1.
    pub(crate) number: i64,
}

/// A schedule of an event that was not deleted.
pub(crate) fn facts(tx: &mut dyn Tx, id: ScheduleId) -> Result<Option<ScheduleFacts>, StoreError> {
    let rows = tx.one(&FACTS, &[Value::Id(id.bytes())])?;
    rows.first().map(facts_of).transpose()
}

fn facts_of(row: Row<'_>) -> Result<ScheduleFacts, StoreError> {
    let bound = |column| -> Result<Option<SaleBound>, StoreError> {
        let json = row.maybe_text(column);
        json.map(|json| serde_json::from_str(json).map_err(|_| damaged("event"))).transpose()
    };
    let rule: ScheduleSpec = serde_json::from_str(row.text(2)).map_err(|_| damaged("schedule"))?;
    let state = usize::try_from(row.int(8)).ok().and_then(|n| EventState::ALL.get(n).copied());
    let length = rule.slot_length(row.maybe_int(5).map(Span::from_micros));
    Ok(ScheduleFacts {
        id: ScheduleId::from_bytes(row.id(0)),
        name: format!("{}#{}", row.text(4), row.int(1).saturating_add(1)),
        rule,
        event: EventId::from_bytes(row.id(3)),
        slug: Arc::clone(row.text(4)),
        length,
        sale: (bound(6)?, bound(7)?),
        state: state.ok_or_else(|| damaged("event"))?,
        hall: HallId::from_bytes(row.id(9)),
        turnaround: Span::from_micros(row.int(10)),
        shared: row.int(11) == 1,
        zone: row.text(12).parse().map_err(|_| damaged("venue"))?,
    })
}

/// The schedules of an organizer's events, by event and place; deleted events left out.
pub(crate) fn of_organizer(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
) -> Result<Vec<NamedSchedule>, StoreError> {
    let rows = tx.one(&OF_ORGANIZER, &[Value::Id(organizer.bytes())])?;
    let named = |row: Row<'_>| NamedSchedule {
        id: ScheduleId::from_bytes(row.id(0)),
        event: Slug::stored(row.text(1)),
        number: row.int(2).saturating_add(1),
    };
    Ok(rows.iter().map(named).collect())
}
