use crate::domain::recurrence::{Rule, union};
use crate::domain::zone::{LocalTime, Zone};

/// At most so many dates of a rule, without the time of day.
fn dates(text: &str, starts: &str, most: usize) -> Vec<String> {
    full(text, starts, "UTC", most).into_iter().map(|date| date[..10].to_owned()).collect()
}

fn full(text: &str, starts: &str, zone: &str, most: usize) -> Vec<String> {
    let rule: Rule = text.parse().unwrap();
    let (starts, zone): (LocalTime, Zone) = (starts.parse().unwrap(), zone.parse().unwrap());
    rule.dates(starts, &zone).take(most).map(|date| date.to_string()).collect()
}

#[test]
fn starts_is_a_date_only_where_the_rule_names_it() {
    // 2027-09-04 is a Saturday.
    assert_eq!(dates("FREQ=WEEKLY;BYDAY=SA", "2027-09-04T19:30", 2), ["2027-09-04", "2027-09-11"]);
    assert_eq!(dates("FREQ=WEEKLY;BYDAY=SU", "2027-09-04T19:30", 2), ["2027-09-05", "2027-09-12"]);
    assert_eq!(
        dates("FREQ=WEEKLY;BYDAY=SU;COUNT=2", "2027-09-04T19:30", 9),
        ["2027-09-05", "2027-09-12"]
    );
}

#[test]
fn what_a_rule_leaves_open_comes_from_starts() {
    for (text, starts, expected) in [
        ("FREQ=DAILY", "2027-12-31T08:15:30", ["2027-12-31", "2028-01-01"]),
        ("FREQ=WEEKLY", "2027-12-31T08:15:30", ["2027-12-31", "2028-01-07"]),
        ("FREQ=MONTHLY", "2027-12-31T08:15:30", ["2027-12-31", "2028-01-31"]),
        ("FREQ=YEARLY", "2027-12-31T08:15:30", ["2027-12-31", "2028-12-31"]),
        ("FREQ=YEARLY;BYMONTH=3", "2027-12-31T08:15:30", ["2028-03-31", "2029-03-31"]),
        ("FREQ=MONTHLY;BYMONTH=2,3", "2027-12-31T08:15:30", ["2028-03-31", "2029-03-31"]),
        ("FREQ=YEARLY;BYMONTHDAY=31", "2027-12-30T08:15:30", ["2027-12-31", "2028-01-31"]),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=MO", "2027-12-30T08:15:30", ["2028-01-03", "2028-01-10"]),
        ("FREQ=WEEKLY;BYMONTH=1", "2027-12-31T08:15:30", ["2028-01-07", "2028-01-14"]),
    ] {
        assert_eq!(dates(text, starts, 2), expected, "{text}");
        assert!(full(text, starts, "UTC", 1)[0].ends_with("T08:15:30"), "the time of day stays");
    }
}

#[test]
fn days_that_do_not_exist_are_skipped_and_not_counted() {
    assert_eq!(
        dates("FREQ=MONTHLY;COUNT=4", "2027-01-31T10:00", 9),
        ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31"]
    );
    assert_eq!(
        dates("FREQ=YEARLY;COUNT=3", "2096-02-29T10:00", 9),
        ["2096-02-29", "2104-02-29", "2108-02-29"]
    );
    assert_eq!(
        dates("FREQ=MONTHLY;BYMONTHDAY=30;COUNT=3", "2027-01-30T10:00", 9),
        ["2027-01-30", "2027-03-30", "2027-04-30"]
    );
}

#[test]
fn days_count_from_the_ends_of_each_month() {
    assert_eq!(
        dates("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-01-01T10:00", 3),
        ["2028-01-31", "2028-02-29", "2028-03-31"]
    );
    assert_eq!(
        dates("FREQ=DAILY;BYMONTHDAY=1,-31", "2027-12-02T10:00", 4),
        ["2028-01-01", "2028-02-01", "2028-03-01", "2028-04-01"]
    );
    assert_eq!(
        dates("FREQ=MONTHLY;BYMONTHDAY=-30;BYMONTH=2,4", "2028-01-01T10:00", 2),
        ["2028-04-01", "2029-04-01"]
    );
}

