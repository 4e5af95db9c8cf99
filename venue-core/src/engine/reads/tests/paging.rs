//! Pages: nothing twice, nothing left out, and cursors only where they were given.

use serde_json::{Value, json};

use super::rig::{Rig, caller, office, places, query, seats};
use crate::domain::caller::{Caller, Role};
use crate::domain::instant::Span;
use crate::store::boundary::Value as Stored;
use crate::store::queries::fixtures;

fn page(rig: &Rig, name: &str, members: &Value) -> (Vec<Value>, Value) {
    let mut data = rig.see(&query(name, members.clone())).to_json()["data"].take();
    let items = data["items"].as_array().unwrap().clone();
    (items, data["next"].take())
}

/// Reads a list in pages, with something happening between them.
fn paged(
    rig: &mut Rig,
    name: &str,
    mut members: Value,
    limit: usize,
    mut between: impl FnMut(&mut Rig),
) -> Vec<Value> {
    let mut all = Vec::new();
    members["limit"] = json!(limit);
    for _ in 0..100 {
        let (items, next) = page(rig, name, &members);
        assert!(items.len() <= limit, "{name}");
        all.extend(items);
        if next.is_null() {
            return all;
        }
        members["after"] = next;
        between(rig);
    }
    panic!("{name} does not end")
}

fn texts(items: &[Value], member: &str) -> Vec<String> {
    items.iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_of_bookings_neither_repeat_nor_skip_while_others_buy() {
    for (name, members, member) in [
        ("booking_list", json!({}), "reference"),
        ("booking_list", json!({"buyer": "ann"}), "reference"),
        ("booking_list", json!({"slot": fixtures::slot(2)}), "reference"),
        ("booking_list", json!({"state": "confirmed"}), "reference"),
        ("ticket_list", json!({"slot": fixtures::slot(2)}), "number"),
    ] {
        let mut rig = Rig::new();
        let first: Vec<_> = (0..5).map(|_| rig.sell(2, places(1), Some("ann"))).collect();
        let mut later = Vec::new();
        let all = paged(&mut rig, name, members, 2, |rig| {
            if later.len() < 3 {
                later.push(rig.sell(2, places(1), Some("ann")));
            }
        });
        let expected: Vec<String> = first
            .iter()
            .chain(&later)
            .map(|booking| match member {
                "number" => booking.tickets[0].number.to_string(),
                _ => booking.reference.to_string(),
            })
            .collect();
        assert_eq!(texts(&all, member), expected, "{name}");
    }
}

#[test]
fn pages_of_slots_neither_repeat_nor_skip_while_slots_are_made() {
    for members in [json!({}), json!({"event": "match"}), json!({"state": "open"})] {
        let mut rig = Rig::new();
        let all = json!({});
        let whole = if members == all { 6 } else { 5 };
        let mut made = 0_u8;
        let found = paged(&mut rig, "slot_list", members, 2, |rig| {
            // One before all that was read, and one at the very start of a slot that may be next.
            for start in [0, i64::from(made)] {
                made += 1;
                let starts_at = fixtures::first_start().plus(Span::from_days(start));
                rig.exec(
                    fixtures::add_slot(),
                    vec![
                        Stored::Id([0x80 + made; 16]),
                        Stored::Text(format!("made-{made}").into()),
                        Stored::Int(starts_at.micros()),
                        Stored::Id(fixtures::slot(1).bytes()),
                    ],
                );
            }
        });
        let ids = texts(&found, "id");
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ids.len(), "a slot came twice");
        let known = (1..=6).filter(|n| ids.contains(&fixtures::slot(*n).to_string())).count();
        assert_eq!(known, whole);
    }
}

#[test]
fn the_last_page_says_so_and_a_full_one_may_be_the_last() {
    let mut rig = Rig::new();
    for (name, member, whole) in [
        ("event_list", "slug", 2),
        ("venue_list", "slug", 1),
        ("hall_list", "slug", 1),
        ("plan_list", "hall", 1),
    ] {
        for limit in [1, 2, 3] {
            let found = paged(&mut rig, name, json!({}), limit, |_| {});
            assert_eq!(texts(&found, member).len(), whole, "{name} by {limit}");
        }
        let (_, next) = page(&rig, name, &json!({"limit": whole}));
        assert!(next.is_null(), "{name}");
    }
    let _ = rig.sell(1, places(3), None);
    let booking = page(&rig, "booking_list", &json!({})).0[0]["id"].clone();
    let found = paged(&mut rig, "ticket_list", json!({"booking": booking}), 1, |_| {});
    assert_eq!(found.len(), 3);
    // A slot's state is looked at row by row: a page may be short, and still go on.
    let found = paged(&mut rig, "slot_list", json!({"state": "cancelled"}), 1, |_| {});
    assert!(found.is_empty());
}

