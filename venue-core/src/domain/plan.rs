//! A hall's seating plan: what stands where, immutable once made.
//!
//! A plan file, a grid and the rows of the store all come through one door, [`Plan::new`]: whoever holds a
//! plan may rely on everything that is checked there.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::domain::plan_error::{PlanError, PlanPlace, PlanProblem};
use crate::domain::text::{Name, SeatGuid};

/// The most seats of one plan.
pub const MAX_SEATS: usize = 200_000;
/// The most categories of one plan.
pub const MAX_CATEGORIES: usize = 1_000;
/// No coordinate lies further from the origin, in thousandths: a thousand million units.
pub const MAX_MILLI: i64 = 1_000_000_000_000;
/// The most characters of a row's or a seat's number: with a section's name they fit into a seat's name.
pub const MAX_NUMBER_CHARS: usize = 49;

/// A place on the drawing, in thousandths of its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// To the right.
    pub x_milli: i64,
    /// Down.
    pub y_milli: i64,
}

/// A drawing's extent, in thousandths of its units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
pub struct Size {
    /// From left to right.
    pub width_milli: i64,
    /// From top to bottom.
    pub height_milli: i64,
}

/// A price category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Category {
    /// Its name, unique in the plan.
    pub name: Name,
    /// How it is drawn, as the file says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Name>,
}

/// A block of the hall: a zone of the plan file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// Its name; a grid's only section has none. Two sections may share one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Its short name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_id: Option<Name>,
}

/// One row object of the plan. Two rows with the same number are two rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// The section in which it stands, by its place in the plan.
    pub section: u32,
    /// Its number or letter as people read it; may be empty.
    pub number: Arc<str>,
}

/// One seat. Its ordinal is its place in the plan's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seat {
    /// Its stable id over all versions, unique in the plan.
    pub guid: SeatGuid,
    /// The row in which it stands, by its place in the plan.
    pub row: u32,
    /// Its number as people read it; may be empty.
    pub number: Arc<str>,
    /// Section, row and number in one, as [`seat_label`] makes it.
    pub label: Arc<str>,
    /// To the right, in thousandths: zone, row and seat position, each rounded, then added.
    pub x_milli: i64,
    /// Down, in thousandths.
    pub y_milli: i64,
    /// Its category, by its place in the plan.
    pub category: u32,
    /// For people in wheelchairs.
    pub accessible: bool,
}

/// Something drawn and never sold: a stage, a bar, a standing area's outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Drawing {
    /// The section in which it stands.
    pub section: u32,
    /// Its kind: rectangle, circle, text ..
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Name>,
    /// What is written on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Name>,
    /// Where it stands.
    pub at: Point,
}

/// Everything a plan is made of, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PlanParts {
    /// What the plan is called; may be empty.
    pub name: String,
    /// The drawing's extent, where the file says one.
    pub size: Option<Size>,
    /// The point from which seats are judged: the best are near it.
    pub focal: Point,
    /// In the order of the file.
    pub categories: Vec<Category>,
    /// In the order of the file.
    pub sections: Vec<Section>,
    /// In the order of the file, section after section.
    pub rows: Vec<Row>,
    /// In the order of the file, row after row.
    pub seats: Vec<Seat>,
    /// In the order of the file.
    pub drawings: Vec<Drawing>,
}

/// A checked, immutable seating plan: one version of it is what a slot sells.
///
/// Always true: at least one section; every row has seats, and they stand together; at most [`MAX_SEATS`]
/// seats with unique ids; every index leads somewhere; no coordinate beyond [`MAX_MILLI`].
#[derive(Clone)]
pub struct Plan {
    parts: PlanParts,
    by_guid: FxHashMap<SeatGuid, u32>,
    // Made when somebody first types a label: a sale by stable ids never needs it.
    by_label: OnceLock<FxHashMap<Arc<str>, Option<u32>>>,
    capacities: Vec<u32>,
}

/// A seat's label: section, row and number joined by hyphens, those that are empty left out.
pub fn seat_label(section: Option<&str>, row: &str, number: &str) -> String {
    let mut label =
        String::with_capacity(section.map_or(0, str::len) + row.len() + number.len() + 2);
    for part in [section.unwrap_or(""), row, number] {
        if !part.is_empty() {
            if !label.is_empty() {
                label.push('-');
            }
            label.push_str(part);
        }
    }
    label
}

