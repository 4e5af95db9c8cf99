//! Which file a name means, and whether it is ours: looked at before SQLite touches anything.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::boundary::{StoreError, StoreFailure};

use super::disk::{Disk, Entry, RealDisk, Rights};
use super::errors::{from_system, system};
use super::held;
use super::migrate::CURRENT;

/// `application_id` of every file of ours: "VENU".
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"VENU");

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: usize = 100;

/// How files are reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// The disk for what goes around SQLite.
    pub disk: Arc<dyn Disk>,
    /// The name of the VFS that SQLite uses; none for its own.
    pub vfs: Option<String>,
    /// Whether a network file system is taken nevertheless.
    pub allow_network_fs: bool,
}

impl Default for Access {
    fn default() -> Self {
        Self { disk: Arc::new(RealDisk), vfs: None, allow_network_fs: false }
    }
}

/// Where a database lies or shall lie: an absolute path whose folders are resolved, and how it is reached.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The database's own path.
    pub(super) path: PathBuf,
    /// The folder it lies in.
    pub(super) folder: PathBuf,
    /// How it is reached.
    pub(super) access: Access,
}

impl Place {
    /// Finds the place that a name means.
    ///
    /// The folder's links are resolved, the last part's is not: SQLite is told to refuse links.
    ///
    /// # Errors
    /// `BadPath` for what cannot name a file, with the disk untouched; `NoFile` where the folder is missing.
    pub(super) fn find(path: &Path, access: &Access) -> Result<Self, StoreError> {
        let bytes = path.as_os_str().as_bytes();
        let bad = |why: &str| Err(StoreError::new(StoreFailure::BadPath, why));
        if bytes.is_empty() {
            return bad("an empty path names no file");
        }
        if bytes == b":memory:" || bytes.starts_with(b"file:") {
            return bad("the path of a file is needed, not a name of SQLite's own");
        }
        if bytes.contains(&0) {
            return bad("a path holds no zero byte");
        }
        if bytes.ends_with(b"/") || bytes.ends_with(b"/.") {
            return bad("the path names a folder");
        }
        let full = std::path::absolute(path).map_err(system("find the path"))?;
        let (Some(folder), Some(name)) = (full.parent(), full.file_name()) else {
            return bad("the path names no file");
        };
        let folder = access.disk.folder(folder).map_err(system("find the folder"))?;
        Ok(Self { path: folder.join(name), folder, access: access.clone() })
    }

    /// The disk.
    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.access.disk
    }

    /// A file beside the database, named after it.
    pub(super) fn side(&self, suffix: &str) -> PathBuf {
        self.folder.join(self.side_name(suffix))
    }

    fn side_name(&self, suffix: &str) -> OsString {
        let mut name = self.path.file_name().unwrap_or_default().to_os_string();
        name.push(suffix);
        name
    }

    /// SQLite's log beside the database.
    pub(super) fn wal(&self) -> PathBuf {
        self.side("-wal")
    }

    /// A new name beside the database for something unfinished.
    pub(super) fn temporary(&self) -> Result<PathBuf, StoreError> {
        let mut salt = [0; 8];
        getrandom::fill(&mut salt)
            .map_err(|error| StoreError::new(StoreFailure::Other, error.to_string()))?;
        Ok(self.side(&format!("{TEMPORARY}{:016x}", u64::from_le_bytes(salt))))
    }

    /// Removes what unfinished work left beside the database: all of it, or what is a day older than
    /// `younger_than`. What cannot be removed stays: it is harmless.
    pub(super) fn sweep(&self, younger_than: Option<&Entry>) {
        let prefix = self.side_name(TEMPORARY);
        let Ok(names) = self.disk().names(&self.folder) else { return };
        for name in names.iter().filter(|name| starts_with(name, &prefix)) {
            let path = self.folder.join(name);
            let old = match (younger_than, self.disk().look(&path)) {
                (None, _) => true,
                (Some(than), Ok(Some(found))) => found.written_at < than.written_at - 86_400,
                (Some(_), _) => false,
            };
            if old {
                let _ = self.disk().remove(&path);
            }
        }
    }

    /// Refuses a network file system, unless it is allowed.
    pub(super) fn refuse_network(&self) -> Result<(), StoreError> {
        if self.access.allow_network_fs {
            return Ok(());
        }
        match self.disk().network(&self.folder).map_err(system("look at the file system"))? {
            None => Ok(()),
            Some(name) => {
                let words = format!("the file lies on a network file system ({name})");
                Err(StoreError::new(StoreFailure::NetworkFs, words))
            }
        }
    }

    /// What lies under the name.
    pub(super) fn look(&self) -> Result<Option<Entry>, StoreError> {
        self.disk().look(&self.path).map_err(system("look at the file"))
    }

    /// Looks whether a database of ours lies here, without SQLite and without changing a byte.
    ///
    /// The version may be older than this program's; where the newest first page is only in the log, the
    /// version has to be asked for once more after opening.
    ///
    /// # Errors
    /// `NoFile`, `Foreign`, `NewerSchema`, or what the system says.
    pub(super) fn inspect(&self) -> Result<Entry, StoreError> {
        let Some(entry) = self.look()? else {
            return Err(StoreError::new(StoreFailure::NoFile, "there is no such file"));
        };
        if !entry.regular {
            return Err(foreign("not a regular file"));
        }
        // Closing a file drops this process's locks on it, so one that we have open is not opened again: it
        // was found to be ours before.
        let head = held::unless_held(entry.identity, || self.disk().head(&self.path, 100));
        match head {
            None => Ok(entry),
            Some(head) => {
                judge(&head.map_err(|e| from_system(&e, "read the file"))?).map(|()| entry)
            }
        }
    }
}

const TEMPORARY: &str = ".venue-tmp-";

fn starts_with(name: &OsStr, prefix: &OsStr) -> bool {
    name.as_bytes().starts_with(prefix.as_bytes())
}

fn foreign(why: &str) -> StoreError {
    StoreError::new(StoreFailure::Foreign, format!("not a VENUE database: {why}"))
}

/// Judges the first bytes of a file.
fn judge(head: &[u8]) -> Result<(), StoreError> {
    if head.len() < HEADER || !head.starts_with(MAGIC) {
        return Err(foreign("it is no SQLite file"));
    }
    let number =
        |at: usize| i32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    judge_numbers(number(68), number(60))
}

/// Judges a file's `application_id` and `user_version`.
pub(super) fn judge_numbers(application: i32, version: i32) -> Result<(), StoreError> {
    if application != APPLICATION_ID {
        return Err(foreign("it belongs to another application"));
    }
    if version == 0 {
        return Err(foreign("it has no schema"));
    }
    if !(1..=CURRENT).contains(&version) {
        let words = format!("the file has schema {version}, this program knows {CURRENT}");
        return Err(StoreError::new(StoreFailure::NewerSchema, words));
    }
    Ok(())
}

/// The rights that files beside a database get: its own.
pub(super) fn rights_of(entry: &Entry) -> Rights {
    Rights { group: (entry.mode & 0o060 == 0o060).then_some(entry.group) }
}
