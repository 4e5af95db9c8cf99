//! The measures of a hall: how far apart its seats and rows stand.

use super::scene::{Scene, Spot};

/// Distances, in thousandths of the drawing's units; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    /// Between neighbours.
    pub(super) seat: i64,
    /// Between a row and the next.
    pub(super) row: i64,
}

/// Where nothing can be measured: as a grid stands.
const USUAL: Measure = Measure { seat: 25_000, row: 40_000 };

/// A number divided and rounded to the nearest, halves up.
pub(super) fn rounded(number: i64, by: i64) -> i64 {
    (2 * number + by).div_euclid(2 * by)
}

/// The middle of a list; of two the smaller.
fn lower_median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// A row's lowest and highest y, and their middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowSpan {
    /// The section in which it stands.
    pub(super) section: usize,
    /// The smallest y.
    pub(super) top: i64,
    /// The greatest y.
    pub(super) bottom: i64,
}

impl RowSpan {
    /// Half way between top and bottom.
    pub(super) fn middle(&self) -> i64 {
        self.top + (self.bottom - self.top) / 2
    }
}

/// The rows that have seats, by their place in the scene.
pub(super) fn row_spans(scene: &Scene) -> Vec<Option<RowSpan>> {
    let mut spans: Vec<Option<RowSpan>> = vec![None; scene.rows.len()];
    for spot in &scene.spots {
        let span = &mut spans[spot.row];
        let known =
            span.get_or_insert(RowSpan { section: spot.section, top: spot.y, bottom: spot.y });
        known.top = known.top.min(spot.y);
        known.bottom = known.bottom.max(spot.y);
    }
    spans
}

fn distance(a: &Spot, b: &Spot) -> i64 {
    // Of far coordinates the last digits do not matter.
    let (x, y) = ((a.x - b.x).unsigned_abs() >> 2, (a.y - b.y).unsigned_abs() >> 2);
    let square = u128::from(x) * u128::from(x) + u128::from(y) * u128::from(y);
    i64::try_from(square.isqrt()).unwrap_or(i64::MAX >> 2) << 2
}

/// Measures a hall.
pub(super) fn measure(scene: &Scene) -> Measure {
    let pairs = scene.spots.windows(2).filter(|pair| pair[0].row == pair[1].row);
    let seats = pairs.map(|pair| distance(&pair[0], &pair[1])).filter(|far| *far > 0).collect();
    let seat = lower_median(seats);
    let mut middles: Vec<(usize, i64)> =
        row_spans(scene).iter().flatten().map(|span| (span.section, span.middle())).collect();
    middles.sort_unstable();
    let least = seat.unwrap_or(USUAL.seat) / 4;
    let rows = middles.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let rows = rows.map(|pair| pair[1].1 - pair[0].1).filter(|far| *far > least).collect();
    let row = lower_median(rows);
    match (seat, row) {
        (Some(seat), Some(row)) => Measure { seat, row },
        (Some(seat), None) => Measure { seat, row: (seat / 5 * 8).max(1) },
        (None, Some(row)) => Measure { seat: (row / 8 * 5).max(1), row },
        (None, None) => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up() {
        for (number, by, want) in [(5, 10, 1), (4, 10, 0), (-5, 10, 0), (-6, 10, -1), (15, 10, 2)] {
            assert_eq!(rounded(number, by), want, "{number}/{by}");
        }
    }

    #[test]
    fn the_smaller_middle_is_taken() {
        assert_eq!(lower_median(vec![4, 1, 3, 2]), Some(2));
        assert_eq!(lower_median(vec![]), None);
    }
}
