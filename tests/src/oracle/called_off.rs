//! Rules 2 and 3 of what is called off: each booking that ended with its slot did so because somebody called it or its
//! event off, and whoever was told that it is done finds nothing live.

use std::collections::HashMap;

use venue_core::domain::booking::BookingView;
use venue_core::domain::ids::SlotId;
use venue_core::domain::reply::Reply;
use venue_core::domain::slot::SlotState;
use venue_core::domain::view::ChangeView;

use super::{Evidence, Lies, Outcome, Record, Rule};

/// Whether a booking ended with its slot.
pub(super) fn is_end(view: &BookingView) -> bool {
    view.ended_why.as_ref().is_some_and(|why| why.as_str() == "slot_cancelled")
}

/// Somebody called the slot of this booking off, or its event, and was not told that nothing happened.
pub(super) fn explained(
    evidence: &Evidence,
    view: &BookingView,
    change: &ChangeView,
    lies: &mut Lies,
) {
    let may = |record: &&Record| {
        let happened = matches!(record.outcome, Outcome::Ok(_) | Outcome::Unknown);
        happened && record.asked.calls_off.as_deref() == Some(view.event.as_str())
    };
    lies.expect(evidence.history.iter().any(|record| may(&record)), Rule::Explained, || {
        format!("change {}, {} of {}: nobody called it off", change.sequence, change.kind, view.id)
    });
}

/// What was answered as called off is: with as many holds and bookings as was said, and none that lives.
pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    let mut ended: HashMap<SlotId, [i64; 2]> = HashMap::new();
    for view in evidence.changes().filter_map(|change| change.booking.as_ref()) {
        if is_end(view) {
            let held = view.tickets.is_empty() && view.state.name() == "released";
            ended.entry(view.slot).or_default()[usize::from(!held)] += 1;
        }
    }
    for record in &evidence.history {
        let Some(Reply::SlotCancel(done)) = record.reply() else { continue };
        if done.cancelled_at.is_none() {
            continue;
        }
        let found = ended.get(&done.slot).copied().unwrap_or_default();
        lies.expect(found == [done.holds, done.bookings], Rule::Answered, || {
            let said = (done.holds, done.bookings);
            format!("slot {} was called off with {said:?}, the feed has {found:?}", done.slot)
        });
        // That of an event that was deleted is found nowhere.
        let Some(slot) = evidence.slots.iter().find(|slot| slot.id == done.slot) else { continue };
        let off = matches!(slot.state, SlotState::Cancelled | SlotState::Over);
        lies.expect(off && slot.sold + slot.held == 0, Rule::Answered, || {
            let (state, sold, held) = (slot.state, slot.sold, slot.held);
            format!("slot {} was called off: {state:?}, {sold} sold, {held} held", slot.id)
        });
    }
}
