//! A series: everything that a calendar file says under one UID.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::instant::{Instant, Span};
use crate::domain::recurrence::{Rule, union_until};
use crate::domain::schedule::ListedDate;
use crate::domain::text::{Description, Name};
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};

/// The most dates of one series.
pub const MAX_OCCURRENCES: usize = 100_000;

/// A wall time in the zone that its calendar gives it; UTC is such a zone too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What the wall shows.
    pub wall: LocalTime,
    /// Where.
    pub zone: Zone,
}

impl Moment {
    /// The instant. A calendar's gaps and folds are always resolved as RFC 5545 says.
    pub fn at(&self) -> Instant {
        compatible(&self.zone, self.wall)
    }
}

fn compatible(zone: &Zone, wall: LocalTime) -> Instant {
    match zone.resolve(wall, GapPolicy::Compatible) {
        Resolved::At(at) => at,
        Resolved::Rejected(_) => unreachable!("only GapPolicy::Reject leaves a wall time out"),
    }
}

/// Everything that a calendar says under one UID, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// By which the calendar knows it.
    pub uid: String,
    /// The line of the file on which its main entry begins, or its first one.
    pub line: u32,
    /// Its name for people: the summary, else the UID.
    pub title: Name,
    /// More about it.
    pub description: Option<Description>,
    /// Its main entry. A calendar may have only single dates of a series.
    pub main: Option<Recurring>,
    /// Its single dates that are not as the main entry says.
    pub changes: Vec<Change>,
}

/// A series' main entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurring {
    /// Its first date, if no rule stands; else where the rules begin.
    pub starts: Moment,
    /// How long each date is, in elapsed time: more than nothing.
    pub length: Span,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// The rules as they stand there, in the same order.
    pub rule_texts: Vec<String>,
    /// Dates beside the rules.
    pub added: Vec<Added>,
    /// Dates that are left out: wall times and days in the zone of `starts`, or instants.
    pub removed: Vec<ListedDate>,
}

/// A date beside the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// When it starts.
    pub starts: Moment,
    /// How long it is; none if as long as the others.
    pub length: Option<Span>,
}

/// A date that takes another's place, that is added, or that is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The start of the date whose place it takes, where there is such a date.
    pub replaces: Moment,
    /// When it starts now and how long it is; none if it is cancelled.
    pub becomes: Option<(Moment, Span)>,
}

/// One date of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
}

/// A series that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skipped {
    /// By which the calendar knows it.
    pub uid: String,
    /// The line of the file that is the reason, from 1.
    pub line: u32,
    /// Why, for people to read.
    pub reason: String,
}

impl Series {
    /// Finds the dates that start between two instants, both included: by start, then by end, each once, at most
    /// [`MAX_OCCURRENCES`].
    pub fn occurrences(&self, from: Instant, until: Instant) -> Vec<Occurrence> {
        self.dates(from, until, true).into_iter().collect()
    }

    /// The same, with or without what the main entry's start and rules make.
    pub(super) fn dates(&self, from: Instant, until: Instant, ruled: bool) -> BTreeSet<Occurrence> {
        let replaced: FxHashSet<Instant> =
            self.changes.iter().map(|change| change.replaces.at()).collect();
        let mut found = BTreeSet::new();
        let mut add = |starts_at: Instant, length: Span| {
            if (from..=until).contains(&starts_at) && found.len() < MAX_OCCURRENCES {
                found.insert(Occurrence { starts_at, ends_at: starts_at.plus(length) });
            }
        };
        if let Some(main) = &self.main {
            let removed = Removed::new(&main.removed, &main.starts.zone);
            let mut add = |at: Instant, length: Span| {
                if !replaced.contains(&at) {
                    add(at, length);
                }
            };
            if ruled {
                main.ruled(&removed, until, &mut add);
            }
            main.listed(&removed, &mut add);
        }
        for (becomes, length) in self.changes.iter().filter_map(|change| change.becomes.as_ref()) {
            add(becomes.at(), *length);
        }
        found
    }
}

