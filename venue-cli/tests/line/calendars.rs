//! Calendar files: looked at, imported, and written.

use serde_json::Value;

use crate::office::{Office, Ran};

const HALL: &str = "riethsporthalle/vorplatz";

/// Two series that can be, and four that cannot.
const PLAYS: &str = "BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Berlin
END:VTIMEZONE
BEGIN:VEVENT
UID:faust@example.org
SUMMARY:Faust\\, der Tragödie erster Teil
DTSTART;TZID=Europe/Berlin:20271029T193000
DTEND;TZID=Europe/Berlin:20271029T223000
RRULE:FREQ=DAILY;COUNT=4
EXDATE;TZID=Europe/Berlin:20271030T193000
END:VEVENT
BEGIN:VEVENT
UID:faust@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20271031T193000
DTSTART;TZID=Europe/Berlin:20271031T150000
DTEND;TZID=Europe/Berlin:20271031T190000
END:VEVENT
BEGIN:VEVENT
UID:lesung@example.org
SUMMARY:Lesung
DTSTART:20271115T170000Z
DURATION:PT1H30M
END:VEVENT
BEGIN:VEVENT
UID:ferien@example.org
SUMMARY:Ferien
DTSTART;VALUE=DATE:20271220
END:VEVENT
BEGIN:VEVENT
UID:mars@example.org
DTSTART;TZID=Mars/Base:20271220T100000
DURATION:PT1H
END:VEVENT
BEGIN:VEVENT
UID:stunden@example.org
DTSTART:20271220T100000Z
DURATION:PT1H
RRULE:FREQ=HOURLY
END:VEVENT
BEGIN:VEVENT
UID:abgesagt@example.org
DTSTART:20271220T100000Z
DURATION:PT1H
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
";

/// An arena, and a calendar beside it.
fn office() -> Office {
    let office = Office::with_season();
    std::fs::write(office.path("plays.ics"), PLAYS.replace('\n', "\r\n")).unwrap();
    office
}

fn of_kind(ran: &Ran, kind: &str) -> Vec<Value> {
    let objects = ran.objects().into_iter().filter(|object| object["type"] == kind);
    objects.map(|mut object| object["data"].take()).collect()
}

fn strings(items: &[Value], member: &str) -> Vec<String> {
    items.iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_calendar_can_be_looked_at_without_a_file() {
    let office = Office::empty();
    std::fs::write(office.path("plays.ics"), PLAYS).unwrap();
    let line = "schedule preview --json --calendar plays.ics --zone Europe/Berlin --from 2027-10-01 --until 2027-12-31";
    let ran = office.run(line).done();
    let dates = of_kind(&ran, "slot_preview");
    assert_eq!(
        strings(&dates, "local"),
        [
            "2027-10-29T19:30:00+02:00[Europe/Berlin]",
            "2027-10-31T15:00:00+01:00[Europe/Berlin]",
            "2027-11-01T19:30:00+01:00[Europe/Berlin]",
            "2027-11-15T18:00:00+01:00[Europe/Berlin]",
        ]
    );
    assert_eq!(dates[1]["ends_at"], "2027-10-31T18:00:00.000000Z");
    assert_eq!(dates[3]["uid"], "lesung@example.org");
    let skipped = of_kind(&ran, "skipped");
    let uids = ["ferien@example.org", "mars@example.org", "stunden@example.org"];
    assert_eq!(strings(&skipped, "uid"), uids);
    assert_eq!(skipped[0]["line"], 29);
    for (skipped, reason) in skipped.iter().zip(["all-day", "unknown zone", "unsupported rule"]) {
        assert!(skipped["reason"].as_str().unwrap().starts_with(reason), "{skipped}");
    }
    assert_eq!(ran.objects().last().unwrap()["data"]["next"], Value::Null);
    let first = office.run(&format!("{line} --limit 1")).done();
    assert_eq!(of_kind(&first, "page")[0]["next"], "2027-10-31T15:00:00");
    let bounds = "--from 2027-10-31T15:00 --until 2027-11-01T19:29:59";
    let line = "schedule preview --json --calendar plays.ics --zone Europe/Berlin";
    assert_eq!(of_kind(&office.run(&format!("{line} {bounds}")).done(), "slot_preview").len(), 1);
    let people = office.run(&line.replace(" --json", bounds_of_people())).done();
    assert!(people.stdout.contains("2027-10-29 19:30:00") && people.stdout.contains("Lesung"));
    assert!(people.stderr.contains("line 29: ferien@example.org is left out: all-day"));
    assert_eq!(office.contents().len(), 1, "no file was made");
}

fn bounds_of_people() -> &'static str {
    " --from 2027-10-01 --until 2027-12-31"
}

