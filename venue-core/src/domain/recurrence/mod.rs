//! Recurrence rules of RFC 5545 in wall time: which dates a rule names. No zone takes part but for an UNTIL in UTC.
//!
//! Read `rule.rs` for what a rule may say, `parser.rs` for how it is written, `expansion.rs` for the dates that it
//! makes period by period, `union.rs` for those of several rules.

mod basic_time;
mod expansion;
mod parser;
mod rule;
mod union;

pub use basic_time::{BasicTime, NotABasicTime};
pub use expansion::RuleDates;
pub use parser::{RuleError, RuleFault};
pub use rule::{Frequency, Rule};
pub use union::{UnionDates, union, union_until};

#[cfg(test)]
mod naive_tests;
#[cfg(test)]
mod rfc_tests;
