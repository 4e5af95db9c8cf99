//! Reads a recurrence rule: `NAME=VALUE` parts between semicolons, in any order and any letter case.

use std::fmt;
use std::str::FromStr;

use chrono::Weekday;

use crate::domain::recurrence::basic_time::BasicTime;
use crate::domain::recurrence::rule::{
    End, Frequency, MAX_COUNT, MAX_INTERVAL, MonthDays, Months, Rule, WeekDays,
};
use crate::domain::schedule::MAX_RULE_CHARS;

/// Why a text is not a recurrence rule, and at which part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The part's name in capitals, as in `BYDAY`; of an unknown one the first 40 characters as they stand.
    pub part: String,
    /// What is wrong with it.
    pub fault: RuleFault,
}

/// What is wrong with a part of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleFault {
    /// The rule is longer than 1,000 characters.
    TooLong,
    /// It is not NAME=VALUE.
    NotAPart,
    /// No such part exists.
    Unknown,
    /// RFC 5545 has it, VENUE has not.
    Unsupported,
    /// It stands there twice.
    Repeated,
    /// It has no value.
    Empty,
    /// A rule needs it.
    Missing,
    /// Its value is not what is needed, which the text says.
    Value(&'static str),
    /// It does not go with another part, as the text says.
    Excluded(&'static str),
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = &self.part;
        match self.fault {
            RuleFault::TooLong => {
                write!(f, "a rule of at most {MAX_RULE_CHARS} characters is needed")
            }
            RuleFault::NotAPart => write!(
                f,
                "{part:?} is not a part: NAME=VALUE is needed between semicolons, as in \
                 FREQ=WEEKLY;BYDAY=SA"
            ),
            RuleFault::Unknown => write!(
                f,
                "{part:?} is not a part of a rule: these are FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, \
                 BYMONTH, BYSETPOS and WKST"
            ),
            RuleFault::Unsupported => write!(
                f,
                "{part} is not supported: list such dates, or say it with BYDAY, BYMONTHDAY, BYMONTH or BYSETPOS"
            ),
            RuleFault::Repeated => write!(f, "{part} stands there twice: once is needed"),
            RuleFault::Empty => {
                write!(f, "{part} has an empty value: fill it in or leave {part} out")
            }
            RuleFault::Missing => {
                write!(f, "{part} is missing: YEARLY, MONTHLY, WEEKLY or DAILY is needed")
            }
            RuleFault::Value(needed) => write!(f, "{part}: {needed}"),
            RuleFault::Excluded(why) => write!(f, "{part} {why}"),
        }
    }
}

impl std::error::Error for RuleError {}

/// The parts of a rule as they stand there, each at most once.
#[derive(Debug, Default)]
struct Parts<'a> {
    values: [Option<&'a str>; NAMES.len()],
}

/// The parts, in RFC 5545's order: [`Parts::values`] has their values in the same order.
const NAMES: [&str; 9] =
    ["FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"];

/// Parts that RFC 5545 has beside them.
const UNSUPPORTED: [&str; 5] = ["BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO"];

fn fault(part: &str, fault: RuleFault) -> RuleError {
    RuleError { part: part.chars().take(40).collect(), fault }
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, RuleError> {
        if text.chars().count() > MAX_RULE_CHARS {
            return Err(fault("", RuleFault::TooLong));
        }
        let mut parts = Self::default();
        for part in text.split(';') {
            let (name, value) =
                part.split_once('=').ok_or_else(|| fault(part, RuleFault::NotAPart))?;
            let Some(at) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
                let known = UNSUPPORTED.iter().find(|known| known.eq_ignore_ascii_case(name));
                return Err(known.map_or_else(
                    || fault(name, RuleFault::Unknown),
                    |known| fault(known, RuleFault::Unsupported),
                ));
            };
            if parts.values[at].replace(value).is_some() {
                return Err(fault(NAMES[at], RuleFault::Repeated));
            }
            if value.is_empty() {
                return Err(fault(NAMES[at], RuleFault::Empty));
            }
        }
        Ok(parts)
    }

    /// The value of a part, read.
    fn value<T>(
        &self,
        name: &'static str,
        needed: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, RuleError> {
        let at = NAMES.iter().position(|known| *known == name);
        let Some(text) = at.and_then(|at| self.values[at]) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| fault(name, RuleFault::Value(needed)))
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let parts = Parts::read(text)?;
        let frequency = frequency(&parts)?;
        let until = parts.value(
            "UNTIL",
            "a date (20271231), a local time (20271231T235959) or an instant (20271231T225959Z) is needed",
            until,
        )?;
        let count =
            parts.value("COUNT", "1 to 100000 is needed", |text| number(text, MAX_COUNT))?;
        let end = match (count, until) {
            (Some(_), Some(_)) => return Err(excluded("COUNT", "and UNTIL exclude each other")),
            (Some(count), None) => End::Count(count),
            (None, Some(until)) => until,
            (None, None) => End::Never,
        };
        let interval =
            parts.value("INTERVAL", "1 to 1000 is needed", |text| number(text, MAX_INTERVAL))?;
        let rule = Self {
            frequency,
            interval: interval.unwrap_or(1),
            end,
            months: parts.value("BYMONTH", "months from 1 to 12 are needed", months)?,
            month_days: parts.value(
                "BYMONTHDAY",
                "days from 1 to 31 or from -1 to -31 are needed",
                month_days,
            )?,
            week_days: parts.value(
                "BYDAY",
                "MO, TU, WE, TH, FR, SA or SU are needed, with a number from 1 to 53 or from -1 to -53 before them \
                 at most",
                week_days,
            )?,
            positions: parts
                .value("BYSETPOS", "numbers from 1 to 366 or from -1 to -366 are needed", positions)?
                .unwrap_or_default(),
            week_start: parts
                .value("WKST", "MO, TU, WE, TH, FR, SA or SU is needed", week_day)?
                .unwrap_or(Weekday::Mon),
        };
        rule.check()?;
        Ok(rule)
    }
}

