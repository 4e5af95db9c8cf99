//! The error that callers get, and the catalogue of every code: one table feeds Rust, C header, JSON and docs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::instant::Instant;
use super::refusal::Refusal;
use super::text::Key;

/// What kind of answer an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A rule said no.
    Refused,
    /// The request is wrong.
    Invalid,
    /// The file or the machine failed; nothing happened.
    Storage,
    /// Not now: ask again.
    Retry,
    /// It may or may not have happened: ask again with the same key.
    Unknown,
    /// Our mistake.
    Bug,
}

impl Class {
    /// The class's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Invalid => "invalid",
            Self::Storage => "storage",
            Self::Retry => "retry",
            Self::Unknown => "unknown",
            Self::Bug => "bug",
        }
    }

    /// The process exit code of the class.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Invalid => 2,
            Self::Storage => 3,
            Self::Retry => 4,
            Self::Unknown => 5,
            Self::Bug => 70,
        }
    }
}

/// A wrong request: it was never tried, and nothing is stored for its key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Invalid {
    /// Wrong usage of the command line.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        #[serde(skip)]
        message: String,
    },
    /// An argument or member is missing, unknown, repeated or malformed.
    #[error("{name}: {problem}")]
    Argument {
        /// Which.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Something that this version does not do yet.
    #[error("{name} is not supported: {problem}")]
    Unsupported {
        /// What.
        name: String,
        /// Since when it will be, or what to do instead.
        problem: String,
    },
    /// No verb has this name.
    #[error("no verb is called {name}")]
    UnknownVerb {
        /// The name.
        name: String,
    },
    /// A request is larger than 1 MiB.
    #[error("the request has {bytes} bytes, at most {limit} are read")]
    TooLarge {
        /// So many it has.
        bytes: u64,
        /// So many are read.
        limit: u64,
    },
    /// The path cannot name a database file.
    #[error("not a path of a database file: {path:?}")]
    BadPath {
        /// The path.
        path: String,
    },
    /// Several organizers are in the file, and none was named.
    #[error("the file has several organizers: name one")]
    OrganizerNeeded,
    /// The cursor does not parse, or the file never gave it.
    #[error("not a cursor of this file")]
    BadCursor,
    /// A file to import is wrong. Nothing of it was imported.
    #[error("{file}{}{}: {problem}", line.map(|l| format!(":{l}")).unwrap_or_default(), key.as_ref().map(|k| format!(": {k}")).unwrap_or_default())]
    ImportInvalid {
        /// The file.
        file: String,
        /// The line in it.
        line: Option<u32>,
        /// The key in it.
        key: Option<String>,
        /// What is wrong.
        problem: String,
    },
    /// The engine was closed.
    #[error("the engine is closed")]
    EngineClosed,
    /// A call from inside the engine's own work.
    #[error("the engine was called from inside one of its own calls")]
    Reentrant,
    /// The handle was carried over a fork.
    #[error("this handle belongs to the parent process: open the file again")]
    Forked,
}

impl Invalid {
    /// A member that is wrong.
    pub fn argument(name: &str, problem: impl Into<String>) -> Self {
        Self::Argument { name: name.to_owned(), problem: problem.into() }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::Argument { .. } => "argument",
            Self::Unsupported { .. } => "unsupported",
            Self::UnknownVerb { .. } => "unknown_verb",
            Self::TooLarge { .. } => "too_large",
            Self::BadPath { .. } => "bad_path",
            Self::OrganizerNeeded => "organizer_needed",
            Self::BadCursor => "bad_cursor",
            Self::ImportInvalid { .. } => "import_invalid",
            Self::EngineClosed => "engine_closed",
            Self::Reentrant => "reentrant",
            Self::Forked => "forked",
        }
    }
}

/// What failed beneath the rules. Nothing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StorageCode {
    /// There is no file.
    NoFile,
    /// The file is not a VENUE database.
    ForeignFile,
    /// The file was made by a newer version.
    NewerSchema,
    /// No space is left.
    DiskFull,
    /// Reading or writing failed.
    IoError,
    /// No memory could be had.
    OutOfMemory,
    /// The file is damaged.
    Damaged,
    /// The file cannot be written.
    ReadOnly,
    /// The name leads to another file than the one that was opened.
    Moved,
    /// The clock is behind the last commit.
    ClockBehind,
    /// The clock jumped ahead.
    ClockJumped,
    /// The file lies on a network file system.
    NetworkFs,
    /// The target exists already.
    TargetExists,
    /// An earlier commit's fate is not settled yet.
    FenceOwed,
    /// The answer could not be written.
    Output,
    /// Anything else that the database said.
    Database,
}

