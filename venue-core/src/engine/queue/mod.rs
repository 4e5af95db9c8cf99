//! The command queue: callers put commands in, one of them leads, and every caller is answered.
//!
//! There is no writer thread. A caller who finds that nobody leads takes the *lead*: it takes
//! the waiting commands from the queue, its own first, has the runner run them as one batch,
//! answers their callers, and hands the lead to whoever stands at the front then. So a lone
//! caller pays for no thread switch, and a crowd shares one commit.
//!
//! One mutex guards the [`State`]; each ticket has a mutex of its own; a third one guards the
//! runner, and only the leader locks it. The order of locks is runner, state, ticket: nobody
//! locks the state while holding a ticket, and neither is held while the runner runs.
//!
//! # Invariants
//!
//! - **I4**: where nobody leads, nothing waits. The only way to `led == false` is under the
//!   state's lock with an empty queue, so no command is left without a leader.
//! - **I5**: while `led`, exactly one holds the lead: a thread inside `lead`, or the front ticket
//!   in the stage `Leads`, or the driver (`driver_called`). The lead goes from holder to holder
//!   with `led` staying true; it is never dropped in the hope that somebody picks it up, because
//!   the one who was meant to may have left, or may be a future that nobody polls.
//! - **I6**: who removes a ticket from `waiting` under the state's lock, leader or withdrawer,
//!   alone decides its fate.
//!
//! The one who is handed the lead stands at the front, so its own command is in its first batch:
//! a caller leads at most one batch a call. Each lead settles at least one ticket, which is why
//! the queue drains. A leader answers first and passes on afterwards, because callers who have
//! been answered come back with their next commands and make the next batch larger. Only a crowd
//! is woken after the lead is passed on: its answers lie there before, and no caller needs the
//! bell to find one.

mod driver;
mod lead;
mod pending;
mod runner;
mod state;
mod ticket;

use std::time::Duration;

use lead::{Lead, Store};
pub(crate) use pending::Pending;
pub(crate) use runner::{Begin, Fate, Runner};
use state::{Bell, Closed, Kind, Place, State, Waiting};
use ticket::{Seen, Ticket};

use super::sync;
use sync::{Arc, Condvar, Deadline, Mutex, MutexGuard, lock, planted, wait_until};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome<T> {
    /// The runner's reply.
    Answered(T),
    /// Nothing happened: the queue is full, or the deadline passed before the command was taken.
    Busy,
    /// The command was taken and its batch is not settled well past the deadline.
    Unknown,
    /// Nothing happened: the queue is closed.
    Closed,
    /// Nothing happened: the calling thread leads right now and would wait for itself.
    Reentrant,
    /// The batch broke.
    Broken(Fate),
}

/// The bounds of a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many commands may wait; one more is `Busy`.
    pub(crate) capacity: usize,
    /// How many commands one batch may have.
    pub(crate) batch_commands: usize,
    /// How large the commands of one batch may be together; a single one may be larger.
    pub(crate) batch_bytes: usize,
    /// From so many sleepers on, the lead is passed on before they are woken. To wake one takes
    /// some 5 us, a third of what a sale takes. In a crowd enough others wait by then for the next
    /// batch to be worth its commit; in a small circle it would only be half as large.
    pub(crate) crowd: usize,
    /// How long past its deadline a caller waits for the batch that its command is in.
    pub(crate) grace: Duration,
    /// How long the driver stays without being called.
    pub(crate) patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            capacity: 4_096,
            batch_commands: 1_024,
            batch_bytes: 1 << 20,
            crowd: 64,
            grace: Duration::from_secs(2),
            patience: Duration::from_secs(1),
        }
    }
}

/// The command queue over one runner.
pub(crate) struct Queue<R: Runner> {
    /// Who waits and who leads.
    state: Mutex<State<R>>,
    /// The runner; only the leader locks it.
    store: Mutex<Store<R>>,
    /// Rung when a lead ends in a closed queue with nobody to hand it to.
    idle: Condvar,
    /// Rung when the driver has the lead, or should look whether to leave.
    driver_bell: Condvar,
    /// The bounds.
    limits: Limits,
}

impl<R: Runner> Queue<R> {
    /// An open queue over this runner.
    pub(crate) fn new(runner: R, limits: Limits) -> Self {
        Self {
            state: Mutex::new(State::open()),
            store: Mutex::new(Store::new(runner)),
            idle: Condvar::new(),
            driver_bell: Condvar::new(),
            limits,
        }
    }

