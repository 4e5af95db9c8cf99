//! A grid: rows and seats on squared paper, which is plan enough for most halls.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::plan::{
    Category, MAX_SEATS, Plan, PlanParts, Point, Row, Seat, Section, Size, seat_label,
};
use crate::domain::text::{Name, SeatGuid};

/// Between two seats, in thousandths.
const PITCH_MILLI: i64 = 25_000;
/// Between two seats with an aisle between them, in thousandths.
const AISLE_MILLI: i64 = 50_000;
/// Between two rows, in thousandths.
const ROW_MILLI: i64 = 40_000;

/// A grid as the season file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GridSpec {
    /// How many rows: A..Z, AA ..
    pub rows: u32,
    /// How many seats in each row, numbered from 1.
    pub seats: u32,
    /// After which seats an aisle stands.
    pub aisles: Vec<u32>,
    /// The ids of the places for people in wheelchairs, as in `N-1`.
    pub accessible: Vec<String>,
    /// Each category with its rows: `A-K`, `L`, or several joined by commas. In the order of the file.
    pub categories: Vec<(Name, String)>,
}

/// Why a grid is none, and at which member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GridError {
    /// The member: `rows`, `seats`, `aisles`, `accessible` or `categories`.
    pub member: &'static str,
    /// Which of the member's entries.
    pub entry: Option<usize>,
    /// What is wrong and what is needed.
    pub message: String,
}

fn wrong<T>(
    member: &'static str,
    entry: Option<usize>,
    message: impl Into<String>,
) -> Result<T, GridError> {
    Err(GridError { member, entry, message: message.into() })
}

/// The letters of a row, counted from 0: A..Z, AA..AZ, BA ..
pub fn row_letters(index: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(index) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The row with these letters, counted from 0.
fn row_index(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 6 {
        return None;
    }
    let mut index: u32 = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        index = index * 26 + u32::from(letter - b'A') + 1;
    }
    Some(index - 1)
}

/// Makes the plan of a grid: one section without a name, ids and labels `A-1`, the first seat at x = 0.
pub fn grid_plan(name: &str, grid: &GridSpec) -> Result<Plan, GridError> {
    let columns = columns(grid)?;
    let categories = row_categories(grid)?;
    let accessible = accessible(grid)?;
    let mut parts = PlanParts {
        name: name.into(),
        categories: grid
            .categories
            .iter()
            .map(|(name, _)| Category { name: name.clone(), color: None })
            .collect(),
        sections: vec![Section { name: None, zone_id: None }],
        ..PlanParts::default()
    };
    for (row, category) in (0_u32..).zip(categories) {
        let letters = row_letters(row);
        let y_milli = ROW_MILLI * (i64::from(row) + 1);
        for (number, x_milli) in (1_u32..).zip(&columns) {
            let label = seat_label(None, &letters, &number.to_string());
            let Ok(guid) = label.parse::<SeatGuid>() else {
                return wrong("rows", None, "a row has no more than 60 letters");
            };
            parts.seats.push(Seat {
                guid,
                row,
                number: number.to_string().into(),
                label: label.into(),
                x_milli: *x_milli,
                y_milli,
                category,
                accessible: accessible.contains(&(row, number)),
            });
        }
        parts.rows.push(Row { section: 0, number: letters.into() });
    }
    // All distances are even, so the middle is exact.
    let width_milli = columns.last().copied().unwrap_or(0);
    parts.focal = Point { x_milli: width_milli / 2, y_milli: 0 };
    let height_milli = ROW_MILLI * i64::from(grid.rows);
    parts.size = Some(Size { width_milli, height_milli });
    Plan::new(parts).or_else(|error| wrong("rows", None, error.to_string()))
}

/// Where each seat of a row stands.
fn columns(grid: &GridSpec) -> Result<Vec<i64>, GridError> {
    for (member, count) in [("rows", grid.rows), ("seats", grid.seats)] {
        if count == 0 {
            return wrong(member, None, "a grid has at least one row of one seat");
        }
    }
    let seats = u64::from(grid.rows) * u64::from(grid.seats);
    if usize::try_from(seats).map_or(true, |seats| seats > MAX_SEATS) {
        return wrong("rows", None, format!("a plan has at most {MAX_SEATS} seats"));
    }
    let mut aisles = FxHashSet::default();
    for (entry, after) in grid.aisles.iter().enumerate() {
        if !(1..grid.seats).contains(after) {
            return wrong(
                "aisles",
                Some(entry),
                "an aisle stands after a seat that is not the last",
            );
        }
        if !aisles.insert(*after) {
            return wrong("aisles", Some(entry), "this aisle is named twice");
        }
    }
    let mut x_milli = 0;
    let mut columns = Vec::new();
    for number in 1..=grid.seats {
        columns.push(x_milli);
        x_milli += if aisles.contains(&number) { AISLE_MILLI } else { PITCH_MILLI };
    }
    Ok(columns)
}

