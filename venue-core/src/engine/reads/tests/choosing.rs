//! Claims about what lists choose: by place, kind, tag, text, time and room.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::rig::{Rig, caller, office, places, query, seats};
use crate::domain::caller::{Caller, Role};
use crate::domain::instant::Span;
use crate::domain::request::HouseKind;
use crate::store::queries::fixtures;

fn items(rig: &Rig, caller: &Caller, name: &str, members: Value) -> Vec<Value> {
    let answer = rig.ask(caller, &query(name, members)).unwrap();
    answer.to_json()["data"]["items"].as_array().unwrap().clone()
}

fn slugs(rig: &Rig, caller: &Caller, name: &str, members: Value) -> Vec<String> {
    let found = items(rig, caller, name, members);
    found.iter().map(|event| event["slug"].as_str().unwrap().to_owned()).collect()
}

/// The numbers of the catalogue's slots.
fn slots(rig: &Rig, caller: &Caller, members: Value) -> Vec<u8> {
    let found = items(rig, caller, "slot_list", members);
    let number = |slot: &Value| {
        (1..=7).find(|n| json!(fixtures::slot(*n)) == slot["id"]).expect("a slot of the catalogue")
    };
    found.iter().map(number).collect()
}

fn code(rig: &Rig, name: &str, members: Value) -> &'static str {
    rig.ask(&office(1), &query(name, members)).map_or_else(|error| error.code(), |_| "done")
}

#[test]
fn events_are_chosen_by_what_they_are_and_where() {
    let rig = Rig::new();
    let all = ["match", "secret"];
    for (members, found) in [
        (json!({}), &all[..]),
        (json!({"venue": "venue-one"}), &all),
        (json!({"hall": "venue-one/hall"}), &all),
        (json!({"kind": "MATCH"}), &all),
        (json!({"kind": "mat"}), &[]),
        (json!({"tag": "X"}), &all),
        (json!({"tag": "y"}), &[]),
        (json!({"text": "erf"}), &all),
        (json!({"text": "ERFÜRT t"}), &all),
        (json!({"text": "erfurt berlin"}), &[]),
        (json!({"text": "f"}), &all),
        (json!({"state": "published"}), &all[..1]),
        (json!({"state": "draft", "text": "erfurt"}), &all[1..]),
        (json!({"state": "cancelled"}), &[]),
        (json!({"from": "2027-09-09"}), &all[1..]),
        (json!({"until": "2027-09-08"}), &all[..1]),
        (json!({"from": "2027-09-04T14:00", "until": "2027-09-04T14:00"}), &all[..1]),
        (json!({"from": "2027-09-04T14:01", "until": "2027-09-05T13:59"}), &[]),
        (json!({"free": 14}), &all[..1]),
        (json!({"free": 15}), &[]),
        (
            json!({"from": "2027-09-05", "until": "2027-09-06", "free": 1, "kind": "match"}),
            &all[..1],
        ),
    ] {
        assert_eq!(slugs(&rig, &office(1), "event_list", members.clone()), found, "{members}");
    }
    let searched = json!({"text": "erfurt"});
    assert_eq!(slugs(&rig, &office(1), "event_search", searched.clone()), all);
    // The public sees what is published, of its organizer.
    let public = caller(Role::Public, "p");
    assert_eq!(slugs(&rig, &public, "event_search", searched.clone()), ["match"]);
    assert_eq!(slugs(&rig, &public, "event_list", json!({"state": "draft"})), [""; 0]);
    assert_eq!(slugs(&rig, &office(7), "event_search", searched), ["other"]);
}