impl StorageCode {
    /// The stable code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoFile => "no_file",
            Self::ForeignFile => "foreign_file",
            Self::NewerSchema => "newer_schema",
            Self::DiskFull => "disk_full",
            Self::IoError => "io_error",
            Self::OutOfMemory => "out_of_memory",
            Self::Damaged => "damaged",
            Self::ReadOnly => "read_only",
            Self::Moved => "moved",
            Self::ClockBehind => "clock_behind",
            Self::ClockJumped => "clock_jumped",
            Self::NetworkFs => "network_fs",
            Self::TargetExists => "target_exists",
            Self::FenceOwed => "fence_owed",
            Self::Output => "output",
            Self::Database => "database",
        }
    }
}

/// Everything that can come instead of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A rule said no. With a key, the refusal is stored and repeated.
    #[error("{0}")]
    Refused(Refusal),
    /// The request is wrong.
    #[error("{0}")]
    Invalid(Invalid),
    /// The queue is full, or the deadline passed before the command was begun. Nothing happened.
    #[error("busy")]
    Busy {
        /// When to ask again.
        retry_at: Instant,
    },
    /// Another process holds the file.
    #[error("another process holds the file")]
    InUse,
    /// The file or the machine failed. Nothing happened, and nothing can come back.
    #[error("{message}")]
    Storage {
        /// Which failure.
        code: StorageCode,
        /// What the system said.
        message: String,
    },
    /// It may or may not have happened. Asking again with the same key finds out.
    #[error("it is not known whether this happened{}", key.as_ref().map(|k| format!(": ask again with the key {k}")).unwrap_or_default())]
    Unknown {
        /// The key to ask again with.
        key: Option<Key>,
        /// True if the file under the name was exchanged.
        moved: bool,
    },
    /// Our mistake. Nothing happened.
    #[error("a bug: {message}")]
    Bug {
        /// What we noticed.
        message: String,
    },
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Error {
    /// The stable code, in snake_case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Invalid(invalid) => invalid.code(),
            Self::Busy { .. } => "busy",
            Self::InUse => "in_use",
            Self::Storage { code, .. } => code.name(),
            Self::Unknown { .. } => "unknown",
            Self::Bug { .. } => "bug",
        }
    }

    /// What kind of answer it is.
    pub const fn class(&self) -> Class {
        match self {
            Self::Refused(_) => Class::Refused,
            Self::Invalid(_) => Class::Invalid,
            Self::Busy { .. } | Self::InUse => Class::Retry,
            Self::Storage { .. } => Class::Storage,
            Self::Unknown { .. } => Class::Unknown,
            Self::Bug { .. } => Class::Bug,
        }
    }

    /// When to ask again, where that is known.
    pub const fn retry_at(&self) -> Option<Instant> {
        match self {
            Self::Busy { retry_at } => Some(*retry_at),
            Self::Refused(_)
            | Self::Invalid(_)
            | Self::InUse
            | Self::Storage { .. }
            | Self::Unknown { .. }
            | Self::Bug { .. } => None,
        }
    }

    /// The error object of the contract: code, class, message, and retry_at, key and details where there are any.
    pub fn body(&self) -> ErrorBody {
        let details = match self {
            Self::Refused(refusal) => serde_json::to_value(refusal).ok(),
            Self::Invalid(invalid) => serde_json::to_value(invalid).ok(),
            Self::Unknown { moved: true, .. } => Some(serde_json::json!({"moved": true})),
            Self::Busy { .. }
            | Self::InUse
            | Self::Storage { .. }
            | Self::Unknown { .. }
            | Self::Bug { .. } => None,
        };
        let details = details.and_then(|details| match details {
            serde_json::Value::Object(mut members) => {
                members.remove("code");
                (!members.is_empty()).then_some(serde_json::Value::Object(members))
            }
            _ => None,
        });
        ErrorBody {
            code: self.code().to_owned(),
            class: self.class(),
            message: self.to_string(),
            retry_at: self.retry_at(),
            key: match self {
                Self::Unknown { key, .. } => key.clone(),
                _ => None,
            },
            details,
        }
    }

    /// What a person can do next.
    pub fn advice(&self) -> &'static str {
        CATALOGUE.iter().find(|entry| entry.code == self.code()).map_or("", |entry| entry.advice)
    }
}