#[test]
fn ordinals_count_in_the_month_or_else_in_the_year() {
    for (text, expected) in [
        ("FREQ=MONTHLY;BYDAY=1MO", ["2028-01-03", "2028-02-07"]),
        ("FREQ=MONTHLY;BYDAY=-1MO", ["2028-01-31", "2028-02-28"]),
        ("FREQ=MONTHLY;BYDAY=5TU", ["2028-02-29", "2028-05-30"]),
        ("FREQ=MONTHLY;BYDAY=-5TU", ["2028-02-01", "2028-05-02"]),
        ("FREQ=YEARLY;BYDAY=1MO", ["2028-01-03", "2029-01-01"]),
        ("FREQ=YEARLY;BYDAY=-1MO", ["2028-12-25", "2029-12-31"]),
        ("FREQ=YEARLY;BYDAY=53SA", ["2028-12-30", "2033-12-31"]),
        ("FREQ=YEARLY;BYDAY=53SU", ["2028-12-31", "2034-12-31"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", ["2028-05-14", "2029-05-13"]),
        ("FREQ=YEARLY;BYMONTH=2,3;BYDAY=-1WE", ["2028-02-23", "2028-03-29"]),
        // Every Friday, and the first Monday: a union.
        ("FREQ=MONTHLY;BYDAY=1MO,FR", ["2028-01-03", "2028-01-07"]),
        // With days of the month both must hold.
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ["2028-10-13", "2029-04-13"]),
        ("FREQ=MONTHLY;BYDAY=1SU;BYMONTHDAY=1", ["2028-10-01", "2029-04-01"]),
    ] {
        assert_eq!(dates(text, "2028-01-01T10:00", 2), expected, "{text}");
    }
    assert_eq!(dates("FREQ=MONTHLY;BYDAY=6MO", "2028-01-01T10:00", 1), [""; 0]);
}

#[test]
fn intervals_count_periods_not_dates() {
    for (text, expected) in [
        ("FREQ=DAILY;INTERVAL=10", ["2027-09-04", "2027-09-14", "2027-09-24"]),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=SA", ["2027-09-04", "2027-09-18", "2027-10-02"]),
        ("FREQ=WEEKLY;INTERVAL=2", ["2027-09-04", "2027-09-18", "2027-10-02"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", ["2027-09-17", "2027-10-01", "2027-10-15"]),
        ("FREQ=MONTHLY;INTERVAL=18", ["2027-09-04", "2029-03-04", "2030-09-04"]),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1", ["2028-09-01", "2029-09-01", "2030-09-01"]),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTHDAY=1;BYMONTH=1",
            ["2031-01-01", "2035-01-01", "2039-01-01"],
        ),
    ] {
        assert_eq!(dates(text, "2027-09-04T19:30", 3), expected, "{text}");
    }
}

#[test]
fn a_week_begins_with_wkst() {
    // RFC 5545's own pair: every other week on Tuesday and Sunday, from Tuesday, 5 August 1997.
    let monday = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO";
    let sunday = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU";
    assert_eq!(
        dates(monday, "1997-08-05T09:00", 9),
        ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
    );
    assert_eq!(
        dates(sunday, "1997-08-05T09:00", 9),
        ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]
    );
    assert_eq!(
        dates("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU", "1997-08-05T09:00", 9),
        dates(monday, "1997-08-05T09:00", 9),
        "Monday where nothing is said"
    );
}

#[test]
fn positions_count_in_the_whole_period_then_dates_before_starts_drop() {
    // Mondays of September 2027: 6, 13, 20, 27. From the 10th on, the second one is still the 13th.
    for (text, expected) in [
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2", ["2027-09-13", "2027-10-11"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", ["2027-10-04", "2027-11-01"]),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1,2", ["2027-09-13", "2027-09-27"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2027-09-30", "2027-10-29"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=1,3", ["2027-09-17", "2027-10-01"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR,SU;BYSETPOS=1", ["2027-09-13", "2027-09-20"]),
        ("FREQ=WEEKLY;BYDAY=MO,FR,SU;BYSETPOS=1;WKST=SU", ["2027-09-12", "2027-09-19"]),
        ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=1,-1", ["2027-12-27", "2028-01-03"]),
        ("FREQ=YEARLY;BYMONTH=9,10;BYSETPOS=2", ["2027-10-10", "2028-10-10"]),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1", ["2027-09-13", "2027-09-20"]),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=-1", ["2027-09-13", "2027-09-20"]),
    ] {
        assert_eq!(dates(text, "2027-09-10T10:00", 2), expected, "{text}");
    }
    for never in ["FREQ=DAILY;BYDAY=MO;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6"] {
        assert_eq!(dates(never, "2027-09-10T10:00", 2), [""; 0], "{never}");
    }
}

