//! Rigs that run themselves again with a bug planted, and must fail then: a rig that cannot fail proves nothing.
//!
//! The child is this test binary, started anew, because a planted bug is awake for a whole process. What the rig says
//! without one its ordinary run shows.

use std::process::{Command, Output};

use venue_core::canary::Canary;

/// Names the planted bug in a process's environment.
const AWAKE: &str = "VENUE_CANARY";

/// The planted bug that is awake in this process; none in an ordinary run.
pub fn awake() -> Option<String> {
    std::env::var(AWAKE).ok()
}

/// Runs a test of this binary, named exactly, with a planted bug, and asserts that it fails and that its output has
/// the words that name the broken promise. `size` is the rig's environment, to keep it to seconds.
///
/// # Panics
/// If the rig passes, if it fails for another reason than its promise, or if there is no such test.
pub fn assert_found(canary: Canary, test: &str, size: &[(&str, &str)], promise: &str) {
    assert_found_by_one_of(canary, test, size, &[promise]);
}

/// As [`assert_found`], where chance decides which of several promises is the first to be seen broken.
///
/// # Panics
/// As there.
pub fn assert_found_by_one_of(
    canary: Canary,
    test: &str,
    size: &[(&str, &str)],
    promises: &[&str],
) {
    if awake().is_some() {
        // A child that runs everything does not plant again.
        return;
    }
    let name = canary.name();
    let mut turns = 1..ATTEMPTS;
    loop {
        let output = child(Some(canary), test, size);
        let text = text_of(&output);
        assert!(text.contains("running 1 test\n"), "{test} is no test of this binary:\n{text}");
        let promise = promises.iter().find(|promise| text.contains(**promise));
        match promise.filter(|_| !output.status.success()) {
            Some(promise) => return println!("{test} finds {name}: {promise}"),
            None if turns.next().is_some() => {}
            None if output.status.success() => panic!("{test} did not find {name}:\n{text}"),
            None => panic!("{test} failed under {name}, but not by {promises:?}:\n{text}"),
        }
    }
}

/// How often a rig may look for its bug. What several processes do at once is chance, and more so on a busy machine: a
/// rig that finds its bug nine times of ten misses it three times running once in a thousand.
const ATTEMPTS: usize = 3;

/// Runs a test of this binary, named exactly, as a process of its own.
fn child(canary: Option<Canary>, test: &str, size: &[(&str, &str)]) -> Output {
    let binary = std::env::current_exe().expect("a binary");
    let mut command = Command::new(binary);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env_remove(AWAKE);
    // The words are enough, and a stack takes seconds to be named in a debug build.
    command.env("RUST_BACKTRACE", "0");
    if let Some(canary) = canary {
        command.env(AWAKE, canary.name());
    }
    command.envs(size.iter().copied()).output().expect("a child")
}

/// What it said, on both ways.
fn text_of(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{err}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: &str = "canaries::tests::a_planted_bug_is_named_in_the_environment";

    #[test]
    fn a_planted_bug_is_named_in_the_environment() {
        if let Some(name) = awake() {
            let known = Canary::ALL.iter().any(|canary| canary.name() == name);
            assert!(!known, "the bug {name} is awake");
        }
    }

    #[test]
    fn a_rig_that_fails_by_its_promise_has_found_it() {
        for canary in &Canary::ALL[..2] {
            let promise = format!("the bug {} is awake", canary.name());
            assert_found(*canary, TEST, &[], &promise);
        }
    }

    #[test]
    #[should_panic(expected = "did not find")]
    fn a_rig_that_passes_has_found_nothing() {
        let test = "canaries::tests::a_rig_that_fails_by_its_promise_has_found_it";
        assert_found(Canary::ALL[0], test, &[], "nothing");
    }

    #[test]
    #[should_panic(expected = "but not by")]
    fn a_rig_that_fails_for_another_reason_has_found_nothing() {
        assert_found(Canary::ALL[0], TEST, &[], "a promise that nobody gave");
    }

    #[test]
    #[should_panic(expected = "is no test of this binary")]
    fn a_rig_that_is_not_there_has_found_nothing() {
        assert_found(Canary::ALL[0], "nowhere", &[], "nothing");
    }
}
