//! The one that leads: it owns the write connection, decides batches, and commits them.
//!
//! BEGIN IMMEDIATE, take the commands, read the clock once, decide each in memory, write everything in one
//! pass, COMMIT, publish, answer. No savepoint: a command that panics or breaks a constraint is found by
//! running the batch again without it.

use std::sync::Arc;
use std::time::Duration;

use crate::canary::{Canary, now_and_then, planted};
use crate::domain::error::Error;
use crate::domain::hold::Secret;
use crate::domain::instant::Instant;
use crate::domain::reply::Reply;
use crate::operations::cache::Caches;
use crate::operations::{Command, LeftOut, Spot, Untidy, Work};
use crate::store::boundary::{Chore, Committed, Store, StoreError, StoreFailure};
use crate::store::meta::{self, Meta};

use super::clock;
use super::deciding::decide;
use super::failure::storage_error;
use super::queue::{Begin, Fate, Runner};
use super::shared::Shared;

/// How long a batch that has to be begun again waits for the file's lock.
pub(super) const AGAIN: Duration = Duration::from_secs(2);

/// What a command is answered.
pub(crate) type Answer = Result<Reply, Error>;

/// The owner of the write connection.
#[derive(Debug)]
pub(crate) struct Leader<S> {
    store: Option<S>,
    caches: Caches,
    secret: Option<Secret>,
    pub(super) shared: Arc<Shared>,
    /// A commit's fate is not known until a fence is committed.
    pub(super) fence_owed: bool,
    /// Why the batch that was begun cannot be run.
    begin_failed: Option<Error>,
    /// True while nobody knows whether the batch is durable.
    committing: bool,
    /// What no batch cleans up any more: it is damaged.
    left_out: LeftOut,
    /// False while a batch is run again without cleaning up.
    tidies: bool,
}

/// Why a batch was not committed.
pub(super) enum Failed {
    /// Nothing happened, and nothing can come back.
    Storage(StoreError),
    /// The clock is wrong: nothing was tried.
    Clock(Error),
    /// The command at this place is at fault, alone: it panicked, or what it needs is damaged.
    AtFault(usize, Error),
    /// The schema refused a row: our mistake. The batch had closed these due holds too.
    Constraint(StoreError, Vec<u64>),
    /// What is to be cleaned up is damaged: no command is at fault.
    Untidy(Untidy),
    /// The fate of these answers is not known, until a fence is committed.
    Doubtful { error: StoreError, attempted: Box<Meta>, before: Box<Meta>, answers: Vec<Answer> },
}

impl<S: Store> Leader<S> {
    /// A leader over a file that was opened.
    pub(crate) fn new(store: S, secret: Option<Secret>, shared: Arc<Shared>) -> Self {
        Self {
            store: Some(store),
            caches: Caches::default(),
            secret,
            shared,
            fence_owed: false,
            begin_failed: None,
            committing: false,
            left_out: LeftOut::default(),
            tidies: true,
        }
    }

    /// Takes the store out, to close it. Nothing can be run afterwards.
    pub(crate) fn take_store(&mut self) -> Option<S> {
        self.caches.clear();
        self.store.take()
    }

    /// The store: there until it is taken out.
    pub(super) fn store(&mut self) -> &mut S {
        self.store.as_mut().unwrap_or_else(|| unreachable!("the queue is closed before the store"))
    }

    /// Begins a transaction, settling an owed fence first. `Ok(false)`: the watch gave up.
    pub(crate) fn begin_transaction(
        &mut self,
        watch: &mut dyn FnMut() -> bool,
    ) -> Result<bool, Error> {
        if self.store.is_none() {
            return Err(crate::domain::error::Invalid::EngineClosed.into());
        }
        if self.fence_owed {
            self.fence(watch)?;
        }
        if planted(Canary::CommitAfterAnswer) {
            let _ = self.store().commit();
        }
        self.store().begin(watch).map_err(storage_error)
    }

    /// The batch's instant, by the clock's rules.
    pub(crate) fn stamp(&mut self, meta: &Meta) -> Result<Instant, Error> {
        if meta.test_clock {
            return clock::stamp_test(meta.floor, self.shared.test_now());
        }
        let (wall, monotonic) = (self.shared.clock.wall(), self.shared.clock.monotonic());
        let now = clock::stamp(meta.floor, wall, monotonic, self.shared.last_batch())?;
        self.shared.note_batch(Some((wall, monotonic)));
        Ok(now)
    }

    /// The file's row, in the transaction that is open; a failure ends it.
    pub(crate) fn load_meta(&mut self) -> Result<Meta, Error> {
        meta::load(self.store().tx()).map_err(storage_error).inspect_err(|_| self.abandon())
    }

