//! Opening a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::store::boundary::{Read as _, StoreError};

use super::disk::Entry;
use super::errors::system;
use super::file::{Access, Place, rights_of};
use super::held::OpenFile;
use super::mark;
use super::migrate::{self, STEPS};
use super::pool::Readers;
use super::secret;
use super::writer::SqliteStore;

/// Something about a file that its owner should know; no reason to refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Warning {
    /// The file was copied without the log that belongs to it: its newest bookings may be missing.
    CopiedWithoutWal,
}

impl Warning {
    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::CopiedWithoutWal => "copied_without_wal",
        }
    }
}

/// An open file: its writing side, its reading side, and what was found.
#[derive(Debug)]
pub struct Opened {
    /// The writing side.
    pub writer: SqliteStore,
    /// The reading side; no connection is open yet.
    pub readers: Readers,
    /// What was found.
    pub found: Found,
}

/// What was found when a file was opened.
#[derive(Debug, Clone)]
pub struct Found {
    /// The file's full path.
    pub path: PathBuf,
    /// The secret beside it; none if it was lost.
    pub secret: Option<[u8; 32]>,
    /// What its owner should know.
    pub warnings: Vec<Warning>,
}

/// How long opening waits for another process that migrates the file.
const MIGRATION: Duration = Duration::from_mins(1);

/// Opens a file to write and read, and brings it to the newest schema.
///
/// # Errors
/// `BadPath`, `NoFile`, `Foreign`, `NewerSchema` (all before a byte changes), `NetworkFs`, `ReadOnly`, `InUse`
/// while it is being restored, `Corrupt`, or what the system says.
pub fn open(path: &Path, access: &Access) -> Result<Opened, StoreError> {
    let place = Place::find(path, access)?;
    let (file, entry) = OpenFile::hold(place, true)?;
    let log_was_there = has_log(&file)?;
    let file = Arc::new(file);
    let mut writer = SqliteStore::open(Arc::clone(&file))?;
    file.remember_log()?;
    follow(&file, &entry);
    let readers = Readers::new(Arc::clone(&file));
    let warnings = if log_was_there { Vec::new() } else { warnings(&mut writer)? };
    let ends = Instant::now() + MIGRATION;
    let migrated = migrate::migrate(&mut writer, STEPS, &mut || Instant::now() < ends)?;
    if migrated > 0 {
        tracing::info!(steps = migrated, "the file was brought to the newest schema");
    }
    let found =
        Found { path: file.place.path.clone(), secret: secret::load(&file.place)?, warnings };
    Ok(Opened { writer, readers, found })
}

/// Opens a file as [`open`] does, and goes on to a schema that only a rig knows; how many steps ran.
///
/// # Errors
/// Those of [`open`], and what the step says.
#[cfg(feature = "rigs")]
pub fn open_and_step(path: &Path, access: &Access, step: &str) -> Result<usize, StoreError> {
    let mut opened = open(path, access)?;
    let ends = Instant::now() + MIGRATION;
    let steps = [STEPS, &[step]].concat();
    migrate::migrate(&mut opened.writer, &steps, &mut || Instant::now() < ends)
}

/// Opens a file only to read it: for `info`, `doctor` and `backup`. Nothing is migrated.
///
/// # Errors
/// Those of [`open`] without `ReadOnly`.
pub fn open_to_read(path: &Path, access: &Access) -> Result<(Readers, Found), StoreError> {
    let place = Place::find(path, access)?;
    let (file, entry) = OpenFile::hold(place, false)?;
    let log_was_there = has_log(&file)?;
    let file = Arc::new(file);
    let readers = Readers::new(Arc::clone(&file));
    let mut dirty = Ok(false);
    readers.read(&mut |view| dirty = mark::is_set(view))?;
    file.remember_log()?;
    follow(&file, &entry);
    let warnings =
        if dirty? && !log_was_there { vec![Warning::CopiedWithoutWal] } else { Vec::new() };
    let found =
        Found { path: file.place.path.clone(), secret: secret::load(&file.place)?, warnings };
    Ok((readers, found))
}

fn has_log(file: &OpenFile) -> Result<bool, StoreError> {
    let log = file.place.disk().look(&file.place.wal()).map_err(system("look at the log"))?;
    Ok(log.is_some())
}

/// The mark says that a log held commits, and there is none.
fn warnings(writer: &mut SqliteStore) -> Result<Vec<Warning>, StoreError> {
    let mut dirty = Ok(false);
    super::pool::view(writer.session(), &mut |view| dirty = mark::is_set(view))?;
    Ok(if dirty? { vec![Warning::CopiedWithoutWal] } else { Vec::new() })
}

/// Gives the files beside a group's database its rights: SQLite gives them the maker's own group. What belongs to
/// somebody else is left as it is.
fn follow(file: &OpenFile, database: &Entry) {
    let rights = rights_of(database);
    if rights.group.is_none() {
        return;
    }
    let disk = file.place.disk();
    for side in ["-wal", "-shm", "-lock", "-secret"] {
        let path = file.place.side(side);
        let Ok(Some(found)) = disk.look(&path) else { continue };
        if Some(found.group) != rights.group || found.mode != rights.mode() {
            let _ = disk.allow(&path, rights);
        }
    }
}
