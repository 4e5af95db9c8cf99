//! Settings, identity, the mark, closing, readers.

use std::fs;

use rusqlite::Connection;

use super::super::connection::connect;
use super::super::health::Wrong::{Different, Missing, NotOurs};
use super::super::settings::{self, Role};
use super::super::{Close, Warning, health, open_to_read};
use super::*;
use crate::store::boundary::StoreFailure;

fn has_every_setting(connection: &Connection, role: Role, waits: i64) {
    for (switch, on) in settings::switches(role) {
        assert_eq!(connection.db_config(switch).unwrap(), on, "{switch:?}");
    }
    for (limit, most) in settings::LIMITS {
        assert_eq!(connection.limit(limit).unwrap(), most, "{limit:?}");
    }
    for (pragma, value) in settings::pragmas(role) {
        let value = if pragma == "busy_timeout" { waits } else { value };
        assert_eq!(settings::read(connection, pragma).unwrap(), value, "{pragma}");
    }
    settings::check_wal(connection).unwrap();
    assert!(connection.execute_batch("SELECT load_extension('x')").is_err());
    assert!(connection.execute_batch("ATTACH ':memory:' AS other").is_err());
    assert!(connection.execute_batch("SELECT \"text\"").is_err());
}

#[test]
fn every_setting_reads_back_on_writer_and_readers() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    has_every_setting(&store.writer.session().connection, Role::Writer, 0);
    let reader = connect(&path, &Access::default(), Role::Reader).unwrap();
    has_every_setting(&reader, Role::Reader, 5_000);
    assert!(reader.execute("DELETE FROM organizer", []).is_err(), "readers cannot write");
}

#[test]
fn a_file_that_is_not_in_wal_mode_is_noticed() {
    let (_folder, path) = made();
    let connection = Connection::open(&path).unwrap();
    let mode: String =
        connection.query_one("PRAGMA journal_mode = DELETE", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    assert!(settings::check_wal(&connection).is_err());
    settings::use_wal(&connection).unwrap();
}

/// Found by the kills: a process that dies while it writes the log's index leaves it to the next to be recovered, and
/// who opens meanwhile cannot count the log. That is no file without a log.
#[test]
fn a_log_whose_index_is_being_written_is_no_missing_log() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let reader = connect(&path, &Access::default(), Role::Reader).unwrap();
    assert!(store.writer.begin(&mut || true).unwrap());
    let index = fs::OpenOptions::new().write(true).open(side(&path, "-shm")).unwrap();
    // The first of the two copies of its head does not match the second now.
    std::os::unix::fs::FileExt::write_all_at(&index, &[0xff; 48], 0).unwrap();
    let found: (i64, i64) = reader
        .query_one("PRAGMA wal_checkpoint(noop)", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(found, (1, -1), "SQLite cannot tell");
    settings::check_wal(&reader).unwrap();
    // Closing it would give up the locks of the process.
    std::mem::forget(index);
    store.writer.rollback();
}

#[test]
fn a_file_moved_while_open_is_noticed_before_and_after() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    assert!(store.writer.begin(&mut || true).unwrap());
    store.writer.tx().exec(&[Call::once(&INSERT, organizer(2))]).unwrap();
    fs::rename(&path, folder.path().join("elsewhere.db")).unwrap();
    let Committed::Doubtful(error) = store.writer.commit() else { panic!("doubtful") };
    assert_eq!(error.failure, StoreFailure::Moved);
    let error = store.writer.begin(&mut || true).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Moved);
    assert_eq!(store.readers.read(&mut |_| {}).unwrap_err().failure, StoreFailure::Moved);
    // Another file under the name is not taken for it.
    create(&path, &new_file(), &Access::default()).unwrap_err();
}

#[test]
fn a_log_deleted_while_open_is_noticed() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    fs::remove_file(side(&path, "-wal")).unwrap();
    let error = store.writer.begin(&mut || true).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Moved);
    fs::write(side(&path, "-wal"), b"").unwrap();
    let error = store.writer.begin(&mut || true).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Moved);
}

