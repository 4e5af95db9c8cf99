//! The schema, step by step: forward only, one file a step.

use rusqlite::Connection;

use crate::store::boundary::{Committed, Store as _, StoreError, StoreFailure};
use crate::store::search;

use super::backup;
use super::connection::pragma_i32;
use super::errors::sqlite;
use super::writer::SqliteStore;

/// The steps: the n-th makes schema n out of schema n - 1.
///
/// A released step never changes. Foreign keys are on while a step runs.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_lifecycle.sql"),
    SEARCH,
    include_str!("migrations/0004_calendar.sql"),
];

/// The step that makes the search index: where there are events already, they are put into it.
const SEARCH: &str = include_str!("migrations/0003_search.sql");

/// The schema that this program works with.
pub(super) const CURRENT: i32 = 4;

const _: () = assert!(STEPS.len() == 4, "CURRENT counts the steps");

/// Runs every step on an empty file, inside the caller's transaction.
pub(super) fn build(connection: &Connection, steps: &[&str]) -> Result<(), StoreError> {
    for step in steps {
        connection.execute_batch(step).map_err(sqlite)?;
    }
    set_version(connection, steps.len())
}

fn set_version(connection: &Connection, version: usize) -> Result<(), StoreError> {
    connection.execute_batch(&format!("PRAGMA user_version = {version}")).map_err(sqlite)
}

/// Brings an opened file to the newest schema; the steps that ran.
///
/// Each step is one transaction, which begins before it reads the version: of two processes starting together
/// one runs the step and the other finds it done. Before the first step the file is backed up beside itself, as
/// `<db>.before-migration-N` with N the schema that it had, while the lock is held, so that it happens once.
///
/// # Errors
/// What SQLite says, with the file as it was before the step; `Locked` if the watch ends the waiting.
pub(super) fn migrate(
    store: &mut SqliteStore,
    steps: &[&str],
    watch: &mut dyn FnMut() -> bool,
) -> Result<usize, StoreError> {
    let mut ran = 0;
    // Looked at first only to spare a file of today the lock; it is read again under it.
    while schema(&store.session().connection)? < steps.len() {
        if !store.begin(watch)? {
            return Err(StoreError::new(StoreFailure::Locked, "somebody else holds the lock"));
        }
        let step = step(store, steps, ran == 0);
        match step {
            Ok(true) => match store.commit() {
                Committed::Done => ran += 1,
                Committed::Failed(error) | Committed::Doubtful(error) => return Err(error),
            },
            Ok(false) => store.rollback(),
            Err(error) => {
                store.rollback();
                return Err(error);
            }
        }
    }
    Ok(ran)
}

/// Runs one step in the open transaction; false if somebody did meanwhile.
fn step(store: &mut SqliteStore, steps: &[&str], first: bool) -> Result<bool, StoreError> {
    let version = schema(&store.session().connection)?;
    let Some(sql) = steps.get(version) else { return Ok(false) };
    if first {
        let target = backup::free_name(&store.file.place, &format!(".before-migration-{version}"))?;
        backup::backup(&store.file, &target)?;
    }
    let connection = &store.session().connection;
    connection.execute_batch(sql).map_err(sqlite)?;
    set_version(connection, version + 1)?;
    if *sql == SEARCH {
        search::fill(store.tx())?;
    }
    Ok(true)
}

fn schema(connection: &Connection) -> Result<usize, StoreError> {
    let version = pragma_i32(connection, "user_version")?;
    usize::try_from(version)
        .map_err(|_| StoreError::new(StoreFailure::NewerSchema, "the schema's number is negative"))
}
