//! What makes a plan impossible, and where in it.

use std::fmt;

use crate::domain::plan::{
    MAX_CATEGORIES, MAX_MILLI, MAX_NUMBER_CHARS, MAX_SEATS, PlanParts, Point, Seat,
};
use crate::domain::text::SeatGuid;

/// Where in a plan something is wrong, by places in its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPlace {
    /// The plan as a whole.
    Plan,
    /// Its focal point.
    Focal,
    /// Its size.
    Size,
    /// A category.
    Category(u32),
    /// A row.
    Row(u32),
    /// A seat.
    Seat(u32),
    /// A drawing.
    Drawing(u32),
}

/// What is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanProblem {
    /// There is no section.
    NoSection,
    /// There are more seats than [`MAX_SEATS`].
    TooManySeats,
    /// There are more categories than [`MAX_CATEGORIES`].
    TooManyCategories,
    /// The name is longer than 200 characters, or has control characters.
    BadName,
    /// Another category has this name.
    DuplicateCategory,
    /// The row's section is not there.
    UnknownSection,
    /// The seat's row is not there.
    UnknownRow,
    /// The seat's category is not there.
    UnknownCategory,
    /// The row has no seats.
    EmptyRow,
    /// Rows of one section, or seats of one row, do not stand together.
    OutOfOrder,
    /// Another seat has this id.
    DuplicateSeat {
        /// The id.
        guid: SeatGuid,
        /// The first seat that has it.
        first: u32,
    },
    /// A row's or seat's number is longer than [`MAX_NUMBER_CHARS`], or has control characters.
    BadNumber,
    /// The label is empty, too long, or has control characters.
    BadLabel,
    /// A coordinate is beyond [`MAX_MILLI`].
    TooFar,
}

/// Why parts do not make a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct PlanError {
    /// Where.
    pub place: PlanPlace,
    /// What.
    pub problem: PlanProblem,
}

impl fmt::Display for PlanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSection => f.write_str("a plan has at least one zone"),
            Self::TooManySeats => write!(f, "a plan has at most {MAX_SEATS} seats"),
            Self::TooManyCategories => write!(f, "a plan has at most {MAX_CATEGORIES} categories"),
            Self::BadName => {
                f.write_str("a plan's name has at most 200 characters, none of control")
            }
            Self::DuplicateCategory => f.write_str("another category has the same name"),
            Self::UnknownSection => f.write_str("the row's section is not in the plan"),
            Self::UnknownRow => f.write_str("the seat's row is not in the plan"),
            Self::UnknownCategory => f.write_str("the category is not in the plan"),
            Self::EmptyRow => f.write_str("a row has at least one seat"),
            Self::OutOfOrder => f.write_str("rows and seats of one place do not stand together"),
            Self::DuplicateSeat { guid, .. } => write!(f, "another seat has the same id {guid}"),
            Self::BadNumber => {
                write!(f, "a number has at most {MAX_NUMBER_CHARS} characters, none of control")
            }
            Self::BadLabel => f.write_str("a label has 1 to 300 characters, none of control"),
            Self::TooFar => f.write_str("a coordinate is between -1000000000 and 1000000000"),
        }
    }
}

fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(char::is_control)
}

fn near(at: Point) -> bool {
    let within = -MAX_MILLI..=MAX_MILLI;
    within.contains(&at.x_milli) && within.contains(&at.y_milli)
}

/// Checks all but the seats.
pub(super) fn check_frame(parts: &PlanParts) -> Result<(), PlanError> {
    let fail = |place, problem| Err(PlanError { place, problem });
    if parts.sections.is_empty() {
        return fail(PlanPlace::Plan, PlanProblem::NoSection);
    }
    if parts.seats.len() > MAX_SEATS {
        return fail(PlanPlace::Plan, PlanProblem::TooManySeats);
    }
    if parts.categories.len() > MAX_CATEGORIES {
        return fail(PlanPlace::Plan, PlanProblem::TooManyCategories);
    }
    if !fits(&parts.name, 200) {
        return fail(PlanPlace::Plan, PlanProblem::BadName);
    }
    if !near(parts.focal) {
        return fail(PlanPlace::Focal, PlanProblem::TooFar);
    }
    let size = parts.size.unwrap_or_default();
    if !near(Point { x_milli: size.width_milli, y_milli: size.height_milli }) {
        return fail(PlanPlace::Size, PlanProblem::TooFar);
    }
    let mut names = rustc_hash::FxHashSet::default();
    for (place, category) in (0_u32..).zip(&parts.categories) {
        if !names.insert(&category.name) {
            return fail(PlanPlace::Category(place), PlanProblem::DuplicateCategory);
        }
    }
    let mut section = 0;
    for (place, row) in (0_u32..).zip(&parts.rows) {
        let place = PlanPlace::Row(place);
        if usize::try_from(row.section).is_ok_and(|s| s >= parts.sections.len()) {
            return fail(place, PlanProblem::UnknownSection);
        }
        if row.section < section {
            return fail(place, PlanProblem::OutOfOrder);
        }
        section = row.section;
        if !fits(&row.number, MAX_NUMBER_CHARS) {
            return fail(place, PlanProblem::BadNumber);
        }
    }
    for (place, drawing) in (0_u32..).zip(&parts.drawings) {
        let place = PlanPlace::Drawing(place);
        if usize::try_from(drawing.section).is_ok_and(|s| s >= parts.sections.len()) {
            return fail(place, PlanProblem::UnknownSection);
        }
        if !near(drawing.at) {
            return fail(place, PlanProblem::TooFar);
        }
    }
    Ok(())
}

/// Checks what one seat says of itself.
pub(super) fn check_seat(parts: &PlanParts, seat: &Seat) -> Result<(), PlanProblem> {
    if usize::try_from(seat.row).is_ok_and(|row| row >= parts.rows.len()) {
        return Err(PlanProblem::UnknownRow);
    }
    if !fits(&seat.number, MAX_NUMBER_CHARS) {
        return Err(PlanProblem::BadNumber);
    }
    if seat.label.is_empty() || !fits(&seat.label, 300) {
        return Err(PlanProblem::BadLabel);
    }
    if !near(Point { x_milli: seat.x_milli, y_milli: seat.y_milli }) {
        return Err(PlanProblem::TooFar);
    }
    Ok(())
}
