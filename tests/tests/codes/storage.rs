//! What files and disks are answered with.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use venue_core::domain::caller::Caller;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::Player;
use venue_tests::fixture::Fixture;
use venue_tests::peers::beside;

use super::requests::sale;
use super::{Way, code};

/// Codes of files.
pub(crate) const WAYS: &[Way] = &[
    ("no_file", no_file),
    ("foreign_file", foreign_file),
    ("newer_schema", newer_schema),
    ("damaged", damaged),
    ("read_only", read_only),
    ("moved", moved),
    ("target_exists", target_exists),
    ("in_use", in_use),
    ("database", database),
    ("out_of_memory", out_of_memory),
];

/// Codes of disks that fail, each reached by a child on such a disk.
pub(crate) const BY_CHILDREN: [&str; 4] = ["disk_full", "io_error", "unknown", "fence_owed"];

fn open(fixture: &Fixture) -> Result<Engine, venue_core::domain::error::Error> {
    Engine::open(fixture.path(), &OpenOptions::default())
}

fn no_file() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    code(Engine::open(folder.path().join("none.db"), &OpenOptions::default()))
}

fn foreign_file() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.db");
    fs::write(&path, "Dear box office").expect("a letter");
    let answer = code(Engine::open(&path, &OpenOptions::default()));
    assert_eq!(fs::read(&path).expect("the letter"), b"Dear box office");
    answer
}

fn newer_schema() -> String {
    let fixture = Fixture::empty();
    fixture.engine.close();
    beside(&fixture.path()).execute_batch("PRAGMA user_version = 99").expect("a change");
    code(open(&fixture))
}

/// All pages but the first are noise: an answer, and no panic.
fn damaged() -> String {
    let fixture = Fixture::arena();
    fixture.engine.close();
    let mut bytes = fs::read(fixture.path()).expect("the file");
    bytes[4_096..].iter_mut().for_each(|byte| *byte ^= 0xa5);
    fs::write(fixture.path(), bytes).expect("the file");
    code(open(&fixture).and_then(|engine| engine.sell(&Caller::local(), sale())))
}

/// As a process without the right to write what it may only read: root has it unless it gives it up.
fn read_only() -> String {
    let fixture = Fixture::arena();
    fixture.engine.close();
    fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o400)).expect("rights");
    let binary = std::env::current_exe().expect("a binary");
    let mut command = Command::new(&binary);
    if fs::OpenOptions::new().append(true).open(fixture.path()).is_ok() {
        command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--inh-caps=-all"]).arg(binary);
    }
    let mut player = Player::run(command, "seller", &fixture.path());
    let answer = player.line();
    player.end();
    answer
}

fn moved() -> String {
    let fixture = Fixture::arena();
    let elsewhere = fixture.folder.path().join("elsewhere.db");
    fs::rename(fixture.path(), &elsewhere).expect("another name");
    let answer = code(fixture.engine.sell(&Caller::local(), sale()));
    fs::rename(&elsewhere, fixture.path()).expect("the old name");
    let _ = fixture.engine.sell(&Caller::local(), sale()).expect("a sale");
    fixture.assert_healthy();
    answer
}

fn target_exists() -> String {
    let fixture = Fixture::arena();
    let target = fixture.folder.path().join("copy.db");
    fs::write(&target, "something").expect("a file");
    let answer = code(fixture.engine.backup(&target));
    assert_eq!(fs::read(&target).expect("the file"), b"something");
    answer
}

fn in_use() -> String {
    let fixture = Fixture::arena();
    let copy = fixture.folder.path().join("copy.db");
    fixture.engine.backup(&copy).expect("a backup");
    let answer = code(Engine::restore(&copy, fixture.path(), &OpenOptions::default()));
    let _ = fixture.engine.sell(&Caller::local(), sale()).expect("a sale");
    let (path, options) = (fixture.path(), OpenOptions::default());
    let Fixture { folder: _folder, engine } = fixture;
    drop(engine);
    Engine::restore(&copy, &path, &options).expect("a restore");
    assert!(Engine::doctor(&path, &options, &mut |_, _, _| {}).expect("doctor").ok);
    answer
}

fn database() -> String {
    let fixture = Fixture::arena();
    beside(&fixture.path()).execute_batch("DROP TABLE key_record").expect("a change");
    code(fixture.engine.sell(&Caller::local(), sale()))
}

/// A limit of SQLite's memory holds for the whole process: another one has it.
fn out_of_memory() -> String {
    let fixture = Fixture::arena();
    let mut player = Player::start("hungry", &fixture.path());
    let answer = player.line();
    player.end();
    fixture.assert_healthy();
    answer
}

/// Sells on a disk of its own until that is full. Needs no rights where the system lets everybody have a disk in
/// memory; where it does not, the store's own test with a full database stands in for it.
pub(crate) fn full_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs -o size=3m none \"$VENUE_RIG_FILE\" && exec \"$0\" \"$@\"";
    command.args(["-rm", "sh", "-c", script]).arg(std::env::current_exe().expect("a binary"));
    let mut player = Player::run(command, "filler", folder.path());
    if let Some(code) = player.next_line() {
        assert_eq!(code, "disk_full");
        assert_eq!(player.end(), ["reads", "healthy", "sells again"]);
        return;
    }
    println!("no disk in memory here: see a_full_disk_is_certain_and_passes");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../venue-core/src/store/sqlite/tests/writing.rs");
    let text = fs::read_to_string(tests).expect("the store's tests");
    assert!(text.contains("fn a_full_disk_is_certain_and_passes("));
}

/// A process that may write no file beyond a length: commits fail, at first those of sales, at last the fences too.
pub(crate) fn failing_disk() {
    let fixture = Fixture::arena();
    fixture.engine.close();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""]);
    command.arg(std::env::current_exe().expect("a binary"));
    let mut player = Player::run(command, "limited", &fixture.path());
    for expected in ["io_error", "unknown", "fence_owed"] {
        assert_eq!(player.line(), expected);
    }
    let sold = player.end();
    let engine = open(&fixture).expect("an open file");
    let found = engine.call_json("booking_list", b"{\"limit\":1000}").expect("a list");
    let found = found["data"]["items"].as_array().expect("items").len();
    // Those that were answered are there; the one whose fate was not known may be.
    let sold: usize = sold[0].parse().expect("a number");
    assert!((sold..=sold + 1).contains(&found), "{found} of {sold}");
    let _ = engine.sell(&Caller::local(), sale()).expect("a sale");
    fixture.assert_healthy();
}

#[test]
fn a_copy_without_its_log_is_warned_about() {
    let fixture = Fixture::arena();
    let _ = fixture.engine.sell(&Caller::local(), sale()).unwrap();
    let options = OpenOptions::default();
    let copied = |name: &str| {
        let copy = fixture.folder.path().join(name);
        fs::copy(fixture.path(), &copy).unwrap();
        copy
    };
    let info = Engine::info(copied("one.db"), &options).unwrap();
    assert_eq!(info.warnings, ["copied_without_wal"]);
    let doctor = Engine::doctor(copied("two.db"), &options, &mut |_, _, _| {}).unwrap();
    assert!(!doctor.check("copied_without_wal").unwrap().ok);
    let engine = Engine::open(copied("three.db"), &options).unwrap();
    assert_eq!(engine.warnings(), ["copied_without_wal"]);
}
