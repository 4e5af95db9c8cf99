//! What the leader and the callers of one engine share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::error::Error;
use crate::domain::ids::FileId;
use crate::domain::instant::{Instant, Span};

use super::clock::{Clock, LastBatch, Noise};
use super::wakes::Wakes;

/// After so long a busy caller may ask again.
const BUSY: Span = Span::from_millis(50);

/// The parts of an engine that many threads use.
#[derive(Debug)]
pub(crate) struct Shared {
    /// The file's id.
    pub(crate) file_id: FileId,
    /// True if the file never reads the wall clock.
    pub(crate) test_clock: bool,
    /// Where time comes from.
    pub(crate) clock: Arc<dyn Clock>,
    /// Makes ids differ.
    pub(crate) noise: Noise,
    /// Wakes those who follow the feed.
    pub(crate) wakes: Wakes,
    /// The instant that stands for the wall clock on a file with a test clock.
    given: Mutex<Option<Instant>>,
    /// Held by the call that gives one for itself alone.
    lent: Mutex<()>,
    /// What the clocks said at the last batch.
    last: Mutex<LastBatch>,
}

impl Shared {
    /// The shared parts of a file that was opened.
    pub(crate) fn new(
        file_id: FileId,
        test_clock: bool,
        clock: Arc<dyn Clock>,
        noise: Noise,
    ) -> Self {
        Self {
            file_id,
            test_clock,
            clock,
            noise,
            wakes: Wakes::new(),
            given: Mutex::new(None),
            lent: Mutex::new(()),
            last: Mutex::new(None),
        }
    }

    /// The instant that was given instead of the wall clock.
    pub(crate) fn test_now(&self) -> Option<Instant> {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the clocks said at the last batch.
    pub(crate) fn last_batch(&self) -> LastBatch {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the clocks say at a batch; none: they are to be trusted anew.
    pub(crate) fn note_batch(&self, last: LastBatch) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
    }

    /// Gives an instant instead of the wall clock.
    pub(crate) fn set_test_now(&self, now: Option<Instant>) {
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Gives an instant instead of the wall clock as long as the answer lives. Who wants that too waits.
    pub(crate) fn lend_test_now(&self, now: Instant) -> LentNow<'_> {
        let alone = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.test_now();
        self.set_test_now(Some(now));
        LentNow { shared: self, before, _alone: alone }
    }

    /// The instant of a read: never before the last commit.
    pub(crate) fn read_at(&self, floor: Instant) -> Instant {
        if self.test_clock {
            self.test_now().map_or(floor, |given| given.max(floor))
        } else {
            self.clock.wall().max(floor)
        }
    }

    /// The answer of a full or late queue.
    pub(crate) fn busy(&self) -> Error {
        Error::Busy { retry_at: self.clock.wall().plus(BUSY) }
    }

    /// The monotonic clock.
    pub(crate) fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }
}

/// An instant that was given for a while. Then the one before stands again, whatever happened meanwhile.
#[derive(Debug)]
#[must_use]
pub(crate) struct LentNow<'a> {
    shared: &'a Shared,
    before: Option<Instant>,
    _alone: MutexGuard<'a, ()>,
}

impl Drop for LentNow<'_> {
    fn drop(&mut self) {
        self.shared.set_test_now(self.before);
    }
}
