//! The main job on a real file: who gets what, and what the others are told.

use std::collections::HashSet;

use venue_core::domain::booking_state::StateName;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::{BookingList, Query, SlotShow};
use venue_core::domain::request::{
    Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Payment, Release, Sell, SlotSwitch,
    Wanted,
};
use venue_core::domain::view::Answer;
use venue_core::engine::{Engine, OpenOptions, Request};
use venue_tests::fixture::{Fixture, MATCH, caller, the_match};

fn area(quantity: u32) -> Wanted {
    Wanted::area("Stehplatz".parse().expect("a name"), quantity)
}

fn seats(names: &[&str]) -> Wanted {
    Wanted::seats(names.iter().map(|name| name.parse().expect("a seat")).collect())
}

fn hold(wanted: Wanted) -> Hold {
    Hold { slot: the_match(), wanted, ttl: None, buyer: None }
}

/// A hold for somebody in particular: the public must say for whom.
fn hold_for(buyer: &str, wanted: Wanted) -> Hold {
    Hold { buyer: Some(buyer.parse().expect("a buyer")), ..hold(wanted) }
}

fn sell(wanted: Wanted) -> Sell {
    Sell { slot: the_match(), wanted, payment: None, buyer: None }
}

#[test]
fn the_last_ten_places_go_to_exactly_ten_of_a_hundred_callers() {
    let fixture = Fixture::arena();
    let till = Caller::local();
    for _ in 0..23 {
        let _ = fixture.engine.sell(&till, sell(area(10))).unwrap();
    }
    let _ = fixture.engine.sell(&till, sell(area(8))).unwrap();
    let callers: Vec<_> = (0..100)
        .map(|n| {
            let engine = fixture.engine.clone();
            std::thread::spawn(move || {
                engine.sell(&caller(Role::Terminal, &format!("till-{n}")), sell(area(1)))
            })
        })
        .collect();
    let answers: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    let won: HashSet<_> =
        answers.iter().filter_map(|a| a.as_ref().ok()).map(|b| b.tickets[0].number).collect();
    assert_eq!(won.len(), 10);
    let lost = answers.iter().filter_map(|a| a.as_ref().err()).filter(|e| e.code() == "sold_out");
    assert_eq!(lost.count(), 90);
    fixture.assert_healthy();
}

#[test]
fn a_booking_lives_from_hold_to_ticket_to_cancellation() {
    let fixture = Fixture::arena();
    let buyer = caller(Role::Customer, "b-1");
    let held = fixture.engine.hold(&buyer, hold(seats(&["D-14-1", "D-14-2"]))).unwrap();
    assert_eq!((held.state, held.units.len(), held.total.minor), (StateName::Held, 2, 5200));
    let taken =
        fixture.engine.sell(&Caller::local(), sell(seats(&["D-14-2", "D-14-3"]))).unwrap_err();
    assert_eq!(taken.code(), "seats_taken");
    fixture.now("2026-11-01T09:04:00Z");
    let extended = fixture.engine.extend(&buyer, Extend { booking: held.id.into() }).unwrap();
    assert_eq!(extended.expires_at.unwrap().to_string(), "2026-11-01T09:09:00.000000Z");
    let stranger = caller(Role::Customer, "b-2");
    let confirm = || Confirm { booking: held.id.into(), payment: None };
    assert_eq!(fixture.engine.confirm(&stranger, confirm()).unwrap_err().code(), "forbidden");
    let payment: Payment = "card:tx-1:52.00".parse().unwrap();
    let paid = Confirm { payment: Some(payment.clone()), ..confirm() };
    let confirmed = fixture.engine.confirm(&buyer, paid).unwrap();
    assert_eq!(confirmed.tickets.len(), 2);
    assert_eq!(confirmed.tickets[1].number.to_string(), format!("{}-02", held.reference));
    assert_eq!(fixture.engine.confirm(&buyer, confirm()).unwrap_err().code(), "already_confirmed");
    let again = Sell { payment: Some(payment), ..sell(seats(&["D-14-5", "D-14-6"])) };
    assert_eq!(fixture.engine.sell(&Caller::local(), again).unwrap_err().code(), "payment_used");
    let cancel = |line: Vec<u32>| Cancel { booking: held.id.into(), line, reason: None };
    let partly = fixture.engine.cancel(&Caller::local(), cancel(vec![1])).unwrap();
    assert_eq!((partly.state, partly.units.len()), (StateName::Confirmed, 1));
    assert_eq!(
        fixture.engine.cancel(&Caller::local(), cancel(vec![1])).unwrap_err().code(),
        "cancelled"
    );
    let cancelled = fixture.engine.cancel(&Caller::local(), cancel(vec![2])).unwrap();
    assert_eq!(cancelled.state, StateName::Cancelled);
    let sold = fixture.engine.sell(&Caller::local(), sell(seats(&["D-14-1", "D-14-2"])));
    assert!(sold.is_ok());
    fixture.assert_healthy();
}

