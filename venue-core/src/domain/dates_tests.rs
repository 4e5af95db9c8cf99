use super::*;
use crate::domain::zone::Rejection;

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
    let found = dates(spec, Span::from_hours(2), &vienna(), Instant::EPOCH).unwrap();
    let short = |at: Instant| at.to_string().replace(":00.000000Z", "Z");
    found.slots.iter().map(|slot| short(slot.starts_at)).collect()
}

#[test]
fn starts_alone_is_one_slot_of_the_events_duration() {
    let found =
        dates(&spec("2028-06-10T18:00", &[], &[]), Span::from_hours(4), &vienna(), Instant::EPOCH)
            .unwrap();
    let slot = &found.slots[0];
    assert_eq!((found.slots.len(), slot.rule_local.as_str()), (1, "2028-06-10T18:00:00"));
    assert_eq!(slot.starts_at.to_string(), "2028-06-10T16:00:00.000000Z");
    assert_eq!(slot.ends_at.to_string(), "2028-06-10T20:00:00.000000Z");
}

#[test]
fn a_slot_ends_after_elapsed_time_whatever_the_clock_does() {
    let found =
        dates(&spec("2027-03-28T01:00", &[], &[]), Span::from_hours(2), &vienna(), Instant::EPOCH)
            .unwrap();
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
fn dates_of_rules_stand_beside_those_that_are_listed_and_go_with_exdate() {
    let mut spec = spec("2027-12-25T19:30", &["2027-12-30"], &["2027-12-26"]);
    spec.rrule = vec!["FREQ=DAILY;COUNT=3".into()];
    assert_eq!(starts(&spec), ["2027-12-25T18:30Z", "2027-12-27T18:30Z", "2027-12-30T18:30Z"]);
}

#[test]
fn dates_at_one_instant_are_one_slot() {
    let rdate = ["2027-12-25", "2027-12-25T19:30:00", "2027-12-25T18:30:00Z"];
    assert_eq!(starts(&spec("2027-12-25T19:30", &rdate, &[])), ["2027-12-25T18:30Z"]);
    // 02:30 does not exist: it becomes 03:30, which is listed too.
    let mut gap = spec("2027-03-28T03:30", &["2027-03-28T02:30"], &[]);
    gap.gap = GapPolicy::Compatible;
    assert_eq!(starts(&gap), ["2027-03-28T01:30Z"]);
    // It is known by the time that the wall shows.
    let found = dates(&gap, Span::from_hours(1), &vienna(), Instant::EPOCH).unwrap();
    assert_eq!(found.slots[0].rule_local, "2027-03-28T03:30:00");
}

#[test]
fn rejected_dates_are_listed_and_block_no_others() {
    let rdate = ["2027-10-31T02:30", "2027-03-28T02:30", "2027-03-29T02:30", "2027-03-28T02:30"];
    let found = dates(
        &spec("2027-03-27T02:30", &rdate, &[]),
        Span::from_hours(1),
        &vienna(),
        Instant::EPOCH,
    )
    .unwrap();
    assert_eq!(found.slots.len(), 2);
    let rejected: Vec<_> = found.rejected.iter().map(|r| (r.local.to_string(), r.reason)).collect();
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
    let found = dates(&spec, Span::from_hours(1), &vienna(), Instant::EPOCH).unwrap();
    let slots: Vec<_> = found.slots.iter().map(|s| s.rule_local.as_str()).collect();
    let expected = ["2027-01-01T02:30:00", "2027-10-31T02:30:00", "2027-10-31T02:30:00+01:00"];
    assert_eq!(slots, expected);
    assert_eq!(found.rejected, []);
}

#[test]
fn from_and_until_bound_every_date_inclusively() {
    let rdate = ["2027-01-01T10:00", "2027-01-02T10:00", "2027-01-03T23:59", "2200-01-01T00:00"];
    let mut spec = spec("2027-01-04T00:00", &rdate, &[]);
    spec.until = Some("2027-01-03".parse().unwrap());
    assert_eq!(starts(&spec).len(), 3);
    spec.from = Some("2027-01-02T10:00".parse().unwrap());
    assert_eq!(starts(&spec), ["2027-01-02T09:00Z", "2027-01-03T22:59Z"]);
    (spec.from, spec.until) = (None, None);
    assert_eq!(starts(&spec).len(), 4);
}

#[test]
fn a_rules_wall_time_shown_twice_is_known_without_an_offset() {
    let mut twice = spec("2027-10-31T02:30", &[], &[]);
    twice.gap = GapPolicy::Later;
    let found = dates(&twice, Span::from_hours(1), &vienna(), Instant::EPOCH).unwrap();
    assert_eq!(found.slots[0].rule_local, "2027-10-31T02:30:00");
    assert_eq!(found.slots[0].starts_at, "2027-10-31T01:30:00Z".parse().unwrap());
}

#[test]
fn the_last_day_that_is_looked_for_is_the_last_of_2199() {
    let found = starts(&spec("2199-12-31T19:30", &["2200-01-01T10:00", "2300-01-01T10:00"], &[]));
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

#[test]
fn notice_and_horizon_are_seen_from_an_instant() {
    let rdate = ["2027-01-02T10:00", "2027-01-03T10:00", "2027-01-04T23:30"];
    let mut spec = spec("2027-01-01T10:00", &rdate, &[]);
    let at: Instant = "2027-01-01T09:00:00Z".parse().unwrap();
    let count =
        |spec: &ScheduleSpec| dates(spec, Span::from_hours(1), &vienna(), at).unwrap().slots.len();
    assert_eq!(count(&spec), 4);
    spec.notice = Some(Span::from_micros(1));
    assert_eq!(count(&spec), 3);
    spec.notice = Some(Span::from_hours(24));
    assert_eq!(count(&spec), 3);
    spec.notice = Some(Span::from_hours(25));
    assert_eq!(count(&spec), 2);
    spec.notice = None;
    for (days, slots) in [(1, 2), (2, 3), (3, 4), (366, 4)] {
        spec.horizon = Some(Span::from_days(days));
        assert_eq!(count(&spec), slots, "{days}");
    }
}

#[test]
fn a_schedule_makes_at_most_a_hundred_thousand_slots() {
    let mut spec = spec("2027-01-01T00:00", &[], &[]);
    let first: Instant = "2027-01-01T00:00:00Z".parse().unwrap();
    let listed = |n| ListedDate::At(first.plus(Span::from_mins(n)));
    // One of the listed is where the schedule starts.
    spec.rdate = (-60..99_940).map(|n| listed(n + 60)).collect();
    spec.starts = Some("2027-01-01T01:00".parse().unwrap());
    let minute = Span::from_mins(1);
    let found = dates(&spec, minute, &vienna(), Instant::EPOCH).unwrap();
    assert_eq!((found.slots.len(), found.next), (MAX_SLOTS, None));
    spec.rdate.push(listed(100_000));
    let refused = dates(&spec, minute, &vienna(), Instant::EPOCH);
    assert_eq!(refused, Err(NoDates::TooManySlots));
    // Later on, fewer are left.
    assert!(dates(&spec, minute, &vienna(), first.plus(minute)).is_ok());
}

fn on(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, day).unwrap()
}

fn at_noon(day: u32) -> LocalTime {
    LocalTime::from_chrono(on(day).and_hms_opt(12, 0, 0).unwrap()).unwrap()
}

/// A search of the noons of January 2027.
fn search<'a>(zone: &'a Zone, spec: &ScheduleSpec, most: usize) -> Search<'a> {
    let Resolved::At(first) = zone.resolve(at_noon(2), GapPolicy::Reject) else { unreachable!() };
    let view = View { first: Some(first), last: Some(on(20)), most };
    Search::new(zone, Reach::new(spec, zone, view), Span::from_hours(1))
}

