//! Entities, requests, replies and the rules: no clock, no SQL, no locks, no I/O.

pub mod dates;
pub mod grid;
pub mod ids;
pub mod import_error;
pub mod instant;
pub mod local_time;
pub mod money;
pub mod plan;
mod plan_error;
pub mod schedule;
pub mod season;
pub mod text;
pub mod zone;