    /// Forgets what the clocks said: after the owner said that the clock is right.
    pub(crate) fn forget_clock(&mut self) {
        self.shared.note_batch(None);
    }

    /// The open transaction's work, with the file's row and the batch's instant. What it comes to is flushed
    /// if it went well; else nothing of it is touched again, and the caller abandons it.
    pub(crate) fn with_work<T, E>(
        &mut self,
        meta: Meta,
        now: Instant,
        run: impl FnOnce(&mut Work<'_>) -> Result<T, E>,
    ) -> (Result<T, E>, PendingBatch) {
        let shared = Arc::clone(&self.shared);
        let mut noise = || shared.noise.next();
        let before = meta.clone();
        let secret = self.secret.clone();
        let store = self.store.as_mut().unwrap_or_else(|| unreachable!("a transaction is open"));
        let mut work =
            Work::new(store.tx(), &mut self.caches, &mut noise, meta, secret.as_ref(), now);
        let answer = run(&mut work);
        let due = answer.is_ok() && work.is_dirty();
        let flushed = if due { work.flush().map(|()| true) } else { Ok(false) };
        let attempted = work.meta.clone();
        // What is cached now is used by the next batch only, and a commit that fails drops it.
        work.settle();
        (answer, PendingBatch { flushed, attempted, before })
    }

    /// Commits what [`Leader::with_work`] flushed, or rolls it back.
    pub(crate) fn finish(&mut self, pending: PendingBatch) -> Result<(), Committed> {
        match pending.flushed {
            Ok(false) => {
                self.store().rollback();
                return Ok(());
            }
            Err(error) => {
                self.abandon();
                return Err(Committed::Failed(error));
            }
            Ok(true) => {}
        }
        if planted(Canary::FeedBeforeCommit) {
            self.shared.wakes.publish(pending.attempted.last_seq);
        }
        if now_and_then(Canary::BatchNeverCommitted) {
            self.abandon();
            return Ok(());
        }
        self.committing = true;
        let committed = self.store().commit();
        self.committing = false;
        match committed {
            Committed::Done if now_and_then(Canary::FailedButCommitted) => {
                Err(Committed::Failed(StoreError::new(StoreFailure::Io, "it was planted")))
            }
            Committed::Done => {
                self.shared.wakes.publish(pending.attempted.last_seq);
                Ok(())
            }
            failed @ (Committed::Failed(_) | Committed::Doubtful(_)) => {
                self.fence_owed |= matches!(failed, Committed::Doubtful(_));
                self.abandon();
                Err(failed)
            }
        }
    }

    /// Rolls back, and drops what may be half changed.
    pub(crate) fn abandon(&mut self) {
        if let Some(store) = self.store.as_mut() {
            store.rollback();
        }
        if planted(Canary::PoisonLeaksCache) {
            return;
        }
        self.caches.drop_unsettled();
    }

    /// Decides and commits one batch whose transaction is open. Answers the first k commands.
    fn attempt(&mut self, commands: &[Command]) -> Result<Vec<Answer>, Failed> {
        let loaded = meta::load(self.store().tx());
        let meta = loaded.map_err(Failed::Storage).inspect_err(|_| self.abandon())?;
        let now = self.stamp(&meta).map_err(Failed::Clock).inspect_err(|_| self.abandon())?;
        let shared = Arc::clone(&self.shared);
        let left_out = std::mem::take(&mut self.left_out);
        let tidies = self.tidies.then_some(&left_out);
        let (decided, pending) =
            self.with_work(meta, now, |work| decide(work, commands, &shared, tidies));
        self.left_out = left_out;
        let (answers, closed) = decided.inspect_err(|_| self.abandon())?;
        let (attempted, before) = (pending.attempted.clone(), pending.before.clone());
        if planted(Canary::CommitAfterAnswer) && matches!(pending.flushed, Ok(true)) {
            return Ok(answers);
        }
        match self.finish(pending) {
            Ok(()) => Ok(answers),
            Err(_) if planted(Canary::AnswerBeforeCommit) => Ok(answers),
            Err(Committed::Done) => unreachable!("a commit that is done did not fail"),
            Err(Committed::Failed(error)) if error.failure == StoreFailure::Constraint => {
                Err(Failed::Constraint(error, closed))
            }
            Err(Committed::Failed(error)) => Err(Failed::Storage(error)),
            Err(Committed::Doubtful(error)) => {
                let (attempted, before) = (Box::new(attempted), Box::new(before));
                Err(Failed::Doubtful { error, attempted, before, answers })
            }
        }
    }

    /// Runs a batch whose transaction is open, and again in parts as long as a command of it is at fault.
    fn run_batch(&mut self, commands: &[Command]) -> Vec<Answer> {
        match self.attempt(commands) {
            Ok(answers) => answers,
            Err(Failed::Storage(error)) => {
                let error = storage_error(error);
                commands.iter().map(|_| Err(error.clone())).collect()
            }
            Err(Failed::Clock(error)) => commands.iter().map(|_| Err(error.clone())).collect(),
            Err(Failed::AtFault(place, error)) => {
                let command = commands[place].verb.name();
                tracing::error!(command, %error, "a command was left out of its batch");
                let mut answers = self.run_again(&commands[..place]);
                if answers.len() == place {
                    answers.push(Err(error));
                    if planted(Canary::PanicEndsTheBatch) {
                        let bug = Error::Bug { message: "a neighbour panicked".to_owned() };
                        answers.resize(commands.len(), Err(bug));
                        return answers;
                    }
                    answers.extend(self.run_again(&commands[place + 1..]));
                }
                answers
            }
            Err(Failed::Untidy(untidy)) => {
                tracing::error!(spot = ?untidy.spot, error = %untidy.error, "left out of cleaning up");
                self.left_out.add(untidy.spot);
                self.run_untidied(commands)
            }
            Err(Failed::Constraint(error, closed)) if commands.len() == 1 && !closed.is_empty() => {
                let answers = self.run_untidied(commands);
                // A command that is at fault by itself is so without the holds too.
                if !matches!(answers.first(), Some(Err(Error::Bug { .. }))) {
                    tracing::error!(holds = ?closed, %error, "left out of cleaning up");
                    for hold in closed {
                        self.left_out.add(Spot::Hold(hold));
                    }
                }
                answers
            }
            Err(Failed::Constraint(error, _)) => {
                if commands.len() == 1 || planted(Canary::ConstraintBlamesAll) {
                    let command = commands[0].verb.name();
                    tracing::error!(command, %error, "a constraint refused");
                    return vec![Err(Error::Bug { message: error.message }); commands.len()];
                }
                let (left, right) = commands.split_at(commands.len() / 2);
                let mut answers = self.run_again(left);
                if answers.len() == left.len() {
                    answers.extend(self.run_again(right));
                }
                answers
            }
            Err(Failed::Doubtful { error, attempted, before, answers }) => {
                self.settle_doubt(commands, &error, &attempted, &before, answers)
            }
        }
    }

    /// Begins again and runs a batch without cleaning up.
    fn run_untidied(&mut self, commands: &[Command]) -> Vec<Answer> {
        let tidied = std::mem::replace(&mut self.tidies, false);
        let answers = self.run_again(commands);
        self.tidies = tidied;
        answers
    }

    /// Begins again and runs a part of a batch.
    fn run_again(&mut self, commands: &[Command]) -> Vec<Answer> {
        if commands.is_empty() {
            return Vec::new();
        }
        let until = self.shared.clock.monotonic() + AGAIN;
        let shared = Arc::clone(&self.shared);
        match self.begin_transaction(&mut || shared.clock.monotonic() < until) {
            Ok(true) => self.run_batch(commands),
            Ok(false) => commands.iter().map(|_| Err(self.shared.busy())).collect(),
            Err(error) => commands.iter().map(|_| Err(error.clone())).collect(),
        }
    }
}

/// What was decided and flushed, and waits for its commit.
#[derive(Debug)]
pub(crate) struct PendingBatch {
    flushed: Result<bool, StoreError>,
    attempted: Meta,
    before: Meta,
}

impl<S: Store> Runner for Leader<S> {
    type Command = Command;
    type Reply = Answer;

    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Begin {
        self.begin_failed = None;
        match self.begin_transaction(watch) {
            Ok(true) => Begin::Ready,
            Ok(false) => Begin::GaveUp,
            Err(error) => {
                self.begin_failed = Some(error);
                Begin::Ready
            }
        }
    }

    fn undo(&mut self) {
        self.begin_failed = None;
        if let Some(store) = self.store.as_mut() {
            store.rollback();
        }
    }

    fn run(&mut self, commands: &[Command]) -> Vec<Answer> {
        match self.begin_failed.take() {
            Some(error) => commands.iter().map(|_| Err(error.clone())).collect(),
            None => self.run_batch(commands),
        }
    }

    fn broken(&mut self) -> Fate {
        let fate = if self.committing { Fate::CommitBegun } else { Fate::RolledBack };
        self.fence_owed |= self.committing;
        self.committing = false;
        self.abandon();
        fate
    }

    fn after(&mut self) -> Option<Chore> {
        self.store.as_mut()?.maintain()
    }
}
