//! Any bytes as a calendar file: an error with its place, or series whose dates ascend, and what was left out with its
//! reason. What is read can be written, and reads again with the same dates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::Instant;
use venue_core::domain::calendar::{Entry, Occurrence, Sheet, Status};
use venue_core::domain::zone::Zone;
use venue_core::import::parse_calendar;

fuzz_target!(|bytes: &[u8]| {
    let zone: Zone = "Europe/Vienna".parse().expect("a zone");
    let from: Instant = "2020-01-01T00:00:00Z".parse().expect("an instant");
    let until: Instant = "2030-01-01T00:00:00Z".parse().expect("an instant");
    let calendar = match parse_calendar("a.ics", bytes, &zone) {
        Ok(calendar) => calendar,
        Err(error) => return assert!(!error.message.is_empty()),
    };
    assert!(calendar.skipped.iter().all(|skipped| skipped.line > 0 && !skipped.reason.is_empty()));
    let mut sheet = Sheet::new("again", from);
    let mut written = Vec::new();
    for series in &calendar.series {
        let dates = series.occurrences(from, until);
        assert!(dates.is_sorted_by(|a, b| a < b));
        assert!(dates.iter().all(|date| date.starts_at < date.ends_at));
        for Occurrence { starts_at, ends_at } in dates.into_iter().take(10) {
            sheet.add(&Entry {
                uid: written.len().to_string(),
                starts_at,
                ends_at,
                summary: series.title.to_string(),
                description: String::new(),
                location: String::new(),
                sequence: 0,
                status: Status::Confirmed,
            });
            written.push((series.title.to_string(), Occurrence { starts_at, ends_at }));
        }
    }
    if written.len() > 1_000 {
        return;
    }
    let again =
        parse_calendar("b.ics", sheet.finish().as_bytes(), &zone).expect("our own calendar");
    assert_eq!((again.skipped.len(), again.warnings.len()), (0, 0));
    let dates = again
        .series
        .iter()
        .map(|series| (series.title.to_string(), series.occurrences(from, until)));
    let dates: Vec<_> = dates.map(|(title, dates)| (title, dates[0])).collect();
    assert_eq!(dates, written);
});
