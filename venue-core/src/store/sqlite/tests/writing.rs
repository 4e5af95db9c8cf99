//! Transactions, their failures, waiting, checkpoints and migrations.

use super::super::migrate::{STEPS, migrate};
use super::*;
use crate::store::boundary::{StoreFailure, Tx};

static SWAPPED: Statement = Statement {
    name: "test_swapped",
    sql: "SELECT $2, $1, $10, $3 WHERE $4 + $5 + $6 + $7 + $8 + $9 > 0",
    parameters: &[Kind::Int; 10],
    columns: &[Kind::Int; 4],
};

static ROUND: Statement = Statement {
    name: "test_round",
    sql: "SELECT $1, $2, $3, $4, $5",
    parameters: &[Kind::Int, Kind::Text, Kind::Bytes, Kind::Id, Kind::Text],
    columns: &[Kind::MaybeInt, Kind::MaybeText, Kind::MaybeBytes, Kind::MaybeId, Kind::MaybeText],
};

static WRONG_KIND: Statement = Statement {
    name: "test_wrong_kind",
    sql: "SELECT name FROM organizer",
    parameters: &[],
    columns: &[Kind::Int],
};

static SHORT_ID: Statement = Statement {
    name: "test_short_id",
    sql: "SELECT x'0102'",
    parameters: &[],
    columns: &[Kind::Id],
};

static NULLS: [Statement; 4] = [
    Statement { name: "test_no_int", sql: "SELECT NULL", parameters: &[], columns: &[Kind::Int] },
    Statement { name: "test_no_text", sql: "SELECT NULL", parameters: &[], columns: &[Kind::Text] },
    Statement { name: "test_no_id", sql: "SELECT NULL", parameters: &[], columns: &[Kind::Id] },
    Statement {
        name: "test_no_bytes",
        sql: "SELECT NULL",
        parameters: &[],
        columns: &[Kind::Bytes],
    },
];

static RETURNING: Statement = Statement {
    name: "test_returning",
    sql: "UPDATE organizer SET name = $1 WHERE slug = $2 RETURNING id, name",
    parameters: &[Kind::Text, Kind::Text],
    columns: &[Kind::Id, Kind::Text],
};

static END_ALL: Statement = Statement {
    name: "test_end_all",
    sql: "INSERT OR ROLLBACK INTO organizer (id, slug, name, currency) VALUES ($1, 'x', 'y', 'EUR')",
    parameters: &[Kind::Id],
    columns: &[],
};

static BAD_COUNT: Statement = Statement {
    name: "test_bad_count",
    sql: "SELECT $1",
    parameters: &[Kind::Int, Kind::Int],
    columns: &[Kind::Int],
};

fn begun(path: &std::path::Path) -> Opened {
    let mut store = opened(path);
    assert!(store.writer.begin(&mut || true).unwrap());
    store
}

#[test]
fn parameters_keep_their_places() {
    let (_folder, path) = made();
    let mut store = begun(&path);
    let row: Vec<Value> = (1..=10).map(Value::Int).collect();
    let rows = store.writer.tx().one(&SWAPPED, &row).unwrap();
    assert_eq!(rows.values, [2, 1, 10, 3].map(Value::Int));
}

#[test]
fn every_kind_of_value_comes_back_as_it_was() {
    let (_folder, path) = made();
    let mut store = begun(&path);
    let row = [
        Value::Int(i64::MIN),
        Value::Text("ä\u{1F3AB} 'x'".into()),
        Value::Bytes(Box::from([0_u8, 255])),
        Value::Id([3; 16]),
        Value::Text("".into()),
    ];
    assert_eq!(store.writer.tx().one(&ROUND, &row).unwrap().values, row);
    let nulls = [const { Value::Null }; 5];
    assert_eq!(store.writer.tx().one(&ROUND, &nulls).unwrap().values, nulls);
    let empty = [Value::Null, Value::Null, Value::Bytes(Box::from([])), Value::Null, Value::Null];
    assert_eq!(store.writer.tx().one(&ROUND, &empty).unwrap().values, empty);
}

#[test]
fn many_runs_answer_each_for_itself() {
    let (_folder, path) = made();
    let mut store = begun(&path);
    let mut insert = Call::new(&INSERT);
    (1..=3).for_each(|n| insert.push(organizer(n)));
    assert_eq!(store.writer.tx().exec(&[insert]).unwrap(), [3]);
    let mut rename = Call::new(&RETURNING);
    for slug in ["slug-1", "nobody", "slug-3"] {
        rename.push([Value::Text("New".into()), Value::Text(slug.into())]);
    }
    let rows = store.writer.tx().fetch(&[rename]).unwrap();
    assert_eq!(rows[0].ends, [1, 1, 2]);
    assert_eq!(rows[0].of_run(2).next().unwrap().id(0), [3; 16]);
    assert_eq!(store.writer.commit(), Committed::Done);
}

#[test]
fn a_value_of_another_kind_is_damage_and_no_panic() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    for statement in [&WRONG_KIND, &SHORT_ID].into_iter().chain(&NULLS) {
        store.writer.begin(&mut || true).unwrap();
        let error = store.writer.tx().one(statement, &[]).unwrap_err();
        assert_eq!(error.failure, StoreFailure::Corrupt, "{error}");
        store.writer.rollback();
    }
    store.writer.begin(&mut || true).unwrap();
    let error = store.writer.tx().one(&BAD_COUNT, &[Value::Int(1), Value::Int(2)]).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Other);
}

#[test]
fn nothing_runs_outside_a_transaction() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    assert!(store.writer.tx().exec(&[Call::once(&INSERT, organizer(1))]).is_err());
    assert!(matches!(store.writer.commit(), Committed::Failed(_)));
    store.writer.rollback();
    assert_eq!(count(&store.readers), 0);
}

