use super::*;
use crate::domain::zone::tzdb_version;

fn berlin() -> Zone {
    "Europe/Berlin".parse().unwrap()
}

const HOURS: Span = Span::from_hours(2);

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A rule of one date and those listed.
fn rule(dates: &[&str]) -> ScheduleSpec {
    ScheduleSpec {
        starts: Some(dates[0].parse().unwrap()),
        rdate: dates[1..].iter().map(|date| date.parse().unwrap()).collect(),
        ..ScheduleSpec::default()
    }
}

/// The slots that a rule has made, one id a place.
fn made(spec: &ScheduleSpec, tzdb: &str) -> Vec<MadeSlot> {
    let found = compare(spec, HOURS, &berlin(), &[], tzdb, at("2026-01-01T00:00:00Z")).unwrap().new;
    let slot = |(n, date): (u8, SlotDate)| MadeSlot {
        id: SlotId::from_bytes([n; 16]),
        rule_local: date.rule_local.into(),
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        tzdb: tzdb.into(),
        cancelled: false,
        moved: false,
    };
    (1..).zip(found).map(slot).collect()
}

const NOW: &str = "2027-01-01T00:00:00Z";

fn locals(new: &[SlotDate]) -> Vec<&str> {
    new.iter().map(|date| date.rule_local.as_str()).collect()
}

fn beside(spec: &ScheduleSpec, made: &[MadeSlot], now: &str) -> Comparison {
    compare(spec, HOURS, &berlin(), made, tzdb_version(), at(now)).unwrap()
}

#[test]
fn twice_is_once_and_only_what_has_not_started_is_made() {
    let spec =
        rule(&["2027-01-01T00:59", "2027-01-01T01:00", "2027-01-01T01:01", "2027-06-01T20:00"]);
    let first = beside(&spec, &[], NOW);
    assert_eq!(locals(&first.new), ["2027-01-01T01:01:00", "2027-06-01T20:00:00"]);
    let made = made(&spec, tzdb_version());
    assert_eq!(beside(&spec, &made, NOW), Comparison::default());
    assert_eq!(locals(&beside(&spec, &made[..3], NOW).new), ["2027-06-01T20:00:00"]);
}

#[test]
fn a_cancelled_date_is_never_made_again_and_never_stale() {
    let spec = rule(&["2027-06-01T20:00"]);
    let mut made = made(&spec, tzdb_version());
    made[0].cancelled = true;
    made[0].starts_at = at("2027-06-01T10:00:00Z");
    assert_eq!(beside(&spec, &made, NOW), Comparison::default());
    assert_eq!(beside(&rule(&["2027-06-02T20:00"]), &made, NOW).stale, []);
}

#[test]
fn a_slot_that_was_moved_by_hand_is_not_made_again_and_stays_where_it_is() {
    let spec = rule(&["2027-06-01T20:00"]);
    let mut made = made(&spec, "1999a");
    made[0].starts_at = at("2027-07-01T18:00:00Z");
    made[0].moved = true;
    assert_eq!(beside(&spec, &made, NOW), Comparison::default());
    assert_eq!(beside(&rule(&["2027-06-02T20:00"]), &made, NOW).stale, []);
}

#[test]
fn a_changed_rule_leaves_dates_without_slot_and_slots_without_date() {
    let before =
        made(&rule(&["2027-01-01T01:00", "2027-06-01T20:00", "2027-06-02T20:00"]), tzdb_version());
    let found = beside(&rule(&["2027-06-02T20:00", "2027-06-03T20:00"]), &before, NOW);
    assert_eq!(locals(&found.new), ["2027-06-03T20:00:00"]);
    let stale: Vec<_> =
        found.stale.iter().map(|it| (&*it.slot.rule_local, it.to.is_some(), it.why)).collect();
    // What has started, were it in this very instant, stays, whatever the rule says today.
    assert_eq!(stale, [("2027-06-01T20:00:00", false, DriftReason::Rule)]);
}

#[test]
fn another_length_or_policy_moves_a_slot_by_rule() {
    let spec = rule(&["2027-06-01T20:00"]);
    let mut before = made(&spec, tzdb_version());
    before[0].ends_at = before[0].ends_at.plus(Span::from_mins(30));
    let found = beside(&spec, &before, NOW);
    assert_eq!((found.new.len(), found.stale.len(), found.stale[0].why), (0, 1, DriftReason::Rule));
    assert_eq!(found.stale[0].to.as_ref().unwrap().ends_at, at("2027-06-01T20:00:00Z"));
}

#[test]
fn other_zone_data_move_a_slot_by_zone() {
    let spec = rule(&["2027-06-01T20:00"]);
    let mut before = made(&spec, "1999a");
    assert_eq!(
        beside(&spec, &before, NOW),
        Comparison::default(),
        "the same instants are no drift"
    );
    // As if summer time had been abolished when it was made.
    before[0].starts_at = before[0].starts_at.plus(Span::from_hours(1));
    before[0].ends_at = before[0].ends_at.plus(Span::from_hours(1));
    let found = beside(&spec, &before, NOW);
    assert_eq!(found.stale[0].why, DriftReason::Zone);
    assert_eq!(found.stale[0].to.as_ref().unwrap().starts_at, at("2027-06-01T18:00:00Z"));
    before[0].tzdb = tzdb_version().into();
    assert_eq!(beside(&spec, &before, NOW).stale[0].why, DriftReason::Rule);
}

