//! The catalogue: what an import writes. Every function works in the caller's transaction.

pub(crate) mod calendars;
pub(crate) mod events;
pub(crate) mod halls;
pub(crate) mod made_slots;
pub(crate) mod organizers;
pub(crate) mod plans;
pub(crate) mod prices;
pub(crate) mod schedules;
pub(crate) mod slots;
pub(crate) mod venues;

use super::boundary::{Rows, StoreError, StoreFailure};

/// How many rows are written in one call: large enough to cost nothing, small enough to tell the progress.
pub(crate) const ROWS_A_CALL: usize = 5_000;

/// A row that does not read as what it is.
fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, format!("a row of {what} is damaged"))
}

/// True if a statement that counts found anything.
fn any(rows: &Rows) -> bool {
    rows.first().is_some_and(|row| row.int(0) > 0)
}

#[cfg(test)]
mod tests;
