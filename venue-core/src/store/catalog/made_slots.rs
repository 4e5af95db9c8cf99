//! Slots as generation looks at them, makes them, moves them and takes them away.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::generated::KeptBecause;
use crate::domain::generation::MadeSlot;
use crate::domain::ids::{EventId, HallId, PlanId, ScheduleId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::timetable::Occupied;
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::statement::{maybe_int, shared, statements, text};

use super::{ROWS_A_CALL, damaged};

statements! {
    MADE = "SELECT id, rule_local, starts_at, ends_at, tzdb, cancelled, moved_at FROM slot WHERE schedule = $1 AND rule_local >= $2 ORDER BY rule_local"
        (Id, Text) -> (Id, Text, Int, Int, Text, Int, MaybeInt);
    IN_HALL = "SELECT s.event, s.id, s.schedule, s.starts_at, s.ends_at FROM event e JOIN slot s ON s.event = e.id WHERE e.hall = $1 AND e.deleted_at IS NULL AND s.cancelled = 0 AND s.ends_at > $2"
        (Id, Int) -> (Id, Id, Id, Int, Int);
    RULES_IN_HALL = "SELECT c.id, e.slug, c.rule FROM event e JOIN schedule c ON c.event = e.id WHERE e.hall = $1"
        (Id) -> (Id, Text, Text);
    KEPT = "SELECT (SELECT count(*) FROM (SELECT 1 FROM area WHERE event = $1 AND slot = $2 AND sold > 0 UNION ALL SELECT 1 FROM seat_count WHERE event = $1 AND slot = $2 AND sold > 0) AS now_sold), (SELECT count(*) FROM (SELECT 1 FROM line WHERE slot = $2 LIMIT 1) AS ever_booked), (SELECT count(*) FROM (SELECT 1 FROM area WHERE event = $1 AND slot = $2 UNION ALL SELECT 1 FROM seat_count WHERE event = $1 AND slot = $2) AS ever_claimed) FROM slot WHERE event = $1 AND id = $2"
        (Id, Id) -> (Int, Int, Int);
    INSERT = "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, version, next_due) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 1, NULL)"
        (Id, Id, Id, Text, Text, Text, Int, Int, Int, Int, Id) -> ();
    MOVE = "UPDATE slot SET tzdb = $3, starts_at = $4, ends_at = $5, on_sale_from = $6, on_sale_until = $7, version = version + 1 WHERE event = $1 AND id = $2"
        (Id, Id, Text, Int, Int, Int, Int) -> ();
    REMOVE = "DELETE FROM slot WHERE event = $1 AND id = $2"
        (Id, Id) -> ();
}

/// A slot to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewSlot {
    /// Its id.
    pub(crate) id: SlotId,
    /// Of this event.
    pub(crate) event: EventId,
    /// By this schedule.
    pub(crate) schedule: ScheduleId,
    /// By which wall time the schedule knows it.
    pub(crate) rule_local: Arc<str>,
    /// The venue's zone.
    pub(crate) zone: Arc<str>,
    /// First instant.
    pub(crate) starts_at: Instant,
    /// First instant after it.
    pub(crate) ends_at: Instant,
    /// When the public's sale begins; none: with the event's publication.
    pub(crate) on_sale_from: Option<Instant>,
    /// When the public's sale ends.
    pub(crate) on_sale_until: Instant,
    /// The hall's plan; none: it has no seats.
    pub(crate) plan: Option<PlanId>,
}

/// A slot's new place in time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MovedSlot {
    /// Its id.
    pub(crate) id: SlotId,
    /// First instant.
    pub(crate) starts_at: Instant,
    /// First instant after it.
    pub(crate) ends_at: Instant,
    /// When the public's sale begins; none: with the event's publication.
    pub(crate) on_sale_from: Option<Instant>,
    /// When the public's sale ends.
    pub(crate) on_sale_until: Instant,
}

fn instant(micros: i64) -> Result<Instant, StoreError> {
    Instant::from_micros(micros).ok_or_else(|| damaged("slot"))
}

/// The slots of a schedule whose wall time is not before `since`, cancelled ones too.
pub(crate) fn made(
    tx: &mut dyn Tx,
    schedule: ScheduleId,
    since: &str,
) -> Result<Vec<MadeSlot>, StoreError> {
    let rows = tx.one(&MADE, &[Value::Id(schedule.bytes()), text(since)])?;
    rows.iter()
        .map(|row| {
            Ok(MadeSlot {
                id: SlotId::from_bytes(row.id(0)),
                rule_local: Arc::clone(row.text(1)),
                starts_at: instant(row.int(2))?,
                ends_at: instant(row.int(3))?,
                tzdb: Arc::clone(row.text(4)),
                cancelled: row.int(5) == 1,
                moved: row.maybe_int(6).is_some(),
            })
        })
        .collect()
}

