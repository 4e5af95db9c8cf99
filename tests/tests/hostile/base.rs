//! The file that is damaged: a small stage in which everything has happened once, the same bytes each time.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use venue_core::domain::caller::Caller;
use venue_core::engine::{Engine, ImportOptions, OpenOptions};
use venue_core::store::sqlite::{Access, NewFile, create};
use venue_tests::dice::Dice;
use venue_tests::fixture::{FIRST_DAY, at};

use super::rows::{Rows, rows};

/// A file's bytes, those of its log if it has one, and its rows.
#[derive(Debug, Clone)]
pub(super) struct Image {
    pub(super) file: Vec<u8>,
    pub(super) log: Option<Vec<u8>>,
    /// What it holds, newest last: all but the last are what it held a commit, or several, before.
    pub(super) states: Vec<Rows>,
}

/// The files that damages begin with.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) folder: tempfile::TempDir,
    /// Closed: everything is in the one file.
    pub(super) closed: Image,
    /// As a process that dies leaves it: the newest commits are in the log.
    pub(super) left: Image,
    /// The same of another organizer's file.
    pub(super) other: Image,
    /// Ids that later requests name.
    pub(super) names: Names,
}

/// What requests name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    pub(super) held: String,
    pub(super) confirmed: String,
    pub(super) ticket: String,
}

/// How every file of this rig is opened.
pub(super) fn options() -> OpenOptions {
    OpenOptions::default().now(Some(at("2026-11-01T12:00:00Z"))).noise(|n| Dice::new(n).bits())
}

/// A name beside a file.
pub(super) fn beside(path: &Path, side: &str) -> PathBuf {
    PathBuf::from(format!("{}{side}", path.display()))
}

