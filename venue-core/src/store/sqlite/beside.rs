//! Checkpoints beside the lead: the log is copied while the next batch is decided and written.
//!
//! Copying 2 MiB takes as long as half a batch, and its two syncs as long as a commit. SQLite lets a connection copy
//! the log while another appends to it, so whoever led a batch does it after the lead was passed on, over a connection
//! of its own.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use rusqlite::Connection;
use rusqlite::wal::CheckpointMode;

use crate::store::boundary::{Chore, StoreError};

use super::checkpoint::run_mode;
use super::connection::connect;
use super::errors::{from_sqlite, is_busy};
use super::held::OpenFile;
use super::settings::Role;

/// The connection that copies, and what it has copied.
#[derive(Debug)]
pub(super) struct Beside(Arc<Inner>);

struct Inner {
    file: Arc<OpenFile>,
    connection: Mutex<State>,
    /// One copies, or is about to.
    running: AtomicBool,
    /// Pages of the log that the newest passive checkpoint left in the main file.
    copied: AtomicI32,
}

enum State {
    /// Nothing was copied beside the lead yet.
    Unopened,
    Open(Connection),
    /// The file was closed: nothing is copied any more.
    Closed,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("copied", &self.copied).finish_non_exhaustive()
    }
}

/// Says that nobody copies, however the copying ended, also if it never began.
struct Running(Arc<Inner>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}

impl Beside {
    /// For this file, with no connection yet.
    pub(super) fn new(file: Arc<OpenFile>) -> Self {
        let connection = Mutex::new(State::Unopened);
        let (running, copied) = (AtomicBool::new(false), AtomicI32::new(0));
        Self(Arc::new(Inner { file, connection, running, copied }))
    }

    /// Pages of the log that are in the main file already, as far as is known.
    pub(super) fn copied(&self) -> i32 {
        self.0.copied.load(Ordering::Relaxed)
    }

    /// Notes how many pages of the log are in the main file.
    pub(super) fn note_copied(&self, pages: i32) {
        self.0.copied.store(pages, Ordering::Relaxed);
    }

    /// Whether somebody copies at this moment.
    pub(super) fn is_running(&self) -> bool {
        self.0.running.load(Ordering::Acquire)
    }

    /// What copies the log: to be called by whoever does not lead any more. None if somebody does so already.
    pub(super) fn chore(&self) -> Option<Chore> {
        if self.0.running.swap(true, Ordering::AcqRel) {
            return None;
        }
        let running = Running(Arc::clone(&self.0));
        Some(Box::new(move || running.0.copy()))
    }

    /// Closes the connection; whoever copies at this moment ends first.
    pub(super) fn close(&self) {
        *self.0.connection.lock().unwrap_or_else(PoisonError::into_inner) = State::Closed;
    }

    /// Leaves the connection open for ever: in a child process, where closing it could damage the parent's file, and
    /// where whoever copied when the process was forked never ends.
    pub(super) fn leak(&self) {
        std::mem::forget(Arc::clone(&self.0));
        let state = match self.0.connection.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        std::mem::forget(state);
    }
}

impl Inner {
    fn copy(&self) {
        if self.file.is_forked() {
            return;
        }
        let mut state = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.copy_over(&mut state) {
            tracing::warn!(%error, "a checkpoint failed; the log keeps everything");
        }
    }

    fn copy_over(&self, state: &mut State) -> Result<(), StoreError> {
        if matches!(state, State::Unopened) {
            let place = &self.file.place;
            *state = State::Open(connect(&place.path, &place.access, Role::Reader)?);
        }
        let State::Open(connection) = state else { return Ok(()) };
        match run_mode(connection, CheckpointMode::PASSIVE) {
            Ok((_, copied)) => self.copied.store(copied, Ordering::Relaxed),
            Err(error) if is_busy(&error) => {}
            Err(error) => return Err(from_sqlite(&error)),
        }
        Ok(())
    }
}
