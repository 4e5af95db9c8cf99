//! What was measured, as the contract's object and as text.

use std::fmt::Write as _;

use serde::Serialize;

use venue_core::domain::bench_done::{BenchDone, BenchVerb, Latencies};

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

/// Microseconds as people read them.
pub(crate) fn millis(us: u64) -> String {
    format!("{}.{:02} ms", us / 1_000, us % 1_000 / 10)
}

/// So many of something.
fn several(count: u32, one: &str, ending: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { ending })
}

/// How long acts took, as people read it.
fn latency(took: &Latencies) -> String {
    format!(
        "p50 {}, p95 {}, p99 {}, max {}",
        millis(took.p50_us),
        millis(took.p95_us),
        millis(took.p99_us),
        millis(took.max_us)
    )
}

/// Figures as a table for people.
pub(crate) fn text(done: &BenchDone) -> String {
    let count = |value: u64| number(i64::try_from(value).unwrap_or(i64::MAX));
    let act = match done.verb {
        BenchVerb::Sell => "sell",
        BenchVerb::HoldConfirm => "hold, then confirm",
    };
    let lines = [
        ("callers", format!("{} in {}", done.callers, several(done.processes, "process", "es"))),
        (
            "each act",
            format!("{act} {}, durable before the answer", several(done.quantity, "place", "s")),
        ),
        (
            "offered",
            format!("{} places in {}", count(done.offered), several(done.slots, "slot", "s")),
        ),
        ("sold", format!("{} places", count(done.sold))),
        ("refused", format!("{} acts", count(done.refused))),
        ("oversold", count(done.oversold)),
        ("answers", format!("{:.1} a second, over {:.2} s", done.per_second, done.seconds)),
        ("latency", latency(&done.latencies)),
        ("fdatasync", format!("{} for 4 KiB here (median)", millis(done.fdatasync_us))),
    ];
    let mut out = String::new();
    for (name, value) in lines {
        let _ = writeln!(out, "{name:10} {value}");
    }
    out
}

/// The contract's object, on a line.
pub(crate) fn json(done: &BenchDone) -> String {
    let data = serde_json::to_string(done).unwrap_or_else(|_| unreachable!("plain data"));
    format!("{{\"type\":\"bench\",\"data\":{data}}}\n")
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
    fn times_are_read_as_milliseconds() {
        assert_eq!(millis(12_345), "12.34 ms");
        assert_eq!(millis(7), "0.00 ms");
        assert!((rate(25, 2.0) - 12.5).abs() < f64::EPSILON);
        assert!(rate(1, 0.0).abs() < f64::EPSILON);
    }
}
