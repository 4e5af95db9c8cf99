//! The store: the boundary that the engine sees, and the SQLite store behind it. SQL exists only here.

pub(crate) mod affected;
pub(crate) mod audit;
pub(crate) mod bookings;
pub mod boundary;
#[cfg_attr(not(feature = "import"), allow(dead_code, reason = "only imports write the catalogue"))]
pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod event_rows;
pub(crate) mod events;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod meta;
#[cfg(feature = "rigs")]
pub(crate) mod poison;
pub(crate) mod queries;
pub(crate) mod search;
#[cfg(test)]
mod search_tests;
pub(crate) mod slots;
pub mod sqlite;
pub(crate) mod statement;