impl Recurring {
    /// Tells each date that the rules make, or the start where no rule stands.
    fn ruled(&self, removed: &Removed, until: Instant, tell: &mut dyn FnMut(Instant, Span)) {
        let zone = &self.starts.zone;
        let first = self.starts.wall;
        if self.rules.is_empty() && !removed.holds(first) {
            tell(compatible(zone, first), self.length);
        }
        // A policy may move a date within its gap: a day more is enough.
        let last = zone.local(until.plus(Span::from_days(1)));
        for wall in union_until(&self.rules, first, zone, last) {
            if !removed.holds(wall) {
                tell(compatible(zone, wall), self.length);
            }
        }
    }

    /// Tells each date beside the rules.
    fn listed(&self, removed: &Removed, tell: &mut dyn FnMut(Instant, Span)) {
        let zone = &self.starts.zone;
        for added in &self.added {
            let at = added.starts.at();
            let wall = if added.starts.zone == *zone { added.starts.wall } else { zone.local(at) };
            if !removed.holds(wall) {
                tell(at, added.length.unwrap_or(self.length));
            }
        }
    }
}

/// What a series leaves out, in the wall time of its zone.
struct Removed {
    times: FxHashSet<LocalTime>,
    days: FxHashSet<chrono::NaiveDate>,
}

impl Removed {
    fn new(listed: &[ListedDate], zone: &Zone) -> Self {
        let mut removed = Self { times: FxHashSet::default(), days: FxHashSet::default() };
        for date in listed {
            match date {
                ListedDate::Local(wall) => removed.times.insert(*wall),
                ListedDate::Date(day) => removed.days.insert(*day),
                ListedDate::At(at) => removed.times.insert(zone.local(*at)),
            };
        }
        removed
    }

