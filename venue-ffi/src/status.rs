//! Statuses: the numbers of the engine's catalogue, and the few that only the edge can find.

use serde_json::{Value, json};
use venue_core::domain::error::{Class, Error, Invalid, catalogued};

/// What a function answers: `VENUE_OK`, or the number of an error. The hundreds are its class: 1 refused, 2
/// invalid, 3 storage, 4 retry, 5 unknown, 7 bug.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type venue_status = i32;

/// Done.
pub const VENUE_OK: venue_status = 0;
/// The handle was closed, or never given.
pub const VENUE_BAD_HANDLE: venue_status = 290;
/// A pointer that is needed is null.
pub const VENUE_NULL: venue_status = 291;
/// A text is not UTF-8, or has a zero byte in it.
pub const VENUE_BAD_TEXT: venue_status = 292;
/// The `size` of a struct is none that this library knows, or what a newer header added to it is not zero.
pub const VENUE_BAD_SIZE: venue_status = 293;

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine said so.
    Engine(Error),
    /// The handle was closed, or never given.
    BadHandle,
    /// This argument is null.
    Null(&'static str),
    /// This argument is not a text.
    BadText(&'static str),
    /// This struct has a size that no header gave it.
    BadSize(&'static str),
    /// The process was forked in the middle of a call.
    Torn,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Self::Engine(invalid.into())
    }
}

impl Failure {
    /// Our mistake, with what was noticed.
    pub(crate) fn bug(message: &str) -> Self {
        Self::Engine(Error::Bug { message: message.to_owned() })
    }

    /// The status that C gets.
    pub(crate) fn status(&self) -> venue_status {
        match self {
            Self::Engine(error) => number_of(error.code()),
            Self::BadHandle => VENUE_BAD_HANDLE,
            Self::Null(_) => VENUE_NULL,
            Self::BadText(_) => VENUE_BAD_TEXT,
            Self::BadSize(_) => VENUE_BAD_SIZE,
            Self::Torn => number_of("forked"),
        }
    }

    /// Whether the same call can succeed later.
    pub(crate) fn is_not_now(&self) -> bool {
        matches!(self, Self::Engine(error) if error.class() == Class::Retry)
    }

    /// The error object, as the command line prints it.
    pub(crate) fn to_json(&self) -> Value {
        let data = match self {
            Self::Engine(error) => serde_json::to_value(error.body()).unwrap_or(Value::Null),
            Self::BadHandle => invalid("bad_handle", "the handle was closed, or never given"),
            Self::Null(name) => invalid("null", &format!("{name} is null")),
            Self::BadText(name) => invalid("bad_text", &format!("{name} is not UTF-8 without NUL")),
            Self::BadSize(name) => {
                invalid("bad_size", &format!("{name}: set size to that of the struct"))
            }
            Self::Torn => invalid(
                "forked",
                "this process was forked in the middle of a call that did not end: fork again, or start one anew",
            ),
        };
        json!({"type": "error", "data": data})
    }
}

fn number_of(code: &str) -> venue_status {
    let number = catalogued(code).or_else(|| catalogued("bug")).map_or(701, |entry| entry.number);
    venue_status::from(i16::try_from(number).unwrap_or(701))
}

fn invalid(code: &str, message: &str) -> Value {
    json!({"code": code, "class": Class::Invalid, "message": message})
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_core::domain::error::CATALOGUE;

    #[test]
    fn every_code_has_its_number_and_the_edge_has_numbers_of_its_own() {
        for entry in CATALOGUE {
            assert_eq!(number_of(entry.code), venue_status::from(entry.number.cast_signed()));
            for own in [VENUE_OK, VENUE_BAD_HANDLE, VENUE_NULL, VENUE_BAD_TEXT, VENUE_BAD_SIZE] {
                assert_ne!(number_of(entry.code), own);
            }
        }
    }

    #[test]
    fn a_failure_of_the_edge_reads_like_one_of_the_engine() {
        let edge = Failure::Null("request").to_json();
        let engine = Failure::from(Invalid::EngineClosed).to_json();
        for json in [&edge, &engine] {
            assert_eq!(json["type"], "error");
            assert_eq!(json["data"]["class"], "invalid");
            assert!(json["data"]["message"].is_string() && json["data"]["code"].is_string());
        }
        assert_eq!(edge["data"]["message"], "request is null");
    }
}
