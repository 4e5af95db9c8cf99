//! Everything of std's concurrency that the command queue and the wakes use, and nothing else.
//!
//! They name their locks, bells, threads and deadlines only through this module, so that
//! the same source text can be compiled against the types of a model checker. Whatever is added
//! here needs a counterpart in the rig `tests/tests/interleavings`.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::PoisonError;
pub(super) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Locks a mutex. Poison is ignored: what the queue's locks guard is changed in steps that
/// cannot panic, and the runner's own state after a panic is judged by the runner.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A point in monotonic time.
pub(super) type Moment = Instant;

/// Reads the monotonic clock.
pub(super) fn now() -> Moment {
    Instant::now()
}

/// Until when somebody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline that never passes.
    pub(crate) const NEVER: Self = Self(None);

    /// The deadline that passes `wait` from now, or never where the clock cannot express it.
    pub(crate) fn after(wait: Duration) -> Self {
        Self(now().checked_add(wait))
    }

    /// This deadline, put off by `grace`.
    pub(super) fn later(self, grace: Duration) -> Self {
        Self(self.0.and_then(|at| at.checked_add(grace)))
    }

    /// Whether the deadline has passed at `moment`.
    pub(super) fn passed_at(self, moment: Moment) -> bool {
        self.0.is_some_and(|at| at <= moment)
    }
}

/// Sleeps until the bell rings or the deadline passes, with the mutex let go meanwhile, and says
/// whether it is late. It may also wake for no reason, so the caller looks at its state again.
///
/// The mutex is an argument because a model checker lets go of it and takes it again to make
/// time pass.
pub(super) fn wait_until<'a, T>(
    bell: &Condvar,
    _mutex: &'a Mutex<T>,
    guard: MutexGuard<'a, T>,
    deadline: Deadline,
) -> (MutexGuard<'a, T>, bool) {
    let Some(at) = deadline.0 else {
        return (bell.wait(guard).unwrap_or_else(PoisonError::into_inner), false);
    };
    let left = at.saturating_duration_since(now());
    if left.is_zero() {
        return (guard, true);
    }
    let (guard, timeout) = bell.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
    (guard, timeout.timed_out())
}

/// Starts a detached thread, and says whether it could.
pub(super) fn spawn(body: impl FnOnce() + Send + 'static) -> bool {
    std::thread::Builder::new().name("venue-driver".into()).spawn(body).is_ok()
}

/// Runs `body` and answers `None` if it panicked.
pub(super) fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    match std::panic::catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(value),
        Err(payload) => {
            // The payload is foreign: its drop may panic as well, and then it is leaked.
            if let Err(second) = std::panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                std::mem::forget(second);
            }
            None
        }
    }
}

thread_local! {
    /// Whether this thread leads a queue right now.
    static LEADING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread leads a queue right now: then a call would wait for itself.
pub(super) fn leading() -> bool {
    LEADING.get()
}

/// Marks this thread as leading, or takes the mark away.
pub(super) fn set_leading(leads: bool) {
    LEADING.set(leads);
}

/// Whether the rig planted the bug of this name, to prove that its checkers find it. No bug can
/// be planted in the shipped build: the answer is a constant, and the branch is compiled away.
pub(super) const fn planted(_bug: &str) -> bool {
    false
}
