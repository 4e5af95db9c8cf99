//! Slots, as an import moves them to a new plan or another sale.

use crate::domain::ids::{EventId, HallId, PlanId, SlotId};
use crate::domain::instant::Instant;
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::statement::{maybe_int, statements};

use super::damaged;

statements! {
    WITH_OTHER_PLAN = "SELECT s.event, s.id, s.plan FROM event e JOIN slot s ON s.event = e.id WHERE e.hall = $1 AND s.ends_at > $2 AND s.plan IS DISTINCT FROM $3 ORDER BY s.starts_at, s.id"
        (Id, Int, Id) -> (Id, Id, MaybeId);
    MISFITS = "SELECT count(*) FROM claim c WHERE c.event = $1 AND c.slot = $2 AND NOT EXISTS (SELECT 1 FROM seat o JOIN seat n ON n.guid = o.guid AND n.category = o.category WHERE o.plan = $3 AND o.guid = c.seat AND n.plan = $4)"
        (Id, Id, Id, Id) -> (Int);
    MOVE = "UPDATE slot SET plan = $3, version = version + 1 WHERE event = $1 AND id = $2"
        (Id, Id, Id) -> ();
    RECOUNT = "UPDATE seat_count SET capacity = (SELECT p.capacity FROM plan_capacity p WHERE p.plan = $3 AND p.category = seat_count.category) WHERE event = $1 AND slot = $2 AND category IN (SELECT p.category FROM plan_capacity p WHERE p.plan = $3)"
        (Id, Id, Id) -> ();
    UNCOUNT = "DELETE FROM seat_count WHERE event = $1 AND slot = $2 AND category NOT IN (SELECT p.category FROM plan_capacity p WHERE p.plan = $3)"
        (Id, Id, Id) -> ();
    FUTURE = "SELECT id, starts_at, on_sale_from, on_sale_until FROM slot WHERE event = $1 AND starts_at > $2 ORDER BY starts_at, id"
        (Id, Int) -> (Id, Int, MaybeInt, Int);
    RESELL = "UPDATE slot SET on_sale_from = $3, on_sale_until = $4, version = version + 1 WHERE event = $1 AND id = $2"
        (Id, Id, Int, Int) -> ();
}

/// A slot that has another version of its hall's plan than the newest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OldPlanned {
    /// Of this event.
    pub(crate) event: EventId,
    /// Its id.
    pub(crate) id: SlotId,
    /// Its plan.
    pub(crate) plan: Option<PlanId>,
}

/// A slot's sale to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OnSale {
    /// The slot.
    pub(crate) id: SlotId,
    /// When it starts.
    pub(crate) starts_at: Instant,
    /// When the public's sale begins.
    pub(crate) from: Option<Instant>,
    /// When the public's sale ends.
    pub(crate) until: Instant,
}

fn instant(micros: i64) -> Result<Instant, StoreError> {
    Instant::from_micros(micros).ok_or_else(|| damaged("slot"))
}

/// The slots of a hall that are not over at `now` and have another plan than this.
pub(crate) fn with_other_plan(
    tx: &mut dyn Tx,
    hall: HallId,
    now: Instant,
    plan: PlanId,
) -> Result<Vec<OldPlanned>, StoreError> {
    let key = [Value::Id(hall.bytes()), Value::Int(now.micros()), Value::Id(plan.bytes())];
    let rows = tx.one(&WITH_OTHER_PLAN, &key)?;
    let slot = |row: crate::store::boundary::Row<'_>| OldPlanned {
        event: EventId::from_bytes(row.id(0)),
        id: SlotId::from_bytes(row.id(1)),
        plan: row.maybe_id(2).map(PlanId::from_bytes),
    };
    Ok(rows.iter().map(slot).collect())
}

/// How many claimed seats of a slot are not in a plan, or are of another category there.
pub(crate) fn misfits(tx: &mut dyn Tx, slot: &OldPlanned, plan: PlanId) -> Result<i64, StoreError> {
    let Some(old) = slot.plan else { return Ok(0) };
    let key = [
        Value::Id(slot.event.bytes()),
        Value::Id(slot.id.bytes()),
        Value::Id(old.bytes()),
        Value::Id(plan.bytes()),
    ];
    Ok(tx.one(&MISFITS, &key)?.first().map_or(0, |row| row.int(0)))
}

/// Moves slots to a plan in which every seat claimed there is of the same category.
pub(crate) fn move_to_plan(
    tx: &mut dyn Tx,
    slots: &[OldPlanned],
    plan: PlanId,
) -> Result<(), StoreError> {
    let mut calls = [Call::new(&MOVE), Call::new(&UNCOUNT), Call::new(&RECOUNT)];
    for slot in slots {
        for call in &mut calls {
            call.push([
                Value::Id(slot.event.bytes()),
                Value::Id(slot.id.bytes()),
                Value::Id(plan.bytes()),
            ]);
        }
    }
    tx.exec(&calls).map(drop)
}

/// The sale of an event's slots that start after `now`.
pub(crate) fn on_sale(
    tx: &mut dyn Tx,
    event: EventId,
    now: Instant,
) -> Result<Vec<OnSale>, StoreError> {
    let rows = tx.one(&FUTURE, &[Value::Id(event.bytes()), Value::Int(now.micros())])?;
    rows.iter()
        .map(|row| {
            Ok(OnSale {
                id: SlotId::from_bytes(row.id(0)),
                starts_at: instant(row.int(1))?,
                from: row.maybe_int(2).map(instant).transpose()?,
                until: instant(row.int(3))?,
            })
        })
        .collect()
}

/// Changes the sale of slots of an event.
pub(crate) fn put_on_sale(
    tx: &mut dyn Tx,
    event: EventId,
    slots: &[OnSale],
) -> Result<(), StoreError> {
    let mut call = Call::new(&RESELL);
    for slot in slots {
        call.push([
            Value::Id(event.bytes()),
            Value::Id(slot.id.bytes()),
            maybe_int(slot.from.map(Instant::micros)),
            Value::Int(slot.until.micros()),
        ]);
    }
    tx.exec(&[call]).map(drop)
}
