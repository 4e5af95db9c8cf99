//! Dates and times in the form of RFC 5545: `20271231`, `20271231T235959`, `20271231T225959Z`.

use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};

/// A date or a time as RFC 5545 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasicTime {
    /// A date alone.
    Date(NaiveDate),
    /// A wall time, whose zone stands elsewhere if it has one.
    Local(NaiveDateTime),
    /// A time in UTC.
    Utc(NaiveDateTime),
}

/// A text that is neither a date nor a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a date (20271231), a local time (20271231T235959) or an instant (20271231T225959Z) is needed"
)]
pub struct NotABasicTime;

impl FromStr for BasicTime {
    type Err = NotABasicTime;

    fn from_str(text: &str) -> Result<Self, NotABasicTime> {
        read(text).ok_or(NotABasicTime)
    }
}

fn read(text: &str) -> Option<BasicTime> {
    let date = date(text.get(..8)?)?;
    let rest = &text[8..];
    if rest.is_empty() {
        return Some(BasicTime::Date(date));
    }
    let time = rest.strip_prefix(['T', 't'])?;
    match time.strip_suffix(['Z', 'z']) {
        Some(time) => Some(BasicTime::Utc(time_of_day(date, time)?)),
        None => Some(BasicTime::Local(time_of_day(date, time)?)),
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let year = i32::try_from(digits(text.get(..4)?)?).ok()?;
    NaiveDate::from_ymd_opt(year, digits(text.get(4..6)?)?, digits(text.get(6..8)?)?)
}

fn time_of_day(date: NaiveDate, text: &str) -> Option<NaiveDateTime> {
    if text.len() != 6 {
        return None;
    }
    let pair = |from: usize| digits(text.get(from..from + 2)?);
    date.and_hms_opt(pair(0)?, pair(2)?, pair(4)?)
}

/// ASCII digits alone.
fn digits(text: &str) -> Option<u32> {
    text.bytes().try_fold(0_u32, |number, byte| {
        number.checked_mul(10)?.checked_add(char::from(byte).to_digit(10)?)
    })
}
