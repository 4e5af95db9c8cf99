//! What may stand on the line.

use std::os::unix::ffi::OsStringExt;

use crate::office::{Office, Ran, SLOT};

#[test]
fn wrong_usage_exits_2_and_is_an_object_with_json_anywhere() {
    let office = Office::empty();
    for line in [
        "nonsense",
        "sweep extra",
        "sweep --nowhere",
        "slot",
        "clock tick",
        "backup",
        "hold",
        "house a@2027-09-04T19:30 --seats A-1",
        "--db a --db b sweep",
        "--db a sweep --db=b",
        "-q sweep -v",
        "slot burn a@2027-09-04T19:30",
        "confirm 7Q4ZK2MB --token secret",
        "session sign-in --password secret",
    ] {
        let ran = office.run(line);
        ran.complaint(2);
        assert_eq!(ran.stdout, "", "{line}");
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        for with_json in [format!("--json {line}"), format!("{first} --json {rest}")] {
            if with_json.contains("--db --json") {
                continue;
            }
            office.run(&with_json).error(2, "invalid", "usage");
        }
    }
    let ran = office.run("");
    ran.complaint(2);
    assert_eq!(office.contents(), []);
}

#[test]
fn malformed_values_name_their_argument() {
    let office = Office::empty();
    let slot = "match@2027-09-04T19:30";
    for (line, name) in [
        ("hold nowhere --seats A-1".to_owned(), "slot"),
        (format!("hold {slot} --seats A-1,,A-2"), "seats"),
        (format!("hold {slot} --seats A-1,A-1"), "seats"),
        (format!("hold {slot} --seats="), "seats"),
        (format!("hold {slot}"), "seats"),
        (format!("hold {slot} --seats A-1 --area Stand --quantity 1"), "seats"),
        (format!("hold {slot} --area Stand"), "quantity"),
        (format!("hold {slot} --area Stand --quantity 0"), "quantity"),
        (format!("hold {slot} --area Stand --quantity +1"), "quantity"),
        (format!("hold {slot} --area Stand --quantity 2147483648"), "quantity"),
        (format!("hold {slot} --best 1 --accessible 2"), "accessible"),
        (format!("hold {slot} --seats A-1 --category I"), "category"),
        (format!("hold {slot} --seats A-1 --ttl 5"), "ttl"),
        (format!("hold {slot} --seats A-1 --ttl 29s"), "ttl"),
        (format!("hold {slot} --seats A-1 --ttl 60m1s"), "ttl"),
        (format!("hold {slot} --seats A-1 --deadline 11m"), "deadline"),
        (format!("hold {slot} --seats A-1 --deadline 0s"), "deadline"),
        (format!("hold {slot} --seats A-1 --buyer="), "buyer"),
        (format!("sell {slot} --seats A-1 --payment CASH"), "payment"),
        ("confirm 123".to_owned(), "booking"),
        ("cancel 7Q4ZK2MB --line 1 --line 1".to_owned(), "line"),
        ("slot list --limit 0".to_owned(), "limit"),
        ("slot list --limit 1001".to_owned(), "limit"),
        ("slot list --limit 1e2".to_owned(), "limit"),
        ("slot list --from yesterday".to_owned(), "from"),
        ("ticket list".to_owned(), "booking"),
        ("sweep --now 2027-09-04T19:30".to_owned(), "now"),
        ("sweep --now 2027-09-04T19:30:60Z".to_owned(), "now"),
        ("sweep --role boss".to_owned(), "role"),
        (format!("sweep --as {}", "x".repeat(201)), "as"),
        (format!("sweep --request-id {}", "x".repeat(129)), "request_id"),
        (format!("sweep --idempotency-key {}", "x".repeat(256)), "idempotency_key"),
        ("sweep --idempotency-key ä".to_owned(), "idempotency_key"),
        ("init --now 2027-09-04T19:30:00Z".to_owned(), "now"),
        ("init --group no-such-group-here".to_owned(), "group"),
    ] {
        let error = office.run(&format!("{line} --json")).error(2, "invalid", "argument");
        assert_eq!(error["details"]["name"], name, "{line}: {error}");
    }
    assert_eq!(office.contents(), []);
}

