//! Opening hours as instants, and the slots that are cut from them.
//!
//! Hours are wall time: those of one date are merged, then each bound is turned into an instant. Cutting is in
//! elapsed time from there. No clock takes part.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use rustc_hash::FxHashMap;

use crate::domain::hours::{DAY, DatedHours, Hours, NotHours, WeeklyHours};
use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::{ScheduleError, ScheduleSpec};
use crate::domain::slot_date::RejectedDate;
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};

/// The opening hours of a schedule, read and checked, and how slots are cut from them.
///
/// Always true: the hours of each weekday and date are ascending and apart from each other; length and step are
/// more than nothing and, like the rounding, whole seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    /// Monday first.
    week: [Vec<Hours>; 7],
    /// In place of the weekday's; none of them where it is closed.
    dated: FxHashMap<NaiveDate, Vec<Hours>>,
    length: Span,
    step: Span,
    align: Option<Span>,
    gap: GapPolicy,
}

/// A stretch of time in which it is open: [`opens`, `closes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// First instant.
    pub opens: Instant,
    /// First instant after it; always later.
    pub closes: Instant,
}

/// What opens on one date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenDay {
    /// Ascending, apart from each other.
    pub windows: Vec<Window>,
    /// The bounds that the gap policy rejects: their windows are left out. Ascending.
    pub rejected: Vec<RejectedDate>,
}

impl Windows {
    /// Reads the opening hours of a schedule that fits together.
    ///
    /// # Takes
    /// `length`: how long a slot is where the schedule does not say it.
    ///
    /// # Errors
    /// The first entry that is wrong, by its key and place; the step, if it is below the length and slots may
    /// not overlap; a length of nothing or of parts of a second.
    pub fn new(spec: &ScheduleSpec, length: Span) -> Result<Self, ScheduleError> {
        let length = spec.length.unwrap_or(length);
        let pause = spec.pause.unwrap_or_default();
        let step =
            spec.step.unwrap_or(Span::from_micros(length.micros().saturating_add(pause.micros())));
        let spans = [("length", length), ("step", step), ("align", spec.align.unwrap_or(length))];
        for (key, span) in spans {
            if span == Span::ZERO || span.micros() % 1_000_000 != 0 {
                return Err(ScheduleError::new(key, None, "whole seconds are needed, at least 1s"));
            }
        }
        if step < length && !spec.overlap {
            let message = "a step below the length needs overlap = true";
            return Err(ScheduleError::new("step", None, message));
        }
        let week = read_week(&spec.open)?;
        let dated = read_dated(&spec.overrides)?;
        Ok(Self { week, dated, length, step, align: spec.align, gap: spec.gap })
    }

    /// How long each slot is.
    pub const fn length(&self) -> Span {
        self.length
    }

    /// The hours that open on a date, on the wall.
    fn hours(&self, date: NaiveDate) -> &[Hours] {
        let weekday = date.weekday().num_days_from_monday() as usize;
        self.dated.get(&date).map_or(&self.week[weekday], Vec::as_slice)
    }

    /// What opens on a date, as instants. Hours of which the clock leaves nothing are left out.
    pub fn on(&self, date: NaiveDate, zone: &Zone) -> OpenDay {
        let mut day = OpenDay::default();
        for hours in self.hours(date) {
            let opens = self.bound(date, hours.opens(), zone);
            let closes = self.bound(date, hours.closes(), zone);
            match (opens, closes) {
                (Ok(opens), Ok(closes)) if opens < closes => {
                    day.windows.push(Window { opens, closes });
                }
                (Ok(_), Ok(_)) => {}
                (Err(rejected), _) | (_, Err(rejected)) => day.rejected.push(rejected),
            }
        }
        // A bound that the gap policy moves can reach into the next hours.
        day.windows.sort_unstable();
        let mut apart: Vec<Window> = Vec::with_capacity(day.windows.len());
        for window in day.windows {
            match apart.last_mut().filter(|last| window.opens <= last.closes) {
                Some(last) => last.closes = last.closes.max(window.closes),
                None => apart.push(window),
            }
        }
        day.windows = apart;
        day.rejected.sort_unstable();
        day
    }

