//! Calendars of RFC 5545: what a series of a calendar file comes to (`series.rs`), also as an event
//! (`schedules.rs`), and calendars that are written
//! (`sheet.rs`).

mod preview;
mod schedules;
mod series;
mod sheet;
mod slug;

pub use preview::{CalendarDate, CalendarPreview, CalendarPreviewed, MOST_DATES, USUAL_DATES};
pub use schedules::SeriesEvent;
pub use series::{Added, Change, MAX_OCCURRENCES, Moment, Occurrence, Recurring, Series, Skipped};
pub use sheet::{Entry, Sheet, Status};
pub use slug::slug;
