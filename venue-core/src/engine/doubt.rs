//! When a commit failed at a point where it may come back after a crash: a fence buries it.
//!
//! # Source
//! A commit whose sync failed can be found whole by the recovery after a crash. One more committed transaction
//! overwrites it for good.

use std::sync::Arc;

use crate::canary::{Canary, planted};
use crate::domain::error::{Error, StorageCode};
use crate::operations::Command;
use crate::store::boundary::{Committed, Store, StoreError, StoreFailure};
use crate::store::meta::{self, Meta};

use super::failure::storage_error;
use super::leader::{AGAIN, Answer, Leader};

impl<S: Store> Leader<S> {
    /// Commits a fence: what could have come back of an earlier commit cannot any more.
    pub(super) fn fence(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<(), Error> {
        if planted(Canary::NoFence) {
            self.fence_owed = false;
            return Ok(());
        }
        let owed = |error: StoreError| match error.failure {
            StoreFailure::Moved | StoreFailure::Forked => storage_error(error),
            _ => Error::Storage {
                code: StorageCode::FenceOwed,
                message: format!("an earlier commit is not settled yet: {error}"),
            },
        };
        let locked = || StoreError::new(StoreFailure::Locked, "the file is locked");
        match self.store().begin(watch) {
            Ok(true) => {}
            Ok(false) => return Err(owed(locked())),
            Err(error) => return Err(owed(error)),
        }
        let written = meta::fence(self.store().tx());
        if let Err(error) = written {
            self.store().rollback();
            return Err(owed(error));
        }
        match self.store().commit() {
            Committed::Done => {
                self.fence_owed = false;
                tracing::info!("a fence was committed: an earlier commit's fate is settled");
                Ok(())
            }
            Committed::Failed(error) | Committed::Doubtful(error) => {
                self.store().rollback();
                Err(owed(error))
            }
        }
    }

    /// After a commit that may come back: commits a fence, and looks. Without a fence nobody knows.
    pub(super) fn settle_doubt(
        &mut self,
        commands: &[Command],
        error: &StoreError,
        attempted: &Meta,
        before: &Meta,
        answers: Vec<Answer>,
    ) -> Vec<Answer> {
        tracing::error!(%error, "a commit failed");
        let moved = error.failure == StoreFailure::Moved;
        let unknown = |answers: &[Answer]| -> Vec<Answer> {
            let keys = commands.iter().take(answers.len()).map(|command| command.key.clone());
            keys.map(|key| Err(Error::Unknown { key: Some(key), moved })).collect()
        };
        if moved {
            return unknown(&answers);
        }
        self.fence_owed = true;
        let until = self.shared.clock.monotonic() + AGAIN;
        let shared = Arc::clone(&self.shared);
        let mut watch = || shared.clock.monotonic() < until;
        let begun = self.begin_transaction(&mut watch);
        let found = match begun {
            Ok(true) => meta::load(self.store().tx()).ok(),
            Ok(false) | Err(_) => None,
        };
        self.abandon();
        match found {
            // Only keys were written, while the clock stood still: the row looks the same either way.
            Some(_) if attempted == before => unknown(&answers),
            Some(found) if same_state(&found, attempted) => answers,
            Some(found) if same_state(&found, before) => {
                let error = storage_error(error.clone());
                answers.iter().map(|_| Err(error.clone())).collect()
            }
            // Somebody else has committed since, so that the row tells nothing; or it could not be read.
            Some(_) | None => unknown(&answers),
        }
    }
}

/// True if a file's row is this one; its fence and its mark may have moved since.
fn same_state(found: &Meta, known: &Meta) -> bool {
    Meta { fence: found.fence, dirty: found.dirty, ..known.clone() } == *found
}
