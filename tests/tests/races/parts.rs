//! What the children do: each part is played by a process of its own.

use std::path::Path;
use std::time::Duration;

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::Feed;
use venue_core::domain::request::{Sell, Wanted};
use venue_core::engine::{Engine, OpenOptions, Request};
use venue_tests::children::{hear, say};
use venue_tests::fixture::{caller, the_match};

/// Callers at once in each process.
pub(crate) const THREADS: usize = 16;

pub(crate) fn sell(wanted: Wanted) -> Sell {
    Sell { slot: the_match(), wanted, payment: None, buyer: None }
}

pub(crate) fn places(quantity: u32) -> Wanted {
    Wanted::area("Stehplatz".parse().expect("a name"), quantity)
}

pub(crate) fn seat(name: &str) -> Wanted {
    Wanted::seats(vec![name.parse().expect("a seat")])
}

fn open(file: &Path) -> Engine {
    let engine = Engine::open(file, &OpenOptions::default()).expect("an open file");
    say("ready");
    engine
}

/// Plays a part until the parent has nothing more to say.
pub(crate) fn play(part: &str, file: &Path) {
    match part {
        "rivals" => rivals(file),
        "key" => key(file),
        "seller" => seller(file),
        "follower" => follower(file),
        "restless" => restless(file),
        other => panic!("no part is called {other}"),
    }
}

/// Many want the seat that the parent names; says who got it.
fn rivals(file: &Path) {
    let engine = open(file);
    while let Some(name) = hear() {
        let wins: Vec<String> = std::thread::scope(|scope| {
            let rivals: Vec<_> = (0..THREADS)
                .map(|n| {
                    let (engine, name) = (&engine, &name);
                    let till = caller(Role::Terminal, &format!("{}-{n}", std::process::id()));
                    scope.spawn(move || match engine.sell(&till, sell(seat(name))) {
                        Ok(view) => Some(view.id.to_string()),
                        Err(error) => {
                            assert_eq!(error.code(), "seats_taken", "{error:?}");
                            None
                        }
                    })
                })
                .collect();
            rivals.into_iter().filter_map(|rival| rival.join().expect("an answer")).collect()
        });
        say(&wins.join(" "));
    }
}

/// Asks under the key that the parent names; says the answer's bytes.
fn key(file: &Path) {
    let engine = open(file);
    while let Some(key) = hear() {
        let request = Request::new(&Caller::local(), sell(places(1)));
        let reply = engine.call(request.key(key.parse().expect("a key"))).expect("a sale");
        say(&serde_json::to_string(&reply).expect("plain data"));
    }
}

/// Sells places until there are none; says each ticket's number.
fn seller(file: &Path) {
    let engine = open(file);
    let _ = hear();
    loop {
        match engine.sell(&Caller::local(), sell(places(1))) {
            Ok(view) => view.tickets.iter().for_each(|ticket| say(&ticket.number.to_string())),
            Err(error) if error.code() == "sold_out" => return,
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Follows the feed until the slot is closed; says the sequence of each change.
fn follower(file: &Path) {
    let engine = open(file);
    let mut follower = engine.follow(&Caller::local(), Feed::default());
    loop {
        for change in follower.next(Duration::from_mins(5)).expect("changes") {
            say(&format!("{} {}", change.sequence, change.kind));
            if &*change.kind == "slot.closed" {
                return;
            }
        }
    }
}

/// Sells seat after seat under keys, and cancels some; says what was answered after it was.
fn restless(file: &Path) {
    let names = hear().unwrap_or_default();
    let engine = open(file);
    for name in names.split(' ') {
        let key = format!("{}-{name}", std::process::id());
        let request = Request::new(&Caller::local(), sell(seat(name)));
        match engine.call(request.key(key.parse().expect("a key"))) {
            Ok(reply) => {
                say(&format!("{name} {}", serde_json::to_string(&reply).expect("plain data")));
            }
            Err(error) => assert_eq!(error.code(), "seats_taken", "{error:?}"),
        }
    }
}
