//! The owner's acts: sweep, backup, restore, the clock.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::caller::Caller;
use crate::domain::error::{Error, Invalid, StorageCode};
use crate::domain::instant::Instant;
use crate::operations::{self, LeftOut};
use crate::store::boundary::{Committed, Read, Store, StoreError, StoreFailure};
use crate::store::changes::ChangeRow;
use crate::store::meta::{self, Meta};
use crate::store::sqlite;

use super::clock;
use super::failure::storage_error;
use super::leader::Leader;
use super::open::{OpenOptions, new_epoch};
use super::queue::{Fate, Outcome};
use super::sync::Deadline;
use super::{DEFAULT_DEADLINE, Engine, SqliteStore};

/// What `sweep` did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Swept {
    /// Due holds that were closed.
    pub expired: u64,
}

/// Whether the clock can be worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// It can.
    Right,
    /// It stands behind the last commit.
    ClockBehind,
    /// It ran ahead.
    ClockJumped,
}

/// What `clock show` and `clock accept` answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockReport {
    /// The wall clock; on a file with a test clock what stands for it.
    pub wall: Instant,
    /// The instant of the last commit.
    pub floor: Instant,
    /// Whether the clock can be worked with.
    pub state: ClockState,
}

/// Due holds that one step of a sweep closes.
const STEP: i64 = 500;

/// True if rows are at fault, and not the machine.
fn is_damage(error: &Error) -> bool {
    matches!(error, Error::Storage { code: StorageCode::Damaged, .. })
}

impl Engine {
    /// Closes all due holds, deletes all dead rows, and ends the cancelling of slots that was left unfinished, in
    /// steps that let others in between.
    ///
    /// # Errors
    /// As by [`Engine::call`]. What is damaged is left out: all else is swept, and then it is told.
    pub fn sweep(&self) -> Result<Swept, Error> {
        let mut expired = 0;
        let (mut left_out, mut damaged) = (LeftOut::default(), None);
        match self.finish_all() {
            Err(error) if is_damage(&error) => damaged = Some(error),
            finished => finished?,
        }
        loop {
            let mut at_fault = None;
            let swept = self.exclusive(|work| {
                let swept = operations::close_due(work, STEP, &left_out).and_then(|closed| {
                    Ok((closed.len(), operations::drop_dead(work, STEP, &left_out)?))
                });
                swept.map_err(|untidy| {
                    at_fault = Some(untidy.spot);
                    untidy.error
                })
            });
            match (swept, at_fault) {
                (Ok((0, 0)), _) => return damaged.map_or(Ok(Swept { expired }), Err),
                (Ok((closed, _)), _) => expired += closed as u64,
                (Err(error), Some(spot)) if is_damage(&error) => {
                    tracing::error!(?spot, %error, "left out of sweeping");
                    left_out.add(spot);
                    damaged.get_or_insert(error);
                }
                (Err(error), _) => return Err(error),
            }
        }
    }

    /// Runs something alone, in a transaction of its own.
    pub(crate) fn exclusive<T>(
        &self,
        run: impl FnOnce(&mut operations::Work<'_>) -> Result<T, crate::store::boundary::StoreError>,
    ) -> Result<T, Error> {
        self.alone(|leader, watch| {
            let meta = begin(leader, watch)?;
            let now = leader.stamp(&meta).inspect_err(|_| leader.abandon())?;
            let (answer, pending) = leader.with_work(meta, now, run);
            let answer = answer.map_err(storage_error).inspect_err(|_| leader.abandon())?;
            finished(leader.finish(pending))?;
            Ok(answer)
        })
    }

    /// Takes the lead and runs something on the leader, with a watch that ends with the deadline.
    pub(crate) fn alone<T>(
        &self,
        run: impl FnOnce(&mut Leader<SqliteStore>, &mut dyn FnMut() -> bool) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_process()?;
        let shared = Arc::clone(&self.inner.shared);
        let until = shared.monotonic() + DEFAULT_DEADLINE;
        let outcome = self.inner.queue.with_runner(Deadline::after(DEFAULT_DEADLINE), |leader| {
            run(leader, &mut || shared.monotonic() < until)
        });
        match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Busy => Err(self.inner.shared.busy()),
            Outcome::Closed => Err(Invalid::EngineClosed.into()),
            Outcome::Reentrant => Err(Invalid::Reentrant.into()),
            Outcome::Unknown | Outcome::Broken(Fate::CommitBegun) => {
                Err(Error::Unknown { key: None, moved: false })
            }
            Outcome::Broken(Fate::RolledBack) => {
                Err(Error::Bug { message: "a panic; nothing happened".to_owned() })
            }
        }
    }

    /// Copies the file, consistent and alone, to a new file.
    ///
    /// # Errors
    /// Storage `target_exists`, `disk_full`, `io_error`, `damaged`.
    pub fn backup(&self, target: impl AsRef<Path>) -> Result<sqlite::BackedUp, Error> {
        self.check_process()?;
        let copied = self.inner.opened.readers.backup(target.as_ref());
        copied.map_err(|error| self.unread(error))
    }

