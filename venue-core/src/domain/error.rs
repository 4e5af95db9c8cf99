//! The error that callers get.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::catalogue::{CATALOGUE, Class, Entry, catalogued};
use super::instant::Instant;
use super::refusal::Refusal;
use super::text::Key;

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

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
