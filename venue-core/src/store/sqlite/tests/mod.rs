//! Claims about the store, on real files.

mod beside;
mod copies;
mod disks;
mod files;
mod older;
mod openings;
mod together;
mod writing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::store::boundary::{Call, Committed, Kind, Read as _, Statement, Store as _, Value};

use super::{Access, Created, NewFile, Opened, Readers, SqliteStore, create, open};

pub(super) static INSERT: Statement = Statement {
    name: "test_insert",
    sql: "INSERT INTO organizer (id, slug, name, currency) VALUES ($1, $2, $3, $4)",
    parameters: &[Kind::Id, Kind::Text, Kind::Text, Kind::Text],
    columns: &[],
};

pub(super) static COUNT: Statement = Statement {
    name: "test_count",
    sql: "SELECT count(*) FROM organizer",
    parameters: &[],
    columns: &[Kind::Int],
};

pub(super) static META: Statement = Statement {
    name: "test_meta",
    sql: "SELECT dirty, epoch, last_number, floor, test_clock, file_id FROM meta",
    parameters: &[],
    columns: &[Kind::Int, Kind::Int, Kind::Int, Kind::Int, Kind::Int, Kind::Id],
};

/// What the tests' files start with.
pub(super) fn new_file() -> NewFile {
    NewFile {
        file_id: [7; 16],
        epoch: 11,
        floor: 1_000,
        test_clock: true,
        group: None,
        secret: [9; 32],
    }
}

/// A folder with a file of ours in it.
pub(super) fn made() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.db");
    assert_eq!(create(&path, &new_file(), &Access::default()).unwrap(), Created::Made);
    (folder, path)
}

pub(super) fn opened(path: &Path) -> Opened {
    open(path, &Access::default()).unwrap()
}

/// A row of parameters for [`INSERT`].
pub(super) fn organizer(n: u8) -> [Value; 4] {
    let text = |text: String| Value::Text(text.into());
    [Value::Id([n; 16]), text(format!("slug-{n}")), text("Name".into()), text("EUR".into())]
}

/// Writes one organizer in a transaction of its own.
pub(super) fn write(store: &mut SqliteStore, n: u8) {
    assert!(store.begin(&mut || true).unwrap());
    assert_eq!(store.tx().exec(&[Call::once(&INSERT, organizer(n))]).unwrap(), [1]);
    assert_eq!(store.commit(), Committed::Done);
}

pub(super) fn count(readers: &Readers) -> i64 {
    let mut found = -1;
    readers
        .read(&mut |view| found = view.one(&COUNT, &[]).unwrap().first().unwrap().int(0))
        .unwrap();
    found
}

pub(super) fn meta(readers: &Readers) -> Vec<Value> {
    let mut found = Vec::new();
    readers.read(&mut |view| found = view.one(&META, &[]).unwrap().values).unwrap();
    found
}

/// Every name in a folder with its content and its time of writing; links and pipes without.
pub(super) fn snapshot(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let found = entry.metadata().unwrap();
            let bytes = if found.is_file() { std::fs::read(entry.path()).unwrap() } else { vec![] };
            (name, (bytes, found.modified().unwrap()))
        })
        .collect()
}

pub(super) fn side(path: &Path, suffix: &str) -> PathBuf {
    super::private::beside(path, suffix)
}
