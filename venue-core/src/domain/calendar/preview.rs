//! What a calendar file comes to, before anything is imported.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::calendar::series::{Occurrence, Series, Skipped};
use crate::domain::error::Invalid;
use crate::domain::import_error::ImportWarning;
use crate::domain::instant::Instant;
use crate::domain::schedule::Bound;
use crate::domain::text::Name;
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};

/// The dates of one preview where nothing is said.
pub const USUAL_DATES: u32 = 1_000;
/// The most dates of one preview.
pub const MOST_DATES: u32 = 100_000;
/// The most dates that all series of a calendar have together between the ends of a preview.
const MOST_LOOKED_AT: usize = 1_000_000;

/// Which dates of a calendar file are wanted: `schedule preview --calendar`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarPreview {
    /// The file, by path.
    pub calendar: String,
    /// In which zone times are shown, and those without a zone take place.
    pub zone: Zone,
    /// None that starts before this wall time or date of the zone.
    pub from: Bound,
    /// None that starts after it.
    pub until: Bound,
    /// At most so many dates: 1 to 100,000, 1,000 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One date of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CalendarDate {
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its start as the wall shows it: `2026-03-29T19:30:00+02:00[Europe/Berlin]`.
    pub local: String,
    /// Of which series.
    pub uid: String,
    /// What that is called.
    pub title: Name,
}

/// What a calendar file comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct CalendarPreviewed {
    /// The first dates, by start, end and UID.
    pub items: Vec<CalendarDate>,
    /// Series that were left out.
    pub skipped: Vec<Skipped>,
    /// Lines that were ignored.
    pub warnings: Vec<ImportWarning>,
    /// The wall time of the first date that is not among them, where there are more: go on with it as `from`.
    pub next: Option<LocalTime>,
}

