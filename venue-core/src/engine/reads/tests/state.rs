//! State is as of now, and figures add up.

use serde_json::{Value, json};

use super::rig::{Rig, office, places, query, seats};
use crate::domain::instant::Span;
use crate::domain::request::{Expire, HouseKind, Verb};
use crate::store::queries::fixtures;

/// A slot's figures, after proving that they add up: of the slot, of each area, and over the categories.
fn figures(slot: &Value) -> [i64; 6] {
    let number = |of: &Value, name: &str| of[name].as_i64().unwrap_or_else(|| panic!("{of}"));
    let parts = ["sold", "held", "house", "killed", "free"];
    let adds_up = |of: &Value| {
        let sum: i64 = parts.iter().map(|name| number(of, name)).sum();
        assert_eq!(number(of, "capacity"), sum, "{of}");
    };
    adds_up(slot);
    slot["areas"].as_array().unwrap().iter().for_each(adds_up);
    for name in ["capacity", "free"] {
        let categories = slot["categories"].as_array().unwrap();
        let sum: i64 = categories.iter().map(|category| number(category, name)).sum();
        assert_eq!(number(slot, name), sum, "{slot}");
    }
    ["capacity", "sold", "held", "house", "killed", "free"].map(|name| number(slot, name))
}

/// The figures of the first slot, the same in every reply.
fn first_slot(rig: &Rig) -> [i64; 6] {
    let id = fixtures::slot(1).to_string();
    let shown = rig.see(&query("slot_show", json!({"slot": id}))).to_json();
    let local = rig.see(&query("slot_show", json!({"slot": "match@2027-09-04T14:00"}))).to_json();
    assert_eq!(shown, local);
    let listed = rig.see(&query("slot_list", json!({"event": "match"}))).to_json();
    assert_eq!(listed["data"]["items"][0], shown["data"]);
    let map = rig.see(&query("slot_map", json!({"slot": id}))).to_json();
    let figures = figures(&shown["data"]);
    assert_eq!(self::figures(&map["data"]), figures);
    // Seat by seat the map says what the counters say.
    let stand = &shown["data"]["areas"][0];
    for (name, all) in [("sold", 1), ("held", 2), ("house", 3), ("killed", 4), ("free", 5)] {
        let of_seats = map["data"]["seats"].as_array().unwrap();
        let of_seats = of_seats.iter().filter(|seat| seat["state"] == name).count();
        let of_seats = i64::try_from(of_seats).unwrap();
        assert_eq!(of_seats + stand[name].as_i64().unwrap(), figures[all], "{name}");
    }
    figures
}

#[test]
fn figures_add_up_at_every_instant() {
    let mut rig = Rig::new();
    assert_eq!(first_slot(&rig), [14, 0, 0, 0, 0, 14]);
    let _ = rig.hold(1, seats(&["g-0", "g-2"]), None);
    let _ = rig.hold(1, places(3), None);
    let _ = rig.sell(1, seats(&["g-1"]), None);
    let _ = rig.sell(1, places(2), None);
    rig.withhold(1, seats(&["g-3"]), HouseKind::Kill);
    rig.withhold(1, places(1), HouseKind::Hold);
    assert_eq!(first_slot(&rig), [14, 3, 5, 1, 1, 4]);
    // One microsecond before the end, at the end, and after somebody has written it down.
    rig.now = rig.now.plus(Span::from_micros(299_999_999));
    assert_eq!(first_slot(&rig), [14, 3, 5, 1, 1, 4]);
    rig.now = rig.now.plus(Span::from_micros(1));
    assert_eq!(first_slot(&rig), [14, 3, 0, 1, 1, 9]);
    let _ = rig.hold(1, places(1), None);
    assert_eq!(first_slot(&rig), [14, 3, 1, 1, 1, 8]);
}

#[test]
fn categories_have_prices_and_stand_in_the_plans_order() {
    let rig = Rig::new();
    let id = fixtures::slot(1).to_string();
    let slot = rig.see(&query("slot_show", json!({"slot": id}))).to_json()["data"].take();
    assert_eq!(
        slot["categories"],
        json!([
            {"category": "one", "price": {"minor": 1000, "currency": "EUR"}, "capacity": 2, "free": 2},
            {"category": "two", "price": {"minor": 2000, "currency": "EUR"}, "capacity": 2, "free": 2},
            {"category": "stand", "price": {"minor": 500, "currency": "EUR"}, "capacity": 10, "free": 10},
        ])
    );
    assert_eq!(slot["hall"], "venue-one/hall");
    assert_eq!(slot["local"], "2027-09-04T14:00:00+02:00[Europe/Berlin]");
    assert_eq!(slot["state"], "open");
}

