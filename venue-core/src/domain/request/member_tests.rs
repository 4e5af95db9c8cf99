//! What holds for the members of every request: each has a fingerprint of its own, and is checked.

use serde_json::{Value, json};

use super::*;
use crate::domain::ids::FileId;

macro_rules! reader {
    ($($variant:ident($request:ident) $name:literal,)*) => {
        /// A verb's request as callers write it.
        fn read(name: &str, request: Value) -> Verb {
            match name {
                $($name => Verb::$variant(serde_json::from_value(request).unwrap()),)*
                other => panic!("{other}"),
            }
        }
    };
}
each_verb!(reader);

const SLOT: &str = "m@2027-09-04T19:30";

fn with(mut one: Value, other: &Value) -> Value {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

/// Requests that say everything; those about rules are looked at beside them.
fn requests() -> Vec<(&'static str, Value)> {
    let wanted = json!({"seats": ["a"], "best": 1, "category": "c", "section": "s", "accessible": 1, "area": "A",
        "quantity": 1});
    let terms = json!({"kind": "movie", "title": "M", "description": "D", "tags": ["t"], "hall": "v/h",
        "duration": "2h", "hold": "5m", "max_hold": "10m", "max_units_per_booking": 4,
        "max_units_per_buyer": 6, "on_sale_from": "2027-01-01T10:00", "on_sale_until": "1h",
        "prices": {"A": "1.00"}});
    let booking = json!({"booking": "7Q4ZK2MB"});
    let switch = json!({"event": "e", "expected_version": 7});
    let calling_off = json!({"dry_run": true, "reason": "ill", "expected_version": 7});
    vec![
        ("hold", with(json!({"slot": SLOT, "ttl": "1m", "buyer": "b"}), &wanted)),
        ("sell", with(json!({"slot": SLOT, "payment": "card", "buyer": "b"}), &wanted)),
        ("confirm", with(json!({"payment": "card"}), &booking)),
        ("extend", booking.clone()),
        ("release", booking.clone()),
        ("expire", booking.clone()),
        ("cancel", with(json!({"line": [1], "reason": "ill"}), &booking)),
        ("house", with(json!({"slot": SLOT, "kind": "kill", "lift": true}), &wanted)),
        ("slot_open", json!({"slot": SLOT, "expected_version": 7})),
        ("slot_close", json!({"slot": SLOT, "expected_version": 7})),
        ("slot_cancel", with(json!({"slot": SLOT}), &calling_off)),
        (
            "slot_postpone",
            json!({"slot": SLOT, "to": "2027-09-05T19:30", "dry_run": true, "expected_version": 7}),
        ),
        ("event_create", with(json!({"slug": "e", "state": "published"}), &terms)),
        (
            "event_edit",
            with(json!({"event": "e", "clear": ["duration"], "expected_version": 7}), &terms),
        ),
        ("event_publish", switch.clone()),
        ("event_complete", switch.clone()),
        ("event_delete", switch),
        ("event_cancel", with(json!({"event": "e"}), &calling_off)),
        ("event_clone", json!({"event": "e", "slug": "f", "title": "F", "schedules": true})),
    ]
}

fn prints(verb: &Verb) -> Vec<[u8; 8]> {
    let mut printer = Fingerprinter::new(FileId::from_bytes([0; 16]));
    verb.fingerprint(&mut printer);
    printer.finish().bytes().as_chunks().0.to_vec()
}

/// The same request with something else said by a member, or nothing.
fn otherwise(name: &str, member: &str, request: &Value) -> Value {
    let mut other = request.clone();
    let members = other.as_object_mut().unwrap();
    assert!(members.remove(member).is_some(), "{name} {member}");
    let said = match (name, member) {
        (_, "slot") => json!("other@2027-09-04T19:30"),
        (_, "to") => json!("2027-09-06T19:30"),
        (_, "booking") => json!("01999999-9999-7999-8999-999999999999"),
        (_, "event" | "slug") => json!("other"),
        ("house", "kind") => json!("hold"),
        _ => return other,
    };
    members.insert(member.to_owned(), said);
    other
}

#[test]
fn every_member_has_its_own_fingerprint() {
    for (name, request) in requests() {
        let verb = read(name, request.clone());
        let all = prints(&verb);
        assert_eq!((verb.name(), all.len()), (name, verb.fields().len()));
        for (place, member) in verb.fields().iter().enumerate() {
            let other = prints(&read(name, otherwise(name, member, &request)));
            let differ = (0..all.len()).filter(|at| all[*at] != other[*at]);
            assert_eq!(differ.collect::<Vec<_>>(), [place], "{name} {member}");
        }
    }
}

#[test]
fn what_an_older_program_wrote_of_a_key_is_read_as_it_was_meant() {
    let mut one = Fingerprinter::new(FileId::from_bytes([0; 16]));
    one.number(Some(1));
    let one = one.finish();
    for (name, request) in requests() {
        for (member, said) in [("kind", "kill"), ("state", "published")] {
            if request[member] == said {
                let verb = read(name, request.clone());
                let place = verb.fields().iter().position(|field| *field == member).unwrap();
                assert_eq!(prints(&verb)[place], one.bytes(), "{name} {member}");
            }
        }
    }
}

#[test]
fn only_what_says_so_is_a_dry_run() {
    for (name, request) in requests() {
        let says_so = request["dry_run"] == json!(true);
        assert_eq!(read(name, request.clone()).is_dry_run(), says_so, "{name}");
        if says_so {
            assert!(!read(name, otherwise(name, "dry_run", &request)).is_dry_run(), "{name}");
        }
    }
}

#[test]
fn a_request_is_for_the_buyer_that_it_names() {
    for (name, request) in requests() {
        let verb = read(name, request.clone());
        assert_eq!(verb.buyer().map(Buyer::as_str), request["buyer"].as_str(), "{name}");
    }
}

#[test]
fn a_version_is_expected_from_one_on() {
    let edit = json!({"schedule": "e#1", "starts": "2027-01-01T10:00", "expected_version": 7});
    for (name, request) in requests().into_iter().chain([("schedule_edit", edit)]) {
        if request.get("expected_version").is_none() {
            continue;
        }
        let mut request = request;
        request["clear"] = json!([]);
        if name != "event_edit" {
            request.as_object_mut().unwrap().remove("clear");
        }
        assert_eq!(read(name, request.clone()).validate(), Ok(()), "{name}");
        request["expected_version"] = json!(0);
        match read(name, request).validate() {
            Err(Invalid::Argument { name: blamed, .. }) => assert_eq!(blamed, "expected_version"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn what_is_withheld_is_said_in_one_way() {
    let house = |seats: Value| {
        read("house", json!({"slot": SLOT, "kind": "hold", "seats": seats})).validate()
    };
    assert!(house(json!(["a"])).is_ok() && house(json!([])).is_err());
}

#[test]
fn nobody_gives_the_engines_own_reason() {
    let cancel = |reason: &str| {
        read("cancel", json!({"booking": "7Q4ZK2MB", "reason": reason})).validate().is_ok()
    };
    assert!(cancel("ill") && !cancel(crate::domain::booking_state::SLOT_CANCELLED));
}