#[test]
fn a_hold_that_ran_out_gives_its_places_back_without_any_sweep() {
    let fixture = Fixture::arena();
    let public = Caller::new(Role::Public);
    let held = fixture.engine.hold(&public, hold_for("b", area(10))).unwrap();
    let token = held.token.clone().flatten().unwrap();
    for _ in 0..23 {
        let _ = fixture.engine.sell(&Caller::local(), sell(area(10))).unwrap();
    }
    let _ = fixture.engine.sell(&Caller::local(), sell(area(8))).unwrap();
    let all_held = fixture.engine.sell(&Caller::local(), sell(area(1))).unwrap_err();
    assert_eq!(all_held.code(), "all_held");
    fixture.now("2026-11-01T09:05:00Z");
    let Answer::Slot(slot) =
        fixture.engine.query(&public, &Query::SlotShow(SlotShow { slot: the_match() })).unwrap()
    else {
        panic!("a slot")
    };
    assert_eq!((slot.free, slot.held, slot.capacity), (1252 + 10, 0, 1500));
    let confirm = Request::new(&public, Confirm { booking: held.id.into(), payment: None });
    let late = fixture.engine.call(confirm.token(&token)).unwrap_err();
    assert_eq!(late.code(), "hold_expired");
    let expire = || Expire { booking: held.id.into() };
    let expired = fixture.engine.expire(&Caller::local(), expire()).unwrap();
    assert_eq!(expired.ended_at.unwrap().to_string(), "2026-11-01T09:05:00.000000Z");
    let again = fixture.engine.expire(&Caller::local(), expire()).unwrap();
    assert_eq!(again, expired);
    assert!(fixture.engine.sell(&Caller::local(), sell(area(10))).is_ok());
    assert_eq!(fixture.engine.sweep().unwrap().expired, 0);
    fixture.assert_healthy();
}

#[test]
fn the_same_key_gives_the_same_answer_once() {
    let fixture = Fixture::arena();
    let till = Caller::local();
    let request = |quantity| Request::new(&till, hold(area(quantity))).key("k-1".parse().unwrap());
    let first = fixture.engine.call(request(2)).unwrap();
    fixture.now("2026-11-01T09:01:00Z");
    assert_eq!(fixture.engine.call(request(2)).unwrap(), first);
    let other = fixture.engine.call(request(3)).unwrap_err();
    assert_eq!(other.body().details.unwrap()["field"], "quantity");
    let verb = Request::new(&till, sell(area(2))).key("k-1".parse().unwrap());
    assert_eq!(fixture.engine.call(verb).unwrap_err().body().details.unwrap()["field"], "verb");
    let list = Query::BookingList(BookingList::default());
    let Answer::BookingList(page) = fixture.engine.query(&till, &list).unwrap() else {
        panic!("a list")
    };
    assert_eq!(page.items.len(), 1);
    fixture.now("2026-11-02T09:00:00Z");
    assert_ne!(fixture.engine.call(request(2)).unwrap(), first);
    fixture.assert_healthy();
}

