//! Reads the source tree, and takes Rust text apart into code, strings and comments.

use std::path::{Path, PathBuf};

/// The repository's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the package lies in the repository").to_owned()
}

/// A file: its path from the repository's folder, with slashes, and its text.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Folders that hold what was built or fetched.
const MADE: [&str; 5] = ["target", ".git", "corpus", "artifacts", "node_modules"];

/// All text files of the repository below a folder of it, sorted. What is built is left out.
pub(crate) fn files_below(folder: &str) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("folders can be read") {
            let path = entry.expect("folders can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !MADE.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if let (Ok(text), true) = (std::fs::read_to_string(&path), name != ".git") {
                let path = path.strip_prefix(&root).expect("it lies below").to_string_lossy();
                found.push(File { path: path.replace('\\', "/"), text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The Rust files below a folder.
pub(crate) fn rust_below(folder: &str) -> Vec<File> {
    let is_rust = |file: &File| Path::new(&file.path).extension().is_some_and(|it| it == "rs");
    files_below(folder).into_iter().filter(is_rust).collect()
}

/// True if the file holds tests and nothing that is shipped.
pub(crate) fn is_test(path: &str) -> bool {
    path.split('/').any(|part| {
        let stem = part.strip_suffix(".rs").unwrap_or(part);
        stem == "tests"
            || stem == "examples"
            || stem == "benches"
            || stem == "fixtures"
            || stem.ends_with("_tests")
    })
}

/// A Rust text taken apart. Both parts have the lines of the whole, with blanks for what is left out.
#[derive(Debug)]
pub(crate) struct Parts {
    /// Without comments, and without what stands in strings.
    pub(crate) code: String,
    /// Only what stands in strings.
    pub(crate) strings: String,
}

#[derive(Clone, Copy, PartialEq)]
enum In {
    Code,
    Line,
    Block(u32),
    Text,
    Raw(usize),
}

/// Takes a Rust text apart.
pub(crate) fn parts(text: &str) -> Parts {
    let bytes = text.as_bytes();
    let mut parts = Parts { code: String::new(), strings: String::new() };
    let mut within = In::Code;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (next, taken) = step(within, rest, at.checked_sub(1).map(|before| bytes[before]));
        let code = within == In::Code && next == In::Code;
        let string = matches!(within, In::Text | In::Raw(_)) && next == within;
        for byte in &rest[..taken] {
            let shown = |show: bool| match byte {
                b'\n' => '\n',
                byte if show && byte.is_ascii() => char::from(*byte),
                _ => ' ',
            };
            parts.code.push(shown(code));
            parts.strings.push(shown(string));
        }
        at += taken;
        within = next;
    }
    parts
}

/// Where the next bytes lead, and how many they are.
fn step(within: In, rest: &[u8], before: Option<u8>) -> (In, usize) {
    match within {
        In::Code => step_in_code(rest, before),
        In::Line => (if rest[0] == b'\n' { In::Code } else { In::Line }, 1),
        In::Block(depth) if rest.starts_with(b"*/") => {
            (if depth == 1 { In::Code } else { In::Block(depth - 1) }, 2)
        }
        In::Block(depth) if rest.starts_with(b"/*") => (In::Block(depth + 1), 2),
        In::Text if rest[0] == b'\\' => (In::Text, rest.len().min(2)),
        In::Text if rest[0] == b'"' => (In::Code, 1),
        In::Raw(hashes) if rest[0] == b'"' && hashes_of(&rest[1..]) >= hashes => {
            (In::Code, 1 + hashes)
        }
        In::Block(_) | In::Text | In::Raw(_) => (within, 1),
    }
}

fn step_in_code(rest: &[u8], before: Option<u8>) -> (In, usize) {
    let word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let hashes = hashes_of(rest.get(1..).unwrap_or_default());
    match rest {
        [b'/', b'/', ..] => (In::Line, 2),
        [b'/', b'*', ..] => (In::Block(1), 2),
        [b'"', ..] => (In::Text, 1),
        [b'r', ..] if (!word || before == Some(b'b')) && rest.get(1 + hashes) == Some(&b'"') => {
            (In::Raw(hashes), 2 + hashes)
        }
        // A character, not a lifetime: `'x'`, `'\n'`, `'"'`.
        [b'\'', b'\\', _, tail @ ..] => {
            let end = tail.iter().position(|byte| *byte == b'\'').map_or(0, |end| end + 1);
            (In::Code, 3 + end)
        }
        [b'\'', b'"' | b'{' | b'}' | b'/', b'\'', ..] => (In::Code, 3),
        _ => (In::Code, 1),
    }
}

fn hashes_of(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte == b'#').count()
}

#[test]
fn a_text_is_taken_apart() {
    let text = "let a = \"x // {\"; // } \"no\"\nlet b = r#\"raw \" {\"#; let c = '\"'; /* { */ let d: &'a str;\n";
    let parts = parts(text);
    assert_eq!(parts.code.lines().count(), 2);
    assert!(
        !parts.code.contains("//") && !parts.code.contains("no") && !parts.code.contains("raw")
    );
    assert!(parts.code.contains("let c = ") && parts.code.contains("let d: &'a str;"));
    assert!(parts.strings.contains("x // {") && parts.strings.contains("raw \" {"));
    assert!(!parts.strings.contains("no"));
}
