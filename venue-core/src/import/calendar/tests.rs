use super::*;
use crate::domain::instant::Instant;

fn vienna() -> Zone {
    "Europe/Vienna".parse().unwrap()
}

/// A calendar of entries, each a list of lines.
fn calendar(entries: &[&str]) -> Calendar {
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for entry in entries {
        text.push_str("BEGIN:VEVENT\r\n");
        for line in entry.lines() {
            text.push_str(line.trim());
            text.push_str("\r\n");
        }
        text.push_str("END:VEVENT\r\n");
    }
    text.push_str("END:VCALENDAR\r\n");
    parse_calendar("a.ics", text.as_bytes(), &vienna()).unwrap()
}

/// All dates as `start/end` in UTC without the year's first two digits' worth of noise.
fn dates(calendar: &Calendar) -> Vec<String> {
    let (from, until) = (Instant::EPOCH, "2040-01-01T00:00:00Z".parse().unwrap());
    let short = |at: Instant| at.to_string().replace(":00.000000Z", "Z");
    calendar
        .series
        .iter()
        .flat_map(|series| series.occurrences(from, until))
        .map(|date| format!("{}/{}", short(date.starts_at), short(date.ends_at)))
        .collect()
}

/// The one reason why something was left out, with its line.
fn skipped(entry: &str) -> (u32, String) {
    let calendar = calendar(&[entry]);
    assert_eq!((calendar.series.len(), calendar.skipped.len()), (0, 1), "{entry}");
    (calendar.skipped[0].line, calendar.skipped[0].reason.clone())
}

const PLAY: &str =
    "UID:play\nSUMMARY:Ein Stück\nDTSTART;TZID=Europe/Vienna:20270904T193000\nDURATION:PT2H";

#[test]
fn an_entry_is_a_series_with_its_name() {
    let calendar = calendar(&[&format!("{PLAY}\nDESCRIPTION:Zwei\\nZeilen\\, kurz")]);
    let series = &calendar.series[0];
    assert_eq!((series.uid.as_str(), series.title.as_str(), series.line), ("play", "Ein Stück", 3));
    assert_eq!(series.description.as_ref().unwrap().as_str(), "Zwei\nZeilen, kurz");
    assert_eq!(dates(&calendar), ["2027-09-04T17:30Z/2027-09-04T19:30Z"]);
    assert_eq!((calendar.skipped, calendar.warnings), (vec![], vec![]));
}

#[test]
fn times_are_in_their_zone_in_utc_or_floating() {
    let day = "2027-01-15T";
    for (start, utc) in [
        ("DTSTART;TZID=Europe/Berlin:20270115T120000", "11:00Z"),
        ("DTSTART;TZID=\"America/New_York\":20270115T120000", "17:00Z"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Kathmandu:20270115T120000", "06:15Z"),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Kathmandu:20270115T120000", "06:15Z"),
        ("DTSTART:20270115T120000Z", "12:00Z"),
        ("DTSTART;TZID=Europe/Berlin:20270115T120000Z", "12:00Z"),
        // Nothing is said: where the import says, Vienna.
        ("DTSTART:20270115T120000", "11:00Z"),
        ("dtstart;value=date-time:20270115t120000z", "12:00Z"),
    ] {
        let found = dates(&calendar(&[&format!("UID:a\n{start}\nDURATION:PT1H")]));
        assert!(found[0].starts_with(&format!("{day}{utc}")), "{start}: {found:?}");
    }
    let floating = "BEGIN:VCALENDAR\nX-WR-TIMEZONE:America/New_York\nBEGIN:VEVENT\nUID:a\n\
         DTSTART:20270115T120000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR\n\
         BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:b\nDTSTART:20270115T120000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR";
    let found = dates(&parse_calendar("a.ics", floating.as_bytes(), &vienna()).unwrap());
    assert_eq!(found[0], "2027-01-15T17:00Z/2027-01-15T18:00Z");
    assert_eq!(found[1], "2027-01-15T11:00Z/2027-01-15T12:00Z", "each calendar has its own");
}