#[test]
fn what_is_wrong_with_a_preview_of_a_calendar_is_said() {
    let office = Office::empty();
    std::fs::write(office.path("plays.ics"), PLAYS).unwrap();
    std::fs::write(office.path("bad.ics"), "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n")
        .unwrap();
    std::fs::write(office.path("text.ics"), "hello").unwrap();
    let preview = "schedule preview --json --zone Europe/Berlin";
    let dates = "--from 2027-10-01 --until 2027-12-31";
    for line in [
        "--calendar plays.ics",
        "--calendar plays.ics --from 2027-10-01",
        "--calendar plays.ics --from 2027-10-01 --until 2027-12-31 --rrule FREQ=DAILY",
        "--calendar plays.ics --from 2027-10-01 --until 2027-12-31 --duration 1h",
        "--calendar plays.ics --from 2027-10-01 --until 2027-12-31 --gap later",
    ] {
        office.run(&format!("{preview} {line}")).error(2, "invalid", "usage");
    }
    for (file, line) in
        [("bad.ics", Value::from(3)), ("text.ics", 1.into()), ("none.ics", Value::Null)]
    {
        let ran = office.run(&format!("{preview} {dates} --calendar {file}"));
        let error = ran.error(2, "invalid", "import_invalid");
        assert_eq!((&error["details"]["file"], &error["details"]["line"]), (&file.into(), &line));
    }
}

#[test]
fn a_calendar_becomes_drafts_and_twice_is_once() {
    let office = office();
    let import = format!("import plays.ics --json --hall {HALL}");
    let dry = office.run(&format!("{import} --dry-run")).done().data("import");
    let done = office.run(&import).done().data("import");
    assert_eq!(done, dry);
    assert_eq!((&done["created"]["events"], &done["created"]["slots"]), (&2.into(), &4.into()));
    assert_eq!(done["skipped"].as_array().unwrap().len(), 3);
    let event =
        office.run("event show faust-der-tragoedie-erster-teil --json").done().data("event");
    assert_eq!((&event["state"], &event["hall"]), (&"draft".into(), &HALL.into()));
    assert_eq!(event["title"], "Faust, der Tragödie erster Teil");
    let slots = office.run("slot list --json --event faust-der-tragoedie-erster-teil").done();
    let slots = of_kind(&slots, "slot");
    let starts = ["2027-10-29T17:30", "2027-10-31T14:00", "2027-11-01T18:30"];
    let ends = ["2027-10-29T20:30", "2027-10-31T18:00", "2027-11-01T21:30"];
    let full = |times: [&str; 3]| times.map(|time| format!("{time}:00.000000Z"));
    assert_eq!(strings(&slots, "starts_at"), full(starts));
    assert_eq!(strings(&slots, "ends_at"), full(ends));
    let again = office.run(&import).done().data("import");
    assert_eq!((&again["changed"], &again["slots"]), (&0.into(), &0.into()));
    assert!(again["created"].as_object().unwrap().values().all(|count| *count == 0), "{again}");
    // Nothing can be sold for a price that nobody said.
    let unpriced =
        office.run("event publish lesung --role organizer --json").error(2, "invalid", "argument");
    assert_eq!(unpriced["details"]["name"], "prices");
    // A new name, the same event; and the season can still be imported although the drafts have no prices.
    std::fs::write(office.path("plays.ics"), PLAYS.replace("Lesung", "Lesung mit Musik")).unwrap();
    let renamed = office.run(&import).done().data("import");
    assert_eq!((&renamed["changed"], &renamed["created"]["events"]), (&1.into(), &0.into()));
    let event = office.run("event show lesung --json").done().data("event");
    assert_eq!(event["title"], "Lesung mit Musik");
    office.run(&format!("import {}", crate::office::SEASON)).done();
    office.run("doctor").done();
}