impl CalendarPreview {
    /// The members of the request in JSON.
    pub const MEMBERS: &'static [&'static str] = &["calendar", "zone", "from", "until", "limit"];

    /// What can be checked without the file.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.limit.is_some_and(|limit| !(1..=MOST_DATES).contains(&limit)) {
            let problem = format!("a number from 1 to {MOST_DATES} is needed");
            return Err(Invalid::argument("limit", problem));
        }
        Ok(())
    }

    /// Finds the first dates of these series that are wanted, and where they go on if there are more.
    ///
    /// # Errors
    /// Invalid `argument` if the series have more than a million dates together.
    pub fn dates(
        &self,
        series: &[Series],
    ) -> Result<(Vec<CalendarDate>, Option<LocalTime>), Invalid> {
        self.dates_among(series, MOST_LOOKED_AT)
    }

    /// The same, where the series have at most so many dates together.
    fn dates_among(
        &self,
        series: &[Series],
        most: usize,
    ) -> Result<(Vec<CalendarDate>, Option<LocalTime>), Invalid> {
        let (from, until) = self.ends();
        let limit = usize::try_from(self.limit.unwrap_or(USUAL_DATES)).unwrap_or(usize::MAX);
        let mut found: BTreeSet<(Occurrence, usize)> = BTreeSet::new();
        let mut looked_at = 0;
        for (place, series) in series.iter().enumerate() {
            let dates = series.occurrences(from, until);
            looked_at += dates.len();
            if looked_at > most {
                let problem =
                    "the calendar has more than a million dates: an earlier date is needed";
                return Err(Invalid::argument("until", problem));
            }
            for date in dates {
                found.insert((date, place));
                if found.len() > limit + 1 {
                    found.pop_last();
                }
            }
        }
        let next = found.iter().nth(limit).map(|(date, _)| self.zone.local(date.starts_at));
        let dates = found.into_iter().take(limit).filter_map(|(date, place)| {
            let series = series.get(place)?;
            Some(CalendarDate {
                starts_at: date.starts_at,
                ends_at: date.ends_at,
                local: self.zone.text(date.starts_at),
                uid: series.uid.clone(),
                title: series.title.clone(),
            })
        });
        let mut dates: Vec<CalendarDate> = dates.collect();
        dates.sort();
        Ok((dates, next))
    }

    /// The first and the last instant, both included.
    fn ends(&self) -> (Instant, Instant) {
        let at = |wall: LocalTime| match self.zone.resolve(wall, GapPolicy::Compatible) {
            Resolved::At(at) => at,
            Resolved::Rejected(_) => Instant::EPOCH,
        };
        let day = |date: chrono::NaiveDate, hour, minute, second| {
            let time = date.and_hms_opt(hour, minute, second).and_then(LocalTime::from_chrono);
            time.unwrap_or(LocalTime::FIRST)
        };
        let from = match self.from {
            Bound::Local(wall) => wall,
            Bound::Date(date) => day(date, 0, 0, 0),
        };
        let until = match self.until {
            Bound::Local(wall) => wall,
            Bound::Date(date) => day(date, 23, 59, 59),
        };
        (at(from), at(until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Moment, Recurring};
    use crate::domain::instant::Span;

    fn series(uid: &str, starts: &str, rule: &str) -> Series {
        let main = Recurring {
            starts: Moment { wall: starts.parse().unwrap(), zone: "UTC".parse().unwrap() },
            length: Span::from_hours(1),
            rules: vec![rule.parse().unwrap()],
            rule_texts: vec![rule.into()],
            added: vec![],
            removed: vec![],
        };
        let (title, description) = (uid.parse().unwrap(), None);
        Series { uid: uid.into(), line: 1, title, description, main: Some(main), changes: vec![] }
    }

    fn preview(from: &str, until: &str, limit: Option<u32>) -> CalendarPreview {
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        let zone = "Europe/Vienna".parse().unwrap();
        CalendarPreview { calendar: "a.ics".into(), zone, from, until, limit }
    }

    #[test]
    fn the_first_dates_of_all_series_come_by_their_start() {
        let both = [
            series("b", "2027-01-01T10:00", "FREQ=DAILY"),
            series("a", "2027-01-01T10:00", "FREQ=DAILY"),
        ];
        let (dates, next) = preview("2027-01-02", "2027-01-03", None).dates(&both).unwrap();
        let told: Vec<_> =
            dates.iter().map(|date| (date.uid.as_str(), &date.local[..16])).collect();
        let expected = [
            ("a", "2027-01-02T11:00"),
            ("b", "2027-01-02T11:00"),
            ("a", "2027-01-03T11:00"),
            ("b", "2027-01-03T11:00"),
        ];
        assert_eq!((told, next), (expected.to_vec(), None));
        assert_eq!(dates[0].local, "2027-01-02T11:00:00+01:00[Europe/Vienna]");
        for (limit, next) in [(3, Some("2027-01-03T11:00")), (4, None)] {
            let found = preview("2027-01-02", "2027-01-03", Some(limit)).dates(&both).unwrap();
            let next = next.map(|next| next.parse().unwrap());
            assert_eq!((found.0.len(), found.1), (usize::try_from(limit).unwrap(), next));
        }
    }

    #[test]
    fn both_ends_are_included_and_are_of_the_zone() {
        let one = [series("a", "2027-01-01T10:00", "FREQ=DAILY")];
        for (from, until, count) in [
            ("2027-01-01", "2027-01-01", 1),
            ("2027-01-01T11:00", "2027-01-01T11:00", 1),
            ("2027-01-01T11:00:01", "2027-01-02T10:59:59", 0),
            ("2027-01-02", "2027-01-01", 0),
            ("1970-01-01", "9999-12-31", 63_187),
        ] {
            let found = preview(from, until, Some(MOST_DATES)).dates(&one).unwrap();
            assert_eq!(found.0.len(), count, "{from} {until}");
        }
    }

    #[test]
    fn a_calendar_of_too_many_dates_is_not_walked_to_its_end() {
        let both = ["a", "b"].map(|uid| series(uid, "2027-01-01T10:00", "FREQ=DAILY"));
        let five_days = preview("2027-01-01", "2027-01-05", Some(1));
        assert!(five_days.dates_among(&both, 10).is_ok());
        let refused = five_days.dates_among(&both, 9).unwrap_err();
        assert!(matches!(refused, Invalid::Argument { name, .. } if name == "until"));
    }

    #[test]
    fn a_limit_is_a_number_of_dates() {
        for (limit, fits) in
            [(None, true), (Some(0), false), (Some(1), true), (Some(100_001), false)]
        {
            assert_eq!(preview("2027-01-01", "2027-01-01", limit).validate().is_ok(), fits);
        }
    }
}
