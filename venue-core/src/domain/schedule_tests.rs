use chrono::NaiveDate;

use super::*;

fn local(text: &str) -> LocalTime {
    text.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

fn dated() -> ScheduleSpec {
    ScheduleSpec { starts: Some(local("2027-09-04T19:30")), ..ScheduleSpec::default() }
}

fn windows() -> ScheduleSpec {
    ScheduleSpec {
        open: vec!["tue-fri 10:00-18:00".into()],
        length: Some(span("60m")),
        ..ScheduleSpec::default()
    }
}

#[test]
fn a_schedule_has_one_json_text() {
    let spec = ScheduleSpec {
        rrule: vec!["FREQ=WEEKLY;COUNT=3".into()],
        rdate: vec!["2027-12-26T17:00".parse().unwrap(), "2027-12-27".parse().unwrap()],
        exdate: vec!["2027-12-26T16:00:00Z".parse().unwrap()],
        gap: GapPolicy::Later,
        until: Some("2028-01-01".parse().unwrap()),
        ..dated()
    };
    let text = spec.canonical_json();
    assert_eq!(
        text,
        concat!(
            r#"{"starts":"2027-09-04T19:30:00","rrule":["FREQ=WEEKLY;COUNT=3"],"#,
            r#""rdate":["2027-12-26T17:00:00","2027-12-27"],"exdate":["2027-12-26T16:00:00.000000Z"],"#,
            r#""gap":"later","until":"2028-01-01"}"#
        )
    );
    assert_eq!(serde_json::from_str::<ScheduleSpec>(&text).unwrap(), spec);
    let museum = ScheduleSpec {
        step: Some(span("30m")),
        overlap: true,
        pause: Some(span("0s")),
        ..windows()
    };
    let text = museum.canonical_json();
    assert_eq!(
        text,
        r#"{"open":["tue-fri 10:00-18:00"],"length":"1h","step":"30m","break":"0s","overlap":true}"#
    );
    assert_eq!(serde_json::from_str::<ScheduleSpec>(&text).unwrap(), museum);
    assert!(serde_json::from_str::<ScheduleSpec>(r#"{"start":"2027-09-04T19:30"}"#).is_err());
}

#[test]
fn listed_dates_are_local_times_dates_or_instants() {
    for (text, out) in [
        ("2027-12-26T17:00", "2027-12-26T17:00:00"),
        ("2027-12-26", "2027-12-26"),
        ("2027-12-26T17:00:00Z", "2027-12-26T17:00:00.000000Z"),
    ] {
        let date: ListedDate = text.parse().unwrap();
        assert_eq!(date.to_string(), out);
        assert_eq!(out.parse(), Ok(date));
    }
    for wrong in
        ["", "26.12.2027", "2027-12-26T17:00:00+01:00", "2027-12-26T17:00:00.5Z", "2027-13-01"]
    {
        assert!(wrong.parse::<ListedDate>().is_err(), "{wrong:?}");
        assert!(wrong.parse::<Bound>().is_err(), "{wrong:?}");
    }
    assert!("2027-12-26T17:00:00Z".parse::<Bound>().is_err());
}

#[test]
fn schedules_that_fit_together_pass() {
    for spec in [
        dated(),
        windows(),
        ScheduleSpec { length: None, ..windows() },
        ScheduleSpec { step: Some(span("30m")), overlap: true, ..windows() },
        ScheduleSpec { notice: Some(span("0s")), horizon: Some(span("90d")), ..dated() },
    ] {
        assert_eq!(spec.check(None), Ok(()), "{spec:?}");
    }
}

#[test]
fn every_wrong_schedule_names_its_key() {
    let long = || "x".repeat(MAX_RULE_CHARS + 1);
    let from = |text: &str| Some(text.parse::<Bound>().unwrap());
    for (spec, key, entry) in [
        (ScheduleSpec::default(), "starts", None),
        (ScheduleSpec { rrule: vec![String::new()], ..dated() }, "rrule", Some(0)),
        (ScheduleSpec { rrule: vec!["A".into(), long()], ..dated() }, "rrule", Some(1)),
        (ScheduleSpec { rrule: vec!["A".into(); 101], ..dated() }, "rrule", Some(100)),
        (ScheduleSpec { length: Some(span("1h")), ..dated() }, "open", None),
        (ScheduleSpec { overlap: true, ..dated() }, "open", None),
        (ScheduleSpec { starts: dated().starts, ..windows() }, "starts", None),
        (ScheduleSpec { rrule: vec!["A".into()], ..windows() }, "rrule", None),
        (ScheduleSpec { exdate: vec!["2027-01-01".parse().unwrap()], ..windows() }, "exdate", None),
        (ScheduleSpec { open: vec!["a\nb".into()], ..windows() }, "open", Some(0)),
        (ScheduleSpec { overrides: vec![" ".into()], ..windows() }, "override", Some(0)),
        (ScheduleSpec { from: from("2027-01-01T10:00"), ..windows() }, "from", None),
        (
            ScheduleSpec { step: Some(span("60m")), pause: Some(span("5m")), ..windows() },
            "step",
            None,
        ),
        (ScheduleSpec { step: Some(span("30m")), ..windows() }, "step", None),
        (ScheduleSpec { length: Some(span("0s")), ..windows() }, "length", None),
        (ScheduleSpec { align: Some(span("25h")), ..windows() }, "align", None),
        (ScheduleSpec { horizon: Some(span("36h")), ..dated() }, "horizon", None),
        (ScheduleSpec { notice: Some(span("367d")), ..dated() }, "notice", None),
        (
            ScheduleSpec {
                rdate: vec![ListedDate::Date(NaiveDate::MAX); MAX_LISTED + 1],
                ..dated()
            },
            "rdate",
            Some(MAX_LISTED),
        ),
    ] {
        let error = spec.check(None).unwrap_err();
        assert_eq!((error.key, error.entry), (key, entry), "{error}");
    }
}

/// A rule of the most characters that one may have.
fn long_rule() -> String {
    let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let weeks = (10..=53).flat_map(|week| days.map(|day| format!("{week}{day}")));
    let days = ["1MO".to_owned(), "2MO".to_owned()].into_iter().chain(weeks.take(195));
    let rule = format!("FREQ=YEARLY;BYDAY={}", days.collect::<Vec<_>>().join(","));
    assert_eq!(rule.chars().count(), MAX_RULE_CHARS);
    rule
}

#[test]
fn bounds_are_inclusive() {
    let horizon = Some(MAX_SPAN);
    for spec in [
        ScheduleSpec { rrule: vec![long_rule(); MAX_RULES], ..dated() },
        ScheduleSpec { rdate: vec![ListedDate::Date(NaiveDate::MAX); MAX_LISTED], ..dated() },
        ScheduleSpec { notice: Some(MAX_SPAN), horizon, ..dated() },
        ScheduleSpec { align: Some(span("24h")), ..windows() },
        ScheduleSpec { pause: Some(span("5m")), ..windows() },
        ScheduleSpec { pause: Some(span("0s")), step: Some(span("60m")), ..windows() },
        ScheduleSpec { step: Some(span("60m")), ..windows() },
        ScheduleSpec { step: Some(span("90m")), ..windows() },
        ScheduleSpec { step: Some(span("90m")), overlap: true, ..windows() },
    ] {
        assert_eq!(spec.check(None), Ok(()), "{:?}", spec.window_keys());
    }
    for (spec, key) in [
        (ScheduleSpec { step: Some(span("0s")), overlap: true, ..windows() }, "step"),
        (ScheduleSpec { horizon: Some(span("0s")), ..dated() }, "horizon"),
        (ScheduleSpec { align: Some(Span::from_millis(86_400_001)), ..windows() }, "align"),
    ] {
        assert_eq!(spec.check(None).unwrap_err().key, key);
    }
}

#[test]
fn an_instant_that_is_listed_has_whole_seconds_and_a_z() {
    for wrong in ["2027-12-26T17:00:00+00:00", "2027-12-26T17:00:00.000001Z"] {
        assert_eq!(wrong.parse::<ListedDate>(), Err(NotADate::Listed), "{wrong}");
    }
}

#[test]
fn a_schedule_is_endless_if_nothing_says_when_it_ends() {
    let ruled = |rules: &[&str]| ScheduleSpec {
        rrule: rules.iter().map(|rule| (*rule).into()).collect(),
        ..dated()
    };
    let until =
        |spec: ScheduleSpec| ScheduleSpec { until: Some("2028-01-01".parse().unwrap()), ..spec };
    for (spec, endless) in [
        (dated(), false),
        (ruled(&["FREQ=DAILY"]), true),
        (ruled(&["FREQ=DAILY;COUNT=3"]), false),
        (ruled(&["FREQ=DAILY;COUNT=3", "FREQ=WEEKLY"]), true),
        (until(ruled(&["FREQ=DAILY"])), false),
        (until(ruled(&["FREQ=DAILY;COUNT=3"])), false),
        (windows(), true),
        (until(windows()), false),
    ] {
        assert_eq!(spec.is_endless(), Ok(endless), "{spec:?}");
    }
    let wrong = ruled(&["FREQ=DAILY;COUNT=3", "FREQ=NEVER"]);
    for error in [wrong.is_endless().unwrap_err(), wrong.rules().unwrap_err()] {
        assert_eq!((error.key, error.entry), ("rrule", Some(1)));
    }
    assert_eq!(ruled(&["FREQ=DAILY", "FREQ=WEEKLY"]).rules().unwrap().len(), 2);
}

#[test]
fn everything_that_is_listed_is_an_entry() {
    assert_eq!(dated().entries(), 0);
    let text = |n: usize| vec!["FREQ=DAILY".into(); n];
    let dates = |n: usize| vec!["2027-12-27".parse().unwrap(); n];
    let spec = ScheduleSpec {
        rrule: text(1),
        rdate: dates(2),
        exdate: dates(4),
        open: text(8),
        overrides: text(16),
        ..dated()
    };
    assert_eq!(spec.entries(), 31);
}

#[test]
fn slots_are_as_long_as_the_schedule_says_else_as_the_event() {
    let hours = |n| Some(Span::from_hours(n));
    let spec = |length, duration| ScheduleSpec { duration, length, ..dated() };
    for (spec, event, expected) in [
        (spec(None, None), None, None),
        (spec(None, None), hours(1), hours(1)),
        (spec(None, hours(2)), hours(1), hours(2)),
        (spec(hours(3), hours(2)), hours(1), hours(3)),
        (spec(hours(0), None), hours(1), None),
        (spec(None, None), Some(Span::from_micros(1)), Some(Span::from_micros(1))),
        (spec(None, None), hours(0), None),
    ] {
        assert_eq!(spec.slot_length(event), expected, "{spec:?}");
    }
}
