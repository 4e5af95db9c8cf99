//! Many at once: threads on one engine, processes on one file, and processes that are killed.

mod kills;
mod parts;

use std::collections::{BTreeSet, HashSet};

use parts::{THREADS, places, seat, sell};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::{BookingList, Feed, Query};
use venue_core::domain::request::SlotSwitch;
use venue_core::domain::view::Answer;
use venue_tests::children::{Player, part};
use venue_tests::fixture::{Fixture, caller, the_match};

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    if let Some((part, file)) = part() {
        parts::play(&part, &file);
    }
}

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Players who have opened the file.
fn players(count: usize, part: &str, fixture: &Fixture) -> Vec<Player> {
    let mut players: Vec<_> = (0..count).map(|_| Player::start(part, &fixture.path())).collect();
    for player in &mut players {
        assert_eq!(player.line(), "ready");
    }
    players
}

/// The seats of one block, in the order of their names.
fn seats(fixture: &Fixture) -> Vec<String> {
    let request = format!("{{\"slot\":\"{}\"}}", the_match());
    let map = fixture.engine.call_json("slot_map", request.as_bytes()).expect("a map");
    let seats = map["data"]["seats"].as_array().expect("seats");
    seats.iter().map(|seat| seat["seat"].as_str().expect("a seat").to_owned()).collect()
}

#[test]
fn the_last_ten_seats_go_to_ten_of_a_hundred_threads() {
    let fixture = Fixture::arena();
    let seats = &seats(&fixture)[..10];
    let won: Vec<String> = std::thread::scope(|scope| {
        let rivals: Vec<_> = (0..100)
            .map(|n| {
                let engine = &fixture.engine;
                let till = caller(Role::Terminal, &format!("till-{n}"));
                // Each tries all ten, beginning at another one.
                scope.spawn(move || {
                    let mut order = seats.iter().cycle().skip(n % 10).take(10);
                    order.find(|name| engine.sell(&till, sell(seat(name))).is_ok()).cloned()
                })
            })
            .collect();
        rivals.into_iter().filter_map(|rival| rival.join().unwrap()).collect()
    });
    let distinct: BTreeSet<_> = won.iter().collect();
    assert_eq!((won.len(), distinct.len()), (10, 10));
    fixture.assert_healthy();
}

#[test]
fn one_seat_goes_to_exactly_one_caller_of_four_processes_in_every_round() {
    let fixture = Fixture::arena();
    let mut players = players(4, "rivals", &fixture);
    let seats = seats(&fixture);
    let rounds = number("VENUE_RACE_ROUNDS", 60).min(seats.len());
    for name in &seats[..rounds] {
        for player in &mut players {
            player.tell(name);
        }
        let answers: Vec<String> = players.iter_mut().map(Player::line).collect();
        let winners: Vec<&str> = answers.iter().flat_map(|line| line.split_whitespace()).collect();
        assert_eq!(winners.len(), 1, "{name} of {} rivals: {winners:?}", 4 * THREADS);
    }
    for player in players {
        assert_eq!(player.end(), Vec::<String>::new());
    }
    fixture.assert_healthy();
}

#[test]
fn one_key_from_eight_processes_at_once_makes_one_booking_and_the_same_bytes() {
    let fixture = Fixture::arena();
    let mut players = players(8, "key", &fixture);
    let rounds = number("VENUE_RACE_KEYS", 25);
    for round in 0..rounds {
        for player in &mut players {
            player.tell(&format!("key-{round}"));
        }
        let answers: HashSet<String> = players.iter_mut().map(Player::line).collect();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }
    for player in players {
        assert_eq!(player.end(), Vec::<String>::new());
    }
    let list = Query::BookingList(BookingList { limit: Some(1_000), ..BookingList::default() });
    let answer = fixture.engine.query(&Caller::local(), &list).unwrap();
    let Answer::BookingList(page) = answer else { panic!("{answer:?}") };
    assert_eq!(page.items.len(), rounds);
    fixture.assert_healthy();
}

#[test]
fn sixteen_processes_sell_an_area_out_and_everybody_sees_it_in_order() {
    let fixture = Fixture::arena();
    let mut followers = players(2, "follower", &fixture);
    let mut sellers = players(16, "seller", &fixture);
    for seller in &mut sellers {
        seller.tell("go");
    }
    let tickets: Vec<String> = sellers.into_iter().flat_map(Player::end).collect();
    let distinct: HashSet<&String> = tickets.iter().collect();
    assert_eq!((tickets.len(), distinct.len()), (248, 248));
    let organizer = caller(Role::Organizer, "o");
    let switch = SlotSwitch { slot: the_match(), expected_version: None };
    fixture.engine.slot_close(&organizer, switch).unwrap();
    let expected: Vec<String> = changes(&fixture);
    assert_eq!(expected.len(), 250);
    for (n, line) in expected.iter().enumerate() {
        assert!(line.starts_with(&format!("{} ", n + 1)), "the feed is dense: {line}");
    }
    for follower in followers.drain(..) {
        assert_eq!(follower.end(), expected);
    }
    assert_eq!(
        fixture.engine.sell(&Caller::local(), sell(places(1))).unwrap_err().code(),
        "closed"
    );
    fixture.assert_healthy();
}

/// The feed as a follower says it.
fn changes(fixture: &Fixture) -> Vec<String> {
    let feed = Query::Feed(Feed { limit: Some(1_000), ..Feed::default() });
    let answer = fixture.engine.query(&Caller::local(), &feed).expect("a feed");
    let Answer::Feed(page) = answer else { panic!("{answer:?}") };
    page.items.iter().map(|change| format!("{} {}", change.sequence, change.kind)).collect()
}
