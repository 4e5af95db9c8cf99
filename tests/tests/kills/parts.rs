//! What the children do: each part is played by a process of its own until it is killed, or has done its share.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use venue_core::domain::caller::Caller;
use venue_core::domain::error::Class;
use venue_core::domain::instant::Span;
use venue_core::domain::reply::Reply;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};
use venue_core::store::sqlite::{Access, open_and_step};
use venue_tests::children::{Player, hear, say};
use venue_tests::dice::Dice;
use venue_tests::fixture::{FIRST_DAY, at};
use venue_tests::peers::beside;
use venue_tests::stage::any_verb;
use venue_tests::stage_events;

use super::stops;
use super::truth::Log;

/// What a child is to do.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Task {
    /// Where it writes, or what it works on.
    pub(crate) folder: PathBuf,
    /// Another file that it needs.
    pub(crate) file: PathBuf,
    /// Its name.
    pub(crate) name: String,
    /// The seed of what it asks.
    pub(crate) seed: u64,
    /// How many threads it has.
    pub(crate) threads: u64,
    /// How many calls each makes at most.
    pub(crate) calls: u64,
    /// It moves the clock on, from so many seconds after the first day's beginning.
    pub(crate) clock: Option<i64>,
}

impl Task {
    /// Starts a process that waits for this task.
    pub(crate) fn ready(part: &str, file: &Path) -> Player {
        let mut player = Player::start(part, file);
        assert_eq!(player.line(), "ready");
        player
    }

    /// Gives the task to a process.
    pub(crate) fn give(&self, player: &mut Player) {
        player.tell(&serde_json::to_string(self).expect("plain data"));
    }

    /// The file to which a thread writes what it is told.
    pub(crate) fn log(&self, thread: u64) -> PathBuf {
        self.folder.join(format!("told-{}-{thread}", self.name))
    }
}

/// Plays a part.
pub(crate) fn play(part: &str, file: &Path) {
    say("ready");
    let Some(line) = hear() else { return };
    let task: Task = serde_json::from_str(&line).expect("a task");
    match part {
        "sells" => sells(file, &task),
        "reopens" => reopens(file, &task),
        "tidies" => tidies(file),
        "makes" => makes(file),
        "steps" => steps(file, &task),
        "backs_up" => backs_up(file, &task),
        "restores" => restores(file, &task),
        "imports" => imports(file, &task),
        "holds" => stops::holds(file, &task.file),
        other => panic!("no part is called {other}"),
    }
    say("done");
}

/// Opens, and asks for everything in several threads.
fn sells(file: &Path, task: &Task) {
    let engine = open(file);
    let known = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..task.threads {
            let (engine, known) = (&engine, &known);
            scope.spawn(move || {
                let name = format!("{}-{thread}", task.name);
                let mut log = Log::begin(engine, &name, &task.log(thread));
                let mut dice = Dice::new(task.seed ^ (thread << 48));
                let clock = task.clock.filter(|_| thread == 0);
                for call in 0..task.calls {
                    ask(engine, &mut log, &mut dice, call, clock, known);
                }
            });
        }
    });
}

/// Asks for one thing. Who keeps the clock moves it by two seconds a call; whoever is given no time stands at the last
/// commit.
fn ask(
    engine: &Engine,
    log: &mut Log<'_>,
    dice: &mut Dice,
    call: u64,
    clock: Option<i64>,
    known: &Mutex<Vec<venue_core::domain::request::BookingName>>,
) {
    if let Some(from) = clock {
        let passed = Span::from_secs(from + 2 * i64::try_from(call).expect("a number"));
        engine.set_test_now(Some(at(FIRST_DAY).plus(passed))).expect("a test clock");
    }
    if dice.below(60) == 0 {
        match stage_events::generate(engine) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.class(), Class::Retry, "{error}"),
        }
    }
    let verb = any_verb(dice, &known.lock().expect("names"));
    if let Ok(Reply::Booking(view)) = log.call(&format!("key-{call}"), verb) {
        let mut known = known.lock().expect("names");
        known.push(view.id.into());
        if known.len() > 12 {
            known.remove(0);
        }
    }
}

/// Opens, asks for a little, closes (which empties the log where nobody else has the file), and begins again.
fn reopens(file: &Path, task: &Task) {
    let (mut dice, known) = (Dice::new(task.seed), Mutex::new(Vec::new()));
    for call in 0..task.calls {
        let engine = open(file);
        let mut log = Log::begin(&engine, &task.name, &task.log(0));
        ask(&engine, &mut log, &mut dice, call, task.clock, &known);
        engine.close();
    }
}

/// Brings the log into the file, by every way there is, again and again.
fn tidies(file: &Path) {
    let connection = beside(file);
    let keep = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    connection.set_db_config(keep, true).expect("a setting");
    for turn in 0..20_000 {
        let way = ["PASSIVE", "TRUNCATE", "RESTART", "FULL"][turn % 4];
        let sql = format!("PRAGMA wal_checkpoint({way})");
        // That somebody else reads or writes is no failure of the one who tidies.
        let _ = connection.query_one(&sql, [], |row| row.get::<_, i64>(0));
    }
}

/// Makes a file.
fn makes(file: &Path) {
    let new = NewFile::default().test_clock(Some(at(FIRST_DAY)));
    Engine::create(file, &new, &OpenOptions::default()).expect("a new file");
}

/// Brings the file to the next schema, which only this rig knows.
fn steps(file: &Path, task: &Task) {
    let step = std::fs::read_to_string(&task.file).expect("a step");
    match open_and_step(file, &Access::default(), &step) {
        Ok(_) => {}
        // Somebody else has done it meanwhile.
        Err(error) => assert_eq!(
            error.failure,
            venue_core::store::boundary::StoreFailure::NewerSchema,
            "{error}"
        ),
    }
}

/// Backs the file up, again and again.
fn backs_up(file: &Path, task: &Task) {
    let engine = open(file);
    for copy in 0..task.calls {
        engine.backup(task.folder.join(format!("copy-{copy}"))).expect("a backup");
    }
}

/// Puts a backup in the place of the file.
fn restores(file: &Path, task: &Task) {
    Engine::restore(&task.file, file, &OpenOptions::default()).expect("a restored file");
}

/// Imports a season.
fn imports(file: &Path, task: &Task) {
    let engine = open(file);
    let (caller, files) = (Caller::local(), [task.file.clone()]);
    engine
        .import(&caller, &files, &ImportOptions::default(), &mut |_, _, _| {})
        .expect("an import");
}

fn open(file: &Path) -> Engine {
    Engine::open(file, &OpenOptions::default()).expect("an open file")
}