impl Plan {
    /// Checks the parts and makes the plan of them: the only way to one.
    pub fn new(parts: PlanParts) -> Result<Self, PlanError> {
        crate::domain::plan_error::check_frame(&parts)?;
        let mut by_guid = FxHashMap::default();
        by_guid.reserve(parts.seats.len());
        let mut capacities = vec![0_u32; parts.categories.len()];
        let mut next_row = 0;
        for (ordinal, seat) in (0_u32..).zip(&parts.seats) {
            let at = |problem| PlanError { place: PlanPlace::Seat(ordinal), problem };
            crate::domain::plan_error::check_seat(&parts, seat).map_err(at)?;
            // Rows follow each other: the row before goes on, or the next one starts.
            if seat.row == next_row {
                next_row += 1;
            } else if seat.row.checked_add(1) != Some(next_row) {
                return Err(if seat.row > next_row {
                    PlanError { place: PlanPlace::Row(next_row), problem: PlanProblem::EmptyRow }
                } else {
                    at(PlanProblem::OutOfOrder)
                });
            }
            let known = usize::try_from(seat.category).ok().and_then(|c| capacities.get_mut(c));
            match known {
                Some(capacity) => *capacity += 1,
                None => return Err(at(PlanProblem::UnknownCategory)),
            }
            if let Some(first) = by_guid.insert(seat.guid.clone(), ordinal) {
                return Err(at(PlanProblem::DuplicateSeat { guid: seat.guid.clone(), first }));
            }
        }
        if usize::try_from(next_row) != Ok(parts.rows.len()) {
            let place = PlanPlace::Row(next_row);
            return Err(PlanError { place, problem: PlanProblem::EmptyRow });
        }
        Ok(Self { parts, by_guid, by_label: OnceLock::new(), capacities })
    }

    /// Everything it is made of, for the store and for drawing it.
    pub fn parts(&self) -> &PlanParts {
        &self.parts
    }

    /// What the plan is called; may be empty.
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// The point from which seats are judged.
    pub fn focal(&self) -> Point {
        self.parts.focal
    }

    /// The categories, in the order of the file.
    pub fn categories(&self) -> &[Category] {
        &self.parts.categories
    }

    /// The sections, in the order of the file.
    pub fn sections(&self) -> &[Section] {
        &self.parts.sections
    }

    /// The rows, in the order of the file.
    pub fn rows(&self) -> &[Row] {
        &self.parts.rows
    }

    /// The seats, in the order of the file.
    pub fn seats(&self) -> &[Seat] {
        &self.parts.seats
    }

    /// The seat with this ordinal.
    pub fn seat(&self, ordinal: u32) -> Option<&Seat> {
        self.parts.seats.get(usize::try_from(ordinal).ok()?)
    }

    /// The row in which a seat stands.
    pub fn row_of(&self, seat: &Seat) -> Option<&Row> {
        self.parts.rows.get(usize::try_from(seat.row).ok()?)
    }

    /// The section in which a seat stands.
    pub fn section_of(&self, seat: &Seat) -> Option<&Section> {
        self.parts.sections.get(usize::try_from(self.row_of(seat)?.section).ok()?)
    }

    /// A seat's category.
    pub fn category_of(&self, seat: &Seat) -> Option<&Category> {
        self.parts.categories.get(usize::try_from(seat.category).ok()?)
    }

    /// The ordinal of the seat with this stable id.
    pub fn seat_with_guid(&self, guid: &str) -> Option<u32> {
        self.by_guid.get(guid).copied()
    }

    /// The ordinal of the seat that somebody named: by its stable id, else by its label. A label that two
    /// seats share names none.
    pub fn seat_named(&self, name: &str) -> Option<u32> {
        if let Some(ordinal) = self.seat_with_guid(name) {
            return Some(ordinal);
        }
        let by_label = self.by_label.get_or_init(|| {
            let mut map = FxHashMap::default();
            map.reserve(self.parts.seats.len());
            for (ordinal, seat) in (0_u32..).zip(&self.parts.seats) {
                map.entry(Arc::clone(&seat.label))
                    .and_modify(|o| *o = None)
                    .or_insert(Some(ordinal));
            }
            map
        });
        by_label.get(name).copied().flatten()
    }

    /// The place of the category with this name.
    pub fn category_named(&self, name: &str) -> Option<u32> {
        let place = self.parts.categories.iter().position(|c| c.name.as_str() == name)?;
        u32::try_from(place).ok()
    }

    /// The places of all sections with this name or short name.
    pub fn sections_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = u32> + 'a {
        let called = move |text: &Option<Name>| text.as_ref().is_some_and(|t| t.as_str() == name);
        (0_u32..)
            .zip(&self.parts.sections)
            .filter(move |(_, s)| called(&s.name) || called(&s.zone_id))
            .map(|(place, _)| place)
    }

    /// How many seats there are.
    pub fn capacity(&self) -> u32 {
        self.capacities.iter().sum()
    }

    /// How many seats each category has, in the order of [`Plan::categories`].
    pub fn capacities(&self) -> &[u32] {
        &self.capacities
    }

    /// True if nothing that is sold, drawn or judged differs; what the plan is called does not count. A
    /// second import of the same plan makes no new version.
    pub fn same_content(&self, other: &Self) -> bool {
        let (a, b) = (&self.parts, &other.parts);
        a.size == b.size
            && a.focal == b.focal
            && a.categories == b.categories
            && a.sections == b.sections
            && a.rows == b.rows
            && a.seats == b.seats
            && a.drawings == b.drawings
    }
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for Plan {}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("name", &self.parts.name)
            .field("sections", &self.parts.sections.len())
            .field("rows", &self.parts.rows.len())
            .field("seats", &self.parts.seats.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
