//! A schedule: the rule that makes an event's slots, as the season file says it.
//!
//! Rules and opening hours are kept word for word, and are read where a schedule is checked and where its dates
//! are found. A schedule has no name of its own: within its event it is known by its position in the file, counted
//! from 0.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::instant::Span;
pub use crate::domain::listed_date::{Bound, ListedDate, NotADate};
use crate::domain::recurrence::{Rule, RuleError};
use crate::domain::windows::Windows;
use crate::domain::zone::{GapPolicy, LocalTime};

/// The most characters of one rule or window.
pub const MAX_RULE_CHARS: usize = 1_000;
/// The most rules, or windows, of one schedule.
pub const MAX_RULES: usize = 100;
/// The most schedules of one event that are added to it.
pub const MAX_SCHEDULES: i64 = 1_000;
/// The most dates, or overrides, that one schedule lists.
pub const MAX_LISTED: usize = 100_000;
/// The longest duration, length, step, break, notice or horizon: 366 days.
pub const MAX_SPAN: Span = Span::from_days(366);

/// A schedule with the keys of the season file. [`ScheduleSpec::check`] tells whether they fit together.
///
/// Its JSON is canonical: one schedule, one text; what is not said is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleSpec {
    /// Time of day and beginning of the rule; itself a date only where no rule stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts: Option<LocalTime>,
    /// Recurrence rules of RFC 5545, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rrule: Vec<String>,
    /// Dates beside the rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rdate: Vec<ListedDate>,
    /// Dates that are left out, whoever made them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exdate: Vec<ListedDate>,
    /// What becomes of wall times that do not exist or exist twice.
    #[serde(skip_serializing_if = "is_default")]
    pub gap: GapPolicy,
    /// Opening hours by weekday, word for word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Opening hours of single dates, word for word.
    #[serde(rename = "override", skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// No date before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Bound>,
    /// No date after this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Bound>,
    /// How long each date's slot is, where it is not as long as the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Span>,
    /// How long each slot of a window is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<Span>,
    /// From start to start within a window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Span>,
    /// From an end to the next start within a window.
    #[serde(rename = "break", skip_serializing_if = "Option::is_none")]
    pub pause: Option<Span>,
    /// The opening is rounded up to a multiple of this on the wall clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub align: Option<Span>,
    /// Slots of the event may overlap each other.
    #[serde(skip_serializing_if = "is_default")]
    pub overlap: bool,
    /// No slot starts sooner than this from now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Span>,
    /// No slot is further away than this, in whole days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Span>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What keeps a schedule from making sense, and at which key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScheduleError {
    /// The key, as the season file spells it.
    pub key: &'static str,
    /// Which of the key's entries.
    pub entry: Option<usize>,
    /// What is wrong and what is needed.
    pub message: Cow<'static, str>,
}

impl ScheduleError {
    /// This is wrong at this key, or at one of its entries.
    pub fn new(
        key: &'static str,
        entry: Option<usize>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { key, entry, message: message.into() }
    }

    /// Where it is wrong, as in `open` or `rrule[2]`.
    pub fn place(&self) -> String {
        match self.entry {
            Some(entry) => format!("{}[{entry}]", self.key),
            None => self.key.to_owned(),
        }
    }
}

fn wrong(
    key: &'static str,
    entry: Option<usize>,
    message: &'static str,
) -> Result<(), ScheduleError> {
    Err(ScheduleError::new(key, entry, message))
}

impl ScheduleSpec {
    /// True if opening hours make its slots, not dates.
    pub fn has_windows(&self) -> bool {
        !self.window_keys().is_empty()
    }