/// The category of each row.
fn row_categories(grid: &GridSpec) -> Result<Vec<u32>, GridError> {
    let mut found: Vec<Option<u32>> = (0..grid.rows).map(|_| None).collect();
    let mut names = FxHashSet::default();
    for (entry, (name, ranges)) in grid.categories.iter().enumerate() {
        let at = Some(entry);
        if !names.insert(name) {
            return wrong("categories", at, "another category has the same name");
        }
        let category = u32::try_from(entry).unwrap_or(u32::MAX);
        for range in ranges.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Some(first), Some(last)) = (row_index(first.trim()), row_index(last.trim()))
            else {
                return wrong("categories", at, "a range of rows is needed, as in A-K");
            };
            if first > last {
                return wrong("categories", at, "the first row of a range stands before its last");
            }
            if last >= grid.rows {
                let last = row_letters(grid.rows - 1);
                return wrong("categories", at, format!("the last row of the grid is {last}"));
            }
            for row in first..=last {
                let slot = usize::try_from(row).ok().and_then(|row| found.get_mut(row));
                let Some(slot @ None) = slot else {
                    let row = row_letters(row);
                    return wrong("categories", at, format!("row {row} has a category already"));
                };
                *slot = Some(category);
            }
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    for (row, category) in (0_u32..).zip(found) {
        let Some(category) = category else {
            return wrong("categories", None, format!("row {} has no category", row_letters(row)));
        };
        rows.push(category);
    }
    Ok(rows)
}

