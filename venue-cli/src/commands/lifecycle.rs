//! What became of slots and of those who booked them, as people read it.

use venue_core::domain::reply::{EventCancelDone, SlotCancelDone, SlotPostponed};

use crate::output::{Facts, Table, when};

/// A slot that was cancelled, or would be.
pub(crate) fn cancelled(done: &SlotCancelDone) -> String {
    let facts = Facts::default().fact("slot", done.slot).fact("event", &done.event);
    let facts = match done.cancelled_at {
        Some(at) => facts.fact("cancelled", when(at)),
        None => facts.fact("cancelled", "no, this is what would become of it"),
    };
    let mut table = Table::new(&["what", ">number"]);
    table.row(&[&"holds released", &done.holds]);
    table.row(&[&"bookings cancelled", &done.bookings]);
    table.row(&[&"units given back", &done.units]);
    table.row(&[&"due for refund", &done.refund_due]);
    format!("{}\n{}", facts.text(), table.text())
}

/// An event that was called off, or would be.
pub(crate) fn called_off(done: &EventCancelDone) -> String {
    let facts = Facts::default().fact("event", &done.event.slug).fact("title", &done.event.title);
    let facts = match done.cancelled_at {
        Some(at) => facts.fact("cancelled", when(at)),
        None => facts.fact("cancelled", "no, this is what would become of it"),
    };
    let mut table = Table::new(&["what", ">number"]);
    table.row(&[&"slots cancelled", &done.slots]);
    table.row(&[&"holds released", &done.holds]);
    table.row(&[&"bookings cancelled", &done.bookings]);
    table.row(&[&"units given back", &done.units]);
    table.row(&[&"due for refund", &done.refund_due]);
    format!("{}\n{}", facts.text(), table.text())
}

/// A slot that was moved, or would be, and whom that concerns.
pub(crate) fn postponed(done: &SlotPostponed) -> String {
    let moved = if done.dry_run { "would start" } else { "starts" };
    let facts = Facts::default()
        .fact("slot", done.slot)
        .fact("event", &done.event)
        .fact("started", &done.before.local)
        .fact(moved, &done.after.local)
        .fact("ends", when(done.after.ends_at))
        .maybe("on sale from", done.after.on_sale_from.map(when))
        .fact("on sale until", when(done.after.on_sale_until))
        .fact("holds", done.holds)
        .fact("bookings", done.bookings)
        .fact("units", done.units)
        .fact("version", done.version);
    if done.affected.is_empty() {
        return facts.text();
    }
    let mut table = Table::new(&["affected", "state", "buyer", ">units"]);
    for it in &done.affected {
        let buyer = it.buyer.as_ref().map_or("-", |buyer| buyer.as_str());
        table.row(&[&it.reference, &it.state.name(), &buyer, &it.units]);
    }
    let named = i64::try_from(done.affected.len()).unwrap_or(i64::MAX);
    let others = done.holds.saturating_add(done.bookings).saturating_sub(named);
    let more = match others {
        1.. => format!("and {others} more: see `venue booking list --slot {}`\n", done.slot),
        _ => String::new(),
    };
    format!("{}\n{}{more}", facts.text(), table.text())
}