/// The slots of a hall that end after an instant and are not cancelled.
pub(crate) fn in_hall(
    tx: &mut dyn Tx,
    hall: HallId,
    after: Instant,
) -> Result<Vec<Occupied>, StoreError> {
    let mut rules: FxHashMap<[u8; 16], (Arc<str>, bool)> = FxHashMap::default();
    for row in tx.one(&RULES_IN_HALL, &[Value::Id(hall.bytes())])?.iter() {
        let rule: ScheduleSpec =
            serde_json::from_str(row.text(2)).map_err(|_| damaged("schedule"))?;
        rules.insert(row.id(0), (Arc::clone(row.text(1)), rule.overlap));
    }
    let rows = tx.one(&IN_HALL, &[Value::Id(hall.bytes()), Value::Int(after.micros())])?;
    rows.iter()
        .map(|row| {
            let (slug, overlap) = rules.get(&row.id(2)).ok_or_else(|| damaged("slot"))?;
            Ok(Occupied {
                slot: Some(SlotId::from_bytes(row.id(1))),
                event: EventId::from_bytes(row.id(0)),
                schedule: ScheduleId::from_bytes(row.id(2)),
                slug: Arc::clone(slug),
                starts_at: instant(row.int(3))?,
                ends_at: instant(row.int(4))?,
                overlap: *overlap,
            })
        })
        .collect()
}

/// Why each of these slots of an event may not be touched; none: nobody has or had anything of it.
pub(crate) fn kept(
    tx: &mut dyn Tx,
    event: EventId,
    slots: &[SlotId],
) -> Result<Vec<Option<KeptBecause>>, StoreError> {
    let mut call = Call::with_room(&KEPT, slots.len());
    for slot in slots {
        call.push([Value::Id(event.bytes()), Value::Id(slot.bytes())]);
    }
    let answers = tx.fetch(&[call])?;
    let rows = answers.iter().flat_map(crate::store::boundary::Rows::iter);
    Ok(rows
        .map(|row| match (row.int(0), row.int(1), row.int(2)) {
            (0, 0, 0) => None,
            (0, 0, _) => Some(KeptBecause::Withheld),
            (0, _, _) => Some(KeptBecause::Booked),
            _ => Some(KeptBecause::Sold),
        })
        .collect())
}

/// Adds slots; each begins in its first version, open, without holds.
///
/// # Takes
/// `tzdb`: the release of the zone data that made the instants. `progress`: told how many are written.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    slots: &[NewSlot],
    tzdb: &str,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let tzdb: Arc<str> = tzdb.into();
    for some in slots.chunks(ROWS_A_CALL) {
        let mut insert = Call::with_room(&INSERT, some.len());
        for slot in some {
            insert.push([
                Value::Id(slot.event.bytes()),
                Value::Id(slot.id.bytes()),
                Value::Id(slot.schedule.bytes()),
                shared(&slot.rule_local),
                shared(&slot.zone),
                shared(&tzdb),
                Value::Int(slot.starts_at.micros()),
                Value::Int(slot.ends_at.micros()),
                maybe_int(slot.on_sale_from.map(Instant::micros)),
                Value::Int(slot.on_sale_until.micros()),
                slot.plan.map_or(Value::Null, |plan| Value::Id(plan.bytes())),
            ]);
        }
        tx.exec(&[insert])?;
        progress(some.len() as u64);
    }
    Ok(())
}

/// Gives slots of an event another place in time, in which nobody has or had anything of them.
pub(crate) fn shift(
    tx: &mut dyn Tx,
    event: EventId,
    slots: &[MovedSlot],
    tzdb: &str,
) -> Result<(), StoreError> {
    let mut call = Call::with_room(&MOVE, slots.len());
    for slot in slots {
        call.push([
            Value::Id(event.bytes()),
            Value::Id(slot.id.bytes()),
            text(tzdb),
            Value::Int(slot.starts_at.micros()),
            Value::Int(slot.ends_at.micros()),
            maybe_int(slot.on_sale_from.map(Instant::micros)),
            Value::Int(slot.on_sale_until.micros()),
        ]);
    }
    tx.exec(&[call]).map(drop)
}

/// Takes slots of an event away of which nobody has or had anything.
pub(crate) fn remove(tx: &mut dyn Tx, event: EventId, slots: &[SlotId]) -> Result<(), StoreError> {
    let mut call = Call::with_room(&REMOVE, slots.len());
    for slot in slots {
        call.push([Value::Id(event.bytes()), Value::Id(slot.bytes())]);
    }
    tx.exec(&[call]).map(drop)
}
