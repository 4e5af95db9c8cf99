//! Killed while the file is brought to a new schema: by a step that only this rig knows.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use venue_core::domain::caller::Caller;
use venue_core::domain::view::ChangeView;
use venue_core::engine::{Engine, OpenOptions};
use venue_core::store::sqlite::{Access, open_and_step};
use venue_tests::dice::Dice;
use venue_tests::oracle::feed as all_changes;
use venue_tests::peers::beside;
use venue_tests::stage::any_verb;

use super::parts::Task;
use super::strike::Moment;
use super::{Original, dice, feed, kills, names, open_whole};

/// Long enough to be killed in the middle.
const STEP: &str = "
    CREATE TABLE rig_step (number INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO rig_step SELECT i, hex(zeroblob(40)) FROM n;
    CREATE INDEX rig_step_by_words ON rig_step (words, number);
";

/// The schema's number while the file is old: of a new file.
static OLD: LazyLock<i64> = LazyLock::new(|| {
    let (_folder, path) = Original::make().copy();
    schema(&path).0
});

/// The schema's number, and how many rows the step made, by a connection that leaves the log as it is.
fn schema(path: &Path) -> (i64, Option<i64>) {
    let connection = spectator(path);
    let number = |sql| connection.query_one(sql, [], |row| row.get::<_, i64>(0)).ok();
    let version = number("PRAGMA user_version").expect("a number");
    (version, number("SELECT count(*) FROM rig_step INDEXED BY rig_step_by_words"))
}

fn spectator(path: &Path) -> Connection {
    let connection = beside(path);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).expect("a setting");
    connection
}

/// The file is as before the step, or as after it, with everything that was in it.
fn assert_one_schema(path: &Path, sold: &[ChangeView]) -> bool {
    let found = schema(path);
    let done = match found {
        (old, None) if old == *OLD => false,
        (new, Some(3_000)) if new == *OLD + 1 => true,
        half => panic!("half a step after a kill: {half:?}"),
    };
    let opened = Engine::open(path, &OpenOptions::default());
    match opened {
        Ok(engine) => {
            assert!(!done, "a file of a schema that nobody knows was opened");
            assert_eq!(all_changes(&engine), sold);
            drop(engine);
            drop(open_whole(path));
        }
        Err(error) => assert_eq!((error.code(), done), ("newer_schema", true)),
    }
    done
}

/// Every backup that was made before the step is whole; they are removed.
fn assert_backups_are_whole(path: &Path, sold: &[ChangeView]) -> u64 {
    let folder = path.parent().expect("a folder");
    let beside = ["-wal", "-shm", "-lock"];
    let is_backup = |name: &String| {
        !name.contains(".venue-tmp-") && !beside.iter().any(|side| name.ends_with(side))
    };
    let backups: Vec<String> =
        names(folder, ".before-migration-").into_iter().filter(is_backup).collect();
    for name in &backups {
        let backup = folder.join(name);
        drop(open_whole(&backup));
        assert_eq!(feed(&backup), sold, "{name}");
    }
    for name in names(folder, ".before-migration-") {
        std::fs::remove_file(folder.join(name)).expect("a file");
    }
    backups.len() as u64
}

/// Takes the step back, so that the next can be killed in it.
fn undo(path: &Path) {
    let connection = spectator(path);
    let back = format!("DROP TABLE rig_step; PRAGMA user_version = {}", *OLD);
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {back}; COMMIT")).expect("the old schema");
}

/// Something is sold in between, so that there is a log with commits in it.
fn sell(path: &Path, dice: &mut Dice) -> Vec<ChangeView> {
    let engine = open_whole(path);
    for _ in 0..4 {
        let _ = engine.call(venue_core::Request::new(&Caller::local(), any_verb(dice, &[])));
    }
    let sold = all_changes(&engine);
    if dice.percent(50) {
        // As if this process had been killed: the log stays.
        std::mem::forget(engine);
    }
    sold
}

#[test]
fn a_migration_that_is_killed_has_happened_or_not_and_the_next_one_does_it_once() {
    let (wanted, mut dice) = (kills(8), dice("migrating"));
    let original = Original::make();
    let (mut killed, mut done, mut backups) = (0, 0, 0);
    while killed < wanted {
        let (folder, path) = original.copy();
        let step: PathBuf = folder.path().join("step.sql");
        std::fs::write(&step, STEP).expect("a step");
        let sold = sell(&path, &mut dice);
        let mut players: Vec<_> =
            (0..=dice.below(2)).map(|_| Task::ready("steps", &path)).collect();
        let begun = Instant::now();
        for player in &mut players {
            Task { file: step.clone(), ..Task::default() }.give(player);
        }
        let moment = Moment::any(&mut dice, 50, &[".before-migration-"]);
        killed += u64::from(moment.strike(players.remove(0), folder.path(), begun));
        let others = players.len();
        for player in players {
            assert_eq!(player.end(), ["done"]);
        }
        let is_done = assert_one_schema(&path, &sold);
        assert!(is_done || others == 0, "who was not killed has not migrated");
        done += u64::from(is_done);
        backups += assert_backups_are_whole(&path, &sold);
        if !is_done {
            let ran = open_and_step(&path, &Access::default(), STEP).expect("a step after a kill");
            assert_eq!(ran, 1, "the step runs once");
            assert!(assert_one_schema(&path, &sold));
            backups += assert_backups_are_whole(&path, &sold);
        }
        undo(&path);
        assert!(!assert_one_schema(&path, &sold));
    }
    println!(
        "{killed} that migrate killed: {done} times the schema was the new one then, else the old one; {backups} \
         backups from before, all whole"
    );
}
