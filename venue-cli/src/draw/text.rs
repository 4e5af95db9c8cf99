//! Texts of others in a drawing: nothing in them moves the cursor, turns the writing around or takes a colour.

/// True if a character does something to the line instead of standing in it.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text with every control and bidi character as its escape, `\u{202e}`.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if acts(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// How many columns a character takes.
pub(super) fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => {
            0
        }
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// The escaped text, cut to so many columns; what was cut shows as an ellipsis.
pub(super) fn clipped(text: &str, most: usize) -> String {
    let text = escaped(text);
    if width(&text) <= most {
        return text;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += columns(c);
        if used > most {
            break;
        }
        out.push(c);
    }
    if most > 0 {
        out.push('…');
    }
    out
}

/// The text with blanks behind it, up to so many columns.
pub(super) fn padded(text: &str, to: usize) -> String {
    let blanks = to.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped() {
        assert_eq!(escaped("Block Ä 座"), "Block Ä 座");
        assert_eq!(escaped("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(escaped("x\u{202e}y\u{2066}\n\u{7f}"), "x\\u{202e}y\\u{2066}\\u{a}\\u{7f}");
    }

    #[test]
    fn columns_are_what_a_terminal_shows() {
        assert_eq!(width("Block D"), 7);
        assert_eq!(width("座席"), 4);
        assert_eq!(clipped("Block D", 7), "Block D");
        assert_eq!(clipped("Block D", 6), "Block…");
        assert_eq!(clipped("座席表", 4), "座…");
        assert_eq!(clipped("ab", 0), "");
        assert_eq!(padded("座", 4), "座  ");
    }
}
