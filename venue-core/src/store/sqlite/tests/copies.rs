//! Backup and restore.

use std::fs;

use super::super::{Close, restore};
use super::*;
use crate::store::boundary::StoreFailure;

#[test]
fn a_backup_of_a_file_in_use_is_one_clean_file() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    // A writer at work is neither waited for nor seen.
    assert!(store.writer.begin(&mut || true).unwrap());
    store.writer.tx().exec(&[Call::once(&INSERT, organizer(2))]).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("copy.db");
    let made = store.readers.backup(&target).unwrap();
    assert_eq!(store.writer.commit(), Committed::Done);
    assert_eq!(made.bytes, fs::metadata(&target).unwrap().len());
    assert_eq!(made.sequence, 0);
    let names: Vec<_> = snapshot(elsewhere.path()).into_keys().collect();
    assert_eq!(names, ["copy.db"]);
    let copy = opened(&target);
    assert!(copy.found.warnings.is_empty());
    assert_eq!(count(&copy.readers), 1);
    assert_eq!(count(&store.readers), 2);
    drop(folder);
}

#[test]
fn a_backup_never_overwrites() {
    let (folder, path) = made();
    let store = opened(&path);
    let target = folder.path().join("there");
    fs::write(&target, b"mine").unwrap();
    let error = store.readers.backup(&target).unwrap_err();
    assert_eq!(error.failure, StoreFailure::TargetExists);
    assert_eq!(store.readers.backup(&path).unwrap_err().failure, StoreFailure::TargetExists);
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert!(snapshot(folder.path()).keys().all(|name| !name.contains("tmp")));
}

#[test]
fn restore_puts_the_backup_in_place_and_keeps_the_old_file() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let backup = folder.path().join("backup.db");
    store.readers.backup(&backup).unwrap();
    write(&mut store.writer, 2);
    drop(store);
    let access = Access::default();
    for (round, epoch) in [(1, 77), (2, 78)] {
        let restored = restore(&backup, &path, epoch, &access).unwrap();
        let suffix = if round == 1 { ".before-restore" } else { ".before-restore.2" };
        assert_eq!(
            restored.before.as_deref().unwrap().file_name(),
            side(&path, suffix).file_name()
        );
        let now = opened(&path);
        assert!(now.found.warnings.is_empty());
        assert_eq!(now.found.secret, Some([9; 32]));
        assert_eq!(count(&now.readers), 1);
        let meta = meta(&now.readers);
        assert_eq!(meta[1..3], [Value::Int(epoch), Value::Int(4_194_304)]);
        if round == 1 {
            let before = opened(&side(&path, suffix));
            assert_eq!(count(&before.readers), 2, "nothing of it is lost");
            assert!(before.found.warnings.is_empty());
        }
    }
    let names = snapshot(folder.path());
    assert!(names.keys().all(|name| !name.contains("tmp")), "{:?}", names.keys());
}

#[test]
fn what_a_restore_sets_aside_can_be_read_before_anybody_writes_it() {
    let (folder, path) = made();
    let backup = folder.path().join("backup.db");
    let mut store = opened(&path);
    store.readers.backup(&backup).unwrap();
    write(&mut store.writer, 1);
    drop(store);
    let access = Access::default();
    let before = restore(&backup, &path, 5, &access).unwrap().before.unwrap();
    // As doctor does: it opens nothing to write.
    let (readers, found) = super::super::open_to_read(&before, &access).unwrap();
    assert_eq!(count(&readers), 1);
    assert!(found.warnings.is_empty());
}

