//! What is true of the whole file.

use crate::domain::ids::FileId;
use crate::domain::instant::Instant;
use crate::domain::reference::MAX_NUMBER;

use super::boundary::{Call, StoreError, StoreFailure, Tx, Value};
use super::statement::statements;

statements! {
    LOAD = "SELECT file_id, epoch, fence, floor, test_clock, last_number, last_seq, chain, catalog, dirty FROM meta WHERE one = 1"
        () -> (Id, Int, Int, Int, Int, Int, Int, Bytes, Int, Int);
    ADVANCE = "UPDATE meta SET floor = $1, last_number = $2, last_seq = $3, chain = $4, catalog = $5 WHERE one = 1"
        (Int, Int, Int, Bytes, Int) -> ();
    FENCE = "UPDATE meta SET fence = fence + 1 WHERE one = 1" () -> ();
}

/// The one row of `meta`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    /// The file's id, the same in every copy.
    pub(crate) file_id: FileId,
    /// Changed by restore alone; cursors live by it.
    pub(crate) epoch: i64,
    /// Bumped to bury a commit whose fate was not known.
    pub(crate) fence: i64,
    /// Instant of the last commit.
    pub(crate) floor: Instant,
    /// The file never reads the wall clock.
    pub(crate) test_clock: bool,
    /// The newest booking's number.
    pub(crate) last_number: u64,
    /// The newest change's sequence.
    pub(crate) last_seq: i64,
    /// The newest change's hash.
    pub(crate) chain: [u8; 32],
    /// Bumped by every import.
    pub(crate) catalog: i64,
    /// A log beside the file may hold commits.
    pub(crate) dirty: bool,
}

/// Loads the row.
pub(crate) fn load(tx: &mut dyn Tx) -> Result<Meta, StoreError> {
    let rows = tx.one(&LOAD, &[])?;
    let damaged = || StoreError::new(StoreFailure::Corrupt, "the meta row is missing or damaged");
    let row = rows.first().ok_or_else(damaged)?;
    Ok(Meta {
        file_id: FileId::from_bytes(row.id(0)),
        epoch: row.int(1),
        fence: row.int(2),
        floor: Instant::from_micros(row.int(3)).ok_or_else(damaged)?,
        test_clock: row.int(4) == 1,
        last_number: u64::try_from(row.int(5))
            .ok()
            .filter(|number| *number < MAX_NUMBER)
            .ok_or_else(damaged)?,
        last_seq: row.counter(6)?,
        chain: row.bytes(7).try_into().map_err(|_| damaged())?,
        catalog: row.counter(8)?,
        dirty: row.int(9) == 1,
    })
}

/// Writes what every commit moves.
pub(crate) fn advance(tx: &mut dyn Tx, meta: &Meta) -> Result<(), StoreError> {
    let number = i64::try_from(meta.last_number).unwrap_or(i64::MAX);
    let row = [
        Value::Int(meta.floor.micros()),
        Value::Int(number),
        Value::Int(meta.last_seq),
        Value::Bytes(meta.chain.into()),
        Value::Int(meta.catalog),
    ];
    tx.exec(&[Call::once(&ADVANCE, row)]).map(drop)
}

/// Writes a fence.
pub(crate) fn fence(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&FENCE, [])]).map(drop)
}
