//! A hall on a canvas: seats, row labels, names of blocks, and where the seats look.

use super::canvas::Canvas;
use super::ink::Style;
use super::layout::{Layout, lay_out};
use super::scene::Scene;
use super::text::{clipped, width};

/// Row labels are cut to so many columns.
const LABEL: usize = 4;

/// Writes the front's name where it fits.
const FRONT: &str = "STAGE / SCREEN";
/// Where seats are on both sides.
const MIDDLE: &str = "FIELD / STAGE";

/// No canvas is narrower, if there is room: the front's name wants to be read.
const NARROWEST: usize = 24;

/// Draws a scene into so many columns, at most two a seat; none if not every seat can be shown.
pub(super) fn draw(scene: &Scene, total: usize, most_per_seat: i64) -> Option<Canvas> {
    let label = scene.rows.iter().map(|row| width(row).min(LABEL)).max().unwrap_or(0);
    let margin = if label == 0 { 0 } else { label + 1 };
    let layout = lay_out(scene, total.checked_sub(margin)?, most_per_seat)?;
    let mut canvas =
        Canvas::new((layout.cols + margin).max(NARROWEST.min(total)), layout.lines.count);
    for (spot, (line, col)) in scene.spots.iter().zip(&layout.at) {
        canvas.seat(*line, col + margin, spot.ink);
    }
    label_rows(scene, &layout, margin, &mut canvas);
    let mut marks = Marks { canvas, margin, lines: (0..layout.lines.count).collect() };
    if !layout.stacked {
        for note in &scene.notes {
            marks.note(&layout, note.x, note.y, &note.text);
        }
    }
    marks.name_sections(scene, &layout);
    if let Some(focal) = scene.focal {
        marks.focal(&layout, focal);
    }
    Some(marks.canvas)
}

/// Writes what rows are called: once at the margin where a line has rows of one name only, else before each.
fn label_rows(scene: &Scene, layout: &Layout, margin: usize, canvas: &mut Canvas) {
    let mut by_line: Vec<Vec<(usize, usize)>> = vec![vec![]; layout.lines.count];
    for (spot, (line, col)) in scene.spots.iter().zip(&layout.at) {
        by_line[*line].push((*col, spot.row));
    }
    let mut labelled = vec![false; scene.rows.len()];
    for (line, mut seats) in by_line.into_iter().enumerate() {
        seats.sort_unstable();
        let Some((_, first)) = seats.first().copied() else { continue };
        let name = |row: usize| clipped(&scene.rows[row], LABEL);
        if seats.iter().all(|(_, row)| scene.rows[*row] == scene.rows[first]) {
            if !seats.iter().all(|(_, row)| labelled[*row]) && margin > 0 {
                let text = name(first);
                let blanks = (margin - 1).saturating_sub(width(&text));
                canvas.write(line, blanks, &text, Style::Faint);
            }
        } else {
            let mut before = None;
            for (col, row) in seats {
                let text = name(row);
                let starts = before != Some(row) && !labelled[row];
                if starts && let Some(col) = (col + margin).checked_sub(width(&text) + 1) {
                    labelled[row] = canvas.try_write(line, col, &text, Style::Faint);
                }
                before = Some(row);
            }
            continue;
        }
        for (_, row) in seats {
            labelled[row] = true;
        }
    }
}

/// What is written around the seats. Lines may be put in between; the seats' lines are remembered.
struct Marks {
    canvas: Canvas,
    margin: usize,
    /// Where each line of the layout is now.
    lines: Vec<usize>,
}

/// The cells that a section takes, in lines of the layout.
#[derive(Clone, Copy)]
struct Extent {
    top: usize,
    left: usize,
    right: usize,
}

impl Marks {
    /// Puts a blank line before this line of the canvas.
    fn insert(&mut self, at: usize) {
        self.canvas.insert_line(at);
        for line in &mut self.lines {
            *line += usize::from(*line >= at);
        }
    }

    /// The line of the canvas at a height, and true if it lies among the seats.
    fn line_at(&self, layout: &Layout, y: i64) -> (usize, bool) {
        match usize::try_from(layout.lines.line_at(y)) {
            Err(_) => (0, false),
            Ok(line) => match self.lines.get(line) {
                Some(now) => (*now, true),
                None => (self.canvas.lines(), false),
            },
        }
    }

    fn column_at(&self, layout: &Layout, x: i64) -> i64 {
        layout.columns.column(x) + i64::try_from(self.margin).unwrap_or(0)
    }

    /// Writes a text of the plan at its place, if nothing stands there.
    fn note(&mut self, layout: &Layout, x: i64, y: i64, text: &str) {
        let text = clipped(text, self.canvas.cols());
        let half = i64::try_from(width(&text) / 2).unwrap_or(0);
        let (line, inside) = self.line_at(layout, y);
        if let Ok(col) = usize::try_from(self.column_at(layout, x) - half)
            && inside
        {
            self.canvas.try_write(line, col, &text, Style::Strong);
        }
    }

    /// Writes the names of blocks above them.
    fn name_sections(&mut self, scene: &Scene, layout: &Layout) {
        let mut extents: Vec<Option<Extent>> = vec![None; scene.sections.len()];
        for (spot, (line, col)) in scene.spots.iter().zip(&layout.at) {
            let col = col + self.margin;
            let extent =
                extents[spot.section].get_or_insert(Extent { top: *line, left: col, right: col });
            extent.top = extent.top.min(*line);
            extent.left = extent.left.min(col);
            extent.right = extent.right.max(col);
        }
        for (name, extent) in scene.sections.iter().zip(extents) {
            if let Some(extent) = extent.filter(|_| !name.is_empty()) {
                self.name_section(name, extent);
            }
        }
    }

