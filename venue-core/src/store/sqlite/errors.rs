//! What SQLite and the system say, in the store's words.

use std::io;

use rusqlite::ffi;

use crate::store::boundary::{StoreError, StoreFailure};

/// The store's word for an error of rusqlite.
pub(super) fn from_sqlite(error: &rusqlite::Error) -> StoreError {
    StoreError::new(failure_of(error), error.to_string())
}

/// The same as a conversion for `map_err`.
pub(super) fn sqlite(error: rusqlite::Error) -> StoreError {
    let error = error;
    from_sqlite(&error)
}

fn failure_of(error: &rusqlite::Error) -> StoreFailure {
    use rusqlite::Error as E;
    match error {
        E::SqliteFailure(code, _) | E::SqlInputError { error: code, .. } => {
            failure_of_code(code.extended_code)
        }
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::Utf8Error(..)
        | E::InvalidColumnType(..)
        | E::QueryReturnedNoRows
        | E::QueryReturnedMoreThanOneRow => StoreFailure::Corrupt,
        E::NulError(_) | E::InvalidPath(_) => StoreFailure::BadPath,
        _ => StoreFailure::Other,
    }
}

/// The store's word for one of SQLite's extended codes.
pub(super) fn failure_of_code(code: i32) -> StoreFailure {
    match code {
        ffi::SQLITE_IOERR_NOMEM => return StoreFailure::Memory,
        ffi::SQLITE_READONLY_DBMOVED => return StoreFailure::Moved,
        ffi::SQLITE_CANTOPEN_SYMLINK => return StoreFailure::Foreign,
        // Our schema has no triggers: somebody else made this one.
        ffi::SQLITE_CONSTRAINT_TRIGGER => return StoreFailure::Corrupt,
        _ => {}
    }
    match code & 0xff {
        ffi::SQLITE_FULL => StoreFailure::Full,
        ffi::SQLITE_NOMEM => StoreFailure::Memory,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN => StoreFailure::Io,
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB | ffi::SQLITE_FORMAT => StoreFailure::Corrupt,
        ffi::SQLITE_CONSTRAINT => StoreFailure::Constraint,
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_PROTOCOL => StoreFailure::Locked,
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM => StoreFailure::ReadOnly,
        _ => StoreFailure::Other,
    }
}

/// Whether this is one of SQLite's BUSY codes: somebody else holds a lock.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    extended_code(error).is_some_and(|code| code & 0xff == ffi::SQLITE_BUSY)
}

/// SQLite's extended code, if the error has one.
pub(super) fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    match error {
        rusqlite::Error::SqliteFailure(code, _) => Some(code.extended_code),
        _ => None,
    }
}

/// The store's word for an error of the system, with what was attempted.
pub(super) fn from_system(error: &io::Error, attempted: &str) -> StoreError {
    use io::ErrorKind as K;
    let failure = match error.kind() {
        K::StorageFull | K::QuotaExceeded => StoreFailure::Full,
        K::OutOfMemory => StoreFailure::Memory,
        K::ReadOnlyFilesystem | K::PermissionDenied => StoreFailure::ReadOnly,
        K::InvalidFilename | K::InvalidInput => StoreFailure::BadPath,
        K::NotFound | K::NotADirectory => StoreFailure::NoFile,
        _ => StoreFailure::Io,
    };
    StoreError::new(failure, format!("{attempted}: {error}"))
}

/// A closure for `map_err` that says what was attempted.
pub(super) fn system(attempted: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |error| from_system(&error, attempted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_words() {
        let cases = [
            (ffi::SQLITE_FULL, StoreFailure::Full),
            (ffi::SQLITE_NOMEM, StoreFailure::Memory),
            (ffi::SQLITE_IOERR_NOMEM, StoreFailure::Memory),
            (ffi::SQLITE_IOERR_FSYNC, StoreFailure::Io),
            (ffi::SQLITE_CANTOPEN, StoreFailure::Io),
            (ffi::SQLITE_CANTOPEN_SYMLINK, StoreFailure::Foreign),
            (ffi::SQLITE_CORRUPT_INDEX, StoreFailure::Corrupt),
            (ffi::SQLITE_NOTADB, StoreFailure::Corrupt),
            (ffi::SQLITE_CONSTRAINT_TRIGGER, StoreFailure::Corrupt),
            (ffi::SQLITE_CONSTRAINT_DATATYPE, StoreFailure::Constraint),
            (ffi::SQLITE_BUSY_SNAPSHOT, StoreFailure::Locked),
            (ffi::SQLITE_READONLY_DIRECTORY, StoreFailure::ReadOnly),
            (ffi::SQLITE_READONLY_DBMOVED, StoreFailure::Moved),
            (ffi::SQLITE_MISUSE, StoreFailure::Other),
        ];
        for (code, failure) in cases {
            assert_eq!(failure_of_code(code), failure, "{code}");
        }
    }
}
