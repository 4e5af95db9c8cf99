//! Who owns which unit, and the seats that names lead to.

use std::sync::Arc;

use crate::domain::ids::{BookingId, PlanId};
use crate::domain::inventory::{Owner, UnitState};
use crate::domain::slot::Slot;

use super::boundary::{Call, Row, StoreError, StoreFailure, Tx, Value};
use super::statement::{shared, statements, text};

statements! {
    SEAT_BY_GUID = "SELECT guid, label, category, ordinal FROM seat WHERE plan = $1 AND guid = $2"
        (Id, Text) -> (Text, Text, Text, Int);
    SEAT_BY_LABEL = "SELECT guid, label, category, ordinal FROM seat WHERE plan = $1 AND label = $2 ORDER BY ordinal LIMIT 2"
        (Id, Text) -> (Text, Text, Text, Int);
    CLAIM = "SELECT c.kind, c.booking, b.state FROM claim c LEFT JOIN booking b ON b.event = c.event AND b.id = c.booking WHERE c.event = $1 AND c.slot = $2 AND c.seat = $3"
        (Id, Id, Text) -> (Int, MaybeId, MaybeInt);
    CLAIMS = "SELECT c.seat, c.kind, c.booking, b.state FROM claim c LEFT JOIN booking b ON b.event = c.event AND b.id = c.booking WHERE c.event = $1 AND c.slot = $2"
        (Id, Id) -> (Text, Int, MaybeId, MaybeInt);
    SEATS = "SELECT guid, label, category, ordinal FROM seat WHERE plan = $1 ORDER BY ordinal"
        (Id) -> (Text, Text, Text, Int);
    AREA_STAFF = "SELECT quantity FROM area_claim WHERE event = $1 AND slot = $2 AND area = $3 AND kind = $4 AND booking = $5"
        (Id, Id, Text, Int, Id) -> (Int);
    PUT_CLAIM = "INSERT INTO claim (event, slot, seat, kind, booking) VALUES ($1, $2, $3, $4, $5)"
        (Id, Id, Text, Int, Id) -> ();
    DROP_CLAIM = "DELETE FROM claim WHERE event = $1 AND slot = $2 AND seat = $3"
        (Id, Id, Text) -> ();
    PUT_AREA_CLAIM = "INSERT INTO area_claim (event, slot, area, kind, booking, quantity) VALUES ($1, $2, $3, $4, $5, $6)"
        (Id, Id, Text, Int, Id, Int) -> ();
    DROP_AREA_CLAIM = "DELETE FROM area_claim WHERE event = $1 AND slot = $2 AND area = $3 AND kind = $4 AND booking = $5"
        (Id, Id, Text, Int, Id) -> ();
}

/// Sixteen zeros: the owner of an area's house places and kills.
const NOBODY: [u8; 16] = [0; 16];

/// A seat of a plan, as far as selling needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeatFacts {
    /// Its stable id.
    pub(crate) guid: Arc<str>,
    /// Its label.
    pub(crate) label: Arc<str>,
    /// In this category.
    pub(crate) category: Arc<str>,
    /// Its place in the plan.
    pub(crate) ordinal: i64,
}

/// The seat that a name leads to: by stable id, else by a label that is one seat's only.
pub(crate) fn seat_named(
    tx: &mut dyn Tx,
    plan: PlanId,
    name: &str,
) -> Result<Option<SeatFacts>, StoreError> {
    let key = [Value::Id(plan.bytes()), text(name)];
    if let Some(seat) = tx.one(&SEAT_BY_GUID, &key)?.first().map(read_seat) {
        return Ok(Some(seat));
    }
    let rows = tx.one(&SEAT_BY_LABEL, &key)?;
    Ok(if rows.iter().count() == 1 { rows.first().map(read_seat) } else { None })
}

/// Who owns a seat, and what that makes it.
pub(crate) fn owner(
    tx: &mut dyn Tx,
    slot: &Slot,
    seat: &Arc<str>,
) -> Result<Option<(Owner, UnitState)>, StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes()), shared(seat)];
    let rows = tx.one(&CLAIM, &key)?;
    rows.first().map(|row| read_owner(row, 0)).transpose()
}

