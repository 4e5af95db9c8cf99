//! A box office at work: hold, sell, confirm, extend, release, expire, cancel, house, open and close.

use std::process::Stdio;

use serde_json::Value;

use crate::office::{Office, Ran, SLOT};

fn booking(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.data("booking")
}

fn reference(booking: &Value) -> String {
    booking["reference"].as_str().unwrap().to_owned()
}

#[test]
fn a_hold_is_confirmed_with_its_token() {
    let office = Office::with_season();
    let held =
        booking(&office.run(&format!("hold {SLOT} --seats D-14-1,D-14-2 --buyer b1 --json")));
    assert_eq!((&held["state"], &held["buyer"]), (&"held".into(), &"b1".into()));
    assert_eq!(held["total"], serde_json::json!({"minor": 5_200, "currency": "EUR"}));
    assert_eq!(held["expires_at"], "2027-08-01T10:05:00.000000Z");
    assert_eq!(held["units"][0]["seat"], "D-14-1");
    assert!(held.get("tickets").is_none());
    let reference = reference(&held);
    let confirm = |role: &str| {
        let mut command = office.command(["confirm", &reference, "--json", "--role", role]);
        command.stderr(Stdio::piped());
        command
    };
    Ran::of(&mut confirm("public")).error(1, "refused", "forbidden");
    Ran::of(confirm("public").env("VENUE_TOKEN", "wrong")).error(1, "refused", "forbidden");
    let token = held["token"].as_str().unwrap();
    let confirmed = booking(&Ran::of(confirm("public").env("VENUE_TOKEN", token)));
    assert_eq!(confirmed["state"], "confirmed");
    assert_eq!(confirmed["tickets"][1]["number"], format!("{reference}-02"));
    assert!(confirmed.get("token").is_none());
    let again = Ran::of(&mut confirm("terminal")).error(1, "refused", "already_confirmed");
    assert_eq!(again["details"]["booking"], confirmed["id"]);
}

#[test]
fn a_token_is_read_from_a_file() {
    let office = Office::with_season();
    let held =
        booking(&office.run(&format!("hold {SLOT} --seats D-14-1 --buyer b --role public --json")));
    std::fs::write(office.path("token"), format!("{}\n", held["token"].as_str().unwrap())).unwrap();
    let line = format!("release {} --role public --token-file token --json", reference(&held));
    assert_eq!(booking(&office.run(&line))["state"], "released");
}

#[test]
fn a_hold_ends_with_its_time() {
    let office = Office::with_season();
    let held = booking(&office.run(&format!("hold {SLOT} --seats D-14-1 --ttl 30s --json")));
    let reference = reference(&held);
    office.run(&format!("expire {reference} --json")).error(1, "refused", "not_due");
    let late = "--now 2027-08-01T10:00:30Z --json";
    let shown = booking(&office.run(&format!("booking show {reference} {late}")));
    let ended_at = "2027-08-01T10:00:30.000000Z";
    assert_eq!((&shown["state"], &shown["ended_at"]), (&"expired".into(), &ended_at.into()));
    let error = office.run(&format!("confirm {reference} {late}"));
    error.error(1, "refused", "hold_expired");
    assert_eq!(office.run(&format!("sweep {late}")).done().data("sweep")["expired"], 0);
    assert_eq!(booking(&office.run(&format!("expire {reference} {late}")))["state"], "expired");
    let behind =
        office.run(&format!("sell {SLOT} --seats D-14-1 --now 2027-08-01T09:00:00Z --json"));
    behind.error(3, "storage", "clock_behind");
}

