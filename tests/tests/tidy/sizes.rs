//! Files and functions stay small. What was larger when the bound came may shrink, never grow.

use crate::source::{parts, rust_below};

/// A file has fewer lines.
const FILE_LINES: usize = 400;
/// A function has fewer lines, its first and its last one included.
const FUNCTION_LINES: usize = 70;

/// Files that are larger, with the lines they may have at most.
const LARGE_FILES: &[(&str, usize)] = &[];

/// Functions that are larger: file, name, lines.
const LARGE_FUNCTIONS: &[(&str, &str, usize)] = &[("venue-cli/src/draw/tests.rs", "slot", 81)];

/// The packages whose sizes are bounded.
const PACKAGES: &[&str] = &["venue-core", "venue-cli", "venue-ffi", "examples", "tests"];

#[test]
fn files_are_small() {
    let mut wrong = Vec::new();
    for file in PACKAGES.iter().flat_map(|package| rust_below(package)) {
        let lines = file.text.lines().count();
        let known = LARGE_FILES.iter().find(|(path, _)| *path == file.path).map(|known| known.1);
        match known {
            Some(bound) if lines > bound => {
                wrong.push(format!("{}: {lines} lines, grown from {bound}", file.path));
            }
            Some(_) if lines < FILE_LINES => {
                wrong.push(format!("{}: small again: take it out of LARGE_FILES", file.path));
            }
            None if lines >= FILE_LINES => wrong.push(format!("{}: {lines} lines", file.path)),
            Some(_) | None => {}
        }
    }
    assert!(wrong.is_empty(), "files have fewer than {FILE_LINES} lines:\n{}", wrong.join("\n"));
}

#[test]
fn functions_are_short() {
    let mut wrong = Vec::new();
    for file in PACKAGES.iter().flat_map(|package| rust_below(package)) {
        for (name, lines) in functions(&parts(&file.text).code) {
            let known = LARGE_FUNCTIONS
                .iter()
                .find(|(path, function, _)| *path == file.path && *function == name);
            let bound = known.map_or(FUNCTION_LINES - 1, |known| known.2);
            if lines > bound {
                wrong.push(format!("{}: {name} has {lines} lines, at most {bound}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "long functions:\n{}", wrong.join("\n"));
}

/// The functions of a text, with their lines from `fn` to the closing brace.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let before = code[..start].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[start + 3..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if let (false, Some(end)) = (name.is_empty(), body_end(rest)) {
            found.push((name, rest[..end].matches('\n').count() + 1));
        }
    }
    found
}

/// Where the body ends that follows a function's head; none where there is only a head.
fn body_end(text: &str) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && curly == 0 => return None,
            '{' => curly += 1,
            '}' if curly == 1 && round == 0 => return Some(at),
            '}' => curly -= 1,
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_found_with_their_lines() {
    let code = "trait T { fn head(&self) -> [u8; 4]; }\nfn one() {}\nfn three(a: &[u8; 2]) {\n  if a { b }\n}\n";
    assert_eq!(functions(code), [("one".to_owned(), 1), ("three".to_owned(), 3)]);
}

#[test]
fn modules_say_what_they_hold() {
    let banned = ["utils", "util", "helpers", "helper", "common", "manager", "misc"];
    let wrong: Vec<String> = PACKAGES
        .iter()
        .flat_map(|package| rust_below(package))
        .map(|file| file.path)
        .filter(|path| {
            path.split('/').any(|part| banned.contains(&part.strip_suffix(".rs").unwrap_or(part)))
        })
        .collect();
    assert!(wrong.is_empty(), "modules whose name says nothing: {wrong:?}");
}
