//! The dates of a schedule: recurrence rules, listed dates and opening hours, as instants.
//!
//! Rules and listed dates are wall times: they are joined, what `exdate` and the ends take away is left out, and
//! only then the zone turns each into an instant. Opening hours become windows first, and slots are cut from them.
//! It is one pure function: the same schedule, zone data and instant give the same slots.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rustc_hash::FxHashSet;

use crate::domain::instant::{Instant, Span};
use crate::domain::recurrence::union;
use crate::domain::schedule::{Bound, ListedDate, ScheduleError, ScheduleSpec};
pub use crate::domain::slot_date::{Dates, RejectedDate, SlotDate};
use crate::domain::windows::Windows;
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};

/// The most slots that one schedule makes.
pub const MAX_SLOTS: usize = 100_000;
/// How far an endless schedule is looked at where it does not say it.
const USUAL_HORIZON: Span = Span::from_days(365);
/// No date after this is looked for.
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2199, 12, 31).expect("a date");
/// Wall time and instants never part by more: a zone once left a day out, and changed its offset on it.
const SLACK: Days = Days::new(3);

/// Why a schedule makes no slots at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDates {
    /// It cannot be read.
    #[error("{}: {}", .0.place(), .0.message)]
    Wrong(#[from] ScheduleError),
    /// It asks for more than [`MAX_SLOTS`].
    #[error("more than {MAX_SLOTS} slots")]
    TooManySlots,
}

/// Which of a schedule's dates are looked at, beside its own ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// No slot starts before.
    pub first: Option<Instant>,
    /// No slot starts on a later date on the wall.
    pub last: Option<NaiveDate>,
    /// At most so many slots; [`Dates::next`] tells whether there are more.
    pub most: usize,
}

impl View {
    /// What generation sees at an instant: slots that start at or after `at` + notice, on a date not later than the
    /// horizon allows. A schedule that ends has no horizon by default, an endless one 365 days.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn at(spec: &ScheduleSpec, zone: &Zone, at: Instant) -> Result<Self, ScheduleError> {
        let usual = spec.is_endless()?.then_some(USUAL_HORIZON);
        let last = spec.horizon.or(usual).and_then(|horizon| {
            let days = u64::try_from(horizon.micros() / Span::from_days(1).micros()).ok()?;
            zone.local(at).date().checked_add_days(Days::new(days))
        });
        let first = Some(at.plus(spec.notice.unwrap_or_default()));
        Ok(Self { first, last, most: MAX_SLOTS })
    }

    /// Everything, whatever the clock says; only opening hours without a beginning begin now.
    pub fn whole(spec: &ScheduleSpec, now: Instant) -> Self {
        let begins_now = spec.has_windows() && spec.from.is_none();
        Self { first: begins_now.then_some(now), last: None, most: MAX_SLOTS }
    }

    /// True if a slot that starts then is seen.
    pub fn holds(&self, starts_at: Instant, zone: &Zone) -> bool {
        self.first.is_none_or(|first| starts_at >= first)
            && self.last.is_none_or(|last| zone.local(starts_at).date() <= last)
    }
}

/// Finds the slots that a schedule asks for at an instant: all that [`View::at`] sees.
///
/// # Takes
/// `duration`: of the event; opening hours use it where the schedule has no length.
///
/// # Errors
/// What cannot be read, and more than [`MAX_SLOTS`] slots: then none is made.
pub fn dates(
    spec: &ScheduleSpec,
    duration: Span,
    zone: &Zone,
    at: Instant,
) -> Result<Dates, NoDates> {
    let found = dates_in(spec, duration, zone, View::at(spec, zone, at)?)?;
    if found.next.is_some() { Err(NoDates::TooManySlots) } else { Ok(found) }
}

/// Finds the first slots of a schedule in a view.
///
/// # Errors
/// What cannot be read.
pub fn dates_in(
    spec: &ScheduleSpec,
    duration: Span,
    zone: &Zone,
    view: View,
) -> Result<Dates, ScheduleError> {
    let reach = Reach::new(spec, zone, view);
    if spec.has_windows() {
        let windows = Windows::new(spec, duration)?;
        let mut search = Search::new(zone, reach, windows.length());
        search.open_days(&windows);
        return Ok(search.finish());
    }
    let rules = spec.rules()?;
    let mut search = Search::new(zone, reach, duration);
    let removed = Removed::new(spec, zone);
    search.listed(spec, &removed);
    if let Some(starts) = spec.starts.filter(|_| !rules.is_empty()) {
        search.rules(union(&rules, starts, zone), &removed, spec.gap);
    }
    Ok(search.finish())
}

