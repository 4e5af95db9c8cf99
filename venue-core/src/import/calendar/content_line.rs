//! The lines of a calendar file: folded lines are joined, and each is split into name, parameters and value.
//!
//! Not by the `icalendar` crate, which was tried: it keeps no line numbers, which every report here carries; it recurses
//! into nested components without a bound; a double backslash before an `n` becomes a line end; and what follows a
//! broken line is dropped without a word. The tests hold this reader against it where it is right.

/// A line with its value, as RFC 5545 calls it a content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContentLine {
    /// The line of the file on which it begins, from 1.
    pub(super) line: u32,
    /// Its name in capitals.
    pub(super) name: String,
    /// Its parameters: names in capitals, values without quotes.
    pub(super) params: Vec<(String, String)>,
    /// What stands behind the colon, with its escapes.
    pub(super) value: String,
}

impl ContentLine {
    /// A parameter's value.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value as a text: escapes undone.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut letters = self.value.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(other) => text.push(other),
                    None => text.push('\\'),
                },
                other => text.push(other),
            }
        }
        text
    }

    /// Reads a joined line; none if it is not NAME[;PARAM=VALUE]..:VALUE.
    pub(super) fn read(line: u32, text: &str) -> Option<Self> {
        let (name, mut rest) = name(text)?;
        let mut params = Vec::new();
        while let Some(after) = rest.strip_prefix(';') {
            let (param, after) = self::name(after)?;
            let (value, after) = param_value(after.strip_prefix('=')?)?;
            params.push((param, value));
            rest = after;
        }
        let value = rest.strip_prefix(':')?.to_owned();
        Some(Self { line, name, params, value })
    }
}

/// A name, in capitals, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    (!name.is_empty()).then(|| (name.to_ascii_uppercase(), rest))
}

/// A parameter's value, its parts joined by commas and freed of their quotes, and what follows it.
fn param_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (inner, after) = quoted.split_once('"')?;
            value.push_str(inner);
            rest = after;
        } else {
            let end = rest.find([';', ':', ',', '"']).unwrap_or(rest.len());
            value.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        match rest.strip_prefix(',') {
            Some(after) => {
                value.push(',');
                rest = after;
            }
            None => return Some((value, rest)),
        }
    }
}

/// Joins folded lines: each line that begins with a space or a tab goes on with the one before it. Gives the joined
/// lines, each with the number of its first; empty ones are left out.
///
/// It works on bytes, because a fold may stand within a letter.
pub(super) fn unfold(bytes: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let mut joined: Vec<(u32, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, joined.last_mut()) {
            ([], _) => {}
            ([b' ' | b'\t', rest @ ..], Some((_, before))) => before.extend_from_slice(rest),
            (line, _) => joined.push((number, line.to_vec())),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<ContentLine> {
        ContentLine::read(1, text)
    }

    #[test]
    fn a_line_is_a_name_parameters_and_a_value() {
        let line = read("dtstart;TZID=\"Europe/Berlin\";x-a=b,\"c;d:e\":20270904T193000").unwrap();
        assert_eq!(line.name, "DTSTART");
        assert_eq!(line.param("TZID"), Some("Europe/Berlin"));
        assert_eq!(line.param("X-A"), Some("b,c;d:e"));
        assert_eq!(line.param("VALUE"), None);
        assert_eq!(line.value, "20270904T193000");
        assert_eq!(read("SUMMARY:a:b;c").unwrap().value, "a:b;c");
        assert_eq!(read("SUMMARY:").unwrap().value, "");
        assert_eq!(read("X;A=:v").unwrap().param("A"), Some(""));
    }

    #[test]
    fn what_is_no_line_is_none() {
        for wrong in
            ["", ":v", "NAME", "NAME VALUE", "NAME;:v", "NAME;A:v", "NAME;A=\"v:w", "ÄÖ:v", "N;A=b"]
        {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn escapes_are_undone_once_from_the_left() {
        for (value, text) in [
            (r"a\, b\; c\\d", r"a, b; c\d"),
            (r"one\ntwo\Nthree", "one\ntwo\nthree"),
            (r"C:\\new", r"C:\new"),
            (r"\\\\n", r"\\n"),
            (r"end\", r"end\"),
            (r"\x\:", "x:"),
        ] {
            assert_eq!(read(&format!("SUMMARY:{value}")).unwrap().text(), text, "{value}");
        }
    }

    #[test]
    fn folded_lines_are_joined_and_keep_their_first_number() {
        let file = "BEGIN:A\r\nSUMMARY:gr\r\n \u{20}oss\r\n\tes\r\n\r\nEND:A\n X\n".as_bytes();
        let joined: Vec<(u32, String)> = unfold(file)
            .into_iter()
            .map(|(line, bytes)| (line, String::from_utf8(bytes).unwrap()))
            .collect();
        let expected = [(1, "BEGIN:A"), (2, "SUMMARY:gr osses"), (6, "END:AX")];
        assert_eq!(joined, expected.map(|(line, text)| (line, text.to_owned())));
        // A fold within the two bytes of a letter.
        let mut split = b"SUMMARY:B\xc3\r\n \xbchne".to_vec();
        assert_eq!(unfold(&split)[0].1, "SUMMARY:Bühne".as_bytes());
        split.insert(0, b' ');
        assert_eq!(unfold(&split)[0].0, 1, "a fold with nothing before it is a line");
    }
}
