//! What the feed says of generated and mended schedules: one change a schedule with its counts, and before it one
//! for each slot that went or moved, because somebody may know that slot.

use serde::Serialize;

use crate::domain::ids::{ScheduleId, SlotId};
use crate::domain::instant::Instant;
use crate::operations::{By, Work};

use super::{Aim, Decision};

/// The body of `schedule.generated` and `schedule.mended`.
#[derive(Serialize)]
struct Counts<'a> {
    schedule: &'a str,
    id: ScheduleId,
    added: usize,
    moved: usize,
    removed: usize,
}

/// The body of `slot.moved` and `slot.removed`.
#[derive(Serialize)]
struct Place {
    slot: SlotId,
    starts_at: Instant,
    ends_at: Instant,
}

/// Writes the changes of what was written for a schedule; none if nothing was.
pub(crate) fn announce(work: &mut Work<'_>, decision: &Decision, aim: Aim, by: &By<'_>) {
    if decision.refused.is_some() {
        return;
    }
    let facts = &decision.facts;
    let (mut moved, mut removed) = (0, 0);
    if aim == Aim::Mend {
        for slot in decision.going() {
            let place = Place { slot: slot.id, starts_at: slot.starts_at, ends_at: slot.ends_at };
            say(work, by, "slot.removed", decision, Some(slot.id), &place);
            removed += 1;
        }
        for (slot, to) in decision.moving() {
            let place = Place { slot: slot.id, starts_at: to.starts_at, ends_at: to.ends_at };
            say(work, by, "slot.moved", decision, Some(slot.id), &place);
            moved += 1;
        }
    }
    let added = decision.new.len();
    if added + moved + removed == 0 {
        return;
    }
    let kind = match aim {
        Aim::Generate => "schedule.generated",
        Aim::Mend => "schedule.mended",
    };
    let counts = Counts { schedule: &facts.name, id: facts.id, added, moved, removed };
    say(work, by, kind, decision, None, &counts);
}

fn say(
    work: &mut Work<'_>,
    by: &By<'_>,
    kind: &'static str,
    decision: &Decision,
    slot: Option<SlotId>,
    body: &impl Serialize,
) {
    let body = serde_json::to_string(body).unwrap_or_else(|_| unreachable!("plain data"));
    let mut change = by.change(kind);
    (change.event, change.slot) = (Some(decision.facts.event), slot);
    change.body = Some(body.into());
    work.add_change(change);
}