/// The owner that a row says, from this column on.
fn read_owner(row: Row<'_>, first: usize) -> Result<(Owner, UnitState), StoreError> {
    match (row.int(first), row.maybe_id(first + 1), row.maybe_int(first + 2)) {
        (0, Some(booking), Some(state)) => {
            let owner = Owner::Booking(BookingId::from_bytes(booking));
            Ok((owner, if state == 0 { UnitState::Held } else { UnitState::Sold }))
        }
        (1, None, _) => Ok((Owner::House, UnitState::House)),
        (2, None, _) => Ok((Owner::Kill, UnitState::Killed)),
        _ => Err(StoreError::new(StoreFailure::Corrupt, "a row of claim is damaged")),
    }
}

/// The owners of all seats of a slot that have one.
pub(crate) fn owners(
    tx: &mut dyn Tx,
    slot: &Slot,
) -> Result<Vec<(Arc<str>, (Owner, UnitState))>, StoreError> {
    let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes())];
    let rows = tx.one(&CLAIMS, &key)?;
    rows.iter().map(|row| Ok((Arc::clone(row.text(0)), read_owner(row, 1)?))).collect()
}

/// All seats of a plan, in its order.
pub(crate) fn seats(tx: &mut dyn Tx, plan: PlanId) -> Result<Vec<SeatFacts>, StoreError> {
    let rows = tx.one(&SEATS, &[Value::Id(plan.bytes())])?;
    Ok(rows.iter().map(read_seat).collect())
}

fn read_seat(row: Row<'_>) -> SeatFacts {
    SeatFacts {
        guid: Arc::clone(row.text(0)),
        label: Arc::clone(row.text(1)),
        category: Arc::clone(row.text(2)),
        ordinal: row.int(3),
    }
}

/// How many places of an area are kept for staff (`Owner::House`) or killed.
pub(crate) fn area_quantity(
    tx: &mut dyn Tx,
    slot: &Slot,
    area: &Arc<str>,
    owner: Owner,
) -> Result<Option<i64>, StoreError> {
    let (kind, booking) = owner_key(owner);
    let key = [
        Value::Id(slot.event.bytes()),
        Value::Id(slot.id.bytes()),
        shared(area),
        Value::Int(kind),
        Value::Id(booking),
    ];
    Ok(tx.one(&AREA_STAFF, &key)?.first().map(|row| row.int(0)))
}

fn owner_key(owner: Owner) -> (i64, [u8; 16]) {
    match owner {
        Owner::Booking(booking) => (0, booking.bytes()),
        Owner::House => (1, NOBODY),
        Owner::Kill => (2, NOBODY),
    }
}

/// What a batch writes to claims.
#[derive(Debug)]
pub(crate) struct ClaimWrites {
    drop_seats: Call,
    drop_areas: Call,
    put_seats: Call,
    put_areas: Call,
}

impl ClaimWrites {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            drop_seats: Call::new(&DROP_CLAIM),
            drop_areas: Call::new(&DROP_AREA_CLAIM),
            put_seats: Call::new(&PUT_CLAIM),
            put_areas: Call::new(&PUT_AREA_CLAIM),
        }
    }

    /// A seat's owner changes.
    pub(crate) fn seat(
        &mut self,
        slot: &Slot,
        seat: &Arc<str>,
        before: Option<Owner>,
        after: Option<Owner>,
    ) {
        if before == after {
            return;
        }
        let key = [Value::Id(slot.event.bytes()), Value::Id(slot.id.bytes()), shared(seat)];
        if before.is_some() {
            self.drop_seats.push(key.clone());
        }
        if let Some(owner) = after {
            let (kind, booking) = owner_key(owner);
            let booking = if kind == 0 { Value::Id(booking) } else { Value::Null };
            self.put_seats.push(key.into_iter().chain([Value::Int(kind), booking]));
        }
    }

    /// The places that an owner has of an area change.
    pub(crate) fn area(
        &mut self,
        slot: &Slot,
        area: &Arc<str>,
        owner: Owner,
        before: Option<i64>,
        after: Option<i64>,
    ) {
        if before == after {
            return;
        }
        let (kind, booking) = owner_key(owner);
        let key = [
            Value::Id(slot.event.bytes()),
            Value::Id(slot.id.bytes()),
            shared(area),
            Value::Int(kind),
            Value::Id(booking),
        ];
        if before.is_some() {
            self.drop_areas.push(key.clone());
        }
        if let Some(quantity) = after {
            self.put_areas.push(key.into_iter().chain([Value::Int(quantity)]));
        }
    }

    /// The calls: deletes, then inserts.
    pub(crate) fn calls(self) -> [Call; 4] {
        [self.drop_seats, self.drop_areas, self.put_seats, self.put_areas]
    }
}
