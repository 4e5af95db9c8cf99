//! What venue-core draws in.

use std::collections::BTreeSet;
use std::process::Command;

/// Crates that code of venue-core is linked with, itself not counted.
const AT_MOST: usize = 60;

/// What must never be among them.
const BANNED: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "regex",
    "rand",
    "openssl",
    "openssl-sys",
    "native-tls",
    "rustls",
    "ring",
    "sqlx",
    "sqlx-core",
    "diesel",
    "reqwest",
    "hyper",
];

/// The crates that end up in a program which uses venue-core with its default features: `cargo tree -p venue-core
/// -e normal,no-proc-macro`, each name and version once. Procedural macros, with what only they need, and build
/// scripts run at build time and are not counted.
fn linked() -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "-p", "venue-core", "-e", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(crate::source::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some(format!("{} {}", words.next()?, words.next()?))
        })
        .filter(|crate_| !crate_.starts_with("venue-core "))
        .collect()
}

#[test]
fn venue_core_draws_in_few_crates_and_no_runtime() {
    let linked = linked();
    assert!(linked.len() > 10, "the tree was not read: {linked:?}");
    assert!(linked.len() <= AT_MOST, "{} crates: {linked:#?}", linked.len());
    let banned: Vec<&String> = linked
        .iter()
        .filter(|crate_| BANNED.contains(&crate_.split(' ').next().unwrap_or("")))
        .collect();
    assert!(banned.is_empty(), "{banned:?}");
}
