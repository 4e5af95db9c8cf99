//! A database file that this process holds: who it is, that nobody exchanges it, and that others see us.
//!
//! `<db>-lock` is the presence file. Every opener holds a shared lock on it for as long as it lives; restore, init
//! and the last one to close take it alone. It is never the database itself: closing that would drop SQLite's
//! locks. It stays behind, empty, and means nothing when nobody holds it.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::store::boundary::{StoreError, StoreFailure};

use super::aside;
use super::disk::{Entry, Identity, LockFile};
use super::errors::system;
use super::file::{Place, rights_of};

/// The database files that this process has open, and how often.
static HELD: Mutex<BTreeMap<Identity, usize>> = Mutex::new(BTreeMap::new());

fn held() -> MutexGuard<'static, BTreeMap<Identity, usize>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `look` unless this process has the file open; nobody opens it meanwhile.
pub(super) fn unless_held<T>(identity: Identity, look: impl FnOnce() -> T) -> Option<T> {
    let held = held();
    let answer = (!held.contains_key(&identity)).then(look);
    drop(held);
    answer
}

/// A file that is open. Shared by every connection to it, and outlives them.
#[derive(Debug)]
pub(super) struct OpenFile {
    /// Where it lies.
    pub(super) place: Place,
    identity: Identity,
    log: OnceLock<Identity>,
    process: AtomicU32,
    presence: Option<Box<dyn LockFile>>,
}

impl OpenFile {
    /// Holds the file at this place, after looking whether it is ours; before SQLite opens it.
    ///
    /// # Errors
    /// Those of [`Place::inspect`]; `InUse` while it is being restored; `Moved` where it changes meanwhile, or is the second
    /// name that an interrupted restore left.
    pub(super) fn hold(place: Place, may_write: bool) -> Result<(Self, Entry), StoreError> {
        let found = place.inspect()?;
        place.refuse_network()?;
        if may_write && found.mode & 0o222 == 0 {
            return Err(StoreError::new(StoreFailure::ReadOnly, "the file is read-only"));
        }
        let presence = match present(&place, &found) {
            Ok(presence) => Some(presence),
            // Who only reads may do so where no lock file can be made.
            Err(error) if !may_write && error.failure == StoreFailure::ReadOnly => None,
            Err(error) => return Err(error),
        };
        let entry = place.inspect()?;
        if presence.is_some() {
            aside::put_back(&place, &entry)?;
        }
        *held().entry(entry.identity).or_default() += 1;
        let process = AtomicU32::new(std::process::id());
        let identity = entry.identity;
        Ok((Self { place, identity, log: OnceLock::new(), process, presence }, entry))
    }

    /// Remembers which log lies beside the file, once SQLite has opened it.
    pub(super) fn remember_log(&self) -> Result<(), StoreError> {
        let found = self.place.disk().look(&self.place.wal()).map_err(system("look at the log"))?;
        if let Some(log) = found {
            let _ = self.log.set(log.identity);
        }
        Ok(())
    }

    /// Whether this is still the process that opened the file.
    pub(super) fn check_process(&self) -> Result<(), StoreError> {
        if self.is_forked() {
            return Err(StoreError::new(
                StoreFailure::Forked,
                "the handle was carried over a fork",
            ));
        }
        Ok(())
    }

    /// Whether the handle was carried over a fork: then nothing of it may be closed.
    pub(super) fn is_forked(&self) -> bool {
        std::process::id() != self.process.load(Ordering::Relaxed)
    }

    /// Whether the names still lead to the files that were opened: two calls of `stat`.
    pub(super) fn check_identity(&self) -> Result<(), StoreError> {
        let disk = self.place.disk();
        let same = |found: io::Result<Option<Identity>>, identity: Identity| match found {
            Ok(found) => Ok(found == Some(identity)),
            Err(error) => Err(system("look at the file")(error)),
        };
        let log = match self.log.get() {
            None => true,
            Some(log) => same(disk.identity(&self.place.wal()), *log)?,
        };
        if log && same(disk.identity(&self.place.path), self.identity)? {
            return Ok(());
        }
        let words = "the name leads to another file than the one that was opened";
        Err(StoreError::new(StoreFailure::Moved, words))
    }

    /// Whether nobody else has the file open; others are kept out from here until [`Self::with_others`].
    pub(super) fn alone(&self) -> bool {
        self.presence.as_ref().is_some_and(|presence| presence.try_alone().unwrap_or(false))
    }

    /// Lets others open the file again after [`Self::alone`], whatever that said: asking can lose the lock.
    pub(super) fn with_others(&self) {
        if let Some(presence) = &self.presence {
            // If somebody takes it alone at this very moment, the next look at the names finds the exchange.
            let _ = presence.try_shared();
        }
    }

    /// Acts as if this were another process than the one that opened the file.
    #[cfg(test)]
    pub(super) fn pretend_fork(&self, forked: bool) {
        self.process.store(u32::from(!forked) * std::process::id(), Ordering::Relaxed);
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        if self.is_forked() {
            // The parent goes on using what this would close.
            std::mem::forget(self.presence.take());
            return;
        }
        let mut held = held();
        if let Some(count) = held.get_mut(&self.identity) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.identity);
            }
        }
    }
}

/// Tries for five seconds or more: init and the last one to close hold it for as long as a busy disk takes to sync.
const TRIES: u32 = 5_000;

fn present(place: &Place, entry: &Entry) -> Result<Box<dyn LockFile>, StoreError> {
    let lock = open_presence(place, entry)?;
    for _ in 0..TRIES {
        if lock.try_shared().map_err(system("lock the file"))? {
            return Ok(lock);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    Err(StoreError::new(StoreFailure::InUse, "the file is being restored"))
}

fn open_presence(place: &Place, entry: &Entry) -> Result<Box<dyn LockFile>, StoreError> {
    let path = place.side("-lock");
    place.disk().lock_file(&path, rights_of(entry)).map_err(system("open the lock file"))
}

/// Takes the presence file alone, for init and restore; `InUse` where others hold it for longer than `tries`
/// milliseconds.
pub(super) fn take_alone(
    place: &Place,
    rights: super::disk::Rights,
    tries: u32,
) -> Result<Box<dyn LockFile>, StoreError> {
    let path = place.side("-lock");
    let lock = place.disk().lock_file(&path, rights).map_err(system("open the lock file"))?;
    for attempt in 0..=tries {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        if lock.try_alone().map_err(system("lock the file"))? {
            return Ok(lock);
        }
    }
    Err(StoreError::new(StoreFailure::InUse, "another handle or process holds the file"))
}