#[test]
fn what_is_sold_is_not_sold_again() {
    let office = Office::with_season();
    let sold = booking(&office.run(&format!("sell {SLOT} --area Stehplatz --quantity 3 --json")));
    assert_eq!(sold["units"][0]["quantity"], 3);
    let reference = reference(&sold);
    assert_eq!(sold["tickets"].as_array().unwrap().len(), 3);
    office.run(&format!("sell {SLOT} --seats D-14-1,D-14-2 --json")).done();
    let taken = office.run(&format!("sell {SLOT} --seats D-14-2,D-14-3 --json"));
    let taken = taken.error(1, "refused", "seats_taken");
    assert_eq!(taken["details"]["seats"], serde_json::json!([{"seat": "D-14-2", "why": "sold"}]));
    office.run(&format!("sell {SLOT} --seats X-1 --json")).error(1, "refused", "not_found");
    let paid = office.run(&format!("sell {SLOT} --seats D-14-3 --payment card:t1:1.00 --json"));
    assert_eq!(paid.error(1, "refused", "payment_mismatch")["details"]["total"], 2_600);
    let line = format!("cancel {reference} --reason ill --json");
    let cancelled = booking(&office.run(&line));
    assert_eq!(
        (&cancelled["state"], &cancelled["ended_why"]),
        (&"cancelled".into(), &"ill".into())
    );
    office.run(&line).error(1, "refused", "cancelled");
}

#[test]
fn a_key_makes_a_command_safe_to_repeat() {
    let office = Office::with_season();
    let line = format!("sell {SLOT} --seats D-14-1 --idempotency-key k1 --json");
    let first = office.run(&line).done();
    assert_eq!(office.run(&line).done().stdout, first.stdout);
    let other = format!("sell {SLOT} --seats D-14-2 --idempotency-key k1 --json");
    let error = office.run(&other).error(1, "refused", "idempotency_mismatch");
    assert_eq!(error["details"]["field"], "seats");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = office.command(line.split(' '));
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8(output.stderr).unwrap().contains("k1"));
}

#[test]
fn house_holds_and_closed_slots_are_for_staff() {
    let office = Office::with_season();
    let house = format!("house {SLOT} --seats D-14-1 --kind hold --json");
    office.run(&house).error(1, "refused", "forbidden");
    let done = office.run(&format!("{house} --role organizer")).done().data("house");
    assert_eq!(done["changed"], serde_json::json!(["D-14-1"]));
    let close = office.run(&format!("slot close {SLOT} --role organizer --json")).done();
    assert_eq!(close.data("slot")["closed"], true);
    office.run(&format!("hold {SLOT} --seats D-14-2 --json")).error(1, "refused", "closed");
    let stale = format!("slot open {SLOT} --role organizer --expected-version 1 --json");
    office.run(&stale).error(1, "refused", "stale_version");
    office.run(&format!("slot open {SLOT} --role organizer")).done();
    office.run(&format!("sell {SLOT} --seats D-14-1")).done();
}

#[test]
fn people_get_a_receipt() {
    let office = Office::with_season();
    let ran = office.run(&format!("sell {SLOT} --seats D-14-1 --area= --json"));
    ran.error(2, "invalid", "argument");
    let mut command = office.command(["sell", SLOT, "--seats", "D-14-1", "--buyer", "a\u{202e}b"]);
    let ran = Ran::of(&mut command).done();
    for part in ["confirmed", "26.00 EUR", "a\\u{202e}b", "-01"] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert_eq!(ran.stderr, "");
    let json = office.run("booking list --json").done();
    assert_eq!(json.objects()[0]["data"]["buyer"], "a\u{202e}b");
}

#[test]
fn a_sold_file_is_sound_and_a_damaged_one_is_not() {
    let office = Office::with_season();
    office.run(&format!("sell {SLOT} --seats D-14-1")).done();
    let ran = office.run("doctor --json").done();
    assert_eq!(ran.data("doctor")["ok"], true);
    assert_eq!(office.run("info --json").done().data("info")["organizers"][0], "thc");
    office.run("backup copy.db").done();
    let mut bytes = std::fs::read(office.path("copy.db")).unwrap();
    let page = bytes.len() / 2 / 4_096 * 4_096;
    bytes[page..page + 4_096].fill(0xa5);
    std::fs::write(office.path("copy.db"), bytes).unwrap();
    for doctor in ["doctor --db copy.db --json", "call doctor --db copy.db"] {
        let ran = office.run(doctor);
        assert_eq!((ran.code, &ran.data("doctor")["ok"]), (3, &false.into()), "{ran:?}");
        assert_eq!(ran.stderr, "");
    }
}
