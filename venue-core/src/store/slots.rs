//! Slots and their counters.

use std::sync::Arc;

use crate::canary::{Canary, planted};
use crate::domain::ids::{BookingId, EventId, PlanId, ScheduleId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::inventory::Count;
use crate::domain::slot::Slot;

use super::boundary::{Call, Row, Rows, StoreError, StoreFailure, Tx, Value};
use super::statement::{maybe_int, shared, statements, text, truth};

statements! {
    BY_ID = "SELECT s.event, s.id, s.schedule, s.starts_at, s.ends_at, s.on_sale_from, s.on_sale_until, s.plan, s.closed, s.cancelled, s.version, s.next_due, e.version FROM slot s JOIN event e ON e.id = s.event WHERE s.id = $1"
        (Id) -> (Id, Id, Id, Int, Int, MaybeInt, Int, MaybeId, Int, Int, Int, MaybeInt, Int);
    AT_START = "SELECT id FROM slot WHERE event = $1 AND starts_at = $2 ORDER BY id LIMIT 1"
        (Id, Int) -> (Id);
    AREA_COUNTS = "SELECT name, capacity, held, sold, house, killed FROM area WHERE event = $1 AND slot = $2"
        (Id, Id) -> (Text, Int, Int, Int, Int, Int);
    SEAT_COUNTS = "SELECT category, capacity, held, sold, house, killed FROM seat_count WHERE event = $1 AND slot = $2"
        (Id, Id) -> (Text, Int, Int, Int, Int, Int);
    CAPACITIES = "SELECT category, capacity FROM plan_capacity WHERE plan = $1 ORDER BY n"
        (Id) -> (Text, Int);
    HOLDS = "SELECT expires_at, booking, area FROM hold WHERE event = $1 AND slot = $2"
        (Id, Id) -> (Int, Id, MaybeText);
    TOUCH = "UPDATE slot SET version = $3, next_due = $4, closed = $5 WHERE event = $1 AND id = $2"
        (Id, Id, Int, Int, Int) -> ();
    CANCEL = "UPDATE slot SET cancelled = 1 WHERE event = $1 AND id = $2"
        (Id, Id) -> ();
    SET_TIMES = "UPDATE slot SET starts_at = $3, ends_at = $4, on_sale_from = $5, on_sale_until = $6, tzdb = $7, moved_at = $8 WHERE event = $1 AND id = $2"
        (Id, Id, Int, Int, Int, Int, Text, Int) -> ();
    PUT_AREA = "INSERT INTO area (event, slot, name, capacity, held, sold, house, killed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (event, slot, name) DO UPDATE SET held = excluded.held, sold = excluded.sold, house = excluded.house, killed = excluded.killed"
        (Id, Id, Text, Int, Int, Int, Int, Int) -> ();
    PUT_SEATS = "INSERT INTO seat_count (event, slot, category, capacity, held, sold, house, killed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (event, slot, category) DO UPDATE SET held = excluded.held, sold = excluded.sold, house = excluded.house, killed = excluded.killed"
        (Id, Id, Text, Int, Int, Int, Int, Int) -> ();
    PUT_HOLD = "INSERT INTO hold (event, slot, expires_at, booking, area) VALUES ($1, $2, $3, $4, $5)"
        (Id, Id, Int, Id, Text) -> ();
    DROP_HOLD = "DELETE FROM hold WHERE event = $1 AND slot = $2 AND expires_at = $3 AND booking = $4"
        (Id, Id, Int, Id) -> ();
}

/// A slot's row, with what tells whether a cached aggregate is still right.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    /// The row.
    pub(crate) slot: Slot,
    /// When its next hold ends.
    pub(crate) next_due: Option<Instant>,
    /// Its event's version.
    pub(crate) event_version: i64,
}

fn damaged() -> StoreError {
    StoreError::new(StoreFailure::Corrupt, "a row of slot is damaged")
}

fn instant(micros: i64) -> Result<Instant, StoreError> {
    Instant::from_micros(micros).ok_or_else(damaged)
}

/// Reads the first twelve columns of `BY_ID`.
fn slot(row: Row<'_>) -> Result<Slot, StoreError> {
    Ok(Slot {
        event: EventId::from_bytes(row.id(0)),
        id: SlotId::from_bytes(row.id(1)),
        schedule: ScheduleId::from_bytes(row.id(2)),
        starts_at: instant(row.int(3))?,
        ends_at: instant(row.int(4))?,
        on_sale_from: row.maybe_int(5).map(instant).transpose()?,
        on_sale_until: instant(row.int(6))?,
        plan: row.maybe_id(7).map(PlanId::from_bytes),
        closed: row.int(8) == 1,
        cancelled: row.int(9) == 1,
        version: row.counter(10)?,
    })
}

/// The slot with this id.
pub(crate) fn by_id(tx: &mut dyn Tx, id: SlotId) -> Result<Option<Loaded>, StoreError> {
    let rows = tx.one(&BY_ID, &[Value::Id(id.bytes())])?;
    rows.first().map(loaded).transpose()
}

/// Reads the columns of `BY_ID`.
pub(crate) fn loaded(row: Row<'_>) -> Result<Loaded, StoreError> {
    Ok(Loaded {
        slot: slot(row)?,
        next_due: row.maybe_int(11).map(instant).transpose()?,
        event_version: row.int(12),
    })
}

/// The slot of an event that starts then.
pub(crate) fn at_start(
    tx: &mut dyn Tx,
    event: EventId,
    starts_at: Instant,
) -> Result<Option<SlotId>, StoreError> {
    let rows = tx.one(&AT_START, &[Value::Id(event.bytes()), Value::Int(starts_at.micros())])?;
    Ok(rows.first().map(|row| SlotId::from_bytes(row.id(0))))
}

