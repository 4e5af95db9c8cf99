//! The engine: the open handle. It queues commands, decides them in batches, and answers every caller.
//!
//! `call` blocks, `submit` gives a future; both go the same way: validate without data, enqueue, and wait.
//! One of the waiting callers leads: see `queue`. What the leader does stands in `leader`.

mod calendars;
mod calls;
mod clock;
mod copies;
mod deciding;
mod doubt;
mod examine;
pub(crate) mod failure;
mod finishing;
mod follow;
#[cfg(feature = "import")]
mod imports;
mod leader;
mod maintenance;
mod members;
mod open;
mod preview;
mod queries;
pub(crate) mod queue;
#[cfg(test)]
mod queue_tests;
mod reads;
mod request;
mod schedules;
mod schema;
mod shared;
mod submit;
mod sync;
#[cfg(test)]
mod tests;
mod verbs;
mod wakes;
#[cfg(test)]
mod wakes_tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::domain::error::{Error, Invalid};
use crate::domain::idempotency::{ANONYMOUS_KEY_LENGTH, Fingerprinter};
use crate::domain::ids::uuid_v7;
use crate::domain::instant::Span;
use crate::domain::reply::Reply;
use crate::domain::text::Key;
use crate::operations::Command;
use crate::store::sqlite::SqliteStore;

pub use crate::store::sqlite::forks;
pub use calendars::calendar_preview;
pub use calls::{MAX_REQUEST_BYTES, call_without_file, check_call};
pub use clock::{Clock, SystemClock};
pub use copies::{BackupDone, InitDone, RestoreDone};
pub use examine::Info;
pub use follow::Follower;
#[cfg(feature = "import")]
pub use imports::ImportOptions;
pub use maintenance::{ClockReport, ClockState, Swept};
pub use open::{Created, Group, NewFile, OpenOptions};
pub use preview::schedule_preview;
pub use request::Request;
pub use schema::schema;
pub use submit::Submitted;

use leader::{Answer, Leader};
use queue::{Fate, Outcome, Queue};
use shared::Shared;
use sync::Deadline;

/// How long a command waits to be begun, where the caller says nothing: 5 seconds.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(5);

/// Told how far something long is: what is being done, how many are, and of how many (0: not known).
pub type Progress<'a> = &'a mut dyn FnMut(&str, u64, u64);

/// A command's share of a batch's bytes, beside what its texts take.
const COMMAND_BYTES: usize = 256;

