//! What the state's lock guards, and every step that is taken under it.

use std::collections::VecDeque;

use super::sync::{Arc, Deadline, Moment, planted};
use super::ticket::Ticket;
use super::{Fate, Limits, Outcome, Runner};

/// Who waits for a ticket, and so who leads when it comes to the front.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A thread in `call`.
    Caller,
    /// A future: the driver leads for it.
    Future,
    /// A thread in `with_runner`: it never shares a batch.
    Alone,
}

/// A ticket's place in the queue.
pub(super) struct Place<Reply> {
    /// Numbers rise from front to back, also after a part of a batch was put back.
    pub(super) number: u64,
    /// Where the answer goes.
    pub(super) ticket: Arc<Ticket<Reply>>,
    /// Who waits.
    pub(super) kind: Kind,
    /// Until when the command may be taken.
    pub(super) deadline: Deadline,
    /// The command's size in bytes.
    pub(super) size: usize,
}

/// What stands in the queue.
pub(super) struct Waiting<R: Runner> {
    /// Whose it is.
    pub(super) place: Place<R::Reply>,
    /// Absent exactly for [`Kind::Alone`].
    pub(super) command: Option<R::Command>,
}

/// What the state's lock guards.
pub(super) struct State<R: Runner> {
    /// First come, first taken.
    pub(super) waiting: VecDeque<Waiting<R>>,
    /// The number of the next ticket; the first is 1.
    pub(super) next: u64,
    /// Whether somebody holds the lead (I5).
    pub(super) led: bool,
    /// Since the queue was closed, the answer to every call.
    pub(super) closed: Option<Closed>,
    /// Whether a driver lives.
    pub(super) driver: bool,
    /// Whether the lead is with the driver.
    pub(super) driver_called: bool,
    /// Whether the driver would leave, and waits only for the end of a lead.
    pub(super) driver_leaving: bool,
}

/// Why a queue takes no more commands.
#[derive(Clone, Copy)]
pub(super) enum Closed {
    /// It was closed in order.
    Orderly,
    /// Its runner cannot be trusted any more.
    #[allow(dead_code, reason = "the model-checking rig poisons")]
    Poisoned(Fate),
}

/// Whom to wake after the state is unlocked.
#[must_use = "a bell that is not rung leaves its listener asleep"]
pub(super) enum Bell<Reply> {
    /// Whoever waits for the end of all work, which they do only in a closed queue, and a driver
    /// that would leave. A bell that nobody hears costs a call of the system.
    Idle { closer: bool, driver: bool },
    /// The driver.
    Driver,
    /// The caller who was given the lead.
    Caller(Arc<Ticket<Reply>>),
    /// Nobody.
    None,
}

impl<R: Runner> State<R> {
    /// The state of an open queue with nobody in it.
    pub(super) fn open() -> Self {
        Self {
            waiting: VecDeque::new(),
            next: 1,
            led: false,
            closed: None,
            driver: false,
            driver_called: false,
            driver_leaving: false,
        }
    }

    /// The answer to a new command, if it must be turned away.
    pub(super) fn refuses<T>(&self, limits: &Limits) -> Option<Outcome<T>> {
        match self.closed {
            Some(Closed::Orderly) => Some(Outcome::Closed),
            Some(Closed::Poisoned(fate)) => Some(Outcome::Broken(fate)),
            None if self.waiting.len() >= limits.capacity => Some(Outcome::Busy),
            None => None,
        }
    }

    /// Puts a new ticket at the back and returns its number.
    pub(super) fn push(
        &mut self,
        ticket: &Arc<Ticket<R::Reply>>,
        kind: Kind,
        deadline: Deadline,
        command: Option<(R::Command, usize)>,
    ) -> u64 {
        let number = self.next;
        self.next += 1;
        let (command, size) = command.unzip();
        let place = Place {
            number,
            ticket: Arc::clone(ticket),
            kind,
            deadline,
            size: size.unwrap_or_default(),
        };
        self.waiting.push_back(Waiting { place, command });
        number
    }

    /// Removes the ticket of this number, if it still waits.
    pub(super) fn remove(&mut self, number: u64) -> Option<Waiting<R>> {
        let at = self.waiting.binary_search_by_key(&number, |waiting| waiting.place.number);
        at.ok().and_then(|at| self.waiting.remove(at))
    }

    /// Removes the commands that are late at `moment`. The common case, that none is, moves
    /// nothing. A thread in `with_runner` looks after itself.
    pub(super) fn remove_late(&mut self, moment: Moment) -> VecDeque<Waiting<R>> {
        let late = |waiting: &Waiting<R>| {
            waiting.command.is_some() && waiting.place.deadline.passed_at(moment)
        };
        if !self.waiting.iter().any(late) {
            return VecDeque::new();
        }
        let (gone, stay) = std::mem::take(&mut self.waiting).into_iter().partition(late);
        self.waiting = stay;
        gone
    }

    /// Passes the lead on: to the front of the queue, or to nobody if the queue is empty. The
    /// lead goes from holder to holder under the state's lock (I5).
    pub(super) fn pass_on(&mut self) -> Bell<R::Reply> {
        let Some(front) = self.waiting.front() else {
            self.led = false;
            let closed = self.closed.is_some();
            return Bell::Idle { closer: closed, driver: closed || self.driver_leaving };
        };
        if front.place.kind == Kind::Future {
            if planted("the lead is released to a future") {
                self.led = false;
                return Bell::None;
            }
            if planted("nobody calls the driver") {
                return Bell::None;
            }
            self.driver_called = true;
            return Bell::Driver;
        }
        if planted("the lead is released, not handed over") {
            self.led = false;
        }
        front.place.ticket.give_lead();
        Bell::Caller(Arc::clone(&front.place.ticket))
    }

    /// The number of the ticket at the front, if it is a command.
    pub(super) fn front_command(&self) -> Option<u64> {
        let front = self.waiting.front()?;
        front.command.as_ref().map(|_| front.place.number)
    }

    /// Puts what the runner left undecided back to the front, in order. Commands whose callers
    /// went away are not put back but returned, to be dropped: nobody could take the lead from
    /// such a ticket. Their callers were told that their fate is unknown.
    pub(super) fn put_back(
        &mut self,
        taken: &mut Vec<Place<R::Reply>>,
        commands: &mut Vec<R::Command>,
    ) -> Vec<R::Command> {
        let mut abandoned = Vec::new();
        while let (Some(place), Some(command)) = (taken.pop(), commands.pop()) {
            if place.ticket.is_abandoned() && !planted("the abandoned are put back") {
                abandoned.push(command);
            } else if planted("the rest goes to the back") {
                self.waiting.push_back(Waiting { place, command: Some(command) });
            } else {
                self.waiting.push_front(Waiting { place, command: Some(command) });
            }
        }
        abandoned
    }
}
