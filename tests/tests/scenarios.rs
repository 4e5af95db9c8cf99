//! The ledgers in `tests/scenarios`: each on a file of its own, doctor at its end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use venue_tests::scenario::{ROWS, Told, run};

fn ledgers() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let found =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<_> =
        found.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    found.sort_unstable();
    found
}

/// The verbs of the language, beside what moves the clock and names things.
const VERBS: [&str; 29] = [
    "hold",
    "sell",
    "confirm",
    "extend",
    "release",
    "expire",
    "cancel",
    "house",
    "kill",
    "lift",
    "open",
    "close",
    "event-create",
    "event-edit",
    "event-publish",
    "event-cancel",
    "event-complete",
    "event-delete",
    "event-clone",
    "call-off",
    "postpone",
    "show",
    "booking",
    "bookings",
    "tickets",
    "slots",
    "feed",
    "sweep",
    "clock",
];

#[test]
fn every_ledger_comes_out_as_it_is_written_and_together_they_tell_everything() {
    let ledgers = ledgers();
    assert!(ledgers.len() >= 25, "only {} ledgers", ledgers.len());
    let results: Vec<Result<Told, String>> = std::thread::scope(|scope| {
        let halves = ledgers.chunks(ledgers.len().div_ceil(4));
        let running: Vec<_> = halves
            .map(|part| scope.spawn(move || part.iter().map(|path| run(path)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    let (mut told, mut wrong) = (Told::default(), Vec::new());
    for result in results {
        match result {
            Ok(more) => told.add(more),
            Err(problem) => wrong.push(problem),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let untold: Vec<_> = VERBS.iter().filter(|verb| !told.verbs.contains(**verb)).collect();
    assert!(untold.is_empty(), "verbs that no ledger uses: {untold:?}");
    assert_table(&told.rows);
}

/// Each cell of the state table came out once at least as it is written.
fn assert_table(rows: &BTreeSet<(String, String, String)>) {
    for (state, acts) in ROWS {
        for (act, outcome) in acts {
            let row = (state.to_owned(), act.to_owned(), outcome.to_owned());
            assert!(rows.contains(&row), "no ledger shows {act} of a {state} booking: {outcome}");
        }
    }
}
