//! What stands in a cell: one character, told apart without colour, and its colour.

use venue_core::domain::inventory::UnitState;

/// How a cell is coloured, where colours are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Style {
    /// As the terminal writes anyway.
    #[default]
    Plain,
    /// What only helps the eye: row labels, frames.
    Faint,
    /// Names.
    Strong,
    /// Of a category, by its place.
    Category(usize),
    /// In a live hold.
    Held,
    /// Sold.
    Sold,
    /// Kept for staff.
    House,
    /// Withdrawn.
    Killed,
}

/// Colours of categories: bright enough on dark ground, dark enough on bright ground.
const PALETTE: [&str; 10] = ["32", "36", "33", "35", "34", "92", "96", "93", "95", "94"];

impl Style {
    /// The parameters of its escape sequence; none for plain.
    pub(super) fn code(self) -> Option<String> {
        let code = match self {
            Self::Plain => return None,
            Self::Faint => "2",
            Self::Strong => "1",
            Self::Category(place) => return Some(format!("1;{}", PALETTE[place % PALETTE.len()])),
            Self::Held => "30;43",
            Self::Sold => "90",
            Self::House => "30;46",
            Self::Killed => "31",
        };
        Some(code.to_owned())
    }

    /// The text in this style, where colours are wanted.
    pub(super) fn paint(self, text: &str, color: bool) -> String {
        match self.code() {
            Some(code) if color => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Some(_) | None => text.to_owned(),
        }
    }
}

/// A character and its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ink {
    /// The character.
    pub(super) glyph: char,
    /// Its colour.
    pub(super) style: Style,
}

/// The states in the order of the legend.
pub(super) const STATES: [UnitState; 5] =
    [UnitState::Free, UnitState::Held, UnitState::Sold, UnitState::House, UnitState::Killed];

/// How a unit of this state and category is drawn.
pub(super) fn of_state(state: UnitState, accessible: bool, category: usize) -> Ink {
    let (glyph, style) = match (state, accessible) {
        (UnitState::Free, false) => ('o', Style::Category(category)),
        (UnitState::Free, true) => ('w', Style::Category(category)),
        (UnitState::Held, _) => ('h', Style::Held),
        (UnitState::Sold, false) => ('#', Style::Sold),
        (UnitState::Sold, true) => ('W', Style::Sold),
        (UnitState::House, _) => ('H', Style::House),
        (UnitState::Killed, _) => ('x', Style::Killed),
    };
    Ink { glyph, style }
}

/// How a seat of a plan is drawn: its category's letter, small where it is accessible.
pub(super) fn of_category(category: usize, accessible: bool) -> Ink {
    let letter = u8::try_from(category).ok().filter(|place| *place < 26).map(|place| b'A' + place);
    let glyph = match letter.map(char::from) {
        Some(letter) if accessible => letter.to_ascii_lowercase(),
        Some(letter) => letter,
        None if accessible => '+',
        None => '*',
    };
    Ink { glyph, style: Style::Category(category) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_differ_without_colour() {
        let mut glyphs: Vec<char> =
            STATES.iter().map(|state| of_state(*state, false, 0).glyph).collect();
        glyphs.extend(
            [of_state(UnitState::Free, true, 0), of_state(UnitState::Sold, true, 0)]
                .map(|ink| ink.glyph),
        );
        let count = glyphs.len();
        glyphs.sort_unstable();
        glyphs.dedup();
        assert_eq!(glyphs.len(), count);
    }

    #[test]
    fn categories_are_letters() {
        assert_eq!(of_category(0, false).glyph, 'A');
        assert_eq!(of_category(25, true).glyph, 'z');
        assert_eq!((of_category(26, false).glyph, of_category(999, true).glyph), ('*', '+'));
    }

    #[test]
    fn paint_closes_what_it_opens() {
        assert_eq!(Style::Sold.paint("#", true), "\u{1b}[90m#\u{1b}[0m");
        assert_eq!(Style::Sold.paint("#", false), "#");
        assert_eq!(Style::Plain.paint("#", true), "#");
    }
}
