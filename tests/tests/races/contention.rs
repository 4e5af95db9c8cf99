//! Many want the same: one seat, ten seats, the last places. `VENUE_RACE_ROUNDS` and `VENUE_RACE_THREADS` make it as
//! large as one likes.

use std::collections::{BTreeSet, HashSet};

use venue_core::domain::caller::Role;
use venue_core::domain::query::{Query, SlotShow};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{SlotSwitch, Verb};
use venue_core::domain::view::ChangeView;
use venue_tests::children::Player;
use venue_tests::fixture::{Fixture, caller, the_match};
use venue_tests::oracle::{Historian, Outcome, Record, Snapshot};

use super::parts::{places, seat, sell};
use super::{evidence, json, judge, number, players, seats};

#[test]
fn the_last_ten_seats_go_to_ten_of_a_hundred_threads() {
    let fixture = Fixture::arena();
    let seats = &seats(&fixture)[..10];
    let told: Vec<(Vec<Record>, Snapshot)> = std::thread::scope(|scope| {
        let rivals: Vec<_> = (0..100)
            .map(|n| {
                let name = format!("till-{n}");
                let engine = &fixture.engine;
                let mut till = Historian::new(engine, caller(Role::Terminal, &name), &name);
                // Each tries all ten, beginning at another one.
                scope.spawn(move || {
                    let mut order = seats.iter().cycle().skip(n % 10).take(10);
                    order.find(|name| till.insist(None, sell(seat(name))).is_ok());
                    let query = Query::SlotShow(SlotShow { slot: the_match() });
                    (till.records, Snapshot::take(engine, &query))
                })
            })
            .collect();
        rivals.into_iter().map(|rival| rival.join().unwrap()).collect()
    });
    let (history, snapshots): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    let history: Vec<Record> = history.into_iter().flatten().collect();
    let won: Vec<&Record> =
        history.iter().filter(|it| matches!(it.outcome, Outcome::Ok(_))).collect();
    let distinct: BTreeSet<&String> = won.iter().flat_map(|record| &record.asked.units).collect();
    assert_eq!((won.len(), distinct.len()), (10, 10));
    let mut evidence = evidence(&fixture, history);
    evidence.snapshots = snapshots;
    judge(&evidence);
}

#[test]
fn one_seat_goes_to_exactly_one_caller_of_four_processes_in_every_round() {
    let fixture = Fixture::arena();
    let mut players = players(4, "rivals", &fixture);
    let seats = seats(&fixture);
    let rounds = number("VENUE_RACE_ROUNDS", 20).min(seats.len());
    let threads = number("VENUE_RACE_THREADS", 16);
    let mut history: Vec<Record> = Vec::new();
    for name in &seats[..rounds] {
        for player in &mut players {
            player.tell(&format!("{threads} {name}"));
        }
        let answers: Vec<Record> =
            players.iter_mut().flat_map(|player| json::<Vec<Record>>(&player.line())).collect();
        let winners = answers.iter().filter(|it| matches!(it.outcome, Outcome::Ok(_))).count();
        assert_eq!(winners, 1, "{name} of {} rivals", answers.len());
        let sorry = |record: &&Record| matches!(&record.outcome, Outcome::Refused { code, .. } if code == "seats_taken");
        assert_eq!(answers.iter().filter(sorry).count(), 4 * threads - 1, "{answers:?}");
        history.extend(answers);
    }
    for player in players {
        assert_eq!(player.end(), Vec::<String>::new());
    }
    judge(&evidence(&fixture, history));
    println!("{rounds} rounds of 4 x {threads} rivals, one winner each");
}

#[test]
fn sixteen_processes_sell_an_area_out_and_everybody_sees_it_in_order() {
    let fixture = Fixture::arena();
    let mut followers = players(2, "follower", &fixture);
    let mut sellers = players(16, "seller", &fixture);
    for seller in &mut sellers {
        seller.tell("go");
    }
    let said: Vec<String> = sellers.into_iter().flat_map(Player::end).collect();
    let mut history: Vec<Record> = said.iter().flat_map(|line| json::<Vec<Record>>(line)).collect();
    let tickets: Vec<String> = history.iter().flat_map(tickets).collect();
    let distinct: HashSet<&String> = tickets.iter().collect();
    assert_eq!((tickets.len(), distinct.len()), (248, 248));
    let mut organizer = Historian::new(&fixture.engine, caller(Role::Organizer, "o"), "o");
    let switch = SlotSwitch { slot: the_match(), expected_version: None };
    organizer.insist(None, Verb::SlotClose(switch)).unwrap();
    let refused = organizer.insist(None, sell(places(1)));
    assert_eq!(refused.unwrap_err().code(), "closed");
    history.append(&mut organizer.records);
    let mut evidence = evidence(&fixture, history);
    assert_eq!(evidence.feed.len(), 250);
    for follower in followers.drain(..) {
        let [shown] = &follower.end()[..] else { panic!("one line each") };
        evidence.followed.push(json::<Vec<ChangeView>>(shown));
    }
    assert!(evidence.followed.iter().all(|shown| *shown == evidence.feed));
    judge(&evidence);
}

fn tickets(record: &Record) -> Vec<String> {
    let Outcome::Ok(bytes) = &record.outcome else { return vec![] };
    let Reply::Booking(view) = json(bytes) else { panic!("a booking: {bytes}") };
    view.tickets.iter().map(|ticket| ticket.number.to_string()).collect()
}