/// Writes that a slot does not take place. Its version is bumped with the rest of its aggregate.
pub(crate) fn cancel(tx: &mut dyn Tx, slot: &Slot) -> Result<(), StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes())];
    tx.exec(&[Call::once(&CANCEL, key)]).map(drop)
}

/// Writes the times that a slot was given by hand at `now`. Its version is bumped with the rest of its aggregate.
pub(crate) fn set_times(
    tx: &mut dyn Tx,
    slot: &Slot,
    tzdb: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let row = [
        Value::Id(slot.event.bytes()),
        Value::Id(slot.id.bytes()),
        Value::Int(slot.starts_at.micros()),
        Value::Int(slot.ends_at.micros()),
        maybe_int(slot.on_sale_from.map(Instant::micros)),
        Value::Int(slot.on_sale_until.micros()),
        text(tzdb),
        Value::Int(now.micros()),
    ];
    tx.exec(&[Call::once(&SET_TIMES, row)]).map(drop)
}

/// The counters of a slot: areas, then seat categories, as far as rows exist.
pub(crate) fn counts(
    tx: &mut dyn Tx,
    slot: &Slot,
) -> Result<(Vec<(Arc<str>, Count)>, Vec<(Arc<str>, Count)>), StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes())];
    let answers =
        tx.fetch(&[Call::once(&AREA_COUNTS, key.clone()), Call::once(&SEAT_COUNTS, key)])?;
    let read = |rows: &Rows| -> Result<Vec<(Arc<str>, Count)>, StoreError> {
        rows.iter()
            .map(|row| {
                let count = Count {
                    capacity: row.int(1),
                    held: row.int(2),
                    sold: row.int(3),
                    house: row.int(4),
                    killed: row.int(5),
                };
                if count.adds_up() {
                    Ok((Arc::clone(row.text(0)), count))
                } else {
                    Err(StoreError::new(StoreFailure::Corrupt, "a slot's counter does not add up"))
                }
            })
            .collect()
    };
    Ok((read(&answers[0])?, read(&answers[1])?))
}

/// How many seats of each category a plan has, in the plan's order.
pub(crate) fn capacities(
    tx: &mut dyn Tx,
    plan: PlanId,
) -> Result<Vec<(Arc<str>, i64)>, StoreError> {
    let rows = tx.one(&CAPACITIES, &[Value::Id(plan.bytes())])?;
    Ok(rows.iter().map(|row| (Arc::clone(row.text(0)), row.int(1))).collect())
}

/// The live (and due) holds of a slot: end, booking, and the area if it holds places of one.
pub(crate) fn holds(
    tx: &mut dyn Tx,
    slot: &Slot,
) -> Result<Vec<(Instant, BookingId, Option<Arc<str>>)>, StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes())];
    let rows = tx.one(&HOLDS, &key)?;
    rows.iter()
        .map(|row| {
            let booking = BookingId::from_bytes(row.id(1));
            Ok((instant(row.int(0))?, booking, row.maybe_text(2).cloned()))
        })
        .collect()
}

/// What a batch writes to slots.
#[derive(Debug)]
pub(crate) struct SlotWrites {
    touch: Call,
    areas: Call,
    seats: Call,
    drop_holds: Call,
    put_holds: Call,
}

impl SlotWrites {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            touch: Call::new(&TOUCH),
            areas: Call::new(&PUT_AREA),
            seats: Call::new(&PUT_SEATS),
            drop_holds: Call::new(&DROP_HOLD),
            put_holds: Call::new(&PUT_HOLD),
        }
    }

    /// The slot's version, next due hold and switch.
    pub(crate) fn touch(&mut self, slot: &Slot, next_due: Option<Instant>) {
        self.touch.push([
            Value::Id(slot.event.bytes()),
            Value::Id(slot.id.bytes()),
            Value::Int(slot.version - i64::from(planted(Canary::VersionNotBumped))),
            maybe_int(next_due.map(Instant::micros)),
            truth(slot.closed),
        ]);
    }

    /// The counters of an area, or of the seats of a category.
    pub(crate) fn count(&mut self, slot: &Slot, area: bool, name: &str, count: &Count) {
        let call = if area { &mut self.areas } else { &mut self.seats };
        call.push([
            Value::Id(slot.event.bytes()),
            Value::Id(slot.id.bytes()),
            text(name),
            Value::Int(count.capacity),
            Value::Int(count.held),
            Value::Int(count.sold),
            Value::Int(count.house),
            Value::Int(count.killed),
        ]);
    }

    /// A hold that is no more.
    pub(crate) fn drop_hold(&mut self, slot: &Slot, expires_at: Instant, booking: BookingId) {
        self.drop_holds.push([
            Value::Id(slot.event.bytes()),
            Value::Id(slot.id.bytes()),
            Value::Int(expires_at.micros()),
            Value::Id(booking.bytes()),
        ]);
    }

    /// A hold that is new, or ends at another time.
    pub(crate) fn put_hold(
        &mut self,
        slot: &Slot,
        expires_at: Instant,
        booking: BookingId,
        area: Option<&Arc<str>>,
    ) {
        self.put_holds.push([
            Value::Id(slot.event.bytes()),
            Value::Id(slot.id.bytes()),
            Value::Int(expires_at.micros()),
            Value::Id(booking.bytes()),
            area.map_or(Value::Null, shared),
        ]);
    }

    /// The calls: deletes, updates, inserts.
    pub(crate) fn calls(self) -> [Call; 5] {
        [self.drop_holds, self.touch, self.areas, self.seats, self.put_holds]
    }
}
