//! A seating plan as replies show it. Lengths are thousandths of the drawing's units.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::ids::PlanId;
use crate::domain::plan::{Category, Drawing, Point, Row, Section, Size};
use crate::domain::season::HallRef;

/// One version of a hall's plan, without its seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanSummary {
    /// Its id.
    pub id: PlanId,
    /// Of this hall.
    pub hall: HallRef,
    /// From 1; the highest is what new slots sell.
    pub version: i64,
    /// What it is called; may be empty.
    pub name: Arc<str>,
    /// How many seats.
    pub seat_count: i64,
    /// The drawing's extent; zero where the file said none.
    pub size: Size,
    /// The point from which seats are judged.
    pub focal: Point,
}

/// A seat, with all that is needed to draw and to name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanSeat {
    /// Its stable id.
    pub seat: Arc<str>,
    /// Section, row and number in one.
    pub label: Arc<str>,
    /// The row in which it stands, by its place in `rows`.
    pub row: i64,
    /// Its number as people read it; may be empty.
    pub number: Arc<str>,
    /// To the right.
    pub x_milli: i64,
    /// Down.
    pub y_milli: i64,
    /// Its category.
    pub category: Arc<str>,
    /// For people in wheelchairs.
    pub accessible: bool,
}

/// One version of a hall's plan, with all that is needed to draw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanView {
    /// What it is.
    #[serde(flatten)]
    pub summary: PlanSummary,
    /// Categories and their colours, in the order of the file.
    pub categories: Vec<Category>,
    /// Blocks, in the order of the file.
    pub sections: Vec<Section>,
    /// Rows, in the order of the file; each names its section by its place.
    pub rows: Vec<Row>,
    /// Seats, in the order of the file.
    pub seats: Vec<PlanSeat>,
    /// What is drawn and never sold.
    pub drawings: Vec<Drawing>,
}
