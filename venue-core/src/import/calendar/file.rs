//! A calendar file as a tree: calendars, and the entries in them.

use crate::domain::import_error::{ImportError, ImportWarning};

use super::content_line::{ContentLine, unfold};

/// The largest calendar file.
pub const MAX_CALENDAR_BYTES: usize = 16 * 1024 * 1024;
/// The most entries (VEVENT) of a file.
pub const MAX_ENTRIES: usize = 10_000;
/// How deep components may lie in each other.
const MAX_DEPTH: usize = 16;
/// The most warnings that one file gives.
const MAX_WARNINGS: usize = 100;

/// An entry of a calendar: a VEVENT as it stands there.
#[derive(Debug, Clone)]
pub(super) struct RawEntry {
    /// The line of its BEGIN.
    pub(super) line: u32,
    /// Its lines, those of alarms and the like left out.
    pub(super) lines: Vec<ContentLine>,
    /// The calendar of the file in which it stands, from 0.
    pub(super) calendar: usize,
}

impl RawEntry {
    /// Its first line of a name.
    pub(super) fn find(&self, name: &str) -> Option<&ContentLine> {
        self.lines.iter().find(|line| line.name == name)
    }

    /// All its lines of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a ContentLine> {
        self.lines.iter().filter(move |line| line.name == name)
    }
}

/// A calendar file's entries, and what its calendars say for all of theirs.
#[derive(Debug, Default)]
pub(super) struct RawFile {
    /// In the order of the file.
    pub(super) entries: Vec<RawEntry>,
    /// X-WR-TIMEZONE of each calendar, with its line.
    pub(super) zones: Vec<Option<ContentLine>>,
    /// Lines that were ignored.
    pub(super) warnings: Vec<ImportWarning>,
}

/// Reads the tree.
///
/// # Errors
/// The line at which the file is not a calendar: not UTF-8, components that do not end, too many of them.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<RawFile, ImportError> {
    let error = |line, message: String| ImportError { file: file.into(), line, key: None, message };
    if bytes.len() > MAX_CALENDAR_BYTES {
        let most = MAX_CALENDAR_BYTES / (1024 * 1024);
        return Err(error(None, format!("the file is larger than {most} MiB")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = Reader::default();
    for (line, bytes) in unfold(bytes) {
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(error(Some(line), "the file is not UTF-8".into()));
        };
        let Some(content) = ContentLine::read(line, text) else {
            if reader.open.is_empty() {
                return Err(error(Some(line), "not a calendar: BEGIN:VCALENDAR is needed".into()));
            }
            if reader.found.warnings.len() < MAX_WARNINGS {
                let message = "not NAME:VALUE, ignored".to_owned();
                let file = file.to_owned();
                let warning = ImportWarning { file, line: Some(line), key: None, message };
                reader.found.warnings.push(warning);
            }
            continue;
        };
        reader.take(content).map_err(|message| error(Some(line), message))?;
    }
    match reader.open.last() {
        Some(name) => Err(error(None, format!("END:{name} is missing: the file is cut off"))),
        None if reader.found.zones.is_empty() => {
            Err(error(None, "not a calendar: BEGIN:VCALENDAR is needed".into()))
        }
        None => Ok(reader.found),
    }
}

/// What was read so far, and which components are open.
#[derive(Debug, Default)]
struct Reader {
    found: RawFile,
    open: Vec<String>,
}

impl Reader {
    fn take(&mut self, line: ContentLine) -> Result<(), String> {
        match (line.name.as_str(), &self.open[..]) {
            ("BEGIN", _) => self.begin(&line),
            ("END", _) => self.end(&line),
            (_, []) => Err("not a calendar: BEGIN:VCALENDAR is needed".to_owned()),
            (name, [_]) => {
                let zone = self.found.zones.last_mut().filter(|zone| zone.is_none());
                if let (Some(zone), "X-WR-TIMEZONE") = (zone, name) {
                    *zone = Some(line);
                }
                Ok(())
            }
            (_, [_, component]) if component == "VEVENT" => {
                if let Some(entry) = self.found.entries.last_mut() {
                    entry.lines.push(line);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: &ContentLine) -> Result<(), String> {
        let name = line.value.trim().to_ascii_uppercase();
        match (self.open.len(), name.as_str()) {
            (0, "VCALENDAR") => self.found.zones.push(None),
            (0, _) => return Err("not a calendar: BEGIN:VCALENDAR is needed".to_owned()),
            (1, "VEVENT") => {
                if self.found.entries.len() >= MAX_ENTRIES {
                    return Err(format!("more than {MAX_ENTRIES} entries: split the file"));
                }
                let calendar = self.found.zones.len().saturating_sub(1);
                self.found.entries.push(RawEntry { line: line.line, lines: vec![], calendar });
            }
            (MAX_DEPTH.., _) => {
                return Err(format!("components lie more than {MAX_DEPTH} deep in each other"));
            }
            _ => {}
        }
        self.open.push(name);
        Ok(())
    }

    fn end(&mut self, line: &ContentLine) -> Result<(), String> {
        let name = line.value.trim().to_ascii_uppercase();
        match self.open.pop() {
            Some(open) if open == name => Ok(()),
            Some(open) => Err(format!("END:{open} is needed here")),
            None => Err("not a calendar: BEGIN:VCALENDAR is needed".to_owned()),
        }
    }
}
