//! Calendar files, looked at before anything is imported. No VENUE file takes part.

use std::path::Path;

use crate::domain::calendar::{CalendarPreview, CalendarPreviewed};
use crate::domain::error::Error;
use crate::import::{MAX_CALENDAR_BYTES, parse_calendar};

use super::Engine;
use super::imports::read;

impl Engine {
    /// Says which dates a calendar file (`.ics`) comes to, and which of its series would be left out and why. Reads
    /// that file alone.
    ///
    /// # Errors
    /// Invalid `argument`, `import_invalid` with file and line.
    pub fn preview_calendar(request: &CalendarPreview) -> Result<CalendarPreviewed, Error> {
        request.validate()?;
        let bytes = read(Path::new(&request.calendar), MAX_CALENDAR_BYTES)?;
        let calendar = parse_calendar(&request.calendar, &bytes, &request.zone)?;
        let (dates, more) = request.dates(&calendar.series)?;
        let (skipped, warnings) = (calendar.skipped, calendar.warnings);
        Ok(CalendarPreviewed { dates, skipped, warnings, more })
    }
}
