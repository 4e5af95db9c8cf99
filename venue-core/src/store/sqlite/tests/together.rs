//! Many rows of an insert are written together: the same rows come out, and one at fault fails all.

use super::*;
use crate::store::boundary::{Call, Kind, Statement, StoreFailure};

static INSERT: Statement = Statement {
    name: "test_insert",
    sql: "INSERT INTO organizer (id, slug, name, currency) VALUES ($1, $2, $3, 'EUR')",
    parameters: &[Kind::Id, Kind::Text, Kind::Text],
    columns: &[],
};

static ALL: Statement = Statement {
    name: "test_all",
    sql: "SELECT id, slug, name, currency FROM organizer WHERE slug <> 'o' ORDER BY id",
    parameters: &[],
    columns: &[Kind::Id, Kind::Text, Kind::Text, Kind::Text],
};

fn row(n: u8) -> [Value; 3] {
    [Value::Id([n; 16]), Value::Text(format!("slug-{n}").into()), Value::Text("N".into())]
}

/// Writes these rows in one call, or in a call each.
fn written(rows: &[u8], together: bool) -> (Vec<u64>, Vec<Value>) {
    let (_folder, path) = made();
    let mut store = opened(&path);
    assert!(store.writer.begin(&mut || true).unwrap());
    let mut calls: Vec<Call> = rows.iter().map(|n| Call::once(&INSERT, row(*n))).collect();
    if together {
        let mut call = Call::new(&INSERT);
        for n in rows {
            call.push(row(*n));
        }
        calls = vec![call];
    }
    let counts = store.writer.tx().exec(&calls).unwrap();
    let values = store.writer.tx().one(&ALL, &[]).unwrap().values;
    store.writer.rollback();
    (counts, values)
}

#[test]
fn rows_written_together_are_the_rows_written_one_by_one() {
    for count in [0, 1, 7, 8, 9, 16, 23, 40] {
        let rows: Vec<u8> = (1..=count).collect();
        let (counts, together) = written(&rows, true);
        assert_eq!(counts, [u64::from(count)]);
        assert_eq!(together, written(&rows, false).1);
        assert_eq!(together.len(), 4 * usize::from(count));
    }
}

#[test]
fn a_row_at_fault_among_many_fails_the_transaction() {
    for fault in 0..11 {
        let (_folder, path) = made();
        let mut store = opened(&path);
        assert!(store.writer.begin(&mut || true).unwrap());
        let mut call = Call::new(&INSERT);
        for n in 0..11 {
            call.push(row(if n == fault { 200 } else { n + 1 }));
        }
        call.push(row(200));
        let error = store.writer.tx().exec(&[call]).unwrap_err();
        assert_eq!(error.failure, StoreFailure::Constraint, "{error}");
        assert!(matches!(store.writer.commit(), Committed::Failed(_)));
        let empty = written(&[], true).1;
        assert!(store.writer.begin(&mut || true).unwrap());
        assert_eq!(store.writer.tx().one(&ALL, &[]).unwrap().values, empty);
        store.writer.rollback();
    }
}
