//! Processes that are killed (SIGKILL) or stopped (SIGSTOP) at any instant: while they sell, open, close, tidy the log,
//! make a file, bring it to a new schema, back it up, restore it, import into it. What they were answered is kept
//! outside of them, in files that each writes before and after every call.
//!
//! `VENUE_KILLS` says how many processes are killed in all (150 unless told otherwise) and `VENUE_STOPS` how many
//! times one is stopped (10). `VENUE_SEED` repeats what was chosen: who is killed, when, and what everybody asks;
//! what the system made of it in between is its own.

mod copies;
mod files;
mod parts;
mod schemas;
mod selling;
mod stops;
mod strike;
mod truth;

use std::path::{Path, PathBuf};

use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::part;
use venue_tests::dice::{Dice, number, seed};
use venue_tests::fixture::Fixture;
use venue_tests::stage;

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    if let Some((part, file)) = part() {
        parts::play(&part, &file);
    }
}

/// So many of all the kills, in percent; at least one.
fn kills(percent: u64) -> u64 {
    (number("VENUE_KILLS", 150) * percent / 100).max(1)
}

/// Dice of the run's seed, which is printed.
fn dice(rig: &str) -> Dice {
    Dice::new(seed(rig))
}

/// A file with the stage's season, closed and whole: every run begins with a copy of it.
#[derive(Debug)]
struct Original {
    fixture: Fixture,
    /// The newest change in it.
    changes: i64,
}

impl Original {
    fn make() -> Self {
        let fixture = Fixture::empty();
        fixture.import(&stage::season());
        fixture.engine.close();
        let changes = feed(&fixture.path()).len();
        Self { fixture, changes: i64::try_from(changes).expect("a number") }
    }

    /// A copy in a folder of its own, with the same secret.
    fn copy(&self) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["venue.db", "venue.db-secret"] {
            let from = self.fixture.folder.path().join(name);
            std::fs::copy(from, folder.path().join(name)).expect("a copy");
        }
        let path = folder.path().join("venue.db");
        (folder, path)
    }
}

/// Opens a file after a kill: it can be opened, its owner is told nothing odd, and doctor finds nothing.
fn open_whole(path: &Path) -> Engine {
    let options = OpenOptions::default();
    let engine = Engine::open(path, &options);
    let engine = engine.unwrap_or_else(|error| panic!("no open file after a kill: {error:?}"));
    assert_eq!(engine.warnings(), Vec::<&str>::new(), "a warning after a kill");
    let diagnosis = Engine::doctor(path, &options, &mut |_, _, _| {}).expect("doctor reads");
    let found: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
    assert!(diagnosis.ok, "the file is not sound after a kill: {found:#?}");
    engine
}

/// The feed of a file, by the places and kinds of its changes.
fn feed(path: &Path) -> Vec<venue_core::domain::view::ChangeView> {
    venue_tests::oracle::feed(&Engine::open(path, &OpenOptions::default()).expect("an open file"))
}

/// The names in a folder that contain a text.
fn names(folder: &Path, part: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map_while(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.contains(part)).collect()
}
