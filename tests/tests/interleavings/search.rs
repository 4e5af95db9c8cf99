//! The search for a planted bug, in a process of its own.
//!
//! A model that fails leaves its threads in the middle of something: while they unwind they panic
//! again, which aborts the process under loom. So the search is this very test, run once more in
//! a new process that ends at the first panic.

use std::process::{Command, exit};

/// Tells a test that it is the process that searches.
const SEARCH: &str = "VENUE_SEARCHES";

/// The exit code of a process that found something. A test that fails otherwise exits with 101.
const FOUND: i32 = 42;

/// Claims that `explore`, which plants the bug, panics.
pub(super) fn finds(test: &str, bug: &str, explore: impl FnOnce()) {
    if std::env::var_os(SEARCH).is_some() {
        std::panic::set_hook(Box::new(|panic| {
            println!("{panic}");
            exit(FOUND)
        }));
        explore();
        return;
    }
    let (_, name) = test.split_once("::").expect("a test lies in a crate");
    let program = std::env::current_exe().expect("a test knows its program");
    let arguments = ["--exact", name, "--nocapture"];
    let search = Command::new(program).args(arguments).env(SEARCH, "1").output();
    let search = search.expect("a test can start its program");
    let said = String::from_utf8_lossy(&search.stdout);
    assert_eq!(search.status.code(), Some(FOUND), "{bug}: not found: {said}");
}
