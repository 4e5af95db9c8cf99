//! A schedule: the rule that makes an event's slots, as the season file says it.
//!
//! Rules and windows are kept word for word: they are checked for length and number here, and for meaning
//! where they are expanded. A schedule has no name of its own: within its event it is known by its position
//! in the file, counted from 0.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::instant::{Instant, Span};
use crate::domain::zone::{GapPolicy, LocalTime, parse_date};

/// The most characters of one rule or window.
pub const MAX_RULE_CHARS: usize = 1_000;
/// The most rules, or windows, of one schedule.
pub const MAX_RULES: usize = 100;
/// The most dates, or overrides, that one schedule lists.
pub const MAX_LISTED: usize = 100_000;
/// The longest duration, length, step, break, notice or horizon: 366 days.
pub const MAX_SPAN: Span = Span::from_days(366);

/// A date that a schedule lists: `rdate` or `exdate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListedDate {
    /// A wall time at the venue.
    Local(LocalTime),
    /// A date: added at the time of `starts`, removed as a whole day.
    Date(NaiveDate),
    /// An instant.
    At(Instant),
}

/// One end of a schedule: `from` or `until`, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// A wall time at the venue.
    Local(LocalTime),
    /// A whole date.
    Date(NaiveDate),
}

/// A text that is neither a date nor a local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADate {
    /// For `rdate` and `exdate`.
    #[error(
        "not a date: YYYY-MM-DD, a local time without an offset, or an instant with Z is needed"
    )]
    Listed,
    /// For `from` and `until`.
    #[error("not a date: YYYY-MM-DD or a local time without an offset is needed")]
    Bound,
}

impl FromStr for ListedDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        if let Ok(local) = text.parse() {
            return Ok(Self::Local(local));
        }
        if let Ok(date) = parse_date(text) {
            return Ok(Self::Date(date));
        }
        let at: Instant = text.parse().map_err(|_| NotADate::Listed)?;
        let whole = at.micros() % 1_000_000 == 0;
        if text.ends_with('Z') && whole { Ok(Self::At(at)) } else { Err(NotADate::Listed) }
    }
}

impl FromStr for Bound {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        if let Ok(local) = text.parse() {
            return Ok(Self::Local(local));
        }
        parse_date(text).map(Self::Date).map_err(|_| NotADate::Bound)
    }
}

impl fmt::Display for ListedDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(local) => local.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::At(at) => at.fmt(f),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(local) => local.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}

macro_rules! as_text {
    ($name:ident, $title:literal, $description:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "description": $description})
            }
        }
    };
}

as_text!(ListedDate, "ListedDate", "a local time, a date, or an instant with Z");
as_text!(Bound, "Bound", "a local time or a date");

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
    pub message: &'static str,
}

fn wrong(
    key: &'static str,
    entry: Option<usize>,
    message: &'static str,
) -> Result<(), ScheduleError> {
    Err(ScheduleError { key, entry, message })
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

    /// Checks that the keys fit together, and every text's and list's bounds. Rules and windows are not read.
    pub fn check(&self) -> Result<(), ScheduleError> {
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
        let pause = self.pause.unwrap_or_default();
        if self.step.is_some() && pause != Span::ZERO {
            return wrong("step", None, "a step and a break exclude each other");
        }
        match (self.step, self.length) {
            (Some(step), Some(length)) if step < length && !self.overlap => {
                wrong("step", None, "a step below the length needs overlap = true")
            }
            _ => Ok(()),
        }
    }

    fn check_spans(&self) -> Result<(), ScheduleError> {
        let spans = [
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

    /// The one JSON text of this schedule, as the store keeps it.
    pub fn canonical_json(&self) -> String {
        // Texts, numbers and lists of them: there is nothing that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