    fn name_section(&mut self, name: &str, extent: Extent) {
        let columns = self.canvas.cols();
        let most = (extent.right - extent.left + 1).max(12).min(columns);
        let text = clipped(name, most);
        let wide = width(&text);
        let middle = (extent.left + extent.right).div_ceil(2);
        let col = middle.saturating_sub(wide / 2).min(columns - wide);
        let top = self.lines[extent.top];
        if let Some(above) = top.checked_sub(1)
            && self.canvas.try_write(above, col, &text, Style::Strong)
        {
            return;
        }
        // A line that was put in for a neighbour may have less room than the name wants.
        let put_in = top.checked_sub(1).filter(|above| !self.lines.contains(above));
        if let Some(above) = put_in {
            let free = (0..columns).filter(|col| self.canvas.has_room(above, *col, 4));
            if let Some(col) = free.min_by_key(|start| start.abs_diff(col)) {
                let room =
                    (4..=wide).take_while(|wide| self.canvas.has_room(above, col, *wide)).last();
                let text = clipped(name, room.unwrap_or(4));
                if self.canvas.try_write(above, col, &text, Style::Strong) {
                    return;
                }
            }
        }
        self.insert(top);
        self.canvas.write(top, col, &text, Style::Strong);
    }

    /// Marks the point where the seats look: a frame between them, or a bar before the first row.
    fn focal(&mut self, layout: &Layout, (x, y): (i64, i64)) {
        let (line, inside) = self.line_at(layout, y);
        let last = i64::try_from(self.canvas.cols()).unwrap_or(0) - 1;
        let col = self.column_at(layout, x);
        let left = i64::try_from(self.margin).unwrap_or(0);
        if inside && (left..=last).contains(&col) && !layout.stacked {
            let col = usize::try_from(col).unwrap_or(0);
            if !self.canvas.is_blank(line, col) {
                return;
            }
            match self.void(line, col) {
                Some(void) if void.fits() => self.frame(void),
                Some(_) | None => {
                    self.canvas.try_write(line, col, "+", Style::Faint);
                }
            }
        } else {
            let text = match (inside, col < left) {
                (true, true) => format!("◀ {FRONT}"),
                (true, false) if col > last => format!("{FRONT} ▶"),
                (true | false, _) => FRONT.to_owned(),
            };
            let below = !inside && line > 0;
            self.bar(&text, col.clamp(left, last), below);
        }
    }

    /// A bar with a name, before the first line or after the last.
    fn bar(&mut self, text: &str, middle: i64, below: bool) {
        let columns = self.canvas.cols();
        let bar = (columns.saturating_sub(self.margin) * 3 / 5).max(width(text) + 4);
        let bar = bar.min(columns);
        let text = clipped(text, bar.saturating_sub(4));
        let dashes = bar.saturating_sub(width(&text) + 2);
        let whole =
            format!("{} {text} {}", "─".repeat(dashes / 2), "─".repeat(dashes - dashes / 2));
        let col = usize::try_from(middle).unwrap_or(0).saturating_sub(bar / 2).min(columns - bar);
        let at = if below { self.canvas.lines() } else { 0 };
        for line in 0..2 {
            self.insert(at + if below { line } else { 0 });
        }
        self.canvas.write(if below { at + 1 } else { 0 }, col, &whole, Style::Faint);
    }

    /// The blank rectangle around a blank cell, a blank wide all around.
    fn void(&self, line: usize, col: usize) -> Option<Void> {
        let blank = |line: usize, col: usize| self.canvas.is_blank(line, col);
        let end = self.canvas.cols();
        let mut left = (self.margin..=col).rev().take_while(|col| blank(line, *col)).last()?;
        let mut right = (col..end).take_while(|col| blank(line, *col)).last()?;
        left += usize::from(left > self.margin);
        right -= usize::from(right + 1 < end);
        let clear = |line: &usize| (left..=right).all(|col| blank(*line, col));
        let top = (0..=line).rev().take_while(clear).last()?;
        let bottom = (line..self.canvas.lines()).take_while(clear).last()?;
        Some(Void { top: top + 1, bottom: bottom.checked_sub(1)?, left, right })
    }

    fn frame(&mut self, void: Void) {
        let inner = void.right - void.left - 1;
        let line =
            |ends: (char, char), fill: &str| format!("{}{}{}", ends.0, fill.repeat(inner), ends.1);
        self.canvas.write(void.top, void.left, &line(('┌', '┐'), "─"), Style::Faint);
        self.canvas.write(void.bottom, void.left, &line(('└', '┘'), "─"), Style::Faint);
        for middle in void.top + 1..void.bottom {
            for col in [void.left, void.right] {
                self.canvas.write(middle, col, "│", Style::Faint);
            }
        }
        let col = void.left + 1 + (inner - width(MIDDLE)) / 2;
        self.canvas.write(usize::midpoint(void.top, void.bottom), col, MIDDLE, Style::Strong);
    }
}

/// A blank rectangle, its borders in it.
#[derive(Clone, Copy)]
struct Void {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
}

impl Void {
    /// True if a frame with its name has room.
    fn fits(&self) -> bool {
        self.bottom >= self.top + 2 && self.right >= self.left + MIDDLE.len() + 3
    }
}
