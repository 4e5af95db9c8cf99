//! A caller's ticket: where its answer is put, and the bell that tells it.

use std::mem;
use std::task::{Poll, Waker};

use super::Outcome;
use super::sync::{Condvar, Deadline, Mutex, lock, planted, wait_until};

/// How far a command has come, as its caller sees it. A command that was taken into a batch
/// still says `Queued` (or `Leads`, where its own caller runs the batch): being taken means
/// having left the queue's `waiting`, which is under the state's lock.
enum Stage<Reply> {
    /// Nothing to see yet.
    Queued,
    /// The command stands at the front of the queue, and its caller holds the lead.
    Leads,
    /// The answer lies here.
    Answered(Outcome<Reply>),
    /// The answer was fetched, or the command was withdrawn.
    Spent,
    /// The caller went away while its command was in a batch: nobody fetches the answer.
    Abandoned,
}

/// What the ticket's lock guards.
struct Face<Reply> {
    /// How far the command has come.
    stage: Stage<Reply>,
    /// Whom to wake at the answer; only a future leaves a waker.
    waker: Option<Waker>,
    /// Whether the caller sleeps. A bell that nobody hears costs a call of the system.
    sleeps: bool,
}

/// What a waiting caller sees when it wakes.
pub(super) enum Seen<Reply> {
    /// The answer, which is fetched with this.
    Answered(Outcome<Reply>),
    /// The lead is with this caller.
    Leads,
    /// The deadline passed before either.
    Late,
}

/// The ticket of one command. Its lock comes after the state's in the order of locks, and its
/// bell has one listener.
pub(super) struct Ticket<Reply> {
    /// What there is to see.
    face: Mutex<Face<Reply>>,
    /// Rung when there is something new to see.
    bell: Condvar,
}

impl<Reply> Ticket<Reply> {
    /// A ticket for a command that is about to be queued.
    pub(super) fn queued() -> Self {
        Self::at(Stage::Queued)
    }

    /// A ticket for a command that was turned away, with the answer.
    pub(super) fn turned_away(outcome: Outcome<Reply>) -> Self {
        Self::at(Stage::Answered(outcome))
    }

    /// A ticket at this stage.
    fn at(stage: Stage<Reply>) -> Self {
        Self { face: Mutex::new(Face { stage, waker: None, sleeps: false }), bell: Condvar::new() }
    }

    /// Puts the answer down and rings the bell; the waker, if there is one, is handed back to be
    /// woken when the lead is passed on. Stage and waker change hands under the same lock: a
    /// future that polls in between would leave a waker that nobody takes. The bell rings after
    /// the stage is set, or a caller about to sleep would miss it.
    pub(super) fn answer(&self, outcome: Outcome<Reply>) -> Option<Waker> {
        let (waker, sleeps) = self.put_down(outcome);
        if sleeps {
            self.ring();
        }
        waker
    }

    /// Puts the answer down without ringing the bell; says whether somebody sleeps who must hear it.
    pub(super) fn put_down(&self, outcome: Outcome<Reply>) -> (Option<Waker>, bool) {
        if planted("the bell rings before the stage is set") {
            self.ring();
        }
        let mut face = lock(&self.face);
        if matches!(face.stage, Stage::Abandoned) {
            drop(face);
            return (None, false);
        }
        let waker = face.waker.take();
        if planted("the waker is taken before the answer is put down") {
            drop(face);
            face = lock(&self.face);
        }
        let before = mem::replace(&mut face.stage, Stage::Answered(outcome));
        let sleeps = face.sleeps;
        drop(face);
        drop(before);
        (waker, sleeps && !planted("the bell rings before the stage is set"))
    }

    /// Gives the lead to the caller of this ticket. The bell is rung by `ring`, after the state
    /// is unlocked.
    pub(super) fn give_lead(&self) {
        lock(&self.face).stage = Stage::Leads;
    }

    /// Rings the bell.
    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Sleeps until there is something to see, or the deadline passes.
    pub(super) fn wait(&self, deadline: Deadline) -> Seen<Reply> {
        let mut face = lock(&self.face);
        let mut late = false;
        loop {
            if matches!(face.stage, Stage::Leads) {
                return Seen::Leads;
            }
            if let Some(outcome) = fetch(&mut face.stage) {
                return Seen::Answered(outcome);
            }
            if late {
                return Seen::Late;
            }
            face.sleeps = true;
            (face, late) = wait_until(&self.bell, &self.face, face, deadline);
            face.sleeps = false;
        }
    }

    /// Fetches the answer, or leaves the waker to be woken when there is one. A waker is foreign
    /// code: it is cloned before and dropped after the lock is held.
    pub(super) fn poll(&self, waker: &Waker) -> Poll<Outcome<Reply>> {
        let mut waker = Some(waker.clone());
        let mut face = lock(&self.face);
        assert!(!matches!(face.stage, Stage::Spent), "a future is not polled after its answer");
        let answer = fetch(&mut face.stage);
        if answer.is_none() {
            mem::swap(&mut face.waker, &mut waker);
        }
        drop(face);
        drop(waker);
        answer.map_or(Poll::Pending, Poll::Ready)
    }

    /// Ends the ticket of a command that its caller removed from the queue, and says whether the
    /// lead was with it.
    pub(super) fn withdraw(&self) -> bool {
        let mut face = lock(&self.face);
        matches!(mem::replace(&mut face.stage, Stage::Spent), Stage::Leads)
    }

    /// Fetches the answer of a command that is in a batch, if it is there. Otherwise the caller
    /// goes away with `Unknown` if it gives up, and waits on if it does not. Who goes away
    /// takes the waker along, so that the leader never drops foreign code.
    pub(super) fn settle(&self, gives_up: bool) -> Option<(Outcome<Reply>, Option<Waker>)> {
        let mut face = lock(&self.face);
        if let Some(outcome) = fetch(&mut face.stage) {
            return Some((outcome, None));
        }
        if !gives_up {
            return None;
        }
        face.stage = Stage::Abandoned;
        Some((Outcome::Unknown, face.waker.take()))
    }

    /// Whether the caller went away. The answer holds as long as the state is locked and the
    /// ticket is not in the queue, because callers go away under the state's lock.
    pub(super) fn is_abandoned(&self) -> bool {
        matches!(lock(&self.face).stage, Stage::Abandoned)
    }
}

/// Takes the answer out of an answered stage, which is spent then.
fn fetch<Reply>(stage: &mut Stage<Reply>) -> Option<Outcome<Reply>> {
    if !matches!(stage, Stage::Answered(_)) {
        return None;
    }
    match mem::replace(stage, Stage::Spent) {
        Stage::Answered(outcome) => Some(outcome),
        Stage::Queued | Stage::Leads | Stage::Spent | Stage::Abandoned => None,
    }
}