#[test]
fn slots_are_chosen_by_their_events_and_by_their_room() {
    let mut rig = Rig::new();
    for (members, found) in [
        (json!({"kind": "match", "limit": 2}), &[1, 2][..]),
        (json!({"text": "erfurt x"}), &[1, 2, 3, 4, 5, 6]),
        (json!({"text": "berlin"}), &[]),
        (json!({"venue": "venue-one", "from": "2027-09-07"}), &[4, 5, 6]),
        (json!({"hall": "venue-one/hall", "until": "2027-09-04T14:00"}), &[1]),
        (json!({"hall": "venue-one/hall", "until": "2027-09-04T13:59:59"}), &[]),
        (json!({"event": "match", "tag": "x", "from": "2027-09-08"}), &[5]),
        (json!({"event": "match", "tag": "y"}), &[]),
        (json!({"free": 14}), &[1, 2, 3, 4, 5]),
        (json!({"free": 15}), &[]),
    ] {
        assert_eq!(slots(&rig, &office(1), members.clone()), found, "{members}");
    }
    let _ = rig.sell(2, places(1), None);
    let _ = rig.sell(3, seats(&["g-0"]), None);
    rig.withhold(4, seats(&["g-1"]), HouseKind::Hold);
    assert_eq!(slots(&rig, &office(1), json!({"free": 14})), [1, 5]);
    // The public's sale ends an hour before the start, staff's with the slot.
    rig.now = fixtures::first_start();
    let public = caller(Role::Public, "p");
    assert_eq!(slots(&rig, &office(1), json!({"free": 13})), [1, 2, 3, 4, 5]);
    assert_eq!(slots(&rig, &public, json!({"free": 13})), [2, 3, 4, 5]);
}

#[test]
fn names_that_lead_nowhere_and_numbers_that_are_none_are_refused() {
    let rig = Rig::new();
    for (name, members, answer) in [
        ("event_list", json!({"venue": "nowhere"}), "not_found"),
        ("event_list", json!({"venue": "venue-two"}), "not_found"),
        ("event_list", json!({"hall": "venue-one/attic"}), "not_found"),
        ("event_list", json!({"free": 0}), "argument"),
        ("event_search", json!({}), "argument"),
        ("slot_list", json!({"venue": "nowhere"}), "not_found"),
        ("slot_list", json!({"event": "nothing"}), "not_found"),
        ("slot_list", json!({"free": 0}), "argument"),
        ("slot_next", json!({"quantity": 0}), "argument"),
        ("slot_next", json!({"quantity": 15}), "not_found"),
        ("slot_next", json!({"quantity": 1, "event": "nothing"}), "not_found"),
        ("slot_next", json!({"quantity": 1, "area": "Moon"}), "not_found"),
        ("slot_next", json!({"quantity": 1, "category": "gold"}), "not_found"),
    ] {
        assert_eq!(code(&rig, name, members.clone()), answer, "{name} {members}");
    }
    for wrong in
        [json!({"text": ""}), json!({"text": "!?"}), json!({"text": "a\u{1}"}), json!({"kind": ""})]
    {
        let parsed = serde_json::from_value::<crate::domain::query::EventList>(wrong.clone());
        assert!(parsed.is_err(), "{wrong}");
    }
}

