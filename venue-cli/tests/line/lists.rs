//! Importing, showing and listing; pages and the feed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::office::{Office, Ran, SEASON, SLOT};

/// All items of a list, page by page, each page ended by its own line.
fn walk(office: &Office, line: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut after = String::new();
    for _ in 0..100 {
        let mut objects = office.run(&format!("{line} {after} --limit 1 --json")).done().objects();
        let page = objects.pop().unwrap();
        assert_eq!(page["type"], "page");
        assert!(objects.len() <= 1);
        items.extend(objects.into_iter().map(|mut object| object["data"].take()));
        match page["data"]["next"].as_str() {
            Some(next) => after = format!("--after {next}"),
            None => return items,
        }
    }
    panic!("the list never ends")
}

#[test]
fn an_import_makes_the_file_and_is_idempotent() {
    let office = Office::empty();
    let dry = office.run(&format!("import {SEASON} --dry-run --json")).done().data("import");
    assert_eq!(dry["created"]["seats"], 1_252);
    assert_eq!(office.contents(), []);
    let first = office.run(&format!("import {SEASON} --json")).done().data("import");
    assert_eq!(first["created"], dry["created"]);
    let second = office.run(&format!("import {SEASON} --json")).done().data("import");
    assert_eq!((&second["created"]["slots"], &second["changed"]), (&0.into(), &0.into()));
    std::fs::write(office.path("wrong.toml"), "[organizer]\nslug = 1\n").unwrap();
    let error = office.run("import wrong.toml --json").error(2, "invalid", "import_invalid");
    assert_eq!(error["details"]["line"], 2);
    // What is wrong only beside what is there already has its place too.
    let season = std::fs::read_to_string(SEASON).unwrap();
    let plan = "erfurt-riethsporthalle.plan.json";
    std::fs::copy(Path::new(SEASON).with_file_name(plan), office.path(plan)).unwrap();
    let euro = "currency = \"EUR\"";
    let line = 1 + season.lines().position(|line| line == euro).unwrap();
    let francs = season.replacen(euro, "currency = \"CHF\"", 1);
    std::fs::write(office.path("francs.toml"), francs).unwrap();
    let error = office.run("import francs.toml --json").error(2, "invalid", "import_invalid");
    assert_eq!(error["details"]["line"], line, "{error}");
    let published = "state = \"published\"";
    let line = 1 + season.lines().position(|line| line == published).unwrap();
    std::fs::write(office.path("drafts.toml"), season.replacen(published, "state = \"draft\"", 1))
        .unwrap();
    let done = office.run("import drafts.toml --json").done().data("import");
    assert_eq!(done["warnings"][0]["line"], line, "{done}");
    std::fs::write(office.path("plan.json"), "{}").unwrap();
    let error = office.run("import plan.json --json").error(2, "invalid", "argument");
    assert_eq!(error["details"]["name"], "hall");
}

#[test]
fn an_import_that_is_wrong_makes_no_file() {
    let office = Office::empty();
    std::fs::write(office.path("wrong.toml"), "[organizer]\nslug = 1\n").unwrap();
    office.run("import wrong.toml --json").error(2, "invalid", "import_invalid");
    let names: Vec<_> = office.contents().into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, [office.path("wrong.toml")]);
}

