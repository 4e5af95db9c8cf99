//! Every setting of a connection: set, then read back.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::canary::{Canary, planted};
use crate::store::boundary::{StoreError, StoreFailure};

use super::errors::sqlite;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that writes.
    Writer,
    /// One that only reads.
    Reader,
    /// One that builds or checks a file that nobody else knows yet.
    Private,
}

/// The oldest SQLite that is taken: before it, a write racing a checkpoint could lose committed pages.
pub(super) const OLDEST_SQLITE: i32 = 3_051_003;

/// Refuses a SQLite library that loses data.
pub(super) fn check_library(version: i32) -> Result<(), StoreError> {
    if version >= OLDEST_SQLITE {
        return Ok(());
    }
    let words = format!("SQLite {} is too old: 3.51.3 is needed", rusqlite::version());
    Err(StoreError::new(StoreFailure::Other, words))
}

/// Page size of every file of ours.
pub(super) const PAGE_SIZE: i64 = 4096;

/// The pragmas of a role, with the numbers they read back as.
pub(super) fn pragmas(role: Role) -> Vec<(&'static str, i64)> {
    let mut pragmas = vec![
        ("synchronous", if planted(Canary::SynchronousNormal) { 1 } else { 2 }),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("journal_size_limit", 16 << 20),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("mmap_size", 0),
        ("cache_size", if role == Role::Reader { -8_192 } else { -65_536 }),
        ("query_only", i64::from(role == Role::Reader)),
        // Opening may meet another process that recovers the log. The writer waits by itself later.
        ("busy_timeout", 5_000),
        ("wal_autocheckpoint", 0),
    ];
    if cfg!(target_os = "macos") {
        pragmas.extend([("fullfsync", 1), ("checkpoint_fullfsync", 1)]);
    }
    pragmas
}

/// The switches, with their positions. Extensions cannot be loaded: that is off unless switched on.
pub(super) fn switches(role: Role) -> [(DbConfig, bool); 6] {
    [
        // One plan a statement, whatever is bound: else statements that a partial index might serve are
        // prepared anew for every row, which is a fifth of the time of a sale alone.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        // A private file is made whole by closing it.
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, role != Role::Private),
    ]
}

/// The limits: what no statement and no row of ours reaches.
pub(super) const LIMITS: [(Limit, i32); 3] = [
    (Limit::SQLITE_LIMIT_LENGTH, 4 << 20),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
];

/// Sets everything but the journal mode.
pub(super) fn apply(connection: &Connection, role: Role) -> Result<(), StoreError> {
    for (switch, on) in switches(role) {
        connection.set_db_config(switch, on).map_err(sqlite)?;
        let found = connection.db_config(switch).map_err(sqlite)?;
        expect(&format!("{switch:?}"), i64::from(on), i64::from(found))?;
    }
    for (limit, most) in LIMITS {
        connection.set_limit(limit, most).map_err(sqlite)?;
        let found = connection.limit(limit).map_err(sqlite)?;
        expect(&format!("{limit:?}"), i64::from(most), i64::from(found))?;
    }
    for (pragma, value) in pragmas(role) {
        connection.execute_batch(&format!("PRAGMA {pragma} = {value}")).map_err(sqlite)?;
        expect(pragma, value, read(connection, pragma)?)?;
    }
    Ok(())
}

/// Reads a pragma that is a number.
pub(super) fn read(connection: &Connection, pragma: &str) -> Result<i64, StoreError> {
    match connection.query_one(&format!("PRAGMA {pragma}"), [], |row| row.get(0)) {
        Ok(value) => Ok(value),
        // A VFS that cannot map files does not answer.
        Err(rusqlite::Error::QueryReturnedNoRows) if pragma == "mmap_size" => Ok(0),
        Err(error) => Err(sqlite(error)),
    }
}

/// Sets WAL, and makes sure of it: the answer "wal" alone proves nothing, because a failed conversion gives it too.
pub(super) fn use_wal(connection: &Connection) -> Result<(), StoreError> {
    let mode: String =
        connection.query_one("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(sqlite)?;
    if mode != "wal" {
        let words = format!("the journal mode is {mode}, not wal");
        return Err(StoreError::new(StoreFailure::Other, words));
    }
    check_wal(connection)
}

/// Whether the connection really works with a write-ahead log.
pub(super) fn check_wal(connection: &Connection) -> Result<(), StoreError> {
    let (busy, frames): (bool, i64) = connection
        .query_one("PRAGMA wal_checkpoint(noop)", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .map_err(sqlite)?;
    // Only a log can be busy: its index is being written or recovered by another, who keeps it from being counted.
    if frames < 0 && !busy {
        return Err(StoreError::new(StoreFailure::Io, "the file is not in WAL mode"));
    }
    expect("page_size", PAGE_SIZE, read(connection, "page_size")?)
}

fn expect(name: &str, wanted: i64, found: i64) -> Result<(), StoreError> {
    if wanted == found {
        return Ok(());
    }
    let words = format!("the setting {name} is {found} although it was set to {wanted}");
    Err(StoreError::new(StoreFailure::Other, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_that_loses_pages_is_refused() {
        assert!(check_library(3_051_002).is_err());
        assert!(check_library(OLDEST_SQLITE).is_ok());
        assert!(check_library(rusqlite::version_number()).is_ok());
    }
}
