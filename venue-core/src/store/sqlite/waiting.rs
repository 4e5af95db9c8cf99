//! Waiting for the write lock.
//!
//! SQLite's own back-off sleeps up to 100 ms and lets waiters starve, so it is switched off here and the waiting
//! is ours: short sleeps of uneven length, shorter for who has waited long. Measured with 16 processes: sleeping
//! longer after a while lets the longest waiter lose against every newcomer (worst wait 0.7 to 1 s), looking more
//! often brings it to 0.14 to 0.19 s, as good as queueing up on a side file; SQLite's own back-off starved a process for
//! the whole run.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

/// How often the watch is asked.
const WATCH: Duration = Duration::from_millis(1);

/// Who has waited this long looks more often.
const PATIENT: Duration = Duration::from_millis(50);

/// After this the holder is probably stopped: looking often is only heat.
const STUCK: Duration = Duration::from_secs(1);

/// One wait for the lock.
#[derive(Debug)]
pub(super) struct Wait {
    began: Instant,
    watched: Instant,
    random: u64,
}

impl Wait {
    /// Begins to wait.
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self { began: now, watched: now, random: RandomState::new().hash_one(0) | 1 }
    }

    /// Sleeps once; false if the watch no longer wants to wait.
    pub(super) fn sleep(&mut self, watch: &mut dyn FnMut() -> bool) -> bool {
        let waited = self.began.elapsed();
        let mut left = if waited < PATIENT {
            self.between(100, 1_000)
        } else if waited < STUCK {
            self.between(100, 400)
        } else {
            self.between(1_000, 3_000)
        };
        loop {
            if self.watched.elapsed() >= WATCH {
                self.watched = Instant::now();
                if !watch() {
                    return false;
                }
            }
            if left.is_zero() {
                return true;
            }
            let slice = left.min(WATCH);
            std::thread::sleep(slice);
            left -= slice;
        }
    }

    /// A span of this many microseconds, drawn by xorshift: only unevenness matters.
    fn between(&mut self, least: u64, most: u64) -> Duration {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        Duration::from_micros(least + self.random % (most - least))
    }
}
