//! Putting a backup in the place of a file.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::canary::{Canary, planted};
use crate::store::boundary::{StoreError, StoreFailure};

use super::aside;
use super::backup::{copy_all, finish, set_orphans_aside};
use super::connection::connect;
use super::disk::Rights;
use super::errors::{is_busy, sqlite, system};
use super::file::{Access, Place, rights_of};
use super::held::{self, take_alone};
use super::private::Private;
use super::settings::{self, Role};

/// Booking numbers go on from the next multiple of this, so that a reference given out after the backup is never
/// given out again.
const NUMBERS: i64 = 4_194_304;

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The file that is now the backup's copy.
    pub file: PathBuf,
    /// Where the file lies that was there before.
    pub before: Option<PathBuf>,
}

/// Puts a backup in the place of `target`, with a new epoch.
///
/// The backup is copied and checked first, so that a bad one changes nothing. The old file stays as
/// `<db>.before-restore`. The secret that lies beside the target stays; the backup holds none.
///
/// # Errors
/// Those of the backup (`NoFile`, `Foreign`, `NewerSchema`, `Corrupt`) and of the target (`BadPath`, `Foreign`,
/// `NetworkFs`); `InUse` while any process, this one too, has the target open.
///
/// # Concurrency
/// Openers are kept out until it ends. Interrupted, it leaves the old file or the new one.
pub fn restore(
    backup: &Path,
    target: &Path,
    epoch: i64,
    access: &Access,
) -> Result<Restored, StoreError> {
    let source = Place::find(backup, access)?;
    source.inspect()?;
    let place = Place::find(target, access)?;
    place.refuse_network()?;
    let old = match place.inspect() {
        Ok(entry) => Some(entry),
        Err(error) if error.failure == StoreFailure::NoFile => None,
        // An older program may put an older file in the place of a newer one.
        Err(error) if error.failure == StoreFailure::NewerSchema => place.look()?,
        Err(error) => return Err(error),
    };
    if old.is_some_and(|old| held::unless_held(old.identity, || ()).is_none()) {
        return Err(in_use());
    }
    let rights = old.as_ref().map_or_else(Rights::default, rights_of);
    let _lock = take_alone(&place, rights, 0)?;
    // One that was interrupted before.
    if let Some(old) = place.look()? {
        aside::put_back(&place, &old)?;
    }
    let private = Private::make(&place, rights, &[])?;
    copy(&source, &private)?;
    finish(&private, |connection| renew(connection, epoch))?;
    let before = match old {
        None => {
            set_orphans_aside(&place)?;
            None
        }
        Some(_) => Some(set_aside(&place)?),
    };
    let disk = place.disk();
    if planted(Canary::GapAtRestore) {
        disk.remove(&place.path).map_err(system("free the name"))?;
        finish(&private, |_| Ok(()))?;
    }
    disk.rename(&private.path, &place.path).map_err(system("name the file"))?;
    disk.sync_folder(&place.folder).map_err(system("sync the folder"))?;
    Ok(Restored { file: place.path.clone(), before })
}

fn in_use() -> StoreError {
    StoreError::new(StoreFailure::InUse, "another handle or process holds the file")
}

/// Copies the backup's bytes; where a log lies beside it, somebody may use it, so SQLite copies it.
fn copy(source: &Place, private: &Private<'_>) -> Result<(), StoreError> {
    let disk = source.disk();
    let log = disk.look(&source.wal()).map_err(system("look at the backup"))?;
    if log.is_some() {
        let connection = connect(&source.path, &source.access, Role::Reader)?;
        return copy_all(connection, private).map(|_| ());
    }
    disk.copy(&source.path, &private.path).map(|_| ()).map_err(system("copy the backup"))
}

/// What is different in a restored file.
fn renew(connection: &Connection, epoch: i64) -> Result<(), StoreError> {
    connection
        .execute(
            "UPDATE meta SET epoch = ?1, last_number = (last_number / ?2 + 1) * ?2 WHERE one = 1",
            params![epoch, NUMBERS],
        )
        .map(|_| ())
        .map_err(sqlite)
}

/// Gives the old file another name, whole: its log is brought into it first.
fn set_aside(place: &Place) -> Result<PathBuf, StoreError> {
    match leave_wal(place) {
        Ok(()) => {}
        Err(error) if error.failure == StoreFailure::Locked => return Err(in_use()),
        // A damaged file is what one restores over; it is kept as it is, with its log beside it.
        Err(error) => {
            tracing::warn!(%error, "the old file could not be tidied before it was set aside");
        }
    }
    aside::set_aside(place)
}

/// Takes the file out of WAL mode: that needs it alone, so it finds everybody else who reads or writes it, also
/// programs that are not ours; and it leaves everything in the one file. That goes back to WAL mode then: else who
/// only reads could not open it, neither under its new name nor, if the restore is interrupted, under the old one.
fn leave_wal(place: &Place) -> Result<(), StoreError> {
    let connection = connect(&place.path, &place.access, Role::Private)?;
    connection.busy_timeout(std::time::Duration::ZERO).map_err(sqlite)?;
    // The mark goes first, and into the log: killed in between, the file is missing nothing, and says so. It is in the
    // file only when everything that was committed before it is there too.
    let unmark = || connection.execute("UPDATE meta SET dirty = 0 WHERE one = 1", []);
    let leave = || connection.query_one("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    let mode: Result<String, rusqlite::Error> = if planted(Canary::LogBeforeMark) {
        leave().and_then(|mode| unmark().map(|_| mode))
    } else {
        unmark().and_then(|_| leave())
    };
    match mode {
        Ok(mode) if mode == "delete" => {
            settings::use_wal(&connection)?;
            connection.close().map_err(|(_, error)| sqlite(error))
        }
        Ok(_) => Err(StoreError::new(StoreFailure::Locked, "the file is used by somebody")),
        Err(error) if is_busy(&error) => {
            Err(StoreError::new(StoreFailure::Locked, "the file is used by somebody"))
        }
        Err(error) => Err(sqlite(error)),
    }
}
