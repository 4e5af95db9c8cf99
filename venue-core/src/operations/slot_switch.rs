//! `slot open` and `slot close`: whether anything new is sold.

use crate::domain::refusal::Refusal;
use crate::domain::reply::{Reply, SlotSwitched};
use crate::domain::request::SlotSwitch;
use crate::store::changes::ChangeRow;

use super::{Context, Done, Stop, Work, replay, subject};

/// Opens or closes a slot: refused `not_found`, `stale_version`, `slot_cancelled`, in this order. A slot that
/// is so already is done, and nothing is written but the key.
pub(super) fn switch(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &SlotSwitch,
    closed: bool,
) -> Result<Done, Stop> {
    let id = subject::slot(work, context, &request.slot)?;
    let slot = &work.slot(id).slot;
    subject::expect_version(request.expected_version, slot.version)?;
    if slot.cancelled {
        return Err(Refusal::SlotCancelled { at: None }.into());
    }

    // From here only the storage can fail.
    let changes = slot.closed != closed;
    if changes {
        let (book, _) = work.slot_mut(id);
        book.slot.closed = closed;
        book.touch();
    }
    let slot = &work.slot(id).slot;
    let (event, version) = (slot.event, slot.version);
    let reply = Reply::Slot(SlotSwitched { slot: id, closed, version });
    if changes {
        let body = serde_json::to_string(&reply).unwrap_or_else(|_| unreachable!("plain data"));
        let change = context.change(if closed { "slot.closed" } else { "slot.opened" });
        work.add_change(ChangeRow {
            event: Some(event),
            slot: Some(id),
            body: Some(body.into()),
            ..change
        });
    }
    Ok(Done { stored: replay::kept(&reply), reply })
}