    /// Puts a backup in the place of a file that nobody holds. The old file is kept beside it.
    ///
    /// # Errors
    /// Storage `no_file`, `foreign_file`, `newer_schema`, `damaged` (of the backup; the target stays as it
    /// is); retry `in_use` while any process holds the target.
    pub fn restore(
        backup: impl AsRef<Path>,
        target: impl AsRef<Path>,
        options: &OpenOptions,
    ) -> Result<sqlite::Restored, Error> {
        let epoch = new_epoch(options.clock_source().wall());
        sqlite::restore(backup.as_ref(), target.as_ref(), epoch, options.access())
            .map_err(storage_error)
    }

    /// What the clock says, and whether it can be worked with.
    ///
    /// # Errors
    /// Storage failures.
    pub fn clock_show(&self) -> Result<ClockReport, Error> {
        Ok(self.report(&self.meta()?))
    }

    /// Says that the clock is right: the last commit's instant becomes now, forwards or back, as a change in
    /// the feed.
    ///
    /// # Errors
    /// As by [`Engine::call`].
    pub fn clock_accept(&self, caller: &Caller) -> Result<ClockReport, Error> {
        let shared = Arc::clone(&self.inner.shared);
        self.alone(|leader, watch| {
            let mut meta = begin(leader, watch)?;
            let wall = if meta.test_clock {
                shared.test_now().unwrap_or(meta.floor)
            } else {
                shared.clock.wall()
            };
            meta.floor = wall;
            leader.forget_clock();
            let (answer, pending) = leader.with_work(meta, wall, |work| {
                let organizers = work.organizers()?;
                let organizer = organizers.first().map(|organizer| organizer.id);
                let nobody = crate::domain::ids::OrganizerId::from_bytes([0; 16]);
                work.add_change(accepted(caller, wall, organizer.unwrap_or(nobody)));
                Ok(())
            });
            answer.map_err(storage_error).inspect_err(|_| leader.abandon())?;
            finished(leader.finish(pending))
        })?;
        self.clock_show()
    }

    fn report(&self, meta: &Meta) -> ClockReport {
        let shared = &self.inner.shared;
        let (wall, stamped) = if meta.test_clock {
            let given = shared.test_now();
            (given.unwrap_or(meta.floor), clock::stamp_test(meta.floor, given))
        } else {
            let wall = shared.clock.wall();
            (wall, clock::stamp(meta.floor, wall, shared.monotonic(), shared.last_batch()))
        };
        let state = match stamped.as_ref().map_err(Error::code) {
            Ok(_) => ClockState::Right,
            Err("clock_behind") => ClockState::ClockBehind,
            Err(_) => ClockState::ClockJumped,
        };
        ClockReport { wall, floor: meta.floor, state }
    }

    /// The file's row, as of now.
    pub(crate) fn meta(&self) -> Result<Meta, Error> {
        self.view(|tx| meta::load(tx).map_err(storage_error))
    }

    /// Reads one consistent view.
    pub(crate) fn view<T>(
        &self,
        mut read: impl FnMut(&mut dyn crate::store::boundary::Tx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_process()?;
        let mut answer = None;
        let read = self.inner.opened.readers.read(&mut |tx| answer = Some(read(tx)));
        read.map_err(|error| self.unread(error))?;
        answer.unwrap_or_else(|| unreachable!("the view was read"))
    }

    /// Why nothing was read: a handle that is closed has no readers, and one with a crowd of them has none left for now.
    fn unread(&self, error: StoreError) -> Error {
        if self.inner.closed.load(Ordering::Acquire) {
            return Invalid::EngineClosed.into();
        }
        match error.failure {
            StoreFailure::Locked => self.inner.shared.busy(),
            _ => storage_error(error),
        }
    }
}

/// Begins a transaction alone, and loads the file's row.
pub(super) fn begin<S: Store>(
    leader: &mut Leader<S>,
    watch: &mut dyn FnMut() -> bool,
) -> Result<Meta, Error> {
    if !leader.begin_transaction(watch)? {
        return Err(Error::InUse);
    }
    leader.load_meta()
}

/// What became of a transaction that ran alone.
pub(super) fn finished(committed: Result<(), Committed>) -> Result<(), Error> {
    match committed {
        Ok(()) | Err(Committed::Done) => Ok(()),
        Err(Committed::Failed(error)) => Err(storage_error(error)),
        Err(Committed::Doubtful(error)) => {
            Err(Error::Unknown { key: None, moved: error.failure == StoreFailure::Moved })
        }
    }
}

fn accepted(
    caller: &Caller,
    wall: Instant,
    organizer: crate::domain::ids::OrganizerId,
) -> ChangeRow {
    ChangeRow {
        seq: 0,
        at: wall,
        organizer,
        event: None,
        slot: None,
        booking: None,
        kind: "clock.accepted".into(),
        body: None,
        due_at: None,
        actor: caller.actor.as_ref().map(crate::domain::text::Actor::shared),
        role: caller.role.name().into(),
        terminal: caller.terminal.as_ref().map(crate::domain::text::Terminal::shared),
        request_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::NewFile;

    #[test]
    fn a_read_for_which_no_reader_is_free_may_be_repeated_soon() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crowd.venue");
        Engine::create(&path, &NewFile::default(), &OpenOptions::default()).unwrap();
        let engine = Engine::open(&path, &OpenOptions::default()).unwrap();
        let late = StoreError::new(StoreFailure::Locked, "read: timed out");
        let error = engine.unread(late);
        assert_eq!((error.code(), error.retry_at().is_some()), ("busy", true));
    }
}
