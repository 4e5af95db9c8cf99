//! What a measured load came to: the object that `venue bench` and `venue demo` end with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What callers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BenchVerb {
    /// Sell, in one durable step.
    Sell,
    /// Hold, then confirm: two.
    HoldConfirm,
}

/// How commits are made durable: there is one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Synchronous {
    /// The log is on the disk before the answer.
    Full,
}

/// How long acts took, in microseconds, from the call to the durable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Latencies {
    /// Half of them took no longer.
    pub p50_us: u64,
    /// Of a hundred, ninety-five took no longer.
    pub p95_us: u64,
    /// Of a hundred, ninety-nine took no longer.
    pub p99_us: u64,
    /// None took longer.
    pub max_us: u64,
}

impl Latencies {
    /// Of these times; zeros if there are none. Each is a time that was measured: the smallest that so many
    /// hundredths of all do not exceed.
    ///
    /// ```
    /// # use venue_core::domain::bench_done::Latencies;
    /// let of = Latencies::of((1..=100).rev().collect());
    /// assert_eq!((of.p50_us, of.p99_us, of.max_us), (50, 99, 100));
    /// ```
    pub fn of(mut took_us: Vec<u64>) -> Self {
        took_us.sort_unstable();
        let at = |hundredths: usize| {
            let rank = (took_us.len() * hundredths).div_ceil(100).max(1);
            took_us.get(rank - 1).copied().unwrap_or(0)
        };
        Self { p50_us: at(50), p95_us: at(95), p99_us: at(99), max_us: at(100) }
    }
}

/// What was offered, what was sold of it, and how fast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BenchDone {
    /// What callers did.
    pub verb: BenchVerb,
    /// How many at once, over all processes.
    pub callers: u32,
    /// In how many processes.
    pub processes: u32,
    /// Units an act.
    pub quantity: u32,
    /// How many slots they were spread over.
    pub slots: u32,
    /// Units that there were.
    pub offered: u64,
    /// Units that were sold.
    pub sold: u64,
    /// Acts that were refused.
    pub refused: u64,
    /// Units that were sold beyond what there was: 0.
    pub oversold: u64,
    /// How long it went on.
    pub seconds: f64,
    /// Acts that were answered, granted or refused, a second.
    pub per_second: f64,
    /// How long acts took.
    #[serde(flatten)]
    pub latencies: Latencies,
    /// How commits were made durable.
    pub synchronous: Synchronous,
    /// What making 4 KiB durable takes on this disk: the median, in microseconds.
    pub fdatasync_us: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let of = |took: Vec<u64>| Latencies::of(took);
        assert_eq!(of(vec![]), Latencies::default());
        assert_eq!(of(vec![7]), Latencies { p50_us: 7, p95_us: 7, p99_us: 7, max_us: 7 });
        let hundred = of((1..=100).rev().collect());
        assert_eq!(hundred, Latencies { p50_us: 50, p95_us: 95, p99_us: 99, max_us: 100 });
        assert_eq!(of(vec![1, 2, 3]).p50_us, 2);
    }
}
