//! The options of a command and the members of its request in JSON are the same words.

use std::collections::BTreeSet;

use serde_json::Value;

use super::definition;

/// What only the line has: it says how to answer, or where a secret lies that stands beside the members.
const OF_THE_LINE: [(&str, &str); 6] = [
    ("feed", "follow"),
    ("extend", "token_file"),
    ("confirm", "token_file"),
    ("release", "token_file"),
    ("expire", "token_file"),
    ("call", "input"),
];

/// Commands without a verb: they make or replace files, need no request, or are the line's own business.
const NO_VERBS: [&str; 7] = ["bench", "call", "completions", "demo", "init", "man", "restore"];

/// The words of a command that say what is asked for: its options and arguments, but for the global ones.
fn words(name: &str, command: &clap::Command) -> BTreeSet<String> {
    let own = command.get_arguments().filter(|arg| !arg.is_global_set());
    let words = own.map(|arg| arg.get_long().unwrap_or(arg.get_id().as_str()).replace('-', "_"));
    words.filter(|word| !OF_THE_LINE.contains(&(name, word))).collect()
}

/// The commands that do something, by their verbs' names.
fn commands() -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for command in definition().get_subcommands() {
        let name = command.get_name();
        if command.has_subcommands() {
            for inner in command.get_subcommands() {
                let name = format!("{name}_{}", inner.get_name().replace('-', "_"));
                let words = words(&name, inner);
                found.push((name, words));
            }
        } else {
            found.push((name.to_owned(), words(name, command)));
        }
    }
    found
}

/// The members of a request, by its schema.
fn members(schema: &Value, of: &Value) -> BTreeSet<String> {
    if let Some(name) = of["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        return members(schema, &schema["$defs"][name]);
    }
    let mut found: BTreeSet<String> =
        of["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned()).collect();
    for together in ["anyOf", "allOf"] {
        for part in of[together].as_array().into_iter().flatten() {
            found.extend(members(schema, part));
        }
    }
    found
}

#[test]
fn options_and_members_are_the_same_words() {
    let schema = venue_core::engine::schema();
    let verbs = schema["verbs"].as_object().unwrap();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, words) in commands() {
        let Some(verb) = verbs.get(&name) else {
            if !NO_VERBS.contains(&&*name) {
                wrong.push(format!("{name} is no verb"));
            }
            continue;
        };
        let members = members(&schema, verb);
        for word in words.symmetric_difference(&members) {
            let only = if words.contains(word) { "an option" } else { "a member" };
            wrong.push(format!("{name}: {word} is only {only}"));
        }
        seen.insert(name);
    }
    wrong.extend(
        verbs.keys().filter(|verb| !seen.contains(*verb)).map(|verb| format!("no command {verb}")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn global_options_stand_beside_the_members_under_the_same_words() {
    let schema = venue_core::engine::schema();
    let beside = &schema["beside"];
    let mut members: BTreeSet<String> = beside.as_object().unwrap().keys().cloned().collect();
    // The one that is no word of the line, and the one that is five.
    assert!(members.remove("token") && members.remove("caller"));
    members.extend(self::members(&schema, &beside["caller"]));
    let definition = definition();
    let globals = definition.get_arguments().filter(|arg| arg.is_global_set());
    let of_the_line = ["db", "json", "allow_fs", "color", "log", "quiet", "verbose"];
    let options: BTreeSet<String> = globals
        .map(|arg| arg.get_id().to_string())
        .filter(|name| !of_the_line.contains(&&**name))
        .collect();
    assert_eq!(options, members);
}
