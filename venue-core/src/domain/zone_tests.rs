use super::*;

fn at(zone: &str, local: &str, policy: GapPolicy) -> String {
    let zone: Zone = zone.parse().unwrap();
    match zone.resolve(local.parse().unwrap(), policy) {
        Resolved::At(at) => at.to_string().replace(":00.000000Z", "Z"),
        Resolved::Rejected(why) => format!("{why:?}"),
    }
}

#[test]
fn half_past_seven_stays_half_past_seven_across_a_clock_change() {
    for (zone, local, utc) in [
        ("Europe/Berlin", "2026-03-28T19:30", "2026-03-28T18:30Z"),
        ("Europe/Berlin", "2026-03-29T19:30", "2026-03-29T17:30Z"),
        ("America/New_York", "2026-03-07T13:00", "2026-03-07T18:00Z"),
        ("America/New_York", "2026-03-08T13:00", "2026-03-08T17:00Z"),
        ("Asia/Kathmandu", "2026-03-08T13:00", "2026-03-08T07:15Z"),
        ("UTC", "2026-03-08T13:00", "2026-03-08T13:00Z"),
    ] {
        assert_eq!(at(zone, local, GapPolicy::Reject), utc, "{zone} {local}");
    }
}

#[test]
fn each_policy_decides_gaps_and_folds_in_its_way() {
    use GapPolicy::{Compatible, Earlier, Later, Reject};
    for (zone, local, policy, found) in [
        ("Europe/Vienna", "2027-03-28T02:30", Reject, "Gap"),
        ("Europe/Vienna", "2027-03-28T02:30", Compatible, "2027-03-28T01:30Z"),
        ("Europe/Vienna", "2027-03-28T02:30", Later, "2027-03-28T01:30Z"),
        ("Europe/Vienna", "2027-03-28T02:30", Earlier, "2027-03-28T00:30Z"),
        ("Europe/Vienna", "2027-10-31T02:30", Reject, "Fold"),
        ("Europe/Vienna", "2027-10-31T02:30", Compatible, "2027-10-31T00:30Z"),
        ("Europe/Vienna", "2027-10-31T02:30", Earlier, "2027-10-31T00:30Z"),
        ("Europe/Vienna", "2027-10-31T02:30", Later, "2027-10-31T01:30Z"),
        ("America/New_York", "2026-03-08T02:30", Compatible, "2026-03-08T07:30Z"),
        ("America/New_York", "2026-11-01T01:30", Later, "2026-11-01T06:30Z"),
        // Half an hour only, and a whole day that never was.
        ("Australia/Lord_Howe", "2026-10-04T02:15", Later, "2026-10-03T15:45Z"),
        ("Pacific/Apia", "2011-12-30T12:00", Reject, "Gap"),
    ] {
        assert_eq!(at(zone, local, policy), found, "{zone} {local} {policy:?}");
    }
}

#[test]
fn an_instant_is_written_with_offset_and_zone() {
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    for (instant, local, text) in [
        ("2027-09-04T17:30:00Z", "2027-09-04T19:30:00", "2027-09-04T19:30:00+02:00[Europe/Berlin]"),
        ("2027-10-31T00:30:00Z", "2027-10-31T02:30:00", "2027-10-31T02:30:00+02:00[Europe/Berlin]"),
        ("2027-10-31T01:30:00Z", "2027-10-31T02:30:00", "2027-10-31T02:30:00+01:00[Europe/Berlin]"),
        ("1970-01-01T00:00:00Z", "1970-01-01T01:00:00", "1970-01-01T01:00:00+01:00[Europe/Berlin]"),
    ] {
        let instant: Instant = instant.parse().unwrap();
        assert_eq!(zone.local(instant).to_string(), local);
        assert_eq!(zone.text(instant), text);
    }
}

#[test]
fn the_ends_of_time_do_not_break_anything() {
    for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12"] {
        let zone: Zone = name.parse().unwrap();
        for instant in [Instant::EPOCH, Instant::MAX] {
            let _ = zone.local(instant);
            assert!(zone.text(instant).contains(name));
        }
        for local in ["1970-01-01T00:00", "9999-12-31T23:59:59"] {
            let local = local.parse().unwrap();
            assert!(matches!(zone.resolve(local, GapPolicy::Reject), Resolved::At(_)));
        }
    }
}

