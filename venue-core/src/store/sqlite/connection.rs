//! Opening connections. The database is never made here: its file exists before SQLite sees it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::store::boundary::{StoreError, StoreFailure};

use super::errors::sqlite;
use super::file::{Access, judge_numbers};
use super::forks;
use super::settings::{self, Role};

/// Opens a connection to an existing file, with every setting of its role.
///
/// The path must be absolute and free of links: this SQLite is built to read names that begin with `file:` as
/// URIs, whatever the flags say.
pub(super) fn connect(path: &Path, access: &Access, role: Role) -> Result<Connection, StoreError> {
    // A pool opens for whoever asks, and goes on when that one was served by another connection.
    let _inside = forks::enter_for_another();
    settings::check_library(rusqlite::version_number())?;
    assert!(path.is_absolute(), "a database is opened by its full path");
    match try_connect(path, access, role) {
        // Whether the file was converted is not known after an error: a new connection looks anew.
        Err(error) if role == Role::Writer && error.failure == StoreFailure::Io => {
            try_connect(path, access, role)
        }
        outcome => outcome,
    }
}

fn try_connect(path: &Path, access: &Access, role: Role) -> Result<Connection, StoreError> {
    let connection = open(path, access)?;
    settings::apply(&connection, role)?;
    match role {
        Role::Writer => {
            if connection.is_readonly(rusqlite::MAIN_DB).map_err(sqlite)? {
                return Err(StoreError::new(StoreFailure::ReadOnly, "the file is read-only"));
            }
            check_ours(&connection)?;
            settings::use_wal(&connection)?;
        }
        Role::Reader => {
            check_ours(&connection)?;
            settings::check_wal(&connection)?;
        }
        Role::Private => {
            let mode: String = connection
                .query_one("PRAGMA locking_mode = EXCLUSIVE", [], |row| row.get(0))
                .map_err(sqlite)?;
            assert_eq!(mode, "exclusive", "a private file is locked");
        }
    }
    connection.set_prepared_statement_cache_capacity(512);
    Ok(connection)
}

/// Opens without any setting; extended codes are on by rusqlite's doing.
fn open(path: &Path, access: &Access) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    match &access.vfs {
        None => Connection::open_with_flags(path, flags),
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str()),
    }
    .map_err(sqlite)
}

/// Asks SQLite whose file it is: the newest first page may be only in the log.
pub(super) fn check_ours(connection: &Connection) -> Result<i32, StoreError> {
    let application = pragma_i32(connection, "application_id")?;
    let version = pragma_i32(connection, "user_version")?;
    judge_numbers(application, version)?;
    Ok(version)
}

/// Reads a pragma that is a 32-bit number.
pub(super) fn pragma_i32(connection: &Connection, pragma: &str) -> Result<i32, StoreError> {
    connection.query_one(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).map_err(sqlite)
}
