//! Time and noise: the only place that reads a clock, and the rules that keep one wrong clock from freezing or
//! losing anything.

use std::hash::{BuildHasher, Hasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use siphasher::sip::SipHasher13;

use crate::domain::error::{Error, StorageCode};
use crate::domain::instant::{Instant, Span};

/// The wall clock may stand behind the last commit by so much.
const BEHIND: Span = Span::from_secs(5);
/// The wall clock may run ahead of monotonic time by so much between two batches.
const AHEAD: Span = Span::from_secs(60);
/// The first batch may be so much later than the last commit.
const FIRST_AHEAD: Span = Span::from_days(400);

/// Where an engine gets its time from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The wall clock.
    fn wall(&self) -> Instant;
    /// Time since some start that never jumps, and goes on while the machine is suspended.
    fn monotonic(&self) -> Duration;
}

/// The machine's clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
        let now = SystemTime::now();
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Instant::clamped(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Duration {
        monotonic()
    }
}

/// The clock that `std` reads stands still while a machine is suspended: a till that slept for lunch would look as if
/// its wall clock had jumped.
#[cfg(target_os = "linux")]
fn monotonic() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
fn monotonic() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// What the wall and the monotonic clock said at the last batch.
pub(crate) type LastBatch = Option<(Instant, Duration)>;

/// The instant of a batch on a file that reads the wall clock: never before the last commit.
///
/// # Errors
/// Storage `clock_behind` if the wall clock stands more than 5 seconds behind the last commit; `clock_jumped`
/// if it ran more than 60 seconds ahead of monotonic time since the last batch, or the first batch comes more
/// than 400 days after the last commit.
pub(crate) fn stamp(
    floor: Instant,
    wall: Instant,
    monotonic: Duration,
    last: LastBatch,
) -> Result<Instant, Error> {
    let expected = match last {
        None => floor.plus(FIRST_AHEAD),
        Some((wall, then)) => {
            let passed = monotonic.saturating_sub(then).as_micros();
            wall.plus(Span::from_micros(i64::try_from(passed).unwrap_or(i64::MAX))).plus(AHEAD)
        }
    };
    if wall > expected {
        let message = format!("the clock says {wall}, at most {expected} was expected");
        return Err(Error::Storage { code: StorageCode::ClockJumped, message });
    }
    not_behind(floor, wall)
}

/// The instant of a batch on a file with a test clock: the one given, else that of the last commit.
///
/// # Errors
/// Storage `clock_behind` as by [`stamp`].
pub(crate) fn stamp_test(floor: Instant, given: Option<Instant>) -> Result<Instant, Error> {
    given.map_or(Ok(floor), |given| not_behind(floor, given))
}

fn not_behind(floor: Instant, wall: Instant) -> Result<Instant, Error> {
    if wall.plus(BEHIND) < floor {
        let message = format!("the clock says {wall}, the last commit was at {floor}");
        return Err(Error::Storage { code: StorageCode::ClockBehind, message });
    }
    Ok(wall.max(floor))
}

/// Bits that make ids differ; an id is not a secret.
///
/// The seed is the system's: `std` draws one for each thread, so that two children forked from one process would
/// make the same ids and keys.
#[derive(Debug)]
pub(crate) struct Noise {
    seed: (u64, u64),
    count: AtomicU64,
    /// What stands for it where a run has to be repeated: bits by how many were asked for before.
    given: Option<fn(u64) -> u64>,
}

impl Default for Noise {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Noise {
    /// Noise, or what stands for it.
    pub(crate) fn new(given: Option<fn(u64) -> u64>) -> Self {
        Self { seed: seed(), count: AtomicU64::new(0), given }
    }

    /// The next 64 bits.
    pub(crate) fn next(&self) -> u64 {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        self.given.map_or_else(|| self.hash(count), |given| given(count))
    }

    fn hash(&self, count: u64) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(self.seed.0, self.seed.1);
        hasher.write_u64(count);
        hasher.finish()
    }
}

/// A seed that no other process has; where the system gives none, `std`'s with the process's number.
fn seed() -> (u64, u64) {
    match (getrandom::u64(), getrandom::u64()) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(_), _) | (_, Err(_)) => {
            let state = RandomState::new();
            (state.hash_one(std::process::id()), state.hash_one(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::clamped(seconds * 1_000_000)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_monotonic_clock_counts_the_time_that_the_machine_slept() {
        // The kernel counts its time since the boot with all that was slept through.
        let since_boot = || {
            let text = std::fs::read_to_string("/proc/uptime").unwrap();
            let seconds: f64 = text.split_whitespace().next().unwrap().parse().unwrap();
            Duration::from_secs_f64(seconds)
        };
        let hundredth = Duration::from_millis(10);
        let (before, now, after) = (since_boot(), SystemClock.monotonic(), since_boot());
        assert!(
            before <= now + hundredth && now <= after + hundredth,
            "{before:?} {now:?} {after:?}"
        );
    }

    fn code(answer: Result<Instant, Error>) -> Result<i64, &'static str> {
        answer.map(|at| at.micros() / 1_000_000).map_err(|error| error.code())
    }

    #[test]
    fn a_clock_may_be_a_little_behind_and_not_far_ahead() {
        let floor = 1_000_000_000;
        let days = 86_400;
        for (wall, last, answer) in [
            (floor, None, Ok(floor)),
            (floor - 5, None, Ok(floor)),
            (floor - 6, None, Err("clock_behind")),
            (floor + 400 * days, None, Ok(floor + 400 * days)),
            (floor + 400 * days + 1, None, Err("clock_jumped")),
            // A hundred monotonic seconds have passed since the last batch at the floor.
            (floor + 160, Some(0), Ok(floor + 160)),
            (floor + 161, Some(0), Err("clock_jumped")),
            (floor + 99, Some(0), Ok(floor + 99)),
            (floor - 3600, Some(0), Err("clock_behind")),
        ] {
            let last = last.map(|monotonic| (at(floor), Duration::from_secs(monotonic)));
            let stamped = stamp(at(floor), at(wall), Duration::from_secs(100), last);
            assert_eq!(code(stamped), answer, "{wall}");
        }
    }

    #[test]
    fn a_test_clock_stands_at_the_last_commit_until_told_otherwise() {
        assert_eq!(code(stamp_test(at(100), None)), Ok(100));
        assert_eq!(code(stamp_test(at(100), Some(at(4_000_000_000)))), Ok(4_000_000_000));
        assert_eq!(code(stamp_test(at(100), Some(at(95)))), Ok(100));
        assert_eq!(code(stamp_test(at(100), Some(at(94)))), Err("clock_behind"));
    }
}
