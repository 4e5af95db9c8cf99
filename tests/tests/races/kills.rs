//! Processes that are killed (SIGKILL) while they sell. What they had been answered is kept outside, by the parent.

use serde_json::Value;
use venue_core::domain::caller::Caller;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::Player;
use venue_tests::fixture::Fixture;
use venue_tests::oracle::{Evidence, Record, now};

use super::parts::{seat, sell};
use super::{judge, number, seats};

/// Says how many answers a child may hear before it is killed: none, a few, many.
fn moments(kills: usize) -> impl Iterator<Item = usize> {
    // A full cycle through 0..23 in an order without a pattern that the engine could share.
    (0..kills).scan(7usize, |state, _| {
        *state = (*state * 5 + 11) % 23;
        Some(*state)
    })
}

#[test]
fn what_was_answered_before_a_kill_is_there_after_it() {
    let fixture = Fixture::arena();
    let all = seats(&fixture);
    let path = fixture.path();
    let folder = fixture.folder;
    // Nobody else has the file: each child finds what the one before it left.
    fixture.engine.close();
    let mut history: Vec<Record> = Vec::new();
    let mut names = all.chunks(40);
    for moment in moments(number("VENUE_KILLS", 20).min(all.len() / 40)) {
        let names = names.next().expect("seats enough");
        let begun = now();
        let mut player = Player::start("restless", &path);
        player.tell(&names.join(" "));
        let mut heard = Vec::new();
        while heard.len() < moment {
            heard.extend(Some(player.line()).filter(|line| line != "ready"));
        }
        heard.extend(player.kill().into_iter().filter(|line| line != "ready"));
        // The last line may have been cut off by the kill: it was not heard.
        let records = heard.iter().filter_map(|line| serde_json::from_str::<Record>(line).ok());
        let before = history.len();
        history.extend(records);
        // What it asked next may have happened.
        if let Some(next) = names.get(history.len() - before) {
            let verb = sell(seat(next)).into();
            history.push(Record::unheard("till", None, &verb, begun));
        }
        assert_all_there(&path, &history);
    }
    let read = Evidence::read(&path, &OpenOptions::default());
    let evidence = Evidence { history, ..read };
    judge(&evidence);
    assert!(evidence.feed.len() > 20, "only {} changes", evidence.feed.len());
    drop(folder);
}

/// Every booking that was answered is as it was answered, doctor finds nothing, and the next process goes on.
fn assert_all_there(path: &std::path::Path, history: &[Record]) {
    use venue_tests::oracle::Outcome;
    let engine = Engine::open(path, &OpenOptions::default()).expect("an open file");
    assert_eq!(engine.warnings(), Vec::<&str>::new());
    for record in history {
        let Outcome::Ok(bytes) = &record.outcome else { continue };
        let reply: Value = serde_json::from_str(bytes).expect("an answer");
        let request = serde_json::json!({"booking": reply["data"]["id"]}).to_string();
        let found = engine.call_json("booking_show", request.as_bytes());
        assert_eq!(found.as_ref(), Ok(&reply), "the booking of {:?}", record.asked.units);
        let taken = engine.sell(&Caller::local(), sell(seat(&record.asked.units[0])));
        assert_eq!(taken.expect_err("a taken seat").code(), "seats_taken");
    }
}
