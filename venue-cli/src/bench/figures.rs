//! What was measured, as the contract's object and as text.

use std::fmt::Write as _;

use serde::Serialize;

use super::Verb;
use crate::draw::number;

/// What callers did in one process.
#[derive(Debug, Clone, Default, PartialEq, Serialize, serde::Deserialize)]
pub(crate) struct Tally {
    /// Units that were granted and confirmed.
    pub(crate) sold: u64,
    /// Acts that a rule said no to.
    pub(crate) refused: u64,
    /// How long each act took, in microseconds: from the call to the durable answer.
    pub(crate) took_us: Vec<u64>,
    /// From the first call to the last answer.
    pub(crate) seconds: f64,
}

impl Tally {
    /// Adds what others did at the same time.
    pub(crate) fn add(&mut self, other: Self) {
        self.sold += other.sold;
        self.refused += other.refused;
        self.took_us.extend(other.took_us);
        self.seconds = self.seconds.max(other.seconds);
    }
}

/// How long acts took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "units last, and these are the contract's names")]
pub(crate) struct Latencies {
    /// Half of them took no longer.
    pub(crate) p50_us: u64,
    /// Of a hundred, ninety-five took no longer.
    pub(crate) p95_us: u64,
    /// Of a hundred, ninety-nine took no longer.
    pub(crate) p99_us: u64,
    /// None took longer.
    pub(crate) max_us: u64,
}

impl Latencies {
    /// Of these times.
    pub(crate) fn of(mut took_us: Vec<u64>) -> Self {
        took_us.sort_unstable();
        // The smallest time that so many hundredths of all do not exceed.
        let at = |hundredths: usize| {
            let rank = (took_us.len() * hundredths).div_ceil(100).max(1);
            took_us.get(rank - 1).copied().unwrap_or(0)
        };
        Self { p50_us: at(50), p95_us: at(95), p99_us: at(99), max_us: at(100) }
    }

    /// As people read it.
    pub(crate) fn text(&self) -> String {
        format!(
            "p50 {}, p95 {}, p99 {}, max {}",
            millis(self.p50_us),
            millis(self.p95_us),
            millis(self.p99_us),
            millis(self.max_us)
        )
    }
}

/// Microseconds as people read them.
pub(crate) fn millis(us: u64) -> String {
    format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10)
}

/// So many of something.
fn several(count: u32, one: &str, ending: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { ending })
}

/// The object that demo and bench end with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Figures {
    /// What callers did: `sell` or `hold_confirm`.
    pub(crate) verb: Verb,
    /// How many at once, over all processes.
    pub(crate) callers: u32,
    /// In how many processes.
    pub(crate) processes: u32,
    /// Units an act.
    pub(crate) quantity: u32,
    /// How many slots they were spread over.
    pub(crate) slots: u32,
    /// Units that there were.
    pub(crate) offered: u64,
    /// Units that were sold.
    pub(crate) sold: u64,
    /// Acts that were refused.
    pub(crate) refused: u64,
    /// Units that were sold beyond what there was: 0.
    pub(crate) oversold: u64,
    /// How long it went on.
    pub(crate) seconds: f64,
    /// Acts that were answered, granted or refused, a second.
    pub(crate) per_second: f64,
    /// How long acts took.
    #[serde(flatten)]
    pub(crate) latencies: Latencies,
    /// How commits are made durable.
    pub(crate) synchronous: &'static str,
    /// What making 4 KiB durable takes on this disk: the median.
    pub(crate) fdatasync_us: u64,
}

impl Figures {
    /// Figures as a table for people.
    pub(crate) fn text(&self) -> String {
        let count = |value: u64| number(i64::try_from(value).unwrap_or(i64::MAX));
        let act = match self.verb {
            Verb::Sell => "sell",
            Verb::HoldConfirm => "hold, then confirm",
        };
        let lines = [
            (
                "callers",
                format!("{} in {}", self.callers, several(self.processes, "process", "es")),
            ),
            (
                "each act",
                format!(
                    "{act} {}, durable before the answer",
                    several(self.quantity, "place", "s")
                ),
            ),
            (
                "offered",
                format!("{} places in {}", count(self.offered), several(self.slots, "slot", "s")),
            ),
            ("sold", format!("{} places", count(self.sold))),
            ("refused", format!("{} acts", count(self.refused))),
            ("oversold", count(self.oversold)),
            ("answers", format!("{:.1} a second, over {:.2} s", self.per_second, self.seconds)),
            ("latency", self.latencies.text()),
            ("fdatasync", format!("{} for 4 KiB here (median)", millis(self.fdatasync_us))),
        ];
        let mut out = String::new();
        for (name, value) in lines {
            let _ = writeln!(out, "{name:10} {value}");
        }
        out
    }

    /// The contract's object, on a line.
    pub(crate) fn json(&self) -> String {
        let data = serde_json::to_string(self).unwrap_or_else(|_| unreachable!("plain data"));
        format!("{{\"type\":\"bench\",\"data\":{data}}}\n")
    }
}

/// Acts a second, to a tenth.
pub(crate) fn rate(acts: usize, seconds: f64) -> f64 {
    let acts = f64::from(u32::try_from(acts).unwrap_or(u32::MAX));
    if seconds > 0.0 { (acts / seconds * 10.0).round() / 10.0 } else { 0.0 }
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

    #[test]
    fn times_are_read_as_milliseconds() {
        assert_eq!(millis(12_345), "12.34 ms");
        assert_eq!(millis(7), "0.00 ms");
        assert!((rate(25, 2.0) - 12.5).abs() < f64::EPSILON);
        assert!(rate(1, 0.0).abs() < f64::EPSILON);
    }
}
