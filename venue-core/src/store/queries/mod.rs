//! What the reading verbs ask for: pages of lists by the keys of their order, and single things with all that
//! replies show. Nothing here is used to decide about a command.

pub(crate) mod bookings;
pub(crate) mod events;
pub(crate) mod found;
pub(crate) mod free;
pub(crate) mod plans;
pub(crate) mod schedules;
pub(crate) mod slots;
pub(crate) mod tickets;
pub(crate) mod venues;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use super::boundary::{StoreError, StoreFailure, Value};

fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, format!("a row of {what} is damaged"))
}

/// An id or null.
fn maybe_id(id: Option<[u8; 16]>) -> Value {
    id.map_or(Value::Null, Value::Id)
}
