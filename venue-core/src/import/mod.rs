//! Files that people write, read into typed input: seating plans, seasons and calendars. Reads no file itself.

pub mod calendar;
mod json;
mod milli;
pub mod plan_file;
mod season_event;
pub mod season_file;
mod season_hall;
mod toml_node;

pub use crate::domain::import_error::{ImportError, ImportWarning};
pub use calendar::{Calendar, MAX_CALENDAR_BYTES, parse_calendar};
pub use plan_file::{MAX_PLAN_BYTES, parse_plan};
pub(crate) use season_file::Lines;
pub use season_file::{MAX_SEASON_BYTES, PlanFile, Season, parse_season};

/// The text of a file of at most so many bytes: UTF-8, a mark at its beginning left out.
fn text<'a>(file: &str, bytes: &'a [u8], most: usize) -> Result<&'a str, ImportError> {
    let error = |line, message: String| ImportError { file: file.into(), line, key: None, message };
    if bytes.len() > most {
        let most = most / (1024 * 1024);
        return Err(error(None, format!("the file is larger than {most} MiB")));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(wrong) => {
            let line = line_at(bytes, wrong.valid_up_to());
            Err(error(Some(line), "the file is not UTF-8".into()))
        }
    }
}

/// The line of a byte, from 1.
fn line_at(bytes: &[u8], offset: usize) -> u32 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let ends = before.split(|byte| *byte == b'\n').count() - 1;
    u32::try_from(ends).unwrap_or(u32::MAX - 1) + 1
}

#[cfg(test)]
#[path = "shipped_tests.rs"]
mod shipped_tests;