    /// The instant of a bound: so many seconds on the wall after 00:00 of a date.
    fn bound(&self, date: NaiveDate, seconds: u32, zone: &Zone) -> Result<Instant, RejectedDate> {
        let date = date.checked_add_days(Days::new(u64::from(seconds / DAY))).unwrap_or(date);
        if seconds.is_multiple_of(DAY) {
            return Ok(zone.day_begins(date));
        }
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds % DAY, 0);
        let Some(local) = LocalTime::from_chrono(date.and_time(time.unwrap_or_default())) else {
            return Ok(Instant::MAX);
        };
        match zone.resolve(local, self.gap) {
            Resolved::At(at) => Ok(at),
            Resolved::Rejected(reason) => Err(RejectedDate { local, reason }),
        }
    }

    /// Cuts a window: the starts of its slots, ascending. A slot fits if it ends by the close.
    pub fn cut(&self, window: Window, zone: &Zone) -> impl Iterator<Item = Instant> {
        let first = self.align.map_or(window.opens, |align| aligned(window.opens, align, zone));
        let (length, step) = (self.length, self.step);
        let fits = move |start: &Instant| {
            let ends = start.micros().saturating_add(length.micros());
            ends <= window.closes.micros()
        };
        let next = move |start: &Instant| {
            Instant::from_micros(start.micros().saturating_add(step.micros()))
        };
        std::iter::successors(Some(first), next).take_while(fits)
    }
}

/// The first instant from this one on at which the wall shows a multiple of `align`, counted from 00:00.
fn aligned(opens: Instant, align: Span, zone: &Zone) -> Instant {
    let day = Span::from_days(1).micros();
    let mut at = opens;
    loop {
        let midnight = zone.local(at).date().and_time(NaiveTime::MIN);
        let shown = zone.local(at).to_chrono() - midnight;
        let shown = shown.num_microseconds().unwrap_or(0);
        let over = shown % align.micros();
        if over == 0 {
            return at;
        }
        // Midnight is a multiple whatever the length.
        let rest = (align.micros() - over).min(day - shown);
        let then = at.plus(Span::from_micros(rest));
        match zone.next_change(at) {
            // The clock is set on the way there: from then on it shows something else.
            Some(change) if change <= then => at = change,
            Some(_) | None => return then,
        }
    }
}

fn wrong(key: &'static str, entry: usize, error: NotHours) -> ScheduleError {
    ScheduleError::new(key, Some(entry), error.to_string())
}

fn read_week(open: &[String]) -> Result<[Vec<Hours>; 7], ScheduleError> {
    let mut week = <[Vec<Hours>; 7]>::default();
    for (entry, text) in open.iter().enumerate() {
        let weekly: WeeklyHours = text.parse().map_err(|error| wrong("open", entry, error))?;
        let mut weekday = chrono::Weekday::Mon;
        for hours in &mut week {
            if weekly.holds(weekday) {
                hours.push(weekly.hours);
            }
            weekday = weekday.succ();
        }
    }
    Ok(week.map(Hours::merged))
}

fn read_dated(overrides: &[String]) -> Result<FxHashMap<NaiveDate, Vec<Hours>>, ScheduleError> {
    let mut dated: FxHashMap<NaiveDate, Vec<Hours>> = FxHashMap::default();
    for (entry, text) in overrides.iter().enumerate() {
        let one: DatedHours = text.parse().map_err(|error| wrong("override", entry, error))?;
        let is_new = !dated.contains_key(&one.date);
        let hours = dated.entry(one.date).or_default();
        if !is_new && hours.is_empty() != one.hours.is_none() {
            let message = "this date is closed in one entry and has hours in another";
            return Err(ScheduleError::new("override", Some(entry), message));
        }
        hours.extend(one.hours);
    }
    Ok(dated.into_iter().map(|(date, hours)| (date, Hours::merged(hours))).collect())
}

#[cfg(test)]
#[path = "windows_tests.rs"]
mod tests;