#[test]
fn the_next_slot_is_the_first_with_room_for_this_caller() {
    let mut rig = Rig::new();
    let next = |rig: &Rig, caller: &Caller, members: Value| {
        let answer = rig.ask(caller, &query("slot_next", members)).map_err(|error| error.code())?;
        let data = answer.to_json()["data"].take();
        Ok::<_, &str>((1..=6).find(|n| json!(fixtures::slot(*n)) == data["id"]).unwrap())
    };
    let _ = rig.sell(1, places(9), None);
    let _ = rig.sell(2, seats(&["g-0", "g-1"]), None);
    let hold = rig.hold(3, places(10), None);
    let (till, public) = (office(1), caller(Role::Public, "p"));
    for (members, found) in [
        (json!({"quantity": 5}), 1),
        (json!({"quantity": 6}), 2),
        (json!({"quantity": 13}), 4),
        (json!({"quantity": 1, "category": "one"}), 1),
        (json!({"quantity": 2, "area": "Stand"}), 2),
        (json!({"quantity": 2, "category": "one", "from": "2027-09-05"}), 3),
        (json!({"quantity": 1, "area": "Stand", "from": "2027-09-06"}), 4),
        (json!({"quantity": 1, "category": "stand", "from": "2027-09-06"}), 4),
        (
            json!({"quantity": 1, "text": "erfurt", "from": "2027-09-07T14:00", "hall": "venue-one/hall"}),
            4,
        ),
    ] {
        assert_eq!(next(&rig, &till, members.clone()), Ok(found), "{members}");
        assert_eq!(next(&rig, &public, members.clone()), Ok(found), "{members}");
    }
    // Seats and an area's places are no category together.
    assert_eq!(next(&rig, &till, json!({"quantity": 3, "category": "one"})), Err("not_found"));
    // At its end a hold is gone, swept or not.
    rig.now = hold.expires_at.unwrap();
    let of_area = json!({"quantity": 1, "area": "Stand", "from": "2027-09-06"});
    assert_eq!(next(&rig, &till, of_area), Ok(3));
    // A slot that has started is none of the next ones, unless one says so; staff may still sell it.
    rig.now = fixtures::first_start().plus(Span::from_mins(1));
    assert_eq!(next(&rig, &till, json!({"quantity": 1})), Ok(2));
    assert_eq!(next(&rig, &till, json!({"quantity": 1, "from": "2027-09-04"})), Ok(1));
    assert_eq!(next(&rig, &public, json!({"quantity": 1, "from": "2027-09-04"})), Ok(2));
}

#[test]
fn many_events_are_walked_side_by_side_or_by_their_slots() {
    let mut rig = Rig::new();
    // Enough that no index leads to few.
    rig.with_events(1_100);
    let by_text = slugs(&rig, &office(1), "event_list", json!({"text": "many", "limit": 3}));
    assert_eq!(by_text, ["many-0000", "many-0001", "many-0002"]);
    let one = slugs(&rig, &office(1), "event_search", json!({"text": "number 0077"}));
    assert_eq!(one, ["many-0077"]);
    let found = items(&rig, &office(1), "slot_list", json!({"tag": "many", "limit": 1000}));
    assert_eq!(found.len(), 1_000);
    let starts: Vec<&str> = found.iter().map(|it| it["starts_at"].as_str().unwrap()).collect();
    assert!(starts.is_sorted());
    let few = items(&rig, &office(1), "slot_list", json!({"text": "number 05", "limit": 1000}));
    let starts: Vec<&str> = few.iter().map(|it| it["starts_at"].as_str().unwrap()).collect();
    let with_05 = (0..1_100).filter(|n| format!("{n:04}").contains("05")).count();
    assert_eq!(few.len(), with_05);
    assert!(starts.is_sorted());
}

/// What happens between two pages.
#[derive(Debug, Clone)]
enum Between {
    Sold(u8, u32),
    SlotMade(i64),
    EventMade(u16),
    EventDeleted,
    Waited(i64),
}