    /// Has the command run and waits for its reply, leading a batch if it falls to this thread.
    ///
    /// The deadline bounds the wait for being taken: at it the command is withdrawn and the
    /// answer is `Busy`. A command that was taken waits for its batch, and is `Unknown` when the
    /// grace is over as well.
    pub(crate) fn call(
        &self,
        command: R::Command,
        size: usize,
        deadline: Deadline,
    ) -> Outcome<R::Reply> {
        if sync::leading() {
            return Outcome::Reentrant;
        }
        let ticket = Arc::new(Ticket::queued());
        let mut state = lock(&self.state);
        if let Some(refusal) = state.refuses(&self.limits) {
            return refusal;
        }
        let mut leads = !state.led;
        if planted("the lead is decided before the command is queued") {
            drop(state);
            state = lock(&self.state);
        }
        let number = state.push(&ticket, Kind::Caller, deadline, Some((command, size)));
        state.led |= leads;
        drop(state);
        let mut gives_up = false;
        let mut until = deadline;
        loop {
            if leads {
                Lead::take_up(self, Some(number)).run_batch();
                leads = false;
            }
            match ticket.wait(until) {
                Seen::Answered(outcome) => return outcome,
                Seen::Leads => leads = true,
                Seen::Late => {
                    if let Some(outcome) = self.withdraw(number, &ticket, gives_up) {
                        return outcome;
                    }
                    gives_up = true;
                    until = deadline.later(self.limits.grace);
                }
            }
            if leads && planted("the lead is released, not handed over") {
                lock(&self.state).led = true;
            }
        }
    }

    /// Runs `work` on the runner while nobody leads, as a leader with no command of its own; it
    /// waits its turn in the queue. It is for backups, checkpoints and the last words after
    /// `close`, so it also works on a closed or full queue.
    ///
    /// `Busy` means that the deadline passed before its turn came, `Broken` that `work` panicked.
    pub(crate) fn with_runner<T>(
        &self,
        deadline: Deadline,
        work: impl FnOnce(&mut R) -> T,
    ) -> Outcome<T> {
        if sync::leading() {
            return Outcome::Reentrant;
        }
        let ticket = Arc::new(Ticket::queued());
        let mut state = lock(&self.state);
        let number = state.push(&ticket, Kind::Alone, deadline, None);
        let leads = !state.led;
        state.led = true;
        drop(state);
        if !leads && !matches!(ticket.wait(deadline), Seen::Leads) {
            // Nobody but its own thread takes this ticket from the queue, so it was there.
            let _ = self.withdraw(number, &ticket, true);
            return Outcome::Busy;
        }
        Lead::take_up(self, Some(number)).run_alone(work)
    }

    /// Closes the queue and waits until all that was queued is answered. Later calls are
    /// `Closed`. On a thread that leads right now it does not wait.
    pub(crate) fn close(&self) {
        self.close_as(Closed::Orderly);
        if sync::leading() {
            return;
        }
        let mut state = lock(&self.state);
        while busy(&state) {
            (state, _) = wait_until(&self.idle, &self.state, state, Deadline::NEVER);
        }
    }

    /// Closes the queue with another answer: later calls are `Broken` with this fate. What was
    /// queued still runs.
    #[allow(dead_code, reason = "the model-checking rig and the tests call it")]
    pub(crate) fn poison(&self, fate: Fate) {
        self.close_as(Closed::Poisoned(fate));
    }

    /// How many wait to be taken.
    #[allow(dead_code, reason = "the model-checking rig and the tests call it")]
    pub(crate) fn waiting(&self) -> usize {
        lock(&self.state).waiting.len()
    }

    /// Closes the queue, if it is open, and lets the driver see it.
    fn close_as(&self, closed: Closed) {
        lock(&self.state).closed.get_or_insert(closed);
        self.driver_bell.notify_one();
    }

    /// Withdraws a command for its caller who is late, or for its future that was dropped. In the
    /// queue it is removed, and nothing happened; a lead that had been given to it is passed on.
    /// Not in the queue means in a batch: then the answer is fetched if it is there, and if not,
    /// a caller who gives up leaves with `Unknown`.
    ///
    /// The ticket is looked at under the state's lock, so that a leader who puts it back sees
    /// whether its caller is still there.
    fn withdraw(
        &self,
        number: u64,
        ticket: &Ticket<R::Reply>,
        gives_up: bool,
    ) -> Option<Outcome<R::Reply>> {
        let mut state = lock(&self.state);
        let Some(waiting) = state.remove(number) else {
            if planted("fates are looked up after unlocking") {
                drop(state);
                return ticket.settle(gives_up).map(|(outcome, _)| outcome);
            }
            let settled = ticket.settle(gives_up);
            drop(state);
            if planted("late and taken is busy") && gives_up {
                return Some(Outcome::Busy);
            }
            return settled.map(|(outcome, _)| outcome);
        };
        let led = ticket.withdraw()
            && !planted("the late keep the lead")
            && !planted("the lead is released, not handed over");
        let bell = if led { state.pass_on() } else { Bell::None };
        drop(state);
        self.ring(bell);
        drop(waiting);
        Some(Outcome::Busy)
    }

    /// Rings a bell, with the state unlocked.
    fn ring(&self, bell: Bell<R::Reply>) {
        match bell {
            Bell::Idle { closer, driver } => {
                if closer {
                    self.idle.notify_all();
                }
                if driver {
                    self.driver_bell.notify_one();
                }
            }
            Bell::Driver => self.driver_bell.notify_one(),
            Bell::Caller(ticket) => ticket.ring(),
            Bell::None => {}
        }
    }
}

/// Whether anything is still to be answered. An empty queue says nothing: the last batch may be
/// running.
fn busy<R: Runner>(state: &MutexGuard<'_, State<R>>) -> bool {
    if planted("close looks at the queue instead of the lead") {
        return !state.waiting.is_empty();
    }
    state.led
}
