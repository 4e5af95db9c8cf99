//! The queue's `sync` over the checker's types. Time is a choice of the scheduler: a deadline
//! never passes, or has passed whenever somebody waits for it.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

pub(super) use super::checker::sync::{Arc, Condvar, Mutex, MutexGuard};
use super::checker::{thread, thread_local};

/// Locks a mutex.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no panic passes through a lock")
}

/// A moment tells nothing: there is no clock.
#[derive(Clone, Copy)]
pub(super) struct Moment;

/// Reads no clock.
pub(super) fn now() -> Moment {
    Moment
}

/// Until when somebody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// It never passes.
    Never,
    /// It passes whenever its owner looks, and nobody else sees it.
    Passed,
    /// It has passed for everybody.
    Overdue,
}

impl Deadline {
    /// The deadline that never passes.
    pub(crate) const NEVER: Self = Self::Never;

    /// A deadline without any wait may pass at once, and others never do.
    pub(super) fn after(wait: Duration) -> Self {
        if wait.is_zero() { Self::Passed } else { Self::Never }
    }

    /// The grace is not modelled.
    pub(super) fn later(self, _grace: Duration) -> Self {
        self
    }

    /// Whether it has passed for everybody.
    pub(super) fn passed_at(self, Moment: Moment) -> bool {
        self == Self::Overdue
    }
}

/// Sleeps until the bell rings. Where the deadline can pass it passes at once, but the lock is
/// let go and taken again, so that the scheduler chooses what happens before.
pub(super) fn wait_until<'a, T>(
    bell: &Condvar,
    mutex: &'a Mutex<T>,
    guard: MutexGuard<'a, T>,
    deadline: Deadline,
) -> (MutexGuard<'a, T>, bool) {
    if deadline == Deadline::Never {
        return (bell.wait(guard).expect("no panic passes through a lock"), false);
    }
    drop(guard);
    (lock(mutex), true)
}

/// Starts a detached thread.
pub(super) fn spawn(body: impl FnOnce() + Send + 'static) -> bool {
    drop(thread::spawn(body));
    true
}

/// Runs `body` and answers `None` if it panicked.
pub(super) fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(body)).ok()
}

thread_local! {
    /// Whether this thread leads a queue right now.
    static LEADING: Cell<bool> = Cell::new(false);
    /// How often this thread has led.
    static LEADS: Cell<u32> = Cell::new(0);
}

/// Whether this thread leads a queue right now.
pub(super) fn leading() -> bool {
    LEADING.with(Cell::get)
}

/// Marks this thread as leading, or takes the mark away.
pub(super) fn set_leading(leads: bool) {
    LEADING.with(|leading| leading.set(leads));
    LEADS.with(|count| count.set(count.get() + u32::from(leads)));
}

/// How often this thread has led.
pub(super) fn leads() -> u32 {
    LEADS.with(Cell::get)
}

std::thread_local! {
    /// The planted bug. The checkers run a model on one thread of the system, so that the whole
    /// model sees it.
    static PLANTED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Whether the bug of this name is planted.
pub(super) fn planted(bug: &str) -> bool {
    PLANTED.get() == Some(bug)
}

/// Plants a bug.
pub(super) fn plant(bug: &'static str) {
    PLANTED.set(Some(bug));
}
