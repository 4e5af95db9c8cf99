//! Opening hours against somebody who stands at the door and looks at the clock once a minute, and what holds for
//! the dates of any schedule.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDateTime, NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::domain::zone::Rejection;

const MINUTE: i64 = 60_000_000;
const DAY: usize = 1_440;

const ZONES: [&str; 14] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Casablanca",
    "America/St_Johns",
    "Pacific/Chatham",
    "Antarctica/Troll",
    "America/Asuncion",
    "Asia/Gaza",
    "Atlantic/Azores",
    "UTC",
];

/// Opening hours as the door has them: days, minute of opening and of closing, which is 1440 at the day's end.
#[derive(Debug, Clone)]
struct Sign {
    days: Vec<u32>,
    opens: usize,
    closes: usize,
}

impl Sign {
    fn hours(&self) -> String {
        let time = |minute: usize| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{}-{}", time(self.opens), time(self.closes))
    }

    fn text(&self) -> String {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let days: Vec<_> = self.days.iter().map(|day| names[*day as usize]).collect();
        format!("{} {}", days.join(","), self.hours())
    }

    /// Marks the minutes on the wall, from 00:00 of the opening date on.
    fn mark(&self, open: &mut [bool]) {
        let end = if self.closes == DAY - 1 { DAY } else { self.closes };
        let end = if self.closes < self.opens { end + DAY } else { end };
        open[self.opens..end].fill(true);
    }
}

/// The stretches of `true`, as [from, until).
fn stretches(marks: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut begun = None;
    for (at, mark) in marks.iter().chain([&false]).enumerate() {
        match (begun, mark) {
            (None, true) => begun = Some(at),
            (Some(from), false) => {
                found.push((from, at));
                begun = None;
            }
            (Some(_), true) | (None, false) => {}
        }
    }
    found
}

/// Every minute of some days, with what the wall shows.
struct Watch {
    first: i64,
    walls: Vec<NaiveDateTime>,
}

impl Watch {
    fn new(zone: &Zone, from: NaiveDate, days: u64) -> Self {
        let first = from.and_time(NaiveTime::MIN).and_utc().timestamp() / 60 - 1_440;
        let last = first + i64::try_from(days + 4).unwrap() * 1_440;
        let wall = |minute: i64| zone.local(Instant::clamped(minute * MINUTE)).to_chrono();
        Self { first, walls: (first..last).map(wall).collect() }
    }

    fn day_begins(&self, date: NaiveDate) -> usize {
        self.walls.iter().position(|wall| wall.date() >= date).unwrap()
    }

    fn resolve(&self, wall: NaiveDateTime, gap: GapPolicy) -> Result<usize, Rejection> {
        let all: Vec<usize> = (0..self.walls.len()).filter(|at| self.walls[*at] == wall).collect();
        match (all.as_slice(), gap) {
            ([one], _) => Ok(*one),
            ([], GapPolicy::Reject) => Err(Rejection::Gap),
            (_, GapPolicy::Reject) => Err(Rejection::Fold),
            ([], _) => {
                let over = |pair: &[NaiveDateTime]| pair[0] < wall && wall < pair[1];
                let before = self.walls.windows(2).position(over).unwrap();
                let minutes = |from: NaiveDateTime, until: NaiveDateTime| {
                    usize::try_from((until - from).num_minutes()).unwrap()
                };
                Ok(match gap {
                    GapPolicy::Earlier => before + 1 - minutes(wall, self.walls[before + 1]),
                    _ => before + minutes(self.walls[before], wall),
                })
            }
            (several, GapPolicy::Later) => Ok(several[several.len() - 1]),
            (several, _) => Ok(several[0]),
        }
    }

