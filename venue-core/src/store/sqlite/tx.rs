//! A connection with at most one transaction: statements in, rows out.

use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection};

use crate::canary::{Canary, planted};
use crate::store::boundary::{Call, Kind, Rows, Statement, StoreError, StoreFailure, Tx, Value};

use super::errors::{from_sqlite, sqlite};
use super::statements::{Statements, WIDE};

/// A connection and the state of its transaction.
///
/// After any error the transaction only can be rolled back: a bad statement can end it, and what ran next would
/// commit by itself.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) connection: Connection,
    statements: Statements,
    state: State,
}

#[derive(Debug)]
enum State {
    /// No transaction.
    Idle,
    /// In a transaction.
    Open,
    /// A statement of the transaction failed.
    Failed(StoreError),
}

const ROLLBACK: &str = "ROLLBACK";

/// Why a transaction did not commit.
#[derive(Debug)]
pub(super) enum NotCommitted {
    /// It never came to the commit.
    Before(StoreError),
    /// The commit itself failed.
    At(rusqlite::Error),
}

impl Session {
    /// A session over a connection that has no transaction.
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, statements: Statements::default(), state: State::Idle }
    }

    /// Begins: `BEGIN IMMEDIATE` for a writer, a deferred view for a reader.
    pub(super) fn begin(&mut self, sql: &'static str) -> Result<(), rusqlite::Error> {
        assert!(matches!(self.state, State::Idle), "a transaction is open already");
        // It waits in the cache from before anything is locked, so that it needs no memory when there is none.
        drop(self.connection.prepare_cached(ROLLBACK)?);
        if !self.connection.is_autocommit() {
            // The last rollback failed. Until it is made up for, nobody can write, other processes neither.
            self.control(ROLLBACK)?;
        }
        self.control(sql)?;
        self.state = State::Open;
        Ok(())
    }

    /// Whether a transaction was begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    /// Commits. The transaction is over, whatever comes back.
    pub(super) fn commit(&mut self) -> Result<(), NotCommitted> {
        let state = std::mem::replace(&mut self.state, State::Idle);
        let failed = match state {
            State::Idle => Some(no_transaction()),
            State::Failed(error) => Some(error),
            State::Open if planted(Canary::AutocommitUnchecked) => None,
            State::Open if self.connection.is_autocommit() => Some(ended_by_itself()),
            State::Open => None,
        };
        if let Some(error) = failed {
            self.rollback();
            return Err(NotCommitted::Before(error));
        }
        self.control("COMMIT").map_err(|error| {
            self.rollback();
            NotCommitted::At(error)
        })
    }

    /// Rolls back, whatever state the transaction is in; false if SQLite kept it open.
    pub(super) fn rollback(&mut self) -> bool {
        self.state = State::Idle;
        // An error of the rollback leaves nothing to do: the next begin looks whether it is over.
        self.connection.is_autocommit()
            || self.control(ROLLBACK).is_ok()
            || self.connection.is_autocommit()
    }

    fn control(&self, sql: &'static str) -> Result<(), rusqlite::Error> {
        self.connection.prepare_cached(sql)?.raw_execute().map(|_| ())
    }

    /// Runs `work` in the open transaction, and remembers its failure.
    fn within<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Statements) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match &self.state {
            State::Idle => return Err(no_transaction()),
            State::Failed(error) => return Err(error.clone()),
            State::Open => {}
        }
        let outcome = work(&self.connection, &mut self.statements);
        match &outcome {
            Ok(_) | Err(_) if planted(Canary::AutocommitUnchecked) => {}
            Ok(_) => debug_assert!(!self.connection.is_autocommit(), "the transaction goes on"),
            Err(error) => {
                let mut error = error.clone();
                if self.connection.is_autocommit() {
                    error.message.push_str("; this ended the whole transaction");
                }
                self.state = State::Failed(error);
            }
        }
        outcome
    }
}

fn no_transaction() -> StoreError {
    StoreError::new(StoreFailure::Other, "no transaction is open")
}

fn ended_by_itself() -> StoreError {
    StoreError::new(StoreFailure::Other, "the transaction ended by itself")
}

impl Tx for Session {
    fn fetch(&mut self, calls: &[Call]) -> Result<Vec<Rows>, StoreError> {
        self.within(|connection, statements| {
            let mut answers = Vec::with_capacity(calls.len());
            for call in calls {
                let mut rows = Rows::default();
                let mut prepared = statements.prepare(connection, call.statement)?;
                for row in call.rows() {
                    fetch_run(&mut prepared, call.statement, row, &mut rows)?;
                }
                rows.width = call.statement.columns.len();
                answers.push(rows);
            }
            Ok(answers)
        })
    }

