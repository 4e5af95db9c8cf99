//! The mark in the main file that says that a log beside it may hold commits.
//!
//! It stands in the main file before the first commit that is only in the log, and goes when the last one to
//! close has brought everything into the main file: a transaction of its own each time, nothing for a sale. A file
//! that has the mark and no log was copied alone.

use crate::store::boundary::{Call, Kind, Statement, StoreError, StoreFailure, Tx, Value};

pub(super) static DIRTY: Statement = Statement {
    name: "meta_dirty",
    sql: "SELECT dirty FROM meta WHERE one = 1",
    parameters: &[],
    columns: &[Kind::Int],
};

pub(super) static MARK: Statement = Statement {
    name: "meta_mark",
    sql: "UPDATE meta SET dirty = $1 WHERE one = 1",
    parameters: &[Kind::Int],
    columns: &[],
};

/// Whether the mark stands.
pub(super) fn is_set(tx: &mut dyn Tx) -> Result<bool, StoreError> {
    match tx.one(&DIRTY, &[])?.first() {
        Some(row) => Ok(row.maybe_int(0) == Some(1)),
        None => Err(StoreError::new(StoreFailure::Corrupt, "the meta row is missing")),
    }
}

/// Sets the mark or takes it away.
pub(super) fn set(tx: &mut dyn Tx, dirty: bool) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&MARK, [Value::Int(i64::from(dirty))])]).map(|_| ())
}
