//! Waking those who follow the feed in this process: they learn how far the feed has come, and read the rest
//! from the file. So a slow follower holds up nobody, and none can miss a change.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How far the feed has come, as far as this process knows.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    newest: Mutex<i64>,
    bell: Condvar,
}

impl Wakes {
    /// Says that everything up to this sequence is durable.
    pub(crate) fn publish(&self, seq: i64) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if *newest < seq {
            *newest = seq;
            drop(newest);
            self.bell.notify_all();
        }
    }

    /// The newest sequence that this process knows to be durable.
    pub(crate) fn newest(&self) -> i64 {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something after this sequence is durable, at most so long. True if this process knows of it.
    pub(crate) fn wait(&self, seq: i64, at_most: Duration) -> bool {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(newest, at_most, |newest| *newest <= seq);
        let (newest, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *newest > seq
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn what_was_published_before_the_wait_is_not_missed() {
        let wakes = Wakes::default();
        wakes.publish(3);
        wakes.publish(2);
        assert!(wakes.wait(2, Duration::ZERO));
        assert!(!wakes.wait(3, Duration::ZERO));
    }

    #[test]
    fn a_waiting_follower_is_woken() {
        let wakes = Arc::new(Wakes::default());
        let follower = {
            let wakes = Arc::clone(&wakes);
            std::thread::spawn(move || wakes.wait(0, Duration::from_mins(1)))
        };
        wakes.publish(1);
        assert!(follower.join().unwrap());
    }
}
