//! Writes calendars that calendar programs accept: lines of RFC 5545, folded and escaped.

use std::fmt::Write as _;

use crate::domain::instant::Instant;

/// The most bytes of a line without its end.
const MAX_LINE_BYTES: usize = 75;

/// What one entry of a calendar says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// By which programs know it again: a later copy with a higher `sequence` replaces it.
    pub uid: String,
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its name for people.
    pub summary: String,
    /// More about it; left out if empty.
    pub description: String,
    /// Where; left out if empty.
    pub location: String,
    /// Grows with each change.
    pub sequence: i64,
    /// Whether it takes place.
    pub status: Status,
}

/// Whether an entry takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Perhaps.
    Tentative,
    /// Yes.
    Confirmed,
    /// No longer.
    Cancelled,
}

/// A calendar that is being written.
///
/// Always true of its text: lines end in CR LF and have at most 75 bytes, no letter is split, and no text of an entry
/// can end its line or begin another.
#[derive(Debug, Clone)]
pub struct Sheet {
    text: String,
    stamp: String,
}

impl Sheet {
    /// Begins a calendar.
    ///
    /// # Takes
    /// `name`: for people. `at`: the instant as of which its entries are true.
    pub fn new(name: &str, at: Instant) -> Self {
        let mut sheet = Self { text: String::new(), stamp: basic(at) };
        sheet.line("BEGIN", "VCALENDAR");
        sheet.line("VERSION", "2.0");
        sheet.line("PRODID", "-//VENUE//booking engine//EN");
        sheet.line("CALSCALE", "GREGORIAN");
        sheet.line("METHOD", "PUBLISH");
        sheet.line("X-WR-CALNAME", &escaped(name));
        sheet
    }

    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry) {
        self.line("BEGIN", "VEVENT");
        self.line("UID", &escaped(&entry.uid));
        let stamp = self.stamp.clone();
        self.line("DTSTAMP", &stamp);
        self.line("DTSTART", &basic(entry.starts_at));
        self.line("DTEND", &basic(entry.ends_at));
        self.line("SEQUENCE", &entry.sequence.to_string());
        self.line("STATUS", entry.status.name());
        self.line("SUMMARY", &escaped(&entry.summary));
        for (name, text) in [("LOCATION", &entry.location), ("DESCRIPTION", &entry.description)] {
            if !text.is_empty() {
                self.line(name, &escaped(text));
            }
        }
        self.line("END", "VEVENT");
    }

    /// Ends the calendar and gives its text.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.text
    }

    /// Writes a line, folded: what goes on begins with a space.
    fn line(&mut self, name: &str, value: &str) {
        let mut used = 0;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if used + letter.len_utf8() > MAX_LINE_BYTES {
                self.text.push_str("\r\n ");
                used = 1;
            }
            self.text.push(letter);
            used += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Self::Tentative => "TENTATIVE",
            Self::Confirmed => "CONFIRMED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// A time in UTC, in whole seconds: `20270904T173000Z`.
fn basic(at: Instant) -> String {
    at.to_chrono().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as the value of a line: line ends become `\n`, other control characters go.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ';' | ',' => {
                let _ = write!(out, "\\{letter}");
            }
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(summary: &str) -> Entry {
        Entry {
            uid: "01890000-0000-7000-8000-000000000001".into(),
            starts_at: "2027-09-04T17:30:00Z".parse().unwrap(),
            ends_at: "2027-09-04T19:30:00.500Z".parse().unwrap(),
            summary: summary.into(),
            description: String::new(),
            location: "Großer Saal, Oper".into(),
            sequence: 3,
            status: Status::Confirmed,
        }
    }

    fn sheet(entry: &Entry) -> String {
        let mut sheet = Sheet::new("Spielplan", "2027-01-01T00:00:00Z".parse().unwrap());
        sheet.add(entry);
        sheet.finish()
    }

    #[test]
    fn a_calendar_reads_as_programs_expect_it() {
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//VENUE//booking engine//EN\r\n\
             CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Spielplan\r\nBEGIN:VEVENT\r\n\
             UID:01890000-0000-7000-8000-000000000001\r\nDTSTAMP:20270101T000000Z\r\n\
             DTSTART:20270904T173000Z\r\nDTEND:20270904T193000Z\r\nSEQUENCE:3\r\nSTATUS:CONFIRMED\r\n\
             SUMMARY:Ein Stück\r\nLOCATION:Großer Saal\\, Oper\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(sheet(&entry("Ein Stück")), expected);
        let empty = Sheet::new("Leer", Instant::EPOCH).finish();
        assert!(empty.ends_with("X-WR-CALNAME:Leer\r\nEND:VCALENDAR\r\n"));
        for (status, name) in [(Status::Tentative, "TENTATIVE"), (Status::Cancelled, "CANCELLED")] {
            let text = sheet(&Entry { status, ..entry("a") });
            assert!(text.contains(&format!("\r\nSTATUS:{name}\r\n")));
        }
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        for letter in ["a", "ü", "€", "🎭", "e\u{301}"] {
            for length in [0, 1, 30, 66, 67, 68, 140, 1_000] {
                let summary = letter.repeat(length);
                let text = sheet(&entry(&summary));
                assert!(text.split("\r\n").all(|line| line.len() <= 75), "{letter} {length}");
                assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
                assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")));
            }
        }
    }

    #[test]
    fn a_line_of_75_bytes_is_not_folded() {
        let line = |letters: usize| sheet(&entry(&"a".repeat(letters)));
        let full = format!("\r\nSUMMARY:{}\r\n", "a".repeat(67));
        assert!(line(67).contains(&full));
        assert!(line(68).contains(&full.replace("a\r\n", "a\r\n a\r\n")));
    }

    #[test]
    fn no_text_can_end_its_line() {
        let text = sheet(&entry("a\r\nb\nc\rd\\n;e,f\u{0}\u{7}\u{85}g\th:\"i\""));
        assert!(text.contains("\r\nSUMMARY:a\\nb\\nc\\nd\\\\n\\;e\\,fg\th:\"i\"\r\n"), "{text}");
        let attack = sheet(&entry("x\r\nEND:VEVENT\r\nBEGIN:VEVENT"));
        assert_eq!(attack.matches("\r\nBEGIN:VEVENT").count(), 1);
    }
}
