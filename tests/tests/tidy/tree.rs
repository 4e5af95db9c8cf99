//! The whole tree: nothing left behind, nothing that only works on one machine, no unexplained `unsafe`.

use std::collections::HashSet;

use crate::source::{files_below, parts, rust_below};

#[test]
fn nothing_is_left_behind() {
    // Written in two halves, so that this file does not find itself.
    let banned = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("dbg", "!("),
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
    ];
    let mut wrong = Vec::new();
    for file in files_below(".") {
        for (number, line) in file.text.lines().enumerate() {
            for word in banned.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "not to be shipped:\n{}", wrong.join("\n"));
}

#[test]
fn every_unsafe_block_says_why_it_is_sound() {
    let mut wrong = Vec::new();
    for file in rust_below(".") {
        let lines: Vec<&str> = file.text.lines().collect();
        for (number, code) in parts(&file.text).code.lines().enumerate() {
            if code.contains("unsafe {") || code.contains("unsafe impl") {
                let above = &lines[number.saturating_sub(6)..=number];
                if !above.iter().any(|line| line.contains("// SAFETY:")) {
                    wrong.push(format!("{}:{}", file.path, number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "unsafe without a reason:\n{}", wrong.join("\n"));
}

#[test]
fn codes_and_numbers_of_the_catalogue_are_unique() {
    let catalogue = venue_core::domain::error::CATALOGUE;
    let codes: HashSet<_> = catalogue.iter().map(|entry| entry.code).collect();
    let numbers: HashSet<_> = catalogue.iter().map(|entry| entry.number).collect();
    assert_eq!((codes.len(), numbers.len()), (catalogue.len(), catalogue.len()));
    let snake = |code: &str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(codes.iter().all(|code| snake(code)), "{codes:?}");
}

#[test]
fn every_package_takes_the_workspaces_lints() {
    let packages = ["venue-core", "venue-cli", "venue-ffi", "examples", "examples/kiosk", "tests"];
    for package in packages {
        let path = crate::source::root().join(package).join("Cargo.toml");
        let text = std::fs::read_to_string(path).expect("every package has one");
        // Two cannot: the C library, and the rigs with their disk under SQLite, need unsafe code. They have the same
        // lints of their own.
        let wanted = match package {
            "venue-ffi" => ["[lints.rust]", "undocumented_unsafe_blocks"],
            "tests" => ["unsafe_code = \"deny\"", "undocumented_unsafe_blocks"],
            _ => ["[lints]", "workspace = true"],
        };
        assert!(wanted.iter().all(|line| text.contains(line)), "{package} has no lints");
    }
}

#[test]
fn every_planted_bug_has_a_rig_that_finds_it_and_stands_in_the_page() {
    let page = std::fs::read_to_string(crate::source::root().join("docs/reliability.md"));
    let page = page.expect("the page of proofs");
    let rigs: String = rust_below("tests/tests").into_iter().map(|file| file.text).collect();
    for canary in venue_core::canary::Canary::ALL {
        let name = canary.name();
        assert!(page.contains(&format!("| `{name}` |")), "{name} is not in docs/reliability.md");
        assert!(rigs.contains(&format!("Canary::{canary:?}")), "no rig finds {name}");
    }
    let listed = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(listed, venue_core::canary::Canary::ALL.len(), "the page lists others");
}
