use super::*;
use crate::domain::zone::tzdb_version;

fn berlin() -> Zone {
    "Europe/Berlin".parse().unwrap()
}

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

fn wanted(spec: &ScheduleSpec, now: &str) -> Wanted {
    Wanted::of(spec, Span::from_hours(2), &berlin(), at(now))
}

/// The slots that a rule has made, one id a place.
fn made(spec: &ScheduleSpec, tzdb: &str) -> Vec<MadeSlot> {
    let found = wanted(spec, "2026-01-01T00:00:00Z").dates.slots;
    let slot = |(n, date): (u8, SlotDate)| MadeSlot {
        id: SlotId::from_bytes([n; 16]),
        rule_local: date.rule_local.into(),
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        tzdb: tzdb.into(),
        cancelled: false,
    };
    (1..).zip(found).map(slot).collect()
}

const NOW: &str = "2027-01-01T00:00:00Z";

fn locals(new: &[SlotDate]) -> Vec<&str> {
    new.iter().map(|date| date.rule_local.as_str()).collect()
}

fn beside(spec: &ScheduleSpec, made: &[MadeSlot], now: &str) -> Comparison {
    wanted(spec, now).beside(made, tzdb_version(), at(now))
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
fn a_changed_rule_leaves_dates_without_slot_and_slots_without_date() {
    let before =
        made(&rule(&["2026-12-31T20:00", "2027-06-01T20:00", "2027-06-02T20:00"]), tzdb_version());
    let found = beside(&rule(&["2027-06-02T20:00", "2027-06-03T20:00"]), &before, NOW);
    assert_eq!(locals(&found.new), ["2027-06-03T20:00:00"]);
    let stale: Vec<_> =
        found.stale.iter().map(|it| (&*it.slot.rule_local, it.to.is_some(), it.why)).collect();
    // What has started stays, whatever the rule says today.
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