    fn exec(&mut self, calls: &[Call]) -> Result<Vec<u64>, StoreError> {
        self.within(|connection, statements| {
            let mut counts = Vec::with_capacity(calls.len());
            for call in calls {
                counts.push(exec_call(connection, statements, call)?);
            }
            Ok(counts)
        })
    }

    fn one(&mut self, statement: &'static Statement, row: &[Value]) -> Result<Rows, StoreError> {
        self.within(|connection, statements| {
            let mut rows = Rows { width: statement.columns.len(), ..Rows::default() };
            let mut prepared = statements.prepare(connection, statement)?;
            fetch_run(&mut prepared, statement, row, &mut rows)?;
            Ok(rows)
        })
    }
}

/// Runs a call; many rows of an insert together.
fn exec_call(
    connection: &Connection,
    statements: &mut Statements,
    call: &Call,
) -> Result<u64, StoreError> {
    let (statement, width) = (call.statement, call.statement.parameters.len());
    let mut changed = 0;
    let mut single = 0;
    if call.runs >= WIDE
        && let Some(mut prepared) = statements.prepare_wide(connection, statement)?
    {
        let together = call.parameters.chunks_exact(WIDE * width);
        single = call.runs - call.runs % WIDE;
        for rows in together {
            changed += exec_run(&mut prepared, statement, rows)?;
        }
    }
    if single < call.runs {
        let mut prepared = statements.prepare(connection, statement)?;
        for row in call.rows().skip(single) {
            changed += exec_run(&mut prepared, statement, row)?;
        }
    }
    Ok(changed)
}

fn exec_run(
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    row: &[Value],
) -> Result<u64, StoreError> {
    bind(prepared, statement, row)?;
    let changed = prepared.raw_execute().map_err(|error| named(&error, statement))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

fn fetch_run(
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    row: &[Value],
    into: &mut Rows,
) -> Result<(), StoreError> {
    bind(prepared, statement, row)?;
    let mut found = into.ends.last().copied().unwrap_or(0);
    // Stepped to the end, so that an error of the end is seen too.
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next().map_err(|error| named(&error, statement))? {
        for (column, kind) in statement.columns.iter().enumerate() {
            let value = row.get_ref(column).map_err(sqlite)?;
            into.values.push(read(value, *kind).ok_or_else(|| unreadable(statement, column))?);
        }
        found += 1;
    }
    into.ends.push(found);
    Ok(())
}

/// Binds a row. The values are lent to SQLite, which copies texts and bytes itself.
fn bind(
    prepared: &mut CachedStatement<'_>,
    statement: &Statement,
    row: &[Value],
) -> Result<(), StoreError> {
    if row.len() != prepared.parameter_count() {
        let words = format!("{}: wrong number of parameters", statement.name);
        return Err(StoreError::new(StoreFailure::Other, words));
    }
    for (value, place) in row.iter().zip(1_usize..) {
        match value {
            Value::Null => prepared.raw_bind_parameter(place, rusqlite::types::Null),
            Value::Int(value) => prepared.raw_bind_parameter(place, value),
            Value::Text(value) => prepared.raw_bind_parameter(place, &**value),
            Value::Word(value) => prepared.raw_bind_parameter(place, *value),
            Value::Bytes(value) => prepared.raw_bind_parameter(place, &**value),
            Value::Id(value) => prepared.raw_bind_parameter(place, value.as_slice()),
        }
        .map_err(|error| named(&error, statement))?;
    }
    Ok(())
}

/// Reads a column as the kind that the statement declares; none if it holds something else.
fn read(value: ValueRef<'_>, kind: Kind) -> Option<Value> {
    match (value, kind.or_null()) {
        (ValueRef::Null, _) => {
            let allowed = kind.may_be_null() || planted(Canary::NullsUnchecked);
            allowed.then_some(Value::Null)
        }
        (ValueRef::Integer(value), Kind::MaybeInt) => Some(Value::Int(value)),
        (ValueRef::Text(value), Kind::MaybeText) => {
            std::str::from_utf8(value).ok().map(|text| Value::Text(Arc::from(text)))
        }
        (ValueRef::Blob(value), Kind::MaybeBytes) => Some(Value::Bytes(Box::from(value))),
        (ValueRef::Blob(value), Kind::MaybeId) => value.try_into().ok().map(Value::Id),
        (
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_),
            Kind::Int
            | Kind::Text
            | Kind::Bytes
            | Kind::Id
            | Kind::MaybeInt
            | Kind::MaybeText
            | Kind::MaybeBytes
            | Kind::MaybeId,
        ) => None,
    }
}

fn named(error: &rusqlite::Error, statement: &Statement) -> StoreError {
    let error = from_sqlite(error);
    StoreError::new(error.failure, format!("{}: {}", statement.name, error.message))
}

fn unreadable(statement: &Statement, column: usize) -> StoreError {
    let words = format!("{}: column {column} holds another kind of value", statement.name);
    StoreError::new(StoreFailure::Corrupt, words)
}
