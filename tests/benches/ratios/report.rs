//! The table and its lines.

use std::fmt;

use serde_json::json;

/// Which side of the asked ratio is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Good {
    /// The ratio is to be at least so much.
    High,
    /// It is to be at most so much.
    Low,
}

/// One measurement's outcome.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its name among the arguments.
    pub(crate) name: &'static str,
    /// What was measured.
    pub(crate) what: &'static str,
    /// In which unit the two sides are.
    pub(crate) unit: &'static str,
    /// The engine's median.
    pub(crate) engine: f64,
    /// The peer's median; for what has no peer, what it is held against.
    pub(crate) peer: f64,
    /// What is judged.
    pub(crate) ratio: f64,
    /// Asked at least, or at most.
    pub(crate) asked: f64,
    /// Aimed at.
    pub(crate) aim: f64,
    /// Which way.
    pub(crate) good: Good,
}

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) enum Line {
    /// It was measured.
    Measured(Row),
    /// It was not, and why.
    Skipped(&'static str, String),
}

impl Row {
    fn verdict(&self) -> &'static str {
        let reached = |bound: f64| match self.good {
            Good::High => self.ratio >= bound,
            Good::Low => self.ratio <= bound,
        };
        if reached(self.aim) {
            "aim"
        } else if reached(self.asked) {
            "ok"
        } else {
            "BELOW"
        }
    }
}

/// A number with three or so digits.
fn short(value: f64) -> String {
    match value.abs() {
        big if big >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        small if small >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// The head of the table.
pub(crate) fn print_head() {
    println!(
        "{:<48} {:>10} {:>10} {:<10} {:>8} {:>9} {:>9}  verdict",
        "what", "engine", "peer", "", "ratio", "asked", "aim"
    );
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured(row) => {
                let sign = if row.good == Good::High { ">=" } else { "<=" };
                let bound = |bound| format!("{sign} {}", short(bound));
                write!(
                    f,
                    "{:<48} {:>10} {:>10} {:<10} {:>8} {:>9} {:>9}  {}",
                    row.what,
                    short(row.engine),
                    short(row.peer),
                    row.unit,
                    short(row.ratio),
                    bound(row.asked),
                    bound(row.aim),
                    row.verdict()
                )
            }
            Self::Skipped(name, why) => write!(f, "{name}: skipped: {why}"),
        }
    }
}

impl Line {
    /// As one line of JSON.
    pub(crate) fn json(&self, fdatasync_us: f64) -> String {
        match self {
            Self::Measured(row) => json!({
                "name": row.name, "what": row.what, "unit": row.unit, "engine": row.engine,
                "peer": row.peer, "ratio": row.ratio, "asked": row.asked, "aim": row.aim,
                "good": if row.good == Good::High { "high" } else { "low" },
                "verdict": row.verdict(), "fdatasync_us": fdatasync_us,
            }),
            Self::Skipped(name, why) => json!({ "name": name, "skipped": why }),
        }
        .to_string()
    }
}
