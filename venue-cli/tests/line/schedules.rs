//! Schedules: added, generated, changed and mended, as people and programs meet it.

use crate::office::{Office, SEASON};

const STAFF: &str = "--role organizer";

#[test]
fn a_schedule_is_added_and_generated_and_its_slots_are_sold() {
    let office = Office::with_season();
    let event = "heimspiele-2027-28";
    let add = format!(
        "schedule add {event} --starts 2027-08-07T19:30 --rrule FREQ=DAILY;COUNT=3 {STAFF}"
    );
    let added = office.run(&format!("{add} --json")).done().data("schedule");
    let name = added["schedule"].as_str().unwrap().to_owned();
    assert_eq!((&added["new"], &added["zone"]), (&3.into(), &"Europe/Berlin".into()));
    let dry = office.run(&format!("schedule generate {name} --dry-run {STAFF}")).done();
    assert!(dry.stdout.contains("3 slots would be made, 1 schedule looked at"), "{}", dry.stdout);
    let made = office.run(&format!("schedule generate {event} {STAFF} --json")).done();
    assert_eq!(made.data("schedule_generate")["added"], 3);
    let again = office.run(&format!("schedule generate {STAFF}")).done();
    assert!(again.stdout.starts_with("0 slots made"), "{}", again.stdout);
    let listed = office.run(&format!("schedule list {event} --json")).done().objects();
    let last = &listed[listed.len() - 2]["data"];
    assert_eq!((&last["schedule"], &last["slots"]), (&name.clone().into(), &3.into()));
    assert_eq!(last["next"], "2027-08-07T17:30:00.000000Z");
    office.run(&format!("sell {event}@2027-08-08T19:30 --area Stehplatz --quantity 1")).done();
    let edit = format!(
        "schedule edit {name} --starts 2027-08-07T20:00 --rrule FREQ=DAILY;COUNT=3 {STAFF}"
    );
    let edited = office.run(&edit).done();
    assert!(
        edited.stdout.contains("3 slots are not where the rule puts them"),
        "{}",
        edited.stdout
    );
    let drift = office.run(&format!("schedule drift {STAFF}")).done();
    assert!(drift.stdout.contains("kept because sold, by rule"), "{}", drift.stdout);
    assert!(
        drift.stdout.contains("2 would be made, 0 moved, 2 removed, 1 kept: --mend does it"),
        "{}",
        drift.stdout
    );
    let mended =
        office.run(&format!("schedule drift --mend {STAFF} --json")).done().data("schedule_drift");
    let it = &mended["drifted"][0];
    assert_eq!(
        (&it["add"], &it["remove"], &it["move"], &it["keep"]),
        (&2.into(), &2.into(), &0.into(), &1.into())
    );
    office.run("doctor").done();
}

#[test]
fn what_is_refused_in_part_ends_with_1_and_says_so_on_stdout() {
    let office = Office::with_season();
    let event = "heimspiele-2027-28";
    for name in ["one", "two"] {
        let add =
            format!("schedule add {event} --starts 2027-08-07T19:30 --request-id {name} {STAFF}");
        office.run(&add).done();
    }
    let ran = office.run(&format!("schedule generate {event} {STAFF}"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.stdout.contains("refused as a whole") && ran.stdout.contains("is in the way"),
        "{}",
        ran.stdout
    );
    let ran = office.run(&format!("schedule generate {STAFF} --json"));
    let data = ran.data("schedule_generate");
    assert_eq!((ran.code, &data["added"], &data["refused"]), (1, &0.into(), &1.into()));
    let refused = data["schedules"].as_array().unwrap().iter().find(|it| !it["refused"].is_null());
    assert_eq!(refused.unwrap()["refused"]["code"], "collision");
    let called = office.run(&format!("call schedule_generate {STAFF}"));
    assert_eq!(called.code, 1, "{called:?}");
    // An import generates what it imported by the same rules.
    let text = std::fs::read_to_string(SEASON).unwrap();
    let again = text.replacen("rdate = [", "rdate = [\"2027-08-07T20:00\", ", 1);
    std::fs::write(office.path("again.toml"), again).unwrap();
    let plan = std::path::Path::new(SEASON).with_file_name("erfurt-riethsporthalle.plan.json");
    std::fs::copy(plan, office.path("erfurt-riethsporthalle.plan.json")).unwrap();
    let ran = office.run("import again.toml --json");
    assert_eq!(
        (ran.code, ran.data("import")["collided"].as_array().map(Vec::len)),
        (1, Some(1)),
        "{ran:?}"
    );
}

#[test]
fn roles_names_and_rules_are_checked() {
    let office = Office::with_season();
    office.run("schedule generate --json").error(1, "refused", "forbidden");
    office.run(&format!("schedule generate nobody {STAFF} --json")).error(
        1,
        "refused",
        "not_found",
    );
    office.run(&format!("schedule drift heimspiele-2027-28#99 {STAFF} --json")).error(
        1,
        "refused",
        "not_found",
    );
    office.run(&format!("schedule generate A#0 {STAFF} --json")).error(2, "invalid", "argument");
    let add = format!("schedule add heimspiele-2027-28 {STAFF} --json");
    office
        .run(&format!("{add} --starts 2027-08-07T19:30 --rrule FREQ=OFTEN"))
        .error(2, "invalid", "argument");
    office.run(&format!("{add} --length 1h")).error(2, "invalid", "argument");
}
