//! What the rigs share.

pub mod big_hall;
