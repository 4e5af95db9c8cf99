//! Ending what a command began: the cancelling of a slot goes on in steps after its state flipped, and the command is
//! answered when all is done. Between two steps others have their turn.

use crate::domain::error::Error;
use crate::domain::money::Money;
use crate::domain::reply::{EventCancelDone, Reply, SlotCancelDone};
use crate::domain::text::Key;
use crate::operations::event::call_off;
use crate::operations::{Work, wind_up};
use crate::store::boundary::StoreError;
use crate::store::event_rows::{self, Sums};
use crate::store::jobs::Job;

use super::failure::storage_error;
use super::{Engine, Progress, Request};

/// How long a step goes on deciding; its writes and its commit come on top.
const STEP: std::time::Duration = std::time::Duration::from_millis(10);
/// How often a step may find the file busy before the command is answered `unknown`.
const PATIENCE: u32 = 12;

impl Engine {
    /// Does what [`Engine::call`] does, and says how far something long is.
    ///
    /// # Errors
    /// As by [`Engine::call`].
    pub fn call_watched(
        &self,
        request: impl Into<Request>,
        progress: Progress<'_>,
    ) -> Result<Reply, Error> {
        let (reply, key) = self.begin_call(request.into())?;
        self.finish(reply, &key, progress)
    }

    /// True if an answer is that of something that goes on in steps.
    pub(super) fn is_begun(reply: &Reply) -> bool {
        match reply {
            Reply::SlotCancel(done) => done.cancelled_at.is_some(),
            Reply::EventCancel(done) => done.cancelled_at.is_some(),
            _ => false,
        }
    }

    /// Ends what a command began, and gives the answer that it has then. A failure in between leaves it begun: the
    /// same key, another command of the same kind, or a sweep goes on.
    pub(super) fn finish(
        &self,
        reply: Reply,
        key: &Key,
        progress: Progress<'_>,
    ) -> Result<Reply, Error> {
        let unknown = |error: Error| {
            tracing::warn!(%key, %error, "what was begun was left unfinished");
            Error::Unknown { key: Some(key.clone()), moved: false }
        };
        match reply {
            Reply::SlotCancel(done) if done.cancelled_at.is_some() => {
                let step = &mut |work: &mut Work<'_>, more: &mut dyn FnMut() -> bool| {
                    wind_up::step(work, done.slot, more)
                };
                let job = self.finish_job(step, progress).map_err(unknown)?;
                Ok(Reply::SlotCancel(slot_done(job, done)))
            }
            Reply::EventCancel(done) if done.cancelled_at.is_some() => {
                let event = done.event.id;
                let step = &mut |work: &mut Work<'_>, more: &mut dyn FnMut() -> bool| {
                    call_off::step(work, event, more)
                };
                self.finish_job(step, progress).map_err(unknown)?;
                let sums = self.view(|tx| event_rows::sums(tx, event).map_err(storage_error));
                Ok(Reply::EventCancel(Box::new(event_done(sums.map_err(unknown)?, *done))))
            }
            other => Ok(other),
        }
    }

    /// Runs steps until the job that they are of is done; the job as it ended.
    fn finish_job(
        &self,
        step: &mut Step<'_>,
        progress: Progress<'_>,
    ) -> Result<Option<Job>, Error> {
        let mut busy = 0;
        loop {
            match self.one_step(step) {
                Ok(Some(job)) if job.ended_at.is_none() => {
                    busy = 0;
                    let count = |units: i64| u64::try_from(units).unwrap_or(0);
                    progress("units given back", count(job.units), count(job.total));
                }
                Ok(job) => return Ok(job),
                Err(Error::Busy { .. } | Error::InUse) if busy < PATIENCE => busy += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Ends everything that was begun and left, by whomever.
    pub(super) fn finish_all(&self) -> Result<(), Error> {
        while self.one_step(&mut wind_up::next_step)?.is_some() {}
        Ok(())
    }

    fn one_step(&self, step: &mut Step<'_>) -> Result<Option<Job>, Error> {
        let shared = &self.inner.shared;
        let mut until = None;
        let mut more = || {
            let now = shared.monotonic();
            now < *until.get_or_insert(now + STEP)
        };
        self.exclusive(|work| step(work, &mut more))
    }
}

/// A step of a job: it is told when it has taken long enough.
type Step<'a> =
    dyn FnMut(&mut Work<'_>, &mut dyn FnMut() -> bool) -> Result<Option<Job>, StoreError> + 'a;

/// The answer with what the job came to.
fn slot_done(job: Option<Job>, done: SlotCancelDone) -> SlotCancelDone {
    match job {
        None => done,
        Some(job) => SlotCancelDone {
            holds: job.holds,
            bookings: job.bookings,
            units: job.units,
            refund_due: Money { minor: job.refund_due, ..done.refund_due },
            ..done
        },
    }
}

/// The answer with what the jobs of all its slots came to.
fn event_done(sums: Sums, done: EventCancelDone) -> EventCancelDone {
    EventCancelDone {
        slots: sums.slots,
        holds: sums.holds,
        bookings: sums.bookings,
        units: sums.units,
        refund_due: Money { minor: sums.refund_due, ..done.refund_due },
        ..done
    }
}