#[test]
fn a_calendar_needs_a_hall_that_is_there() {
    let office = office();
    let error = office.run("import plays.ics --json").error(2, "invalid", "argument");
    assert_eq!(error["details"]["name"], "hall");
    office.run("import plays.ics --hall no/hall --json").error(1, "refused", "not_found");
    std::fs::write(office.path("bad.ics"), "BEGIN:VCALENDAR\nBEGIN:VEVENT\n").unwrap();
    let bad = office.run(&format!("import bad.ics --hall {HALL} --json"));
    bad.error(2, "invalid", "import_invalid");
    assert_eq!(
        of_kind(&office.run("event list --json").done(), "event").len(),
        2,
        "nothing half done"
    );
}

#[test]
fn our_own_calendar_can_be_imported_again() {
    let office = office();
    office.run(&format!("import plays.ics --hall {HALL}")).done();
    let slots = |office: &Office| {
        let listed = office.run("slot list --limit 1000 --json").done();
        let mut times: Vec<(String, String)> = of_kind(&listed, "slot")
            .iter()
            .map(|slot| (slot["starts_at"].to_string(), slot["ends_at"].to_string()))
            .collect();
        times.sort();
        times
    };
    let calendar = office.run(&format!("slot calendar --hall {HALL}")).done().stdout;
    let other = Office::with_file();
    let season = include_str!("../../../tests/scenarios/seasons/buehne.toml");
    std::fs::write(other.path("season.toml"), season).unwrap();
    let entries = calendar.matches("BEGIN:VEVENT").count();
    assert!(entries >= 5, "{calendar}");
    std::fs::write(other.path("own.ics"), calendar).unwrap();
    other.run("import season.toml").done();
    let before = slots(&other);
    let hall = of_kind(&other.run("hall list --json").done(), "hall")[0]["hall"].clone();
    let done =
        other.run(&format!("import own.ics --json --hall {}", hall.as_str().unwrap())).done();
    let done = done.data("import");
    assert_eq!(done["created"]["events"], entries);
    assert_eq!(done["skipped"].as_array().map(Vec::len), Some(0));
    let mut expected = before;
    let listed = office.run(&format!("slot list --limit 1000 --json --hall {HALL}")).done();
    for slot in of_kind(&listed, "slot") {
        expected.push((slot["starts_at"].to_string(), slot["ends_at"].to_string()));
    }
    expected.sort();
    assert_eq!(slots(&other), expected);
}

#[test]
fn a_calendar_goes_to_programs_as_text_and_as_json() {
    let office = office();
    let text = office.run("slot calendar --event heimspiele-2027-28").done().stdout;
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    let json =
        office.run("slot calendar --event heimspiele-2027-28 --json").done().data("calendar");
    assert_eq!(json["entries"], text.matches("BEGIN:VEVENT").count());
    office.run("slot calendar --event nothing --json").error(1, "refused", "not_found");
    office.run("slot calendar --from soon --json").error(2, "invalid", "argument");
    let sold = format!("sell {} --seats D-14-1 --json", crate::office::SLOT);
    let sold = office.run(&sold).done().data("booking");
    let reference = sold["reference"].as_str().unwrap();
    let text = office.run(&format!("booking calendar {reference}")).done().stdout;
    assert!(text.contains(&format!("DESCRIPTION:Booking {reference}")), "{text}");
    let call =
        office.run(&format!("call booking_calendar --input {}", ask(&office, reference))).done();
    assert_eq!(call.data("calendar")["entries"], 1);
    office.run("booking calendar 00000000 --json").error(1, "refused", "not_found");
}

fn ask(office: &Office, reference: &str) -> String {
    let request = serde_json::json!({"booking": reference}).to_string();
    std::fs::write(office.path("ask.json"), request).unwrap();
    "ask.json".to_owned()
}
