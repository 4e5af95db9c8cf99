//! Recurrence rules of RFC 5545 in wall time: which dates a rule names. No zone takes part but for an UNTIL in UTC.
//!
//! Read `rule.rs` for what a rule may say, `parser.rs` for how it is written, `expansion.rs` for the dates that it
//! makes period by period, `union.rs` for those of several rules.

mod expansion;
mod parser;
mod rule;
mod union;

pub use expansion::RuleDates;
pub use parser::{RuleError, RuleFault};
pub use rule::{Frequency, Rule};
pub use union::{UnionDates, union};