    fn bound(
        &self,
        date: NaiveDate,
        minute: usize,
        gap: GapPolicy,
    ) -> Result<usize, (NaiveDateTime, Rejection)> {
        if minute.is_multiple_of(DAY) {
            let days = Days::new(u64::try_from(minute / DAY).unwrap());
            return Ok(self.day_begins(date.checked_add_days(days).unwrap()));
        }
        let minutes = TimeDelta::minutes(i64::try_from(minute).unwrap());
        let wall = date.and_time(NaiveTime::MIN) + minutes;
        self.resolve(wall, gap).map_err(|why| (wall, why))
    }

    fn text(&self, at: usize) -> (String, bool) {
        let wall = self.walls[at];
        let second = self.walls[..at].contains(&wall);
        (wall.format("%Y-%m-%dT%H:%M:%S").to_string(), second)
    }
}

/// How slots are cut: minutes.
#[derive(Debug, Clone, Copy)]
struct Cut {
    length: usize,
    step: usize,
    align: Option<usize>,
}

/// What the door sees: starts by name, and bounds that are left out.
type Seen = (BTreeSet<(usize, (String, bool))>, BTreeSet<(NaiveDateTime, Rejection)>);

fn stand_at_the_door(
    watch: &Watch,
    hours: &dyn Fn(NaiveDate) -> Vec<Sign>,
    (from, days): (NaiveDate, u64),
    gap: GapPolicy,
    cut: Cut,
) -> Seen {
    let (mut starts, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    for date in from.iter_days().take(usize::try_from(days).unwrap()) {
        let mut on_wall = vec![false; 2 * DAY];
        for sign in hours(date) {
            sign.mark(&mut on_wall);
        }
        let mut open = vec![false; watch.walls.len()];
        for (opens, closes) in stretches(&on_wall) {
            let bounds = watch
                .bound(date, opens, gap)
                .and_then(|a| Ok((a, watch.bound(date, closes, gap)?)));
            match bounds {
                Ok((opens, closes)) if opens < closes => open[opens..closes].fill(true),
                Ok(_) => {}
                Err(wrong) => {
                    left_out.insert(wrong);
                }
            }
        }
        for (mut at, closes) in stretches(&open) {
            let minute = |wall: NaiveDateTime| {
                usize::try_from((wall - wall.date().and_time(NaiveTime::MIN)).num_minutes())
                    .unwrap()
            };
            while cut.align.is_some_and(|align| !minute(watch.walls[at]).is_multiple_of(align)) {
                at += 1;
            }
            while at + cut.length <= closes {
                starts.insert((at, watch.text(at)));
                at += cut.step;
            }
        }
    }
    (starts, left_out)
}

fn sign() -> impl Strategy<Value = Sign> {
    let days = prop::collection::vec(0_u32..7, 1..4);
    // Hours of the night are where clocks are set.
    let minute = || prop_oneof![0..DAY, 0..300_usize, (0..24_usize).prop_map(|hour| hour * 60)];
    (days, minute(), prop_oneof![minute().boxed(), Just(DAY).boxed(), Just(DAY - 1).boxed()])
        .prop_filter("equal is invalid", |(_, opens, closes)| opens != closes)
        .prop_map(|(days, opens, closes)| Sign { days, opens, closes })
}

fn policy() -> impl Strategy<Value = GapPolicy> {
    use GapPolicy::{Compatible, Earlier, Later, Reject};
    prop::sample::select(vec![Reject, Compatible, Earlier, Later])
}

/// A zone and a date shortly before one of its changes.
fn place() -> impl Strategy<Value = (Zone, NaiveDate)> {
    (prop::sample::select(ZONES.to_vec()), 0..14_usize, 0_u64..3).prop_map(
        |(zone, changes, before)| {
            let zone: Zone = zone.parse().unwrap();
            let mut at: Instant = "2024-01-01T00:00:00Z".parse().unwrap();
            for _ in 0..=changes {
                at = zone.next_change(at).unwrap_or(at);
            }
            (zone.clone(), zone.local(at).date().checked_sub_days(Days::new(before)).unwrap())
        },
    )
}

fn minutes(count: usize) -> Span {
    Span::from_mins(i64::try_from(count).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hours_are_cut_as_by_somebody_who_looks_at_the_clock_every_minute(
        (zone, from) in place(),
        signs in prop::collection::vec(sign(), 1..5),
        once in prop::option::of((0_u64..4, prop::collection::vec(sign(), 0..3))),
        gap in policy(),
        (length, pause) in (5..200_usize, 0..40_usize),
        step in prop::option::of(5..300_usize),
        align in prop::option::of(prop::sample::select(vec![5_usize, 15, 30, 60, 120, 420, 1_440])),
    ) {
        let days = 4;
        let until = from.checked_add_days(Days::new(days - 1)).unwrap();
        let once = once.map(|(day, signs)| (from.checked_add_days(Days::new(day)).unwrap(), signs));
        let overrides = once.iter().flat_map(|(date, signs)| {
            let closed = signs.is_empty().then(|| format!("{date} closed"));
            closed.into_iter().chain(signs.iter().map(move |sign| format!("{date} {}", sign.hours())))
        });
        let spec = ScheduleSpec {
            open: signs.iter().map(Sign::text).collect(),
            overrides: overrides.collect(),
            from: Some(Bound::Date(from)),
            until: Some(Bound::Date(until)),
            length: Some(minutes(length)),
            step: step.map(minutes),
            pause: step.is_none().then(|| minutes(pause)),
            align: align.map(minutes),
            overlap: true,
            gap,
            ..ScheduleSpec::default()
        };
        let hours = |date: NaiveDate| match &once {
            Some((day, signs)) if *day == date => signs.clone(),
            _ => {
                let today = date.weekday().num_days_from_monday();
                signs.iter().filter(|sign| sign.days.contains(&today)).cloned().collect()
            }
        };
        let watch = Watch::new(&zone, from, days);
        let cut = Cut { length, step: step.unwrap_or(length + pause), align };
        let (starts, left_out) = stand_at_the_door(&watch, &hours, (from, days), gap, cut);
        let found = dates_in(&spec, Span::ZERO, &zone, View::whole(&spec, Instant::EPOCH)).unwrap();
        let told: BTreeSet<_> = found.slots.iter().map(|slot| {
            let minute = usize::try_from(slot.starts_at.micros() / MINUTE - watch.first).unwrap();
            (minute, (slot.rule_local[..19].to_owned(), slot.rule_local.len() > 19))
        }).collect();
        prop_assert_eq!(told, starts);
        let rejected: BTreeSet<_> =
            found.rejected.iter().map(|it| (it.local.to_chrono(), it.reason)).collect();
        prop_assert_eq!(rejected, left_out);
        for slot in &found.slots {
            prop_assert_eq!(slot.ends_at.since(slot.starts_at), minutes(length));
        }
    }
}

/// A schedule of either kind whose dates lie around a change of the clock.
fn schedule(from: NaiveDate) -> impl Strategy<Value = ScheduleSpec> {
    let rules = [
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=9",
        "FREQ=WEEKLY;BYDAY=SA,SU,MO",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=-1SU",
    ];
    let rules = prop::collection::vec(prop::sample::select(rules.to_vec()), 0..3);
    let listed = || prop::collection::vec((0_u64..12, 0..DAY, 0..3_usize), 0..6);
    let dated =
        (rules, listed(), listed(), 0..DAY).prop_map(move |(rules, rdate, exdate, minute)| {
            let local = |day: u64, minute: usize| {
                let minute = u32::try_from(minute).unwrap();
                let date = from.checked_add_days(Days::new(day)).unwrap();
                LocalTime::from_chrono(date.and_hms_opt(minute / 60, minute % 60, 0).unwrap())
                    .unwrap()
            };
            let listed = |listed: Vec<(u64, usize, usize)>| {
                let entry = |(day, minute, kind)| match kind {
                    0 => ListedDate::Local(local(day, minute)),
                    1 => ListedDate::Date(local(day, minute).date()),
                    _ => ListedDate::At(Instant::clamped(
                        local(day, minute).to_chrono().and_utc().timestamp_micros(),
                    )),
                };
                listed.into_iter().map(entry).collect()
            };
            ScheduleSpec {
                starts: Some(local(0, minute)),
                rrule: rules.into_iter().map(str::to_owned).collect(),
                rdate: listed(rdate),
                exdate: listed(exdate),
                ..ScheduleSpec::default()
            }
        });
    let windows = prop::collection::vec(sign(), 1..4).prop_map(|signs| ScheduleSpec {
        open: signs.iter().map(Sign::text).collect(),
        length: Some(minutes(50)),
        step: Some(minutes(75)),
        overlap: true,
        ..ScheduleSpec::default()
    });
    prop_oneof![dated.boxed(), windows.boxed()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_two_looks_both_see_is_the_same(
        ((zone, spec), gap) in (place().prop_flat_map(|(zone, from)| (Just(zone), schedule(from))), policy()),
        (first, later) in (0_i64..15_000, 0_i64..15_000),
        horizon in prop::option::of(1_i64..20),
        notice in prop::option::of(0_i64..3_000),
    ) {
        let spec = ScheduleSpec {
            gap,
            horizon: horizon.map(Span::from_days),
            notice: notice.map(Span::from_mins),
            ..spec
        };
        let begin = match spec.starts {
            Some(starts) => Instant::clamped(starts.to_chrono().and_utc().timestamp_micros()),
            None => "2026-03-01T00:00:00Z".parse().unwrap(),
        };
        let at = begin.minus(Span::from_days(3)).plus(Span::from_mins(first));
        let again = at.plus(Span::from_mins(later));
        let length = Span::from_mins(45);
        let before = dates(&spec, length, &zone, at).unwrap();
        let after = dates(&spec, length, &zone, again).unwrap();
        let (view, later_view) =
            (View::at(&spec, &zone, at).unwrap(), View::at(&spec, &zone, again).unwrap());
        let both = |slots: &[SlotDate]| -> Vec<SlotDate> {
            let seen = |at: Instant| view.holds(at, &zone) && later_view.holds(at, &zone);
            slots.iter().filter(|slot| seen(slot.starts_at)).cloned().collect()
        };
        prop_assert_eq!(both(&before.slots), both(&after.slots));
        // No two slots are known by one name, and none starts where another does.
        let names: BTreeSet<_> = before.slots.iter().map(|slot| &slot.rule_local).collect();
        prop_assert_eq!(names.len(), before.slots.len());
        prop_assert!(before.slots.windows(2).all(|two| two[0].starts_at < two[1].starts_at));
    }

    #[test]
    fn the_order_of_entries_and_the_number_asked_for_change_nothing(
        ((zone, spec), gap) in (place().prop_flat_map(|(zone, from)| (Just(zone), schedule(from))), policy()),
        most in 1..40_usize,
    ) {
        let spec = ScheduleSpec { gap, horizon: Some(Span::from_days(30)), ..spec };
        let length = Span::from_mins(45);
        let at: Instant = "2026-03-20T12:00:00Z".parse().unwrap();
        let whole = dates(&spec, length, &zone, at).unwrap();
        let mut turned = spec.clone();
        turned.rrule.reverse();
        turned.rdate.reverse();
        turned.exdate.reverse();
        turned.open.reverse();
        prop_assert_eq!(&dates(&turned, length, &zone, at).unwrap(), &whole);
        let view = View { most, ..View::at(&spec, &zone, at).unwrap() };
        let some = dates_in(&spec, length, &zone, view).unwrap();
        prop_assert_eq!(&some.slots[..], &whole.slots[..most.min(whole.slots.len())]);
        prop_assert_eq!(some.next.as_ref(), whole.slots.get(most));
        let before = some.next.map(|next| zone.local(next.starts_at));
        let rejected: Vec<_> = whole.rejected.into_iter()
            .filter(|it| before.is_none_or(|before| it.local < before)).collect();
        prop_assert_eq!(some.rejected, rejected);
    }
}
