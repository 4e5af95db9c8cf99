//! Versions of seating plans: seats as rows, everything else of a plan as its layout.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::domain::ids::{HallId, PlanId};
use crate::domain::plan::{
    Category, Drawing, Plan, PlanParts, Point, Row as PlanRow, Seat, Section, Size,
};
use crate::domain::text::{Name, SeatGuid};
use crate::store::boundary::{Call, Row, StoreError, Tx, Value};
use crate::store::statement::{shared, statements, text, truth};

use super::{ROWS_A_CALL, damaged};

statements! {
    NEWEST = "SELECT id, number FROM plan_version WHERE hall = $1 ORDER BY number DESC LIMIT 1"
        (Id) -> (Id, Int);
    FRAME = "SELECT name, focal_x, focal_y, layout FROM plan_version WHERE id = $1"
        (Id) -> (Text, Int, Int, Text);
    SEATS = "SELECT guid, row, number, label, x_milli, y_milli, category, accessible FROM seat WHERE plan = $1 ORDER BY ordinal"
        (Id) -> (Text, Int, Text, Text, Int, Int, Text, Int);
    CATEGORIES = "SELECT category FROM plan_capacity WHERE plan = $1 ORDER BY n"
        (Id) -> (Text);
    INSERT = "INSERT INTO plan_version (id, hall, number, name, width, height, focal_x, focal_y, layout, seats) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        (Id, Id, Int, Text, Int, Int, Int, Int, Text, Int) -> ();
    PUT_SEAT = "INSERT INTO seat (plan, ordinal, guid, row, number, label, x_milli, y_milli, category, accessible) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        (Id, Int, Text, Int, Text, Text, Int, Int, Text, Int) -> ();
    PUT_CAPACITY = "INSERT INTO plan_capacity (plan, category, n, capacity) VALUES ($1, $2, $3, $4)"
        (Id, Text, Int, Int) -> ();
}

/// What the layout of a plan version holds: all of a plan but its name, focal point and seats.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Layout {
    size: Option<Size>,
    /// In the order of the file.
    pub(crate) categories: Vec<Category>,
    /// In the order of the file.
    pub(crate) sections: Vec<Section>,
    /// In the order of the file; each names its section by its place.
    pub(crate) rows: Vec<PlanRow>,
    /// In the order of the file.
    pub(crate) drawings: Vec<Drawing>,
}

impl Layout {
    /// Reads the column.
    pub(crate) fn read(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text).map_err(|_| damaged("plan_version"))
    }
}

/// The newest version of a hall's plan, and its number.
pub(crate) fn newest(tx: &mut dyn Tx, hall: HallId) -> Result<Option<(PlanId, i64)>, StoreError> {
    let rows = tx.one(&NEWEST, &[Value::Id(hall.bytes())])?;
    Ok(rows.first().map(|row| (PlanId::from_bytes(row.id(0)), row.int(1))))
}

/// The categories of a plan version, in its order.
pub(crate) fn categories(tx: &mut dyn Tx, plan: PlanId) -> Result<Vec<Name>, StoreError> {
    let rows = tx.one(&CATEGORIES, &[Value::Id(plan.bytes())])?;
    Ok(rows.iter().map(|row| Name::stored(row.text(0))).collect())
}

/// Loads a plan version; it equals the plan that was written.
pub(crate) fn load(tx: &mut dyn Tx, plan: PlanId) -> Result<Option<Plan>, StoreError> {
    let key = [Value::Id(plan.bytes())];
    let rows = tx.one(&FRAME, &key)?;
    let Some(frame) = rows.first() else { return Ok(None) };
    let layout = Layout::read(frame.text(3))?;
    let mut places = FxHashMap::default();
    for (place, category) in (0_u32..).zip(&layout.categories) {
        places.insert(category.name.as_str(), place);
    }
    let seats = tx.one(&SEATS, &key)?;
    let seats: Result<Vec<Seat>, StoreError> = seats.iter().map(|row| seat(row, &places)).collect();
    let parts = PlanParts {
        name: frame.text(0).to_string(),
        size: layout.size,
        focal: Point { x_milli: frame.int(1), y_milli: frame.int(2) },
        seats: seats?,
        categories: layout.categories,
        sections: layout.sections,
        rows: layout.rows,
        drawings: layout.drawings,
    };
    Plan::new(parts).map(Some).map_err(|_| damaged("plan_version"))
}

