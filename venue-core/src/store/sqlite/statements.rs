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
    /// The same for inserts of [`WIDE`] rows; none for what is no such insert.
    widened: FxHashMap<usize, Option<Box<str>>>,
}

/// Rows that one insert takes where there are many. SQLite opens the tables once a statement, so that a row costs
/// half of what it costs alone; 16 rows and more cost more again.
///
/// # Source
/// `cargo run --release -p venue-core --features rigs --example store_inserts`
pub(super) const WIDE: usize = 8;

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

    /// The insert of [`WIDE`] rows that this insert of one is; none if it is no plain insert.
    pub(super) fn prepare_wide<'c>(
        &mut self,
        connection: &'c Connection,
        statement: &'static Statement,
    ) -> Result<Option<CachedStatement<'c>>, StoreError> {
        let address = std::ptr::from_ref(statement).addr();
        let widened = self.widened.entry(address).or_insert_with(|| {
            let wide = widen(statement.sql, statement.parameters.len(), WIDE)?;
            Some(rewrite(&wide).into_boxed_str())
        });
        let prepared = widened.as_ref().map(|sql| connection.prepare_cached(sql));
        prepared.transpose().map_err(sqlite)
    }
}

/// An insert of so many rows, for an insert of one that has so many parameters; none for any other statement.
fn widen(sql: &str, parameters: usize, rows: usize) -> Option<String> {
    const VALUES: &str = " VALUES ";
    let at = sql.starts_with("INSERT INTO ").then(|| sql.find(VALUES))??;
    let (head, row) = sql.split_at(at + VALUES.len());
    let inside = row.strip_prefix('(')?.strip_suffix(')')?;
    if parameters == 0 || inside.contains(['(', ')']) {
        return None;
    }
    // OR FAIL: else SQLite would keep a copy of every page, to undo the rows before one that breaks a constraint.
    // Here an error ends the transaction anyway.
    let mut wide = head.replacen("INSERT INTO", "INSERT OR FAIL INTO", 1);
    for n in 0..rows {
        wide.push_str(if n == 0 { "(" } else { ", (" });
        let mut pieces = inside.split('$');
        wide.push_str(pieces.next()?);
        for piece in pieces {
            let end = piece.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(piece.len());
            let parameter: usize = piece[..end].parse().ok()?;
            wide.push('$');
            wide.push_str(&(parameter + n * parameters).to_string());
            wide.push_str(&piece[end..]);
        }
        wide.push(')');
    }
    Some(wide)
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
    fn a_plain_insert_is_widened_and_nothing_else() {
        let wide = widen("INSERT INTO t (a, b, c) VALUES ($1, 'x', $2)", 2, 3);
        let wanted = "INSERT OR FAIL INTO t (a, b, c) VALUES \
                      ($1, 'x', $2), ($3, 'x', $4), ($5, 'x', $6)";
        assert_eq!(wide.as_deref(), Some(wanted));
        let others = [
            ("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO NOTHING", 1),
            ("INSERT INTO t (a) VALUES (max($1, 2))", 1),
            ("INSERT INTO t (a) SELECT $1 FROM s", 1),
            ("INSERT INTO t (a) VALUES (1)", 0),
            ("INSERT INTO t (a) VALUES ($x)", 1),
            ("UPDATE t SET a = $1", 1),
        ];
        for (sql, parameters) in others {
            assert_eq!(widen(sql, parameters, 3), None, "{sql}");
        }
    }

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
