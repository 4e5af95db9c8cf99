use serde_json::json;

use super::*;

fn read(json: serde_json::Value) -> SchedulePreview {
    serde_json::from_value(json).unwrap()
}

fn now() -> Instant {
    "2026-11-27T08:00:00Z".parse().unwrap()
}

fn locals(json: serde_json::Value) -> Vec<String> {
    let found = read(json).run(now()).unwrap();
    found.items.iter().map(|item| item.local[..16].to_owned()).collect()
}

#[test]
fn half_past_seven_stays_half_past_seven() {
    let request = json!({"zone": "Europe/Berlin", "starts": "2026-03-28T19:30", "duration": "2h",
        "rrule": ["FREQ=DAILY;COUNT=2"]});
    let found = read(request).run(now()).unwrap();
    let items: Vec<_> = found.items.iter().map(|it| json!(it)).collect();
    assert_eq!(
        items,
        [
            json!({"starts_at": "2026-03-28T18:30:00.000000Z", "ends_at": "2026-03-28T20:30:00.000000Z",
                "local": "2026-03-28T19:30:00+01:00[Europe/Berlin]"}),
            json!({"starts_at": "2026-03-29T17:30:00.000000Z", "ends_at": "2026-03-29T19:30:00.000000Z",
                "local": "2026-03-29T19:30:00+02:00[Europe/Berlin]"}),
        ]
    );
    assert_eq!((found.rejected, found.next), (vec![], None));
}

#[test]
fn rejected_dates_are_told_with_their_zone_and_reason() {
    let request = json!({"zone": "America/New_York", "starts": "2026-03-07T02:30", "duration": "1h",
        "rrule": ["FREQ=DAILY;COUNT=3"], "rdate": ["2026-11-01T01:30"]});
    let found = read(request).run(now()).unwrap();
    assert_eq!(found.items.len(), 2);
    assert_eq!(
        json!(found.rejected),
        json!([
            {"local": "2026-03-08T02:30:00", "zone": "America/New_York", "reason": "gap"},
            {"local": "2026-11-01T01:30:00", "zone": "America/New_York", "reason": "fold"},
        ])
    );
}

#[test]
fn a_limit_cuts_slots_and_rejected_dates_and_says_where_to_go_on() {
    let request = |limit: u32| {
        json!({"zone": "America/New_York", "starts": "2026-03-06T02:30", "duration": "1h",
            "rrule": ["FREQ=DAILY"], "limit": limit})
    };
    for (limit, rejected, next) in
        [(1, 0, "2026-03-07"), (2, 1, "2026-03-09"), (3, 1, "2026-03-10")]
    {
        let found = read(request(limit)).run(now()).unwrap();
        assert_eq!((found.items.len(), found.rejected.len()), (limit as usize, rejected));
        let from = found.next.unwrap();
        assert_eq!(from.date().to_string(), next);
        let mut rest = request(1);
        rest["from"] = json!(from.to_string());
        assert_eq!(locals(rest), [from.to_string()[..16].to_owned()]);
    }
    let usual = json!({"zone": "UTC", "starts": "2026-03-06T02:30", "duration": "1h",
        "rrule": ["FREQ=DAILY"]});
    let found = read(usual.clone()).run(now()).unwrap();
    assert_eq!((found.items.len(), found.next.is_some()), (1_000, true));
    // Dates end with 2199, whatever is asked for.
    let mut all = usual;
    all["limit"] = json!(100_000);
    let found = read(all).run(now()).unwrap();
    let days = (2_200 - 2_026) * 365 + 42 - (31 + 28 + 5);
    assert_eq!((found.items.len(), found.next), (days, None));
}

#[test]
fn without_at_notice_and_horizon_the_clock_plays_no_part() {
    let mut request = json!({"zone": "Europe/Vienna", "starts": "1999-12-30T20:00", "duration": "2h",
        "rrule": ["FREQ=DAILY"], "limit": 3});
    assert_eq!(locals(request.clone())[0], "1999-12-30T20:00");
    assert!(!read(request.clone()).needs_now());
    // With any of them, what started is left out, and an endless rule is looked at for 365 days.
    request["notice"] = json!("0s");
    assert_eq!(locals(request.clone())[0], "2026-11-27T20:00");
    assert!(read(request.clone()).needs_now());
    request["notice"] = json!("12h");
    assert_eq!(locals(request.clone())[0], "2026-11-28T20:00");
    request["limit"] = json!(1_000);
    let found = locals(request.clone());
    assert_eq!((found.len(), &*found[364]), (365, "2027-11-27T20:00"));
    request["horizon"] = json!("2d");
    assert_eq!(locals(request.clone()), ["2026-11-28T20:00", "2026-11-29T20:00"]);
    request["notice"] = json!(null);
    assert!(read(request.clone()).needs_now());
    assert_eq!(locals(request.clone())[0], "2026-11-27T20:00");
    request["at"] = json!("2030-01-01T00:00:00Z");
    assert!(!read(request.clone()).needs_now());
    assert_eq!(locals(request), ["2030-01-01T20:00", "2030-01-02T20:00", "2030-01-03T20:00"]);
    // A rule that ends is looked at to its end.
    let ends = json!({"zone": "Europe/Vienna", "starts": "2026-12-01T20:00", "duration": "2h",
        "rrule": ["FREQ=YEARLY;COUNT=5"], "at": "2027-01-01T00:00:00Z"});
    assert_eq!(locals(ends).len(), 4);
}

