//! What the children do: each part is played by a process of its own. Calls are said to the parent as records.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::Feed;
use venue_core::domain::request::{Hold, Sell, Verb, Wanted};
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::{hear, say};
use venue_tests::fixture::{caller, the_match};
use venue_tests::oracle::{Historian, Record};

use super::mixed;

pub(crate) fn sell(wanted: Wanted) -> Sell {
    Sell { slot: the_match(), wanted, payment: None, buyer: None }
}

pub(crate) fn places(quantity: u32) -> Wanted {
    Wanted::area("Stehplatz".parse().expect("a name"), quantity)
}

pub(crate) fn seat(name: &str) -> Wanted {
    Wanted::seats(vec![name.parse().expect("a seat")])
}

pub(crate) fn open(file: &Path) -> Engine {
    let engine = Engine::open(file, &OpenOptions::default()).expect("an open file");
    say("ready");
    engine
}

/// Says something that the parent reads as JSON.
pub(crate) fn tell(what: &impl Serialize) {
    say(&serde_json::to_string(what).expect("plain data"));
}

/// Plays a part until the parent has nothing more to say.
pub(crate) fn play(part: &str, file: &Path) {
    match part {
        "rivals" => rivals(file),
        "key" => key(file),
        "again" => again(file),
        "seller" => seller(file),
        "follower" => follower(file),
        "mixed" => mixed::play(file),
        other => panic!("no part is called {other}"),
    }
}

/// Many want the seat that the parent names; the parent says how many. Says what each was answered.
fn rivals(file: &Path) {
    let engine = open(file);
    while let Some(line) = hear() {
        let (threads, name) = line.split_once(' ').expect("how many, and a seat");
        let threads: usize = threads.parse().expect("a number");
        let records: Vec<Record> = std::thread::scope(|scope| {
            let rivals: Vec<_> = (0..threads)
                .map(|n| {
                    let scope_name = format!("{}-{n}", std::process::id());
                    let till = caller(Role::Terminal, &scope_name);
                    let mut rival = Historian::new(&engine, till, &scope_name);
                    scope.spawn(move || {
                        let _ = rival.insist(None, sell(seat(name)));
                        rival.records
                    })
                })
                .collect();
            rivals.into_iter().flat_map(|rival| rival.join().expect("an answer")).collect()
        });
        tell(&records);
    }
}

/// Asks under the key that the parent names.
fn key(file: &Path) {
    let engine = open(file);
    while let Some(key) = hear() {
        let mut till = Historian::new(&engine, Caller::local(), "till");
        till.insist(Some(&key), sell(places(1))).expect("a sale");
        tell(&till.records);
    }
}

/// What a key of this number stands for: sales, holds, and sales that cannot be.
fn under(key: usize) -> Verb {
    match key % 3 {
        0 => sell(places(1)).into(),
        1 => {
            let hold = Hold { slot: the_match(), wanted: places(1), ttl: None, buyer: None };
            hold.into()
        }
        _ => sell(places(99)).into(),
    }
}

/// Asks so many times under so many keys, in an order of its own; the parent says how many, and a number to begin at.
fn again(file: &Path) {
    let engine = open(file);
    while let Some(line) = hear() {
        let numbers: Vec<usize> =
            line.split(' ').map(|number| number.parse().expect("a number")).collect();
        let [retries, keys, begin] = numbers[..] else { panic!("three numbers") };
        let mut till = Historian::new(&engine, Caller::local(), "till");
        for n in 0..retries {
            let key = (begin + n * 7) % keys;
            let _ = till.insist(Some(&format!("again-{key}")), under(key));
        }
        tell(&till.records);
    }
}

/// Sells places until there are none.
fn seller(file: &Path) {
    let engine = open(file);
    let _ = hear();
    let name = std::process::id().to_string();
    let mut till = Historian::new(&engine, caller(Role::Terminal, &name), &name);
    loop {
        match till.insist(None, sell(places(1))) {
            Ok(_) => {}
            Err(error) if error.code() == "sold_out" => break,
            Err(error) => panic!("{error:?}"),
        }
    }
    tell(&till.records);
}

/// Follows the feed until the slot is closed.
fn follower(file: &Path) {
    let engine = open(file);
    let mut follower = engine.follow(&Caller::local(), Feed::default());
    let mut shown = Vec::new();
    loop {
        shown.extend(follower.next(Duration::from_mins(5)).expect("changes"));
        if shown.last().is_some_and(|change| &*change.kind == "slot.closed") {
            return tell(&shown);
        }
    }
}
