//! From the drawing's units to columns and lines.

use super::measure::{Measure, RowSpan, rounded};

/// A column's or line's parts: positions are kept in thousandths of it until they are rounded.
const PARTS: i64 = 1_000;

/// No blank stretch between rows is higher than so many lines.
const HIGHEST_VOID: i64 = 9;

/// Columns of a hall. Within an island, a stretch of x without a corridor through the whole hall, places are in
/// proportion; corridors may be narrower than they are.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    /// Columns a seat: 1, or 2 with a blank between neighbours.
    pub(super) per_seat: i64,
    seat: i64,
    /// First x of each island, and its place in parts.
    islands: Vec<(i64, i64)>,
    end: i64,
}

impl Columns {
    /// Of the seats at these places, in order, with corridors of at most so many seats.
    pub(super) fn new(xs: &[i64], seat: i64, per_seat: i64, widest_corridor: i64) -> Self {
        let scale = |far: i64| parts(far, seat, per_seat);
        let mut islands: Vec<(i64, i64)> = vec![];
        let mut end = 0;
        let mut before = None;
        for x in xs.iter().copied() {
            match (before, islands.last()) {
                (Some(before), Some(&(first, at))) if x - before <= seat + seat / 2 => {
                    end = at + scale(x - first);
                }
                (Some(before), Some(_)) => {
                    // Wider than an aisle: at least one blank more than an aisle has.
                    let least = if x - before > seat * 2 { 3 } else { 2 } * per_seat * PARTS;
                    let corridor = scale(x - before).max(least);
                    end += corridor.min(widest_corridor * per_seat * PARTS);
                    islands.push((x, end));
                }
                _ => islands.push((x, 0)),
            }
            before = Some(x);
        }
        Self { per_seat, seat, islands, end }
    }

    /// How many columns there are.
    pub(super) fn count(&self) -> i64 {
        rounded(self.end, PARTS) + 1
    }

    /// Where an x lies, in parts.
    pub(super) fn parts_at(&self, x: i64) -> i64 {
        let place = self.islands.partition_point(|(first, _)| *first <= x).saturating_sub(1);
        let next = self.islands.get(place + 1).map_or(i64::MAX, |(_, at)| *at);
        let (first, at) = self.islands.get(place).copied().unwrap_or((0, 0));
        (at + parts(x - first, self.seat, self.per_seat)).min(next)
    }

    /// The first column of something so wide whose middle lies half way between two places in parts.
    pub(super) fn centred(from: i64, to: i64, width: i64) -> i64 {
        rounded(from + to - (width - 1) * PARTS, 2 * PARTS)
    }

    /// The column of an x.
    pub(super) fn column(&self, x: i64) -> i64 {
        rounded(self.parts_at(x), PARTS)
    }
}

/// A distance in parts; of a distance beyond all measure, some that is too far for any drawing.
fn parts(far: i64, seat: i64, per_seat: i64) -> i64 {
    let parts = i128::from(far) * i128::from(per_seat) * i128::from(PARTS) / i128::from(seat);
    i64::try_from(parts.clamp(-1_000_000_000, 1_000_000_000)).unwrap_or(0)
}

/// How y becomes lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Every row lies on one line, rows at the same height on the same one.
    Flat,
    /// In proportion: so many hundredths of the distance between rows are a line.
    Scaled(i64),
    /// Every row has lines of its own.
    Stacked,
}

/// Lines of a hall.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// The line of each seat.
    pub(super) of: Vec<usize>,
    /// How many lines there are.
    pub(super) count: usize,
    /// A y of each line that has seats, and the line.
    pub(super) anchors: Vec<(i64, usize)>,
    row: i64,
}

impl Lines {
    /// Of the seats whose rows and heights these are; none if it cannot be done in this manner.
    pub(super) fn new(
        seats: &[(usize, i64)],
        spans: &[Option<RowSpan>],
        measure: Measure,
        manner: Manner,
    ) -> Option<Self> {
        // The height that stands for a seat, and how far apart two heights on different lines are.
        let heights: Vec<i64> = match manner {
            Manner::Scaled(_) => seats.iter().map(|(_, y)| *y).collect(),
            Manner::Flat => {
                let bent = |span: &RowSpan| span.bottom - span.top > measure.row * 2 / 5;
                if spans.iter().flatten().any(bent) {
                    return None;
                }
                seats.iter().map(|(row, _)| spans[*row].map_or(0, |span| span.middle())).collect()
            }
            Manner::Stacked => {
                let mut order: Vec<(i64, usize)> = vec![];
                for (row, span) in spans.iter().enumerate() {
                    order.extend(span.map(|span| (span.middle(), row)));
                }
                order.sort_unstable();
                let mut lines = vec![0; spans.len()];
                for (line, (_, row)) in order.iter().enumerate() {
                    lines[*row] = line;
                }
                let of = seats.iter().map(|(row, _)| lines[*row]).collect();
                let anchors = order.iter().enumerate().map(|(line, (y, _))| (*y, line)).collect();
                return Some(Self { of, count: order.len(), anchors, row: measure.row });
            }
        };
        let step = match manner {
            Manner::Scaled(hundredths) => (measure.row * hundredths / 100).max(1),
            Manner::Flat | Manner::Stacked => measure.row,
        };
        Some(Self::at_heights(&heights, step, manner, measure.row))
    }

