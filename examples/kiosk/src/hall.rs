//! Which seat stands in which cell of a grid: by its place in the hall, no two in one cell.

use std::collections::BTreeSet;

use venue_core::domain::view::MapSeat;

/// Where the seats of a hall stand, in cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hall {
    /// Column and line of each seat.
    pub cells: Vec<(usize, usize)>,
}

/// A way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the stage.
    Up,
    /// Away from it.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
}

/// The usual distances of what stands beside each other, to the right and down, in thousandths: of the seats of a row, and
/// of the rows of a section. Each counts for the axis that it is longer on, for rows may go either way.
fn pitch(seats: &[MapSeat]) -> (i64, i64) {
    let (mut across, mut down) = (Vec::new(), Vec::new());
    let mut first = seats.first();
    for pair in seats.windows(2) {
        let same_row = pair[0].row == pair[1].row && pair[0].section == pair[1].section;
        let before = if same_row { Some(&pair[0]) } else { first.replace(&pair[1]) };
        let Some(before) = before.filter(|before| before.section == pair[1].section) else {
            continue;
        };
        let (x, y) =
            (before.x_milli.abs_diff(pair[1].x_milli), before.y_milli.abs_diff(pair[1].y_milli));
        let (axis, distance) = if x >= y { (&mut across, x) } else { (&mut down, y) };
        axis.extend(i64::try_from(distance).ok().filter(|distance| *distance > 0));
    }
    (median(across), median(down))
}

/// The lower median; some distance if there is none.
fn median(mut distances: Vec<i64>) -> i64 {
    distances.sort_unstable();
    distances.get(distances.len().saturating_sub(1) / 2).copied().unwrap_or(25_000)
}

impl Hall {
    /// Lays the seats out; those of one hall alike, whatever was sold.
    pub fn new(seats: &[MapSeat]) -> Self {
        let (across, down) = pitch(seats);
        let left = seats.iter().map(|seat| seat.x_milli).min().unwrap_or(0);
        let top = seats.iter().map(|seat| seat.y_milli).min().unwrap_or(0);
        let cell = |from: i64, to: i64, pitch: i64| {
            let rounded = to.saturating_sub(from).saturating_add(pitch / 2) / pitch;
            usize::try_from(rounded).unwrap_or(0)
        };
        let mut taken = BTreeSet::new();
        let cells = seats.iter().map(|seat| {
            let (mut column, line) =
                (cell(left, seat.x_milli, across), cell(top, seat.y_milli, down));
            while !taken.insert((column, line)) {
                column += 1;
            }
            (column, line)
        });
        Self { cells: cells.collect() }
    }

    /// The nearest seat on this way; a step aside counts three times.
    pub fn beside(&self, seat: usize, way: Way) -> Option<usize> {
        let here = self.cells.get(seat)?;
        let far = |cell: &(usize, usize)| {
            let (ahead, aside) = match way {
                Way::Up => (gap(cell.1, here.1), here.0.abs_diff(cell.0)),
                Way::Down => (gap(here.1, cell.1), here.0.abs_diff(cell.0)),
                Way::Left => (gap(cell.0, here.0), here.1.abs_diff(cell.1)),
                Way::Right => (gap(here.0, cell.0), here.1.abs_diff(cell.1)),
            };
            (ahead > 0).then_some(ahead + 3 * aside)
        };
        let near =
            self.cells.iter().enumerate().filter_map(|(other, cell)| Some((far(cell)?, other)));
        near.min().map(|(_, other)| other)
    }
}

/// How much further one is than the other.
const fn gap(from: usize, to: usize) -> usize {
    to.saturating_sub(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(row: &str, x_milli: i64, y_milli: i64) -> MapSeat {
        MapSeat {
            seat: format!("{row}-{x_milli}").into(),
            label: "L".into(),
            section: None,
            row: row.into(),
            x_milli,
            y_milli,
            category: "one".into(),
            accessible: false,
            state: venue_core::domain::inventory::UnitState::Free,
        }
    }

    #[test]
    fn seats_stand_in_cells_of_their_own() {
        let seats = [
            seat("A", 0, 0),
            seat("A", 25_000, 0),
            seat("A", 75_000, 0),
            seat("B", 25_000, 40_000),
            seat("B", 26_000, 40_000),
            seat("C", 0, 80_000),
        ];
        let hall = Hall::new(&seats);
        assert_eq!(hall.cells[..3], [(0, 0), (1, 0), (3, 0)]);
        assert_ne!(hall.cells[3], hall.cells[4]);
        assert_eq!(hall.cells[5], (0, 2));
        assert_eq!(Hall::new(&[]).cells, []);
    }

    #[test]
    fn keys_go_to_the_nearest_seat_on_their_way() {
        let seats = [
            seat("A", 0, 0),
            seat("A", 25_000, 0),
            seat("A", 75_000, 0),
            seat("B", 25_000, 25_000),
        ];
        let hall = Hall::new(&seats);
        assert_eq!(hall.beside(0, Way::Right), Some(1));
        assert_eq!(hall.beside(1, Way::Right), Some(2));
        assert_eq!(hall.beside(2, Way::Right), None);
        assert_eq!(hall.beside(1, Way::Down), Some(3));
        assert_eq!(hall.beside(3, Way::Up), Some(1));
        assert_eq!(hall.beside(0, Way::Left), None);
        assert_eq!(hall.beside(9, Way::Left), None);
    }
}