fn excluded(part: &str, why: &'static str) -> RuleError {
    fault(part, RuleFault::Excluded(why))
}

impl Rule {
    /// Checks that the parts go together.
    fn check(&self) -> Result<(), RuleError> {
        let numbered = self.week_days.as_ref().is_some_and(|days| !days.numbered.is_empty());
        match self.frequency {
            Frequency::Weekly | Frequency::Daily if numbered => Err(excluded(
                "BYDAY",
                "with numbers needs FREQ=MONTHLY or FREQ=YEARLY: in a week or a day there is nothing to count",
            )),
            Frequency::Weekly if self.month_days.is_some() => {
                Err(excluded("BYMONTHDAY", "needs another FREQ than WEEKLY"))
            }
            Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily
                if !self.positions.is_empty()
                    && self.months.is_none()
                    && self.month_days.is_none()
                    && self.week_days.is_none() =>
            {
                Err(excluded("BYSETPOS", "needs BYDAY, BYMONTHDAY or BYMONTH beside it"))
            }
            Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily => Ok(()),
        }
    }
}

fn frequency(parts: &Parts<'_>) -> Result<Frequency, RuleError> {
    let known = [
        ("YEARLY", Frequency::Yearly),
        ("MONTHLY", Frequency::Monthly),
        ("WEEKLY", Frequency::Weekly),
        ("DAILY", Frequency::Daily),
    ];
    let needed = "YEARLY, MONTHLY, WEEKLY or DAILY is needed";
    let found = parts.value("FREQ", needed, |text| {
        known.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|known| known.1)
    })?;
    found.ok_or_else(|| fault("FREQ", RuleFault::Missing))
}

/// Digits alone, from 1 to the largest.
fn number(text: &str, largest: u32) -> Option<u32> {
    let mut number = 0_u32;
    for byte in text.bytes() {
        let digit = char::from(byte).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    (1..=largest).contains(&number).then_some(number)
}

/// Digits with or without a sign: never 0, at most so far from it.
fn signed(text: &str, largest: u32) -> Option<i32> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = i32::try_from(number(digits, largest)?).ok()?;
    Some(if negative { -number } else { number })
}

fn months(text: &str) -> Option<Months> {
    let mut months = Months::default();
    for item in text.split(',') {
        months.0 |= 1 << number(item, 12)?;
    }
    Some(months)
}

fn month_days(text: &str) -> Option<MonthDays> {
    let mut days = MonthDays::default();
    for item in text.split(',') {
        let day = signed(item, 31)?;
        let bits = if day > 0 { &mut days.from_start } else { &mut days.from_end };
        *bits |= 1 << day.unsigned_abs();
    }
    Some(days)
}

fn week_days(text: &str) -> Option<WeekDays> {
    let mut days = WeekDays::default();
    for item in text.split(',') {
        let letters = item.len().checked_sub(2)?;
        let (ordinal, name) = item.split_at_checked(letters)?;
        let day = week_day(name)?;
        if ordinal.is_empty() {
            days.every |= 1 << day.num_days_from_monday();
        } else {
            days.numbered.push((signed(ordinal, 53)?, day));
        }
    }
    days.numbered.sort_unstable_by_key(|(ordinal, day)| (*ordinal, day.num_days_from_monday()));
    days.numbered.dedup();
    Some(days)
}

fn week_day(name: &str) -> Option<Weekday> {
    let known = [
        ("MO", Weekday::Mon),
        ("TU", Weekday::Tue),
        ("WE", Weekday::Wed),
        ("TH", Weekday::Thu),
        ("FR", Weekday::Fri),
        ("SA", Weekday::Sat),
        ("SU", Weekday::Sun),
    ];
    known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|known| known.1)
}

fn positions(text: &str) -> Option<Vec<i32>> {
    let mut found = text.split(',').map(|item| signed(item, 366)).collect::<Option<Vec<i32>>>()?;
    found.sort_unstable();
    found.dedup();
    Some(found)
}

fn until(text: &str) -> Option<End> {
    match text.parse().ok()? {
        BasicTime::Date(date) => Some(End::Date(date)),
        BasicTime::Local(wall) => Some(End::Local(wall)),
        BasicTime::Utc(utc) => Some(End::Utc(utc)),
    }
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