#[test]
fn a_due_hold_reads_expired_whether_or_not_it_was_written_down() {
    let mut rig = Rig::new();
    let hold = rig.hold(1, seats(&["g-0"]), Some("b-1"));
    let end = rig.now.plus(Span::from_mins(5));
    let show = query("booking_show", json!({"booking": hold.id}));
    let list = |state: &str| query("booking_list", json!({"state": state}));
    let count = |rig: &Rig, state: &str| {
        rig.see(&list(state)).to_json()["data"]["items"].as_array().unwrap().len()
    };
    assert_eq!((count(&rig, "held"), count(&rig, "expired")), (1, 0));
    rig.now = end;
    let before = rig.see(&show).to_json();
    assert_eq!(before["data"]["state"], "expired");
    assert_eq!(before["data"]["ended_at"], json!(end));
    assert_eq!((count(&rig, "held"), count(&rig, "expired")), (0, 1));
    let booking = hold.id.into();
    rig.act(&office(1), Verb::Expire(Expire { booking }));
    assert_eq!(rig.see(&show).to_json(), before);
    assert_eq!((count(&rig, "held"), count(&rig, "expired")), (0, 1));
}

#[test]
fn slots_are_listed_by_state_hall_and_days() {
    let mut rig = Rig::new();
    let ids = |rig: &Rig, members: Value| -> Vec<u8> {
        let answer = rig.see(&query("slot_list", members)).to_json();
        let items = answer["data"]["items"].as_array().unwrap().clone();
        let place = |item: &Value| {
            (1..=9).find(|n| item["id"] == json!(fixtures::slot(*n))).unwrap_or_default()
        };
        items.iter().map(place).collect()
    };
    assert_eq!(ids(&rig, json!({})), [1, 2, 3, 4, 5, 6]);
    assert_eq!(ids(&rig, json!({"hall": "venue-one/hall", "event": "secret"})), [6]);
    assert_eq!(ids(&rig, json!({"from": "2027-09-05", "until": "2027-09-06"})), [2, 3]);
    let bounds = json!({"from": "2027-09-05T12:00:00Z", "until": "2027-09-06T14:00:00+02:00"});
    assert_eq!(ids(&rig, bounds), [2, 3]);
    // Both ends of 5 September in Berlin, where all venues are, are two hours before those in UTC.
    let late = vec![
        crate::store::boundary::Value::Id([0x59; 16]),
        crate::store::boundary::Value::Text("late".into()),
        crate::store::boundary::Value::Int(
            "2027-09-04T22:30:00Z".parse::<crate::domain::instant::Instant>().unwrap().micros(),
        ),
        crate::store::boundary::Value::Id(fixtures::slot(1).bytes()),
    ];
    rig.exec(fixtures::add_slot(), late);
    let day = |more: &str| match more {
        "" => json!({"from": "2027-09-05", "until": "2027-09-05"}),
        event => json!({"from": "2027-09-05", "until": "2027-09-05", "event": event}),
    };
    assert_eq!(ids(&rig, day("")), [9, 2]);
    assert_eq!(ids(&rig, day("match")), [9, 2]);
    rig.now = fixtures::first_start().plus(Span::from_hours(24));
    assert_eq!(ids(&rig, json!({"state": "over"})), [1, 9]);
    assert_eq!(ids(&rig, json!({"state": "open"})), [3, 4, 5]);
    assert_eq!(ids(&rig, json!({"state": "not_on_sale"})), [2, 6]);
}

#[test]
fn the_catalogue_is_shown_with_all_that_is_known() {
    let rig = Rig::new();
    let data = |name: &str, members: Value| rig.see(&query(name, members)).to_json()["data"].take();
    let hall = data("hall_show", json!({"hall": "venue-one/hall"}));
    assert_eq!(hall["capacity"], 14);
    assert_eq!(hall["seats"][1], json!({"category": "two", "seats": 2}));
    assert_eq!(hall["areas"], json!([{"name": "Stand", "capacity": 10, "category": "stand"}]));
    assert_eq!(hall["plan_version"], 1);
    let plan = data("plan_show", json!({"hall": "venue-one/hall", "version": 1}));
    assert_eq!(plan["seats"].as_array().unwrap().len(), 4);
    assert_eq!(plan["seats"][3]["accessible"], true);
    assert_eq!(plan["categories"][0]["color"], "#f00");
    assert_eq!(plan["size"]["width_milli"], 100_000);
    assert_eq!(plan["drawings"].as_array().unwrap().len(), 1);
    let event = data("event_show", json!({"event": "secret"}));
    assert_eq!(event["prices"][1]["price"]["minor"], 2_000);
    assert_eq!(event["schedules"][0]["unsupported"], fixtures::UNSUPPORTED);
    assert_eq!(event["on_sale_until"], json!({"before_start": "1h"}));
    assert_eq!(event["tags"], json!(["x"]));
    assert_eq!(data("venue_show", json!({"venue": "venue-one"}))["city"], "Erfurt");
    for (name, members) in [
        ("plan_show", json!({"hall": "venue-one/hall", "version": 2})),
        ("plan_show", json!({"hall": "venue-one/none"})),
        ("event_show", json!({"event": "none"})),
        ("slot_show", json!({"slot": "match@2027-09-04T14:01"})),
    ] {
        let error = rig.ask(&office(1), &query(name, members)).unwrap_err();
        assert_eq!(error.code(), "not_found", "{name}");
    }
}
