//! The simple dates of a schedule: `starts` and `rdate`, less `exdate`, as instants.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::{Bound, ListedDate, ScheduleSpec};
use crate::domain::zone::{GapPolicy, LocalTime, Rejection, Resolved, Zone};

/// The most slots that one schedule makes.
pub const MAX_SLOTS: usize = 100_000;

/// One slot that a schedule asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotDate {
    /// The wall time by which the schedule knows this slot, whatever the zone data say: `2027-09-04T19:30:00`.
    /// A listed instant that falls on the second showing of a wall time carries its offset beside it.
    pub rule_local: String,
    /// When it starts.
    pub starts_at: Instant,
    /// When it ends: so much elapsed time later.
    pub ends_at: Instant,
}

/// One date that the gap policy leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectedDate {
    /// The wall time.
    pub local: LocalTime,
    /// Why.
    pub reason: Rejection,
}

/// What a schedule's dates come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dates {
    /// By start; no two start at one instant.
    pub slots: Vec<SlotDate>,
    /// By wall time.
    pub rejected: Vec<RejectedDate>,
    /// Which keys of the schedule make no slots yet, for people to read.
    pub unsupported: Option<String>,
}

/// Finds the dates of a schedule: `starts` (where no rule stands) and every `rdate`, less every `exdate`,
/// between `from` and `until`, each turned into an instant by the gap policy.
///
/// With a recurrence rule or opening hours only the `rdate`s are made, and `unsupported` says why. At most
/// [`MAX_SLOTS`] slots; no date after 2199 is looked for. `notice` and `horizon` depend on the clock: see
/// [`Dates::seen_from`].
pub fn dates(spec: &ScheduleSpec, duration: Span, zone: &Zone) -> Dates {
    let unsupported = unsupported(spec);
    let removed = Removed::new(spec, zone);
    let mut found = Dates::default();
    let mut taken = FxHashSet::default();
    let mut refused = FxHashMap::default();
    let starts = spec.starts.filter(|_| unsupported.is_none()).map(ListedDate::Local);
    for listed in starts.into_iter().chain(spec.rdate.iter().copied()) {
        let Some((local, exact)) = wall(listed, spec, zone) else { continue };
        if !within(spec, local) || removed.holds(local) || found.slots.len() >= MAX_SLOTS {
            continue;
        }
        let resolved = exact.map_or_else(|| zone.resolve(local, spec.gap), Resolved::At);
        match resolved {
            Resolved::At(starts_at) => {
                if taken.insert(starts_at) {
                    let rule_local = rule_local(local, starts_at, exact.is_some(), zone);
                    let ends_at = starts_at.plus(duration);
                    found.slots.push(SlotDate { rule_local, starts_at, ends_at });
                }
            }
            Resolved::Rejected(reason) => {
                refused.insert(local, reason);
            }
        }
    }
    found.slots.sort_by_key(|slot| slot.starts_at);
    // In a gap two wall times may stand for one slot each, but one wall time is never two slots.
    let mut known = FxHashSet::default();
    found.slots.retain(|slot| known.insert(slot.rule_local.clone()));
    found.rejected =
        refused.into_iter().map(|(local, reason)| RejectedDate { local, reason }).collect();
    found.rejected.sort_by_key(|rejected| rejected.local);
    found.unsupported = unsupported;
    found
}

impl Dates {
    /// Keeps the slots that `notice` and `horizon` allow at an instant: those that start at or after
    /// `at` + notice, and not later than so many days after the local date of `at`. Without both, all stay.
    #[must_use]
    pub fn seen_from(mut self, at: Instant, spec: &ScheduleSpec, zone: &Zone) -> Self {
        if spec.notice.is_none() && spec.horizon.is_none() {
            return self;
        }
        let first = at.plus(spec.notice.unwrap_or_default());
        let today = zone.local(at).date();
        let last = spec.horizon.and_then(|horizon| {
            let days = u64::try_from(horizon.micros() / Span::from_days(1).micros()).ok()?;
            today.checked_add_days(chrono::Days::new(days))
        });
        self.slots.retain(|slot| {
            let date = zone.local(slot.starts_at).date();
            slot.starts_at >= first && last.is_none_or(|last| date <= last)
        });
        self
    }
}

