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
