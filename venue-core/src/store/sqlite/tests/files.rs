//! What is refused before SQLite touches it, and how a file comes to be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::super::create::build;
use super::super::disk::Rights;
use super::super::file::Place;
use super::super::{open_to_read, secret};
use super::*;
use crate::store::boundary::StoreFailure;

/// Every way to open, make, copy and replace the file refuses it with this, and changes nothing.
fn refused(path: &Path, folder: &Path, wanted: StoreFailure) {
    let access = Access::default();
    let before = snapshot(folder);
    assert_eq!(open(path, &access).unwrap_err().failure, wanted);
    assert_eq!(open_to_read(path, &access).unwrap_err().failure, wanted);
    assert_eq!(create(path, &new_file(), &access).unwrap_err().failure, wanted);
    let (_other, good) = made();
    assert_eq!(super::super::restore(path, &good, 1, &access).unwrap_err().failure, wanted);
    assert_eq!(snapshot(folder), before, "{} was touched", path.display());
}

/// Overwrites bytes of a file.
fn patch(path: &Path, at: usize, with: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at..at + with.len()].copy_from_slice(with);
    fs::write(path, bytes).unwrap();
}

#[test]
fn names_that_are_no_paths_are_refused_with_the_disk_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::default();
    let slash = folder.path().join("x.db/");
    let slash = slash.to_str().unwrap();
    for name in ["", ":memory:", "file:x.db", "file:x?mode=memory", "a\0b", "..", "/", slash] {
        let path = Path::new(name);
        assert_eq!(open(path, &access).unwrap_err().failure, StoreFailure::BadPath, "{name:?}");
        let failure = create(path, &new_file(), &access).unwrap_err().failure;
        assert_eq!(failure, StoreFailure::BadPath, "{name:?}");
    }
    assert!(snapshot(folder.path()).is_empty());
    assert!(!Path::new("x.db").exists() && !Path::new(":memory:").exists());
}

#[test]
fn a_missing_file_is_said_to_be_missing_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["venue.db", "no/folder/venue.db"] {
        let error = open(&folder.path().join(name), &Access::default()).unwrap_err();
        assert_eq!(error.failure, StoreFailure::NoFile);
    }
    assert!(snapshot(folder.path()).is_empty());
}

#[test]
fn what_is_not_a_regular_sqlite_file_is_foreign_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("dir")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(path("fifo")).status().unwrap();
    assert!(made.success());
    fs::write(path("empty"), b"").unwrap();
    fs::write(path("short"), b"SQLite format 3\0").unwrap();
    fs::write(path("text"), [b'x'; 5_000]).unwrap();
    for name in ["dir", "fifo", "empty", "short", "text"] {
        refused(&path(name), folder.path(), StoreFailure::Foreign);
    }
    let access = Access::default();
    assert_eq!(open(Path::new("/dev/null"), &access).unwrap_err().failure, StoreFailure::Foreign);
}

#[test]
fn a_link_is_foreign_as_the_last_part_and_fine_as_a_folder() {
    let (folder, path) = made();
    std::os::unix::fs::symlink(&path, folder.path().join("link.db")).unwrap();
    refused(&folder.path().join("link.db"), folder.path(), StoreFailure::Foreign);
    let other = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(folder.path(), other.path().join("way")).unwrap();
    let mut through = opened(&other.path().join("way/venue.db"));
    write(&mut through.writer, 1);
    assert_eq!(count(&through.readers), 1);
}

#[test]
fn a_file_of_another_application_or_a_newer_schema_is_refused_untouched() {
    let cases: [(usize, i32, StoreFailure); 6] = [
        (68, 0, StoreFailure::Foreign),
        (68, 0x1234_5678, StoreFailure::Foreign),
        (60, 0, StoreFailure::Foreign),
        (60, super::super::migrate::CURRENT + 1, StoreFailure::NewerSchema),
        (60, -1, StoreFailure::NewerSchema),
        (60, i32::MIN, StoreFailure::NewerSchema),
    ];
    for (at, number, wanted) in cases {
        let (folder, path) = made();
        patch(&path, at, &number.to_be_bytes());
        refused(&path, folder.path(), wanted);
    }
}

#[test]
fn a_version_that_is_only_in_the_log_is_found_after_opening() {
    let (_folder, path) = made();
    let mut first = opened(&path);
    write(&mut first.writer, 1);
    let connection = &first.writer.session().connection;
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(first);
    let error = open(&path, &Access::default()).unwrap_err();
    assert_eq!(error.failure, StoreFailure::NewerSchema);
}

#[test]
fn a_read_only_file_is_refused_to_writers_alone() {
    let (folder, path) = made();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    let before = snapshot(folder.path());
    let error = open(&path, &Access::default()).unwrap_err();
    assert_eq!(error.failure, StoreFailure::ReadOnly);
    assert_eq!(snapshot(folder.path()), before);
    assert_eq!(count(&open_to_read(&path, &Access::default()).unwrap().0), 0);
}

