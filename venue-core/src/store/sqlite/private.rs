//! Files that nobody else knows yet: built or checked alone, then given their name.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::wal::CheckpointMode;

use crate::store::boundary::{StoreError, StoreFailure};

use super::checkpoint::run_mode;
use super::connection::{check_ours, connect};
use super::disk::Rights;
use super::errors::{sqlite, system};
use super::file::Place;
use super::settings::{self, Role};

/// An unfinished file beside the one that it may become. What is left of it goes when it is dropped; what a
/// killed process leaves is harmless and swept later.
#[derive(Debug)]
pub(super) struct Private<'p> {
    place: &'p Place,
    /// Its temporary name.
    pub(super) path: PathBuf,
}

impl<'p> Private<'p> {
    /// Makes an empty one.
    pub(super) fn make(
        place: &'p Place,
        rights: Rights,
        content: &[u8],
    ) -> Result<Self, StoreError> {
        let path = place.temporary()?;
        place.disk().create(&path, rights, content).map_err(system("make a temporary file"))?;
        Ok(Self { place, path })
    }

    /// Opens it.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        connect(&self.path, &self.place.access, Role::Private)
    }

    /// Closes it: everything is in the one file, synced.
    pub(super) fn close(&self, connection: Connection) -> Result<(), StoreError> {
        let copied = run_mode(&connection, CheckpointMode::TRUNCATE).map_err(sqlite)?;
        if copied.0 != copied.1 {
            return Err(StoreError::new(StoreFailure::Io, "a private file was not checkpointed"));
        }
        connection.close().map_err(|(_, error)| sqlite(error))?;
        let disk = self.place.disk();
        for side in ["-wal", "-journal"] {
            let left = disk.look(&beside(&self.path, side)).map_err(system("look at the file"))?;
            if left.is_some_and(|left| left.length > 0) {
                return Err(StoreError::new(StoreFailure::Io, "a private file has a log left"));
            }
        }
        disk.sync(&self.path).map_err(system("sync the file"))
    }

    /// Gives it the name, if nothing has that name; false if something has.
    pub(super) fn name(&self, name: &Path) -> Result<bool, StoreError> {
        let disk = self.place.disk();
        match disk.link(&self.path, name) {
            Ok(()) => {
                disk.sync_folder(&self.place.folder).map_err(system("sync the folder"))?;
                Ok(true)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(system("name the file")(error)),
        }
    }
}

impl Drop for Private<'_> {
    fn drop(&mut self) {
        for side in ["", "-wal", "-journal", "-shm"] {
            let _ = self.place.disk().remove(&beside(&self.path, side));
        }
    }
}

/// A name with something added.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Checks a whole copy: ours, of a known schema, undamaged.
pub(super) fn check_whole(connection: &Connection) -> Result<(), StoreError> {
    check_ours(connection)?;
    settings::use_wal(connection)?;
    let found: String =
        connection.query_one("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(sqlite)?;
    if found != "ok" {
        return Err(StoreError::new(
            StoreFailure::Corrupt,
            format!("the file is damaged: {found}"),
        ));
    }
    let rows: i64 = connection
        .query_one("SELECT count(*) FROM meta WHERE one = 1", [], |row| row.get(0))
        .map_err(sqlite)?;
    if rows != 1 {
        return Err(StoreError::new(StoreFailure::Corrupt, "the meta row is missing"));
    }
    Ok(())
}