#[test]
fn a_series_length_is_elapsed_time() {
    for (end, length) in [
        ("DTEND;TZID=Europe/Vienna:20270904T220000", "19:30Z/2027-09-04T20:00Z"),
        ("DTEND:20270904T200000Z", "17:30Z/2027-09-04T20:00Z"),
        ("DTEND;TZID=America/New_York:20270904T140000", "17:30Z/2027-09-04T18:00Z"),
        ("DURATION:P1D", "17:30Z/2027-09-05T17:30Z"),
        ("DURATION:P1DT2H3M", "17:30Z/2027-09-05T19:33Z"),
        ("DURATION:+P1W", "17:30Z/2027-09-11T17:30Z"),
        ("DURATION:PT90M", "17:30Z/2027-09-04T19:00Z"),
    ] {
        let length = length.replace("19:30Z/2027-09-04T20:00Z", "17:30Z/2027-09-04T20:00Z");
        let entry = format!("UID:a\nDTSTART;TZID=Europe/Vienna:20270904T193000\n{end}");
        assert_eq!(dates(&calendar(&[&entry])), [format!("2027-09-04T{length}")], "{end}");
    }
    // Three hours on the wall, two of them elapsed; a day of 24 hours across the change.
    let night = "UID:a\nDTSTART;TZID=Europe/Vienna:20270328T010000\nDTEND;TZID=Europe/Vienna:20270328T040000";
    assert_eq!(dates(&calendar(&[night])), ["2027-03-28T00:00Z/2027-03-28T02:00Z"]);
    let day = "UID:a\nDTSTART;TZID=Europe/Vienna:20270327T120000\nDURATION:P1D";
    assert_eq!(dates(&calendar(&[day])), ["2027-03-27T11:00Z/2027-03-28T11:00Z"]);
}

#[test]
fn rules_dates_and_exceptions_work_together() {
    let entry = format!(
        "{PLAY}\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Vienna:20270911T193000\n\
         EXDATE;VALUE=DATE:20270918\n\
         RDATE;TZID=Europe/Vienna:20271224T150000,20271225T150000\n\
         RDATE;VALUE=PERIOD:20271231T180000Z/20271231T230000Z,20280101T180000Z/PT5H"
    );
    assert_eq!(
        dates(&calendar(&[&entry])),
        [
            "2027-09-04T17:30Z/2027-09-04T19:30Z",
            "2027-09-25T17:30Z/2027-09-25T19:30Z",
            "2027-12-24T14:00Z/2027-12-24T16:00Z",
            "2027-12-25T14:00Z/2027-12-25T16:00Z",
            "2027-12-31T18:00Z/2027-12-31T23:00Z",
            "2028-01-01T18:00Z/2028-01-01T23:00Z",
        ]
    );
    let instants = format!(
        "{PLAY}\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20270905T173000Z\nRDATE;VALUE=DATE:20270909"
    );
    assert_eq!(
        dates(&calendar(&[&instants])),
        ["2027-09-04T17:30Z/2027-09-04T19:30Z", "2027-09-09T17:30Z/2027-09-09T19:30Z"]
    );
}

