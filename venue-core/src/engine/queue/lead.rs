//! The lead of one batch: a guard that answers and passes on, however the batch ends.

use std::mem;
use std::task::Waker;

use super::sync::{Arc, MutexGuard, caught, lock, now, planted, set_leading};
use super::{Begin, Bell, Fate, Outcome, Place, Queue, Runner, Ticket, Waiting};

/// What only the leader touches: the runner, and the batch, whose buffers are kept from one
/// batch to the next.
pub(super) struct Store<R: Runner> {
    /// The one who runs the batches.
    runner: R,
    /// The places of the commands taken, in order.
    taken: Vec<Place<R::Reply>>,
    /// The commands themselves, as far as the runner has not decided them.
    commands: Vec<R::Command>,
}

impl<R: Runner> Store<R> {
    /// A store with no batch.
    pub(super) fn new(runner: R) -> Self {
        Self { runner, taken: Vec::new(), commands: Vec::new() }
    }

    /// Has the runner tidy up, and asks it for the fate of the batch. A runner that panics even
    /// now leaves the worst to be assumed.
    fn broken(&mut self) -> Fate {
        caught(|| self.runner.broken()).unwrap_or(Fate::CommitBegun)
    }
}

/// What the tickets of the batch are answered with.
enum Answer<Reply> {
    /// Nobody knows what happened, or the runner said so.
    Broken(Fate),
    /// The replies to the first commands; the rest is put back.
    Replies(Vec<Reply>),
}

/// The lead. Dropping it answers every ticket of the batch and passes the lead on, so that a
/// panic anywhere cannot leave a caller without an answer or the queue without a leader.
pub(super) struct Lead<'queue, R: Runner> {
    /// Whose lead it is.
    queue: &'queue Queue<R>,
    /// The ticket that must not outlast this lead: the leader's own. It stands at the front.
    own: Option<u64>,
    /// Locked from the beginning to the end, outside every `caught`, so that a panic of the
    /// runner does not pass through the guard.
    store: Option<MutexGuard<'queue, Store<R>>>,
    /// What the batch is answered with. Until the runner has replied the worst is assumed.
    answer: Answer<R::Reply>,
    /// Who sleeps beside an answer, and is woken when the lead is passed on.
    sleepers: Vec<Arc<Ticket<R::Reply>>>,
    /// The commands that were decided. They are dropped when the lead is passed on.
    spent: Vec<R::Command>,
    /// Whom to wake when the lead is passed on. Wakers are foreign code.
    wakers: Vec<Waker>,
    /// Whether a batch was begun, which the runner's `after` follows.
    ran: bool,
}

impl<'queue, R: Runner> Lead<'queue, R> {
    /// Takes up the lead that this thread holds. The leader's own ticket stands at the front.
    pub(super) fn take_up(queue: &'queue Queue<R>, own: Option<u64>) -> Self {
        set_leading(true);
        let store = Some(lock(&queue.store));
        let answer = Answer::Broken(Fate::CommitBegun);
        let (sleepers, spent, wakers) = (Vec::new(), Vec::new(), Vec::new());
        Self { queue, own, store, answer, sleepers, spent, wakers, ran: false }
    }

    /// Leads one batch.
    pub(super) fn run_batch(mut self) {
        match self.begin() {
            Some(Begin::GaveUp) => {}
            Some(Begin::Ready) => {
                self.take();
                self.run();
            }
            None => {
                let fate = self.store.as_mut().map(|store| store.broken());
                self.take();
                self.answer = Answer::Broken(fate.unwrap_or(Fate::CommitBegun));
            }
        }
    }

    /// Runs `work` on the runner, with no batch.
    pub(super) fn run_alone<T>(mut self, work: impl FnOnce(&mut R) -> T) -> Outcome<T> {
        if let Some(own) = self.own.take() {
            let waiting = lock(&self.queue.state).remove(own);
            drop(waiting);
        }
        let Some(store) = self.store.as_mut() else {
            return Outcome::Busy;
        };
        match caught(|| work(&mut store.runner)) {
            Some(value) => Outcome::Answered(value),
            None => Outcome::Broken(store.broken()),
        }
    }

    /// Has the runner get ready, with the queue still open for withdrawals. A runner that gives
    /// up with a command still to wait for makes that command `Busy`, because a lead that
    /// settles nothing would be repeated for ever.
    fn begin(&mut self) -> Option<Begin> {
        let Self { queue, own, store: Some(store), .. } = self else {
            return None;
        };
        let mut told = false;
        let mut watch = || {
            let worth_waiting = queue.watch(*own);
            told |= !worth_waiting;
            worth_waiting
        };
        let begun = caught(|| store.runner.begin(&mut watch));
        if begun == Some(Begin::GaveUp) && !told && own.is_none() {
            *own = lock(&queue.state).front_command();
        }
        begun
    }