#[test]
fn a_copy_without_its_log_is_warned_about_and_a_closed_file_is_not() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let copy = folder.path().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    let (readers, found) = open_to_read(&copy, &Access::default()).unwrap();
    assert_eq!(found.warnings, [Warning::CopiedWithoutWal]);
    assert_eq!(count(&readers), 0, "the copy lacks what was in the log");
    drop(readers);
    let other = folder.path().join("other.db");
    fs::copy(&path, &other).unwrap();
    assert_eq!(opened(&other).found.warnings, [Warning::CopiedWithoutWal]);

    drop(store.readers);
    store.writer.close(Close::Tidy);
    assert_eq!(fs::metadata(side(&path, "-wal")).unwrap().len(), 0);
    let clean = folder.path().join("clean.db");
    fs::copy(&path, &clean).unwrap();
    let store = opened(&clean);
    assert!(store.found.warnings.is_empty());
    assert_eq!(count(&store.readers), 1);
    assert!(opened(&path).found.warnings.is_empty());
}

#[test]
fn a_file_dropped_without_closing_is_whole_and_no_copy() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    drop(store);
    assert!(fs::metadata(side(&path, "-wal")).unwrap().len() > 0, "nobody checkpoints on close");
    let store = opened(&path);
    assert!(store.found.warnings.is_empty());
    assert_eq!(count(&store.readers), 1);
}

#[test]
fn who_is_not_alone_does_not_tidy() {
    let (_folder, path) = made();
    let mut first = opened(&path);
    let second = opened(&path);
    write(&mut first.writer, 1);
    first.writer.close(Close::Tidy);
    assert!(fs::metadata(side(&path, "-wal")).unwrap().len() > 0);
    assert_eq!(meta(&second.readers)[0], Value::Int(1));
    drop(first.readers);
    drop(second.readers);
    second.writer.close(Close::Quick);
    assert!(fs::metadata(side(&path, "-wal")).unwrap().len() > 0, "a short log is left");
    let third = opened(&path);
    drop(third.readers);
    third.writer.close(Close::Tidy);
    assert_eq!(fs::metadata(side(&path, "-wal")).unwrap().len(), 0);
}

#[test]
fn the_file_is_marked_again_after_it_was_tidied() {
    let (_folder, path) = made();
    for n in 1..4 {
        let mut store = opened(&path);
        assert_eq!(meta(&store.readers)[0], Value::Int(0));
        write(&mut store.writer, n);
        let main_file = fs::read(&path).unwrap();
        let lonely = tempfile::tempdir().unwrap();
        let copy = lonely.path().join("venue.db");
        fs::write(&copy, main_file).unwrap();
        assert_eq!(opened(&copy).found.warnings, [Warning::CopiedWithoutWal]);
        drop(store.readers);
        store.writer.close(Close::Tidy);
    }
}

#[test]
fn reads_within_reads_and_from_many_threads_get_connections() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let readers = &store.readers;
    let mut inner = 0;
    readers.read(&mut |_| inner = count(readers)).unwrap();
    assert_eq!(inner, 1);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| assert_eq!(count(readers), 1)));
        }
    });
}

#[test]
fn a_view_does_not_see_what_is_committed_after_it_began() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let (readers, writer) = (&store.readers, &mut store.writer);
    readers
        .read(&mut |view| {
            let before = view.one(&COUNT, &[]).unwrap();
            write(writer, 2);
            assert_eq!(view.one(&COUNT, &[]).unwrap(), before);
        })
        .unwrap();
    assert_eq!(count(readers), 2);
}

#[test]
fn a_panic_in_a_view_leaves_the_readers_working() {
    let (_folder, path) = made();
    let store = opened(&path);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.readers.read(&mut |view| {
            view.one(&COUNT, &[]).unwrap();
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&store.readers), 0);
}

