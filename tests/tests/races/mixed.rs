//! Processes that do everything at once to a small hall: every verb, keys used again, a clock that moves on, readers
//! and followers. The oracle judges what all of them were told.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::instant::Span;
use venue_core::domain::query::{Feed, Query, SlotShow};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{BookingName, SlotSwitch, Verb};
use venue_core::domain::view::ChangeView;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::canaries::assert_found;
use venue_tests::children::hear;
use venue_tests::dice::{self, Dice};
use venue_tests::fixture::{FIRST_DAY, Fixture, at, caller};
use venue_tests::oracle::{Evidence, Historian, Record, Rule, Seen, Snapshot, assert_no_lies, now};
use venue_tests::stage::{self, slot};

use super::parts::{open, tell};
use super::{json, number};

/// What a process was told.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Told {
    history: Vec<Record>,
    snapshots: Vec<Snapshot>,
}

/// Plays until everybody has done, and the slot is closed.
pub(crate) fn play(file: &Path) {
    let engine = open(file);
    let line = hear().expect("a task");
    let numbers: Vec<u64> = line.split(' ').map(|it| it.parse().expect("a number")).collect();
    let [process, threads, calls, seed] = numbers[..] else { panic!("four numbers") };
    let (known, done) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let followed = std::thread::scope(|scope| {
        let follower = scope.spawn(|| follow(&engine));
        let reader = scope.spawn(|| read(&engine, &done));
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let dice = Dice::new(seed ^ (process << 32) ^ (thread << 48));
                let (engine, known) = (&engine, &known);
                let name = format!("p-{process}-{thread}");
                // One moves the clock for everybody: whoever is given no time stands at the last commit.
                let clock = process == 0 && thread == 0;
                scope.spawn(move || work(engine, &name, dice, calls, known, clock))
            })
            .collect();
        let mut told = Told::default();
        for worker in workers {
            told.history.extend(worker.join().expect("answers"));
        }
        done.store(true, Ordering::Release);
        told.snapshots = reader.join().expect("snapshots");
        tell(&told);
        follower.join().expect("changes")
    });
    tell(&followed);
}

fn work(
    engine: &Engine,
    name: &str,
    mut dice: Dice,
    calls: u64,
    known: &Mutex<Vec<BookingName>>,
    clock: bool,
) -> Vec<Record> {
    let mut till = Historian::new(engine, caller(Role::Organizer, name), name);
    let mut keyed: Vec<(String, Verb)> = Vec::new();
    for call in 0..calls {
        if clock && call % 2 == 1 {
            let passed = Span::from_secs(i64::try_from(call).unwrap_or(0) / 2 * 15);
            engine.set_test_now(Some(at(FIRST_DAY).plus(passed))).expect("a test clock");
        }
        if dice.below(60) == 0 {
            till.generate();
        }
        let (key, verb) = if let Some((key, verb)) = keyed.get(dice.below(30)) {
            (Some(key.clone()), verb.clone())
        } else {
            let verb = stage::any_verb(&mut dice, &known.lock().expect("names"));
            let key = dice.percent(50).then(|| format!("key-{call}"));
            keyed.extend(key.clone().map(|key| (key, verb.clone())));
            (key, verb)
        };
        if keyed.len() > 6 {
            keyed.remove(0);
        }
        if let Ok(Reply::Booking(view)) = till.call(key.as_deref(), verb) {
            let mut known = known.lock().expect("names");
            known.push(view.id.into());
            if known.len() > 12 {
                known.remove(0);
            }
        }
    }
    till.records
}

/// Reads as long as the others work.
fn read(engine: &Engine, done: &AtomicBool) -> Vec<Snapshot> {
    let mut snapshots = Vec::new();
    let mut feed = Feed { limit: Some(1_000), ..Feed::default() };
    while !done.load(Ordering::Acquire) && snapshots.len() < 400 {
        snapshots.push(Snapshot::take(engine, &Query::SlotShow(SlotShow { slot: slot() })));
        let begun = now();
        let seen = Snapshot::take(engine, &Query::Feed(feed.clone()));
        if let Seen::Feed(1..) = seen.seen {
            let mut follower = engine.follow(&Caller::local(), feed.clone());
            let _ = follower.next(Duration::ZERO);
            feed.after = follower.cursor().cloned();
            snapshots.push(Snapshot { begun, ..seen });
        }
    }
    snapshots
}