#[test]
fn count_counts_from_starts_on() {
    // The first Monday of September, the 6th, lies before starts: it is neither a date nor counted.
    assert_eq!(
        dates("FREQ=MONTHLY;BYDAY=1MO;COUNT=2", "2027-09-10T10:00", 9),
        ["2027-10-04", "2027-11-01"]
    );
    assert_eq!(dates("FREQ=DAILY;COUNT=1", "2027-09-10T10:00", 9), ["2027-09-10"]);
    assert_eq!(dates("FREQ=DAILY;COUNT=100000", "2027-09-10T10:00", 200_000).len(), 62_935);
}

#[test]
fn until_holds_its_day_its_second_and_its_instant() {
    for (until, zone, kept) in [
        ("20270911", "Europe/Berlin", 2),
        ("20270910", "Europe/Berlin", 1),
        ("20270911T193000", "Europe/Berlin", 2),
        ("20270911T192959", "Europe/Berlin", 1),
        // 19:30 in Berlin's summer is 17:30 in UTC.
        ("20270911T173000Z", "Europe/Berlin", 2),
        ("20270911T172959Z", "Europe/Berlin", 1),
        ("20270911T233000Z", "America/New_York", 2),
        ("20270911T232959Z", "America/New_York", 1),
        ("20270903", "Europe/Berlin", 0),
        ("19690101T000000Z", "Europe/Berlin", 0),
        ("00010101", "Europe/Berlin", 0),
    ] {
        let text = format!("FREQ=WEEKLY;UNTIL={until}");
        assert_eq!(full(&text, "2027-09-04T19:30", zone, 9).len(), kept, "{until} {zone}");
    }
    let last = full("FREQ=DAILY;UNTIL=20270905", "2027-09-04T23:59:59", "UTC", 9);
    assert_eq!(last, ["2027-09-04T23:59:59", "2027-09-05T23:59:59"]);
}

#[test]
fn nothing_is_looked_for_after_2199_and_what_never_matches_is_empty() {
    assert_eq!(dates("FREQ=YEARLY", "2198-12-31T23:59:59", 9), ["2198-12-31", "2199-12-31"]);
    assert_eq!(dates("FREQ=DAILY;UNTIL=99991231", "2199-12-31T10:00", 9), ["2199-12-31"]);
    assert_eq!(dates("FREQ=DAILY", "2200-01-01T00:00", 9), [""; 0]);
    assert_eq!(dates("FREQ=DAILY", "9999-12-31T23:59:59", 9), [""; 0]);
    // The week of 31 December 2199, a Tuesday, goes on into 2200: positions still count all of it.
    assert_eq!(dates("FREQ=WEEKLY;BYDAY=TU,WE;BYSETPOS=-1", "2199-12-30T10:00", 9), [""; 0]);
    assert_eq!(dates("FREQ=WEEKLY;BYDAY=TU,WE;BYSETPOS=1", "2199-12-30T10:00", 9), ["2199-12-31"]);
    // The week of 1 January 1970, a Thursday, begins in 1969.
    assert_eq!(dates("FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=-1", "1970-01-01T00:00", 1), ["1970-01-02"]);
    for never in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=-30,-31",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=5MO;BYMONTHDAY=1",
    ] {
        assert_eq!(dates(never, "1970-01-01T00:00", 1), [""; 0], "{never}");
    }
}

#[test]
fn several_rules_are_their_union_each_with_its_own_end() {
    let rules: Vec<Rule> = [
        "FREQ=WEEKLY;BYDAY=MO;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=6,7;UNTIL=20271007",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ]
    .map(|text| text.parse().unwrap())
    .into();
    let starts: LocalTime = "2027-09-01T20:00".parse().unwrap();
    let zone: Zone = "Europe/Vienna".parse().unwrap();
    let found: Vec<String> = union(&rules, starts, &zone).map(|date| date.to_string()).collect();
    let expected = [
        "2027-09-06T20:00:00",
        "2027-09-07T20:00:00",
        "2027-09-13T20:00:00",
        "2027-10-06T20:00:00",
        "2027-10-07T20:00:00",
    ];
    assert_eq!(found, expected);
    assert_eq!(union(&[], starts, &zone).count(), 0);
}