#[test]
fn house_seats_are_for_staff_and_kills_for_nobody() {
    let fixture = Fixture::arena();
    let organizer = caller(Role::Organizer, "o");
    let house =
        |names: &[&str], kind, lift| House { slot: the_match(), wanted: seats(names), kind, lift };
    let done =
        fixture.engine.house(&organizer, house(&["D-14-1", "D-14-2"], HouseKind::Hold, false));
    assert_eq!(done.unwrap().units, 2);
    let done = fixture
        .engine
        .house(&organizer, house(&["D-14-2", "D-14-3"], HouseKind::Kill, false))
        .unwrap();
    assert_eq!((done.changed.as_slice(), done.refused.len()), (&["D-14-3".to_owned()][..], 1));
    let public = Caller::new(Role::Public);
    for names in [["D-14-1"], ["D-14-3"]] {
        assert_eq!(
            fixture.engine.hold(&public, hold_for("b", seats(&names))).unwrap_err().code(),
            "seats_taken"
        );
    }
    assert!(fixture.engine.sell(&Caller::local(), sell(seats(&["D-14-1"]))).is_ok());
    assert_eq!(
        fixture.engine.sell(&Caller::local(), sell(seats(&["D-14-3"]))).unwrap_err().code(),
        "seats_taken"
    );
    let lifted = fixture.engine.house(&organizer, house(&["D-14-3"], HouseKind::Kill, true));
    assert!(lifted.is_ok());
    let area_house =
        House { slot: the_match(), wanted: area(200), kind: HouseKind::Hold, lift: false };
    assert_eq!(fixture.engine.house(&organizer, area_house.clone()).unwrap().units, 200);
    assert_eq!(
        fixture.engine.house(&organizer, area_house.clone()).unwrap_err().code(),
        "not_enough_free"
    );
    let lift = House { lift: true, ..area_house };
    assert_eq!(fixture.engine.house(&organizer, lift).unwrap().units, 200);
    assert_eq!(
        fixture
            .engine
            .house(&Caller::local(), house(&["D-14-9"], HouseKind::Kill, false))
            .unwrap_err()
            .code(),
        "forbidden"
    );
    fixture.assert_healthy();
}

#[test]
fn a_closed_slot_sells_nothing_but_its_holds_may_be_confirmed() {
    let fixture = Fixture::arena();
    let till = Caller::local();
    let held = fixture.engine.hold(&till, hold(area(2))).unwrap();
    let released = fixture.engine.hold(&till, hold(area(2))).unwrap();
    let organizer = caller(Role::Organizer, "o");
    let switch = || SlotSwitch { slot: the_match(), expected_version: None };
    let closed = fixture.engine.slot_close(&organizer, switch()).unwrap();
    let stale = SlotSwitch { expected_version: Some(1), ..switch() };
    assert_eq!(fixture.engine.slot_open(&organizer, stale).unwrap_err().code(), "stale_version");
    assert!(closed.closed);
    assert_eq!(fixture.engine.sell(&till, sell(area(1))).unwrap_err().code(), "closed");
    assert_eq!(
        fixture.engine.extend(&till, Extend { booking: held.id.into() }).unwrap_err().code(),
        "closed"
    );
    assert!(
        fixture.engine.confirm(&till, Confirm { booking: held.id.into(), payment: None }).is_ok()
    );
    assert!(fixture.engine.release(&till, Release { booking: released.reference.into() }).is_ok());
    assert!(fixture.engine.slot_open(&organizer, switch()).is_ok());
    assert!(fixture.engine.sell(&till, sell(area(1))).is_ok());
    fixture.assert_healthy();
}

#[test]
fn two_handles_on_one_file_see_each_other() {
    let fixture = Fixture::arena();
    let other = Engine::open(fixture.path(), &OpenOptions::default()).unwrap();
    let till = Caller::local();
    for round in 0..24 {
        let engine = if round % 2 == 0 { &fixture.engine } else { &other };
        assert!(engine.sell(&till, sell(area(10))).is_ok(), "{MATCH} {round}");
    }
    let _ = other.sell(&till, sell(area(8))).unwrap();
    assert_eq!(fixture.engine.sell(&till, sell(area(1))).unwrap_err().code(), "sold_out");
    assert_eq!(fixture.engine.sell(&till, sell(seats(&["D-14-1"]))).unwrap().units.len(), 1);
    assert_eq!(other.hold(&till, hold(seats(&["D-14-1"]))).unwrap_err().code(), "seats_taken");
    fixture.assert_healthy();
}
