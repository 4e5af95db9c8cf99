//! Commands that are bad on purpose, by the beginning of their key: what they do to their neighbours in the batch is the
//! poison rig's to find out. Only builds for the rigs have this.

use crate::store::poison;

use super::{Context, Done, Stop, Work};

/// Whether the command is bad in this way.
fn is(context: &Context<'_>, way: &str) -> bool {
    context.command.key.as_str().strip_prefix("poison-").is_some_and(|key| key.starts_with(way))
}

/// Before anything is decided.
pub(super) fn before(context: &Context<'_>) {
    assert!(!is(context, "early-"), "poison: before it is decided");
}

/// Units are taken or given back, and no change says so yet.
pub(super) fn within(context: &Context<'_>) {
    assert!(!is(context, "half-"), "poison: half decided");
}

/// After it is decided, and before its key keeps the answer.
pub(super) fn after(
    work: &mut Work<'_>,
    context: &Context<'_>,
    decided: Result<Done, Stop>,
) -> Result<Done, Stop> {
    assert!(!is(context, "late-"), "poison: decided");
    if is(context, "sql-") {
        poison::failing(work.tx)?;
    }
    if is(context, "row-") && decided.is_ok() {
        // Two changes of one number: the schema refuses the second when the batch is written.
        let again = context.change("slot.closed");
        work.meta.last_seq -= 1;
        let _ = work.add_change(again);
    }
    decided
}