/// Between which bounds dates are looked for: the schedule's own, and those of the view.
#[derive(Debug, Clone, Copy)]
struct Reach {
    from: Option<Bound>,
    until: Option<Bound>,
    view: View,
    /// The first instant on the wall, for dates that have no instant.
    first_local: LocalTime,
    /// No wall time and no opening date outside of these can become a slot.
    begin: NaiveDate,
    end: NaiveDate,
}

impl Reach {
    fn new(spec: &ScheduleSpec, zone: &Zone, view: View) -> Self {
        let first_local = view.first.map_or(LocalTime::FIRST, |first| zone.local(first));
        let begin = first_local.date().checked_sub_days(SLACK).unwrap_or(NaiveDate::MIN);
        let end = view.last.and_then(|last| last.checked_add_days(SLACK)).unwrap_or(LAST);
        let date = |bound: Bound| match bound {
            Bound::Date(date) => date,
            Bound::Local(local) => local.date(),
        };
        Self {
            from: spec.from,
            until: spec.until,
            view,
            first_local,
            begin: spec.from.map_or(begin, |from| begin.max(date(from))),
            end: spec.until.map_or(end, |until| end.min(date(until))).min(LAST),
        }
    }

    /// True if a wall time lies between the schedule's ends.
    fn holds_wall(&self, local: LocalTime) -> bool {
        let after = match self.from {
            None => true,
            Some(Bound::Local(from)) => local >= from,
            Some(Bound::Date(from)) => local.date() >= from,
        };
        let before = match self.until {
            None => true,
            Some(Bound::Local(until)) => local <= until,
            Some(Bound::Date(until)) => local.date() <= until,
        };
        after && before && (self.begin..=self.end).contains(&local.date())
    }
}

/// What was found so far: the first slots, and what is left out.
struct Search<'a> {
    zone: &'a Zone,
    reach: Reach,
    length: Span,
    /// By start, at most one more than was asked for.
    slots: BTreeMap<Instant, KnownBy>,
    rejected: BTreeSet<RejectedDate>,
}

/// By what a schedule knows a slot. The smallest is taken where several dates end at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct KnownBy {
    /// The clock jumps over the wall time: another one that the wall really shows comes first.
    unseen: bool,
    local: LocalTime,
    /// The wall shows the time twice, and the other showing of it is known by the wall time alone.
    with_offset: bool,
}

impl<'a> Search<'a> {
    fn new(zone: &'a Zone, reach: Reach, length: Span) -> Self {
        Self { zone, reach, length, slots: BTreeMap::new(), rejected: BTreeSet::new() }
    }

    /// Adds `starts`, where it is a date itself, and every `rdate`.
    fn listed(&mut self, spec: &ScheduleSpec, removed: &Removed) {
        let starts = spec.starts.filter(|_| spec.rrule.is_empty()).map(ListedDate::Local);
        for listed in starts.into_iter().chain(spec.rdate.iter().copied()) {
            let local = match listed {
                ListedDate::Local(local) => Some(local),
                ListedDate::Date(date) => spec.starts.and_then(|starts| starts.on(date)),
                ListedDate::At(at) => {
                    let local = self.zone.local(at);
                    if self.reach.holds_wall(local) && !removed.holds(local) {
                        self.add(at, self.shown(local, at, spec.gap));
                    }
                    None
                }
            };
            if let Some(local) = local {
                self.wall(local, removed, spec.gap);
            }
        }
    }

    /// Adds the dates of rules, which ascend.
    fn rules(&mut self, walls: impl Iterator<Item = LocalTime>, removed: &Removed, gap: GapPolicy) {
        for local in walls {
            if local.date() > self.reach.end || self.is_full_before(local.date()) {
                break;
            }
            self.wall(local, removed, gap);
        }
    }

    /// Adds what is cut from opening hours, date by date.
    fn open_days(&mut self, windows: &Windows) {
        let (begin, end) = (self.reach.begin, self.reach.end);
        for date in begin.iter_days().take_while(|date| *date <= end) {
            if self.is_full_before(date) {
                break;
            }
            let day = windows.on(date, self.zone);
            self.rejected.extend(day.rejected);
            for window in day.windows {
                for start in windows.cut(window, self.zone) {
                    let local = self.zone.local(start);
                    // Whatever the policy, the first showing is known by the wall time alone.
                    if !self.add(start, self.shown(local, start, GapPolicy::Earlier)) {
                        break;
                    }
                }
            }
        }
    }

