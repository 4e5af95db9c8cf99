//! What a recurrence rule says: a frequency, an end, and the days that it wants.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::domain::instant::Instant;
use crate::domain::recurrence::expansion::RuleDates;
use crate::domain::zone::{LocalTime, Zone};

/// The largest INTERVAL.
pub(super) const MAX_INTERVAL: u32 = 1_000;
/// The largest COUNT.
pub(super) const MAX_COUNT: u32 = 100_000;

/// A recurrence rule that was read and is valid: `FREQ=WEEKLY;BYDAY=SA;COUNT=10`.
///
/// Always true: its parts fit together, each number is in its range, and every list is free of repetitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub(super) frequency: Frequency,
    pub(super) interval: u32,
    pub(super) end: End,
    pub(super) months: Option<Months>,
    pub(super) month_days: Option<MonthDays>,
    pub(super) week_days: Option<WeekDays>,
    /// Ascending; empty where the rule has no BYSETPOS.
    pub(super) positions: Vec<i32>,
    pub(super) week_start: Weekday,
}

/// How often a rule begins anew: its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// A calendar year.
    Yearly,
    /// A calendar month.
    Monthly,
    /// Seven days from WKST on.
    Weekly,
    /// One day.
    Daily,
}

/// Where a rule ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With the last day that is looked for.
    Never,
    /// After so many dates.
    Count(u32),
    /// With this date, until the end of the day.
    Date(NaiveDate),
    /// At this wall time, itself included.
    Local(NaiveDateTime),
    /// At this instant, itself included: a time in UTC.
    Utc(NaiveDateTime),
}

/// BYMONTH: a bit for each month, from bit 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Months(pub(super) u16);

/// BYMONTHDAY: a bit for each day, counted from the month's start and from its end, from bit 1 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MonthDays {
    pub(super) from_start: u32,
    pub(super) from_end: u32,
}

/// BYDAY: every such weekday, or the n-th of them in the month or the year.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct WeekDays {
    /// A bit for each weekday without an ordinal, Monday first.
    pub(super) every: u8,
    /// Ordinal (never 0; negative ones count from the end) and weekday.
    pub(super) numbered: Vec<(i32, Weekday)>,
}

impl Rule {
    /// Finds the rule's dates from `starts` on, each at the time of day of `starts`, one after the other.
    ///
    /// # Takes
    /// `starts`: where the rule begins; it is among the dates only if the rule names it. `zone`: for an UNTIL in
    /// UTC, which is turned into wall time once.
    ///
    /// # Returns
    /// Ascending wall times, each once, to the rule's COUNT or UNTIL and never after 2199. A rule that never matches
    /// gives none: at most the days from `starts` to 2199 are looked at.
    ///
    /// # Source
    /// RFC 5545, section 3.3.10.
    pub fn dates(&self, starts: LocalTime, zone: &Zone) -> RuleDates<'_> {
        let until = match self.end {
            End::Never | End::Count(_) => None,
            End::Date(date) => Some(date.and_time(last_second())),
            End::Local(wall) => Some(wall),
            End::Utc(utc) => Some(wall_time(utc, zone)),
        };
        RuleDates::new(self, starts, until)
    }

    /// The day on which its weeks begin: WKST, or Monday.
    pub const fn week_start(&self) -> Weekday {
        self.week_start
    }

    /// True if the rule ends by itself, by COUNT or UNTIL.
    pub fn has_end(&self) -> bool {
        self.end != End::Never
    }
}

/// The last second of a day, as whole seconds count.
pub(super) fn last_second() -> NaiveTime {
    NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default()
}

/// What the wall shows at a time in UTC. Before 1970 there are no instants, and no dates either: it stays as it is.
fn wall_time(utc: NaiveDateTime, zone: &Zone) -> NaiveDateTime {
    match Instant::from_chrono(utc.and_utc()) {
        Some(at) => zone.local(at).to_chrono(),
        None => utc,
    }
}

impl Months {
    pub(super) fn holds(self, date: NaiveDate) -> bool {
        self.0 >> date.month() & 1 == 1
    }
}

impl MonthDays {
    /// True if one of the days is this one, in a month of so many days.
    pub(super) fn holds(self, date: NaiveDate, month_length: u32) -> bool {
        let back = month_length + 1 - date.day();
        self.from_start >> date.day() & 1 == 1 || self.from_end >> back & 1 == 1
    }
}

impl WeekDays {
    /// True if one of them is this day, which is the `day`-th of the `length` days in which ordinals count.
    pub(super) fn holds(&self, date: NaiveDate, day: u32, length: u32) -> bool {
        let weekday = date.weekday();
        if self.every >> weekday.num_days_from_monday() & 1 == 1 {
            return true;
        }
        let from_start = i64::from((day - 1) / 7 + 1);
        let from_end = -i64::from((length - day) / 7 + 1);
        self.numbered.iter().any(|(ordinal, wanted)| {
            let ordinal = i64::from(*ordinal);
            *wanted == weekday && (ordinal == from_start || ordinal == from_end)
        })
    }
}
