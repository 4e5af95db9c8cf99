//! The values of a calendar's lines: dates and times in their zones, lengths, periods.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::Moment;
use crate::domain::instant::Span;
use crate::domain::recurrence::BasicTime;
use crate::domain::schedule::MAX_SPAN;
use crate::domain::zone::{LocalTime, Zone};

use super::content_line::ContentLine;

/// Why a series is left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    /// It takes whole days.
    #[error("all-day: a time of day is needed")]
    AllDay,
    /// It takes no time, or ends before it starts.
    #[error("no positive length: DTEND after DTSTART, or DURATION, is needed")]
    NoLength,
    /// It is longer than a slot may be.
    #[error("longer than 366 days")]
    TooLong,
    /// Its zone is none of the IANA database.
    #[error("unknown zone {0:?}: an IANA name is needed, as in Europe/Berlin")]
    UnknownZone(String),
    /// Its rule is wrong or says what is not supported.
    #[error("unsupported rule: {0}")]
    Rule(#[from] crate::domain::recurrence::RuleError),
    /// It excludes dates by a rule.
    #[error("EXRULE: list the dates in EXDATE")]
    ExRule,
    /// It changes all dates from one on.
    #[error("RANGE: a RECURRENCE-ID for a single date is needed")]
    Range,
    /// A line that it needs is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A line's value is not what it should be.
    #[error("{0}: {1} is needed")]
    Value(String, &'static str),
    /// It lists too many dates.
    #[error("more than 100000 dates are listed")]
    TooMany,
}

/// A value that is a date or a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A date alone.
    Date(NaiveDate),
    /// A time.
    At(Moment),
}

/// Where a calendar's times without a zone take place: the zone, or the name that is none.
#[derive(Debug, Clone)]
pub(super) struct Floating(pub(super) Result<Zone, String>);

const A_TIME: &str = "a time of the years 1970 to 2199, as in 20270904T193000,";

/// The zone by a name that a calendar gives it. A name that begins with `/` is some registry's: what it ends with
/// counts, as in `/freeassociation.sourceforge.net/Europe/Berlin`.
pub(super) fn zone(name: &str) -> Result<Zone, Fault> {
    if let Ok(zone) = name.parse() {
        return Ok(zone);
    }
    let mut rest = name.strip_prefix('/').unwrap_or("");
    while let Some((_, after)) = rest.split_once('/') {
        if let Ok(zone) = after.parse() {
            return Ok(zone);
        }
        rest = after;
    }
    Err(Fault::UnknownZone(name.chars().take(100).collect()))
}

/// Reads one value of a line.
pub(super) fn stamp(line: &ContentLine, value: &str, floating: &Floating) -> Result<Stamp, Fault> {
    let wrong = || Fault::Value(line.name.clone(), A_TIME);
    let local = |time: chrono::NaiveDateTime| {
        LocalTime::from_chrono(time).filter(|_| time.year() <= 2199).ok_or_else(wrong)
    };
    match value.trim().parse().map_err(|_| wrong())? {
        BasicTime::Date(date) => Ok(Stamp::Date(date)),
        BasicTime::Utc(time) => {
            let zone = "UTC".parse().map_err(|_| wrong())?;
            Ok(Stamp::At(Moment { wall: local(time)?, zone }))
        }
        BasicTime::Local(time) => {
            let zone = match (line.param("TZID"), &floating.0) {
                (Some(name), _) => zone(name)?,
                (None, Ok(zone)) => zone.clone(),
                (None, Err(name)) => return Err(Fault::UnknownZone(name.clone())),
            };
            Ok(Stamp::At(Moment { wall: local(time)?, zone }))
        }
    }
}

/// Reads a line that has one time.
pub(super) fn moment(line: &ContentLine, floating: &Floating) -> Result<Moment, Fault> {
    match stamp(line, &line.value, floating)? {
        Stamp::At(moment) => Ok(moment),
        Stamp::Date(_) => Err(Fault::AllDay),
    }
}

/// The elapsed time from one moment to another.
pub(super) fn between(starts: &Moment, ends: &Moment) -> Result<Span, Fault> {
    checked(ends.at().micros().saturating_sub(starts.at().micros()))
}

/// A length in microseconds, if it is one that a slot may have.
fn checked(micros: i64) -> Result<Span, Fault> {
    match micros {
        ..=0 => Err(Fault::NoLength),
        micros if micros > MAX_SPAN.micros() => Err(Fault::TooLong),
        micros => Ok(Span::from_micros(micros)),
    }
}

/// Reads a length: `PT2H33M`, `P1DT12H`, `P2W`; days have 24 hours.
pub(super) fn duration(line: &ContentLine, text: &str) -> Result<Span, Fault> {
    let wrong = || Fault::Value(line.name.clone(), "a length, as in PT2H33M,");
    let text = text.trim().to_ascii_uppercase();
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let mut rest = rest.strip_prefix('P').ok_or_else(wrong)?;
    let mut seconds: i64 = 0;
    let (mut in_time, mut any) = (false, false);
    while !rest.is_empty() {
        if let (Some(after), false) = (rest.strip_prefix('T'), in_time) {
            (in_time, rest) = (true, after);
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        let unit = match (rest.as_bytes().get(digits), in_time) {
            (Some(b'W'), false) => 604_800,
            (Some(b'D'), false) => 86_400,
            (Some(b'H'), true) => 3_600,
            (Some(b'M'), true) => 60,
            (Some(b'S'), true) => 1,
            _ => return Err(wrong()),
        };
        let more = number.checked_mul(unit).ok_or(Fault::TooLong)?;
        seconds = seconds.checked_add(more).ok_or(Fault::TooLong)?;
        rest = &rest[digits + 1..];
        any = true;
    }
    match (any, negative) {
        (false, _) => Err(wrong()),
        (true, true) => Err(Fault::NoLength),
        (true, false) => checked(seconds.saturating_mul(1_000_000)),
    }
}

/// Reads a period: a start, and an end or a length behind a slash.
pub(super) fn period(
    line: &ContentLine,
    value: &str,
    floating: &Floating,
) -> Result<(Moment, Span), Fault> {
    let wrong = || Fault::Value(line.name.clone(), "a period, as in 20270904T193000/PT2H,");
    let (start, end) = value.split_once('/').ok_or_else(wrong)?;
    let Stamp::At(starts) = stamp(line, start, floating)? else { return Err(wrong()) };
    if end.trim_start().starts_with(['P', 'p', '+', '-']) {
        let length = duration(line, end)?;
        return Ok((starts, length));
    }
    let Stamp::At(ends) = stamp(line, end, floating)? else { return Err(wrong()) };
    let length = between(&starts, &ends)?;
    Ok((starts, length))
}
