//! Waiting for the write lock.
//!
//! SQLite's own back-off sleeps up to 100 ms and lets waiters starve, so it is switched off here and the waiting
//! is ours: short sleeps of uneven length.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

/// How often the watch is asked.
const WATCH: Duration = Duration::from_millis(1);

/// After this the sleeps are longer.
const EAGER: Duration = Duration::from_millis(50);

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
        let eager = self.began.elapsed() < EAGER;
        let mut left = if eager { self.between(100, 1_000) } else { self.between(2_500, 5_000) };
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
