//! Every code of the catalogue is reached by a test: here, or in the one that is named.

mod clocks;
mod parts;
mod requests;
mod storage;

use std::collections::BTreeSet;
use std::path::Path;

use venue_core::domain::error::{CATALOGUE, Error};
use venue_tests::children::part;

/// A code, and how it is reached: the answer is the code that came.
pub(crate) type Way = (&'static str, fn() -> String);

/// Codes that need what a test of the engine from outside cannot do: the file of the test, and its name.
const ELSEWHERE: [(&str, &str, &str); 4] = [
    (
        "usage",
        "venue-cli/tests/line/usage.rs",
        "wrong_usage_exits_2_and_is_an_object_with_json_anywhere",
    ),
    (
        "output",
        "venue-cli/tests/line/writing.rs",
        "a_read_that_cannot_be_written_is_a_failure_of_output",
    ),
    (
        "forked",
        "venue-core/src/store/sqlite/tests/openings.rs",
        "a_handle_carried_over_a_fork_does_nothing_and_closes_nothing",
    ),
    (
        "network_fs",
        "venue-core/src/store/sqlite/tests/disks.rs",
        "a_network_file_system_is_refused_unless_allowed",
    ),
];

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    if let Some((part, file)) = part() {
        parts::play(&part, &file);
    }
}

/// The code of what should not have been done.
pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
    match answer {
        Ok(done) => format!("done: {done:?}"),
        Err(error) => error.code().to_owned(),
    }
}

fn assert_reached(ways: &[Way]) {
    for (code, way) in ways {
        assert_eq!(way(), *code);
    }
}

#[test]
fn every_code_of_a_request_is_reached() {
    requests::ledgers();
    assert_reached(requests::WAYS);
}

#[test]
fn every_code_of_the_file_and_the_machine_is_reached() {
    assert_reached(storage::WAYS);
    storage::full_disk();
    storage::failing_disk();
}

#[test]
fn every_code_of_the_clock_is_reached() {
    assert_reached(clocks::WAYS);
}

#[test]
fn no_code_of_the_catalogue_is_without_a_test() {
    let here = [requests::WAYS, storage::WAYS, clocks::WAYS].concat();
    let mut reached: BTreeSet<&str> = here.iter().map(|(code, _)| *code).collect();
    reached.extend(requests::LEDGERS.iter().map(|(code, _)| *code));
    reached.extend(storage::BY_CHILDREN);
    for (code, file, name) in ELSEWHERE {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("fn {name}(")), "{file} has no {name}");
        assert!(reached.insert(code), "{code} is reached here: {file} need not be named");
    }
    let all: BTreeSet<&str> = CATALOGUE.iter().map(|entry| entry.code).collect();
    assert_eq!(all.difference(&reached).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(reached.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new());
}
