//! Rules 3 to 5, and the owner's acts on whole files.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::office::{BEGIN, CINEMA, Office, Ran};

#[test]
fn what_names_no_file_leaves_the_disk_alone() {
    let office = Office::empty();
    for path in ["", ":memory:", "file:venue.db", "file::memory:?cache=shared"] {
        for command in ["init", "sweep", "clock show"] {
            let mut words = vec!["--json".to_owned(), format!("--db={path}")];
            words.extend(command.split(' ').map(str::to_owned));
            Ran::of(&mut office.command(words)).error(2, "invalid", "bad_path");
        }
    }
    assert_eq!(office.contents(), []);
}

#[test]
fn a_missing_file_is_not_made_by_the_way() {
    let office = Office::empty();
    for line in [
        "sweep",
        "clock show",
        "slot list",
        "venue list",
        "feed",
        "feed --follow",
        "hold m@2027-09-04T19:30 --seats A-1",
        "confirm 7Q4ZK2MB",
        "backup copy.db",
        "call sweep",
    ] {
        office.run(&format!("{line} --json")).error(3, "storage", "no_file");
    }
    assert_eq!(office.contents(), []);
}

#[test]
fn foreign_files_stay_as_they_are() {
    let office = Office::with_file();
    std::fs::write(office.path("empty.db"), b"").unwrap();
    std::fs::write(office.path("text.db"), b"not a database, but long enough to be read").unwrap();
    std::fs::create_dir(office.path("folder.db")).unwrap();
    symlink(office.db(), office.path("link.db")).unwrap();
    let before = office.contents();
    for name in ["empty.db", "text.db", "folder.db", "link.db"] {
        for command in ["init", "sweep", "clock show"] {
            let ran = office.run(&format!("{command} --db {name} --json"));
            ran.error(3, "storage", "foreign_file");
        }
    }
    assert_eq!(office.contents(), before);
}

#[test]
fn init_makes_a_file_once() {
    let office = Office::empty();
    let made = office.run("init --json").done().data("init");
    assert_eq!((&made["created"], &made["test_clock"]), (&true.into(), &false.into()));
    let before = std::fs::read(office.db()).unwrap();
    assert_eq!(office.run("init --json").done().data("init")["created"], false);
    assert_eq!(std::fs::read(office.db()).unwrap(), before);
    office.run("init --db nowhere/venue.db --json").error(3, "storage", "no_file");
}

#[test]
fn only_the_default_places_folders_are_made() {
    let office = Office::empty();
    let data = office.path("data");
    let mut command = office.command(["init"]);
    Ran::of(command.env_remove("VENUE_DB").env("XDG_DATA_HOME", &data)).done();
    assert!(data.join("venue/venue.db").exists());
    let mut command = office.command(["sweep", "--json"]);
    let elsewhere = office.path("elsewhere");
    Ran::of(command.env_remove("VENUE_DB").env("XDG_DATA_HOME", &elsewhere))
        .error(3, "storage", "no_file");
    assert!(!elsewhere.exists());
}

#[test]
fn a_test_clock_stands_until_an_instant_is_given() {
    let office = Office::with_file();
    let clock = |line: &str| office.run(&format!("clock show --json {line}")).done().data("clock");
    let shown = clock("");
    let begin = BEGIN.replace('Z', ".000000Z");
    assert_eq!((&shown["wall"], &shown["floor"]), (&begin.clone().into(), &begin.into()));
    assert_eq!(clock("--now 2027-09-01T00:00:00+02:00")["wall"], "2027-08-31T22:00:00.000000Z");
    assert_eq!(clock("--now 2027-07-31T00:00:00Z")["state"], "clock_behind");
    assert_eq!(clock("")["state"], "right");
    office.run("init --db wall.db").done();
    let error = office.run(&format!("sweep --db wall.db --now {BEGIN} --json"));
    assert_eq!(error.error(2, "invalid", "argument")["details"]["name"], "now");
}

#[test]
fn a_backup_never_overwrites_and_restores() {
    let office = Office::with_file();
    let copied = office.run("backup copy.db --json").done().data("backup");
    let bytes = std::fs::metadata(office.path("copy.db")).unwrap().len();
    assert_eq!(copied["bytes"], bytes);
    office.run("backup copy.db --json").error(3, "storage", "target_exists");
    let restored = office.run("restore copy.db --json").done().data("restore");
    assert!(restored["before"].as_str().unwrap().ends_with("venue.db.before-restore"));
    office.run("sweep").done();
    office.run("restore copy.db --db other.db").done();
    office.run("restore missing.db --json").error(3, "storage", "no_file");
}

#[test]
fn a_file_in_use_is_not_replaced() {
    let office = Office::with_season();
    office.run("backup copy.db").done();
    let mut command = office.command(["feed", "--follow", "--json"]);
    let mut follower = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(follower.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("import.done"), "{line}");
    office.run("restore copy.db --json").error(4, "retry", "in_use");
    follower.kill().unwrap();
    follower.wait().unwrap();
    office.run("restore copy.db").done();
}

#[test]
fn with_several_organizers_one_must_be_named() {
    let office = Office::with_season();
    office.run(&format!("import {CINEMA}")).done();
    office.run("event list --json").error(2, "invalid", "organizer_needed");
    office.run("event list --organizer nobody --json").error(1, "refused", "not_found");
    let events = office.run("event list --organizer thc --json").done().objects();
    assert_eq!(events.len(), 3);
    office.run("sweep").done();
}

#[test]
fn a_backup_into_no_folder_blames_the_copy() {
    let office = Office::with_file();
    let error = office.run("backup nowhere/copy.db --json").error(2, "invalid", "bad_path");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("nowhere/copy.db: its folder is not there"), "{error}");
}
