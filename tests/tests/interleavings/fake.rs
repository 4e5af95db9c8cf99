//! The fake runner and the callers of the models.

use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::checker::thread::{JoinHandle, spawn};
use super::queue::{Begin, Fate, Limits, Outcome, Pending, Queue, Runner};
use super::sync::{Arc, Condvar, Deadline, Mutex, leads, lock};

/// The command at which the runner panics.
pub(super) const PANICS: u32 = 90;

/// The command at which the runner returns one reply too few.
pub(super) const SHORT: u32 = 91;

/// What the runner has done, under a lock of the checker.
#[derive(Default)]
pub(super) struct Ledger {
    /// The commands it ran, in order.
    pub(super) ran: Vec<u32>,
    /// Whether it is running.
    pub(super) running: bool,
}

/// A runner that replies with the command's number plus 1,000.
pub(super) struct Fake {
    ledger: Arc<Mutex<Ledger>>,
    /// How many commands of a batch it decides.
    decides: usize,
    /// Whether it asks once if anything is left to wait for.
    watches: bool,
}

impl Runner for Fake {
    type Command = u32;
    type Reply = u32;

    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Begin {
        if self.watches && !watch() { Begin::GaveUp } else { Begin::Ready }
    }

    fn undo(&mut self) {}

    fn run(&mut self, commands: &[u32]) -> Vec<u32> {
        if commands.contains(&PANICS) {
            // Without the hook, which would print a thousand times.
            std::panic::resume_unwind(Box::new("the runner's own"));
        }
        if commands.contains(&SHORT) {
            return Vec::new();
        }
        let before = std::mem::replace(&mut lock(&self.ledger).running, true);
        assert!(!before, "two leaders run");
        let decided = &commands[..commands.len().min(self.decides)];
        let mut ledger = lock(&self.ledger);
        ledger.running = false;
        ledger.ran.extend(decided);
        drop(ledger);
        decided.iter().map(|command| command + 1_000).collect()
    }

    fn broken(&mut self) -> Fate {
        Fate::RolledBack
    }

    fn after(&mut self) -> Option<Box<dyn FnOnce()>> {
        None
    }
}

/// A queue over a fake runner, and what happened on it.
#[derive(Clone)]
pub(super) struct Stage {
    /// The queue.
    pub(super) queue: Arc<Queue<Fake>>,
    /// What the runner has done.
    pub(super) ledger: Arc<Mutex<Ledger>>,
}

/// A command and its answer.
pub(super) type Answer = (u32, Outcome<u32>);

/// How a stage is set.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// How many commands may wait.
    pub(super) capacity: usize,
    /// How many commands a batch takes.
    pub(super) batch: usize,
    /// How many of them the runner decides.
    pub(super) decides: usize,
    /// How many sleepers are woken only after the lead is passed on.
    pub(super) crowd: usize,
    /// Whether the runner asks if anything is left to wait for.
    pub(super) watches: bool,
    /// Whether the driver may get tired whenever it waits.
    pub(super) lazy: bool,
}

/// The setting of most models.
pub(super) const PLAIN: Setting =
    Setting { capacity: 64, batch: 8, decides: 64, crowd: 64, watches: false, lazy: false };

impl Stage {
    /// Sets the stage.
    pub(super) fn set(setting: Setting) -> Self {
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let Setting { decides, watches, .. } = setting;
        let fake = Fake { ledger: Arc::clone(&ledger), decides, watches };
        let limits = Limits {
            capacity: setting.capacity,
            batch_commands: setting.batch,
            batch_bytes: usize::MAX,
            crowd: setting.crowd,
            grace: Duration::ZERO,
            patience: if setting.lazy { Duration::ZERO } else { Duration::MAX },
        };
        Self { queue: Arc::new(Queue::new(fake, limits)), ledger }
    }

    /// Calls, and claims that a caller leads at most one batch a call.
    pub(super) fn call(&self, command: u32, deadline: Deadline) -> Answer {
        let before = leads();
        let outcome = self.queue.call(command, 1, deadline);
        assert!(leads() - before <= 1, "a caller led twice");
        (command, outcome)
    }

    /// Submits.
    pub(super) fn submit(&self, command: u32, deadline: Deadline) -> Pending<Fake> {
        Queue::submit(&self.queue, command, 1, deadline)
    }

    /// A thread that calls with each of the commands.
    pub(super) fn caller(
        &self,
        commands: &'static [u32],
        deadline: Deadline,
    ) -> JoinHandle<Vec<Answer>> {
        let stage = self.clone();
        spawn(move || commands.iter().map(|command| stage.call(*command, deadline)).collect())
    }

    /// Claims that the answers are true: what was answered ran once, and what was `Busy`,
    /// `Closed` or rolled back did not run. Of the unknown nothing is known.
    pub(super) fn judge(&self, answers: &[Answer]) {
        let ledger = lock(&self.ledger);
        assert!(!ledger.running, "a batch runs after all callers were answered");
        for (command, outcome) in answers {
            let ran = ledger.ran.iter().filter(|ran| *ran == command).count();
            match outcome {
                Outcome::Answered(reply) => {
                    assert_eq!(*reply, command + 1_000, "the answer of somebody else");
                    assert_eq!(ran, 1, "{command} was answered");
                }
                Outcome::Unknown => assert!(ran <= 1, "{command} ran twice"),
                Outcome::Busy | Outcome::Closed | Outcome::Reentrant | Outcome::Broken(_) => {
                    assert_eq!(ran, 0, "{command} was {outcome:?}");
                }
            }
        }
    }

    /// Closes the queue and judges.
    pub(super) fn end(&self, answers: &[Answer]) {
        self.queue.close();
        self.judge(answers);
    }
}

/// Claims that all were answered by the runner.
pub(super) fn all_answered(answers: &[Answer]) {
    for (command, outcome) in answers {
        assert!(matches!(outcome, Outcome::Answered(_)), "{command} was {outcome:?}");
    }
}

/// Joins threads of callers and gathers their answers.
pub(super) fn join(callers: impl IntoIterator<Item = JoinHandle<Vec<Answer>>>) -> Vec<Answer> {
    callers.into_iter().flat_map(|caller| caller.join().expect("no caller panics")).collect()
}

/// Wakes a thread that waits for a future, with the checker's lock and bell.
struct Signal {
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Wake for Signal {
    fn wake(self: std::sync::Arc<Self>) {
        *lock(&self.rung) = true;
        self.bell.notify_one();
    }
}

/// Waits for a future on this thread; it polls only when it was woken.
pub(super) fn wait_for(mut pending: Pending<Fake>) -> Outcome<u32> {
    let signal = std::sync::Arc::new(Signal { rung: Mutex::new(false), bell: Condvar::new() });
    let waker = Waker::from(std::sync::Arc::clone(&signal));
    loop {
        let poll = std::pin::Pin::new(&mut pending).poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(outcome) = poll {
            return outcome;
        }
        let mut rung = lock(&signal.rung);
        while !std::mem::take(&mut *rung) {
            rung = signal.bell.wait(rung).expect("no panic passes through a lock");
        }
    }
}