#[test]
fn a_rule_runs_in_the_zone_of_its_start() {
    let vienna = "UID:a\nDTSTART;TZID=Europe/Vienna:20271030T120000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2";
    let utc = "UID:b\nDTSTART:20271030T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2";
    let starts = |entry| {
        let found = dates(&calendar(&[entry]));
        found.iter().map(|date| date[..17].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(starts(vienna), ["2027-10-30T10:00Z", "2027-10-31T11:00Z"]);
    assert_eq!(starts(utc), ["2027-10-30T10:00Z", "2027-10-31T10:00Z"]);
}

#[test]
fn gaps_and_folds_are_resolved_as_calendars_do() {
    let night = "UID:a\nDTSTART;TZID=Europe/Vienna:20270327T023000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2";
    assert_eq!(dates(&calendar(&[night]))[1], "2027-03-28T01:30Z/2027-03-28T02:30Z");
    let twice = "UID:a\nDTSTART;TZID=Europe/Vienna:20271031T023000\nDURATION:PT1H";
    assert_eq!(dates(&calendar(&[twice])), ["2027-10-31T00:30Z/2027-10-31T01:30Z"]);
}

#[test]
fn single_dates_replace_add_and_remove() {
    let main = format!("{PLAY}\nRRULE:FREQ=DAILY;COUNT=3");
    let moved = "UID:play\nRECURRENCE-ID;TZID=Europe/Vienna:20270905T193000\n\
         DTSTART;TZID=Europe/Vienna:20270905T150000\nDURATION:PT3H";
    let cancelled = "UID:play\nRECURRENCE-ID:20270906T173000Z\nSTATUS:CANCELLED";
    let extra = "UID:play\nRECURRENCE-ID;TZID=Europe/Vienna:20271224T193000\n\
         DTSTART;TZID=Europe/Vienna:20271224T150000\nDURATION:PT1H";
    let expected = [
        "2027-09-04T17:30Z/2027-09-04T19:30Z",
        "2027-09-05T13:00Z/2027-09-05T16:00Z",
        "2027-12-24T14:00Z/2027-12-24T15:00Z",
    ];
    assert_eq!(dates(&calendar(&[&main, moved, cancelled, extra])), expected);
    assert_eq!(dates(&calendar(&[extra, cancelled, moved, &main])), expected, "in any order");
    // Without a main entry they are dates of their own.
    let alone = calendar(&[moved, extra]);
    assert_eq!(dates(&alone), expected[1..]);
    assert_eq!(alone.series[0].line, 3);
    // What a single date does not say is as it was.
    let silent = "UID:play\nRECURRENCE-ID;TZID=Europe/Vienna:20270905T193000\nSUMMARY:Heute anders";
    assert_eq!(dates(&calendar(&[&main, silent])).len(), 3);
}

#[test]
fn the_highest_sequence_counts_then_the_last() {
    let entry = |sequence: u32, hour: u32| {
        format!("UID:a\nSEQUENCE:{sequence}\nDTSTART:20270904T{hour}0000Z\nDURATION:PT1H")
    };
    for (entries, hour) in [
        ([(1, 10), (2, 11)], 11),
        ([(2, 10), (1, 11)], 10),
        ([(1, 10), (1, 11)], 11),
        ([(0, 10), (10, 11)], 11),
    ] {
        let texts = entries.map(|(sequence, hour)| entry(sequence, hour));
        let found = dates(&calendar(&[&texts[0], &texts[1]]));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with(&format!("2027-09-04T{hour}:00Z")), "{entries:?}");
    }
    let (base, gone) = (entry(1, 10), format!("{}\nSTATUS:Cancelled", entry(2, 10)));
    let calendar = calendar(&[&base, &gone]);
    assert_eq!((calendar.series.len(), calendar.skipped.len()), (0, 0), "cancelled, not left out");
}

#[test]
fn equal_dates_of_a_uid_are_one() {
    let entry = format!(
        "{PLAY}\nRRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;COUNT=1\nRDATE:20270904T173000Z\n\
         RDATE;VALUE=PERIOD:20270904T173000Z/PT2H,20270904T173000Z/PT3H"
    );
    assert_eq!(
        dates(&calendar(&[&entry])),
        [
            "2027-09-04T17:30Z/2027-09-04T19:30Z",
            "2027-09-04T17:30Z/2027-09-04T20:30Z",
            "2027-09-05T17:30Z/2027-09-05T19:30Z",
        ]
    );
}

#[test]
fn what_is_left_out_is_reported_with_line_and_reason() {
    let start = "DTSTART;TZID=Europe/Vienna:20270904T193000";
    for (entry, line, reason) in [
        ("UID:a\nDTSTART;VALUE=DATE:20270904\nDURATION:P1D".to_owned(), 5, "all-day"),
        (format!("UID:a\n{start}"), 5, "no positive length"),
        (format!("UID:a\n{start}\nDTEND;TZID=Europe/Vienna:20270904T193000"), 6, "no positive length"),
        (format!("UID:a\n{start}\nDTEND;TZID=Europe/Vienna:20270904T180000"), 6, "no positive length"),
        (format!("UID:a\n{start}\nDURATION:-PT1H"), 6, "no positive length"),
        (format!("UID:a\n{start}\nDURATION:PT0S"), 6, "no positive length"),
        (format!("UID:a\n{start}\nDURATION:P367D"), 6, "longer than 366 days"),
        (format!("UID:a\n{start}\nDURATION:P99999999999999W"), 6, "longer than 366 days"),
        (format!("UID:a\n{start}\nDURATION:PT"), 6, "DURATION: a length"),
        (format!("UID:a\n{start}\nDURATION:1H"), 6, "DURATION: a length"),
        ("UID:a\nDTSTART;TZID=W. Europe Standard Time:20270904T193000\nDURATION:PT1H".into(), 5, "unknown zone \"W. Europe"),
        (format!("UID:a\n{start}\nDURATION:PT1H\nRRULE:FREQ=HOURLY"), 7, "unsupported rule: FREQ"),
        (format!("UID:a\n{start}\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=9"), 7, "unsupported rule: BYHOUR"),
        (format!("UID:a\n{start}\nDURATION:PT1H\nEXRULE:FREQ=DAILY"), 7, "EXRULE"),
        (format!("UID:a\n{start}\nDURATION:PT1H\nRDATE:tomorrow"), 7, "RDATE: a time"),
        (format!("UID:a\n{start}\nDURATION:PT1H\nEXDATE;TZID=Mars/Base:20270904T193000"), 7, "unknown zone"),
        ("UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270904T193000Z\nDTSTART:20270904T203000Z\nDURATION:PT1H".into(), 5, "RANGE"),
        ("UID:a\nDURATION:PT1H".into(), 3, "DTSTART is missing"),
        ("UID:a\nDTSTART:19650101T120000Z\nDURATION:PT1H".into(), 5, "DTSTART: a time of the years 1970 to 2199"),
        ("UID:a\nDTSTART:22000101T120000Z\nDURATION:PT1H".into(), 5, "DTSTART: a time of the years 1970 to 2199"),
        (format!("{start}\nDURATION:PT1H"), 3, "a UID"),
    ] {
        let (at, why) = skipped(&entry);
        assert!(at == line && why.starts_with(reason), "{entry}: {at} {why}");
    }
}

#[test]
fn a_fault_in_one_entry_leaves_out_its_uid_alone() {
    let odd = "UID:play\nRECURRENCE-ID:20270905T173000Z\nDTSTART;VALUE=DATE:20270905";
    let other = "UID:other\nDTSTART:20270904T100000Z\nDURATION:PT1H";
    let calendar = calendar(&[PLAY, odd, other]);
    assert_eq!(calendar.series.len(), 1);
    assert_eq!(calendar.series[0].uid, "other");
    assert_eq!((calendar.skipped[0].uid.as_str(), calendar.skipped[0].line), ("play", 12));
}

#[test]
fn only_entries_count_and_foreign_zones_are_ignored() {
    let text = "\u{feff}begin:vcalendar\nBEGIN:VTIMEZONE\nTZID:Europe/Vienna\nBEGIN:STANDARD\n\
         DTSTART:19700101T000000\nTZOFFSETFROM:+1200\nTZOFFSETTO:+1200\nEND:STANDARD\nEND:VTIMEZONE\n\
         BEGIN:VJOURNAL\nUID:journal\nEND:VJOURNAL\n\
         BEGIN:VEVENT\nUID:a\nthis is no line\nDTSTART;TZID=Europe/Vienna:20270904T193000\nDURATION:PT1H\n\
         BEGIN:VALARM\nDURATION:PT9H\nTRIGGER:-PT15M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR";
    let calendar = parse_calendar("a.ics", text.as_bytes(), &vienna()).unwrap();
    assert_eq!(dates(&calendar), ["2027-09-04T17:30Z/2027-09-04T18:30Z"]);
    assert_eq!(calendar.series[0].title.as_str(), "a", "no summary: the UID");
    assert_eq!((calendar.warnings.len(), calendar.warnings[0].line), (1, Some(15)));
}

#[test]
fn what_is_no_calendar_names_its_line() {
    let deep = format!("BEGIN:VCALENDAR\n{}", "BEGIN:X\n".repeat(100_000));
    let many =
        format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(10_001));
    for (bytes, line, message) in [
        (&b""[..], None, "not a calendar"),
        (b"hello", Some(1), "not a calendar"),
        (b"[organizer]\nslug = 'a'", Some(1), "not a calendar"),
        (b"SUMMARY:a", Some(1), "not a calendar"),
        (b"\nBEGIN:VEVENT\nEND:VEVENT", Some(2), "not a calendar"),
        (b"END:VCALENDAR", Some(1), "not a calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", Some(3), "END:VEVENT is needed"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", None, "END:VEVENT is missing"),
        (b"BEGIN:VCALENDAR\nX:\xff\nEND:VCALENDAR", Some(2), "the file is not UTF-8"),
        (deep.as_bytes(), Some(17), "components lie more than 16 deep"),
        (many.as_bytes(), Some(20_002), "more than 10000 entries"),
    ] {
        let error = parse_calendar("a.ics", bytes, &vienna()).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("a.ics", line), "{error}");
        assert!(error.message.starts_with(message), "{error}");
    }
    let large = vec![b' '; MAX_CALENDAR_BYTES + 1];
    let error = parse_calendar("a.ics", &large, &vienna()).unwrap_err();
    assert_eq!(error.message, "the file is larger than 16 MiB");
}
