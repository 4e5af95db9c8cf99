//! What a rule would make, before there is any file.

use serde_json::{Value, json};

use crate::office::Office;

/// Runs a preview, with its arguments as words.
fn preview(office: &Office, words: &[&str]) -> crate::office::Ran {
    let line = ["schedule", "preview"].iter().chain(words);
    crate::office::Ran::of(&mut office.command(line))
}

fn lines(office: &Office, words: &[&str]) -> Vec<Value> {
    let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
    preview(office, &words).done().objects()
}

#[test]
fn slots_come_by_start_then_rejected_dates_then_the_page() {
    let office = Office::empty();
    let words = ["--zone", "America/New_York", "--starts", "2026-03-07T02:30", "--duration", "2h"];
    let rule = ["--rrule", "FREQ=DAILY;COUNT=3"];
    let found = lines(&office, &[&words[..], &rule].concat());
    assert_eq!(
        found,
        [
            json!({"type": "slot_preview", "data": {"starts_at": "2026-03-07T07:30:00.000000Z",
                "ends_at": "2026-03-07T09:30:00.000000Z",
                "local": "2026-03-07T02:30:00-05:00[America/New_York]"}}),
            json!({"type": "slot_preview", "data": {"starts_at": "2026-03-09T06:30:00.000000Z",
                "ends_at": "2026-03-09T08:30:00.000000Z",
                "local": "2026-03-09T02:30:00-04:00[America/New_York]"}}),
            json!({"type": "slot_rejected", "data": {"local": "2026-03-08T02:30:00",
                "zone": "America/New_York", "reason": "gap"}}),
            json!({"type": "page", "data": {"next": null}}),
        ]
    );
    // Nothing is there, and nothing is an answer too.
    let none = ["--until", "2026-01-01"];
    let found = lines(&office, &[&words[..], &rule, &none].concat());
    assert_eq!(found, [json!({"type": "page", "data": {"next": null}})]);
    assert!(!office.db().exists());
    assert_eq!(std::fs::read_dir(office.path(".")).unwrap().count(), 0);
}

#[test]
fn opening_hours_are_cut_on_the_line_too() {
    let office = Office::empty();
    let hours = ["--zone", "America/New_York", "--open", "mon-sun 00:00-24:00", "--length", "60m"];
    for (day, slots) in [("2026-03-07", 24), ("2026-03-08", 23), ("2026-11-01", 25)] {
        let found = lines(&office, &[&hours[..], &["--from", day, "--until", day]].concat());
        assert_eq!(found.len(), slots + 1, "{day}");
    }
    let museum = ["--zone", "Europe/Vienna", "--open", "tue-fri 10:00-18:00", "--length", "60m"];
    let more = ["--override", "2027-12-24 10:00-11:00", "--override", "2027-12-23 closed"];
    let bounds = ["--from", "2027-12-22", "--until", "2027-12-24", "--step", "4h"];
    let found = lines(&office, &[&museum[..], &more, &bounds].concat());
    let locals = found.iter().filter_map(|line| line["data"]["local"].as_str());
    let locals: Vec<&str> = locals.map(|local| &local[..16]).collect();
    assert_eq!(locals, ["2027-12-22T10:00", "2027-12-22T14:00", "2027-12-24T10:00"]);
}

#[test]
fn a_limit_cuts_and_the_page_says_where_to_go_on() {
    let office = Office::empty();
    let words = ["--zone", "UTC", "--starts", "2027-01-01T10:00", "--duration", "1h", "--rrule"];
    let found = lines(&office, &[&words[..], &["FREQ=DAILY", "--limit", "2"]].concat());
    assert_eq!(found.len(), 3);
    assert_eq!(found[2]["data"]["next"], "2027-01-03T10:00:00");
    let usual = lines(&office, &[&words[..], &["FREQ=DAILY"]].concat());
    assert_eq!(usual.len(), 1_001);
    for wrong in ["0", "100001", "-1", "1.5"] {
        let limit = format!("--limit={wrong}");
        assert_eq!(preview(&office, &[&words[..], &["FREQ=DAILY", &limit]].concat()).code, 2);
    }
}

#[test]
fn people_see_a_month_on_the_wall() {
    let office = Office::empty();
    let words = ["--zone", "Europe/Vienna", "--starts", "2027-03-26T02:30", "--duration", "1h"];
    let rules = ["--rrule", "FREQ=DAILY;COUNT=5", "--rdate", "2027-03-27T19:30"];
    let shown = preview(&office, &[&words[..], &rules].concat()).done();
    for part in ["March 2027\n", "Mon ", "02:30 19:30", "02:30 gap"] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    assert!(shown.stderr.starts_with("5 slots, 1 time left out"), "{}", shown.stderr);
    assert!(!office.db().exists());
}

#[test]
fn what_is_wrong_ends_with_2_and_names_it() {
    let office = Office::empty();
    let words = ["--zone", "UTC", "--starts", "2027-01-01T10:00", "--duration", "1h"];
    let hours = ["--zone", "UTC", "--open", "mon 10:00-12:00", "--length", "1h"];
    for (words, more, name) in [
        (words, &["--rrule", "FREQ=DAILY", "--rrule", "FREQ=HOURLY"][..], "rrule[1]"),
        (words, &["--gap", "skip"], "gap"),
        (words, &["--open", "mon 10:00-12:00"], "starts"),
        (words, &["--now", "2027-01-01T00:00:00Z"], "now"),
        (hours, &["--open", "mon 10:00-10:00"], "open[1]"),
        (hours, &["--override", "2027-01-01"], "override[0]"),
        (hours, &["--from", "2027-01-01T10:00"], "from"),
        (hours, &["--step", "30m"], "step"),
    ] {
        let ran = preview(&office, &[&words[..], more, &["--json"]].concat());
        assert_eq!(ran.code, 2, "{more:?}");
        let error = &ran.objects()[0]["data"];
        assert_eq!((&error["code"], &error["details"]["name"]), (&json!("argument"), &json!(name)));
    }
}

#[test]
fn call_previews_without_a_file_too() {
    let office = Office::empty();
    let request = r#"{"zone":"UTC","starts":"2027-01-01T10:00","duration":"1h","rrule":["FREQ=DAILY"],"limit":1}"#;
    std::fs::write(office.path("request.json"), request).unwrap();
    let answer = office.run("call schedule_preview --input request.json").done();
    let data = answer.data("schedule_preview");
    assert_eq!(data["items"][0]["local"], "2027-01-01T10:00:00+00:00[UTC]");
    assert_eq!((&data["rejected"], &data["next"]), (&json!([]), &json!("2027-01-02T10:00:00")));
    let now = office.run("call schedule_preview --input request.json --now 2027-01-01T00:00:00Z");
    assert_eq!(now.code, 2);
    assert!(!office.db().exists());
    let office = Office::with_file();
    // With an open file, its clock counts.
    std::fs::write(
        office.path("request.json"),
        request.replace("\"limit\":1", "\"notice\":\"1h\""),
    )
    .unwrap();
    assert_eq!(office.run("call schedule_preview --input request.json").code, 0);
}
