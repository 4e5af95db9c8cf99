//! Calendars of RFC 5545: what a series of a calendar file comes to (`series.rs`), and calendars that are written
//! (`sheet.rs`).

mod preview;
mod series;
mod sheet;

pub use preview::{CalendarDate, CalendarPreview, CalendarPreviewed, MOST_DATES, USUAL_DATES};
pub use series::{Added, Change, MAX_OCCURRENCES, Moment, Occurrence, Recurring, Series, Skipped};
pub use sheet::{Entry, Sheet, Status};