#[test]
fn only_exact_iana_names_are_zones() {
    for right in ["Europe/Berlin", "Europe/Vienna", "UTC", "Etc/UTC", "America/New_York"] {
        assert_eq!(right.parse::<Zone>().unwrap().name(), right);
    }
    for wrong in ["", "europe/berlin", "Berlin", "CEST", "+02:00", "Etc/Unknown", "../UTC", "ä"] {
        assert_eq!(wrong.parse::<Zone>(), Err(NotAZone), "{wrong:?}");
    }
}

#[test]
fn the_zone_data_tells_its_release() {
    let version = tzdb_version();
    assert!(version.len() == 5 && version.starts_with("20"), "{version}");
}

#[test]
fn a_zone_is_its_name_wherever_it_stands() {
    let text = "\"Europe/Berlin\"";
    let zone: Zone = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&zone).unwrap(), text);
    assert_eq!(format!("{zone} {zone:?}"), "Europe/Berlin Zone(Europe/Berlin)");
    assert!(zone == "Europe/Berlin".parse().unwrap() && zone != "UTC".parse().unwrap());
    assert!(serde_json::from_str::<Zone>("\"Berlin\"").is_err());
    let schema = schemars::schema_for!(Zone).to_value();
    assert_eq!(schema["description"], "an IANA time zone's name");
}

#[test]
fn a_gap_policy_has_one_name_in_text_and_json() {
    for (policy, name) in [
        (GapPolicy::Reject, "reject"),
        (GapPolicy::Compatible, "compatible"),
        (GapPolicy::Earlier, "earlier"),
        (GapPolicy::Later, "later"),
    ] {
        assert_eq!(name.parse(), Ok(policy));
        assert_eq!(serde_json::to_value(policy).unwrap(), name);
    }
    assert_eq!("Later".parse::<GapPolicy>(), Err(NotAGapPolicy));
}

#[test]
fn outside_the_years_1970_to_9999_it_is_the_nearest_time_there_is() {
    let west: Zone = "Pacific/Pago_Pago".parse().unwrap();
    assert_eq!(west.local(Instant::EPOCH), LocalTime::FIRST);
    let japan: Zone = "Asia/Tokyo".parse().unwrap();
    let east: Zone = "Pacific/Kiritimati".parse().unwrap();
    assert_eq!(east.local(Instant::MAX).to_string(), "9999-12-31T23:59:59");
    assert_eq!(japan.resolve(LocalTime::FIRST, GapPolicy::Reject), Resolved::At(Instant::EPOCH));
}

#[test]
fn a_day_begins_when_the_clock_first_shows_it() {
    for (zone, date, begins) in [
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00Z"),
        // The clock jumps from midnight to 01:00, or from 23:30 to 00:30.
        ("America/Asuncion", "2024-10-06", "2024-10-06T04:00Z"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z"),
        ("America/Toronto", "1919-03-31", "1970-01-01T00:00Z"),
        // At midnight the clock goes back to 23:00: the day before has 25 hours. At 01:00 it goes back to
        // midnight: the first midnight counts.
        ("Africa/Cairo", "2026-10-30", "2026-10-29T22:00Z"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00Z"),
        ("Asia/Beirut", "2026-10-25", "2026-10-24T22:00Z"),
        // At one minute past midnight back to 23:01: the new day is seen for a minute, and then again.
        ("America/St_Johns", "2006-10-29", "2006-10-29T02:30Z"),
        // Samoa went over the date line: it had no 30 December.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z"),
        ("Etc/GMT+12", "2199-12-31", "2199-12-31T12:00Z"),
    ] {
        let zone: Zone = zone.parse().unwrap();
        let date: NaiveDate = date.parse().unwrap();
        let found = zone.day_begins(date).to_string().replace(":00.000000Z", "Z");
        assert_eq!(found, begins, "{zone} {date}");
    }
    let utc: Zone = "UTC".parse().unwrap();
    assert_eq!(utc.day_begins(NaiveDate::MIN), Instant::EPOCH);
    assert_eq!(utc.day_begins(NaiveDate::MAX), Instant::MAX);
}

#[test]
fn the_next_change_is_found_after_an_instant() {
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    let change: Instant = "2026-03-29T01:00:00Z".parse().unwrap();
    let before = Instant::clamped(change.micros() - 1);
    assert_eq!(zone.next_change(before), Some(change));
    assert_eq!(zone.next_change(change), Some("2026-10-25T01:00:00Z".parse().unwrap()));
    assert_eq!("UTC".parse::<Zone>().unwrap().next_change(change), None);
}
