//! Entities, requests, replies and the rules: no clock, no SQL, no locks, no I/O.

pub mod ids;
pub mod instant;
pub mod money;
pub mod text;