    fn at_heights(heights: &[i64], step: i64, manner: Manner, row: i64) -> Self {
        let mut sorted = heights.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut line = 0_usize;
        let mut anchors: Vec<(i64, usize)> = vec![];
        let first = sorted.first().copied().unwrap_or(0);
        let mut places = Vec::with_capacity(sorted.len());
        let mut start = first;
        for y in sorted {
            let lines = match manner {
                Manner::Scaled(_) => rounded(y - first, step) - rounded(start - first, step),
                // Rows that are less than half a distance apart are one line.
                _ if y - start < step * 9 / 20 => 0,
                _ => rounded(y - start, step).max(1),
            };
            if lines > 0 {
                line += usize::try_from(lines.min(HIGHEST_VOID)).unwrap_or(1);
                start = y;
            }
            if anchors.last().is_none_or(|(_, last)| *last != line) {
                anchors.push((y, line));
            }
            places.push((y, line));
        }
        let find = |y: &i64| {
            let place = places.partition_point(|(at, _)| at < y);
            places.get(place).map_or(0, |(_, line)| *line)
        };
        let of = heights.iter().map(find).collect();
        Self { of, count: anchors.last().map_or(0, |(_, line)| line + 1), anchors, row }
    }

    /// Between which lines a height lies: negative above the first, `count` and more below the last.
    pub(super) fn line_at(&self, y: i64) -> i64 {
        let line = |line: usize| i64::try_from(line).unwrap_or(i64::MAX);
        let next = self.anchors.partition_point(|(at, _)| *at < y);
        match (next.checked_sub(1).map(|before| self.anchors[before]), self.anchors.get(next)) {
            (None, None) => 0,
            (None, Some((at, _))) if *at == y => 0,
            (None, Some((at, _))) => -rounded(at - y, self.row).max(1),
            (Some((at, last)), None) => line(last) + rounded(y - at, self.row).max(1),
            (Some((from, above)), Some((to, below))) => {
                let lines = line(*below) - line(above);
                let share =
                    i128::from(y - from) * i128::from(lines) / i128::from((to - from).max(1));
                line(above) + i64::try_from(share).unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure { seat: 25, row: 40 };

    #[test]
    fn aisles_keep_their_width_and_corridors_may_not() {
        let xs = vec![0, 25, 50, 100, 125, 1_000];
        let wide = Columns::new(&xs, 25, 1, 100);
        assert_eq!((wide.column(50), wide.column(100), wide.count()), (2, 4, 41));
        let tight = Columns::new(&xs, 25, 2, 3);
        assert_eq!((tight.column(50), tight.column(100), tight.column(125)), (4, 8, 10));
        assert_eq!((tight.column(1_000), tight.count()), (16, 17));
        assert_eq!(tight.column(5_000), 336);
    }

    #[test]
    fn flat_rows_share_lines_by_height() {
        let span = |y| Some(RowSpan { section: 0, top: y, bottom: y });
        let seats = [(0, 0), (1, 40), (2, 41), (3, 400)];
        let spans = [span(0), span(40), span(41), span(400)];
        let lines = Lines::new(&seats, &spans, MEASURE, Manner::Flat).unwrap();
        assert_eq!(lines.of, [0, 1, 1, 10]);
        assert_eq!((lines.line_at(-40), lines.line_at(0), lines.line_at(440)), (-1, 0, 11));
        assert_eq!(lines.line_at(220), 5);
    }

    #[test]
    fn bent_rows_are_not_flat() {
        let spans = [Some(RowSpan { section: 0, top: 0, bottom: 30 })];
        assert!(Lines::new(&[(0, 0), (0, 30)], &spans, MEASURE, Manner::Flat).is_none());
        let lines = Lines::new(&[(0, 0), (0, 30)], &spans, MEASURE, Manner::Scaled(100)).unwrap();
        assert_eq!((lines.of, lines.count), (vec![0, 1], 2));
    }
}
