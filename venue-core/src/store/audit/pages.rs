//! Walking a whole table in the order of its key, a page at a time, in flat memory.

use crate::store::boundary::{Row, Rows, Statement, StoreError, Tx, Value};

/// The smallest id: keys begin after it. No row has it in every column of its key.
pub(super) const LEAST: Value = Value::Id([0; 16]);

/// A walk over a table. The statement takes the key of the last row seen, answers its key columns first, and
/// bounds its pages by itself.
#[derive(Debug)]
pub(super) struct Pages {
    statement: &'static Statement,
    key: Vec<Value>,
    rows: Rows,
    at: usize,
    ended: bool,
}

impl Pages {
    /// A walk that begins after this key.
    pub(super) fn after(statement: &'static Statement, key: impl Into<Vec<Value>>) -> Self {
        let (key, rows) = (key.into(), Rows::default());
        Self { statement, key, rows, at: 0, ended: false }
    }

    /// The row where the walk stands, if it has not ended.
    pub(super) fn row(&mut self, tx: &mut dyn Tx) -> Result<Option<Row<'_>>, StoreError> {
        let width = self.statement.columns.len();
        if self.at * width >= self.rows.values.len() && !self.ended {
            self.rows = tx.one(self.statement, &self.key)?;
            self.at = 0;
            match self.rows.iter().next_back() {
                Some(last) => self.key = last.0[..self.key.len()].to_vec(),
                None => self.ended = true,
            }
        }
        let from = self.at * width;
        Ok(self.rows.values.get(from..from + width).map(Row))
    }

    /// Goes on to the next row.
    pub(super) fn step(&mut self) {
        self.at += 1;
    }
}

/// Runs `each` over all rows of a walk.
pub(super) fn walk(
    tx: &mut dyn Tx,
    mut pages: Pages,
    mut each: impl FnMut(Row<'_>),
) -> Result<(), StoreError> {
    while let Some(row) = pages.row(tx)? {
        each(row);
        pages.step();
    }
    Ok(())
}

/// A key as it sorts: the ids at the front of a row.
pub(super) fn ids<const N: usize>(row: Row<'_>) -> [[u8; 16]; N] {
    std::array::from_fn(|column| row.maybe_id(column).unwrap_or_default())
}

/// A number that must be there: one that is not reads as the least, which fits nowhere.
pub(super) fn number(row: Row<'_>, column: usize) -> i64 {
    row.maybe_int(column).unwrap_or(i64::MIN)
}

/// An id that must be there.
pub(super) fn id(row: Row<'_>, column: usize) -> [u8; 16] {
    row.maybe_id(column).unwrap_or_default()
}

/// A text that must be there.
pub(super) fn text(row: Row<'_>, column: usize) -> std::sync::Arc<str> {
    row.maybe_text(column).map_or_else(|| "".into(), std::sync::Arc::clone)
}
