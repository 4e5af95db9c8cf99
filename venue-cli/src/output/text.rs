//! Texts that are safe to show on a terminal.

use std::fmt::Write;

use venue_core::domain::instant::Instant;

/// The text with control characters and those that turn the direction of writing written out.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || turns_direction(character) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The bidirectional controls of Unicode, and its separators of lines and paragraphs.
const fn turns_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// An instant for people: to the second, in UTC.
pub(crate) fn when(at: Instant) -> String {
    at.to_chrono().format("%Y-%m-%d %H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_fool_a_reader_is_written_out() {
        assert_eq!(printable("Müller · 座席"), "Müller · 座席");
        assert_eq!(printable("a\u{1b}[31mb\n\t"), "a\\u{1b}[31mb\\u{a}\\u{9}");
        assert_eq!(printable("\u{202e}evil\u{2069}\u{85}"), "\\u{202e}evil\\u{2069}\\u{85}");
    }

    #[test]
    fn instants_are_shown_to_the_second() {
        let at: Instant = "2027-09-04T19:30:00+02:00".parse().unwrap();
        assert_eq!(when(at), "2027-09-04 17:30:00Z");
    }
}
