//! Many at once: threads on one engine, and processes on one file.

mod contention;
mod mixed;
mod parts;
mod replays;

use serde::Deserialize;
use venue_core::engine::OpenOptions;
use venue_tests::children::{Player, part};
use venue_tests::fixture::{Fixture, the_match};
use venue_tests::oracle::{Evidence, Record, assert_no_lies};

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

/// What a child says, as it was meant.
fn json<T: for<'a> Deserialize<'a>>(line: &str) -> T {
    serde_json::from_str(line).expect("what a child says")
}

/// What is in the file in the end, with what everybody was told.
fn evidence(fixture: &Fixture, history: Vec<Record>) -> Evidence {
    let read = Evidence::read(&fixture.path(), &OpenOptions::default());
    Evidence { history, ..read }
}

/// Lets the oracle judge what everybody was told; says how much that was.
fn judge(evidence: &Evidence) {
    assert_no_lies(evidence);
    println!("{} calls, {} changes", evidence.history.len(), evidence.feed.len());
}