fn ask(engine: &Engine, verb: &str, request: &Value) -> Value {
    let answer = engine.call_json(verb, request.to_string().as_bytes());
    answer.unwrap_or_else(|error| panic!("{verb} {request}: {error:?}"))
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// What happens before the file is closed once.
fn first_half(engine: &Engine) {
    let organizer = json!({"role": "organizer", "actor": "o"});
    let (konzert, lesung) = ("konzert@2026-12-20T20:00", "lesung@2100-06-01T18:00");
    let key = |n: u32| format!("a-key-of-the-hostile-{n:04}");
    let sold = json!({"slot": konzert, "seats": ["A-1", "A-2"], "payment": "card:tx-1:40.00", "buyer": "b-1", "idempotency_key": key(1), "request_id": "r-1"});
    ask(engine, "sell", &sold);
    let hold =
        json!({"slot": konzert, "seats": ["B-1"], "buyer": "b-2", "idempotency_key": key(2)});
    let id = ask(engine, "hold", &hold)["data"]["id"].clone();
    ask(engine, "confirm", &json!({"booking": id, "payment": "card:tx-2"}));
    let id = ask(
        engine,
        "sell",
        &json!({"slot": lesung, "seats": ["A-1", "A-2", "A-3"], "payment": "card:tx-3"}),
    )["data"]["id"]
        .clone();
    ask(engine, "cancel", &json!({"booking": id, "line": [2], "reason": "rain"}));
    let id = ask(engine, "sell", &json!({"slot": lesung, "area": "Stand", "quantity": 3}))["data"]
        ["id"]
        .clone();
    ask(engine, "cancel", &json!({"booking": id}));
    let id = ask(
        engine,
        "hold",
        &json!({"slot": konzert, "area": "Stand", "quantity": 2, "buyer": "b-1"}),
    )["data"]["id"]
        .clone();
    ask(engine, "release", &json!({"booking": id}));
    ask(engine, "hold", &json!({"slot": lesung, "seats": ["B-5"], "ttl": "30s"}));
    engine.set_test_now(Some(at("2026-11-01T11:59:00Z"))).expect("a test clock");
    let _ = engine.sweep().expect("a sweep");
    ask(
        engine,
        "house",
        &json!({"slot": konzert, "seats": ["A-5", "A-6"], "kind": "hold", "caller": organizer}),
    );
    ask(
        engine,
        "house",
        &json!({"slot": konzert, "area": "Stand", "quantity": 2, "kind": "kill", "caller": organizer}),
    );
    ask(
        engine,
        "house",
        &json!({"slot": konzert, "seats": ["A-6"], "kind": "hold", "lift": true, "caller": organizer}),
    );
    ask(engine, "slot_close", &json!({"slot": "premiere@2026-11-10T20:00", "caller": organizer}));
    let refused = json!({"slot": konzert, "seats": ["A-1"], "idempotency_key": key(3)});
    assert!(engine.call_json("sell", refused.to_string().as_bytes()).is_err());
}

/// What happens afterwards, commit by commit.
fn second_half(engine: &Engine, names: &mut Names, mut committed: impl FnMut()) {
    engine.set_test_now(Some(at("2026-11-01T12:00:00Z"))).expect("a test clock");
    let (konzert, lesung) = ("konzert@2026-12-20T20:00", "lesung@2100-06-01T18:00");
    let view = ask(engine, "hold", &json!({"slot": konzert, "seats": ["B-3"], "buyer": "b-3"}));
    names.held = text(&view["data"]["id"]);
    committed();
    let view =
        ask(engine, "sell", &json!({"slot": lesung, "seats": ["B-1", "B-2"], "buyer": "b-1"}));
    names.confirmed = text(&view["data"]["id"]);
    names.ticket = text(&view["data"]["tickets"][0]["number"]);
    committed();
    ask(engine, "sell", &json!({"slot": konzert, "area": "Stand", "quantity": 4}));
    committed();
    let opened =
        json!({"slot": "premiere@2026-11-10T20:00", "caller": {"role": "organizer", "actor": "o"}});
    ask(engine, "slot_open", &opened);
    committed();
}

/// A copy of a file that may be open, made by another process: closing a second descriptor of it in this one would
/// drop SQLite's locks.
fn copy_of(path: &Path) -> PathBuf {
    let copy = beside(path, "-copy");
    for side in ["", "-wal"] {
        let mut command = std::process::Command::new("cp");
        let copied = command.arg(beside(path, side)).arg(beside(&copy, side)).status();
        assert!(copied.is_ok_and(|status| status.success()), "a copy of {}", path.display());
    }
    copy
}

fn read(path: &Path, states: Vec<Rows>) -> Image {
    let copy = copy_of(path);
    let bytes = |side| std::fs::read(beside(&copy, side)).expect("bytes");
    let log = bytes("-wal");
    Image { file: bytes(""), log: (!log.is_empty()).then_some(log), states }
}

/// The rows of a file that may be open.
fn rows_of(path: &Path) -> Rows {
    rows(&copy_of(path)).expect("rows")
}

/// A file of this id: as a dying process leaves it, and closed.
fn make(folder: &Path, id: u8) -> (Image, Image, Names) {
    let path = folder.join(format!("base-{id}.db"));
    let new = NewFile {
        file_id: [id; 16],
        epoch: 1 << 40,
        floor: at(FIRST_DAY).micros(),
        test_clock: true,
        group: None,
        secret: [9; 32],
    };
    create(&path, &new, &Access::default()).expect("a new file");
    let open = || Engine::open(&path, &options()).expect("an open file");
    let engine = open();
    engine.set_test_now(Some(at(FIRST_DAY))).expect("a test clock");
    let season = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seasons/buehne.toml");
    let local = Caller::local();
    engine
        .import(&local, &[season], &ImportOptions::default(), &mut |_, _, _| {})
        .expect("a season");
    first_half(&engine);
    drop(engine);
    let engine = open();
    let (mut names, mut states) = (Names::default(), Vec::new());
    // What the file alone says once its log may hold commits.
    let _ = engine.sweep().expect("a sweep");
    states.push(rows_of(&path));
    second_half(&engine, &mut names, || states.push(rows_of(&path)));
    let left = read(&path, states);
    drop(engine);
    let closed = read(&path, vec![rows_of(&path)]);
    assert!(left.log.is_some() && closed.log.is_none(), "a log while it is open");
    (left, closed, names)
}

impl Base {
    /// Makes it.
    pub(super) fn make() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (left, closed, names) = make(folder.path(), 7);
        let (other, _, _) = make(folder.path(), 8);
        Self { folder, closed, left, other, names }
    }
}
