//! The dates of a rule, period by period: which days of the period it wants, which of them by position.

use std::collections::VecDeque;

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use crate::domain::recurrence::rule::{
    End, Frequency, MonthDays, Months, Rule, WeekDays, last_second,
};
use crate::domain::zone::LocalTime;

/// The last year in which dates are looked for.
const LAST_YEAR: i32 = 2199;

/// The dates of one rule, ascending: see [`Rule::dates`].
///
/// Always true: it looks at each day from the period of `starts` to the end of 2199 at most once, so it ends.
#[derive(Debug, Clone)]
pub struct RuleDates<'a> {
    rule: &'a Rule,
    starts: LocalTime,
    wanted: Wanted<'a>,
    /// No date after this wall time.
    last: NaiveDateTime,
    /// How many more dates there may be.
    left: Option<u32>,
    /// The next period that is looked at; none when all were.
    next: Option<Period>,
    /// Dates of the periods looked at that were not given yet.
    found: VecDeque<NaiveDate>,
}

/// A period: its first and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

/// The days that a rule wants, with what it leaves open filled in from `starts`.
#[derive(Debug, Clone)]
struct Wanted<'a> {
    months: Option<Months>,
    month_days: Option<MonthDays>,
    week_days: Option<std::borrow::Cow<'a, WeekDays>>,
    /// Ordinals of weekdays count in the year, not in the month.
    ordinals_in_year: bool,
}

impl<'a> RuleDates<'a> {
    pub(super) fn new(rule: &'a Rule, starts: LocalTime, until: Option<NaiveDateTime>) -> Self {
        let end = NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31).unwrap_or(NaiveDate::MIN);
        let end = end.and_time(last_second());
        let left = match rule.end {
            End::Count(count) => Some(count),
            End::Never | End::Date(_) | End::Local(_) | End::Utc(_) => None,
        };
        Self {
            rule,
            starts,
            wanted: Wanted::new(rule, starts.date()),
            last: until.map_or(end, |until| until.min(end)),
            left,
            next: Period::around(starts.date(), rule.frequency, rule.week_start),
            found: VecDeque::new(),
        }
    }

    /// The same dates, without looking for one after `last`.
    #[must_use]
    pub fn until(mut self, last: LocalTime) -> Self {
        self.last = self.last.min(last.to_chrono());
        self
    }

    /// Looks at one more period. False if there is none.
    fn look_on(&mut self) -> bool {
        let Some(period) = self.next.filter(|period| period.first <= self.last.date()) else {
            self.next = None;
            return false;
        };
        self.next = period.step(self.rule.frequency, self.rule.interval);
        let days = period.first.iter_days().take_while(|day| *day <= period.last);
        let wanted: Vec<NaiveDate> = days.filter(|day| self.wanted.holds(*day)).collect();
        if self.rule.positions.is_empty() {
            self.found.extend(wanted);
        } else {
            let places = 1..=i32::try_from(wanted.len()).unwrap_or(i32::MAX);
            let length = *places.end();
            let chosen = places.zip(wanted).filter(|(place, _)| {
                let holds = |position| self.rule.positions.binary_search(&position).is_ok();
                holds(*place) || holds(*place - length - 1)
            });
            self.found.extend(chosen.map(|(_, day)| day));
        }
        true
    }
}

impl Iterator for RuleDates<'_> {
    type Item = LocalTime;

    fn next(&mut self) -> Option<LocalTime> {
        if self.left == Some(0) {
            return None;
        }
        loop {
            while let Some(day) = self.found.pop_front() {
                let Some(date) = self.starts.on(day).filter(|date| *date >= self.starts) else {
                    continue;
                };
                if date.to_chrono() > self.last {
                    self.found.clear();
                    self.next = None;
                    return None;
                }
                self.left = self.left.map(|left| left - 1);
                return Some(date);
            }
            if !self.look_on() {
                return None;
            }
        }
    }
}

impl std::iter::FusedIterator for RuleDates<'_> {}

impl Period {
    /// The period in which a day lies.
    fn around(day: NaiveDate, frequency: Frequency, week_start: Weekday) -> Option<Self> {
        match frequency {
            Frequency::Yearly => Self::year(day.year()),
            Frequency::Monthly => Self::month(day.year(), day.month()),
            Frequency::Weekly => Self::days(day.week(week_start).checked_first_day()?, 7),
            Frequency::Daily => Self::days(day, 1),
        }
    }

    /// The period that is so many of its kind later; none where the calendar ends.
    fn step(self, frequency: Frequency, interval: u32) -> Option<Self> {
        let (year, month0) = (self.first.year(), self.first.month0());
        match frequency {
            Frequency::Yearly => Self::year(year.checked_add_unsigned(interval)?),
            Frequency::Monthly => {
                let months = month0 + interval;
                Self::month(year.checked_add_unsigned(months / 12)?, months % 12 + 1)
            }
            Frequency::Weekly => Self::days(add_days(self.first, interval * 7)?, 7),
            Frequency::Daily => Self::days(add_days(self.first, interval)?, 1),
        }
    }

    fn year(year: i32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        Some(Self { first, last: NaiveDate::from_ymd_opt(year, 12, 31)? })
    }

    fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::days(first, month_length(first))
    }

    fn days(first: NaiveDate, count: u32) -> Option<Self> {
        Some(Self { first, last: add_days(first, count - 1)? })
    }
}

fn add_days(day: NaiveDate, days: u32) -> Option<NaiveDate> {
    day.checked_add_days(chrono::Days::new(u64::from(days)))
}

fn month_length(day: NaiveDate) -> u32 {
    match day.month() {
        2 if day.leap_year() => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl<'a> Wanted<'a> {
    fn new(rule: &'a Rule, starts: NaiveDate) -> Self {
        let mut wanted = Self {
            months: rule.months,
            month_days: rule.month_days,
            week_days: rule.week_days.as_ref().map(std::borrow::Cow::Borrowed),
            ordinals_in_year: rule.frequency == Frequency::Yearly && rule.months.is_none(),
        };
        let any_day = rule.month_days.is_none() && rule.week_days.is_none();
        match rule.frequency {
            Frequency::Yearly | Frequency::Monthly if any_day => {
                wanted.month_days = Some(MonthDays { from_start: 1 << starts.day(), from_end: 0 });
                if rule.frequency == Frequency::Yearly && rule.months.is_none() {
                    wanted.months = Some(Months(1 << starts.month()));
                }
            }
            Frequency::Weekly if any_day => {
                let every = 1 << starts.weekday().num_days_from_monday();
                let same = WeekDays { every, numbered: Vec::new() };
                wanted.week_days = Some(std::borrow::Cow::Owned(same));
            }
            Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily => {}
        }
        wanted
    }

    fn holds(&self, day: NaiveDate) -> bool {
        let length = month_length(day);
        self.months.is_none_or(|months| months.holds(day))
            && self.month_days.is_none_or(|days| days.holds(day, length))
            && self.week_days.as_ref().is_none_or(|days| {
                if self.ordinals_in_year {
                    days.holds(day, day.ordinal(), if day.leap_year() { 366 } else { 365 })
                } else {
                    days.holds(day, day.day(), length)
                }
            })
    }
}

#[cfg(test)]
#[path = "expansion_tests.rs"]
mod tests;