#[test]
fn health_knows_a_sound_file_and_finds_strangers() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let ask = |readers: &Readers| {
        let mut found = Vec::new();
        readers
            .read(&mut |view| {
                assert!(health::damage(view).unwrap().is_empty());
                assert!(health::pages(view).unwrap().pages > 10);
                found = health::strangers(view).unwrap();
            })
            .unwrap();
        found
    };
    assert!(ask(&store.readers).is_empty());
    let connection = &store.writer.session().connection;
    connection
        .execute_batch(
            "CREATE VIEW spy AS SELECT 1; CREATE TRIGGER evil AFTER INSERT ON organizer BEGIN SELECT 1; \
             END; DROP INDEX slot_start; DROP INDEX slot_id; CREATE INDEX slot_id ON slot (id);
             PRAGMA foreign_keys = OFF; INSERT INTO venue VALUES (zeroblob(16), zeroblob(16), 's', 'n', NULL, 'z')",
        )
        .unwrap();
    let found: Vec<_> = ask(&store.readers).into_iter().map(|it| (it.name, it.wrong)).collect();
    let wanted =
        [("slot_id", Different), ("evil", NotOurs), ("spy", NotOurs), ("slot_start", Missing)];
    assert_eq!(found, wanted.map(|(name, wrong)| (name.to_owned(), wrong)));
    store
        .readers
        .read(&mut |view| {
            let orphans = health::orphans(view).unwrap();
            assert_eq!(orphans, ["1 rows of venue without their organizer"]);
        })
        .unwrap();
}

#[test]
fn a_handle_carried_over_a_fork_does_nothing_and_closes_nothing() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    assert_eq!(count(&store.readers), 1);
    assert!(store.writer.begin(&mut || true).unwrap());
    store.writer.file.pretend_fork(true);
    let Committed::Failed(error) = store.writer.commit() else { panic!("failed") };
    assert_eq!(error.failure, StoreFailure::Forked);
    store.writer.rollback();
    store.writer.maintain();
    assert_eq!(store.writer.begin(&mut || true).unwrap_err().failure, StoreFailure::Forked);
    assert_eq!(store.readers.read(&mut |_| {}).unwrap_err().failure, StoreFailure::Forked);
    assert_eq!(store.readers.backup(&path).unwrap_err().failure, StoreFailure::Forked);
    store.writer.file.pretend_fork(false);
    assert!(store.writer.session().is_open(), "the parent's transaction is untouched");
    store.writer.file.pretend_fork(true);
    drop(store);
    // The leaked transaction still holds the lock: nothing of it was closed.
    let mut other = opened(&path);
    assert!(!other.writer.begin(&mut || false).unwrap());
}

#[test]
fn after_closing_the_writer_its_readers_still_count_as_present() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    store.writer.close(Close::Tidy);
    assert_eq!(count(&store.readers), 1);
    let mut other = opened(&path);
    write(&mut other.writer, 2);
    assert_eq!(count(&store.readers), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn no_look_at_an_open_file_drops_the_locks_on_it() {
    use std::os::unix::fs::MetadataExt as _;
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let own = format!(":{} ", fs::metadata(&path).unwrap().ino());
    let locks = || {
        let all = fs::read_to_string("/proc/locks").unwrap();
        all.lines().filter(|line| line.contains("POSIX") && line.contains(&own)).count()
    };
    let held = locks();
    assert!(held > 0, "a connection in WAL mode holds a lock on the file");
    let access = Access::default();
    drop(opened(&path));
    drop(open_to_read(&path, &access).unwrap());
    create(&path, &new_file(), &access).unwrap();
    store.readers.backup(&folder.path().join("copy.db")).unwrap();
    super::super::restore(&path, &path, 1, &access).unwrap_err();
    super::super::restore(&path, &folder.path().join("new.db"), 1, &access).unwrap();
    assert_eq!(locks(), held);
    assert!(store.readers.wal_bytes().unwrap() > 0);
}