    fn holds(&self, wall: LocalTime) -> bool {
        self.times.contains(&wall) || self.days.contains(&wall.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: &str, zone: &str) -> Moment {
        Moment { wall: wall.parse().unwrap(), zone: zone.parse().unwrap() }
    }

    fn vienna(wall: &str) -> Moment {
        moment(wall, "Europe/Vienna")
    }

    fn main(starts: &str, rules: &[&str], removed: &[&str]) -> Recurring {
        Recurring {
            starts: vienna(starts),
            length: Span::from_hours(2),
            rules: rules.iter().map(|rule| rule.parse().unwrap()).collect(),
            rule_texts: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            added: vec![],
            removed: removed.iter().map(|date| date.parse().unwrap()).collect(),
        }
    }

    fn series(main: Option<Recurring>, changes: Vec<Change>) -> Series {
        let title = "A".parse().unwrap();
        Series { uid: "a".into(), line: 1, title, description: None, main, changes }
    }

    /// The dates of May 2027 to June 2028, as start and hours.
    fn dates(series: &Series) -> Vec<String> {
        let at = |text: &str| text.parse().unwrap();
        let found = series.occurrences(at("2027-05-01T00:00:00Z"), at("2028-06-30T00:00:00Z"));
        let told = |date: Occurrence| {
            let hours = date.ends_at.since(date.starts_at).micros() / 3_600_000_000;
            format!("{} {hours}h", &date.starts_at.to_string()[..16])
        };
        found.into_iter().map(told).collect()
    }

    #[test]
    fn a_start_is_a_date_where_no_rule_stands_and_else_where_a_rule_names_it() {
        // It is a Saturday.
        let starts = "2027-05-01T19:30";
        for (rules, removed, expected) in [
            (&[][..], &[][..], &["2027-05-01T17:30 2h"][..]),
            (&[], &["2027-05-01T19:30"], &[]),
            (&[], &["2027-05-01T19:00"], &["2027-05-01T17:30 2h"]),
            (&["FREQ=DAILY;COUNT=2"], &[], &["2027-05-01T17:30 2h", "2027-05-02T17:30 2h"]),
            (&["FREQ=WEEKLY;BYDAY=MO;COUNT=1"], &[], &["2027-05-03T17:30 2h"]),
            (&["FREQ=DAILY;COUNT=2"], &["2027-05-01T19:30"], &["2027-05-02T17:30 2h"]),
            (&["FREQ=DAILY;COUNT=2"], &["2027-05-01"], &["2027-05-02T17:30 2h"]),
            (&["FREQ=DAILY;COUNT=2"], &["2027-05-02T17:30:00Z"], &["2027-05-01T17:30 2h"]),
        ] {
            let found = dates(&series(Some(main(starts, rules, removed)), vec![]));
            assert_eq!(found, expected, "{rules:?} {removed:?}");
        }
    }

    #[test]
    fn dates_beside_the_rules_are_left_out_by_what_the_series_own_wall_shows() {
        // The clock of Vienna skips 02:30 on 2028-03-26.
        let removed = ["2027-12-24T19:30", "2028-03-26T02:30"];
        let mut main = main("2027-05-01T19:30", &[], &removed);
        let added = |starts: Moment, hours: Option<i64>| Added {
            starts,
            length: hours.map(Span::from_hours),
        };
        main.added = vec![
            added(vienna("2027-12-23T19:30"), None),
            added(moment("2027-12-24T18:30", "UTC"), None),
            added(moment("2027-12-25T19:30", "UTC"), Some(3)),
            added(vienna("2028-03-26T02:30"), None),
            added(vienna("2028-03-27T02:30"), None),
        ];
        assert_eq!(
            dates(&series(Some(main), vec![])),
            [
                "2027-05-01T17:30 2h",
                "2027-12-23T18:30 2h",
                "2027-12-25T19:30 3h",
                "2028-03-27T00:30 2h"
            ]
        );
    }

    #[test]
    fn a_changed_date_takes_the_place_of_another_or_is_added_or_goes() {
        let changes = || {
            let to = |wall: &str, hours| Some((vienna(wall), Span::from_hours(hours)));
            let change = |replaces, becomes| Change { replaces, becomes };
            vec![
                change(vienna("2027-05-02T19:30"), to("2027-05-02T20:00", 3)),
                change(moment("2027-05-03T17:30", "UTC"), None),
                change(vienna("2027-06-01T19:30"), to("2027-06-01T19:30", 1)),
            ]
        };
        let main = main("2027-05-01T19:30", &["FREQ=DAILY;COUNT=3"], &[]);
        let expected = ["2027-05-01T17:30 2h", "2027-05-02T18:00 3h", "2027-06-01T17:30 1h"];
        assert_eq!(dates(&series(Some(main), changes())), expected);
        assert_eq!(dates(&series(None, changes())), expected[1..]);
    }

    #[test]
    fn both_ends_are_included_and_a_hundred_thousand_dates_are_the_most() {
        let first: Instant = "2027-05-01T17:30:00Z".parse().unwrap();
        let daily = series(Some(main("2027-05-01T19:30", &["FREQ=DAILY"], &[])), vec![]);
        let micro = Span::from_micros(1);
        let day = Span::from_days(1);
        for (from, until, count) in [
            (first, first.plus(day), 2),
            (first.plus(micro), first.plus(day), 1),
            (first, first.plus(day).minus(micro), 1),
        ] {
            assert_eq!(daily.occurrences(from, until).len(), count);
        }
        let mut main = main("2027-05-01T19:30", &[], &[]);
        let minute = |n: i64| first.plus(Span::from_mins(n));
        let utc: Zone = "UTC".parse().unwrap();
        let added = |n| Added {
            starts: Moment { wall: utc.local(minute(n)), zone: utc.clone() },
            length: None,
        };
        main.added = (1..=100_000).map(added).collect();
        let crowd = series(Some(main), vec![]);
        assert_eq!(crowd.occurrences(first, minute(99_999)).len(), MAX_OCCURRENCES);
        assert_eq!(crowd.occurrences(first, minute(100_000)).len(), MAX_OCCURRENCES);
    }
}