#[test]
fn lists_go_on_where_their_page_ended() {
    let office = Office::with_season();
    for (line, names) in [
        ("venue list", vec!["riethsporthalle"]),
        ("hall list", vec!["arena", "vorplatz"]),
        ("event list", vec!["heimspiele-2027-28", "open-air-finale"]),
    ] {
        let items = walk(&office, line);
        let slugs: Vec<&str> = items.iter().map(|item| item["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, names, "{line}");
    }
    let slots =
        walk(&office, "slot list --event heimspiele-2027-28 --from 2027-12-26 --until 2027-12-26");
    assert_eq!(slots.len(), 1);
    assert_eq!(slots[0]["local"], "2027-12-26T17:00:00+01:00[Europe/Berlin]");
    office.run("slot list --after 00 --json").error(2, "invalid", "bad_cursor");
    let ran = office.run("hall list --limit 1").done();
    assert!(ran.stderr.starts_with("next page: --after "), "{ran:?}");
    assert!(office.run("hall list --limit 1 -q").done().stderr.is_empty());
}

#[test]
fn one_thing_is_one_object() {
    let office = Office::with_season();
    for (line, kind) in [
        ("venue show riethsporthalle".to_owned(), "venue"),
        ("hall show riethsporthalle/arena".to_owned(), "hall"),
        ("plan show riethsporthalle/arena --version 1".to_owned(), "plan"),
        ("event show open-air-finale".to_owned(), "event"),
        (format!("slot show {SLOT}"), "slot"),
        (format!("slot map {SLOT}"), "slot_map"),
    ] {
        office.run(&format!("{line} --json")).done().data(kind);
        assert!(office.run(&line).done().stdout.lines().count() > 3, "{line}");
    }
    for (line, kind) in [
        ("venue show nowhere", "venue"),
        ("hall show riethsporthalle/nowhere", "hall"),
        ("event show nowhere", "event"),
        ("slot show heimspiele-2027-28@2027-12-24T17:00", "slot"),
        ("booking show 7Q4ZK2MB", "booking"),
        ("ticket show 7Q4ZK2MB-01", "ticket"),
    ] {
        let error = office.run(&format!("{line} --json")).error(1, "refused", "not_found");
        assert_eq!(error["details"]["kind"], kind);
    }
}

#[test]
fn a_slots_units_add_up() {
    let office = Office::with_season();
    office.run(&format!("sell {SLOT} --seats D-14-1")).done();
    office.run(&format!("hold {SLOT} --area Stehplatz --quantity 2")).done();
    office.run(&format!("house {SLOT} --seats D-14-2 --kind kill --role organizer")).done();
    let slot = office.run(&format!("slot show {SLOT} --json")).done().data("slot");
    let units = ["capacity", "sold", "held", "house", "killed", "free"];
    let units = units.map(|name| slot[name].as_i64().unwrap());
    assert_eq!(units, [1_500, 1, 2, 0, 1, 1_496]);
    let tickets = walk(&office, &format!("ticket list --slot {SLOT}"));
    assert_eq!((tickets.len(), &tickets[0]["state"]), (1, &"valid".into()));
    let held = walk(&office, "booking list --state held");
    assert_eq!(held.len(), 1);
}

#[test]
fn the_feed_ends_with_a_cursor_and_can_be_followed() {
    let office = Office::with_season();
    office.run(&format!("sell {SLOT} --seats D-14-1")).done();
    let mut objects = office.run("feed --json").done().objects();
    let next = objects.pop().unwrap()["data"]["next"].as_str().unwrap().to_owned();
    assert_eq!(objects.last().unwrap()["data"]["kind"], "booking.confirmed");
    let rest = office.run(&format!("feed --after {next} --json")).done().objects();
    assert_eq!((rest.len(), &rest[0]["type"]), (1, &"page".into()));
    let mut follower = office
        .command(["feed", "--follow", "--after", &next, "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    office.run(&format!("hold {SLOT} --seats D-14-2")).done();
    let change: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(
        (&change["type"], &change["data"]["kind"]),
        (&"change".into(), &"booking.held".into())
    );
    assert!(change["data"]["booking"].get("token").is_none());
    // The reader goes away; the next change ends the follower, as any read.
    drop(lines);
    office.run(&format!("hold {SLOT} --seats D-14-3")).done();
    assert_eq!(follower.wait().unwrap().code(), Some(0));
}

#[test]
fn call_answers_as_the_command_does() {
    let office = Office::with_season();
    let call = |name: &str, request: &str| {
        std::fs::write(office.path("request.json"), request).unwrap();
        office.run(&format!("call {name} --input request.json --json"))
    };
    let slot = format!("{{\"slot\":\"{SLOT}\"}}");
    let shown = call("slot_show", &slot).done().data("slot");
    assert_eq!(shown, office.run(&format!("slot show {SLOT} --json")).done().data("slot"));
    let listed = call("event_list", r#"{"limit":1}"#).done().data("event_list");
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert!(listed["next"].is_string());
    let sold = format!("{{\"slot\":\"{SLOT}\",\"seats\":[\"D-14-1\"],\"idempotency_key\":\"k1\"}}");
    assert_eq!(call("sell", &sold).done().data("booking")["state"], "confirmed");
    let public = format!("call house --role public --input {}", "request.json");
    let house = format!("{{\"slot\":\"{SLOT}\",\"seats\":[\"D-14-2\"],\"kind\":\"kill\"}}");
    std::fs::write(office.path("request.json"), house).unwrap();
    office.run(&format!("{public} --json")).error(1, "refused", "forbidden");
    let mut command = office.command(["call", "event_list", "--input", "-"]);
    let request = std::fs::File::open(office.path("request.json")).unwrap();
    Ran::of(command.arg("--json").stdin(request)).error(2, "invalid", "argument");
}

#[test]
fn the_schema_names_every_verb_and_code() {
    let office = Office::empty();
    let schema = office.run("schema --json").done().data("schema");
    for verb in ["hold", "sell", "slot_show", "feed", "sweep"] {
        assert!(schema["verbs"].get(verb).is_some(), "{verb}");
    }
    let text = office.run("schema").done().stdout;
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), schema);
}

#[test]
fn a_bench_tells_its_figures_and_leaves_nothing() {
    let office = Office::empty();
    let line =
        "bench --callers 4 --seconds 1 --quantity 1 --verb hold_confirm --capacity 50 --json";
    let bench = office.run(line).done().data("bench");
    assert_eq!((&bench["callers"], &bench["offered"]), (&4.into(), &50.into()));
    assert_eq!((&bench["oversold"], &bench["synchronous"]), (&0.into(), &"full".into()));
    assert_eq!(office.contents(), []);
    let two = office.run("bench --callers 4 --processes 2 --seconds 1 --json").done();
    assert_eq!(two.data("bench")["processes"], 2);
    office.run("bench --verb steal --json").error(2, "invalid", "argument");
    office.run("bench --processes 65 --json").error(2, "invalid", "argument");
}

#[test]
fn the_demo_sells_exactly_the_last_places() {
    let office = Office::empty();
    let bench = office.run("demo --json").done().data("bench");
    assert_eq!((&bench["offered"], &bench["sold"]), (&10.into(), &10.into()));
    assert_eq!(bench["oversold"], 0);
    office.run("doctor").done();
    office.run("demo --json").error(3, "storage", "target_exists");
}

#[test]
fn events_and_slots_are_found_by_words_places_and_room() {
    let office = Office::with_season();
    let slugs = |line: &str| -> Vec<String> {
        let items = walk(&office, line);
        items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
    };
    let (season, finale) = ("heimspiele-2027-28".to_owned(), "open-air-finale".to_owned());
    for (line, found) in [
        ("event search riethsport", vec![season.clone(), finale.clone()]),
        ("event search ERFÜRT --kind match", vec![season.clone()]),
        ("event list --text final", vec![finale.clone()]),
        ("event search erfurt --hall riethsporthalle/vorplatz", vec![finale.clone()]),
        ("event list --venue riethsporthalle --state draft", vec![]),
        ("event list --until 2028-01-01T00:00 --free 1500", vec![season.clone()]),
        ("event search muenchen", vec![]),
    ] {
        assert_eq!(slugs(line), found, "{line}");
    }
    office.run(&format!("sell {SLOT} --area Stehplatz --quantity 2")).done();
    let next = |more: &str| {
        let line = format!("slot next --from 2027-12-26 --quantity {more} --json");
        office.run(&line).done().data("slot")["local"].as_str().unwrap()[..10].to_owned()
    };
    assert_eq!(next("1498"), "2027-12-26");
    assert_ne!(next("1499"), "2027-12-26");
    assert_ne!(next("247 --area Stehplatz"), "2027-12-26");
    let shown = office.run("slot next --quantity 2 --event heimspiele-2027-28").done().stdout;
    assert!(shown.contains("CAPACITY") && shown.starts_with("slot "), "{shown}");
    let error = office.run("slot next --quantity 1501 --kind match --json").error(
        1,
        "refused",
        "not_found",
    );
    assert_eq!(error["details"]["kind"], "slot");
    let error =
        office.run("slot next --quantity 1 --area Mond --json").error(1, "refused", "not_found");
    assert_eq!(error["details"]["kind"], "area");
    let call = |name: &str, request: &str| {
        std::fs::write(office.path("request.json"), request).unwrap();
        office.run(&format!("call {name} --input request.json --json")).done()
    };
    let called = call("event_search", r#"{"text": "riethsport", "kind": "MATCH"}"#);
    assert_eq!(called.data("event_search")["items"][0]["slug"], season.as_str());
    let called = call("slot_next", r#"{"quantity": 2, "text": "final"}"#);
    assert_eq!(called.data("slot")["event"], finale.as_str());
}

#[test]
fn a_filter_that_is_none_is_named() {
    let office = Office::with_season();
    for line in [
        "event search !?",
        "event search",
        "event list --state over",
        "event list --free 0",
        "event list --from tomorrow",
        "slot list --free -1",
        "slot list --from 2027-02-30",
        "slot next --quantity 0",
        "slot next",
    ] {
        assert_eq!(office.run(&format!("{line} --json")).code, 2, "{line}");
    }
    let long = "a".repeat(2_001);
    assert_eq!(office.run(&format!("event search {long} --json")).code, 2);
    for (line, kind) in [
        ("event list --venue nowhere", "venue"),
        ("slot list --venue nowhere", "venue"),
        ("event search x --hall riethsporthalle/attic", "hall"),
        ("slot next --quantity 1 --event nowhere", "event"),
    ] {
        let error = office.run(&format!("{line} --json")).error(1, "refused", "not_found");
        assert_eq!(error["details"]["kind"], kind, "{line}");
    }
    let next = office.run("event search e --limit 1 --json").done().objects().pop().unwrap();
    let next = next["data"]["next"].as_str().unwrap().to_owned();
    office.run(&format!("event search h --after {next} --json")).error(2, "invalid", "bad_cursor");
    office.run(&format!("event list --text e --after {next} --json")).error(
        2,
        "invalid",
        "bad_cursor",
    );
    office.run(&format!("event search e --after {next} --limit 5 --json")).done();
}

#[test]
fn a_table_says_when_the_sale_begins_on_the_clock_there() {
    let office = Office::empty();
    office.run("init --test-clock --now 2026-10-01T10:00:00Z").done();
    office.run(&format!("import {SEASON}")).done();
    let table = office.run("slot list --event heimspiele-2027-28 --limit 2").done().stdout;
    let mut lines = table.lines();
    assert!(lines.next().unwrap().ends_with("ON SALE FROM"), "{table}");
    assert!(lines.next().unwrap().contains("not_on_sale"), "{table}");
}

#[test]
fn a_follower_with_a_limit_ends_when_it_is_reached() {
    let office = Office::with_season();
    for seat in ["D-14-1", "D-14-2", "D-14-3"] {
        office.run(&format!("sell {SLOT} --seats {seat}")).done();
    }
    let ran = office.run("feed --follow --limit 2 --json").done();
    assert_eq!(ran.objects().len(), 2, "{ran:?}");
}
