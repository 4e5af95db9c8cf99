//! The dates that a schedule names: `rdate` and `exdate`, `from` and `until`.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::instant::Instant;
use crate::domain::zone::{LocalTime, parse_date};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_date_is_a_local_time_a_date_or_an_instant_of_whole_seconds() {
        for text in ["2027-05-01T19:30:00", "2027-05-01", "2027-05-01T17:30:00.000000Z"] {
            let listed: ListedDate = text.parse().unwrap();
            assert_eq!(listed.to_string(), text);
            assert_eq!(serde_json::to_string(&listed).unwrap(), format!("\"{text}\""));
        }
        let date = |text: &str| text.parse::<ListedDate>();
        assert!(matches!(date("2027-05-01T19:30"), Ok(ListedDate::Local(_))));
        assert!(matches!(date("2027-05-01"), Ok(ListedDate::Date(_))));
        assert!(matches!(date("2027-05-01T17:30:00Z"), Ok(ListedDate::At(_))));
        for wrong in
            ["", "1 May", "2027-02-29", "2027-05-01T17:30:00.5Z", "2027-05-01T17:30:00+02:00"]
        {
            assert_eq!(date(wrong), Err(NotADate::Listed), "{wrong}");
        }
    }

    #[test]
    fn a_bound_is_a_local_time_or_a_date() {
        for text in ["2027-05-01T19:30:00", "2027-05-01"] {
            let bound: Bound = text.parse().unwrap();
            assert_eq!(bound.to_string(), text);
            assert_eq!(matches!(bound, Bound::Date(_)), text.len() == 10);
        }
        for wrong in ["", "2027-02-29", "2027-05-01T17:30:00Z"] {
            assert_eq!(wrong.parse::<Bound>(), Err(NotADate::Bound), "{wrong}");
        }
    }
}
