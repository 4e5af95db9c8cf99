use super::*;
use crate::domain::zone::Rejection;

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn spec(open: &[&str], length: &str) -> ScheduleSpec {
    ScheduleSpec { open: strings(open), length: Some(span(length)), ..ScheduleSpec::default() }
}

fn read(spec: &ScheduleSpec) -> Windows {
    Windows::new(spec, Span::ZERO).unwrap()
}

fn short(at: Instant) -> String {
    at.to_string().replace(":00.000000Z", "Z")
}

/// The windows of a date, as `opens/closes` in UTC.
fn opened(spec: &ScheduleSpec, on: &str, zone: &str) -> Vec<String> {
    let day = read(spec).on(date(on), &zone.parse().unwrap());
    day.windows.iter().map(|it| format!("{}/{}", short(it.opens), short(it.closes))).collect()
}

/// The starts of the slots that are cut from the hours of a date, in the order of the clock.
fn starts(spec: &ScheduleSpec, on: &str, zone: &str) -> Vec<String> {
    let (windows, zone) = (read(spec), zone.parse().unwrap());
    let day = windows.on(date(on), &zone);
    let starts = day.windows.iter().flat_map(|window| windows.cut(*window, &zone));
    starts.map(|start| zone.local(start).to_string()[11..16].to_owned()).collect()
}

const NEW_YORK: &str = "America/New_York";
const VIENNA: &str = "Europe/Vienna";

#[test]
fn the_examples_of_the_specification() {
    let whole_day = "mon-sun 00:00-24:00";
    for (open, length, step, slots) in [
        (whole_day, "60m", "60m", 24),
        (whole_day, "30m", "60m", 24),
        (whole_day, "20m", "20m", 72),
        ("mon-sun 11:00-13:00", "45m", "45m", 2),
    ] {
        let spec = ScheduleSpec { step: Some(span(step)), ..spec(&[open], length) };
        assert_eq!(starts(&spec, "2027-06-01", VIENNA).len(), slots, "{open} {length} {step}");
        let spec = ScheduleSpec { step: None, ..spec };
        let at_once = if length == "30m" { 48 } else { slots };
        assert_eq!(starts(&spec, "2027-06-01", VIENNA).len(), at_once, "{open} {length}");
    }
    let hourly = spec(&[whole_day], "60m");
    assert_eq!(starts(&hourly, "2026-03-08", NEW_YORK).len(), 23);
    assert_eq!(starts(&hourly, "2026-11-01", NEW_YORK).len(), 25);
}

#[test]
fn a_slot_fits_if_it_ends_by_the_close() {
    for (open, length, step, pause, expected) in [
        ("tue 10:00-12:00", "60m", None, None, &["10:00", "11:00"][..]),
        ("tue 10:00-11:59", "60m", None, None, &["10:00"]),
        ("tue 10:00-10:30", "60m", None, None, &[]),
        // No break is needed after the last one.
        ("tue 10:00-12:00", "50m", None, Some("20m"), &["10:00", "11:10"]),
        ("tue 10:00-11:59", "50m", None, Some("20m"), &["10:00"]),
        ("tue 10:00-12:00", "60m", None, Some("0s"), &["10:00", "11:00"]),
        ("tue 10:00-12:00", "30m", Some("60m"), None, &["10:00", "11:00"]),
        ("tue 10:00-11:30", "30m", Some("60m"), Some("0s"), &["10:00", "11:00"]),
        ("tue 10:00-11:29", "30m", Some("60m"), None, &["10:00"]),
    ] {
        let spec =
            ScheduleSpec { step: step.map(span), pause: pause.map(span), ..spec(&[open], length) };
        assert_eq!(starts(&spec, "2027-06-01", VIENNA), expected, "{open} {length}");
    }
}

#[test]
fn a_step_below_the_length_needs_overlap() {
    let mut spec = ScheduleSpec { step: Some(span("30m")), ..spec(&["tue 10:00-12:00"], "60m") };
    assert_eq!(Windows::new(&spec, Span::ZERO).unwrap_err().place(), "step");
    spec.overlap = true;
    assert_eq!(starts(&spec, "2027-06-01", VIENNA), ["10:00", "10:30", "11:00"]);
    // Without a length it is the event's duration that counts.
    (spec.overlap, spec.length) = (false, None);
    assert_eq!(Windows::new(&spec, span("31m")).unwrap_err().place(), "step");
    assert_eq!(Windows::new(&spec, span("30m")).unwrap().length(), span("30m"));
}