/// Why a schedule's own slots are not made yet, naming its keys.
fn unsupported(spec: &ScheduleSpec) -> Option<String> {
    if spec.has_windows() {
        return Some(format!("opening hours are not built yet: {}", spec.window_keys().join(", ")));
    }
    (!spec.rrule.is_empty()).then(|| "recurrence rules are not built yet: rrule".to_owned())
}

/// The wall time of a listed date, and its instant where it is one.
fn wall(
    listed: ListedDate,
    spec: &ScheduleSpec,
    zone: &Zone,
) -> Option<(LocalTime, Option<Instant>)> {
    match listed {
        ListedDate::Local(local) => Some((local, None)),
        ListedDate::Date(date) => Some((spec.starts?.on(date)?, None)),
        ListedDate::At(at) => Some((zone.local(at), Some(at))),
    }
}

/// The text by which the schedule knows a slot.
fn rule_local(local: LocalTime, at: Instant, exact: bool, zone: &Zone) -> String {
    let first = zone.resolve(local, GapPolicy::Earlier);
    if exact && first != Resolved::At(at) {
        // The wall shows this time twice: only the offset tells the second from the first.
        let text = zone.text(at);
        return text.split('[').next().unwrap_or_default().to_owned();
    }
    local.to_string()
}

/// True if a wall time lies between the schedule's ends.
fn within(spec: &ScheduleSpec, local: LocalTime) -> bool {
    let last = NaiveDate::from_ymd_opt(2199, 12, 31);
    if last.is_none_or(|last| local.date() > last) {
        return false;
    }
    let after = match spec.from {
        None => true,
        Some(Bound::Local(from)) => local >= from,
        Some(Bound::Date(from)) => local.date() >= from,
    };
    let before = match spec.until {
        None => true,
        Some(Bound::Local(until)) => local <= until,
        Some(Bound::Date(until)) => local.date() <= until,
    };
    after && before
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
mod tests {
    use super::*;

    fn vienna() -> Zone {
        "Europe/Vienna".parse().unwrap()
    }

    fn spec(starts: &str, rdate: &[&str], exdate: &[&str]) -> ScheduleSpec {
        let list = |texts: &[&str]| texts.iter().map(|t| t.parse().unwrap()).collect();
        ScheduleSpec {
            starts: Some(starts.parse().unwrap()),
            rdate: list(rdate),
            exdate: list(exdate),
            ..ScheduleSpec::default()
        }
    }

    fn starts(spec: &ScheduleSpec) -> Vec<String> {
        let found = dates(spec, Span::from_hours(2), &vienna());
        let short = |at: Instant| at.to_string().replace(":00.000000Z", "Z");
        found.slots.iter().map(|slot| short(slot.starts_at)).collect()
    }

    #[test]
    fn starts_alone_is_one_slot_of_the_events_duration() {
        let found = dates(&spec("2028-06-10T18:00", &[], &[]), Span::from_hours(4), &vienna());
        let slot = &found.slots[0];
        assert_eq!((found.slots.len(), slot.rule_local.as_str()), (1, "2028-06-10T18:00:00"));
        assert_eq!(slot.starts_at.to_string(), "2028-06-10T16:00:00.000000Z");
        assert_eq!(slot.ends_at.to_string(), "2028-06-10T20:00:00.000000Z");
        assert_eq!(found.unsupported, None);
    }

    #[test]
    fn a_slot_ends_after_elapsed_time_whatever_the_clock_does() {
        let found = dates(&spec("2027-03-28T01:00", &[], &[]), Span::from_hours(2), &vienna());
        assert_eq!(found.slots[0].ends_at.to_string(), "2027-03-28T02:00:00.000000Z");
    }

    #[test]
    fn listed_dates_come_as_local_times_days_and_instants() {
        let rdate = ["2027-12-26T17:00", "2027-12-27", "2027-12-28T16:00:00Z", "2026-01-01"];
        let found = starts(&spec("2027-12-25T19:30", &rdate, &[]));
        let expected = [
            "2026-01-01T18:30Z",
            "2027-12-25T18:30Z",
            "2027-12-26T16:00Z",
            "2027-12-27T18:30Z",
            "2027-12-28T16:00Z",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn exdate_beats_everything_by_wall_time_or_by_day() {
        let rdate =
            ["2027-12-26T17:00", "2027-12-27T10:00", "2027-12-27T12:00", "2027-12-28T16:00:00Z"];
        let exdate = ["2027-12-26T17:00", "2027-12-27", "2027-12-25T18:30:00Z", "2027-12-28T17:00"];
        assert_eq!(starts(&spec("2027-12-25T19:30", &rdate, &exdate)), [""; 0]);
        let kept = spec("2027-12-25T19:30", &[], &["2027-12-25T19:29"]);
        assert_eq!(starts(&kept), ["2027-12-25T18:30Z"]);
    }

    #[test]
    fn dates_at_one_instant_are_one_slot() {
        let rdate = ["2027-12-25", "2027-12-25T19:30:00", "2027-12-25T18:30:00Z"];
        assert_eq!(starts(&spec("2027-12-25T19:30", &rdate, &[])), ["2027-12-25T18:30Z"]);
        // 02:30 does not exist: it becomes 03:30, which is listed too.
        let mut gap = spec("2027-03-28T03:30", &["2027-03-28T02:30"], &[]);
        gap.gap = GapPolicy::Compatible;
        assert_eq!(starts(&gap), ["2027-03-28T01:30Z"]);
    }

    #[test]
    fn rejected_dates_are_listed_and_block_no_others() {
        let rdate =
            ["2027-10-31T02:30", "2027-03-28T02:30", "2027-03-29T02:30", "2027-03-28T02:30"];
        let found = dates(&spec("2027-03-27T02:30", &rdate, &[]), Span::from_hours(1), &vienna());
        assert_eq!(found.slots.len(), 2);
        let rejected: Vec<_> =
            found.rejected.iter().map(|r| (r.local.to_string(), r.reason)).collect();
        assert_eq!(
            rejected,
            [
                ("2027-03-28T02:30:00".to_owned(), Rejection::Gap),
                ("2027-10-31T02:30:00".to_owned(), Rejection::Fold)
            ]
        );
    }

    #[test]
    fn a_listed_instant_is_never_ambiguous() {
        let spec = spec("2027-01-01T02:30", &["2027-10-31T01:30:00Z", "2027-10-31T00:30:00Z"], &[]);
        let found = dates(&spec, Span::from_hours(1), &vienna());
        let slots: Vec<_> = found.slots.iter().map(|s| s.rule_local.as_str()).collect();
        let expected = ["2027-01-01T02:30:00", "2027-10-31T02:30:00", "2027-10-31T02:30:00+01:00"];
        assert_eq!(slots, expected);
        assert_eq!(found.rejected, []);
    }

    #[test]
    fn from_and_until_bound_every_date_inclusively() {
        let rdate =
            ["2027-01-01T10:00", "2027-01-02T10:00", "2027-01-03T23:59", "2200-01-01T00:00"];
        let mut spec = spec("2027-01-04T00:00", &rdate, &[]);
        spec.until = Some("2027-01-03".parse().unwrap());
        assert_eq!(starts(&spec).len(), 3);
        spec.from = Some("2027-01-02T10:00".parse().unwrap());
        assert_eq!(starts(&spec), ["2027-01-02T09:00Z", "2027-01-03T22:59Z"]);
        (spec.from, spec.until) = (None, None);
        assert_eq!(starts(&spec).len(), 4);
    }

    #[test]
    fn with_a_rule_only_the_listed_dates_are_made() {
        let mut spec = spec("2027-09-04T19:30", &["2027-12-26T17:00"], &[]);
        spec.rrule = vec!["FREQ=DAILY".into()];
        let found = dates(&spec, Span::from_hours(1), &vienna());
        assert_eq!(found.slots.len(), 1);
        let reason = found.unsupported.unwrap();
        assert_eq!(reason, "recurrence rules are not built yet: rrule");
        let museum = ScheduleSpec {
            open: vec!["mon 10:00-12:00".into()],
            length: Some(Span::from_hours(1)),
            ..ScheduleSpec::default()
        };
        let found = dates(&museum, Span::from_hours(1), &vienna());
        assert_eq!(found.unsupported.unwrap(), "opening hours are not built yet: open, length");
    }

    #[test]
    fn notice_and_horizon_are_seen_from_an_instant() {
        let rdate = ["2027-01-02T10:00", "2027-01-03T10:00", "2027-01-04T23:30"];
        let mut spec = spec("2027-01-01T10:00", &rdate, &[]);
        let at: Instant = "2027-01-01T08:00:00Z".parse().unwrap();
        let count = |spec: &ScheduleSpec| {
            let found = dates(spec, Span::from_hours(1), &vienna());
            found.seen_from(at, spec, &vienna()).slots.len()
        };
        assert_eq!(count(&spec), 4);
        spec.notice = Some(Span::from_hours(1));
        assert_eq!(count(&spec), 4);
        spec.notice = Some(Span::from_mins(61));
        assert_eq!(count(&spec), 3);
        spec.horizon = Some(Span::from_days(3));
        assert_eq!(count(&spec), 3);
        spec.horizon = Some(Span::from_days(2));
        assert_eq!(count(&spec), 2);
    }

    #[test]
    fn a_schedule_makes_at_most_a_hundred_thousand_slots() {
        let mut spec = spec("2027-01-01T00:00", &[], &[]);
        let first: Instant = "2027-01-01T00:00:00Z".parse().unwrap();
        let listed = |n| ListedDate::At(first.plus(Span::from_mins(n)));
        spec.rdate = (0..100_001).map(listed).collect();
        assert_eq!(dates(&spec, Span::from_mins(1), &vienna()).slots.len(), MAX_SLOTS);
    }

    #[test]
    fn a_rules_wall_time_shown_twice_is_known_without_an_offset() {
        let mut twice = spec("2027-10-31T02:30", &[], &[]);
        twice.gap = GapPolicy::Later;
        let found = dates(&twice, Span::from_hours(1), &vienna());
        assert_eq!(found.slots[0].rule_local, "2027-10-31T02:30:00");
        assert_eq!(found.slots[0].starts_at, "2027-10-31T01:30:00Z".parse().unwrap());
    }

    #[test]
    fn the_last_day_that_is_looked_for_is_the_last_of_2199() {
        let found =
            starts(&spec("2199-12-31T19:30", &["2200-01-01T10:00", "2300-01-01T10:00"], &[]));
        assert_eq!(found, ["2199-12-31T18:30Z"]);
    }

    #[test]
    fn an_end_is_a_day_or_a_wall_time_and_belongs_to_it() {
        let rdate = ["2027-01-02T10:00", "2027-01-03T10:00"];
        let count = |from: Option<&str>, until: Option<&str>| {
            let bound = |text: Option<&str>| text.map(|text| text.parse::<Bound>().unwrap());
            let mut spec = spec("2027-01-01T10:00", &rdate, &[]);
            (spec.from, spec.until) = (bound(from), bound(until));
            starts(&spec).len()
        };
        for (from, until, kept) in [
            (Some("2027-01-02"), None, 2),
            (Some("2027-01-04"), None, 0),
            (Some("2027-01-02T10:00"), None, 2),
            (Some("2027-01-02T10:01"), None, 1),
            (None, Some("2027-01-02"), 2),
            (None, Some("2026-12-31"), 0),
            (None, Some("2027-01-02T10:00"), 2),
            (None, Some("2027-01-02T09:59"), 1),
        ] {
            assert_eq!(count(from, until), kept, "{from:?} {until:?}");
        }
    }
}