fn seat(row: Row<'_>, places: &FxHashMap<&str, u32>) -> Result<Seat, StoreError> {
    Ok(Seat {
        guid: SeatGuid::stored(row.text(0)),
        row: u32::try_from(row.int(1)).map_err(|_| damaged("seat"))?,
        number: Arc::clone(row.text(2)),
        label: Arc::clone(row.text(3)),
        x_milli: row.int(4),
        y_milli: row.int(5),
        category: places.get(&**row.text(6)).copied().ok_or_else(|| damaged("seat"))?,
        accessible: row.int(7) == 1,
    })
}

/// Adds a version of a hall's plan with all its seats.
///
/// # Takes
/// `progress`: told how many of how many seats are written, every few thousand.
pub(crate) fn insert(
    tx: &mut dyn Tx,
    hall: HallId,
    id: PlanId,
    number: i64,
    plan: &Plan,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let parts = plan.parts();
    let layout = Layout {
        size: parts.size,
        categories: parts.categories.clone(),
        sections: parts.sections.clone(),
        rows: parts.rows.clone(),
        drawings: parts.drawings.clone(),
    };
    let layout = serde_json::to_string(&layout)
        .unwrap_or_else(|_| unreachable!("a layout is texts and numbers"));
    let size = parts.size.unwrap_or_default();
    let frame = [
        Value::Id(id.bytes()),
        Value::Id(hall.bytes()),
        Value::Int(number),
        text(&parts.name),
        Value::Int(size.width_milli),
        Value::Int(size.height_milli),
        Value::Int(parts.focal.x_milli),
        Value::Int(parts.focal.y_milli),
        text(&layout),
        Value::Int(i64::from(plan.capacity())),
    ];
    let mut capacities = Call::new(&PUT_CAPACITY);
    for ((n, category), capacity) in (0_i64..).zip(plan.categories()).zip(plan.capacities()) {
        capacities.push([
            Value::Id(id.bytes()),
            text(category.name.as_str()),
            Value::Int(n),
            Value::Int(i64::from(*capacity)),
        ]);
    }
    tx.exec(&[Call::once(&INSERT, frame), capacities])?;
    put_seats(tx, id, plan, progress)
}

fn put_seats(
    tx: &mut dyn Tx,
    id: PlanId,
    plan: &Plan,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let total = u64::from(plan.capacity());
    let categories: Vec<Arc<str>> = plan.categories().iter().map(|c| c.name.shared()).collect();
    let mut ordinal = 0_i64;
    let mut done = 0_u64;
    for some in plan.seats().chunks(ROWS_A_CALL) {
        let mut put = Call::new(&PUT_SEAT);
        for seat in some {
            let category = usize::try_from(seat.category).ok().and_then(|c| categories.get(c));
            let category =
                category.unwrap_or_else(|| unreachable!("a checked plan has all its categories"));
            put.push([
                Value::Id(id.bytes()),
                Value::Int(ordinal),
                Value::Text(seat.guid.shared()),
                Value::Int(i64::from(seat.row)),
                shared(&seat.number),
                shared(&seat.label),
                Value::Int(seat.x_milli),
                Value::Int(seat.y_milli),
                shared(category),
                truth(seat.accessible),
            ]);
            ordinal += 1;
            done += 1;
        }
        tx.exec(&[put])?;
        progress(done, total);
    }
    Ok(())
}
