//! Our own checkpoints: after the answers are given, never waiting for anybody.
//!
//! Most of the log is copied beside the lead. That alone would never end in a busy file, because there is always a
//! newer commit in the log: so a log that has grown to 8 MiB is copied to its end under the lead, which is little right
//! after the rest was copied beside it, and the next commit begins the log anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::store::boundary::{Chore, StoreError};

use super::beside::Beside;
use super::errors::{from_sqlite, is_busy, sqlite};
use super::held::OpenFile;

/// So many new pages in the log are copied into the main file: 2 MiB. Twice as many are no faster.
pub(super) const PASSIVE_PAGES: i32 = 512;
/// A log of this many pages is copied to its end, once little is left to copy: 8 MiB.
const ENDING_PAGES: i32 = 2_048;
/// A log of this many pages is copied to its end however much is left: 12 MiB.
const ENDED_PAGES: i32 = 3_072;
/// A log of this many pages is cut down: 16 MiB.
pub(super) const TRUNCATE_PAGES: i32 = 4_096;
/// A log of this many pages is worth a warning: 64 MiB.
const ALARM_PAGES: i32 = 16_384;

/// What is known about the log, without asking the system.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Pages in the log at the newest commit of ours.
    pages: Arc<AtomicI32>,
    /// What is copied beside the lead, and how far the log is copied.
    beside: Beside,
    /// The log was copied under the lead since it was opened. A process of one command needs no second connection.
    settled_in: bool,
    /// Something was copied beside the lead since the log was copied to its end.
    rest: bool,
    /// Pages at which the next warning is due.
    alarm: i32,
    /// A checkpoint that has to happen whatever the size, because it was skipped.
    owed: bool,
}

/// How a checkpoint ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Everything in the log is in the main file.
    All,
    /// A reader or a writer kept it from that.
    Skipped,
}

impl Checkpoints {
    /// Watches the commits of a connection.
    pub(super) fn watch(
        connection: &mut Connection,
        file: &Arc<OpenFile>,
    ) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        connection
            .wal_hook(Some(move |_: &mut Wal, pages| {
                seen.store(pages, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(sqlite)?;
        match run_mode(connection, CheckpointMode::NOOP) {
            Ok((frames, _)) => pages.store(frames, Ordering::Relaxed),
            // Another is writing the log's index. The first commit tells.
            Err(error) if is_busy(&error) => {}
            Err(error) => return Err(sqlite(error)),
        }
        let beside = Beside::new(Arc::clone(file));
        let (settled_in, rest, owed) = (false, false, false);
        Ok(Self { pages, beside, settled_in, rest, alarm: ALARM_PAGES, owed })
    }

    /// Pages in the log, as of our newest commit.
    pub(super) fn pages(&self) -> i32 {
        self.pages.load(Ordering::Relaxed)
    }

    /// Demands a checkpoint at the next occasion.
    pub(super) fn owe(&mut self) {
        self.owed = true;
    }

    /// Runs the checkpoint that is due, if one is and it has to be under the lead. Else it is answered, for whoever
    /// does not lead any more.
    pub(super) fn run_due(&mut self, connection: &Connection) -> Option<Chore> {
        let pages = self.pages();
        if pages < self.beside.copied() {
            // The log began anew.
            self.beside.note_copied(0);
        }
        self.warn(pages);
        if self.beside.is_running() {
            return None;
        }
        if pages >= TRUNCATE_PAGES && self.run(connection, CheckpointMode::TRUNCATE) == Ended::All {
            return None;
        }
        let new = pages.saturating_sub(self.beside.copied());
        let due = new >= PASSIVE_PAGES;
        let ending = pages >= ENDED_PAGES || (pages >= ENDING_PAGES && !due);
        if self.owed || (due && !self.settled_in) || (self.rest && ending) {
            // Who reads keeps the log from being cut, but not from being copied.
            self.run(connection, CheckpointMode::PASSIVE);
            (self.settled_in, self.rest) = (true, false);
            return None;
        }
        if !due {
            return None;
        }
        self.rest = true;
        self.beside.chore()
    }

    /// Ends what is copied beside the lead: before the file is closed.
    pub(super) fn close(&self) {
        self.beside.close();
    }

    /// Closes nothing, in a child process.
    pub(super) fn leak(&self) {
        self.beside.leak();
    }

    /// Runs a checkpoint now. What keeps it from ending is waited for by nobody.
    pub(super) fn run(&mut self, connection: &Connection, mode: CheckpointMode) -> Ended {
        let truncate = matches!(mode, CheckpointMode::TRUNCATE);
        match run_mode(connection, mode) {
            Ok((frames, copied)) if frames == copied => {
                self.owed = false;
                self.beside.note_copied(if truncate { 0 } else { frames });
                if truncate {
                    self.pages.store(0, Ordering::Relaxed);
                }
                Ended::All
            }
            Ok(_) => Ended::Skipped,
            Err(error) => {
                if !is_busy(&error) {
                    let error = from_sqlite(&error);
                    tracing::warn!(%error, "a checkpoint failed; the log keeps everything");
                }
                Ended::Skipped
            }
        }
    }

    fn warn(&mut self, pages: i32) {
        if pages < ALARM_PAGES {
            self.alarm = ALARM_PAGES;
        } else if pages >= self.alarm {
            self.alarm = pages.saturating_mul(2);
            let mib = bytes(pages) >> 20;
            tracing::warn!(mib, "the log grows: a reader keeps it from being cut");
        }
    }
}

/// Bytes of a log of this many pages.
pub(super) fn bytes(pages: i32) -> u64 {
    match u64::try_from(pages) {
        Ok(0) | Err(_) => 0,
        Ok(pages) => 32 + pages * (4_096 + 24),
    }
}

/// Runs a checkpoint; pages in the log, and how many of them are in the main file.
pub(super) fn run_mode(
    connection: &Connection,
    mode: CheckpointMode,
) -> Result<(i32, i32), rusqlite::Error> {
    connection.wal_checkpoint_v2(Some(rusqlite::MAIN_DB), mode)
}
