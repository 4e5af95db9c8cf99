//! Rules against a reference that knows nothing of how they are expanded: it walks over all days one by one, keeps
//! lists of them by period, and picks by counting in lists.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::domain::recurrence::{Rule, union};
use crate::domain::zone::{LocalTime, Zone};

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const FREQUENCIES: [&str; 4] = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"];

/// A rule as a person would jot it down.
#[derive(Debug, Clone)]
struct Jotted {
    frequency: &'static str,
    interval: i64,
    count: Option<usize>,
    until: Option<NaiveDateTime>,
    by_day: Vec<(i64, usize)>,
    by_month_day: Vec<i64>,
    by_month: Vec<i64>,
    by_position: Vec<i64>,
    week_start: usize,
    starts: NaiveDateTime,
}

fn number<T: TryInto<i64>>(value: T) -> i64 {
    value.try_into().ok().unwrap()
}

impl Jotted {
    /// The rule's text, its parts turned round by so many places.
    fn text(&self, turned: usize) -> String {
        let list =
            |items: &[i64]| items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut parts = vec![format!("FREQ={}", self.frequency)];
        if self.interval != 1 {
            parts.push(format!("INTERVAL={}", self.interval));
        }
        if let Some(count) = self.count {
            parts.push(format!("count={count}"));
        }
        if let Some(until) = self.until {
            parts.push(format!("UNTIL={}", until.format("%Y%m%dT%H%M%S")));
        }
        if !self.by_day.is_empty() {
            let day = |(ordinal, day): &(i64, usize)| match ordinal {
                0 => DAYS[*day].to_owned(),
                n => format!("{n}{}", DAYS[*day]),
            };
            parts.push(format!(
                "BYDAY={}",
                self.by_day.iter().map(day).collect::<Vec<_>>().join(",")
            ));
        }
        for (name, items) in [
            ("BYMONTHDAY", &self.by_month_day),
            ("BYMONTH", &self.by_month),
            ("bysetpos", &self.by_position),
        ] {
            if !items.is_empty() {
                parts.push(format!("{name}={}", list(items)));
            }
        }
        parts.push(format!("WKST={}", DAYS[self.week_start]));
        let places = turned % parts.len();
        parts.rotate_left(places);
        parts.join(";")
    }

    /// Which period a day lies in, counted without gaps.
    fn period(&self, day: NaiveDate) -> i64 {
        let days = number(day.num_days_from_ce());
        match self.frequency {
            "YEARLY" => number(day.year()),
            "MONTHLY" => number(day.year()) * 12 + number(day.month()),
            // The day 1 of the common era was a Monday.
            "WEEKLY" => (days - 1 - number(self.week_start)).div_euclid(7),
            _ => days,
        }
    }

    /// True if a day is wanted, by its place among its like: the days of its month, or of its year.
    fn wants(&self, day: NaiveDate) -> bool {
        let month: Vec<NaiveDate> = day
            .with_day(1)
            .unwrap()
            .iter_days()
            .take_while(|other| other.month() == day.month())
            .collect();
        let nothing = self.by_day.is_empty() && self.by_month_day.is_empty();
        let in_month = match (&self.by_month[..], self.frequency) {
            ([], "YEARLY") if nothing => day.month() == self.starts.month(),
            ([], _) => true,
            (months, _) => months.contains(&number(day.month())),
        };
        let day_of_month = match (&self.by_month_day[..], self.frequency) {
            ([], "YEARLY" | "MONTHLY") if nothing => day.day() == self.starts.day(),
            ([], _) => true,
            (days, _) => days.iter().any(|wanted| picked(&month, *wanted) == Some(day)),
        };
        let by_year = self.frequency == "YEARLY" && self.by_month.is_empty();
        let scope: Vec<NaiveDate> = if by_year {
            let year = NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap();
            year.iter_days().take_while(|other| other.year() == day.year()).collect()
        } else {
            month
        };
        let name = |day: NaiveDate| DAYS[day.weekday() as usize];
        let week_day = match (&self.by_day[..], self.frequency) {
            ([], "WEEKLY") => name(day) == name(self.starts.date()),
            ([], _) => true,
            (days, _) => days.iter().any(|(ordinal, wanted)| {
                let alike: Vec<NaiveDate> =
                    scope.iter().copied().filter(|day| name(*day) == DAYS[*wanted]).collect();
                if *ordinal == 0 {
                    alike.contains(&day)
                } else {
                    picked(&alike, *ordinal) == Some(day)
                }
            }),
        };
        in_month && day_of_month && week_day
    }

