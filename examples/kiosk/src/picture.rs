//! What a kiosk looks like in a window of some size: lines of text, each in parts of one tone.

use venue_core::Instant;
use venue_core::domain::inventory::UnitState;

use crate::kiosk::{Kiosk, Stage, tickets};

/// The least window: columns and lines.
pub const LEAST: (usize, usize) = (24, 8);
/// Columns of a seat.
const SEAT: usize = 3;
/// Lines above and below the hall.
const AROUND: usize = 6;

/// How a part of a line is shown, where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A seat that can be had.
    Free,
    /// One that cannot.
    Taken,
    /// One that was chosen, or is held here.
    Own,
    /// What matters now.
    Strong,
}

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// More than ASCII.
    pub unicode: bool,
    /// Colours.
    pub colour: bool,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Its tone.
    pub tone: Tone,
}

/// A line.
pub type Line = Vec<Part>;

/// The kiosk in a window of so many columns and lines.
pub fn picture(kiosk: &Kiosk, now: Instant, window: (usize, usize), style: Style) -> Vec<Line> {
    let (columns, lines) = window;
    if columns < LEAST.0 || lines < LEAST.1 {
        let words = format!("too small: {}x{} is needed", LEAST.0, LEAST.1);
        return vec![line(&words, Tone::Plain, columns, style)];
    }
    let mut shown = vec![line(&head(kiosk), Tone::Strong, columns, style)];
    if let Stage::Sold(booking) = &kiosk.stage {
        let text = tickets(booking, &kiosk.map);
        let room = lines - 3;
        shown.extend(text.iter().take(room).map(|text| line(text, Tone::Plain, columns, style)));
        shown.push(Line::new());
    } else {
        shown.push(line(&middle("stage", columns, style), Tone::Plain, columns, style));
        shown.extend(hall(kiosk, columns, lines - AROUND, style));
        shown.push(line(&seat(kiosk), Tone::Plain, columns, style));
        shown.push(line(&basket(kiosk), Tone::Own, columns, style));
    }
    let said = match kiosk.countdown(now) {
        Some(left) => format!("{} left; {}", left, kiosk.message),
        None => kiosk.message.clone(),
    };
    shown.push(line(&said, Tone::Strong, columns, style));
    shown.push(line(keys(&kiosk.stage), Tone::Plain, columns, style));
    shown.truncate(lines);
    shown
}

fn keys(stage: &Stage) -> &'static str {
    match stage {
        Stage::Choosing => "arrows go, space chooses, enter holds, q leaves",
        Stage::Held(_) => "enter sells, esc gives back, q leaves",
        Stage::Sold(_) => "enter goes on, q leaves",
    }
}

fn head(kiosk: &Kiosk) -> String {
    let slot = &kiosk.map.slot;
    let local = slot.local.get(..16).unwrap_or(&slot.local).replace('T', " ");
    format!("{}  {local}  {} of {} free", slot.event, slot.free, slot.capacity)
}

/// The seat under the cursor.
fn seat(kiosk: &Kiosk) -> String {
    let Some(seat) = kiosk.seat() else { return "this hall has no seats".to_owned() };
    let prices = &kiosk.map.slot.categories;
    let price = prices.iter().find(|of| of.category == seat.category).and_then(|of| of.price);
    let price = price.map_or_else(String::new, |price| format!(", {price}"));
    let state = match seat.state {
        UnitState::Free => "free",
        UnitState::Held => "held",
        UnitState::Sold => "sold",
        UnitState::House | UnitState::Killed => "not for sale",
    };
    let accessible = if seat.accessible { ", accessible" } else { "" };
    format!("{}: {}{price}{accessible}, {state}", seat.label, seat.category)
}

/// What was chosen, or is held.
fn basket(kiosk: &Kiosk) -> String {
    if let Stage::Held(hold) = &kiosk.stage {
        let labels: Vec<&str> =
            hold.units.iter().filter_map(|unit| unit.label.as_deref()).collect();
        return format!("{}: {} for {}", hold.reference, labels.join(" "), hold.total);
    }
    let labels = kiosk.chosen.iter().filter_map(|seat| kiosk.map.seats.get(*seat));
    let labels: Vec<&str> = labels.map(|seat| &*seat.label).collect();
    if labels.is_empty() {
        "nothing chosen".to_owned()
    } else {
        format!("chosen: {}", labels.join(" "))
    }
}

/// The part of the hall around the cursor.
fn hall(kiosk: &Kiosk, columns: usize, lines: usize, style: Style) -> Vec<Line> {
    let wide = columns / SEAT;
    let (column, row) = kiosk.hall.cells.get(kiosk.at).copied().unwrap_or_default();
    let (left, top) =
        (corner(column, wide, kiosk, |cell| cell.0), corner(row, lines, kiosk, |cell| cell.1));
    let mut grid: Vec<Vec<Option<usize>>> = vec![vec![None; wide]; lines];
    for (seat, (column, row)) in kiosk.hall.cells.iter().enumerate() {
        let place = column.checked_sub(left).zip(row.checked_sub(top));
        if let Some((column, row)) = place
            && let Some(cell) = grid.get_mut(row).and_then(|row| row.get_mut(column))
        {
            *cell = Some(seat);
        }
    }
    let draw = |cell: Option<usize>| match cell {
        None => Part { text: " ".repeat(SEAT), tone: Tone::Plain },
        Some(seat) => glyph(kiosk, seat, style),
    };
    grid.into_iter().map(|row| row.into_iter().map(draw).collect()).collect()
}

/// The first column or line that is shown, of a hall that may be larger than the window.
fn corner(at: usize, room: usize, kiosk: &Kiosk, of: fn(&(usize, usize)) -> usize) -> usize {
    let all = kiosk.hall.cells.iter().map(of).max().map_or(0, |last| last + 1);
    at.saturating_sub(room / 2).min(all.saturating_sub(room))
}

fn glyph(kiosk: &Kiosk, seat: usize, style: Style) -> Part {
    let state = kiosk.map.seats.get(seat).map_or(UnitState::Killed, |seat| seat.state);
    // Until the sale is over, what is held is what was chosen.
    let own = kiosk.chosen.contains(&seat);
    let (sign, tone) = match (own, state) {
        (true, _) => (if style.unicode { '●' } else { '*' }, Tone::Own),
        (false, UnitState::Free) => (if style.unicode { '○' } else { 'o' }, Tone::Free),
        (false, UnitState::Held) => ('h', Tone::Taken),
        (false, UnitState::Sold) => (if style.unicode { '×' } else { 'x' }, Tone::Taken),
        (false, UnitState::House | UnitState::Killed) => ('-', Tone::Taken),
    };
    let text = if seat == kiosk.at { format!("[{sign}]") } else { format!(" {sign} ") };
    Part { text, tone }
}

fn middle(word: &str, columns: usize, style: Style) -> String {
    let dash = if style.unicode { "─" } else { "-" };
    let side = dash.repeat(columns.saturating_sub(word.len() + 2) / 2);
    format!("{side} {word} {side}")
}

/// A text as one line: no longer than the window, with nothing that moves the cursor or that cannot be shown.
fn line(text: &str, tone: Tone, columns: usize, style: Style) -> Line {
    let plain = |letter: char| match letter {
        control if control.is_control() => '?',
        other if !style.unicode && !other.is_ascii() => '?',
        letter => letter,
    };
    vec![Part { text: text.chars().take(columns).map(plain).collect(), tone }]
}
