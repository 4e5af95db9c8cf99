//! Memory that runs out under SQLite, at one allocation after the other. The bound is the whole process's, so a child
//! plays this part.

use std::path::Path;

use venue_core::domain::error::Class;
use venue_tests::children::{Player, say};
use venue_tests::dice::{Dice, seed, size};
use venue_tests::disk::{heap_used, limit_heap};
use venue_tests::history::Outcome;
use venue_tests::office::{FILE, Office, look, options};

/// Bytes that SQLite may take beyond what it has, at most.
const MOST: usize = 200_000;

#[test]
fn memory_that_runs_out_loses_nothing_and_is_no_reason_to_restart() {
    let lines = Player::start("memory", Path::new("")).end();
    println!("{lines:?}");
    assert!(lines.iter().any(|line| line.contains("commands failed")), "{lines:?}");
}

/// In the child: commands with ever more memory, and one with enough of it after each.
pub(super) fn part(_: &Path) {
    let (seed, rounds) = (seed("memory"), size("VENUE_MEMORY_ROUNDS", 400));
    let mut dice = Dice::new(seed);
    let mut failed = 0;
    for shift in 0..rounds.div_ceil(100) {
        let mut office = Office::open(&format!("memory-{shift}"), 1);
        for round in 0..100 {
            // A new handle has nothing cached: it needs memory for everything.
            if round % 4 == 0 {
                office.engines.clear();
                let engine = office.handle().expect("an open file");
                office.engines.push(engine);
            }
            let more = i64::try_from(dice.below(MOST)).expect("a small number");
            limit_heap(heap_used() + more);
            let told = office.ask(&mut dice, &[]);
            limit_heap(0);
            match told {
                Outcome::Done(..) | Outcome::Refused(_) => {}
                Outcome::Unknown | Outcome::Failed(Class::Storage, "out_of_memory", _) => {
                    failed += 1;
                }
                other @ Outcome::Failed(..) => {
                    panic!("{other:?} where memory ran out: VENUE_SEED={seed}")
                }
            }
            office.recovered(&mut dice).expect("recovery");
        }
        office.no_bug().expect("no bug");
        office
            .history
            .check_keys(usize::MAX, &look(&office.disk, FILE).expect("a whole file"))
            .expect("every promise");
        office.engines.clear();
        let path = office.disk.path(FILE);
        office
            .history
            .check_answers(usize::MAX, &path, &options(&office.disk))
            .expect("every promise");
    }
    assert!(failed > 10, "memory ran out only {failed} times of {rounds}");
    say(&format!("{failed} of {rounds} commands failed"));
}
