//! The fake runner, and a leader that leads until it is told to stop.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use super::super::queue::{Begin, Fate, Limits, Outcome, Queue, Runner};
use super::super::sync::Deadline;

/// A command of the fake runner.
pub(super) enum Command {
    /// Echoes the number.
    Echo(u64),
    /// Panics.
    Panic,
    /// Says that it has begun, and then waits for a word.
    Wait(mpsc::Sender<()>, mpsc::Receiver<()>),
    /// Calls the queue from inside.
    Inside(Arc<Queue<Fake>>),
}

/// What a thread does that has passed the lead on.
pub(super) type Chore = Box<dyn FnOnce() + Send>;

/// A runner that counts what it does.
#[derive(Default)]
pub(super) struct Fake {
    /// How many commands it ran.
    pub(super) ran: Arc<AtomicUsize>,
    /// How often it got ready.
    pub(super) begun: Arc<AtomicUsize>,
    /// Whether somebody else holds the file's lock.
    pub(super) locked: Arc<AtomicBool>,
    /// How many commands of a batch it decides, if not all.
    pub(super) decides: Option<usize>,
    /// What it does instead of getting ready.
    pub(super) refuses: Option<Refusal>,
    /// What is to be done after its next batch, beside the one that follows.
    pub(super) chore: Arc<Mutex<Option<Chore>>>,
}

/// How a fake runner does not get ready.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    /// It gives up although a command waits.
    GivesUp,
    /// It panics, and again when it is asked for the fate.
    Panics,
}

impl Runner for Fake {
    type Command = Command;
    type Reply = u64;

    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Begin {
        self.begun.fetch_add(1, Ordering::SeqCst);
        match self.refuses {
            Some(Refusal::GivesUp) => return Begin::GaveUp,
            Some(Refusal::Panics) => std::panic::resume_unwind(Box::new("the runner's own")),
            None => {}
        }
        while self.locked.load(Ordering::SeqCst) {
            if !watch() {
                return Begin::GaveUp;
            }
            thread::sleep(Duration::from_millis(1));
        }
        Begin::Ready
    }

    fn undo(&mut self) {}

    fn run(&mut self, commands: &[Command]) -> Vec<u64> {
        let count = self.decides.unwrap_or(usize::MAX).min(commands.len());
        let decide = |command: &Command| match command {
            Command::Echo(number) => *number,
            Command::Panic => std::panic::resume_unwind(Box::new("the runner's own")),
            Command::Wait(begun, word) => {
                begun.send(()).expect("somebody listens");
                word.recv().expect("somebody speaks");
                0
            }
            Command::Inside(queue) => {
                let call = queue.call(Command::Echo(1), 8, Deadline::NEVER);
                assert_eq!(call, Outcome::Reentrant);
                assert_eq!(queue.with_runner(Deadline::NEVER, |_| ()), Outcome::Reentrant);
                let future = Queue::submit(queue, Command::Echo(1), 8, Deadline::NEVER);
                assert_eq!(wait_for(future), Outcome::Reentrant);
                7
            }
        };
        let replies: Vec<u64> = commands[..count].iter().map(decide).collect();
        self.ran.fetch_add(replies.len(), Ordering::SeqCst);
        replies
    }

    fn broken(&mut self) -> Fate {
        if self.refuses.is_some() {
            std::panic::resume_unwind(Box::new("the runner's own"));
        }
        Fate::RolledBack
    }

    fn after(&mut self) -> Option<Box<dyn FnOnce()>> {
        match self.chore.lock().expect("nobody panics with it").take() {
            Some(chore) => Some(chore),
            // A checkpoint that fails must not matter.
            None => std::panic::resume_unwind(Box::new("the runner's own")),
        }
    }
}

/// Wakes a thread that waits for a future.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
pub(super) fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// A queue with the usual limits.
pub(super) fn queue() -> Arc<Queue<Fake>> {
    Arc::new(Queue::new(Fake::default(), Limits::default()))
}

/// A deadline that passes while a test runs.
pub(super) fn soon() -> Deadline {
    Deadline::after(Duration::from_millis(20))
}

/// A deadline that has passed.
pub(super) fn late() -> Deadline {
    Deadline::after(Duration::ZERO)
}

/// Has a thread lead until the word is spoken; returns when it leads.
pub(super) fn occupy(
    queue: &Arc<Queue<Fake>>,
) -> (mpsc::Sender<()>, thread::JoinHandle<Outcome<u64>>) {
    let (begun, has_begun) = mpsc::channel();
    let (word, spoken) = mpsc::channel();
    let queue = Arc::clone(queue);
    let leader =
        thread::spawn(move || queue.call(Command::Wait(begun, spoken), 8, Deadline::NEVER));
    has_begun.recv().expect("the leader begins");
    (word, leader)
}
