use super::*;

#[test]
fn an_instant_is_written_in_one_form() {
    for (text, out) in [
        ("2027-09-04T19:30:00+02:00", "2027-09-04T17:30:00.000000Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
        ("2028-02-29t23:59:59.5z", "2028-02-29T23:59:59.500000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ] {
        let at: Instant = text.parse().unwrap();
        assert_eq!(at.to_string(), out);
        assert_eq!(serde_json::to_string(&at).unwrap(), format!("\"{out}\""));
    }
}

#[test]
fn both_writers_agree_on_every_day_of_four_centuries() {
    for day in 0..(400 * 366) {
        let at = Instant::from_micros(day * 86_400_000_000 + day * 7_919).unwrap();
        let mut buffer = [0; 27];
        assert_eq!(at.write(&mut buffer), at.to_string());
    }
}

#[test]
fn what_is_not_an_instant_is_refused() {
    for wrong in [
        "",
        "2027-09-04",
        "2027-09-04T19:30:00",
        "2027-09-04T19:30Z",
        "2027-09-04 19:30:00Z",
        "2027-09-04T19:30:60Z",
        "2027-09-04T19:30:00.Z",
        "2027-09-04T19:30:00.1234567Z",
        "2027-09-04T19:30:00+0200",
        "2027-02-30T19:30:00Z",
        "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "2027-09-04T19:30:00 Z",
        "+2027-09-04T19:30:00Z",
        "2027-09-04T19:30:00+aa:bb",
        "2027-09-04T19:30:00Zä",
        "ääääääääääääää",
    ] {
        assert!(wrong.parse::<Instant>().is_err(), "{wrong:?}");
    }
}

#[test]
fn a_span_reads_joined_units_only() {
    for (text, micros) in [
        ("90s", 90_000_000),
        ("5m", 300_000_000),
        ("2h33m", 9_180_000_000),
        ("1ms", 1_000),
        ("0s", 0),
        ("1d1h1m1s1ms", 90_061_001_000),
    ] {
        let span: Span = text.parse().unwrap();
        assert_eq!(span.micros(), micros, "{text}");
        assert_eq!(span.to_string().parse::<Span>(), Ok(span));
    }
    for wrong in
        ["", "5", "m", "-5m", "+5m", "5 m", "1.5h", "5x", "5M", "99999999999999999d", "5mm"]
    {
        assert!(wrong.parse::<Span>().is_err(), "{wrong:?}");
    }
}

#[test]
fn time_begins_in_1970_and_ends_with_the_year_9999() {
    let last = 253_402_300_799_999_999;
    for (micros, within, nearest) in [
        (-1, None, 0),
        (0, Some(0), 0),
        (1, Some(1), 1),
        (last, Some(last), last),
        (last + 1, None, last),
    ] {
        assert_eq!(Instant::from_micros(micros).map(Instant::micros), within);
        assert_eq!(Instant::clamped(micros).micros(), nearest);
    }
    assert_eq!(Instant::EPOCH.minus(Span::from_micros(1)), Instant::EPOCH);
    assert_eq!(Instant::MAX.plus(Span::from_micros(1)), Instant::MAX);
    assert_eq!(Instant::MAX.plus(Span::from_micros(i64::MAX)), Instant::MAX);
}

#[test]
fn what_lies_between_two_instants_leads_from_one_to_the_other() {
    let (one, two) = (Instant::clamped(1_500), Instant::clamped(4_000));
    let between = two.since(one);
    assert_eq!(between.micros(), 2_500);
    assert_eq!((one.plus(between), two.minus(between)), (two, one));
    assert_eq!((one.since(two), one.since(one)), (Span::ZERO, Span::ZERO));
}

#[test]
fn chrono_means_the_same_instant_without_what_is_below_a_microsecond() {
    let at: Instant = "2027-09-04T17:30:00.123456Z".parse().unwrap();
    let nanos = chrono::TimeDelta::nanoseconds(999);
    assert_eq!(at.to_chrono().timestamp_micros(), at.micros());
    assert_eq!(Instant::from_chrono(at.to_chrono() + nanos), Some(at));
    let before = Instant::EPOCH.to_chrono() - chrono::TimeDelta::seconds(1);
    assert_eq!(Instant::from_chrono(before), None);
}

#[test]
fn an_instant_reads_one_to_six_digits_of_a_second() {
    for (text, micros) in [
        ("1970-01-01T00:00:01.1Z", 1_100_000),
        ("1970-01-01T00:00:01.123456Z", 1_123_456),
        ("1970-01-01T01:00:00.5+01:00", 500_000),
        ("1970-01-01T00:00:00-00:01", 60_000_000),
        ("1970-01-01T00:01:59z", 119_000_000),
    ] {
        assert_eq!(text.parse::<Instant>().map(Instant::micros), Ok(micros), "{text}");
        let read: Instant = serde_json::from_str(&format!("\"{text}\"")).unwrap();
        assert_eq!(read.micros(), micros);
        assert_eq!(format!("{read:?}"), read.to_string());
    }
    assert!(serde_json::from_str::<Instant>("\"1970-01-01\"").is_err());
}

#[test]
fn a_span_has_a_constructor_for_each_unit_and_is_never_negative() {
    for (span, micros) in [
        (Span::from_micros(7), 7),
        (Span::from_micros(-7), 0),
        (Span::from_millis(7), 7_000),
        (Span::from_secs(7), 7_000_000),
        (Span::from_mins(7), 420_000_000),
        (Span::from_hours(7), 25_200_000_000),
        (Span::from_days(7), 604_800_000_000),
        (Span::from_days(i64::MAX), i64::MAX),
        (Span::from_days(-1), 0),
    ] {
        assert_eq!(span.micros(), micros);
        assert_eq!(u128::try_from(micros), Ok(span.to_std().as_micros()));
    }
}

#[test]
fn a_span_is_written_with_its_largest_units_first() {
    for (millis, text) in [
        (0, "0s"),
        (1, "1ms"),
        (999, "999ms"),
        (1_000, "1s"),
        (60_000, "1m"),
        (90_000, "1m30s"),
        (3_600_000, "1h"),
        (9_180_000, "2h33m"),
        (86_400_000, "1d"),
        (90_061_001, "1d1h1m1s1ms"),
        (172_800_500, "2d500ms"),
    ] {
        let span = Span::from_millis(millis);
        assert_eq!((span.to_string(), format!("{span:?}")), (text.to_owned(), text.to_owned()));
        let json = serde_json::to_string(&span).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
    }
    assert_eq!(Span::from_micros(999).to_string(), "0s");
    assert!(serde_json::from_str::<Span>("\"5\"").is_err());
}

#[test]
fn schemas_say_how_instants_and_spans_are_written() {
    let instant = schemars::schema_for!(Instant).to_value();
    assert_eq!((&instant["type"], &instant["format"]), (&"string".into(), &"date-time".into()));
    let span = schemars::schema_for!(Span).to_value();
    assert!(span["description"].as_str().is_some_and(|text| text.contains("ms s m h d")));
}