fn add(search: &mut Search<'_>, day: u32) -> bool {
    let local = at_noon(day);
    let Resolved::At(at) = search.zone.resolve(local, GapPolicy::Reject) else { unreachable!() };
    search.add(at, KnownBy { unseen: false, local, with_offset: false })
}

#[test]
fn a_search_keeps_one_slot_more_than_it_is_asked_for_and_tells_what_comes_too_late() {
    let zone = vienna();
    let mut search = search(&zone, &ScheduleSpec::default(), 1);
    for (day, more, kept) in [
        // Before the first instant, at the end, and after it.
        (1, true, &[][..]),
        (20, true, &[20]),
        (21, false, &[20]),
        (10, true, &[10, 20]),
        // It takes the place of a later one; or there are enough earlier ones.
        (5, true, &[5, 10]),
        (11, false, &[5, 10]),
        (10, true, &[5, 10]),
        (2, true, &[2, 5]),
    ] {
        assert_eq!(add(&mut search, day), more, "{day}");
        let slots: Vec<_> = search.slots.values().map(|known| known.local).collect();
        assert_eq!(slots, kept.iter().map(|day| at_noon(*day)).collect::<Vec<_>>(), "{day}");
    }
}

#[test]
fn a_search_that_has_enough_goes_on_for_three_days() {
    let zone = vienna();
    let mut search = search(&zone, &ScheduleSpec::default(), 1);
    add(&mut search, 5);
    assert!(!search.is_full_before(on(31)));
    add(&mut search, 10);
    for (day, full) in [(11, false), (13, false), (14, true), (31, true)] {
        assert_eq!(search.is_full_before(on(day)), full, "{day}");
    }
}