fn between() -> impl Strategy<Value = Between> {
    prop_oneof![
        (1..=5_u8, 1..3_u32).prop_map(|(slot, units)| Between::Sold(slot, units)),
        (0..6_i64).prop_map(Between::SlotMade),
        (0..2_000_u16).prop_map(Between::EventMade),
        Just(Between::EventDeleted),
        (0..30_i64).prop_map(Between::Waited),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn free_units_are_those_that_the_slot_shows(
        acts in proptest::collection::vec((1..=5_u8, 0..4_u8, 1..4_u32), 1..12),
        minutes in proptest::collection::vec(0..4_i64, 12),
        asked in 1..15_u32,
    ) {
        let mut rig = Rig::new();
        for ((slot, act, units), minutes) in acts.into_iter().zip(minutes) {
            let room = items(&rig, &office(1), "slot_list", json!({"event": "match"}));
            let free = room[usize::from(slot) - 1]["areas"][0]["free"].as_u64().unwrap();
            if u64::from(units) <= free {
                match act {
                    0 => { let _ = rig.sell(slot, places(units), None); }
                    1 => rig.withhold(slot, places(units), HouseKind::Kill),
                    _ => { let _ = rig.hold(slot, places(units), None); }
                }
            }
            rig.now = rig.now.plus(Span::from_mins(minutes));
        }
        let shown = items(&rig, &office(1), "slot_list", json!({"event": "match"}));
        let expected: Vec<&Value> =
            shown.iter().filter(|it| it["free"].as_u64().unwrap() >= u64::from(asked)).collect();
        let listed = items(&rig, &office(1), "slot_list", json!({"free": asked}));
        prop_assert_eq!(listed.iter().collect::<Vec<_>>(), expected.clone());
        let in_area = |it: &&Value| it["areas"][0]["free"].as_u64().unwrap() >= u64::from(asked);
        let first = shown.iter().find(in_area).map(|it| it["id"].clone());
        let next = query("slot_next", json!({"quantity": asked, "category": "stand"}));
        let next = rig.ask(&office(1), &next).ok().map(|it| it.to_json()["data"]["id"].clone());
        prop_assert_eq!(next, first);
        let events = slugs(&rig, &office(1), "event_list", json!({"free": asked}));
        prop_assert_eq!(events.is_empty(), expected.is_empty());
    }

    #[test]
    fn pages_neither_repeat_nor_skip_whatever_is_written_between_them(
        acts in proptest::collection::vec(between(), 0..12),
        limit in 1..4_usize,
        which in 0..5_usize,
    ) {
        let (name, members) = [
            ("slot_list", json!({})),
            ("slot_list", json!({"text": "erfurt"})),
            ("slot_list", json!({"free": 1, "tag": "x"})),
            ("event_list", json!({})),
            ("event_search", json!({"text": "t"})),
        ][which].clone();
        let mut rig = Rig::new();
        rig.with_events(6);
        let before = items(&rig, &office(1), name, members.clone());
        let (mut seen, mut after, mut acts) = (Vec::new(), Value::Null, acts.into_iter());
        loop {
            let mut page = members.clone();
            page["limit"] = json!(limit);
            if !after.is_null() {
                page["after"] = after;
            }
            let mut data = rig.see(&query(name, page)).to_json()["data"].take();
            let items = data["items"].as_array().unwrap();
            prop_assert!(items.len() <= limit);
            seen.extend(items.iter().map(|it| it["id"].clone()));
            after = data["next"].take();
            if after.is_null() {
                break;
            }
            for act in acts.by_ref().take(2) {
                happen(&mut rig, &act);
            }
        }
        let mut sorted: Vec<String> = seen.iter().map(Value::to_string).collect();
        sorted.sort_unstable();
        sorted.dedup();
        prop_assert_eq!(sorted.len(), seen.len(), "something came twice");
        let there = items(&rig, &office(1), name, members);
        for it in before.iter().filter(|it| there.iter().any(|other| other["id"] == it["id"])) {
            prop_assert!(seen.contains(&it["id"]), "{} was left out", it);
        }
    }
}

fn happen(rig: &mut Rig, act: &Between) {
    match act {
        Between::Sold(slot, units) => {
            let room = items(rig, &office(1), "slot_list", json!({"event": "match"}));
            if room[usize::from(*slot) - 1]["areas"][0]["free"].as_u64().unwrap()
                >= u64::from(*units)
            {
                let _ = rig.sell(*slot, places(*units), None);
            }
        }
        Between::SlotMade(days) => rig.make_slot(*days),
        Between::EventMade(n) => rig.make_event(*n),
        Between::EventDeleted => rig.delete_event(3),
        Between::Waited(minutes) => rig.now = rig.now.plus(Span::from_mins(*minutes)),
    }
}
