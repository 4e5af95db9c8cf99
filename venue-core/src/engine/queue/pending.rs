//! A command whose caller does not block: the future of its answer.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::driver::drive;
use super::sync::{Arc, Deadline, leading, lock, now, planted, spawn};
use super::ticket::Ticket;
use super::{Bell, Kind, Outcome, Queue, Runner};

/// The answer to come of a submitted command. Any async runtime can await it.
///
/// Its deadline is watched by whoever leads, between batches, and at each poll. Dropping it
/// withdraws the command if it still waits; if not, the command runs unheard.
#[must_use = "dropping it withdraws the command"]
pub(crate) struct Pending<R: Runner> {
    /// Where the command waits.
    queue: Arc<Queue<R>>,
    /// Where the answer will lie.
    ticket: Arc<Ticket<R::Reply>>,
    /// The ticket's number; none has the number 0, which stands for a command turned away.
    number: u64,
    /// Until when the command may be taken.
    deadline: Deadline,
    /// Whether the answer was fetched.
    done: bool,
}

impl<R: Runner + 'static> Queue<R> {
    /// Queues the command and returns the future of its answer. The driver leads for futures; it
    /// is started here if none lives.
    pub(crate) fn submit(
        this: &Arc<Self>,
        command: R::Command,
        size: usize,
        deadline: Deadline,
    ) -> Pending<R> {
        let pending = |ticket, number| {
            let queue = Arc::clone(this);
            Pending { queue, ticket: Arc::new(ticket), number, deadline, done: false }
        };
        if leading() {
            return pending(Ticket::turned_away(Outcome::Reentrant), 0);
        }
        let mut state = lock(&this.state);
        if let Some(refusal) = state.refuses(&this.limits) {
            drop(state);
            return pending(Ticket::turned_away(refusal), 0);
        }
        let starts = !state.driver;
        if planted("the driver is looked for outside the lock") {
            drop(state);
            state = lock(&this.state);
        }
        let mut pending = pending(Ticket::queued(), 0);
        pending.number = state.push(&pending.ticket, Kind::Future, deadline, Some((command, size)));
        state.driver = true;
        let bell = if state.led {
            Bell::None
        } else {
            state.led = true;
            state.pass_on()
        };
        drop(state);
        this.ring(bell);
        if starts {
            let queue = Arc::clone(this);
            if !spawn(move || drive(&queue, queue.limits.patience)) {
                // No thread can be had: this one is the driver, for as long as there is work.
                drive(this, Duration::ZERO);
            }
        }
        pending
    }
}

impl<R: Runner> Future for Pending<R> {
    type Output = Outcome<R::Reply>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut answer = this.ticket.poll(context.waker());
        let moment = now();
        if answer.is_pending() && this.deadline.passed_at(moment) {
            let gives_up = this.deadline.later(this.queue.limits.grace).passed_at(moment);
            if let Some(outcome) = this.queue.withdraw(this.number, &this.ticket, gives_up) {
                answer = Poll::Ready(outcome);
            }
        }
        this.done = answer.is_ready();
        answer
    }
}

impl<R: Runner> Drop for Pending<R> {
    fn drop(&mut self) {
        if !self.done {
            let _ = self.queue.withdraw(self.number, &self.ticket, true);
        }
    }
}