#[test]
fn a_rule_is_followed_no_further_than_to_its_end_or_until_there_is_enough() {
    let zone = vienna();
    let no_end = ScheduleSpec::default();
    let ends = ScheduleSpec { until: Some(Bound::Date(on(7))), ..no_end.clone() };
    // The noon that shows the end is looked at too.
    for (spec, most, looked_at, kept) in [(&ends, 99, 8, 6), (&no_end, 1, 7, 2), (&ends, 1, 7, 2)] {
        let mut search = search(&zone, spec, most);
        let mut seen = 0;
        let noons = (1..=31).map(at_noon).inspect(|_| seen += 1);
        search.rules(noons, &Removed::new(spec, &zone), GapPolicy::Reject);
        assert_eq!((seen, search.slots.len()), (looked_at, kept));
    }
}

#[test]
fn a_view_holds_what_starts_neither_before_its_first_instant_nor_after_its_last_date() {
    let at = |text: &str| -> Instant { text.parse().unwrap() };
    let view = View { first: Some(at("2027-01-01T09:00:00Z")), last: Some(on(2)), most: 1 };
    for (starts_at, held) in [
        ("2027-01-01T08:59:59Z", false),
        ("2027-01-01T09:00:00Z", true),
        // A minute before midnight in Vienna, and midnight.
        ("2027-01-02T22:59:00Z", true),
        ("2027-01-02T23:00:00Z", false),
    ] {
        assert_eq!(view.holds(at(starts_at), &vienna()), held, "{starts_at}");
    }
}

#[test]
fn a_view_of_everything_begins_now_for_hours_without_a_beginning_alone() {
    let now = Instant::clamped(7);
    let dated = spec("2027-01-01T10:00", &[], &[]);
    let open = ScheduleSpec { open: vec!["mon 10:00-12:00".into()], ..ScheduleSpec::default() };
    let begun = ScheduleSpec { from: Some(Bound::Date(on(1))), ..open.clone() };
    for (spec, first) in [(dated, None), (open, Some(now)), (begun, None)] {
        assert_eq!(View::whole(&spec, now), View { first, last: None, most: MAX_SLOTS });
    }
}

#[test]
fn rejected_dates_are_told_as_far_as_one_looks() {
    let mut spec = spec(
        "2027-03-28T02:30",
        &["2027-10-31T02:30", "2028-03-26T02:30", "2027-10-31T01:30:00Z"],
        &[],
    );
    spec.gap = GapPolicy::Reject;
    let whole = View { first: None, last: None, most: 9 };
    let at = |text: &str| Some(text.parse::<Instant>().unwrap());
    let until = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    for (view, told) in [
        (whole, &["2027-03-28", "2027-10-31", "2028-03-26"][..]),
        (View { first: at("2027-10-31T00:30:00Z"), ..whole }, &["2027-10-31", "2028-03-26"]),
        (View { first: at("2027-10-31T01:31:00Z"), ..whole }, &["2028-03-26"]),
        (View { last: until("2027-10-31"), ..whole }, &["2027-03-28", "2027-10-31"]),
        (View { last: until("2027-10-30"), ..whole }, &["2027-03-28"]),
        // The next slot starts when the wall shows 02:30 again.
        (View { most: 0, ..whole }, &["2027-03-28"]),
    ] {
        let found = dates_in(&spec, Span::from_hours(1), &vienna(), view).unwrap();
        let rejected: Vec<_> =
            found.rejected.iter().map(|it| it.local.date().to_string()).collect();
        assert_eq!(rejected, told, "{view:?}");
    }
}
