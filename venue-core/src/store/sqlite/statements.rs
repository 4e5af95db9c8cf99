//! Statements as SQLite takes them: `$1` becomes `?1`, once for each connection.
//!
//! In SQLite `$1` is a *name*, so that `select $2, $1` bound by place comes back swapped.

use rustc_hash::FxHashMap;

use rusqlite::{CachedStatement, Connection};

use crate::store::boundary::{Statement, StoreError, StoreFailure};

use super::errors::sqlite;

/// The SQL of the statements that a connection has met, by the statement's address.
///
/// The prepared statements themselves lie in rusqlite's cache: one that borrows its connection cannot lie beside
/// it. Looking one up costs a call about a third of a microsecond, however many rows it has.
#[derive(Debug, Default)]
pub(super) struct Statements {
    rewritten: FxHashMap<usize, Box<str>>,
}

impl Statements {
    /// The prepared statement.
    pub(super) fn prepare<'c>(
        &mut self,
        connection: &'c Connection,
        statement: &'static Statement,
    ) -> Result<CachedStatement<'c>, StoreError> {
        let address = std::ptr::from_ref(statement).addr();
        if let Some(sql) = self.rewritten.get(&address) {
            return connection.prepare_cached(sql).map_err(sqlite);
        }
        let sql = rewrite(statement.sql);
        let prepared = connection.prepare_cached(&sql).map_err(sqlite)?;
        let (parameters, columns) = (prepared.parameter_count(), prepared.column_count());
        if parameters != statement.parameters.len() || columns != statement.columns.len() {
            let words = format!(
                "{} declares {} parameters and {} columns, but has {parameters} and {columns}",
                statement.name,
                statement.parameters.len(),
                statement.columns.len(),
            );
            return Err(StoreError::new(StoreFailure::Other, words));
        }
        self.rewritten.insert(address, sql.into_boxed_str());
        Ok(prepared)
    }
}

/// Rewrites PostgreSQL's parameters to SQLite's, outside of quotes and comments.
pub(super) fn rewrite(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(['$', '\'', '"', '-']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = match from.as_bytes() {
            [b'$', b'0'..=b'9', ..] => {
                out.push('?');
                rest = &from[1..];
                continue;
            }
            [quote @ (b'\'' | b'"'), ..] => {
                // A doubled quote ends one literal and begins the next: the same to us.
                from[1..].find(char::from(*quote)).map_or(from.len(), |end| end + 2)
            }
            [b'-', b'-', ..] => from.find('\n').unwrap_or(from.len()),
            _ => 1,
        };
        let (kept, after) = from.split_at(length);
        out.push_str(kept);
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_rewritten_and_nothing_else() {
        let cases = [
            ("select $2, $1", "select ?2, ?1"),
            ("values ($10, $1, $11)", "values (?10, ?1, ?11)"),
            ("select '$1' , \"$2\", $3", "select '$1' , \"$2\", ?3"),
            ("select 'it''s $1', $1", "select 'it''s $1', ?1"),
            ("select $1 -- not $2\n, $2", "select ?1 -- not $2\n, ?2"),
            ("select 1 - $1", "select 1 - ?1"),
            ("select '$1", "select '$1"),
            ("select 'ä', $1", "select 'ä', ?1"),
            ("", ""),
        ];
        for (given, wanted) in cases {
            assert_eq!(rewrite(given), wanted);
        }
    }
}