#[test]
fn arguments_are_utf8_and_paths_may_be_anything() {
    let office = Office::with_file();
    let strange = std::ffi::OsString::from_vec(b"st\xffange.db".to_vec());
    let mut words: Vec<std::ffi::OsString> = vec!["sweep".into(), "--json".into(), "--as".into()];
    words.push(strange.clone());
    Ran::of(&mut office.command(&words)).error(2, "invalid", "usage");
    let words: Vec<std::ffi::OsString> = vec!["backup".into(), strange.clone()];
    Ran::of(&mut office.command(&words)).done();
    assert!(office.path("").join(&strange).exists());
    let words: Vec<std::ffi::OsString> = vec!["--db".into(), strange, "sweep".into()];
    Ran::of(&mut office.command(&words)).done();
}

#[test]
fn help_and_the_version_are_answers() {
    let office = Office::empty();
    for line in ["--help", "hold --help", "slot list -h", "--version"] {
        let ran = office.run(line).done();
        assert!(!ran.stdout.is_empty() && ran.stderr.is_empty(), "{line}");
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(office.run(&format!("completions {shell}")).done().stdout.contains("venue"));
    }
    assert!(office.run("man").done().stdout.contains(".TH venue 1"));
    office.run("man pages").done();
    assert!(office.path("pages/venue-hold.1").exists());
}

#[test]
fn log_lines_stand_on_stderr_with_the_request_id() {
    let office = Office::with_file();
    let ran = office.run("sweep --log json -vv --request-id r-17").done();
    assert!(ran.stderr.lines().count() >= 2, "{ran:?}");
    for line in ran.stderr.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["span"]["request_id"], "r-17");
    }
    assert_eq!(office.run("sweep").done().stderr, "");
    let made = office.run("sweep --log json -v").done();
    let line: serde_json::Value =
        serde_json::from_str(made.stderr.lines().next().unwrap()).unwrap();
    assert!(line["span"]["request_id"].as_str().unwrap().len() >= 8);
}

#[test]
fn call_takes_json_and_names_the_wrong_member() {
    let office = Office::with_file();
    std::fs::write(office.path("request.json"), r#"{"sets":[]}"#).unwrap();
    let ran = office.run("call hold --input request.json --json");
    ran.error(2, "invalid", "argument");
    office.run("call nonsense --json").error(2, "invalid", "unknown_verb");
    assert_eq!(office.run("call sweep").done().data("sweep")["expired"], 0);
    std::fs::write(office.path("request.json"), r#"{"request_id":"a"}"#).unwrap();
    office.run("call sweep --input request.json").done();
    office
        .run("call sweep --input request.json --request-id b --json")
        .error(2, "invalid", "argument");
    office.run("call sweep --input missing.json --json").error(2, "invalid", "argument");
    std::fs::write(office.path("request.json"), vec![b' '; (1 << 20) + 1]).unwrap();
    office.run("call sweep --input request.json --json").error(2, "invalid", "too_large");
}

#[test]
fn what_could_mean_two_things_is_invalid() {
    let office = Office::with_season();
    let edit = "event edit heimspiele-2027-28 --role organizer --json";
    let line = format!("{edit} --prices VIP=1.00 --prices VIP=3.00");
    let error = office.run(&line).error(2, "invalid", "argument");
    assert_eq!(error["details"]["name"], "prices");
    let request = r#"{"event":"heimspiele-2027-28","prices":{"VIP":"1.00","VIP":"3.00"},"caller":{"role":"organizer"}}"#;
    std::fs::write(office.path("edit.json"), request).unwrap();
    let error =
        office.run("call event_edit --input edit.json --json").error(2, "invalid", "argument");
    assert!(error["message"].as_str().unwrap().contains("VIP has two prices"), "{error}");
    let line = format!("slot postpone {SLOT} --to 2028-01-07T20:00:00.5Z --role organizer --json");
    assert_eq!(office.run(&line).error(2, "invalid", "argument")["details"]["name"], "to");
}
