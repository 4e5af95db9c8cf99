//! Power cuts while a backup is made, and while one is put in the place of a file.

use std::collections::BTreeSet;

use super::*;
use venue_core::engine::Engine;
use venue_tests::history::{History, check_file};

const COPY: &str = "backup.db";
const BEFORE: &str = "venue.db.before-restore";

/// When what was done, and what the files held.
struct Marks {
    /// The backup was begun and done.
    backup: (usize, usize),
    /// The restore was begun and done.
    restore: (usize, usize),
    /// The keys that the backup holds.
    copied: BTreeSet<String>,
    /// What was asked before the restore.
    before: History,
    /// What was asked after it.
    after: History,
    /// The file's epoch before the restore.
    epoch: i64,
}

#[test]
fn an_interrupted_backup_is_no_backup_and_an_interrupted_restore_leaves_the_old_file_or_the_new() {
    let (seed, images) = begin(true);
    let mut dice = Dice::new(seed);
    let (disk, marks) = story(&mut dice);
    let mut replay = Replay::of(&disk, template());
    let mut found = [0; 3];
    for instant in instants(&replay, images, &mut dice) {
        replay.play_to(instant);
        let mode = *dice.one_of(&Mode::ALL);
        let image = RamDisk::of(replay.image(mode, &mut dice));
        match check_copy(&image, &marks, instant).and_then(|()| check(&image, &marks, instant)) {
            Ok(stage) => found[stage] += 1,
            Err(wrong) => panic!("VENUE_SEED={seed}, at {instant}, {mode:?}: {wrong}"),
        }
    }
    println!(
        "{images} images: old in {}, old while restored in {}, new in {}",
        found[0], found[1], found[2]
    );
    assert!(
        images < 300 || found.iter().all(|stage| *stage > 0),
        "{found:?}: not every stage was seen"
    );
}

/// Sales, a backup, more sales, the restore, and sales again.
fn story(dice: &mut Dice) -> (std::sync::Arc<RamDisk>, Marks) {
    let mut office = Office::open("before", 1);
    let ask = |office: &mut Office, count, dice: &mut Dice| {
        for _ in 0..count {
            office.ask(dice, &[]);
        }
    };
    ask(&mut office, 8, dice);
    let disk = std::sync::Arc::clone(&office.disk);
    let began = disk.instant();
    office.engines[0].backup(disk.path(COPY)).expect("every promise");
    let backup = (began, disk.instant());
    ask(&mut office, 8, dice);
    // One handle that is closed leaves nothing in the log, one that is killed leaves all there: restore finds either.
    office.engines.clear();
    let epoch = epoch(&disk, FILE).expect("an epoch");
    let began = disk.instant();
    Engine::restore(disk.path(COPY), disk.path(FILE), &options(&disk)).expect("every promise");
    let restore = (began, disk.instant());
    let mut later = Office::on(std::sync::Arc::clone(&disk), "after", 1);
    ask(&mut later, 8, dice);
    let copied = look(&disk, COPY).expect("a whole file");
    later.engines.clear();
    let (before, after) = (office.history, later.history);
    (disk, Marks { backup, restore, copied, before, after, epoch })
}

fn epoch(disk: &RamDisk, name: &str) -> Result<i64, String> {
    let read = || disk.connect(name)?.query_one("SELECT epoch FROM meta", [], |row| row.get(0));
    read().map_err(|error: rusqlite::Error| format!("UNREADABLE: {name}: {error}"))
}

/// A name of a backup means a whole backup.
fn check_copy(disk: &std::sync::Arc<RamDisk>, marks: &Marks, instant: usize) -> Result<(), String> {
    if disk.image().content(COPY).is_none() {
        let lost = instant >= marks.backup.1;
        return if lost { Err("LOST: the backup".to_owned()) } else { Ok(()) };
    }
    if look(disk, COPY)? != marks.copied {
        return Err("TORN: the backup holds other keys than it did".to_owned());
    }
    check_file(&disk.path(COPY), &options(disk))
}

/// Checks the file; 0 if it is the old one, 1 if it still is although the restore had begun, 2 if it is the new one.
fn check(disk: &std::sync::Arc<RamDisk>, marks: &Marks, instant: usize) -> Result<usize, String> {
    let engine = Engine::open(disk.path(FILE), &options(disk))
        .map_err(|error| format!("NOT OPENED: {error}"))?;
    drop(engine);
    check_file(&disk.path(FILE), &options(disk))?;
    let restored = epoch(disk, FILE)? != marks.epoch;
    let keys = look(disk, FILE)?;
    if !restored {
        if instant >= marks.restore.1 {
            return Err("LOST: the restore".to_owned());
        }
        marks.before.check_keys(instant, &keys)?;
        return Ok(usize::from(instant > marks.restore.0));
    }
    if instant <= marks.restore.0 {
        return Err("GHOST: the restore".to_owned());
    }
    if !keys.is_superset(&marks.copied) {
        return Err("LOST: what the backup held".to_owned());
    }
    marks.after.check_keys(instant, &keys.difference(&marks.copied).cloned().collect())?;
    // What the restore took the place of is still there, whole.
    marks.before.check_keys(instant, &look(disk, BEFORE)?)?;
    check_file(&disk.path(BEFORE), &options(disk))?;
    Ok(2)
}
