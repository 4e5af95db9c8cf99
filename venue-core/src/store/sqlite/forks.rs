//! What a fork needs: a moment in which no thread is inside SQLite. A child has the locks of its parent's threads but not the
//! threads, so whatever one of them held at the fork is held in the child for ever.
//!
//! A host that can hear of a fork before it happens ([`before_fork`], then [`after_fork`] in the parent or [`in_the_child`])
//! counts its calls with [`enter`]. Connections that a pool opens for somebody who has gone meanwhile count
//! themselves.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Who forks waits for the calls in flight so often, and so long each time: a process that is stopped meanwhile loses one
/// turn and not all its patience.
const TURNS: u32 = 100;
const TURN: Duration = Duration::from_millis(100);

#[derive(Debug)]
struct Gate {
    /// Threads that are inside.
    inside: usize,
    /// Threads that wait to fork: nobody begins a call while there are any.
    forking: usize,
}

static GATE: Mutex<Gate> = Mutex::new(Gate { inside: 0, forking: 0 });
static BELL: Condvar = Condvar::new();
/// Whether this process was forked while a call was in flight.
static TORN: AtomicBool = AtomicBool::new(false);
/// How many forks made this process of the first one.
static FORKS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The gate, held shut over a fork by the thread that forks.
    static SHUT: RefCell<Option<MutexGuard<'static, Gate>>> = const { RefCell::new(None) };
}

fn gate() -> MutexGuard<'static, Gate> {
    GATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that is inside; it leaves when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Inside(());

impl Drop for Inside {
    fn drop(&mut self) {
        let mut gate = gate();
        // A child began to count anew.
        gate.inside = gate.inside.saturating_sub(1);
        if gate.inside == 0 && gate.forking > 0 {
            BELL.notify_all();
        }
    }
}

/// Begins a call that may come to SQLite: waits for those who are about to fork. Whoever is inside already, or is waited
/// for by somebody inside, must not begin another.
pub fn enter() -> Inside {
    let mut gate = gate();
    while gate.forking > 0 {
        gate = BELL.wait(gate).unwrap_or_else(PoisonError::into_inner);
    }
    gate.inside += 1;
    Inside(())
}

/// Begins a part of a call that may outlive it, on another thread: waits only while a fork happens.
pub(super) fn enter_for_another() -> Inside {
    gate().inside += 1;
    Inside(())
}

/// Waits until nobody is inside, and keeps everybody out until [`after_fork`]. It waits for ten seconds at most: a child
/// that is forked all the same opens no file.
pub fn before_fork() {
    let mut gate = gate();
    gate.forking += 1;
    for _ in 0..TURNS {
        let waited = BELL.wait_timeout_while(gate, TURN, |gate| gate.inside > 0);
        gate = waited.unwrap_or_else(PoisonError::into_inner).0;
        if gate.inside == 0 {
            break;
        }
    }
    gate.forking -= 1;
    if gate.inside > 0 {
        tracing::warn!("a fork in the middle of a call: the child will open no file");
    }
    // A thread that is about to end has no place for it any more: then the gate is not held.
    let _ = SHUT.try_with(|shut| shut.replace(Some(gate)));
}

/// The gate that this thread holds shut.
fn shut() -> Option<MutexGuard<'static, Gate>> {
    SHUT.try_with(RefCell::take).ok().flatten()
}

/// Lets everybody in again.
pub fn after_fork() {
    drop(shut());
    BELL.notify_all();
}

/// Begins anew in the child, whose only thread is this one.
pub fn in_the_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    if let Some(mut gate) = shut() {
        if gate.inside > 0 {
            TORN.store(true, Ordering::Relaxed);
        }
        *gate = Gate { inside: 0, forking: 0 };
    }
}

/// Which process this is: its number, which may have been another's before, and how many forks it was made by.
pub fn process() -> (u32, u64) {
    (std::process::id(), FORKS.load(Ordering::Relaxed))
}

/// Whether this process was forked while a call was in flight: then it may open no file, because a lock that nobody will
/// ever give back may wait for it.
pub fn is_torn() -> bool {
    TORN.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_forks_waits_for_calls_and_calls_wait_for_the_fork() {
        let call = enter();
        let forking = std::thread::spawn(|| {
            before_fork();
            let alone = SHUT.with_borrow(|gate| gate.as_ref().map(|gate| gate.inside));
            after_fork();
            alone
        });
        while gate().forking == 0 {
            std::thread::yield_now();
        }
        // What somebody inside waits for still gets in, and a new call does not.
        drop(enter_for_another());
        let late = std::thread::spawn(|| drop(enter()));
        drop(call);
        assert_eq!(forking.join().ok(), Some(Some(0)));
        assert!(late.join().is_ok() && !is_torn());
    }
}