    /// The dates up to a day.
    fn dates(&self, last: NaiveDate) -> Vec<NaiveDateTime> {
        let mut periods: BTreeMap<i64, Vec<NaiveDate>> = BTreeMap::new();
        // A week more than whole years, so that each period is whole.
        let first =
            NaiveDate::from_ymd_opt(self.starts.year(), 1, 1).unwrap() - chrono::Days::new(7);
        let end = NaiveDate::from_ymd_opt(last.year(), 12, 31).unwrap() + chrono::Days::new(7);
        for day in first.iter_days().take_while(|day| *day <= end) {
            if self.wants(day) {
                periods.entry(self.period(day)).or_default().push(day);
            }
        }
        let began = self.period(self.starts.date());
        let mut found = Vec::new();
        for (period, days) in periods {
            if period < began || (period - began) % self.interval != 0 {
                continue;
            }
            let mut kept = days.clone();
            if !self.by_position.is_empty() {
                let chosen: Vec<_> =
                    self.by_position.iter().filter_map(|n| picked(&days, *n)).collect();
                kept.retain(|day| chosen.contains(day));
            }
            found.extend(kept.into_iter().map(|day| day.and_time(self.starts.time())));
        }
        found.retain(|time| *time >= self.starts);
        found.retain(|time| self.until.is_none_or(|until| *time <= until));
        found.truncate(self.count.unwrap_or(usize::MAX));
        found.retain(|time| time.date() <= last && time.year() <= 2199);
        found
    }
}

/// The n-th of a list, from 1, or from its end with a negative number.
fn picked(list: &[NaiveDate], n: i64) -> Option<NaiveDate> {
    let length = number(list.len());
    let index = if n > 0 { n - 1 } else { length + n };
    list.get(usize::try_from(index).ok()?).copied()
}

fn signed(most: i64) -> impl Strategy<Value = i64> {
    prop_oneof![1..=most, -most..=-1, 1..=most.min(5)]
}

prop_compose! {
    /// Parts that every frequency may have; those that its own does not allow are taken out.
    fn parts()(
        frequency in select(&FREQUENCIES[..]),
        by_day in prop::collection::vec((prop_oneof![Just(0), signed(53), signed(5)], 0..7_usize), 0..4),
        by_month_day in prop::collection::vec(signed(31), 0..4),
        by_month in subsequence((1..=12).collect::<Vec<i64>>(), 0..5),
        by_position in prop::collection::vec(prop_oneof![signed(366), signed(5)], 0..3),
        kept in 0..16_u8,
    ) -> Jotted {
        let keep = |bit: u8| kept >> bit & 1 == 1;
        let mut jotted = Jotted {
            frequency,
            interval: 1,
            count: None,
            until: None,
            by_day: if keep(0) { by_day } else { vec![] },
            by_month_day: if keep(1) && frequency != "WEEKLY" { by_month_day } else { vec![] },
            by_month: if keep(2) { by_month } else { vec![] },
            by_position: if keep(3) { by_position } else { vec![] },
            week_start: 0,
            starts: NaiveDateTime::MIN,
        };
        if matches!(frequency, "WEEKLY" | "DAILY") {
            jotted.by_day.iter_mut().for_each(|day| day.0 = 0);
        }
        if jotted.by_day.is_empty() && jotted.by_month_day.is_empty() && jotted.by_month.is_empty() {
            jotted.by_position.clear();
        }
        jotted
    }
}

prop_compose! {
    fn jotted()(
        parts in parts(),
        interval in prop_oneof![4 => Just(1_i64), 4 => 2..=6_i64, 1 => 7..=1_000_i64],
        end in 0..4_u8,
        count in 1..=60_usize,
        until in 0..1_500_i64,
        week_start in 0..7_usize,
        day in prop_oneof![0..84_000_u64, 83_000..84_005_u64, Just(0)],
        second in prop_oneof![0..86_400_i64, Just(0), Just(86_399)],
    ) -> Jotted {
        let starts = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Days::new(day);
        let starts = starts.and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::seconds(second);
        let until = starts + chrono::TimeDelta::hours(until * 13 - 100);
        Jotted {
            interval,
            count: (end == 1).then_some(count),
            until: (end == 2).then_some(until),
            week_start,
            starts,
            ..parts
        }
    }
}

fn found(rule: &Rule, starts: NaiveDateTime, last: NaiveDate) -> Vec<NaiveDateTime> {
    let starts = LocalTime::from_chrono(starts).unwrap();
    let zone: Zone = "UTC".parse().unwrap();
    rule.dates(starts, &zone)
        .map(LocalTime::to_chrono)
        .take_while(|time| time.date() <= last)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_rule_gives_the_dates_that_a_walk_over_all_days_gives(
        jotted in jotted(), turned in 0..9_usize,
    ) {
        let last = jotted.starts.date() + chrono::Days::new(2 * 366);
        let text = jotted.text(turned);
        let rule: Rule = text.parse().unwrap();
        prop_assert_eq!(found(&rule, jotted.starts, last), jotted.dates(last), "{}", text);
    }

    #[test]
    fn several_rules_give_the_union_of_their_dates(
        one in jotted(), two in parts(), three in jotted(),
    ) {
        let starts = one.starts;
        let last = starts.date() + chrono::Days::new(200);
        let all = [one, Jotted { starts, ..two }, Jotted { starts, ..three }];
        let rules: Vec<Rule> = all.iter().map(|rule| rule.text(0).parse().unwrap()).collect();
        let mut expected: Vec<NaiveDateTime> =
            rules.iter().flat_map(|rule| found(rule, starts, last)).collect();
        expected.sort_unstable();
        expected.dedup();
        let zone: Zone = "UTC".parse().unwrap();
        let found: Vec<NaiveDateTime> = union(&rules, LocalTime::from_chrono(starts).unwrap(), &zone)
            .map(LocalTime::to_chrono)
            .take_while(|time| time.date() <= last)
            .collect();
        prop_assert_eq!(found, expected);
    }
}