#[test]
fn a_listed_instant_is_the_same_slot_whatever_the_wall_shows() {
    let spec = rule(&["2027-05-01T20:00", "2027-06-01T18:00:00Z"]);
    let mut before = made(&spec, "1999a");
    before[1].rule_local = "2027-06-01T19:00:00".into();
    assert_eq!(beside(&spec, &before, NOW), Comparison::default());
}

#[test]
fn notice_and_horizon_say_what_is_made_and_not_what_stays() {
    let mut spec = rule(&["2027-01-02T20:00", "2027-02-01T20:00", "2027-06-01T20:00"]);
    spec.notice = Some(Span::from_days(3));
    spec.horizon = Some(Span::from_days(40));
    assert_eq!(locals(&beside(&spec, &[], NOW).new), ["2027-02-01T20:00:00"]);
    let before =
        made(&rule(&["2027-01-02T20:00", "2027-02-01T20:00", "2027-06-01T20:00"]), tzdb_version());
    assert_eq!(beside(&spec, &before, NOW), Comparison::default());
}

#[test]
fn an_endless_rule_rolls_and_each_day_adds_its_own() {
    let daily = ScheduleSpec { rrule: vec!["FREQ=DAILY".into()], ..rule(&["2026-03-01T02:30"]) };
    let first = beside(&daily, &[], NOW);
    // A year and a day, less the night on which the clock jumps over it, and the one that has it twice.
    assert_eq!((first.new.len(), first.rejected.len()), (364, 2));
    assert_eq!(first.new[0].rule_local, "2027-01-01T02:30:00");
    let slot = |(n, date): (u16, &SlotDate)| MadeSlot {
        id: SlotId::from_bytes([u8::try_from(n % 251).unwrap(); 16]),
        rule_local: date.rule_local.as_str().into(),
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        tzdb: tzdb_version().into(),
        cancelled: false,
        moved: false,
    };
    let before: Vec<MadeSlot> = (0..).zip(&first.new).map(slot).collect();
    let next = beside(&daily, &before, "2027-01-02T12:00:00Z");
    assert_eq!((locals(&next.new), next.stale.len()), (vec!["2028-01-02T02:30:00"], 0));
    // A shorter horizon takes nothing away.
    let shorter = ScheduleSpec { horizon: Some(Span::from_days(30)), ..daily.clone() };
    let found = beside(&shorter, &before, NOW);
    assert_eq!((found.new.len(), found.stale.len()), (0, 0));
    // An end does.
    let ended = ScheduleSpec { until: Some("2027-12-01".parse().unwrap()), ..daily };
    assert_eq!(beside(&ended, &before, NOW).stale.len(), 31);
}

#[test]
fn opening_hours_know_the_night_that_has_begun() {
    let hours = ScheduleSpec {
        open: vec!["mon-sun 22:00-03:00".into()],
        length: Some(Span::from_hours(1)),
        ..ScheduleSpec::default()
    };
    let begun = beside(&hours, &[], "2027-06-01T21:30:00Z");
    assert_eq!(
        begun.new[0].rule_local, "2027-06-02T00:00:00",
        "23:00 has begun, the rest of the night not"
    );
}

#[test]
fn only_rejected_dates_to_come_are_told() {
    let daily = ScheduleSpec { rrule: vec!["FREQ=DAILY".into()], ..rule(&["2026-03-01T02:30"]) };
    // At noon of the day whose 02:30 the clock jumps over.
    let found = beside(&daily, &[], "2027-03-28T10:00:00Z");
    let rejected: Vec<_> = found.rejected.iter().map(|it| it.local.date().to_string()).collect();
    assert_eq!(rejected, ["2027-10-31", "2028-03-26"]);
}

#[test]
fn a_hundred_thousand_slots_are_the_most_and_a_bad_rule_is_told() {
    let until = |closes: &str| ScheduleSpec {
        open: vec!["mon-sun 00:00-24:00".into()],
        overrides: vec![format!("2027-12-14 00:00-{closes}")],
        until: Some("2027-12-14".parse().unwrap()),
        length: Some(Span::from_mins(5)),
        ..ScheduleSpec::default()
    };
    let utc: Zone = "UTC".parse().unwrap();
    let look = |spec: &ScheduleSpec| compare(spec, HOURS, &utc, &[], tzdb_version(), at(NOW));
    // 287 today, as one starts now; 288 on each of 346 days; 65 on the last one.
    assert_eq!(look(&until("05:25")).map(|found| found.new.len()), Ok(MAX_SLOTS));
    assert_eq!(look(&until("05:30")), Err(NoDates::TooManySlots));
    let bad = ScheduleSpec { rrule: vec!["FREQ=OFTEN".into()], ..rule(&["2027-06-01T20:00"]) };
    assert!(matches!(look(&bad), Err(NoDates::Wrong(wrong)) if wrong.key == "rrule"));
}

#[test]
fn a_reason_is_called_as_json_has_it() {
    for reason in [DriftReason::Rule, DriftReason::Zone] {
        assert_eq!(serde_json::json!(reason), reason.name());
    }
}
