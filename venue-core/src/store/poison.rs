//! A statement that fails, for the poison rig. Only builds for the rigs have this.

use super::boundary::{Kind, Rows, Statement, StoreError, Tx, Value};

/// The least integer has no absolute value, which SQLite says when the statement runs.
static FAILING: Statement = Statement {
    name: "poison_failing",
    sql: "SELECT abs($1)",
    parameters: &[Kind::Int],
    columns: &[Kind::Int],
};

/// Runs it.
pub(crate) fn failing(tx: &mut dyn Tx) -> Result<Rows, StoreError> {
    tx.one(&FAILING, &[Value::Int(i64::MIN)])
}
