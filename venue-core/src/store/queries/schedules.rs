//! Schedules with what has become of their slots.

use std::sync::Arc;

use crate::domain::ids::{OrganizerId, ScheduleId};
use crate::domain::instant::Instant;
use crate::domain::season::HallRef;
use crate::domain::text::Slug;
use crate::domain::view::ScheduleItem;
use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::statement::{statements, text, truth};

use super::damaged;

statements! {
    PAGE = "SELECT c.id, e.slug, c.n + 1, c.rule, e.version, v.slug, h.slug, v.zone, (SELECT count(*) FROM slot s WHERE s.schedule = c.id AND s.cancelled = 0 AND s.starts_at > $6), (SELECT min(s.starts_at) FROM slot s WHERE s.schedule = c.id AND s.cancelled = 0 AND s.starts_at > $6), (SELECT max(s.starts_at) FROM slot s WHERE s.schedule = c.id AND s.cancelled = 0 AND s.starts_at > $6) FROM event e JOIN schedule c ON c.event = e.id JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE e.organizer = $1 AND (e.slug, c.n + 1) > ($2, $3) AND (e.slug = $4 OR $4 = '') AND e.deleted_at IS NULL AND (e.state <> 0 OR $5 = 1) ORDER BY e.slug, c.n LIMIT $7"
        (Id, Text, Int, Text, Int, Int, Int) -> (Id, Text, Int, Text, Int, Text, Text, Text, Int, MaybeInt, MaybeInt);
}

/// Which schedules are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Of this organizer's events.
    pub(crate) organizer: OrganizerId,
    /// After the schedule of this event and number.
    pub(crate) after: (&'a str, i64),
    /// Only those of this event; none: of all.
    pub(crate) event: Option<&'a Slug>,
    /// Those of drafts too.
    pub(crate) drafts: bool,
    /// Slots that start after it are counted.
    pub(crate) now: Instant,
}

/// At most `limit` schedules, by event and number.
pub(crate) fn page(
    tx: &mut dyn Tx,
    wanted: &Wanted<'_>,
    limit: i64,
) -> Result<Vec<ScheduleItem>, StoreError> {
    let key = [
        Value::Id(wanted.organizer.bytes()),
        text(wanted.after.0),
        Value::Int(wanted.after.1),
        text(wanted.event.map_or("", Slug::as_str)),
        truth(wanted.drafts),
        Value::Int(wanted.now.micros()),
        Value::Int(limit),
    ];
    tx.one(&PAGE, &key)?.iter().map(item).collect()
}

fn item(row: Row<'_>) -> Result<ScheduleItem, StoreError> {
    let instant = |column| {
        let micros = row.maybe_int(column);
        micros.map(|at| Instant::from_micros(at).ok_or_else(|| damaged("slot"))).transpose()
    };
    Ok(ScheduleItem {
        schedule: format!("{}#{}", row.text(1), row.int(2)),
        id: ScheduleId::from_bytes(row.id(0)),
        event: Slug::stored(row.text(1)),
        version: row.int(4),
        hall: HallRef { venue: Slug::stored(row.text(5)), hall: Slug::stored(row.text(6)) },
        zone: Arc::clone(row.text(7)),
        rule: serde_json::from_str(row.text(3)).map_err(|_| damaged("schedule"))?,
        slots: row.int(8),
        next: instant(9)?,
        last: instant(10)?,
    })
}
