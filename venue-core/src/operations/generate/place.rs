//! Where a schedule's new and moving slots find room in their hall.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::domain::dates::SlotDate;
use crate::domain::generated::{KeptBecause, ScheduleRefusal};
use crate::domain::ids::SlotId;
use crate::domain::timetable::{Occupied, Timetable};
use crate::store::catalog::schedules::ScheduleFacts;

use super::{Aim, Decision, Stale};

/// Puts what is new, and to mend what moves, into the hall's timetable, or refuses the schedule as a whole.
///
/// A slot of the schedule that stays although the rule has it elsewhere blocks the dates it stands on, not the
/// schedule: else one ticket that was sold would end the schedule for ever. What other schedules have in the hall
/// refuses it as a whole.
pub(super) fn place(decision: &mut Decision, new: Vec<SlotDate>, aim: Aim, hall: &mut Timetable) {
    let kept = decision.stale.iter().filter(|stale| stale.kept.is_some());
    let mut staying: FxHashSet<SlotId> = kept.map(|stale| stale.it.slot.id).collect();
    if aim == Aim::Mend {
        while block(&decision.facts, &mut decision.stale, &mut staying, hall) {}
    }
    for date in new {
        match blocker(hall, &staying, &occupied(&decision.facts, &date, None)) {
            Some(by) => decision.blocked.push((date, by)),
            None => decision.new.push(date),
        }
    }
    let (mut taken_out, mut wanted) = (Vec::new(), Vec::new());
    if aim == Aim::Mend {
        let free = decision.stale.iter().filter(|stale| stale.kept.is_none());
        for Stale { it, .. } in free {
            taken_out.extend(hall.remove(it.slot.id, it.slot.starts_at));
            wanted.extend(it.to.iter().map(|to| occupied(&decision.facts, to, Some(it.slot.id))));
        }
    }
    wanted.extend(decision.new.iter().map(|date| occupied(&decision.facts, date, None)));
    let Err(clash) = hall.add_all(wanted) else { return };
    for slot in taken_out {
        hall.add(slot);
    }
    let zone = &decision.facts.zone;
    let name = |it: &Occupied| format!("{}@{}", it.slug, zone.local(it.starts_at));
    let (local, with) = (name(&clash.slot), name(&clash.with));
    decision.refused = Some(ScheduleRefusal::Collision { local, with });
    decision.new.clear();
}

/// Lets those stay whose new place is a staying slot's; true if there were any. They are looked at from both ends:
/// of slots in a row each may wait for its neighbour.
fn block(
    facts: &ScheduleFacts,
    stale: &mut [Stale],
    staying: &mut FxHashSet<SlotId>,
    hall: &Timetable,
) -> bool {
    let before = staying.len();
    let places = (0..stale.len()).chain((0..stale.len()).rev());
    for place in places {
        let Stale { it, kept } = &mut stale[place];
        let Some(to) = it.to.as_ref().filter(|_| kept.is_none()) else { continue };
        if blocker(hall, staying, &occupied(facts, to, Some(it.slot.id))).is_some() {
            *kept = Some(KeptBecause::Blocked);
            staying.insert(it.slot.id);
        }
    }
    staying.len() > before
}

/// The staying slot that stands in the way of another one.
fn blocker(hall: &Timetable, staying: &FxHashSet<SlotId>, new: &Occupied) -> Option<SlotId> {
    if staying.is_empty() {
        return None;
    }
    let stays = |other: &Occupied| other.slot.is_some_and(|slot| staying.contains(&slot));
    hall.clash_among(new, |other| other.slot != new.slot && stays(other))?.slot
}

/// A date as the hall's timetable has it.
fn occupied(facts: &ScheduleFacts, date: &SlotDate, slot: Option<SlotId>) -> Occupied {
    Occupied {
        slot,
        event: facts.event,
        schedule: facts.id,
        slug: Arc::clone(&facts.slug),
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        overlap: facts.rule.overlap,
    }
}