/// The places for people in wheelchairs, by row and number.
fn accessible(grid: &GridSpec) -> Result<FxHashSet<(u32, u32)>, GridError> {
    let mut places = FxHashSet::default();
    for (entry, id) in grid.accessible.iter().enumerate() {
        let place = id.split_once('-').and_then(|(row, number)| {
            let plain = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
            let number = number.parse().ok().filter(|_| plain)?;
            let row = row_index(row)?;
            (row < grid.rows && (1..=grid.seats).contains(&number)).then_some((row, number))
        });
        let Some(place) = place else {
            return wrong(
                "accessible",
                Some(entry),
                format!("there is no seat {id:?} in the grid"),
            );
        };
        if !places.insert(place) {
            return wrong("accessible", Some(entry), format!("seat {id} is named twice"));
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: u32, seats: u32, categories: &[(&str, &str)]) -> GridSpec {
        GridSpec {
            rows,
            seats,
            aisles: Vec::new(),
            accessible: Vec::new(),
            categories: categories
                .iter()
                .map(|(name, rows)| (name.parse().unwrap(), (*rows).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn a_cinema_with_aisles_stands_where_the_rules_say() {
        let mut spec = grid(14, 18, &[("Parkett", "A-K"), ("Loge", "L-N")]);
        spec.aisles = vec![6, 12];
        spec.accessible = vec!["N-1".into(), "N-18".into()];
        let plan = grid_plan("Saal 1", &spec).unwrap();
        assert_eq!((plan.capacity(), plan.capacities()), (252, &[198, 54][..]));
        let place = |name: &str| {
            let seat = plan.seat(plan.seat_named(name).unwrap()).unwrap();
            (seat.x_milli, seat.y_milli, seat.accessible)
        };
        assert_eq!(place("A-1"), (0, 40_000, false));
        assert_eq!(place("A-6"), (125_000, 40_000, false));
        assert_eq!(place("A-7"), (175_000, 40_000, false));
        assert_eq!(place("N-18"), (475_000, 560_000, true));
        assert_eq!(plan.focal(), Point { x_milli: 237_500, y_milli: 0 });
        let seat = &plan.seats()[0];
        assert_eq!((seat.guid.as_str(), &*seat.label, &*seat.number), ("A-1", "A-1", "1"));
        assert_eq!(plan.section_of(seat).unwrap().name, None);
        assert_eq!(plan.seats().iter().filter(|s| s.accessible).count(), 2);
    }

    #[test]
    fn rows_go_on_after_z() {
        for (index, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(row_letters(index), letters);
            assert_eq!(row_index(letters), Some(index));
        }
        let plan = grid_plan("x", &grid(30, 2, &[("I", "A-Z"), ("II", "AA, AB-AD")])).unwrap();
        assert_eq!(plan.seats()[59].label.as_ref(), "AD-2");
        assert_eq!(plan.capacities(), [52, 8]);
        assert!(grid_plan("x", &grid(200_000, 1, &[("I", "A-ZZZZ")])).is_err());
    }

    type Spoil = fn(&mut GridSpec);

    #[test]
    fn every_wrong_grid_names_its_member() {
        let base = || grid(3, 4, &[("I", "A-B"), ("II", "C")]);
        assert!(grid_plan("x", &base()).is_ok());
        let cases: [(Spoil, &str, Option<usize>); 16] = [
            (|g| g.rows = 0, "rows", None),
            (|g| g.seats = 0, "seats", None),
            (|g| g.rows = 200_000, "rows", None),
            (|g| g.seats = u32::MAX, "rows", None),
            (|g| g.aisles = vec![1, 4], "aisles", Some(1)),
            (|g| g.aisles = vec![0], "aisles", Some(0)),
            (|g| g.aisles = vec![2, 2], "aisles", Some(1)),
            (|g| g.accessible = vec!["D-1".into()], "accessible", Some(0)),
            (|g| g.accessible = vec!["A-1".into(), "A-05".into()], "accessible", Some(1)),
            (|g| g.accessible = vec!["A-1".into(), "A-1".into()], "accessible", Some(1)),
            (|g| g.accessible = vec!["ä".into()], "accessible", Some(0)),
            (|g| g.categories[1].1 = "B-C".into(), "categories", Some(1)),
            (|g| g.categories[1].1 = "D".into(), "categories", Some(1)),
            (|g| g.categories[0].1 = "B-A".into(), "categories", Some(0)),
            (|g| g.categories[0].1 = "a-b".into(), "categories", Some(0)),
            (|g| g.categories.truncate(1), "categories", None),
        ];
        for (number, (spoil, member, entry)) in cases.into_iter().enumerate() {
            let mut spec = base();
            spoil(&mut spec);
            let error = grid_plan("x", &spec).unwrap_err();
            assert_eq!((error.member, error.entry), (member, entry), "case {number}: {error}");
        }
    }

    #[test]
    fn a_grid_is_as_large_as_its_rows_and_seats() {
        let plan = grid_plan("Saal", &grid(3, 4, &[("I", "A-B"), ("II", "C")])).unwrap();
        let size = Size { width_milli: 75_000, height_milli: 120_000 };
        assert_eq!((plan.name(), plan.parts().size), ("Saal", Some(size)));
        let names: Vec<_> = plan.categories().iter().map(|c| c.name.as_str()).collect();
        assert_eq!((names, plan.rows().len()), (vec!["I", "II"], 3));
    }

    #[test]
    fn letters_of_a_row_are_one_to_six_capitals() {
        assert_eq!(row_index("ZZZZZZ"), Some(321_272_405));
        for wrong in ["", "AAAAAAA", "a", "A1", "Ä"] {
            assert_eq!(row_index(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_grid_has_at_most_two_hundred_thousand_seats() {
        assert_eq!(columns(&grid(1_000, 200, &[])).unwrap().len(), 200);
        assert_eq!(columns(&grid(1_000, 201, &[])).unwrap_err().member, "rows");
    }

    #[test]
    fn a_seat_is_named_in_one_way_only() {
        for (id, right) in [("A-4", true), ("A-04", false), ("A-+4", false), ("A-5", false)] {
            let mut spec = grid(3, 4, &[("I", "A-C")]);
            spec.accessible = vec![id.into()];
            assert_eq!(accessible(&spec).is_ok(), right, "{id}");
        }
    }

    #[test]
    fn a_range_beyond_the_grid_is_told_its_last_row() {
        let error = grid_plan("x", &grid(3, 4, &[("I", "A-D")])).unwrap_err();
        assert_eq!(error.message, "the last row of the grid is C");
        for wrong in ["A-", "-C", "", "A-B-C"] {
            let error = grid_plan("x", &grid(3, 4, &[("I", wrong)])).unwrap_err();
            assert_eq!(error.message, "a range of rows is needed, as in A-K", "{wrong:?}");
        }
    }

    #[test]
    fn a_category_is_named_once() {
        let error = grid_plan("x", &grid(3, 4, &[("I", "A-B"), ("I", "C")])).unwrap_err();
        assert_eq!((error.member, error.entry), ("categories", Some(1)));
    }
}
