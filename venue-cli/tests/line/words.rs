//! Rule 20: what a verb's members are called in JSON, its options are called on the line.

use std::collections::BTreeSet;

use crate::office::{Office, Ran};

/// What stands on the line alone: a secret that comes from a file, and a feed that does not end.
const LINE_ALONE: [&str; 2] = ["token_file", "follow"];

/// The options of a help page, in snake_case; those of its own, without the global ones behind them.
fn options(help: &str) -> BTreeSet<String> {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    lines
        .filter_map(|line| line.split_once("--"))
        .filter_map(|(_, rest)| rest.split([' ', ',', '=']).next())
        .map(|name| name.replace('-', "_"))
        .collect()
}

/// The arguments that stand without an option: `Usage: venue house [OPTIONS] --kind <KIND> <SLOT>` has one.
fn arguments(help: &str) -> BTreeSet<String> {
    let usage = help.lines().find(|line| line.starts_with("Usage:")).unwrap();
    let words: Vec<&str> = usage.split_whitespace().collect();
    words
        .windows(2)
        .filter(|pair| !pair[0].starts_with("--"))
        .filter_map(|pair| pair[1].strip_prefix('<')?.split('>').next())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn the_members_of_a_verb_are_its_options_on_the_line() {
    let office = Office::empty();
    let help = |words: &[&str]| {
        let ran = Ran::of(&mut office.command(words.iter().chain(&["--help"])));
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.stderr);
        ran.stdout
    };
    let global = options(&help(&[]));
    let schema = venue_core::engine::schema();
    let verbs = schema["verbs"].as_object().unwrap();
    assert!(verbs.len() > 30, "{verbs:?}");
    for (verb, members) in verbs {
        let page = help(&verb.split('_').collect::<Vec<_>>());
        let mut said = arguments(&page);
        // `plan show --version N` is its own, although `venue --version` is one too.
        said.extend(
            options(&page).into_iter().filter(|name| name == "version" || !global.contains(name)),
        );
        said.retain(|name| !LINE_ALONE.contains(&name.as_str()));
        if verb == "import" {
            assert!(said.remove("file") && said.insert("files".to_owned()), "{page}");
        }
        let name = members["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let known = schema["$defs"][name]["properties"].as_object();
        let known: BTreeSet<String> =
            known.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        assert_eq!(said, known, "{verb}");
    }
}