/// An open file. Cheap to clone; all clones are the same handle.
///
/// # Concurrency
/// Any number of threads call at once, in any number of processes on one machine. Each command is one
/// atomic, durable step; commands that wait together are committed together.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    queue: Arc<Queue<Leader<SqliteStore>>>,
    shared: Arc<Shared>,
    opened: open::OpenedFile,
    closed: AtomicBool,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl Engine {
    /// Does what the request asks, in one durable step, and waits for the answer.
    ///
    /// # Errors
    /// Invalid without a trace; `busy` if the queue is full or the deadline passed before the command was
    /// begun (nothing happened); storage failures (nothing happened); `unknown`, with the key to ask again
    /// with; else what the verb refuses, in the order of its documentation.
    pub fn call(&self, request: impl Into<Request>) -> Result<Reply, Error> {
        self.call_watched(request, &mut |_, _, _| {})
    }

    /// Does what is one step of a request: for most all of it. Answers with the key that finds the answer again.
    fn begin_call(&self, request: Request) -> Result<(Reply, Key), Error> {
        self.check_process()?;
        let (command, deadline) = self.admit(request)?;
        let size = size_of_command(&command);
        let key = command.key.clone();
        let outcome = self.inner.queue.call(command, size, Deadline::after(deadline));
        Ok((self.answer(outcome, key.clone())?, key))
    }

    /// Parses what needs no data, fingerprints the request, and gives it a key if it has none.
    fn admit(&self, request: Request) -> Result<(Command, Duration), Error> {
        request.verb.validate()?;
        let key_given = request.key.is_some();
        let key = match request.key {
            Some(key) => {
                if request.caller.is_anonymous() && key.as_str().len() < ANONYMOUS_KEY_LENGTH {
                    let rule = "an anonymous caller's key needs at least 22 characters";
                    return Err(Invalid::argument("idempotency_key", rule).into());
                }
                key
            }
            None => self.make_key(),
        };
        let mut printer = Fingerprinter::new(self.inner.shared.file_id);
        request.verb.fingerprint(&mut printer);
        let deadline = request.deadline.map_or(DEFAULT_DEADLINE, Span::to_std);
        let command = Command {
            verb: request.verb,
            scope: request.caller.scope().into(),
            caller: request.caller,
            key,
            key_given,
            fingerprints: printer.finish(),
            request_id: request.request_id,
            token: request.token,
        };
        Ok((command, deadline))
    }

    /// A key that nobody has used: in the order of time, so that its record lies beside its neighbours.
    fn make_key(&self) -> Key {
        let shared = &self.inner.shared;
        let millis = u64::try_from(shared.clock.wall().micros() / 1_000).unwrap_or(0);
        let (high, low) = (shared.noise.next(), shared.noise.next());
        let bytes = uuid_v7(millis, u16::try_from(high & 0x0fff).unwrap_or(0), low);
        Key::stored(&uuid::Uuid::from_bytes(bytes).simple().to_string())
    }

    /// What an outcome of the queue is to the caller.
    fn answer(&self, outcome: Outcome<Answer>, key: Key) -> Result<Reply, Error> {
        match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Busy => Err(self.inner.shared.busy()),
            Outcome::Unknown | Outcome::Broken(Fate::CommitBegun) => {
                Err(Error::Unknown { key: Some(key), moved: false })
            }
            Outcome::Closed => Err(Invalid::EngineClosed.into()),
            Outcome::Reentrant => Err(Invalid::Reentrant.into()),
            Outcome::Broken(Fate::RolledBack) => {
                Err(Error::Bug { message: "the batch of this command panicked".to_owned() })
            }
        }
    }

    /// Refuses a handle that was carried over a fork, before any lock is touched, and one that was closed.
    fn check_process(&self) -> Result<(), Error> {
        if self.inner.opened.pid != std::process::id() {
            return Err(Invalid::Forked.into());
        }
        if self.inner.closed.load(Ordering::Acquire) {
            return Err(Invalid::EngineClosed.into());
        }
        Ok(())
    }
}

/// About how many bytes a command brings to a batch.
fn size_of_command(command: &Command) -> usize {
    use crate::domain::request::Verb;
    let entries = match &command.verb {
        Verb::Hold(hold) => hold.wanted.seats.as_ref().map_or(0, Vec::len),
        Verb::Sell(sell) => sell.wanted.seats.as_ref().map_or(0, Vec::len),
        Verb::House(house) => house.wanted.seats.as_ref().map_or(0, Vec::len),
        Verb::Confirm(_)
        | Verb::Extend(_)
        | Verb::Release(_)
        | Verb::Expire(_)
        | Verb::Cancel(_)
        | Verb::SlotOpen(_)
        | Verb::SlotClose(_)
        | Verb::SlotCancel(_)
        | Verb::SlotPostpone(_)
        | Verb::EventPublish(_)
        | Verb::EventCancel(_)
        | Verb::EventComplete(_)
        | Verb::EventDelete(_)
        | Verb::EventClone(_) => 0,
        // A description has up to 10,000 characters.
        Verb::EventCreate(_) | Verb::EventEdit(_) => 1_000,
        Verb::ScheduleAdd(add) => add.rule.entries(),
        Verb::ScheduleEdit(edit) => edit.rule.entries(),
    };
    COMMAND_BYTES + entries * 64
}