#[test]
fn opening_hours_without_a_beginning_begin_now() {
    let mut request = json!({"zone": "Europe/Vienna", "open": ["mon-sun 08:00-10:00"], "length": "1h",
        "limit": 2});
    assert!(read(request.clone()).needs_now());
    // It is nine o'clock.
    assert_eq!(locals(request.clone()), ["2026-11-27T09:00", "2026-11-28T08:00"]);
    request["at"] = json!("2027-06-01T06:30:00Z");
    assert_eq!(locals(request.clone()), ["2027-06-01T09:00", "2027-06-02T08:00"]);
    request["at"] = json!(null);
    request["from"] = json!("2020-01-01");
    assert!(!read(request.clone()).needs_now());
    assert_eq!(locals(request), ["2020-01-01T08:00", "2020-01-01T09:00"]);
    // Endless hours are looked at for 365 days and today.
    let year = json!({"zone": "UTC", "open": ["mon-sun 08:00-09:00"], "length": "1h",
        "at": "2027-01-01T00:00:00Z"});
    assert_eq!(locals(year).len(), 366);
}

#[test]
fn nights_go_on_after_their_opening_date() {
    let nights = json!({"zone": "Europe/Vienna", "open": ["fri 22:00-02:00"], "length": "2h",
        "from": "2027-06-04", "until": "2027-06-04"});
    assert_eq!(locals(nights), ["2027-06-04T22:00", "2027-06-05T00:00"]);
    // Seen from after midnight, what is left of the night before is there.
    let late = json!({"zone": "Europe/Vienna", "open": ["fri 22:00-02:00"], "length": "2h",
        "at": "2027-06-04T22:00:00Z", "horizon": "1d"});
    assert_eq!(locals(late), ["2027-06-05T00:00"]);
}

#[test]
fn what_is_wrong_or_missing_is_named() {
    for (request, name) in [
        (json!({"zone": "UTC", "starts": "2027-01-01T10:00"}), "duration"),
        (json!({"zone": "UTC", "duration": "2h"}), "starts"),
        (json!({"zone": "UTC", "open": ["mon 10:00-12:00"]}), "length"),
        (json!({"zone": "UTC", "open": ["mon 10:00-12:00", "x"], "length": "1h"}), "open[1]"),
        (
            json!({"zone": "UTC", "length": "1h", "starts": "2027-01-01T10:00", "open": ["mon 10:00-12:00"]}),
            "starts",
        ),
        (
            json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "1h", "rrule": ["FREQ=X"]}),
            "rrule[0]",
        ),
        (json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "0s"}), "duration"),
        (json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "367d"}), "duration"),
        (
            json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "1h", "limit": 0}),
            "limit",
        ),
        (
            json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "1h", "limit": 100_001}),
            "limit",
        ),
        (
            json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "1h", "horizon": "36h"}),
            "horizon",
        ),
        (
            json!({"zone": "UTC", "open": ["mon 10:00-12:00"], "length": "1h", "step": "30m"}),
            "step",
        ),
        (
            json!({"zone": "UTC", "open": ["mon 10:00-12:00"], "duration": "1h", "step": "30m"}),
            "step",
        ),
    ] {
        match read(request.clone()).run(now()) {
            Err(Invalid::Argument { name: found, problem }) => {
                assert_eq!(found, name, "{request}");
                assert!(!problem.is_empty());
            }
            other => panic!("{request}: {other:?}"),
        }
    }
    let longest = json!({"zone": "UTC", "starts": "2027-01-01T10:00", "duration": "366d"});
    assert_eq!(locals(longest).len(), 1);
    // Hours take the event's duration where they have no length, as in the season file.
    let museum = json!({"zone": "UTC", "open": ["mon 10:00-12:00"], "duration": "1h",
        "from": "2027-01-04", "until": "2027-01-04"});
    assert_eq!(locals(museum).len(), 2);
}

#[test]
fn the_members_are_those_of_the_type() {
    let all = json!({"zone": "UTC", "duration": "1h", "starts": "2027-01-01T10:00",
        "rrule": ["FREQ=DAILY"], "rdate": ["2027-01-01"], "exdate": ["2027-01-01"], "gap": "later",
        "open": ["mon 10:00-12:00"], "override": ["2027-01-01 closed"], "from": "2027-01-01",
        "until": "2027-01-01", "length": "1h", "step": "1h", "break": "1h", "align": "1h",
        "overlap": true, "notice": "1h", "horizon": "1d", "at": "2027-01-01T00:00:00Z", "limit": 1});
    let said = serde_json::to_value(read(all)).unwrap();
    let mut names: Vec<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
    let mut members = SchedulePreview::MEMBERS.to_vec();
    names.sort_unstable();
    members.sort_unstable();
    assert_eq!(names, members);
}
