//! The queue under loom: every interleaving up to a number of preemptions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use loom as checker;

use super::search;

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

/// How long one model may take.
const MAX_DURATION: Duration = Duration::from_mins(10);

/// The number of preemptions, from the environment.
fn bound() -> usize {
    let bound = std::env::var("VENUE_LOOM_BOUND").unwrap_or_else(|_| "3".into());
    bound.parse().expect("VENUE_LOOM_BOUND is a number")
}

/// Runs a model in every interleaving with up to `bound` preemptions, and says how many it were.
fn explore(model: fn(), bound: usize) -> usize {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(bound);
    builder.max_branches = 10_000;
    builder.max_duration = Some(MAX_DURATION);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let started = Instant::now();
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    assert!(started.elapsed() < MAX_DURATION, "the exploration is not complete");
    runs.load(Ordering::Relaxed)
}

/// Claims that the model holds.
fn check(name: &str, model: fn()) {
    let started = Instant::now();
    let runs = explore(model, bound());
    let (bound, elapsed) = (bound(), started.elapsed());
    println!("loom: {name}: {runs} interleavings with {bound} preemptions in {elapsed:.2?}");
}

/// Claims that the model finds the bug with so many preemptions.
fn finds(test: &str, bug: &'static str, model: fn(), preemptions: usize) {
    search::finds(test, bug, || {
        sync::plant(bug);
        let runs = explore(model, preemptions);
        println!("{runs} interleavings with {preemptions} preemptions");
    });
}