#[test]
fn lengths_steps_and_roundings_are_whole_seconds() {
    let right = spec(&["tue 10:00-12:00"], "60m");
    for (wrong, place) in [
        (ScheduleSpec { length: Some(span("1500ms")), ..right.clone() }, "length"),
        (ScheduleSpec { length: None, ..right.clone() }, "length"),
        (ScheduleSpec { pause: Some(span("500ms")), ..right.clone() }, "step"),
        (ScheduleSpec { step: Some(span("3600500ms")), ..right.clone() }, "step"),
        (ScheduleSpec { align: Some(span("1ms")), ..right.clone() }, "align"),
    ] {
        assert_eq!(Windows::new(&wrong, Span::ZERO).unwrap_err().place(), place);
    }
    assert!(Windows::new(&right, span("1ms")).is_ok());
}

#[test]
fn a_window_over_midnight_belongs_to_the_date_on_which_it_opens() {
    let late = spec(&["fri,sat 22:00-02:00"], "60m");
    // 2027-06-04 is a Friday.
    assert_eq!(opened(&late, "2027-06-04", VIENNA), ["2027-06-04T20:00Z/2027-06-05T00:00Z"]);
    assert_eq!(starts(&late, "2027-06-05", VIENNA), ["22:00", "23:00", "00:00", "01:00"]);
    assert_eq!(starts(&late, "2027-06-06", VIENNA), [""; 0]);
    let until_midnight = spec(&["fri 22:00-24:00"], "60m");
    assert_eq!(
        opened(&until_midnight, "2027-06-04", VIENNA),
        ["2027-06-04T20:00Z/2027-06-04T22:00Z"]
    );
    for same in ["fri 22:00-00:00", "fri 22:00-23:59", "fri 22:00-23:59:59"] {
        let same = opened(&spec(&[same], "60m"), "2027-06-04", VIENNA);
        assert_eq!(same, opened(&until_midnight, "2027-06-04", VIENNA));
    }
}

#[test]
fn windows_of_one_date_that_touch_or_overlap_are_one_before_they_are_cut() {
    // Alone, the hours would give 10:00 and 11:30, and 13:00 alone.
    let museum = spec(&["tue-fri 10:00-13:15", "thu 13:15-14:30"], "90m");
    assert_eq!(starts(&museum, "2027-06-02", VIENNA), ["10:00", "11:30"]);
    assert_eq!(starts(&museum, "2027-06-03", VIENNA), ["10:00", "11:30", "13:00"]);
    let apart = spec(&["thu 10:00-13:00", "thu 13:00:01-14:30:01"], "90m");
    assert_eq!(opened(&apart, "2027-06-03", VIENNA).len(), 2);
    let overlapping = spec(&["thu 10:00-13:00", "thu 12:00-18:00", "thu 11:00-11:30"], "90m");
    assert_eq!(opened(&overlapping, "2027-06-03", VIENNA), ["2027-06-03T08:00Z/2027-06-03T16:00Z"]);
    // Those of two dates stay two.
    let nights = spec(&["mon-sun 20:00-08:00"], "60m");
    assert_eq!(starts(&nights, "2027-06-03", VIENNA).len(), 12);
}

#[test]
fn an_override_replaces_all_hours_that_open_on_its_date() {
    let mut museum = spec(&["mon-sun 10:00-12:00", "mon-sun 22:00-02:00"], "60m");
    museum.overrides = strings(&[
        "2027-12-24 10:00-11:00",
        "2027-12-24 13:00-14:00",
        "2027-12-25 closed",
        "2027-12-25 closed",
        "2027-12-26 11:00-13:00",
        "2027-12-26 12:00-14:00",
    ]);
    assert_eq!(starts(&museum, "2027-12-24", VIENNA), ["10:00", "13:00"]);
    assert_eq!(starts(&museum, "2027-12-25", VIENNA), [""; 0]);
    assert_eq!(starts(&museum, "2027-12-26", VIENNA), ["11:00", "12:00", "13:00"]);
    // The night before an override goes on into its date.
    assert_eq!(opened(&museum, "2027-12-23", VIENNA)[1], "2027-12-23T21:00Z/2027-12-24T01:00Z");
    assert_eq!(starts(&museum, "2027-12-27", VIENNA).len(), 6);
    // A date on which it is closed every week may be open once.
    let mut tuesdays = spec(&["tue 10:00-11:00"], "60m");
    tuesdays.overrides = strings(&["2027-12-24 10:00-11:00"]);
    assert_eq!(starts(&tuesdays, "2027-12-24", VIENNA), ["10:00"]);
}