    /// Adds a wall time, as the gap policy will have it.
    fn wall(&mut self, local: LocalTime, removed: &Removed, gap: GapPolicy) {
        if !self.reach.holds_wall(local) || removed.holds(local) {
            return;
        }
        match self.zone.resolve(local, gap) {
            Resolved::At(at) => {
                let unseen = self.zone.local(at) != local;
                self.add(at, KnownBy { unseen, local, with_offset: false });
            }
            Resolved::Rejected(reason) => {
                self.rejected.insert(RejectedDate { local, reason });
            }
        }
    }

    /// By what a slot is known that starts at an instant, whatever wall time led there. Of a time that the wall
    /// shows twice, the showing that the policy takes is known by the wall time alone, or else the first.
    fn shown(&self, local: LocalTime, at: Instant, gap: GapPolicy) -> KnownBy {
        let plain = match self.zone.resolve(local, gap) {
            Resolved::Rejected(_) => self.zone.resolve(local, GapPolicy::Earlier),
            found @ Resolved::At(_) => found,
        };
        KnownBy { unseen: false, local, with_offset: plain != Resolved::At(at) }
    }

    /// Adds a slot. False if neither it nor any later one is among the first that are asked for.
    fn add(&mut self, at: Instant, known_by: KnownBy) -> bool {
        let View { first, last, most } = self.reach.view;
        let local = if known_by.unseen { self.zone.local(at) } else { known_by.local };
        if first.is_some_and(|first| at < first) {
            return true;
        }
        if last.is_some_and(|last| local.date() > last) {
            return false;
        }
        let known = self.slots.entry(at).or_insert(known_by);
        *known = known_by.min(*known);
        if self.slots.len() <= most + 1 {
            return true;
        }
        self.slots.pop_last().is_none_or(|(last, _)| last > at)
    }

    /// True if no wall time of this date or later can be among the first that are asked for.
    fn is_full_before(&self, date: NaiveDate) -> bool {
        if self.slots.len() <= self.reach.view.most {
            return false;
        }
        let last = self.slots.last_key_value().map(|(at, _)| self.zone.local(*at).date());
        let last = last.and_then(|last| last.checked_add_days(SLACK));
        last.is_some_and(|last| date > last)
    }

    fn finish(self) -> Dates {
        let Self { zone, reach, length, slots, mut rejected } = self;
        let mut slots = slots.into_iter().map(|(starts_at, known_by)| {
            let rule_local = if known_by.with_offset {
                // The offset tells one showing from the other.
                let text = zone.text(starts_at);
                text.split('[').next().unwrap_or_default().to_owned()
            } else {
                known_by.local.to_string()
            };
            SlotDate { rule_local, starts_at, ends_at: starts_at.plus(length) }
        });
        let first: Vec<SlotDate> = slots.by_ref().take(reach.view.most).collect();
        let next = slots.next();
        let before = next.as_ref().map(|next| zone.local(next.starts_at));
        rejected.retain(|rejected| {
            let local = rejected.local;
            local >= reach.first_local
                && reach.view.last.is_none_or(|last| local.date() <= last)
                && before.is_none_or(|before| local < before)
        });
        Dates { slots: first, rejected: rejected.into_iter().collect(), next }
    }
}

/// What `exdate` takes away.
struct Removed {
    times: FxHashSet<LocalTime>,
    days: FxHashSet<NaiveDate>,
}

impl Removed {
    fn new(spec: &ScheduleSpec, zone: &Zone) -> Self {
        let mut removed = Self { times: FxHashSet::default(), days: FxHashSet::default() };
        for listed in &spec.exdate {
            match listed {
                ListedDate::Local(local) => removed.times.insert(*local),
                ListedDate::Date(date) => removed.days.insert(*date),
                ListedDate::At(at) => removed.times.insert(zone.local(*at)),
            };
        }
        removed
    }

    fn holds(&self, local: LocalTime) -> bool {
        self.times.contains(&local) || self.days.contains(&local.date())
    }
}

#[cfg(test)]
#[path = "dates_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "dates_walk_tests.rs"]
mod walk;
