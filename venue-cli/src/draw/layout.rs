//! Which seat stands in which cell: every seat in one of its own, as near to its place as the width allows.

use super::axis::{Columns, Lines, Manner};
use super::measure::{Measure, measure, row_spans};
use super::scene::Scene;

/// A drawing higher than so many lines helps nobody.
pub(super) const HIGHEST: usize = 400;

/// Where everything goes.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Line and column of each seat.
    pub(super) at: Vec<(usize, usize)>,
    /// How many columns.
    pub(super) cols: usize,
    /// Lines by height.
    pub(super) lines: Lines,
    /// Columns by place.
    pub(super) columns: Columns,
    /// True if rows stand below each other although they do not in the hall.
    pub(super) stacked: bool,
}

/// Lays a scene out in so many columns, with at most so many a seat; none if it is too wide or too high to
/// show every seat.
pub(super) fn lay_out(scene: &Scene, width: usize, most_per_seat: i64) -> Option<Layout> {
    let measure = measure(scene);
    let width = i64::try_from(width).ok()?;
    let scales: Vec<Columns> = (1..=most_per_seat)
        .rev()
        .filter_map(|per_seat| widest(scene, measure, per_seat, width))
        .collect();
    for columns in &scales {
        for manner in [
            Manner::Flat,
            Manner::Scaled(100),
            Manner::Scaled(75),
            Manner::Scaled(50),
            Manner::Scaled(33),
        ] {
            let found = attempt(scene, width, measure, columns, manner);
            if let Some(found) = found.filter(|found| found.1 <= columns.per_seat) {
                return Some(found.0);
            }
        }
    }
    let stacked = |columns| attempt(scene, width, measure, columns, Manner::Stacked);
    scales.iter().find_map(stacked).map(|(layout, _)| layout)
}

/// Columns with corridors as wide as there is room for; none if there is too little even for narrow ones.
fn widest(scene: &Scene, measure: Measure, per_seat: i64, width: i64) -> Option<Columns> {
    let mut xs: Vec<i64> = scene.spots.iter().map(|spot| spot.x).collect();
    xs.sort_unstable();
    let corridors = [40, 12, 6, 3, 2].into_iter();
    let mut fitting = corridors.map(|corridor| Columns::new(&xs, measure.seat, per_seat, corridor));
    fitting.find(|columns| columns.count() <= width)
}

/// Tries one manner. Tells how far seats are from their places.
fn attempt(
    scene: &Scene,
    width: i64,
    measure: Measure,
    columns: &Columns,
    manner: Manner,
) -> Option<(Layout, i64)> {
    let per_seat = columns.per_seat;
    let seats: Vec<(usize, i64)> = scene.spots.iter().map(|spot| (spot.row, spot.y)).collect();
    let lines = Lines::new(&seats, &row_spans(scene), measure, manner)?;
    if lines.count > HIGHEST {
        return None;
    }
    let mut by_line: Vec<Vec<usize>> = vec![vec![]; lines.count];
    for (seat, line) in lines.of.iter().enumerate() {
        by_line[*line].push(seat);
    }
    let mut at = vec![(0, 0); seats.len()];
    let (mut farthest, mut cols) = (0, 0);
    for (line, mut seats) in by_line.into_iter().enumerate() {
        seats.sort_by_key(|seat| (scene.spots[*seat].x, *seat));
        let mut runs = runs(scene, &seats, columns, measure);
        farthest = farthest.max(settle(&mut runs, width, per_seat)?);
        for run in &runs {
            for (seat, col) in
                run.seats.iter().zip((run.start..).step_by(usize::try_from(per_seat).ok()?))
            {
                let col = usize::try_from(col).ok()?;
                at[*seat] = (line, col);
                cols = cols.max(col + 1);
            }
        }
    }
    let stacked = manner == Manner::Stacked;
    Some((Layout { at, cols, lines, columns: columns.clone(), stacked }, farthest))
}

/// Neighbours of one row on one line: drawn without a gap.
#[derive(Debug)]
struct Run {
    seats: Vec<usize>,
    row: usize,
    /// Where it starts by its place.
    wanted: i64,
    /// Where it starts.
    start: i64,
    width: i64,
}

impl Run {
    fn end(&self) -> i64 {
        self.start + self.width
    }
}

/// Splits a line's seats, which are in order, into runs.
fn runs(scene: &Scene, seats: &[usize], columns: &Columns, measure: Measure) -> Vec<Run> {
    let neighbours = |left: usize, right: usize| {
        let (left, right) = (&scene.spots[left], &scene.spots[right]);
        let far = right.x - left.x;
        left.row == right.row && far * 10 <= measure.seat * 13 && far * 10 >= measure.seat * 6
    };
    let mut runs = vec![];
    for group in seats.chunk_by(|left, right| neighbours(*left, *right)) {
        let place =
            |seat: Option<&usize>| seat.map_or(0, |seat| columns.parts_at(scene.spots[*seat].x));
        let count = i64::try_from(group.len()).unwrap_or(i64::MAX >> 8);
        let width = (count - 1) * columns.per_seat + 1;
        let wanted = Columns::centred(place(group.first()), place(group.last()), width);
        let row = group.first().map_or(0, |seat| scene.spots[*seat].row);
        runs.push(Run { seats: group.to_vec(), row, wanted, start: wanted, width });
    }
    runs
}

/// Moves runs apart that would touch, to the right where there is room, else to the left. Tells by how much at
/// most; none if the line is too short for them.
fn settle(runs: &mut [Run], width: i64, per_seat: i64) -> Option<i64> {
    let mut least = 0;
    for place in 0..runs.len() {
        let next_row = runs.get(place + 1).map(|next| next.row);
        let run = &mut runs[place];
        run.start = run.wanted.max(least);
        // A single seat on a bent row stands beside its neighbours; where a stretch ends, a gap shows it.
        let close = run.width == 1 && next_row == Some(run.row);
        least = run.end() + if close { per_seat - 1 } else { per_seat };
    }
    let mut most = width;
    for place in (0..runs.len()).rev() {
        let before_row = place.checked_sub(1).map(|before| (runs[before].row, runs[before].width));
        let run = &mut runs[place];
        run.start = run.start.min(most - run.width);
        let close = before_row == Some((run.row, 1));
        most = run.start - if close { per_seat - 1 } else { per_seat };
    }
    if runs.first().is_some_and(|run| run.start < 0) {
        return None;
    }
    Some(runs.iter().map(|run| (run.start - run.wanted).abs()).max().unwrap_or(0))
}