#[test]
fn what_cannot_be_read_names_its_key_and_entry() {
    let open = ["mon 10:00-12:00", "mon 10:00-10:00"];
    let error = Windows::new(&spec(&open, "60m"), Span::ZERO).unwrap_err();
    assert_eq!(error.place(), "open[1]");
    assert!(error.message.contains("00:00-24:00"), "{error}");
    for (overrides, place) in [
        (&["2027-12-24"][..], "override[0]"),
        (&["2027-12-24 closed", "2027-12-25 10:00"], "override[1]"),
        (&["2027-12-24 closed", "2027-12-25 closed", "2027-12-24 10:00-11:00"], "override[2]"),
        (&["2027-12-24 10:00-11:00", "2027-12-24 closed"], "override[1]"),
    ] {
        let mut spec = spec(&open[..1], "60m");
        spec.overrides = strings(overrides);
        assert_eq!(Windows::new(&spec, Span::ZERO).unwrap_err().place(), place);
    }
}

#[test]
fn midnight_is_the_first_instant_of_a_local_day() {
    let whole = spec(&["mon-sun 00:00-24:00"], "60m");
    for (zone, on, first, slots) in [
        ("Europe/Berlin", "2026-03-29", "00:00", 23),
        ("Europe/Berlin", "2026-10-25", "00:00", 25),
        // Midnight is jumped over, or shown twice.
        ("Africa/Cairo", "2026-04-24", "01:00", 23),
        ("Africa/Cairo", "2026-10-29", "00:00", 25),
        ("America/Havana", "2026-11-01", "00:00", 25),
        ("Australia/Lord_Howe", "2026-04-05", "00:00", 24),
        // The day before a day that begins at 01:00 ends with the jump.
        ("Africa/Cairo", "2026-04-23", "00:00", 24),
    ] {
        let found = starts(&whole, on, zone);
        assert_eq!((found[0].as_str(), found.len()), (first, slots), "{zone} {on}");
    }
    // There was no such day in Samoa, and the day before it was whole.
    assert_eq!(opened(&whole, "2011-12-30", "Pacific/Apia"), [""; 0]);
    assert_eq!(starts(&whole, "2011-12-29", "Pacific/Apia").len(), 24);
}

#[test]
fn every_other_bound_follows_the_gap_policy() {
    use GapPolicy::{Compatible, Earlier, Later, Reject};
    // In New York 02:30 does not exist on 2026-03-08, and 01:30 is shown twice on 2026-11-01.
    for (open, on, gap, expected) in [
        ("sun 02:30-06:00", "2026-03-08", Compatible, &["2026-03-08T07:30Z/2026-03-08T10:00Z"][..]),
        ("sun 02:30-06:00", "2026-03-08", Later, &["2026-03-08T07:30Z/2026-03-08T10:00Z"]),
        ("sun 02:30-06:00", "2026-03-08", Earlier, &["2026-03-08T06:30Z/2026-03-08T10:00Z"]),
        ("sun 02:30-06:00", "2026-03-08", Reject, &[]),
        ("sun 00:00-02:30", "2026-03-08", Later, &["2026-03-08T05:00Z/2026-03-08T07:30Z"]),
        ("sun 00:00-02:30", "2026-03-08", Reject, &[]),
        ("sun 01:30-06:00", "2026-11-01", Earlier, &["2026-11-01T05:30Z/2026-11-01T11:00Z"]),
        ("sun 01:30-06:00", "2026-11-01", Compatible, &["2026-11-01T05:30Z/2026-11-01T11:00Z"]),
        ("sun 01:30-06:00", "2026-11-01", Later, &["2026-11-01T06:30Z/2026-11-01T11:00Z"]),
        ("sun 01:30-06:00", "2026-11-01", Reject, &[]),
        // A window of which the clock leaves nothing.
        ("sun 02:30-03:15", "2026-03-08", Later, &[]),
        ("sun 02:30-03:30", "2026-03-08", Later, &[]),
        ("sun 01:45-02:30", "2026-03-08", Earlier, &[]),
    ] {
        let spec = ScheduleSpec { gap, ..spec(&[open], "60m") };
        assert_eq!(opened(&spec, on, NEW_YORK), expected, "{open} {gap:?}");
    }
}