#[test]
fn damaged_pages_are_an_error_and_never_a_panic() {
    for at in [100, 108, 200, 4_000, 4_096, 4_104, 8_192, 12_288, 40_000] {
        for byte in [0_u8, 0x0d, 0xff] {
            let (_folder, path) = made();
            let bytes = fs::read(&path).unwrap();
            patch(&path, at, &vec![byte; 64.min(bytes.len() - at)]);
            let Ok(mut store) = open(&path, &Access::default()) else { continue };
            if store.writer.begin(&mut || true).is_ok() {
                let _ = store.writer.tx().exec(&[Call::once(&INSERT, organizer(1))]);
                let _ = store.writer.commit();
            }
            let _ = store.readers.read(&mut |view| {
                let _ = super::super::health::damage(view);
                let _ = super::super::health::strangers(view);
            });
        }
    }
}

#[test]
fn init_makes_file_and_secret_for_the_owner_alone() {
    let (folder, path) = made();
    let names: Vec<_> = snapshot(folder.path()).into_keys().collect();
    assert_eq!(names, ["venue.db", "venue.db-lock", "venue.db-secret"]);
    for side_name in ["", "-secret", "-lock"] {
        let mode = fs::metadata(side(&path, side_name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{side_name}");
    }
    let store = opened(&path);
    assert_eq!(store.found.secret, Some([9; 32]));
    assert!(store.found.warnings.is_empty());
    let meta = meta(&store.readers);
    let ints = [0, 11, 0, 1_000, 1].map(Value::Int);
    assert_eq!(meta[..5], ints);
    assert_eq!(meta[5], Value::Id([7; 16]));
}

#[test]
fn init_on_a_file_of_ours_changes_nothing() {
    let (folder, path) = made();
    let before = snapshot(folder.path());
    let again = NewFile { secret: [1; 32], epoch: 5, ..new_file() };
    assert_eq!(create(&path, &again, &Access::default()).unwrap(), Created::AlreadyThere);
    assert_eq!(snapshot(folder.path()), before);
    let _open = opened(&path);
    assert_eq!(create(&path, &again, &Access::default()).unwrap(), Created::AlreadyThere);
}

#[test]
fn init_for_a_group_gives_the_files_beside_it_the_same_rights() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.db");
    let own = std::os::unix::fs::MetadataExt::gid(&fs::metadata(folder.path()).unwrap());
    let new = NewFile { group: Some(own), ..new_file() };
    create(&path, &new, &Access::default()).unwrap();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    for name in ["", "-wal", "-shm", "-secret", "-lock"] {
        let found = fs::metadata(side(&path, name)).unwrap();
        assert_eq!(found.permissions().mode() & 0o7777, 0o660, "{name}");
        assert_eq!(std::os::unix::fs::MetadataExt::gid(&found), own, "{name}");
    }
}

#[test]
fn init_killed_at_any_step_leaves_nothing_half_and_the_next_one_succeeds() {
    let access = Access::default();
    for step in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("venue.db");
        let place = Place::find(&path, &access).unwrap();
        // A kill: what would be dropped is not.
        if step >= 1 {
            let temporary = place.temporary().unwrap();
            place.disk().create(&temporary, Rights::default(), &[3; 16]).unwrap();
        }
        if step >= 2 {
            secret::make(&place, Rights::default(), &[5; 32]).unwrap();
        }
        if step >= 3 {
            std::mem::forget(build(&place, &new_file()).unwrap());
        }
        assert!(!path.exists());
        assert_eq!(create(&path, &new_file(), &access).unwrap(), Created::Made);
        let wanted = if step >= 2 { [5; 32] } else { [9; 32] };
        assert_eq!(opened(&path).found.secret, Some(wanted));
        let names = snapshot(folder.path());
        assert!(names.keys().all(|name| !name.contains("tmp")), "{:?}", names.keys());
    }
}

#[test]
fn of_many_that_make_the_same_file_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.db");
    let made: Vec<Created> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0_u8..8)
            .map(|n| {
                let new = NewFile { file_id: [n; 16], secret: [n; 32], ..new_file() };
                let path = &path;
                scope.spawn(move || create(path, &new, &Access::default()).unwrap())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|made| **made == Created::Made).count(), 1);
    let store = opened(&path);
    let Value::Id(id) = meta(&store.readers)[5] else { panic!("an id") };
    assert_eq!(store.found.secret, Some([id[0]; 32]), "file and secret are of one maker");
}

#[test]
fn a_lost_or_spoilt_secret_is_none() {
    let (_folder, path) = made();
    fs::write(side(&path, "-secret"), b"short").unwrap();
    assert_eq!(opened(&path).found.secret, None);
    fs::remove_file(side(&path, "-secret")).unwrap();
    assert_eq!(opened(&path).found.secret, None);
}
