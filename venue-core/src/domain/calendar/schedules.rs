//! What a series becomes as an event: a duration, and schedules that make the series' dates.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::calendar::series::{Recurring, Series};
use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::{ListedDate, ScheduleSpec};
use crate::domain::zone::{GapPolicy, Resolved, Zone};

/// A series as an event has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesEvent {
    /// How long its slots are where a schedule says nothing else.
    pub duration: Span,
    /// The rules first, where they run in the venue's zone, then the other dates by their length.
    pub schedules: Vec<ScheduleSpec>,
}

impl Series {
    /// Makes schedules of the series for a venue's zone; none if it has no date.
    ///
    /// Rules that run in this zone stay rules, and go on as far as the schedule's horizon does. Those of another zone
    /// are written out as instants, without an end until `until`.
    pub fn event(&self, zone: &Zone, until: Instant) -> Option<SeriesEvent> {
        let stays = |main: &&Recurring| main.starts.zone == *zone && !main.rules.is_empty();
        let rule = self.main.as_ref().filter(stays);
        let endless = self.main.as_ref().is_some_and(Recurring::is_endless);
        let until = if endless && rule.is_none() { until } else { Instant::MAX };
        let mut listed: BTreeMap<Span, BTreeSet<Instant>> = BTreeMap::new();
        for date in self.dates(Instant::EPOCH, until, rule.is_none()) {
            let length = date.ends_at.since(date.starts_at);
            listed.entry(length).or_default().insert(date.starts_at);
        }
        let main_length = self.main.as_ref().map(|main| main.length);
        let duration = main_length.or_else(|| listed.keys().next().copied())?;
        let alike = listed.get(&duration).cloned().unwrap_or_default();
        let rule = rule.map(|main| self.rule(main, &alike));
        let rest = listed.into_iter().filter_map(|(length, starts)| {
            dates(&starts, zone, (length != duration).then_some(length))
        });
        let schedules: Vec<ScheduleSpec> = rule.into_iter().chain(rest).collect();
        (!schedules.is_empty()).then_some(SeriesEvent { duration, schedules })
    }

    /// The rules as a schedule, without the dates that changed and without those that are listed beside it.
    fn rule(&self, main: &Recurring, beside: &BTreeSet<Instant>) -> ScheduleSpec {
        let mut exdate = main.removed.clone();
        exdate.extend(self.changes.iter().map(|change| {
            let was = &change.replaces;
            if was.zone == main.starts.zone {
                ListedDate::Local(was.wall)
            } else {
                ListedDate::At(was.at())
            }
        }));
        exdate.extend(beside.iter().map(|at| ListedDate::At(*at)));
        ScheduleSpec {
            starts: Some(main.starts.wall),
            rrule: main.rule_texts.clone(),
            exdate,
            gap: GapPolicy::Compatible,
            ..ScheduleSpec::default()
        }
    }
}

impl Recurring {
    /// True if one of its rules never ends.
    fn is_endless(&self) -> bool {
        self.rules.iter().any(|rule| !rule.has_end())
    }
}

