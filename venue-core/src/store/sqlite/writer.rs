//! The writing side: the only place that begins a write transaction.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::wal::CheckpointMode;

use crate::store::boundary::{Chore, Committed, Store, StoreError, StoreFailure, Tx};

use super::checkpoint::{Checkpoints, Ended, PASSIVE_PAGES};
use super::connection::connect;
use super::errors::{extended_code, from_sqlite, is_busy, sqlite};
use super::held::OpenFile;
use super::mark;
use super::settings::Role;
use super::tx::{NotCommitted, Session};
use super::waiting::Wait;

/// The SQLite store: one connection that writes.
///
/// # Concurrency
/// One thread at a time uses it. Other processes are waited for in [`Store::begin`] alone.
#[derive(Debug)]
pub struct SqliteStore {
    session: Option<Box<Session>>,
    checkpoints: Checkpoints,
    /// Outlives the connection: fields are dropped in this order.
    pub(super) file: Arc<OpenFile>,
}

/// When [`SqliteStore::close`] tidies up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// Always, if nobody else has the file open: for what was open long.
    Tidy,
    /// Only if the log is over 2 MiB: for a process of one command.
    Quick,
}

impl SqliteStore {
    /// Opens the writing connection of a file that is held.
    pub(super) fn open(file: Arc<OpenFile>) -> Result<Self, StoreError> {
        let mut connection = connect(&file.place.path, &file.place.access, Role::Writer)?;
        let checkpoints = Checkpoints::watch(&mut connection, &file)?;
        // From here the waiting is ours.
        connection.busy_timeout(Duration::ZERO).map_err(sqlite)?;
        let session = Some(Box::new(Session::new(connection)));
        Ok(Self { session, checkpoints, file })
    }

    /// The session: there from opening until closing.
    pub(super) fn session(&mut self) -> &mut Session {
        self.session.as_mut().expect("the store is open until it is dropped")
    }

    #[cfg(test)]
    /// Bytes of the log that commits lie in, as of our newest commit.
    pub(super) fn wal_bytes(&self) -> u64 {
        super::checkpoint::bytes(self.checkpoints.pages())
    }

    /// Closes the file; if it says so and nobody else has it open, everything is in the main file and the log is
    /// empty. A failure of the tidying loses nothing: the log keeps it.
    ///
    /// Readers of this opening should be dropped before.
    pub fn close(mut self, how: Close) {
        if self.file.is_forked() {
            return;
        }
        self.rollback();
        self.checkpoints.close();
        let due = how == Close::Tidy || self.checkpoints.pages() > PASSIVE_PAGES;
        if due && self.file.check_identity().is_ok() {
            if self.file.alone() {
                self.tidy();
            }
            self.file.with_others();
        }
    }

    fn tidy(&mut self) {
        let cleaned = self.begin_once().and_then(|()| {
            let session = self.session();
            mark::set(session, false)?;
            session.commit().map_err(not_committed)
        });
        if cleaned.is_err() {
            self.rollback();
            return;
        }
        let Some(session) = &self.session else { return };
        self.checkpoints.run(&session.connection, CheckpointMode::TRUNCATE);
    }

    /// Begins without waiting.
    fn begin_once(&mut self) -> Result<(), StoreError> {
        self.session().begin(BEGIN).map_err(|error| from_sqlite(&error))
    }

