//! Our own checkpoints: after the answers are given, never waiting for anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use rusqlite::Connection;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;

use crate::store::boundary::StoreError;

use super::errors::{from_sqlite, is_busy, sqlite};

/// A log of this many pages is copied into the main file: 2 MiB. Twice as many are no faster, and whoever
/// waits meanwhile waits twice as long.
pub(super) const PASSIVE_PAGES: i32 = 512;
/// A log of this many pages is cut down: 16 MiB.
pub(super) const TRUNCATE_PAGES: i32 = 4_096;
/// A log of this many pages is worth a warning: 64 MiB.
const ALARM_PAGES: i32 = 16_384;

/// What is known about the log, without asking the system.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// Pages in the log at the newest commit of ours.
    pages: Arc<AtomicI32>,
    /// Pages at the newest passive checkpoint that copied all.
    copied: i32,
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
    pub(super) fn watch(connection: &mut Connection) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let seen = Arc::clone(&pages);
        connection
            .wal_hook(Some(move |_: &mut Wal, pages| {
                seen.store(pages, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(sqlite)?;
        let (frames, _) = run_mode(connection, CheckpointMode::NOOP).map_err(sqlite)?;
        pages.store(frames, Ordering::Relaxed);
        Ok(Self { pages, copied: 0, alarm: ALARM_PAGES, owed: false })
    }

    /// Pages in the log, as of our newest commit.
    pub(super) fn pages(&self) -> i32 {
        self.pages.load(Ordering::Relaxed)
    }

    /// Demands a checkpoint at the next occasion.
    pub(super) fn owe(&mut self) {
        self.owed = true;
    }

    /// Runs the checkpoint that is due, if one is.
    pub(super) fn run_due(&mut self, connection: &Connection) {
        let pages = self.pages();
        if pages < self.copied {
            // The log began anew.
            self.copied = 0;
        }
        self.warn(pages);
        if pages >= TRUNCATE_PAGES && self.run(connection, CheckpointMode::TRUNCATE) == Ended::All {
            return;
        }
        // Who reads keeps the log from being cut, but not from being copied.
        if self.owed || pages >= self.copied.saturating_add(PASSIVE_PAGES) {
            self.run(connection, CheckpointMode::PASSIVE);
        }
    }

    /// Runs a checkpoint now. What keeps it from ending is waited for by nobody.
    pub(super) fn run(&mut self, connection: &Connection, mode: CheckpointMode) -> Ended {
        let truncate = matches!(mode, CheckpointMode::TRUNCATE);
        match run_mode(connection, mode) {
            Ok((frames, copied)) if frames == copied => {
                self.owed = false;
                self.copied = if truncate { 0 } else { frames };
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
