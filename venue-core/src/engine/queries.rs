//! Reading: one consistent view each, never a decision.

use crate::domain::caller::Caller;
use crate::domain::error::Error;
use crate::domain::query::Query;
use crate::domain::view::Answer;
use crate::store::meta;

use super::Engine;
use super::failure::storage_error;
use super::reads::{self, ReadContext};

impl Engine {
    /// Answers a query from one consistent view of the file, as of now: a hold whose time has run out reads
    /// expired, and its units free.
    ///
    /// # Errors
    /// Invalid without a trace, `bad_cursor`, `organizer_needed`; refused `forbidden`, `not_found`,
    /// `cursor_epoch`; storage failures.
    ///
    /// # Concurrency
    /// Waits for nobody who writes. What was committed before the call is seen.
    pub fn query(&self, caller: &Caller, query: &Query) -> Result<Answer, Error> {
        query.validate()?;
        let shared = &self.inner.shared;
        // I7: what this process was told of is durable, and in every view that begins afterwards.
        let known = shared.wakes.newest();
        self.view(|tx| {
            let meta = meta::load(tx).map_err(storage_error)?;
            if meta.last_seq < known {
                let message = format!("change {known} was told of, and cannot be read");
                return Err(Error::Bug { message });
            }
            let now = shared.read_at(meta.floor);
            reads::run(tx, &ReadContext { caller, now }, query)
        })
    }
}