    /// Takes the batch from the front of the queue, up to its bounds and up to the first thread
    /// that wants the runner for itself. What is late is answered `Busy` and not run.
    fn take(&mut self) {
        let Self { queue, store: Some(store), wakers, .. } = self else {
            return;
        };
        let store = &mut **store;
        self.ran = true;
        let moment = now();
        let mut late = Vec::new();
        let mut bytes = 0_usize;
        let mut state = lock(&queue.state);
        while state.front_command().is_some() && store.taken.len() < queue.limits.batch_commands {
            let size = state.waiting.front().map_or(0, |front| front.place.size);
            bytes = bytes.saturating_add(size);
            if bytes > queue.limits.batch_bytes && !store.taken.is_empty() {
                break;
            }
            let Some(Waiting { place, command: Some(command) }) = state.waiting.pop_front() else {
                break;
            };
            if place.deadline.passed_at(moment) {
                bytes -= size;
                late.push((place, command));
                continue;
            }
            store.taken.push(place);
            store.commands.push(command);
        }
        drop(state);
        wakers.extend(late.iter().filter_map(|(place, _)| place.ticket.answer(Outcome::Busy)));
    }

    /// Has the runner run the batch, and checks that it kept the contract.
    fn run(&mut self) {
        let Some(store) = self.store.as_mut() else {
            return;
        };
        let Store { runner, commands, .. } = &mut **store;
        let count = commands.len();
        let replies = if count == 0 {
            caught(|| runner.undo()).map(|()| Vec::new())
        } else {
            let kept = |replies: &Vec<R::Reply>| !replies.is_empty();
            caught(|| runner.run(commands)).filter(kept)
        };
        self.answer = match replies {
            Some(replies) if replies.len() <= count => {
                self.spent.extend(commands.drain(..replies.len()));
                Answer::Replies(replies)
            }
            _ => Answer::Broken(store.broken()),
        };
    }

    /// Answers every ticket that the batch settled.
    fn answer(&mut self, store: &mut Store<R>) {
        let answer = mem::replace(&mut self.answer, Answer::Broken(Fate::CommitBegun));
        match answer {
            Answer::Replies(replies) => {
                for (place, reply) in store.taken.drain(..replies.len()).zip(replies) {
                    let (waker, sleeps) = place.ticket.put_down(Outcome::Answered(reply));
                    self.wakers.extend(waker);
                    if sleeps {
                        self.sleepers.push(place.ticket);
                    }
                }
                if self.sleepers.len() < self.queue.limits.crowd {
                    self.wake();
                }
            }
            Answer::Broken(fate) => {
                let _ = caught(|| store.commands.clear());
                let settled = store.taken.drain(..);
                self.wakers
                    .extend(settled.filter_map(|place| place.ticket.answer(Outcome::Broken(fate))));
            }
        }
    }
}

impl<R: Runner> Lead<'_, R> {
    /// Wakes who sleeps beside an answer.
    fn wake(&mut self) {
        self.sleepers.drain(..).for_each(|ticket| ticket.ring());
    }
}

impl<R: Runner> Drop for Lead<'_, R> {
    fn drop(&mut self) {
        let Some(mut store) = self.store.take() else {
            return;
        };
        if planted("a panic keeps the lead") && matches!(self.answer, Answer::Broken(_)) {
            return;
        }
        if planted("an empty batch keeps the lead") && store.taken.is_empty() {
            return;
        }
        self.answer(&mut store);
        let chore = if self.ran { caught(|| store.runner.after()).flatten() } else { None };
        let mut state = lock(&self.queue.state);
        let Store { taken, commands, .. } = &mut *store;
        let abandoned = state.put_back(taken, commands);
        let leftover = self.own.and_then(|own| state.remove(own));
        let bell = if planted("idle is seen in one step and set in the next")
            && state.waiting.is_empty()
        {
            drop(state);
            state = lock(&self.queue.state);
            state.led = false;
            Bell::Idle { closer: true, driver: true }
        } else {
            state.pass_on()
        };
        drop(state);
        drop(store);
        set_leading(false);
        self.queue.ring(bell);
        if !planted("a crowd is left asleep") {
            self.wake();
        }
        drop(abandoned);
        if let Some(leftover) = leftover {
            self.wakers.extend(leftover.place.ticket.answer(Outcome::Busy));
        }
        for waker in self.wakers.drain(..) {
            let _ = caught(|| waker.wake());
        }
        if let Some(chore) = chore {
            let _ = caught(chore);
        }
    }
}

impl<R: Runner> Queue<R> {
    /// Answers the commands that are late by now, and says whether the leader has anything left
    /// to wait for: its own command, or for the driver, any command at the front.
    fn watch(&self, own: Option<u64>) -> bool {
        let moment = now();
        let mut state = lock(&self.state);
        let late = state.remove_late(moment);
        let front = state.front_command();
        drop(state);
        for waiting in late {
            if let Some(waker) = waiting.place.ticket.answer(Outcome::Busy) {
                let _ = caught(|| waker.wake());
            }
        }
        front.is_some() && (own.is_none() || front == own)
    }
}
