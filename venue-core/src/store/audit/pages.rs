//! Walking a whole table in the order of its key, a page at a time, in flat memory.

use std::cmp::Ordering;

use crate::store::boundary::{Row, Rows, Statement, StoreError, StoreFailure, Tx, Value};

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
                Some(last) => {
                    let key = &last.0[..self.key.len()];
                    if !is_after(key, &self.key) {
                        let words = format!("{}: the rows are out of order", self.statement.name);
                        return Err(StoreError::new(StoreFailure::Corrupt, words));
                    }
                    self.key = key.to_vec();
                }
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

/// Whether a key sorts after another: in a damaged file it may not, and the walk would never end.
fn is_after(key: &[Value], before: &[Value]) -> bool {
    let kinds = key.iter().zip(before).map(|pair| match pair {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Id(a), Value::Id(b)) => a.cmp(b),
        // Null, or another kind than before: no key of ours.
        _ => Ordering::Less,
    });
    kinds.fold(Ordering::Equal, Ordering::then) == Ordering::Greater
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::boundary::{Call, Kind};

    static NUMBERS: Statement = Statement {
        name: "test_numbers",
        sql: "",
        parameters: &[Kind::Int],
        columns: &[Kind::MaybeInt],
    };

    /// A table whose pages answer these numbers, and the last of them for ever.
    #[derive(Debug)]
    struct Damaged(Vec<i64>);

    impl Tx for Damaged {
        fn fetch(&mut self, _: &[Call]) -> Result<Vec<Rows>, StoreError> {
            unreachable!("a walk asks for one page")
        }
        fn exec(&mut self, _: &[Call]) -> Result<Vec<u64>, StoreError> {
            unreachable!("a walk writes nothing")
        }
        fn one(&mut self, _: &'static Statement, _: &[Value]) -> Result<Rows, StoreError> {
            let number = if self.0.len() > 1 { self.0.remove(0) } else { self.0[0] };
            Ok(Rows { width: 1, values: vec![Value::Int(number)], ends: vec![1] })
        }
    }

    #[test]
    fn a_walk_over_rows_out_of_order_ends_and_says_so() {
        for numbers in [vec![1, 2, 2], vec![3, 1], vec![i64::MIN]] {
            let pages = Pages::after(&NUMBERS, [Value::Int(i64::MIN)]);
            let walked = walk(&mut Damaged(numbers), pages, |_| {});
            assert_eq!(walked.unwrap_err().failure, StoreFailure::Corrupt);
        }
    }

    #[test]
    fn keys_sort_as_in_the_file() {
        let (id, text) = (|n| Value::Id([n; 16]), |text: &str| Value::Text(text.into()));
        assert!(is_after(&[id(1), text("b")], &[id(1), text("a")]));
        assert!(is_after(&[id(2), text("a")], &[id(1), text("b")]));
        assert!(!is_after(&[id(1), text("a")], &[id(1), text("a")]));
        assert!(!is_after(&[id(1), Value::Null], &[id(1), text("a")]));
        assert!(!is_after(&[Value::Null], &[Value::Null]));
    }
}
