//! Halls too large to show every seat: each cell shows how much of the seats in it is free.

use super::canvas::Canvas;
use super::ink::{Ink, Style};
use super::scene::Scene;

/// A drawing is never higher than so many lines.
const HIGHEST: i64 = 60;

/// Draws shares: `#` nothing free, `1` to `9` tenths, `o` everything.
pub(super) fn draw(scene: &Scene, width: usize) -> Canvas {
    let cols = i64::try_from(width.max(2)).unwrap_or(100);
    let extent = |of: fn(&super::scene::Spot) -> i64| {
        let least = scene.spots.iter().map(of).min().unwrap_or(0);
        let most = scene.spots.iter().map(of).max().unwrap_or(0);
        (least, most - least + 1)
    };
    let (left, wide) = extent(|spot| spot.x);
    let (top, high) = extent(|spot| spot.y);
    // A cell is twice as high as it is wide; the hall keeps its shape.
    let cell = (wide / cols + 1).max(high / HIGHEST / 2 + 1);
    let place = |at: i64, by: i64| usize::try_from(at / by).unwrap_or(0);
    let (columns, lines) = (place(wide - 1, cell) + 1, place(high - 1, cell * 2) + 1);
    let mut shares = vec![(0_u64, 0_u64); columns * lines];
    for spot in &scene.spots {
        let at = place(spot.y - top, cell * 2) * columns + place(spot.x - left, cell);
        shares[at].0 += u64::from(spot.free);
        shares[at].1 += 1;
    }
    let mut canvas = Canvas::new(columns, lines);
    for (at, (free, all)) in shares.into_iter().enumerate().filter(|(_, (_, all))| *all > 0) {
        canvas.seat(at / columns, at % columns, ink(free, all));
    }
    canvas
}

/// How a cell with so many free of so many seats is drawn. Nothing and everything are said of that alone.
fn ink(free: u64, all: u64) -> Ink {
    if free == 0 {
        return Ink { glyph: '#', style: Style::Sold };
    }
    if free == all {
        return Ink { glyph: 'o', style: Style::Category(0) };
    }
    let tenths = ((free * 10 + all / 2) / all).clamp(1, 9);
    let style = if tenths <= 3 { Style::Category(2) } else { Style::Category(0) };
    Ink { glyph: char::from_digit(u32::try_from(tenths).unwrap_or(9), 10).unwrap_or('9'), style }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nothing_and_everything_are_said_so() {
        for (free, all, glyph) in
            [(0, 9, '#'), (1, 100, '1'), (5, 10, '5'), (99, 100, '9'), (7, 7, 'o')]
        {
            assert_eq!(ink(free, all).glyph, glyph, "{free}/{all}");
        }
    }
}