    /// The keys of opening hours that it uses, in the contract's order.
    pub fn window_keys(&self) -> Vec<&'static str> {
        [
            ("open", !self.open.is_empty()),
            ("override", !self.overrides.is_empty()),
            ("length", self.length.is_some()),
            ("step", self.step.is_some()),
            ("break", self.pause.is_some()),
            ("align", self.align.is_some()),
            ("overlap", self.overlap),
        ]
        .into_iter()
        .filter_map(|(key, used)| used.then_some(key))
        .collect()
    }

    /// True if nothing in it says when its slots end: then generation looks a year ahead.
    ///
    /// # Errors
    /// A rule that cannot be read.
    pub fn is_endless(&self) -> Result<bool, ScheduleError> {
        let runs_on = self.has_windows() || !self.rules()?.iter().all(Rule::has_end);
        Ok(self.until.is_none() && runs_on)
    }

    /// Reads the recurrence rules.
    ///
    /// # Errors
    /// The first that is wrong, by its place.
    pub fn rules(&self) -> Result<Vec<Rule>, ScheduleError> {
        let rules = self.rrule.iter().enumerate().map(|(entry, text)| {
            text.parse().map_err(|error: RuleError| {
                ScheduleError::new("rrule", Some(entry), error.to_string())
            })
        });
        rules.collect()
    }

    /// Checks that the keys fit together, every text's and list's bounds, and what rules and opening hours say.
    ///
    /// # Takes
    /// `duration`: of the event. Where neither it nor a length is known, opening hours are checked as if any
    /// length were right.
    ///
    /// # Errors
    /// The first thing that is wrong, by its key and entry.
    pub fn check(&self, duration: Option<Span>) -> Result<(), ScheduleError> {
        self.check_texts()?;
        if self.has_windows() {
            Windows::new(self, duration.unwrap_or(Span::from_secs(1))).map(drop)
        } else {
            self.rules().map(drop)
        }
    }

    fn check_texts(&self) -> Result<(), ScheduleError> {
        if self.has_windows() {
            self.check_windows()?;
        } else if self.starts.is_none() {
            return wrong("starts", None, "a schedule has either starts, or open and length");
        }
        let texts = [
            ("rrule", &self.rrule, MAX_RULES),
            ("open", &self.open, MAX_RULES),
            ("override", &self.overrides, MAX_LISTED),
        ];
        for (key, texts, most) in texts {
            if texts.len() > most {
                return wrong(key, Some(most), "there are too many");
            }
            for (entry, text) in texts.iter().enumerate() {
                let fits = text.chars().count() <= MAX_RULE_CHARS
                    && !text.trim().is_empty()
                    && !text.chars().any(char::is_control);
                if !fits {
                    let message = "1 to 1000 characters without control characters are needed";
                    return wrong(key, Some(entry), message);
                }
            }
        }
        for (key, dates) in [("rdate", &self.rdate), ("exdate", &self.exdate)] {
            if dates.len() > MAX_LISTED {
                return wrong(key, Some(MAX_LISTED), "there are too many");
            }
        }
        self.check_spans()
    }

    fn check_windows(&self) -> Result<(), ScheduleError> {
        let dated = [
            ("starts", self.starts.is_some()),
            ("rrule", !self.rrule.is_empty()),
            ("rdate", !self.rdate.is_empty()),
            ("exdate", !self.exdate.is_empty()),
            ("duration", self.duration.is_some()),
        ];
        if self.open.is_empty() {
            return wrong(
                "open",
                None,
                "length, step, break, align, override and overlap need open",
            );
        }
        for (key, used) in dated {
            if used {
                return wrong(key, None, "a schedule has either dates or opening hours, not both");
            }
        }
        for (key, bound) in [("from", self.from), ("until", self.until)] {
            if matches!(bound, Some(Bound::Local(_))) {
                return wrong(key, None, "with opening hours a date alone is needed");
            }
        }
        if self.step.is_some() && self.pause.unwrap_or_default() != Span::ZERO {
            return wrong("step", None, "a step and a break exclude each other");
        }
        Ok(())
    }

    fn check_spans(&self) -> Result<(), ScheduleError> {
        let spans = [
            ("duration", self.duration, false),
            ("length", self.length, false),
            ("step", self.step, false),
            ("break", self.pause, true),
            ("align", self.align, false),
            ("notice", self.notice, true),
            ("horizon", self.horizon, false),
        ];
        for (key, span, nothing_fits) in spans {
            let Some(span) = span else { continue };
            if span > MAX_SPAN || (span == Span::ZERO && !nothing_fits) {
                return wrong(key, None, "more than nothing and at most 366d is needed");
            }
        }
        let day = Span::from_days(1).micros();
        if self.horizon.is_some_and(|horizon| horizon.micros() % day != 0) {
            return wrong("horizon", None, "whole days are needed, as in 90d");
        }
        if self.align.is_some_and(|align| align > Span::from_days(1)) {
            return wrong("align", None, "at most 24h is needed");
        }
        Ok(())
    }

    /// How many rules, dates and opening hours it lists.
    pub fn entries(&self) -> usize {
        self.rrule.len()
            + self.rdate.len()
            + self.exdate.len()
            + self.open.len()
            + self.overrides.len()
    }

    /// How long its slots are: as it says itself, else as long as the event.
    pub fn slot_length(&self, event: Option<Span>) -> Option<Span> {
        self.length.or(self.duration).or(event).filter(|length| *length > Span::ZERO)
    }

    /// The one JSON text of this schedule, as the store keeps it.
    pub fn canonical_json(&self) -> String {
        // Texts, numbers and lists of them: there is nothing that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
