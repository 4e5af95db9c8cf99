//! The examples of RFC 5545, section 3.8.5.3, that use supported parts, with the dates that stand there.

use crate::domain::recurrence::Rule;
use crate::domain::zone::Zone;

/// Rule, day of `starts` (all at 09:00 in New York), and the dates by month; with `...` at the end the rule goes on.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("FREQ=DAILY;COUNT=10", "1997-09-02", "1997-09:2,3,4,5,6,7,8,9,10,11"),
    (
        "FREQ=DAILY;UNTIL=19971224T000000Z",
        "1997-09-02",
        "1997-09:2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30 \
         1997-10:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31 \
         1997-11:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30 \
         1997-12:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
    ),
    (
        "FREQ=DAILY;INTERVAL=2",
        "1997-09-02",
        "1997-09:2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 1997-10:2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 \
         1997-11:1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 1997-12:1,3 ...",
    ),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "1997-09:2,12,22 1997-10:2,12"),
    ("FREQ=WEEKLY;COUNT=10", "1997-09-02", "1997-09:2,9,16,23,30 1997-10:7,14,21,28 1997-11:4"),
    (
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "1997-09-02",
        "1997-09:2,9,16,23,30 1997-10:7,14,21,28 1997-11:4,11,18,25 1997-12:2,9,16,23",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997-09-02",
        "1997-09:2,16,30 1997-10:14,28 1997-11:11,25 1997-12:9,23 1998-01:6,20 1998-02:3,17 ...",
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "1997-09:2,4,9,11,16,18,23,25,30 1997-10:2",
    ),
    (
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "1997-09:2,4,9,11,16,18,23,25,30 1997-10:2",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997-09-01",
        "1997-09:1,3,5,15,17,19,29 1997-10:1,3,13,15,17,27,29,31 1997-11:10,12,14,24,26,28 1997-12:8,10,12,22",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997-09-02",
        "1997-09:2,4,16,18,30 1997-10:2,14,16",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09-05",
        "1997-09:5 1997-10:3 1997-11:7 1997-12:5 1998-01:2 1998-02:6 1998-03:6 1998-04:3 1998-05:1 1998-06:5",
    ),
    (
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "1997-09-05",
        "1997-09:5 1997-10:3 1997-11:7 1997-12:5",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09-07",
        "1997-09:7,28 1997-11:2,30 1998-01:4,25 1998-03:1,29 1998-05:3,31",
    ),
    (
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997-09-22",
        "1997-09:22 1997-10:20 1997-11:17 1997-12:22 1998-01:19 1998-02:16",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "1997-09-28",
        "1997-09:28 1997-10:29 1997-11:28 1997-12:29 1998-01:29 1998-02:26 ...",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997-09-02",
        "1997-09:2,15 1997-10:2,15 1997-11:2,15 1997-12:2,15 1998-01:2,15",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09-30",
        "1997-09:30 1997-10:1,31 1997-11:1,30 1997-12:1,31 1998-01:1,31 1998-02:1",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997-09-10",
        "1997-09:10,11,12,13,14,15 1999-03:10,11,12,13",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997-09-02",
        "1997-09:2,9,16,23,30 1997-11:4,11,18,25 1998-01:6,13,20,27 1998-03:3,10,17,24,31 ...",
    ),
    (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997-06-10",
        "1997-06:10 1997-07:10 1998-06:10 1998-07:10 1999-06:10 1999-07:10 2000-06:10 2000-07:10 2001-06:10 \
         2001-07:10",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997-03-10",
        "1997-03:10 1999-01:10 1999-02:10 1999-03:10 2001-01:10 2001-02:10 2001-03:10 2003-01:10 2003-02:10 \
         2003-03:10",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05:19 1998-05:18 1999-05:17 ..."),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997-03-13",
        "1997-03:13,20,27 1998-03:5,12,19,26 1999-03:4,11,18,25 ...",
    ),
    (
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "1997-06-05",
        "1997-06:5,12,19,26 1997-07:3,10,17,24,31 1997-08:7,14,21,28 1998-06:4,11,18,25 1998-07:2,9,16,23,30 \
         1998-08:6,13,20,27 1999-06:3,10,17,24 1999-07:1,8,15,22,29 1999-08:5,12,19,26 ...",
    ),
    // The RFC takes its DTSTART, 2 September, away by EXDATE: here starts is no date to begin with.
    (
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1997-09-02",
        "1998-02:13 1998-03:13 1998-11:13 1999-08:13 2000-10:13 ...",
    ),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997-09-13",
        "1997-09:13 1997-10:11 1997-11:8 1997-12:13 1998-01:10 1998-02:7 1998-03:7 1998-04:11 1998-05:9 \
         1998-06:13 ...",
    ),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        "1996-11:5 2000-11:7 2004-11:2 ...",
    ),
    (
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997-09-04",
        "1997-09:4 1997-10:7 1997-11:6",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997-09-29",
        "1997-09:29 1997-10:30 1997-11:27 1997-12:30 1998-01:29 1998-02:26 1998-03:30 ...",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997-08:5,10,19,24"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997-08:5,17,19,31"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007-01-15",
        "2007-01:15,30 2007-02:15 2007-03:15,30",
    ),
];

/// Days by month, `1997-09:2,12 1997-10:2`, as wall times at nine.
fn days(text: &str) -> Vec<String> {
    let mut days = Vec::new();
    for month in text.split_whitespace() {
        let (month, list) = month.split_once(':').unwrap();
        for day in list.split(',') {
            days.push(format!("{month}-{day:0>2}T09:00:00"));
        }
    }
    days
}

#[test]
fn every_example_of_the_rfc_gives_the_dates_that_stand_there() {
    let zone: Zone = "America/New_York".parse().unwrap();
    for (text, starts, expected) in EXAMPLES {
        let rule: Rule = text.parse().unwrap();
        let starts = format!("{starts}T09:00").parse().unwrap();
        let (listed, goes_on) = match expected.strip_suffix("...") {
            Some(listed) => (days(listed), true),
            None => (days(expected), false),
        };
        let found: Vec<String> =
            rule.dates(starts, &zone).take(listed.len() + 1).map(|d| d.to_string()).collect();
        assert_eq!(found[..listed.len()], listed, "{text}");
        assert_eq!(found.len() > listed.len(), goes_on, "{text}");
    }
}

#[test]
fn every_day_in_january_for_three_years_can_be_said_in_two_ways() {
    let zone: Zone = "America/New_York".parse().unwrap();
    let starts = "1998-01-01T09:00".parse().unwrap();
    let expected: Vec<String> = (1998..=2000)
        .flat_map(|year| (1..=31).map(move |day| format!("{year}-01-{day:02}T09:00:00")))
        .collect();
    for text in [
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    ] {
        let rule: Rule = text.parse().unwrap();
        let found: Vec<String> = rule.dates(starts, &zone).map(|date| date.to_string()).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_examples_below_a_day_or_by_week_and_day_of_the_year_are_invalid() {
    for (text, part) in [
        ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "BYWEEKNO"),
        ("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "FREQ"),
        ("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "FREQ"),
        ("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40", "BYHOUR"),
    ] {
        assert_eq!(text.parse::<Rule>().unwrap_err().part, part, "{text}");
    }
}
