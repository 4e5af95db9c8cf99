//! How a command can end: the exit codes, and failures that have one.

use std::io;

use venue_core::domain::error::{Class, Error, ErrorBody, Invalid, StorageCode};
use venue_core::domain::text::Key;

/// How the process ends, when it is not with a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// A part of it was refused by a rule; the rest was done.
    Refused,
    /// The check was done, and the file is not as it should be.
    NotSound,
}

impl Exit {
    /// The process exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => Class::Refused.exit_code(),
            Self::NotSound => Class::Storage.exit_code(),
        }
    }
}

/// What a command had done when its answer could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing.
    Nothing,
    /// It may have changed something, under this key.
    Possible(Option<Key>),
}

/// Why a command did not do what it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine's answer.
    Engine(Error),
    /// The line is wrong.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        advice: String,
    },
    /// The answer could not be written.
    Output {
        /// What the system said.
        error: io::Error,
        /// What had happened before.
        effect: Effect,
    },
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
    /// A wrong line.
    pub(crate) fn usage(message: String, advice: String) -> Self {
        Self::Usage { message, advice }
    }

    /// Reading or writing something beside the database failed.
    pub(crate) fn io(what: &str, error: &io::Error) -> Self {
        let (code, message) = (StorageCode::IoError, format!("{what}: {error}"));
        Self::Engine(Error::Storage { code, message })
    }

    /// True if there is nobody left to talk to, and nothing to tell: a reader that went away from a read.
    pub(crate) fn is_silent(&self) -> bool {
        match self {
            Self::Output { error, effect: Effect::Nothing } => {
                error.kind() == io::ErrorKind::BrokenPipe
            }
            Self::Output { .. } | Self::Engine(_) | Self::Usage { .. } => false,
        }
    }

    /// The engine's error that this is.
    fn error(&self) -> Error {
        match self {
            Self::Engine(error) => error.clone(),
            Self::Usage { message, .. } => Invalid::Usage { message: message.clone() }.into(),
            Self::Output { error, effect: Effect::Nothing } => {
                let message = format!("the answer could not be written: {error}");
                Error::Storage { code: StorageCode::Output, message }
            }
            Self::Output { effect: Effect::Possible(key), .. } => {
                Error::Unknown { key: key.clone(), moved: false }
            }
        }
    }

    /// The process exit code.
    pub(crate) fn code(&self) -> u8 {
        if self.is_silent() { 0 } else { self.error().class().exit_code() }
    }

    /// The error object.
    pub(crate) fn body(&self) -> ErrorBody {
        let mut body = self.error().body();
        if let Self::Output { error, effect: Effect::Possible(_) } = self {
            body.message = format!("the answer could not be written ({error}): {}", body.message);
        }
        body
    }

    /// What a person can do.
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::Usage { advice, .. } => advice.clone(),
            Self::Output { effect: Effect::Possible(None), .. } => {
                "look whether it happened, as with `venue booking list` or `venue feed`".to_owned()
            }
            Self::Engine(error) => match error.retry_at() {
                Some(at) => format!("{} after {at}", error.advice()),
                None => error.advice().to_owned(),
            },
            Self::Output { .. } => self.error().advice().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(kind: io::ErrorKind, effect: Effect) -> Failure {
        Failure::Output { error: kind.into(), effect }
    }

    #[test]
    fn an_answer_that_cannot_be_written_ends_as_what_had_happened() {
        let key = Some("k1".parse().unwrap());
        for (kind, effect, code) in [
            (io::ErrorKind::BrokenPipe, Effect::Nothing, 0),
            (io::ErrorKind::StorageFull, Effect::Nothing, 3),
            (io::ErrorKind::BrokenPipe, Effect::Possible(None), 5),
            (io::ErrorKind::StorageFull, Effect::Possible(key), 5),
        ] {
            assert_eq!(output(kind, effect).code(), code);
        }
        let key = Some("k1".parse().unwrap());
        let body = output(io::ErrorKind::BrokenPipe, Effect::Possible(key)).body();
        assert_eq!((body.code.as_str(), body.key.unwrap().as_str()), ("unknown", "k1"));
    }
}