/// What a follower is shown until the slot is closed; or the words with which it failed.
fn follow(engine: &Engine) -> Result<Vec<ChangeView>, String> {
    let mut follower = engine.follow(&Caller::local(), Feed::default());
    let mut shown: Vec<ChangeView> = Vec::new();
    while shown.last().is_none_or(|change| &*change.kind != "slot.closed") {
        let next = follower.next(Duration::from_mins(5));
        shown.extend(next.map_err(|error| format!("{error:?}"))?);
    }
    Ok(shown)
}

#[test]
fn whatever_processes_do_at_once_nobody_is_told_a_lie() {
    let fixture = Fixture::empty();
    fixture.import(&stage::season());
    let before = Evidence::read(&fixture.path(), &OpenOptions::default()).feed.len();
    let seed = dice::seed("mixed");
    let (processes, calls) = (number("VENUE_RACE_PROCESSES", 4), number("VENUE_RACE_CALLS", 80));
    let mut players = super::players(processes, "mixed", &fixture);
    for (n, player) in players.iter_mut().enumerate() {
        player.tell(&format!("{n} 4 {calls} {seed}"));
    }
    let told: Vec<Told> = players.iter_mut().map(|player| json(&player.line())).collect();
    let owner = caller(Role::Organizer, "o");
    let mut owner = Historian::new(&fixture.engine, owner, "o");
    let switch = SlotSwitch { slot: slot(), expected_version: None };
    // An engine that meets rows which contradict each other says so before the oracle can.
    owner
        .insist(None, Verb::SlotClose(switch))
        .unwrap_or_else(|error| panic!("{}: {error:?}", Rule::Units.promise()));
    let followed: Vec<Result<Vec<ChangeView>, String>> =
        players.iter_mut().map(|player| json(&player.line())).collect();
    for player in players {
        assert_eq!(player.end(), Vec::<String>::new());
    }
    let mut evidence = Evidence::read(&fixture.path(), &OpenOptions::default());
    evidence.before = i64::try_from(before).expect("a number");
    evidence.history = owner.records;
    for one in told {
        evidence.history.extend(one.history);
        evidence.snapshots.extend(one.snapshots);
    }
    for one in followed {
        match one {
            Ok(shown) => evidence.followed.push(shown),
            Err(words) => {
                evidence.snapshots.push(Snapshot {
                    begun: 0,
                    ended: 0,
                    seen: Seen::Nothing(words),
                });
            }
        }
    }
    assert_no_lies(&evidence);
    let (calls, reads) = (evidence.history.len(), evidence.snapshots.len());
    println!("{calls} calls, {} changes, {reads} snapshots", evidence.feed.len());
}

/// One promise each, named by the oracle where it is broken.
#[test]
fn the_oracle_finds_the_bugs_that_were_planted() {
    use venue_core::canary::Canary;
    let rig = "mixed::whatever_processes_do_at_once_nobody_is_told_a_lie";
    for (canary, rule) in [
        (Canary::BatchNeverCommitted, Rule::Answered),
        (Canary::ChangeLost, Rule::Feed),
        (Canary::ExpiryByLess, Rule::Doctor),
        (Canary::FailedButCommitted, Rule::Explained),
        (Canary::FeedBeforeCommit, Rule::Order),
        (Canary::IdempotencyOutsideTransaction, Rule::Keys),
        (Canary::PriceOfOne, Rule::Money),
        (Canary::RefundForgotten, Rule::Doctor),
        (Canary::StaleCache, Rule::Units),
        (Canary::StaleView, Rule::Order),
        (Canary::UnannouncedExpiry, Rule::Doctor),
        (Canary::VersionNotBumped, Rule::Units),
    ] {
        assert_found(canary, rig, &[("VENUE_RACE_PROCESSES", "3")], rule.promise());
    }
}
