//! The queue under shuttle: many random schedules, also of models that are too large for loom.

use std::time::Instant;

use shuttle as checker;
use shuttle::scheduler::{PctScheduler, RandomScheduler};
use shuttle::{Config, Runner};

#[path = "fake.rs"]
mod fake;
#[path = "followers.rs"]
mod followers;
#[path = "models.rs"]
mod models;
#[allow(dead_code, reason = "the models do not use everything that the engine uses")]
#[path = "../../../venue-core/src/engine/queue/mod.rs"]
mod queue;
#[path = "sync.rs"]
mod sync;
#[path = "tests.rs"]
mod tests;
#[path = "../../../venue-core/src/engine/wakes.rs"]
mod wakes;

use super::search;
use fake::{Answer, PLAIN, Setting, Stage, all_answered, join, wait_for};
use sync::Deadline;

/// How many schedules a planted bug is looked for in.
const RUNS_TO_FIND: usize = 10_000;

/// The number of schedules of each kind, from the environment.
fn runs() -> usize {
    let runs = std::env::var("VENUE_SHUTTLE_RUNS").unwrap_or_else(|_| "1000".into());
    runs.parse().expect("VENUE_SHUTTLE_RUNS is a number")
}

/// Runs a model in so many random schedules and in so many of PCT with depth 3. Shuttle prints
/// the schedule that fails.
fn explore(model: fn(), runs: usize) {
    Runner::new(RandomScheduler::new(runs), Config::default()).run(model);
    Runner::new(PctScheduler::new(3, runs), Config::default()).run(model);
}

/// Claims that the model holds.
fn check(name: &str, model: fn()) {
    let started = Instant::now();
    explore(model, runs());
    let (runs, elapsed) = (runs(), started.elapsed());
    println!("shuttle: {name}: {runs} random and {runs} PCT schedules in {elapsed:.2?}");
}

/// Claims that the model finds the bug.
fn finds(test: &str, bug: &'static str, model: fn(), _preemptions: usize) {
    search::finds(test, bug, || {
        sync::plant(bug);
        explore(model, RUNS_TO_FIND);
        println!("{RUNS_TO_FIND} schedules");
    });
}

/// A thread that submits each of the commands and awaits them one after the other.
fn submitter(stage: &Stage, commands: &'static [u32]) -> checker::thread::JoinHandle<Vec<Answer>> {
    let stage = stage.clone();
    let wait = move |command: &u32| (*command, wait_for(stage.submit(*command, Deadline::NEVER)));
    checker::thread::spawn(move || commands.iter().map(wait).collect())
}

/// Eight threads: callers, late callers, futures, and drivers that would leave at every wait.
fn a_crowd() {
    let stage = Stage::set(Setting { batch: 3, decides: 2, lazy: true, ..PLAIN });
    let patient = [
        stage.caller(&[1, 2, 3], Deadline::NEVER),
        stage.caller(&[4, 5, 6], Deadline::NEVER),
        stage.caller(&[7, 8], Deadline::NEVER),
        submitter(&stage, &[10, 11, 12]),
        submitter(&stage, &[13, 14]),
    ];
    let late =
        [stage.caller(&[20, 21], Deadline::Passed), stage.caller(&[22, 23], Deadline::Overdue)];
    drop(stage.submit(30, Deadline::NEVER));
    let mut answers = join(patient);
    all_answered(&answers);
    answers.extend(join(late));
    stage.end(&answers);
}

#[test]
fn a_crowd_is_answered_and_no_caller_leads_twice() {
    check("a_crowd", a_crowd);
}
