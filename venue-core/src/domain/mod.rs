//! Entities, requests, replies and the rules: no clock, no SQL, no locks, no I/O.

pub mod booking;
pub mod booking_state;
pub mod caller;
pub mod error;
pub mod hold;
pub mod idempotency;
pub mod ids;
pub mod instant;
pub mod inventory;
pub mod limits;
pub mod line;
pub mod money;
pub mod reference;
pub mod refusal;
pub mod reply;
pub mod request;
pub mod slot;
pub mod text;
pub mod ticket;
