//! The store: the boundary that the engine sees, and the SQLite store behind it. SQL exists only here.

pub mod boundary;
pub mod sqlite;