/// An error as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBody {
    /// The stable code.
    pub code: String,
    /// What kind of answer it is.
    pub class: Class,
    /// For people: lower case, no full stop.
    pub message: String,
    /// When to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Instant>,
    /// The key to ask again with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// The facts, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<serde_json::Value>,
}

/// One code of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// Its number in the C ABI: the class is the hundreds. Never reused.
    pub number: u16,
    /// What kind of answer it is.
    pub class: Class,
    /// The members of `details`.
    pub fields: &'static [&'static str],
    /// What a person can do next.
    pub advice: &'static str,
}

const fn entry(
    number: u16,
    code: &'static str,
    class: Class,
    fields: &'static [&'static str],
    advice: &'static str,
) -> Entry {
    Entry { code, number, class, fields, advice }
}

/// Every code, in the order in which they are checked within their class.
#[rustfmt::skip]
pub const CATALOGUE: &[Entry] = &[
    entry(101, "forbidden", Class::Refused, &[], "ask as another role, or give the hold's token"),
    entry(102, "idempotency_mismatch", Class::Refused, &["field"], "use a new key for a new request"),
    entry(103, "not_found", Class::Refused, &["kind", "names"], "check the spelling, or list what there is"),
    entry(104, "over", Class::Refused, &[], "choose a later slot"),
    entry(105, "slot_cancelled", Class::Refused, &[], "choose another slot"),
    entry(106, "closed", Class::Refused, &[], "choose another slot, or ask the organizer"),
    entry(107, "not_on_sale", Class::Refused, &["from"], "come back when the sale begins"),
    entry(108, "hold_expired", Class::Refused, &["expired_at"], "hold the places again"),
    entry(109, "already_confirmed", Class::Refused, &["booking", "at"], "nothing is left to do: see `booking show`"),
    entry(110, "released", Class::Refused, &["booking", "at"], "hold the places again"),
    entry(111, "cancelled", Class::Refused, &["booking", "at"], "nothing is left to do: see `booking show`"),
    entry(112, "not_due", Class::Refused, &["expires_at"], "wait until the hold ends, or release it"),
    entry(113, "not_confirmed", Class::Refused, &["booking"], "release a hold; only a confirmed booking is cancelled"),
    entry(114, "extend_limit", Class::Refused, &["limit"], "confirm the hold, or release it"),
    entry(115, "payment_mismatch", Class::Refused, &["paid", "total"], "pay the total"),
    entry(116, "payment_used", Class::Refused, &["method", "reference"], "a payment pays one booking: name another"),
    entry(117, "booking_limit", Class::Refused, &["limit", "asked"], "ask for fewer"),
    entry(118, "buyer_needed", Class::Refused, &[], "name the buyer"),
    entry(119, "buyer_limit", Class::Refused, &["limit", "has", "asked"], "ask for fewer"),
    entry(120, "seats_taken", Class::Refused, &["seats"], "choose other seats: see `slot map`"),
    entry(121, "all_held", Class::Refused, &["next_due"], "ask again when the next hold ends"),
    entry(122, "sold_out", Class::Refused, &[], "choose another slot"),
    entry(123, "not_enough_free", Class::Refused, &["area", "asked", "free"], "ask for fewer"),
    entry(124, "cursor_epoch", Class::Refused, &[], "read the state anew, then follow from its cursor"),
    entry(125, "stale_version", Class::Refused, &["current"], "look at it again, then name its version"),
    entry(201, "usage", Class::Invalid, &[], "see `venue --help`"),
    entry(202, "argument", Class::Invalid, &["name", "problem"], "correct the argument"),
    entry(203, "unsupported", Class::Invalid, &["name", "problem"], "leave it out for now"),
    entry(204, "unknown_verb", Class::Invalid, &["name"], "see `venue schema` for the verbs"),
    entry(205, "too_large", Class::Invalid, &["bytes", "limit"], "send less at once"),
    entry(206, "bad_path", Class::Invalid, &["path"], "name a plain file"),
    entry(207, "organizer_needed", Class::Invalid, &[], "add --organizer"),
    entry(208, "bad_cursor", Class::Invalid, &[], "use a cursor as it was given"),
    entry(209, "import_invalid", Class::Invalid, &["file", "line", "key", "problem"], "correct the file; nothing was imported"),
    entry(210, "engine_closed", Class::Invalid, &[], "open the file again"),
    entry(211, "reentrant", Class::Invalid, &[], "call from outside the callback"),
    entry(212, "forked", Class::Invalid, &[], "open the file in the child process"),
    entry(301, "no_file", Class::Storage, &[], "make it with `venue init`, or name another with --db"),
    entry(302, "foreign_file", Class::Storage, &[], "name a VENUE file; this one was left as it is"),
    entry(303, "newer_schema", Class::Storage, &[], "use the newer version that made the file"),
    entry(304, "disk_full", Class::Storage, &[], "make room; nothing is lost"),
    entry(305, "io_error", Class::Storage, &[], "check the disk; nothing is lost"),
    entry(306, "out_of_memory", Class::Storage, &[], "free memory and ask again"),
    entry(307, "damaged", Class::Storage, &[], "run `venue doctor`, and restore a backup"),
    entry(308, "read_only", Class::Storage, &[], "check the file's permissions"),
    entry(309, "moved", Class::Storage, &[], "open the file again under its new name"),
    entry(310, "clock_behind", Class::Storage, &[], "set the clock right, or see `venue clock`"),
    entry(311, "clock_jumped", Class::Storage, &[], "set the clock right, or `venue clock accept` if it is right"),
    entry(312, "network_fs", Class::Storage, &[], "use a local disk, or --allow-fs at your own risk"),
    entry(313, "target_exists", Class::Storage, &[], "name a file that does not exist yet"),
    entry(314, "fence_owed", Class::Storage, &[], "the disk failed at a commit: ask again when it is back"),
    entry(315, "output", Class::Storage, &[], "check where the output goes"),
    entry(316, "database", Class::Storage, &[], "run `venue doctor`"),
    entry(401, "busy", Class::Retry, &[], "ask again"),
    entry(402, "in_use", Class::Retry, &[], "stop the other processes, then ask again"),
    entry(501, "unknown", Class::Unknown, &["moved"], "ask again with the same key"),
    entry(701, "bug", Class::Bug, &[], "please report this; nothing is lost"),
];

