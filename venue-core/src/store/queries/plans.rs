//! Versions of plans, with their seats.

use std::sync::Arc;

use crate::domain::ids::{HallId, OrganizerId, PlanId};
use crate::domain::plan::{Point, Size};
use crate::domain::season::HallRef;
use crate::domain::text::Slug;
use crate::domain::view::{PlanSeat, PlanSummary};

use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::catalog::plans::Layout;
use crate::store::statement::{maybe_int, statements, text};

use super::{damaged, maybe_id};

statements! {
    PLAN_PAGE = "SELECT p.id, v.slug, h.slug, p.number, p.name, p.seats, p.width, p.height, p.focal_x, p.focal_y FROM venue v JOIN hall h ON h.venue = v.id JOIN plan_version p ON p.hall = h.id WHERE v.organizer = $1 AND ($2 IS NULL OR h.id = $2) AND (v.slug, h.slug, p.number) > ($3, $4, $5) ORDER BY v.slug, h.slug, p.number LIMIT $6"
        (Id, Id, Text, Text, Int, Int) -> (Id, Text, Text, Int, Text, Int, Int, Int, Int, Int);
    PLAN_OF_HALL = "SELECT p.id, v.slug, h.slug, p.number, p.name, p.seats, p.width, p.height, p.focal_x, p.focal_y, p.layout FROM plan_version p JOIN hall h ON h.id = p.hall JOIN venue v ON v.id = h.venue WHERE p.hall = $1 AND ($2 IS NULL OR p.number = $2) ORDER BY p.number DESC LIMIT 1"
        (Id, Int) -> (Id, Text, Text, Int, Text, Int, Int, Int, Int, Int, Text);
    LAYOUT = "SELECT number, layout FROM plan_version WHERE id = $1" (Id) -> (Int, Text);
    SEATS = "SELECT guid, label, row, number, x_milli, y_milli, category, accessible FROM seat WHERE plan = $1 ORDER BY ordinal"
        (Id) -> (Text, Text, Int, Text, Int, Int, Text, Int);
}

fn summary(row: Row<'_>) -> PlanSummary {
    PlanSummary {
        id: PlanId::from_bytes(row.id(0)),
        hall: HallRef { venue: Slug::stored(row.text(1)), hall: Slug::stored(row.text(2)) },
        version: row.int(3),
        name: Arc::clone(row.text(4)),
        seat_count: row.int(5),
        size: Size { width_milli: row.int(6), height_milli: row.int(7) },
        focal: Point { x_milli: row.int(8), y_milli: row.int(9) },
    }
}

/// The organizer's plan versions after this one by the slugs of venue and hall and the number, at most `limit`.
pub(crate) fn page(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    hall: Option<HallId>,
    (venue_slug, hall_slug, number): (&str, &str, i64),
    limit: i64,
) -> Result<Vec<PlanSummary>, StoreError> {
    let key = [
        Value::Id(organizer.bytes()),
        maybe_id(hall.map(HallId::bytes)),
        text(venue_slug),
        text(hall_slug),
        Value::Int(number),
        Value::Int(limit),
    ];
    Ok(tx.one(&PLAN_PAGE, &key)?.iter().map(summary).collect())
}

/// A hall's plan of this version, or its newest.
pub(crate) fn of_hall(
    tx: &mut dyn Tx,
    hall: HallId,
    version: Option<i64>,
) -> Result<Option<(PlanSummary, Layout)>, StoreError> {
    let rows = tx.one(&PLAN_OF_HALL, &[Value::Id(hall.bytes()), maybe_int(version)])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some((summary(row), Layout::read(row.text(10))?)))
}

/// The number and layout of a plan version.
pub(crate) fn layout(tx: &mut dyn Tx, plan: PlanId) -> Result<(i64, Layout), StoreError> {
    let rows = tx.one(&LAYOUT, &[Value::Id(plan.bytes())])?;
    let row = rows.first().ok_or_else(|| damaged("plan_version"))?;
    Ok((row.int(0), Layout::read(row.text(1))?))
}

/// All seats of a plan, in its order.
pub(crate) fn seats(tx: &mut dyn Tx, plan: PlanId) -> Result<Vec<PlanSeat>, StoreError> {
    let rows = tx.one(&SEATS, &[Value::Id(plan.bytes())])?;
    let seat = |row: Row<'_>| PlanSeat {
        seat: Arc::clone(row.text(0)),
        label: Arc::clone(row.text(1)),
        row: row.int(2),
        number: Arc::clone(row.text(3)),
        x_milli: row.int(4),
        y_milli: row.int(5),
        category: Arc::clone(row.text(6)),
        accessible: row.int(7) == 1,
    };
    Ok(rows.iter().map(seat).collect())
}
