//! Copies of a file that is in use.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::store::boundary::{StoreError, StoreFailure};

use super::connection::connect;
use super::disk::Rights;
use super::errors::{sqlite, system};
use super::file::{Access, Place, rights_of};
use super::held::OpenFile;
use super::pool::Readers;
use super::private::{Private, check_whole};
use super::settings::Role;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it lies.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// The newest change in it.
    pub sequence: i64,
}

impl Readers {
    /// Copies the file, as it is at one instant, while it is in use; the copy is one clean file that was checked.
    ///
    /// # Errors
    /// `BadPath`, `TargetExists` (nothing is ever overwritten), `Full`, or what SQLite and the system say.
    ///
    /// # Concurrency
    /// Nobody waits for it. While it runs the log cannot be cut.
    pub fn backup(&self, target: &Path) -> Result<BackedUp, StoreError> {
        let file = self.file()?;
        file.check_process()?;
        file.check_identity()?;
        backup(&file, target)
    }
}

/// Copies a file that is held to a name that must not exist.
pub(super) fn backup(file: &OpenFile, target: &Path) -> Result<BackedUp, StoreError> {
    let access = Access { allow_network_fs: true, ..file.place.access.clone() };
    let target = Place::find(target, &access).map_err(|error| of_the_copy(target, error))?;
    if target.look()?.is_some() || !orphans(&target)?.is_empty() {
        return Err(exists());
    }
    let rights = file.place.look()?.map_or_else(Rights::default, |entry| rights_of(&entry));
    let private = Private::make(&target, rights, &[])?;
    if let Some(made) = access.disk.look(&private.path).map_err(system("look at the copy"))? {
        target.sweep(Some(&made));
    }
    let source = connect(&file.place.path, &file.place.access, Role::Reader)?;
    let sequence = copy_all(source, &private)?;
    finish(&private, |_| Ok(()))?;
    let copied = access.disk.look(&private.path).map_err(system("look at the copy"))?;
    if !private.name(&target.path)? {
        return Err(exists());
    }
    let bytes = copied.map_or(0, |entry| entry.length);
    Ok(BackedUp { file: target.path.clone(), bytes, sequence })
}

/// What is missing is the copy's folder, not the file that is copied.
fn of_the_copy(target: &Path, error: StoreError) -> StoreError {
    match error.failure {
        StoreFailure::NoFile => {
            let message = format!("{}: its folder is not there", target.display());
            StoreError::new(StoreFailure::BadPath, message)
        }
        _ => error,
    }
}

fn exists() -> StoreError {
    StoreError::new(StoreFailure::TargetExists, "there is something of that name already")
}

/// Copies all pages in one step inside one read transaction: page by page it would begin anew whenever somebody
/// commits. Answers the newest change that the copy holds.
pub(super) fn copy_all(source: Connection, private: &Private<'_>) -> Result<i64, StoreError> {
    let mut copy = private.connect()?;
    source.execute_batch("BEGIN").map_err(sqlite)?;
    let sequence = source
        .query_one("SELECT last_seq FROM meta WHERE one = 1", [], |row| row.get(0))
        .map_err(sqlite)?;
    let backup = Backup::new(&source, &mut copy).map_err(sqlite)?;
    let mut tries = 0;
    loop {
        match backup.step(-1).map_err(sqlite)? {
            StepResult::Done => break,
            _ if tries < 1_000 => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(1));
            }
            _ => return Err(StoreError::new(StoreFailure::Locked, "the file stays locked")),
        }
    }
    drop(backup);
    copy.close().map_err(|(_, error)| sqlite(error))?;
    source.close().map_err(|(_, error)| sqlite(error))?;
    Ok(sequence)
}

/// Checks a copy, marks it clean, runs `change` in the same transaction, and makes one synced file of it.
pub(super) fn finish(
    private: &Private<'_>,
    change: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let connection = private.connect()?;
    check_whole(&connection)?;
    connection.execute_batch("BEGIN IMMEDIATE").map_err(sqlite)?;
    connection.execute("UPDATE meta SET dirty = 0 WHERE one = 1", []).map_err(sqlite)?;
    change(&connection)?;
    connection.execute("COMMIT", []).map_err(sqlite)?;
    private.close(connection)
}

/// The log and the journal that lie beside a name although nothing has the name: SQLite would play them into the
/// next file that gets it.
fn orphans(place: &Place) -> Result<Vec<&'static str>, StoreError> {
    let mut found = Vec::new();
    for side in ["-wal", "-journal"] {
        let log = place.disk().look(&place.side(side)).map_err(system("look at the log"))?;
        if log.is_some_and(|log| log.length > 0) {
            found.push(side);
        }
    }
    Ok(found)
}

/// Gives what lies beside a free name another one, before a file gets the name: it may hold the last sales of a file
/// that was removed.
pub(super) fn set_orphans_aside(place: &Place) -> Result<(), StoreError> {
    let found = orphans(place)?;
    for side in &found {
        let aside = free_name(place, &format!(".orphan{side}"))?;
        place.disk().rename(&place.side(side), &aside).map_err(system("set the log aside"))?;
        tracing::warn!(aside = %aside.display(), "a log without its file was set aside");
    }
    if !found.is_empty() {
        place.disk().sync_folder(&place.folder).map_err(system("sync the folder"))?;
    }
    Ok(())
}

/// A name beside the file that is free: with a number where it is not.
pub(super) fn free_name(place: &Place, suffix: &str) -> Result<PathBuf, StoreError> {
    let mut name = place.side(suffix);
    let mut number = 1;
    while place.disk().look(&name).map_err(system("look for a free name"))?.is_some() {
        number += 1;
        name = place.side(&format!("{suffix}.{number}"));
    }
    Ok(name)
}
