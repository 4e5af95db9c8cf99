//! Who sees what.

use serde_json::{Value, json};

use super::rig::{Rig, caller, office, places, query, seats};
use crate::domain::caller::{Caller, Role};
use crate::domain::query::Query;
use crate::store::queries::fixtures;

fn code(rig: &Rig, caller: &Caller, query: &Query) -> &'static str {
    rig.ask(caller, query).map_or_else(|error| error.code(), |_| "done")
}

fn items(rig: &Rig, caller: &Caller, query: &Query) -> Vec<Value> {
    let answer = rig.ask(caller, query).unwrap().to_json();
    answer["data"]["items"].as_array().unwrap().clone()
}

#[test]
fn what_belongs_to_another_organizer_does_not_exist() {
    let mut rig = Rig::new();
    let booking = rig.sell(1, seats(&["g-0"]), Some("b-1"));
    let ticket = booking.tickets[0].clone();
    let slot = fixtures::slot(1);
    for (name, members) in [
        ("venue_show", json!({"venue": "venue-one"})),
        ("hall_show", json!({"hall": "venue-one/hall"})),
        ("plan_show", json!({"hall": "venue-one/hall"})),
        ("plan_list", json!({"hall": "venue-one/hall"})),
        ("event_show", json!({"event": "match"})),
        ("slot_show", json!({"slot": slot})),
        ("slot_show", json!({"slot": "match@2027-09-04T14:00"})),
        ("slot_map", json!({"slot": slot})),
        ("slot_list", json!({"event": "match"})),
        ("slot_list", json!({"hall": "venue-one/hall"})),
        ("booking_show", json!({"booking": booking.id})),
        ("booking_show", json!({"booking": booking.reference})),
        ("booking_list", json!({"slot": slot})),
        ("ticket_show", json!({"ticket": ticket.id})),
        ("ticket_show", json!({"ticket": ticket.number})),
        ("ticket_list", json!({"booking": booking.id})),
        ("ticket_list", json!({"slot": slot})),
        ("feed", json!({"slot": slot})),
        ("feed", json!({"event": "match"})),
    ] {
        let query = query(name, members);
        assert_eq!(code(&rig, &office(7), &query), "not_found", "{query:?}");
        assert_eq!(code(&rig, &office(1), &query), "done", "{query:?}");
    }
    for name in ["venue_list", "hall_list", "event_list", "slot_list"] {
        let found = items(&rig, &office(7), &query(name, json!({})));
        assert_eq!(found.len(), 1, "{name}");
    }
    for name in ["plan_list", "booking_list", "feed"] {
        assert!(items(&rig, &office(7), &query(name, json!({}))).is_empty(), "{name}");
    }
    assert!(items(&rig, &office(7), &query("booking_list", json!({"buyer": "b-1"}))).is_empty());
    let nobody = Caller::local();
    assert_eq!(code(&rig, &nobody, &query("event_list", json!({}))), "organizer_needed");
    let unknown = Caller::local().organizer("three".parse().unwrap());
    assert_eq!(code(&rig, &unknown, &query("event_list", json!({}))), "not_found");
}

#[test]
fn drafts_are_for_staff() {
    let rig = Rig::new();
    let slot = fixtures::slot(6);
    for (name, members) in [
        ("event_show", json!({"event": "secret"})),
        ("slot_show", json!({"slot": slot})),
        ("slot_show", json!({"slot": "secret@2027-09-09T14:00"})),
        ("slot_map", json!({"slot": slot})),
        ("slot_list", json!({"event": "secret"})),
    ] {
        let query = query(name, members);
        for (role, answer) in [
            (Role::Public, "not_found"),
            (Role::Customer, "not_found"),
            (Role::Terminal, "done"),
            (Role::Organizer, "done"),
            (Role::Admin, "done"),
        ] {
            assert_eq!(code(&rig, &caller(role, "c"), &query), answer, "{query:?} as {role:?}");
        }
    }
    for (name, all) in [("event_list", 2), ("slot_list", 6)] {
        let query = query(name, json!({}));
        assert_eq!(items(&rig, &caller(Role::Public, "c"), &query).len(), all - 1, "{name}");
        assert_eq!(items(&rig, &caller(Role::Terminal, "c"), &query).len(), all, "{name}");
    }
}

#[test]
fn a_customer_sees_own_bookings_alone() {
    let mut rig = Rig::new();
    let own = rig.sell(1, seats(&["g-0"]), Some("ann"));
    let others = rig.sell(1, places(2), Some("bob"));
    let ann = caller(Role::Customer, "ann");
    let slot = fixtures::slot(1);
    let of = |booking: &crate::domain::booking::BookingView| {
        [
            query("booking_show", json!({"booking": booking.reference})),
            query("ticket_show", json!({"ticket": booking.tickets[0].number})),
            query("ticket_list", json!({"booking": booking.id})),
        ]
    };
    for query in of(&own) {
        assert_eq!(code(&rig, &ann, &query), "done", "{query:?}");
    }
    for query in of(&others) {
        assert_eq!(code(&rig, &ann, &query), "not_found", "{query:?}");
    }
    for (name, members) in [
        ("booking_list", json!({})),
        ("booking_list", json!({"buyer": "ann"})),
        ("booking_list", json!({"slot": slot})),
        ("ticket_list", json!({"slot": slot})),
    ] {
        assert_eq!(items(&rig, &ann, &query(name, members)).len(), 1, "{name}");
    }
    let bobs = query("booking_list", json!({"buyer": "bob"}));
    assert_eq!(code(&rig, &ann, &bobs), "forbidden");
    assert_eq!(code(&rig, &ann, &query("feed", json!({}))), "forbidden");
    for query in of(&own).iter().chain([&bobs, &query("feed", json!({}))]) {
        assert_eq!(code(&rig, &caller(Role::Public, "ann"), query), "forbidden", "{query:?}");
    }
    let tickets = items(&rig, &office(1), &query("ticket_list", json!({"slot": slot})));
    assert_eq!(tickets.len(), 3);
    assert_eq!(tickets[0]["label"], "Block-A-1");
    assert_eq!(tickets[2]["area"], "Stand");
    assert_eq!(tickets[2]["number"], format!("{}-02", others.reference));
}

#[test]
fn a_bookings_id_must_be_its_own() {
    let mut rig = Rig::new();
    let booking = rig.sell(1, seats(&["g-0"]), None);
    let mut bytes = booking.id.bytes();
    bytes[15] ^= 1;
    // Another id that carries the same number: a ticket's, for one.
    let other = crate::domain::ids::BookingId::from_bytes(bytes);
    let query = query("booking_show", json!({"booking": other}));
    assert_eq!(code(&rig, &office(1), &query), "not_found");
}