#[test]
fn a_log_whose_file_was_removed_is_not_played_into_a_new_one() {
    for restored in [false, true] {
        let (folder, path) = made();
        let backup = folder.path().join("backup.db");
        let mut store = opened(&path);
        store.readers.backup(&backup).unwrap();
        write(&mut store.writer, 1);
        drop(store);
        fs::remove_file(&path).unwrap();
        assert!(fs::metadata(side(&path, "-wal")).unwrap().len() > 0);
        if restored {
            restore(&backup, &path, 5, &Access::default()).unwrap();
        } else {
            create(&path, &new_file(), &Access::default()).unwrap();
        }
        assert_eq!(count(&opened(&path).readers), 0, "restored: {restored}");
        assert!(side(&path, ".orphan-wal").exists(), "what it holds is not thrown away");
    }
}

#[test]
fn a_backup_is_not_put_beside_the_log_of_another_file() {
    let (folder, path) = made();
    let backup = folder.path().join("backup.db");
    fs::write(side(&backup, "-wal"), b"a log").unwrap();
    let failed = opened(&path).readers.backup(&backup).unwrap_err();
    assert_eq!(failed.failure, StoreFailure::TargetExists);
}

#[test]
fn restore_to_where_nothing_is_makes_the_file() {
    let (_folder, path) = made();
    let other = tempfile::tempdir().unwrap();
    let target = other.path().join("new.db");
    let restored = restore(&path, &target, 3, &Access::default()).unwrap();
    assert_eq!(restored.before, None);
    assert_eq!(opened(&target).found.secret, None);
}

#[test]
fn restore_is_refused_while_anybody_has_the_file() {
    let (folder, path) = made();
    let backup = folder.path().join("backup.db");
    let store = opened(&path);
    store.readers.backup(&backup).unwrap();
    let access = Access::default();
    let tried = || restore(&backup, &path, 5, &access).unwrap_err().failure;
    assert_eq!(tried(), StoreFailure::InUse);
    drop(store.writer);
    assert_eq!(tried(), StoreFailure::InUse, "readers count too");
    drop(store.readers);
    // A program that is not ours.
    let foreign = rusqlite::Connection::open(&path).unwrap();
    let _: i64 = foreign.query_one("SELECT count(*) FROM meta", [], |row| row.get(0)).unwrap();
    assert_eq!(tried(), StoreFailure::InUse);
    drop(foreign);
    restore(&backup, &path, 5, &access).unwrap();
}

#[test]
fn a_bad_backup_leaves_the_target_untouched() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    drop(store.readers);
    store.writer.close(Close::Tidy);
    let elsewhere = tempfile::tempdir().unwrap();
    let bad = elsewhere.path().join("bad.db");
    let before = snapshot(folder.path());
    let access = Access::default();
    let mut bytes = fs::read(&path).unwrap();
    for at in (4_096..bytes.len()).step_by(4_096) {
        bytes[at..at + 12].fill(0xee);
    }
    fs::write(&bad, &bytes).unwrap();
    assert_eq!(restore(&bad, &path, 5, &access).unwrap_err().failure, StoreFailure::Corrupt);
    fs::write(&bad, &bytes[..5_000]).unwrap();
    assert_eq!(restore(&bad, &path, 5, &access).unwrap_err().failure, StoreFailure::Corrupt);
    fs::write(&bad, b"text").unwrap();
    assert_eq!(restore(&bad, &path, 5, &access).unwrap_err().failure, StoreFailure::Foreign);
    let missing = elsewhere.path().join("missing");
    assert_eq!(restore(&missing, &path, 5, &access).unwrap_err().failure, StoreFailure::NoFile);
    assert_eq!(snapshot(folder.path()), before);
}

#[test]
fn a_damaged_target_can_be_restored_over_and_is_kept() {
    let (folder, path) = made();
    let backup = folder.path().join("backup.db");
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    store.readers.backup(&backup).unwrap();
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..4_096].fill(0xee);
    fs::write(&path, &bytes).unwrap();
    fs::write(side(&path, "-wal"), b"no log at all").unwrap();
    let restored = restore(&backup, &path, 5, &Access::default()).unwrap();
    assert!(restored.before.is_some_and(|before| before.exists()));
    let now = opened(&path);
    assert_eq!(count(&now.readers), 1);
}
