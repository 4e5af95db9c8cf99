//! Restores that do not come to their end: killed at any instant, and cut after the old file could not be tidied.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use venue_core::engine::Engine;
use venue_tests::disk::{Fault, Kind};
use venue_tests::history::{History, check_file};

const COPY: &str = "backup.db";
const BEFORE: &str = "venue.db.before-restore";

/// A file, an older backup of it, and what was answered.
struct Scene {
    image: Image,
    history: History,
    copied: BTreeSet<String>,
}

/// Sales, a backup, more sales; then the process is killed, with sales in the log, or it ends.
fn scene(killed: bool) -> Scene {
    let mut dice = Dice::new(7);
    let mut office = Office::open("before", 1);
    for half in 0..2 {
        for _ in 0..8 {
            office.ask(&mut dice, &[]);
        }
        if half == 0 {
            office.engines[0].backup(office.disk.path(COPY)).expect("a backup");
        }
    }
    let open = std::mem::take(&mut office.engines);
    if !killed {
        drop(open);
        office
            .disk
            .connect(FILE)
            .expect("a connection")
            .query_one("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .expect("a checkpoint");
    }
    let copied = look(&office.disk, COPY).expect("a whole file");
    Scene { image: office.disk.image(), history: office.history, copied }
}

/// A restore over the scene's file, with these faults on the disk; how many of them struck.
fn restore(scene: &Scene, faults: &[Fault]) -> (Arc<RamDisk>, u64) {
    let disk = RamDisk::of(scene.image.clone());
    disk.arm(faults);
    let done = Engine::restore(disk.path(COPY), disk.path(FILE), &options(&disk));
    let struck = disk.struck();
    disk.arm(&[]);
    assert!(done.is_ok() || struck > 0, "{done:?}");
    (disk, struck)
}

/// Opens what an interrupted restore left, as whoever comes next does. The file is the old one, whole and under one name,
/// or the new one, with the old one beside it. True if it is the new one.
fn next_morning(left: &Arc<RamDisk>, scene: &Scene) -> Result<bool, String> {
    let second = left.image();
    if second.file(BEFORE).is_some() && second.file(BEFORE) == second.file(FILE) {
        match Engine::open(left.path(BEFORE), &options(left)) {
            Err(error) if error.code() == "moved" => {}
            other => return Err(format!("TWO LOGS: {:?}", other.map(|_| "opened"))),
        }
    }
    let engine = Engine::open(left.path(FILE), &options(left))
        .map_err(|error| format!("NOT OPENED: {error}"))?;
    let warnings = engine.warnings();
    drop(engine);
    if !warnings.is_empty() {
        return Err(format!("LOST, it says: {warnings:?}"));
    }
    let names = left.image();
    let twice = names.names().filter(|name| names.file(name) == names.file(FILE)).count();
    if twice != 1 {
        return Err(format!("TWO LOGS: the file has {twice} names"));
    }
    check_file(&left.path(FILE), &options(left))?;
    let keys = look(left, FILE)?;
    let is_new = keys == scene.copied;
    let old = if is_new { look(left, BEFORE)? } else { keys };
    scene.history.check_keys(usize::MAX, &old)?;
    if is_new {
        // It may have been left half way out of WAL mode, from which opening brings it back.
        Engine::open(left.path(BEFORE), &options(left))
            .map_err(|error| format!("NOT OPENED: what was there before: {error}"))?;
        check_file(&left.path(BEFORE), &options(left))?;
    }
    Ok(is_new)
}

/// Whether the file and its log are as they were: while the backup is copied and checked.
fn untouched(image: &Image, scene: &Scene) -> bool {
    let log = format!("{FILE}-wal");
    [FILE, &log, BEFORE].iter().all(|name| image.content(name) == scene.image.content(name))
}

#[test]
fn a_restore_that_is_killed_at_any_instant_leaves_one_whole_file_under_one_name() {
    for killed in [false, true] {
        let scene = scene(killed);
        let (disk, _) = restore(&scene, &[]);
        let mut replay = Replay::of(&disk, &scene.image);
        let mut dice = Dice::new(7);
        let mut found = [0, 0];
        for instant in 0..=replay.end() {
            replay.play_to(instant);
            // Only the process is gone: what it wrote is there.
            let image = replay.image(Mode::All, &mut dice);
            if untouched(&image, &scene) {
                continue;
            }
            let left = RamDisk::of(image);
            let two = left.image().file(BEFORE);
            match next_morning(&left, &scene) {
                Ok(is_new) => found[usize::from(is_new)] += 1,
                Err(wrong) => panic!("log {killed}, at {instant}, second name {two:?}: {wrong}"),
            }
        }
        println!("log {killed}: old after {} instants, new after {}", found[0], found[1]);
        assert!(found.iter().all(|count| *count > 0), "{found:?}");
    }
}

#[test]
fn a_power_cut_after_a_file_could_not_be_tidied_leaves_it_its_log() {
    let scene = scene(true);
    let (mut untidied, mut images) = (0, 0);
    let mut dice = Dice::new(7);
    for kind in [Kind::Sync, Kind::Truncate, Kind::Remove] {
        for nth in 1.. {
            let (disk, struck) = restore(&scene, &[Fault::once(kind, nth)]);
            if struck == 0 {
                break;
            }
            let logs =
                ["-wal", "-journal"].map(|side| disk.image().file(&format!("{BEFORE}{side}")));
            if logs == [None, None] {
                continue;
            }
            untidied += 1;
            let mut replay = Replay::of(&disk, &scene.image);
            for instant in 0..=replay.end() {
                replay.play_to(instant);
                let now = replay.image(Mode::All, &mut dice);
                if now.file(BEFORE).is_none() {
                    continue;
                }
                for mode in Mode::ALL {
                    images += 1;
                    let left = RamDisk::of(replay.image(mode, &mut dice));
                    if let Err(wrong) = next_morning(&left, &scene) {
                        panic!("{kind:?} {nth}, at {instant}, {mode:?}: {wrong}");
                    }
                }
            }
        }
    }
    println!("{untidied} restores over a file that could not be tidied, {images} images");
    assert!(untidied > 3, "{untidied}");
}