#[test]
fn cursors_are_used_only_where_they_were_given() {
    let mut rig = Rig::new();
    let _ = rig.sell(1, places(1), None);
    let _ = rig.sell(1, places(1), None);
    let next = |name: &str, members: Value| page(&rig, name, &members).1;
    let events = next("event_list", json!({"limit": 1}));
    let slots = next("slot_list", json!({"limit": 1}));
    let of_match = next("slot_list", json!({"limit": 1, "event": "match"}));
    let bookings = next("booking_list", json!({"limit": 1}));
    let feed = next("feed", json!({"limit": 1}));
    let ask = |caller: &Caller, name: &str, members: Value| {
        rig.ask(caller, &query(name, members)).map_or_else(|error| error.code(), |_| "done")
    };
    let own = office(1);
    for (name, members, answer) in [
        ("event_list", json!({"after": events}), "done"),
        // The size of a page may change.
        ("slot_list", json!({"after": slots, "limit": 3}), "done"),
        ("slot_list", json!({"after": of_match, "event": "match"}), "done"),
        // A place in the feed is a place in every view of it.
        ("feed", json!({"after": feed, "event": "match"}), "done"),
        ("slot_list", json!({"after": events}), "bad_cursor"),
        ("slot_list", json!({"after": of_match}), "bad_cursor"),
        ("slot_list", json!({"after": slots, "event": "match"}), "bad_cursor"),
        ("venue_list", json!({"after": events}), "bad_cursor"),
        ("feed", json!({"after": bookings}), "bad_cursor"),
        ("booking_list", json!({"after": feed}), "bad_cursor"),
        ("booking_list", json!({"after": ""}), "bad_cursor"),
        ("booking_list", json!({"after": "0"}), "bad_cursor"),
        ("booking_list", json!({"after": "00000000000000010000000000000001"}), "bad_cursor"),
        ("feed", json!({"after": "é"}), "bad_cursor"),
        ("feed", json!({"limit": 0}), "argument"),
        ("feed", json!({"limit": 1001}), "argument"),
    ] {
        assert_eq!(ask(&own, name, members.clone()), answer, "{name} {members}");
    }
    assert_eq!(ask(&office(7), "event_list", json!({"after": events})), "bad_cursor");
    assert_eq!(ask(&office(7), "feed", json!({"after": feed})), "done");
    rig.exec(fixtures::set_epoch(), vec![Stored::Int(2)]);
    for (name, after) in [("feed", feed), ("event_list", events)] {
        let error = rig.ask(&own, &query(name, json!({"after": after}))).unwrap_err();
        assert_eq!(error.code(), "cursor_epoch", "{name}");
    }
}

#[test]
fn a_cursor_of_a_change_that_is_not_there_was_never_given() {
    let mut rig = Rig::new();
    let before = page(&rig, "feed", &json!({})).1;
    let _ = rig.sell(1, places(1), None);
    let after = page(&rig, "feed", &json!({})).1;
    assert_eq!(page(&rig, "feed", &json!({"after": before})).0.len(), 1);
    // The same file before that sale, as an old copy of it is.
    let copy = Rig::new();
    let error = copy.ask(&office(1), &query("feed", json!({"after": after}))).unwrap_err();
    assert_eq!(error.code(), "bad_cursor");
}

#[test]
fn the_feed_always_goes_on() {
    let mut rig = Rig::new();
    let (items, next) = page(&rig, "feed", &json!({}));
    assert!(items.is_empty() && next.is_string());
    let hold = rig.hold(1, seats(&["g-0"]), Some("ann"));
    let _ = rig.sell(7, places(2), None);
    rig.now = rig.now.plus(Span::from_mins(6));
    let _ = rig.sell(2, places(1), None);
    let _ = rig.sell(1, seats(&["g-0"]), None);
    let (items, next) = page(&rig, "feed", &json!({"after": next}));
    let kinds = texts(&items, "kind");
    let sold = "booking.confirmed";
    assert_eq!(kinds, ["booking.held", sold, "booking.expired", sold]);
    // Another organizer's change leaves a gap.
    let sequences: Vec<_> = items.iter().map(|item| item["sequence"].as_i64().unwrap()).collect();
    assert_eq!(sequences, [1, 3, 4, 5]);
    assert_eq!(items[0]["booking"]["id"], json!(hold.id));
    assert_eq!(items[0]["booking"]["state"], "held");
    assert_eq!(items[0]["event"], "match");
    assert!(items[0]["booking"].get("token").is_none() && items[0].get("due_at").is_none());
    assert_eq!(items[2]["due_at"], json!(hold.expires_at));
    // The cursor of a change goes on after it.
    let rest = page(&rig, "feed", &json!({"after": items[2]["cursor"]})).0;
    assert_eq!(rest, items[3..]);
    // A page on which nothing matched goes on after what was looked at.
    let (none, later) = page(&rig, "feed", &json!({"slot": fixtures::slot(5)}));
    assert!(none.is_empty());
    assert_eq!(later, next);
    let (of_slot, _) = page(&rig, "feed", &json!({"slot": fixtures::slot(2)}));
    assert_eq!(texts(&of_slot, "kind"), [sold]);
    let by_ones = |rig: &Rig| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let members = match &after {
                None => json!({"limit": 1, "event": "match"}),
                Some(after) => json!({"limit": 1, "event": "match", "after": after}),
            };
            let (items, next) = page(rig, "feed", &members);
            if items.is_empty() {
                return all;
            }
            all.extend(items);
            after = Some(next);
        }
    };
    assert_eq!(by_ones(&rig), items);
    let admin = caller(Role::Admin, "root");
    assert!(rig.ask(&admin, &query("feed", json!({}))).is_ok());
}

#[test]
fn a_list_looks_at_so_many_bookings_a_call() {
    let mut rig = Rig::new();
    let booking = rig.sell(1, places(1), None);
    rig.exec(fixtures::set_last_number(), vec![Stored::Int(25_000)]);
    let late = rig.sell(1, places(1), None);
    let found = paged(&mut rig, "booking_list", json!({"state": "confirmed"}), 5, |_| {});
    let references = [booking.reference.to_string(), late.reference.to_string()];
    assert_eq!(texts(&found, "reference"), references);
}