#[test]
fn a_rejected_bound_leaves_out_its_window_and_no_other() {
    let nights = spec(&["sun 02:30-03:30", "sun 10:00-12:00", "sat 22:00-02:15"], "60m");
    let day = read(&nights).on(date("2026-03-08"), &NEW_YORK.parse().unwrap());
    let at = |text: &str| text.parse().unwrap();
    assert_eq!(day.windows.len(), 1);
    assert_eq!(
        day.rejected,
        [RejectedDate { local: at("2026-03-08T02:30:00"), reason: Rejection::Gap }]
    );
    let day = read(&nights).on(date("2026-03-07"), &NEW_YORK.parse().unwrap());
    assert_eq!(day.rejected[0].local, at("2026-03-08T02:15:00"));
    let day = read(&nights).on(date("2026-10-31"), &NEW_YORK.parse().unwrap());
    assert_eq!((day.windows.len(), day.rejected.len()), (1, 0));
    let fold = spec(&["sun 01:00-05:00"], "60m");
    let day = read(&fold).on(date("2026-11-01"), &NEW_YORK.parse().unwrap());
    assert_eq!(day.rejected[0].reason, Rejection::Fold);
    // A bound inside of merged hours is none.
    let merged = spec(&["sun 00:00-02:30", "sun 02:30-05:00"], "60m");
    let day = read(&merged).on(date("2026-03-08"), &NEW_YORK.parse().unwrap());
    assert_eq!((day.windows.len(), day.rejected.len()), (1, 0));
}

#[test]
fn hours_that_the_gap_policy_moves_into_each_other_become_one() {
    let moved = ScheduleSpec {
        gap: GapPolicy::Later,
        ..spec(&["sun 01:00-02:30", "sun 03:15-05:00"], "60m")
    };
    assert_eq!(opened(&moved, "2026-03-08", NEW_YORK), ["2026-03-08T06:00Z/2026-03-08T09:00Z"]);
}

#[test]
fn cutting_is_in_elapsed_time_whatever_the_clock_does() {
    let night = spec(&["sat 23:00-06:00"], "60m");
    let expected = ["23:00", "00:00", "01:00", "03:00", "04:00", "05:00"];
    assert_eq!(starts(&night, "2026-03-07", NEW_YORK), expected);
    let expected = ["23:00", "00:00", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00"];
    assert_eq!(starts(&night, "2026-10-31", NEW_YORK), expected);
}

#[test]
fn the_opening_is_rounded_up_on_the_wall() {
    for (zone, on, open, align, expected) in [
        (VIENNA, "2027-06-01", "10:10-12:00", "30m", &["10:30", "11:00", "11:30"][..]),
        (VIENNA, "2027-06-01", "10:00-11:00", "30m", &["10:00", "10:30"]),
        (VIENNA, "2027-06-01", "10:00:01-11:00", "15m", &["10:15"]),
        (VIENNA, "2027-06-01", "10:10-20:00", "7h", &["14:00", "14:30", "15:00"]),
        // Multiples are counted from 00:00 of each day.
        (VIENNA, "2027-06-01", "22:00-03:00", "7h", &["00:00", "00:30", "01:00"]),
        (VIENNA, "2027-06-01", "22:00-01:00", "24h", &["00:00", "00:30"]),
        (VIENNA, "2027-06-01", "10:40-10:50", "30m", &[]),
        // The clock jumps over the next multiple, and lands on one.
        (NEW_YORK, "2026-03-08", "01:45-04:00", "60m", &["03:00", "03:30"]),
        // The clock goes back before the next multiple, to one.
        (NEW_YORK, "2026-11-01", "00:50-02:00", "20m", &["01:00", "01:30", "01:00"]),
        // From half past to the other half: in Lord Howe the clock goes back by half an hour at 02:00.
        ("Australia/Lord_Howe", "2026-04-05", "00:40-03:00", "2h", &["02:00", "02:30"]),
    ] {
        let spec = ScheduleSpec {
            align: Some(span(align)),
            gap: GapPolicy::Compatible,
            ..spec(&[&format!("mon-sun {open}")], "30m")
        };
        let mut found = starts(&spec, on, zone);
        found.truncate(3);
        assert_eq!(found, expected, "{open} {align}");
    }
}
