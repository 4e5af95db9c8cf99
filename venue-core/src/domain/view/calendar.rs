//! A calendar as a reply has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A calendar file for calendar programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarView {
    /// How many entries it has.
    pub entries: u64,
    /// Its text: RFC 5545, times in UTC, lines ending in CR LF.
    pub ics: String,
}
