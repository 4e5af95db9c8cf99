//! A rig shows that it bites: it runs itself again with a bug awake, and has to fail for the right reason.

use std::process::Command;

use venue_core::canary::Canary;

/// Runs a test of this binary again with a bug awake and these sizes.
///
/// # Panics
/// If the test passes all the same, or fails without saying one of the words for a broken promise.
pub fn assert_found(canary: Canary, test: &str, sizes: &[(&str, &str)], words: &[&str]) {
    let mut child = Command::new(std::env::current_exe().expect("a binary"));
    child.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    child.env("VENUE_CANARY", canary.name()).env("RUST_BACKTRACE", "0");
    for (name, value) in sizes {
        child.env(name, value);
    }
    let output = child.output().expect("a child");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let name = canary.name();
    assert!(said.contains("running 1 test"), "{test} is no test of this binary:\n{said}");
    assert!(!output.status.success(), "{test} did not find {name}:\n{said}");
    assert!(words.iter().any(|word| said.contains(word)), "{test} fails otherwise:\n{said}");
    let broken = said.lines().find(|line| words.iter().any(|word| line.contains(word)));
    println!("{name}: {}", broken.unwrap_or_default());
}
