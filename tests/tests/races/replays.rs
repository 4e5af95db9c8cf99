//! The same key, from everywhere and again and again: one effect, and the same bytes. `VENUE_RACE_KEYS` and
//! `VENUE_RACE_RETRIES` make it as long as one likes.

use std::collections::HashSet;

use venue_core::domain::caller::Caller;
use venue_tests::children::Player;
use venue_tests::fixture::Fixture;
use venue_tests::oracle::{Historian, Outcome, Record};

use super::parts::{places, sell};
use super::{evidence, json, judge, number, players};

#[test]
fn one_key_from_eight_processes_at_once_makes_one_booking_and_the_same_bytes() {
    let fixture = Fixture::arena();
    let mut players = players(8, "key", &fixture);
    let rounds = number("VENUE_RACE_KEYS", 25);
    let mut history: Vec<Record> = Vec::new();
    for round in 0..rounds {
        for player in &mut players {
            player.tell(&format!("key-{round}"));
        }
        let answers: Vec<Record> =
            players.iter_mut().flat_map(|player| json::<Vec<Record>>(&player.line())).collect();
        let distinct: HashSet<String> =
            answers.iter().filter(|it| !busy(it)).map(|it| format!("{:?}", it.outcome)).collect();
        assert_eq!(distinct.len(), 1, "{distinct:?}");
        history.extend(answers);
    }
    for player in players {
        assert_eq!(player.end(), Vec::<String>::new());
    }
    let evidence = evidence(&fixture, history);
    assert_eq!(evidence.bookings.len(), rounds);
    judge(&evidence);
}

/// What was answered busy left nothing, and was asked again.
fn busy(record: &Record) -> bool {
    matches!(&record.outcome, Outcome::Failed(code) if code == "busy")
}

/// Some processes ask, end, and others ask again; meanwhile the parent closes the file and opens it.
#[test]
fn a_key_is_answered_with_the_same_bytes_over_restarts_and_by_other_processes() {
    let mut fixture = Fixture::arena();
    let (retries, keys, lives) = (number("VENUE_RACE_RETRIES", 600), 60, 5);
    let each = retries.div_ceil(4 * lives);
    let mut history: Vec<Record> = Vec::new();
    for life in 0..lives {
        let mut players = players(4, "again", &fixture);
        for (n, player) in players.iter_mut().enumerate() {
            player.tell(&format!("{each} {keys} {}", 13 * n + life));
        }
        let mut till = Historian::new(&fixture.engine, Caller::local(), "other");
        till.insist(Some(&format!("parent-{life}")), sell(places(1))).expect("a sale");
        history.append(&mut till.records);
        for player in &mut players {
            history.extend(json::<Vec<Record>>(&player.line()));
        }
        fixture.restart();
        players.into_iter().map(Player::end).for_each(|rest| assert!(rest.is_empty(), "{rest:?}"));
    }
    let evidence = evidence(&fixture, history);
    let used: HashSet<_> = evidence.history.iter().filter_map(|it| it.key.as_ref()).collect();
    assert_eq!(used.len(), keys + lives);
    judge(&evidence);
    println!("{} uses of {} keys", evidence.history.len(), used.len());
}