    /// Begins, waiting as long as the watch wants.
    fn begin_waiting(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<bool, StoreError> {
        let mut wait = None;
        loop {
            let error = match self.session().begin(BEGIN) {
                Ok(()) => return Ok(true),
                Err(error) if is_busy(&error) => error,
                Err(error) => return Err(from_sqlite(&error)),
            };
            // Somebody committed between our looking and our taking the lock: it may be free now.
            if extended_code(&error) == Some(rusqlite::ffi::SQLITE_BUSY_SNAPSHOT) && watch() {
                continue;
            }
            if !wait.get_or_insert_with(Wait::new).sleep(watch) {
                return Ok(false);
            }
        }
    }

    /// Makes sure that the main file says that a log may hold commits. True if it did already and the
    /// transaction is still open; else it was used up by saying so.
    fn is_marked(&mut self) -> Result<bool, StoreError> {
        let session = self.session();
        if mark::is_set(session)? {
            return Ok(true);
        }
        mark::set(session, true)?;
        session.commit().map_err(not_committed)?;
        let Some(session) = &self.session else { return Ok(false) };
        if self.checkpoints.run(&session.connection, CheckpointMode::PASSIVE) == Ended::Skipped {
            // A reader of this very moment keeps it out of the main file. It goes there as soon as it can.
            self.checkpoints.owe();
        }
        Ok(false)
    }

    fn begin_marked(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<bool, StoreError> {
        // Only who is alone takes the mark away, so the second round finds it.
        for _ in 0..8 {
            if !self.begin_waiting(watch)? {
                return Ok(false);
            }
            if self.is_marked()? {
                return Ok(true);
            }
        }
        Err(StoreError::new(StoreFailure::Locked, "the mark of the file does not hold"))
    }
}

const BEGIN: &str = "BEGIN IMMEDIATE";

fn not_committed(error: NotCommitted) -> StoreError {
    match error {
        NotCommitted::Before(error) => error,
        NotCommitted::At(error) => from_sqlite(&error),
    }
}

impl Store for SqliteStore {
    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<bool, StoreError> {
        self.file.check_process()?;
        if self.session().is_open() {
            return Err(StoreError::new(StoreFailure::Other, "a transaction is open already"));
        }
        self.file.check_identity()?;
        let begun = self.begin_marked(watch);
        if begun.is_err() {
            self.rollback();
        }
        begun
    }

    fn tx(&mut self) -> &mut dyn Tx {
        self.session()
    }

    fn commit(&mut self) -> Committed {
        if let Err(error) = self.file.check_process() {
            return Committed::Failed(error);
        }
        match self.session().commit() {
            Ok(()) => match self.file.check_identity() {
                Ok(()) => Committed::Done,
                Err(error) => Committed::Doubtful(error),
            },
            Err(NotCommitted::Before(error)) => Committed::Failed(error),
            Err(NotCommitted::At(error)) => classify(from_sqlite(&error)),
        }
    }

    fn rollback(&mut self) {
        // In a child the parent's transaction is none of our business.
        if !self.file.is_forked() && !self.session().rollback() {
            tracing::warn!("a transaction could not be rolled back; the next begin fails");
        }
    }

    fn maintain(&mut self) -> Option<Chore> {
        if self.file.is_forked() {
            return None;
        }
        let session = self.session.as_ref()?;
        self.checkpoints.run_due(&session.connection)
    }
}

/// How a commit ended that failed with this.
fn classify(error: StoreError) -> Committed {
    match error.failure {
        // Without its last frame nothing can come back; a constraint or a lock speaks before the first.
        StoreFailure::Full | StoreFailure::Constraint | StoreFailure::Locked => {
            Committed::Failed(error)
        }
        StoreFailure::Io
        | StoreFailure::Memory
        | StoreFailure::Corrupt
        | StoreFailure::ReadOnly
        | StoreFailure::Moved
        | StoreFailure::NoFile
        | StoreFailure::Foreign
        | StoreFailure::NewerSchema
        | StoreFailure::NetworkFs
        | StoreFailure::TargetExists
        | StoreFailure::InUse
        | StoreFailure::Forked
        | StoreFailure::BadPath
        | StoreFailure::Other => Committed::Doubtful(error),
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        if self.file.is_forked() {
            // Closing in a child could damage the parent's file.
            std::mem::forget(self.session.take());
            self.checkpoints.leak();
        } else {
            self.checkpoints.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_commit_is_certain_only_where_nothing_can_come_back() {
        let ended = |failure| classify(StoreError::new(failure, ""));
        assert!(matches!(ended(StoreFailure::Full), Committed::Failed(_)));
        assert!(matches!(ended(StoreFailure::Locked), Committed::Failed(_)));
        assert!(matches!(ended(StoreFailure::Io), Committed::Doubtful(_)));
        assert!(matches!(ended(StoreFailure::Memory), Committed::Doubtful(_)));
        assert!(matches!(ended(StoreFailure::Corrupt), Committed::Doubtful(_)));
    }
}
