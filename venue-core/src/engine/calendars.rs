//! Calendar files, looked at before anything is imported. No VENUE file takes part.

use crate::domain::calendar::{CalendarPreview, CalendarPreviewed};
use crate::domain::error::Error;

/// Says which dates a calendar file (`.ics`) comes to, and which of its series would be left out and why. Reads that
/// file alone.
///
/// # Errors
/// Invalid `argument`, `import_invalid` with file and line; `unsupported` where no files are read.
#[cfg(feature = "import")]
pub fn calendar_preview(request: &CalendarPreview) -> Result<CalendarPreviewed, Error> {
    use crate::import::{MAX_CALENDAR_BYTES, parse_calendar};

    request.validate()?;
    let bytes = super::imports::read(std::path::Path::new(&request.calendar), MAX_CALENDAR_BYTES)?;
    let calendar = parse_calendar(&request.calendar, &bytes, &request.zone)?;
    let (items, next) = request.dates(&calendar.series)?;
    let (skipped, warnings) = (calendar.skipped, calendar.warnings);
    Ok(CalendarPreviewed { items, skipped, warnings, next })
}

/// Without the feature `import` no files are read.
///
/// # Errors
/// Invalid `unsupported`.
#[cfg(not(feature = "import"))]
pub fn calendar_preview(_: &CalendarPreview) -> Result<CalendarPreviewed, Error> {
    let problem = "this build reads no files".to_owned();
    Err(crate::domain::error::Invalid::Unsupported { name: "calendar".to_owned(), problem }.into())
}
