//! The engine: it queues commands, decides them in batches, and answers every caller.

#[cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the verbs of the engine are its callers")
)]
pub(crate) mod queue;
#[cfg(test)]
mod queue_tests;
mod reads;
mod sync;
