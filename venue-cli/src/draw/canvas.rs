//! A grid of characters that grows downwards, on which nothing is written over anything.

use super::ink::{Ink, Style};
use super::text;

/// One place of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// Nothing.
    Blank,
    /// A seat.
    Seat(Ink),
    /// Part of a text or frame.
    Mark(Ink),
    /// The right half of the character before.
    Behind,
}

/// Lines of cells.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    cols: usize,
    lines: Vec<Vec<Cell>>,
}

impl Canvas {
    /// An empty grid.
    pub(super) fn new(cols: usize, lines: usize) -> Self {
        Self { cols, lines: vec![vec![Cell::Blank; cols]; lines] }
    }

    /// How wide it is.
    pub(super) fn cols(&self) -> usize {
        self.cols
    }

    /// How high it is.
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// How many seats stand on it.
    #[cfg(test)]
    pub(super) fn seats(&self) -> usize {
        self.lines.iter().flatten().filter(|cell| matches!(cell, Cell::Seat(_))).count()
    }

    /// True if nothing stands there. Beside the grid nothing stands.
    pub(super) fn is_blank(&self, line: usize, col: usize) -> bool {
        let cell = self.lines.get(line).and_then(|cells| cells.get(col));
        cell.is_none_or(|cell| *cell == Cell::Blank)
    }

    /// Puts a seat on a blank cell; no seat may hide another.
    pub(super) fn seat(&mut self, line: usize, col: usize, ink: Ink) {
        assert!(self.is_blank(line, col), "two seats in one cell: line {line}, column {col}");
        self.lines[line][col] = Cell::Seat(ink);
    }

    /// True if a text of so many columns has room there, with a blank before and behind it.
    pub(super) fn has_room(&self, line: usize, col: usize, width: usize) -> bool {
        line < self.lines.len()
            && col + width <= self.cols
            && (col.saturating_sub(1)..=col + width).all(|col| self.is_blank(line, col))
    }

    /// Writes a text; it must have room.
    pub(super) fn write(&mut self, line: usize, col: usize, text: &str, style: Style) {
        let mut col = col;
        for glyph in text.chars() {
            let columns = text::columns(glyph);
            if columns == 0 || col + columns > self.cols {
                continue;
            }
            self.lines[line][col] = Cell::Mark(Ink { glyph, style });
            if columns == 2 {
                self.lines[line][col + 1] = Cell::Behind;
            }
            col += columns;
        }
    }

    /// Writes a text if it has room.
    pub(super) fn try_write(&mut self, line: usize, col: usize, text: &str, style: Style) -> bool {
        let fits = self.has_room(line, col, text::width(text));
        if fits {
            self.write(line, col, text, style);
        }
        fits
    }

    /// Puts a blank line before this one.
    pub(super) fn insert_line(&mut self, at: usize) {
        self.lines.insert(at.min(self.lines.len()), vec![Cell::Blank; self.cols]);
    }

    /// The lines as text, without blanks at their ends.
    pub(super) fn render(&self, color: bool) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let end = line.iter().rposition(|cell| *cell != Cell::Blank).map_or(0, |last| last + 1);
            render_line(&line[..end], color, &mut out);
            out.push('\n');
        }
        out
    }
}

/// Adds a line's cells, with one escape sequence for each stretch of one style.
fn render_line(cells: &[Cell], color: bool, out: &mut String) {
    let mut open = Style::Plain;
    for cell in cells {
        let ink = match cell {
            Cell::Blank => Ink { glyph: ' ', style: Style::Plain },
            Cell::Seat(ink) | Cell::Mark(ink) => *ink,
            Cell::Behind => continue,
        };
        if color && ink.style != open {
            if open != Style::Plain {
                out.push_str("\u{1b}[0m");
            }
            if let Some(code) = ink.style.code() {
                out.push_str("\u{1b}[");
                out.push_str(&code);
                out.push('m');
            }
            open = ink.style;
        }
        out.push(ink.glyph);
    }
    if color && open != Style::Plain {
        out.push_str("\u{1b}[0m");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_one_style_are_painted_once() {
        let mut canvas = Canvas::new(6, 1);
        for col in 1..4 {
            canvas.seat(0, col, Ink { glyph: '#', style: Style::Sold });
        }
        assert_eq!(canvas.render(false), " ###\n");
        assert_eq!(canvas.render(true), " \u{1b}[90m###\u{1b}[0m\n");
        assert_eq!(canvas.seats(), 3);
    }

    #[test]
    fn texts_need_room_around_them() {
        let mut canvas = Canvas::new(10, 2);
        canvas.seat(0, 5, Ink { glyph: 'o', style: Style::Plain });
        assert!(!canvas.try_write(0, 2, "abc", Style::Plain));
        assert!(canvas.try_write(0, 1, "abc", Style::Plain));
        assert!(
            !canvas.try_write(1, 8, "abc", Style::Plain)
                && !canvas.try_write(2, 0, "a", Style::Plain)
        );
        assert!(canvas.try_write(1, 0, "座a", Style::Plain));
        assert_eq!(canvas.render(false), " abc o\n座a\n");
        canvas.insert_line(1);
        assert_eq!((canvas.lines(), canvas.cols()), (3, 10));
    }
}
