//! A statement that fails can end its whole transaction; what runs next would then commit by itself. The store's own
//! promise, below the engine: after a failure nothing of a transaction is done, whatever its user still asks of it.

use venue_core::canary::Canary;
use venue_core::store::boundary::{Call, Committed, Kind, Statement, Store as _, Value};
use venue_core::store::sqlite;
use venue_tests::canaries::assert_found;
use venue_tests::disk::{Fault, Kind as Operation, RamDisk};
use venue_tests::office::{FILE, template};

static TOUCH: Statement = Statement {
    name: "test_touch",
    sql: "UPDATE slot SET version = version + 1",
    parameters: &[],
    columns: &[],
};

static INSERT: Statement = Statement {
    name: "test_insert",
    sql: "INSERT INTO organizer (id, slug, name, currency) VALUES ($1, $2, $3, $4)",
    parameters: &[Kind::Id, Kind::Text, Kind::Text, Kind::Text],
    columns: &[],
};

fn row() -> [Value; 4] {
    let text = |text: &str| Value::Text(text.into());
    [Value::Id([3; 16]), text("second"), text("Second"), text("EUR")]
}

#[test]
fn nothing_of_a_transaction_is_done_after_a_statement_of_it_failed() {
    let disk = RamDisk::of(template().clone());
    let mut store = sqlite::open(&disk.path(FILE), &disk.access()).unwrap().writer;
    assert!(store.begin(&mut || true).unwrap());
    let mut touch = Call::new(&TOUCH);
    touch.runs = 1;
    disk.arm(&[Fault::lasting(Operation::Read, 1)]);
    store.tx().exec(&[touch]).unwrap_err();
    assert!(disk.struck() > 0);
    disk.arm(&[]);
    let after = store.tx().exec(&[Call::once(&INSERT, row())]);
    let committed = store.commit();
    let found: i64 = disk
        .connect(FILE)
        .unwrap()
        .query_one("SELECT count(*) FROM organizer WHERE slug = 'second'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, 0, "GHOST: a statement of a failed transaction committed by itself");
    assert!(after.is_err() && matches!(committed, Committed::Failed(_)), "{committed:?}");
    // The next transaction knows nothing of it.
    assert!(store.begin(&mut || true).unwrap());
    assert_eq!(store.tx().exec(&[Call::once(&INSERT, row())]).unwrap(), [1]);
    assert_eq!(store.commit(), Committed::Done);
}

#[test]
fn a_transaction_that_is_not_looked_at_is_found() {
    let rig = "statements::nothing_of_a_transaction_is_done_after_a_statement_of_it_failed";
    assert_found(Canary::AutocommitUnchecked, rig, &[], "GHOST");
}