/// The catalogue's entry of a code.
pub fn catalogued(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_and_numbers_are_unique_and_say_their_class() {
        let codes: HashSet<_> = CATALOGUE.iter().map(|entry| entry.code).collect();
        let numbers: HashSet<_> = CATALOGUE.iter().map(|entry| entry.number).collect();
        assert_eq!((codes.len(), numbers.len()), (CATALOGUE.len(), CATALOGUE.len()));
        for entry in CATALOGUE {
            let class = match entry.class {
                Class::Refused => 1,
                Class::Invalid => 2,
                Class::Storage => 3,
                Class::Retry => 4,
                Class::Unknown => 5,
                Class::Bug => 7,
            };
            assert_eq!(entry.number / 100, class, "{}", entry.code);
            assert!(!entry.advice.is_empty(), "{}", entry.code);
        }
    }

    #[test]
    fn details_have_the_catalogued_fields() {
        let errors = [
            Error::from(Refusal::BookingLimit { limit: 10, asked: 11 }),
            Error::from(Refusal::SoldOut),
            Error::from(Refusal::NotOnSale { from: None }),
            Error::from(Invalid::argument("ttl", "too short")),
            Error::from(Invalid::OrganizerNeeded),
            Error::Unknown { key: None, moved: true },
        ];
        for error in errors {
            let body = error.body();
            let entry = catalogued(&body.code).unwrap();
            let mut fields: Vec<_> = match &body.details {
                Some(serde_json::Value::Object(members)) => {
                    members.keys().map(String::as_str).collect()
                }
                _ => Vec::new(),
            };
            fields.sort_unstable();
            let mut expected = entry.fields.to_vec();
            expected.sort_unstable();
            assert_eq!(fields, expected, "{}", body.code);
            assert_eq!(body.class, entry.class);
            assert_eq!(error.advice(), entry.advice);
        }
    }
}
