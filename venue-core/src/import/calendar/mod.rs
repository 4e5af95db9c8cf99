//! Calendar files (`.ics`, RFC 5545): series by UID, and what was left out of them and why.
//!
//! Read `content_line.rs` for the lines, `file.rs` for the tree, `value.rs` for times, `gather.rs` for what the
//! entries of one UID come to.

mod content_line;
mod file;
mod gather;
mod value;

use crate::domain::calendar::{Series, Skipped};
use crate::domain::import_error::{ImportError, ImportWarning};
use crate::domain::zone::Zone;

pub use file::{MAX_CALENDAR_BYTES, MAX_ENTRIES};

/// A calendar file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// What takes place, in the order in which the file first names each UID.
    pub series: Vec<Series>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// What was ignored.
    pub warnings: Vec<ImportWarning>,
}

/// Reads a calendar file.
///
/// # Takes
/// `file`: its name for errors. `bytes`: at most [`MAX_CALENDAR_BYTES`] and [`MAX_ENTRIES`] entries. `zone`: where times
/// without a zone take place, unless the calendar has an `X-WR-TIMEZONE`.
///
/// # Errors
/// The line at which the file is not a calendar. What is wrong within an entry leaves out its UID alone, in
/// [`Calendar::skipped`].
///
/// # Source
/// RFC 5545. Zones are the IANA database's, whatever a VTIMEZONE of the file says.
pub fn parse_calendar(file: &str, bytes: &[u8], zone: &Zone) -> Result<Calendar, ImportError> {
    let raw = file::read(file, bytes)?;
    let (series, skipped) = gather::gather(&raw, zone);
    Ok(Calendar { series, skipped, warnings: raw.warnings })
}

#[cfg(test)]
mod tests;