#[test]
fn a_statement_that_ends_the_transaction_lets_nothing_commit_by_itself() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    store.writer.begin(&mut || true).unwrap();
    store.writer.tx().exec(&[Call::once(&INSERT, organizer(2))]).unwrap();
    let error = store.writer.tx().exec(&[Call::once(&END_ALL, [Value::Id([1; 16])])]).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Constraint);
    assert!(store.writer.session().connection.is_autocommit());
    assert!(store.writer.tx().exec(&[Call::once(&INSERT, organizer(3))]).is_err());
    assert!(matches!(store.writer.commit(), Committed::Failed(_)));
    assert_eq!(count(&store.readers), 1);
    write(&mut store.writer, 4);
    assert_eq!(count(&store.readers), 2);
}

#[test]
fn a_constraint_fails_the_batch_and_the_next_goes_on() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    store.writer.begin(&mut || true).unwrap();
    store.writer.tx().exec(&[Call::once(&INSERT, organizer(2))]).unwrap();
    let error = store.writer.tx().exec(&[Call::once(&INSERT, organizer(1))]).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Constraint);
    assert!(matches!(store.writer.commit(), Committed::Failed(_)));
    assert_eq!(count(&store.readers), 1);
    write(&mut store.writer, 2);
}

#[test]
fn a_full_disk_is_certain_and_passes() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let connection = &store.writer.session().connection;
    let pages: i64 = connection.query_one("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let limit = |connection: &rusqlite::Connection, pages: i64| {
        connection.execute_batch(&format!("PRAGMA max_page_count = {pages}")).unwrap();
    };
    limit(connection, pages);
    store.writer.begin(&mut || true).unwrap();
    let mut long = organizer(2);
    long[2] = Value::Text("x".repeat(100_000).into());
    let error = store.writer.tx().exec(&[Call::once(&INSERT, long)]).unwrap_err();
    assert_eq!(error.failure, StoreFailure::Full);
    let Committed::Failed(error) = store.writer.commit() else { panic!("certain") };
    assert_eq!(error.failure, StoreFailure::Full);
    limit(&store.writer.session().connection, 1_000_000);
    write(&mut store.writer, 2);
    assert_eq!(count(&store.readers), 2);
}

#[test]
fn waiting_for_the_lock_asks_the_watch_and_ends_when_it_says_so() {
    let (_folder, path) = made();
    let mut first = opened(&path);
    write(&mut first.writer, 1);
    let mut second = opened(&path);
    assert!(first.writer.begin(&mut || true).unwrap());
    let mut asked = 0;
    let begun = second.writer.begin(&mut || {
        asked += 1;
        asked < 20
    });
    assert!(!begun.unwrap());
    assert_eq!(asked, 20);
    // The lock goes back while the other waits.
    let mut asked = 0;
    let begun = second.writer.begin(&mut || {
        asked += 1;
        if asked == 3 {
            first.writer.rollback();
        }
        true
    });
    assert!(begun.unwrap());
    second.writer.rollback();
}

const SECOND: &str = "CREATE TABLE second (a INTEGER) STRICT; INSERT INTO second VALUES (1);";

/// What the backup of a file of today is called, made before a step of tomorrow.
fn backup_name() -> String {
    format!("venue.db.before-migration-{}", STEPS.len())
}

#[test]
fn two_that_migrate_at_once_run_each_step_once() {
    let (folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let all = [STEPS, &[SECOND]].concat();
    let steps = all.as_slice();
    let others: Vec<Opened> = (0..3).map(|_| opened(&path)).collect();
    let ran: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = others
            .into_iter()
            .map(|mut other| {
                scope.spawn(move || migrate(&mut other.writer, steps, &mut || true).unwrap())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(ran, 1);
    let backup = folder.path().join(backup_name());
    assert_eq!(count(&opened(&backup).readers), 1, "the file as it was");
    let connection = &store.writer.session().connection;
    let number = |sql| connection.query_one(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("SELECT count(*) FROM second"), 1);
    assert_eq!(usize::try_from(number("PRAGMA user_version")), Ok(steps.len()));
}

#[test]
fn steps_run_in_their_order_with_one_backup_before_the_first() {
    let (folder, path) = made();
    let mut store = opened(&path);
    let steps = [STEPS, &[SECOND, "ALTER TABLE second ADD COLUMN b INTEGER;"]].concat();
    assert_eq!(migrate(&mut store.writer, &steps, &mut || true).unwrap(), 2);
    assert_eq!(migrate(&mut store.writer, &steps, &mut || true).unwrap(), 0);
    let connection = &store.writer.session().connection;
    let sql = "SELECT count(*) FROM second WHERE b IS NULL";
    assert_eq!(connection.query_one(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    let names = snapshot(folder.path());
    let backups = names.keys().filter(|name| name.contains("before-migration"));
    assert_eq!(backups.collect::<Vec<_>>(), [&backup_name()]);
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    write(&mut store.writer, 1);
    let wrong = "CREATE TABLE half (a INTEGER) STRICT; SELECT no_such_thing();";
    let steps = [STEPS, &[wrong]].concat();
    assert!(migrate(&mut store.writer, &steps, &mut || true).is_err());
    let connection = &store.writer.session().connection;
    assert!(connection.is_autocommit());
    assert!(connection.prepare("SELECT a FROM half").is_err());
    drop(store);
    assert_eq!(count(&opened(&path).readers), 1);
}

#[test]
fn statements_of_the_store_prepare() {
    let (_folder, path) = made();
    let mut store = begun(&path);
    let tx: &mut dyn Tx = store.writer.tx();
    for statement in super::super::statements() {
        let row = vec![Value::Int(1); statement.parameters.len()];
        tx.one(statement, &row).unwrap();
    }
}
