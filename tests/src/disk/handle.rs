//! An open file as SQLite has it: each method is one of SQLite's, with SQLite's codes, and without a pointer.

use std::path::Path;
use std::sync::Arc;

use rusqlite::ffi;

use super::RamDisk;
use super::faults::Kind;
use super::locks::{IndexUse, REGION_WORDS};
use super::state::{File, Trouble};

/// An open file.
#[derive(Debug)]
pub(super) struct Handle {
    disk: Arc<RamDisk>,
    file: File,
    id: u64,
    /// Its name is made certain with its first sync, as SQLite's unix system does for logs and journals.
    names_itself: bool,
    /// Removed when it is closed.
    passing: Option<String>,
    index: IndexUse,
    /// Its log stays when the last connection closes.
    keeps_log: bool,
}

/// SQLite's code for a trouble.
fn code(trouble: Trouble, device: i32) -> i32 {
    if trouble == Trouble::Full { ffi::SQLITE_FULL } else { device }
}

fn said(outcome: Result<(), Trouble>, device: i32) -> i32 {
    outcome.map_or_else(|trouble| code(trouble, device), |()| ffi::SQLITE_OK)
}

const LOGS: i32 = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL;

/// Opens a file; one without a path is nobody else's.
pub(super) fn open(path: Option<&Path>, flags: i32) -> Result<Handle, i32> {
    let Some(path) = path else { return Err(ffi::SQLITE_CANTOPEN) };
    let (disk, name) = RamDisk::find(path).ok_or(ffi::SQLITE_CANTOPEN)?;
    let mut state = disk.state();
    let (file, made) = match state.file(&name) {
        Some(file) => (state.step(Kind::Open).map(|()| file), false),
        None if flags & ffi::SQLITE_OPEN_CREATE != 0 => (state.make(&name), true),
        None => (Err(Trouble::Missing), false),
    };
    let file = file.map_err(|trouble| code(trouble, ffi::SQLITE_CANTOPEN))?;
    let id = state.number();
    drop(state);
    let names_itself = made && flags & LOGS != 0;
    let passing = (flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0).then_some(name);
    let index = IndexUse::default();
    Ok(Handle { disk, file, id, names_itself, passing, index, keeps_log: false })
}

/// Removes a name.
pub(super) fn remove(path: &Path, then_sync: bool) -> i32 {
    let Some((disk, name)) = RamDisk::find(path) else { return ffi::SQLITE_IOERR_DELETE };
    let mut state = disk.state();
    match state.remove(&name) {
        Ok(()) if then_sync => said(state.sync_folder(), ffi::SQLITE_IOERR_DIR_FSYNC),
        Ok(()) => ffi::SQLITE_OK,
        Err(Trouble::Missing) => ffi::SQLITE_IOERR_DELETE_NOENT,
        Err(_) => ffi::SQLITE_IOERR_DELETE,
    }
}

/// Whether something has a name; as SQLite asks it, an empty log is none.
pub(super) fn is_there(path: &Path, exists: bool) -> Result<bool, i32> {
    let (disk, name) = RamDisk::find(path).ok_or(ffi::SQLITE_IOERR_ACCESS)?;
    let mut state = disk.state();
    state.step(Kind::Look).map_err(|_| ffi::SQLITE_IOERR_ACCESS)?;
    Ok(state.file(&name).is_some_and(|file| !exists || state.length(file) > 0))
}

impl Handle {
    pub(super) fn close(mut self) {
        let mut state = self.disk.state();
        state.locks.detach(self.file, &mut self.index);
        state.locks.unlock(self.file, self.id, ffi::SQLITE_LOCK_NONE);
        if let Some(name) = &self.passing {
            // Nobody is told that it stayed.
            let _ = state.remove(name);
        }
    }

    pub(super) fn read(&self, at: usize, into: &mut [u8]) -> i32 {
        match self.disk.state().read(self.file, at, into) {
            Ok(count) if count == into.len() => ffi::SQLITE_OK,
            Ok(count) => {
                into[count..].fill(0);
                ffi::SQLITE_IOERR_SHORT_READ
            }
            Err(trouble) => code(trouble, ffi::SQLITE_IOERR_READ),
        }
    }

    pub(super) fn write(&self, at: usize, bytes: &[u8]) -> i32 {
        said(self.disk.state().write(self.file, at, bytes), ffi::SQLITE_IOERR_WRITE)
    }

    pub(super) fn truncate(&self, length: usize) -> i32 {
        said(self.disk.state().truncate(self.file, length), ffi::SQLITE_IOERR_TRUNCATE)
    }

    pub(super) fn sync(&mut self) -> i32 {
        let mut state = self.disk.state();
        let synced = state.sync(self.file);
        if synced.is_ok() && self.names_itself {
            // SQLite's unix system does not say it either where this fails, and does not try again.
            let _ = state.sync_folder();
            self.names_itself = false;
        }
        said(synced, ffi::SQLITE_IOERR_FSYNC)
    }

    pub(super) fn length(&self) -> Result<usize, i32> {
        let mut state = self.disk.state();
        state.step(Kind::Look).map_err(|_| ffi::SQLITE_IOERR_FSTAT)?;
        Ok(state.length(self.file))
    }

    /// Says whether the log stays when the last connection closes; a number that is not negative changes it.
    pub(super) fn keep_log(&mut self, wish: i32) -> i32 {
        if wish >= 0 {
            self.keeps_log = wish > 0;
        }
        i32::from(self.keeps_log)
    }

    pub(super) fn lock(&self, level: i32) -> i32 {
        let got = self.disk.state().locks.lock(self.file, self.id, level);
        if got { ffi::SQLITE_OK } else { ffi::SQLITE_BUSY }
    }

    pub(super) fn unlock(&self, level: i32) {
        self.disk.state().locks.unlock(self.file, self.id, level);
    }

    pub(super) fn is_reserved(&self) -> bool {
        self.disk.state().locks.others(self.file, self.id) >= ffi::SQLITE_LOCK_RESERVED
    }

    /// The address of a region of the shared index; none where there is no such region.
    pub(super) fn region(
        &mut self,
        place: usize,
        bytes: usize,
        make: bool,
    ) -> Result<Option<usize>, i32> {
        if bytes != REGION_WORDS * 8 {
            return Err(ffi::SQLITE_IOERR_SHMMAP);
        }
        let mut state = self.disk.state();
        let there = state.locks.attach(self.file, &mut self.index).regions.len() > place;
        if make && !there {
            state.step(Kind::Index).map_err(|_| ffi::SQLITE_IOERR_SHMSIZE)?;
        }
        let index = state.locks.attach(self.file, &mut self.index);
        Ok(index.region(place, make).map(|region| region.0.as_ptr().expose_provenance()))
    }

    pub(super) fn lock_index(&mut self, bits: u8, flags: i32) -> i32 {
        let mut state = self.disk.state();
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            state.locks.unlock_index(self.file, &mut self.index, bits);
            return ffi::SQLITE_OK;
        }
        let alone = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        if state.locks.lock_index(self.file, &mut self.index, bits, alone) {
            ffi::SQLITE_OK
        } else {
            ffi::SQLITE_BUSY
        }
    }

    pub(super) fn leave_index(&mut self) {
        self.disk.state().locks.detach(self.file, &mut self.index);
    }

    /// Nobody's writes to the index pass this point.
    pub(super) fn barrier(&self) {
        drop(self.disk.state());
        std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
    }
}
