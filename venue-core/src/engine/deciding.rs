//! Deciding a batch: its commands in arrival order, over one unit of work, and the small clean-up at its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::domain::error::Error;
use crate::operations::{self, Command, LeftOut, Work};
use crate::store::boundary::StoreFailure;

use super::failure::storage_error;
use super::leader::{Answer, Failed};
use super::shared::Shared;

/// How long a batch goes on deciding.
const DECIDING: Duration = Duration::from_millis(10);

/// Decides commands in arrival order, until the time for deciding is over; then cleans up a little, but for what is left
/// out of it. Says which due holds that closed.
pub(super) fn decide(
    work: &mut Work<'_>,
    commands: &[Command],
    shared: &Shared,
    tidies: Option<&LeftOut>,
) -> Result<(Vec<Answer>, Vec<u64>), Failed> {
    let until = shared.clock.monotonic() + DECIDING;
    let mut answers = Vec::with_capacity(commands.len());
    for (place, command) in commands.iter().enumerate() {
        if place % 16 == 15 && shared.clock.monotonic() > until {
            break;
        }
        // The rest goes back to the front of the queue.
        if place > 0 && (command.verb.runs_alone() || commands[place - 1].verb.runs_alone()) {
            break;
        }
        match catch_unwind(AssertUnwindSafe(|| operations::run(work, command))) {
            Ok(Ok(answer)) => answers.push(answer),
            // Rows of one slot that contradict each other are no reason to sell nothing of the others.
            Ok(Err(error)) if error.failure == StoreFailure::Corrupt => {
                return Err(Failed::AtFault(place, storage_error(error)));
            }
            Ok(Err(error)) => return Err(Failed::Storage(error)),
            Err(panic) => {
                let message = message_of(panic.as_ref());
                return Err(Failed::AtFault(place, Error::Bug { message }));
            }
        }
    }
    let Some(left_out) = tidies else { return Ok((answers, Vec::new())) };
    match operations::tidy(work, left_out) {
        Ok(closed) => Ok((answers, closed)),
        Err(untidy) if untidy.is_damage() => Err(Failed::Untidy(untidy)),
        Err(untidy) => Err(Failed::Storage(untidy.error)),
    }
}

/// What a panic said.
fn message_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}