/// Dates as a schedule: the first is where it starts, the others stand beside it as instants.
fn dates(starts: &BTreeSet<Instant>, zone: &Zone, duration: Option<Span>) -> Option<ScheduleSpec> {
    let first = *starts.first()?;
    let wall = zone.local(first);
    // The wall may show this time twice: the policy says which of them is meant.
    let second = zone.resolve(wall, GapPolicy::Compatible) != Resolved::At(first);
    Some(ScheduleSpec {
        starts: Some(wall),
        rdate: starts.iter().skip(1).map(|at| ListedDate::At(*at)).collect(),
        gap: if second { GapPolicy::Later } else { GapPolicy::Compatible },
        duration,
        ..ScheduleSpec::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Added, Change, Moment};
    use crate::domain::dates::{View, dates_in};

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn moment(wall: &str, name: &str) -> Moment {
        Moment { wall: wall.parse().unwrap(), zone: zone(name) }
    }

    fn hours(count: i64) -> Span {
        Span::from_hours(count)
    }

    fn series(name: &str, rules: &[&str]) -> Series {
        Series {
            uid: "a".into(),
            line: 1,
            title: "A".parse().unwrap(),
            description: None,
            main: Some(Recurring {
                starts: moment("2027-10-30T19:30", name),
                length: hours(2),
                rules: rules.iter().map(|rule| rule.parse().unwrap()).collect(),
                rule_texts: rules.iter().map(|rule| (*rule).to_owned()).collect(),
                added: vec![],
                removed: vec![],
            }),
            changes: vec![],
        }
    }

    /// The event's schedules give the dates of the series, in a venue's zone.
    fn assert_same(series: &Series, name: &str) -> SeriesEvent {
        let venue = zone(name);
        let until = "2028-06-01T00:00:00Z".parse().unwrap();
        let event = series.event(&venue, until).unwrap();
        let mut made = BTreeSet::new();
        for spec in &event.schedules {
            let length = spec.duration.unwrap_or(event.duration);
            spec.check(Some(length)).unwrap();
            let view = View::whole(spec, Instant::EPOCH);
            for slot in dates_in(spec, length, &venue, view).unwrap().slots {
                if slot.starts_at <= until {
                    assert!(made.insert((slot.starts_at, slot.ends_at)), "{slot:?} twice");
                }
            }
        }
        let expected = series.occurrences(Instant::EPOCH, until);
        let expected = expected.iter().map(|date| (date.starts_at, date.ends_at)).collect();
        assert_eq!(made, expected);
        event
    }

    #[test]
    fn a_rule_in_the_venues_zone_stays_a_rule() {
        let mut series = series("Europe/Vienna", &["FREQ=WEEKLY", "FREQ=MONTHLY;COUNT=3"]);
        let event = assert_same(&series, "Europe/Vienna");
        assert_eq!((event.duration, event.schedules.len()), (hours(2), 1));
        assert_eq!(event.schedules[0].rrule, ["FREQ=WEEKLY", "FREQ=MONTHLY;COUNT=3"]);
        let main = series.main.as_mut().unwrap();
        main.removed.push("2027-11-06".parse().unwrap());
        main.added = vec![
            Added { starts: moment("2027-12-24T15:00", "Europe/Vienna"), length: None },
            Added { starts: moment("2027-12-31T18:00", "UTC"), length: Some(hours(6)) },
            // The rule has this one too.
            Added { starts: moment("2027-11-13T19:30", "Europe/Vienna"), length: None },
        ];
        let change = |was: &str, zone: &str, now: Option<(&str, i64)>| Change {
            replaces: moment(was, zone),
            becomes: now.map(|(wall, length)| (moment(wall, "Europe/Vienna"), hours(length))),
        };
        series.changes = vec![
            change("2027-11-20T19:30", "Europe/Vienna", Some(("2027-11-20T20:00", 2))),
            change("2027-11-27T18:30", "UTC", None),
            change("2027-12-04T19:30", "Europe/Vienna", Some(("2027-12-04T19:30", 3))),
            // To where another one of the rule's is.
            change("2027-12-11T19:30", "Europe/Vienna", Some(("2027-12-18T19:30", 2))),
        ];
        let event = assert_same(&series, "Europe/Vienna");
        let durations: Vec<_> = event.schedules.iter().map(|spec| spec.duration).collect();
        assert_eq!(durations, [None, None, Some(hours(3)), Some(hours(6))]);
    }

    #[test]
    fn a_rule_of_another_zone_is_written_out() {
        for rule in ["FREQ=DAILY", "FREQ=DAILY;COUNT=5"] {
            let event = assert_same(&series("UTC", &[rule]), "Europe/Vienna");
            assert!(event.schedules.iter().all(|spec| spec.rrule.is_empty()));
        }
        let event = assert_same(&series("America/New_York", &[]), "Europe/Vienna");
        assert_eq!(event.schedules[0].starts, Some("2027-10-31T01:30".parse().unwrap()));
    }

    #[test]
    fn each_showing_of_a_time_is_kept() {
        for (first, gap) in
            [("2027-10-31T00:30", GapPolicy::Compatible), ("2027-10-31T01:30", GapPolicy::Later)]
        {
            let mut series = series("UTC", &[]);
            series.main.as_mut().unwrap().starts = moment(first, "UTC");
            let event = assert_same(&series, "Europe/Vienna");
            assert_eq!(event.schedules[0].gap, gap);
        }
    }

    #[test]
    fn a_rule_is_resolved_as_calendars_do_it() {
        let mut series = series("Europe/Vienna", &["FREQ=DAILY"]);
        series.main.as_mut().unwrap().starts = moment("2027-10-30T02:30", "Europe/Vienna");
        assert_same(&series, "Europe/Vienna");
    }

    #[test]
    fn only_what_never_ends_is_cut_and_only_where_it_is_written_out() {
        let until = "2027-11-01T00:00:00Z".parse().unwrap();
        let count = |series: &Series| {
            let event = series.event(&zone("Europe/Vienna"), until).unwrap();
            event.schedules.iter().map(|spec| 1 + spec.rdate.len()).collect::<Vec<_>>()
        };
        assert_eq!(count(&series("UTC", &["FREQ=DAILY"])), [2]);
        assert_eq!(count(&series("UTC", &["FREQ=DAILY;COUNT=5"])), [5]);
        assert_eq!(count(&series("UTC", &["FREQ=DAILY;COUNT=5", "FREQ=DAILY"])), [2]);
        let mut beside = series("Europe/Vienna", &["FREQ=DAILY"]);
        let christmas = moment("2027-12-24T15:00", "Europe/Vienna");
        beside.main.as_mut().unwrap().added = vec![Added { starts: christmas, length: None }];
        assert_eq!(count(&beside), [1, 1]);
    }

    #[test]
    fn single_dates_without_a_main_entry_are_an_event_too() {
        let mut series = series("UTC", &[]);
        series.main = None;
        assert_eq!(series.event(&zone("Europe/Vienna"), Instant::MAX), None);
        let becomes = Some((moment("2027-11-02T10:00", "Europe/Vienna"), hours(1)));
        series.changes = vec![Change { replaces: moment("2027-11-01T10:00", "UTC"), becomes }];
        let event = assert_same(&series, "Europe/Vienna");
        assert_eq!((event.duration, event.schedules.len()), (hours(1), 1));
    }
}
