//! No interleaving breaks the command queue, or lets a follower of the feed sleep through a change
//! or a close: their real source, compiled against the types of two model checkers. (There is no
//! limiter yet, so none is modelled.)
//!
//! - loom runs every model in every interleaving with up to `VENUE_LOOM_BOUND` preemptions
//!   (3 unless told otherwise). Running out of time is a failure.
//! - shuttle runs every model, and larger ones, in `VENUE_SHUTTLE_RUNS` random schedules (1,000
//!   unless told otherwise) and as many of the PCT scheduler, and prints a failing schedule.
//!
//! Checkers that find nothing prove little, so known mistakes are planted one at a time, and for
//! each of them a test claims that both checkers find it.
//!
//! All locks, bells and threads are the checker's, and so is every lock of the models:
//! with std's types in the fake runner, loom skips interleavings that matter.

#![expect(clippy::duplicate_mod, reason = "the same source is compiled against two checkers")]

mod on_loom;
mod on_shuttle;
mod search;
