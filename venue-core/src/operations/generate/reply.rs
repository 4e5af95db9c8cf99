//! Decisions, as the answers of `schedule generate` and `schedule drift` have them.

use crate::domain::dates::SlotDate;
use crate::domain::generated::{
    BlockedSlot, Drifted, DriftedSchedule, DriftedSlot, Generated, GeneratedSchedule, MOST_LISTED,
};
use crate::domain::ids::SlotId;
use crate::domain::import_done::RejectedSlot;

use super::{Decision, Stale};

/// Adds what was, or would be, generated for a schedule.
pub(crate) fn add_generated(answer: &mut Generated, decision: &Decision) {
    let added = decision.new.len() as u64;
    answer.added += added;
    answer.refused += u64::from(decision.refused.is_some());
    answer.rejected.extend(rejected(decision, answer.rejected.len()));
    answer.schedules.push(GeneratedSchedule {
        schedule: decision.facts.name.clone(),
        id: decision.facts.id,
        zone: decision.facts.zone.clone(),
        added,
        first: decision.new.first().map(|date| date.starts_at),
        last: decision.new.last().map(|date| date.starts_at),
        blocked: blocked(&decision.blocked),
        refused: decision.refused.clone(),
    });
}

/// Adds how a schedule's slots differ from its rule, if they do.
pub(crate) fn add_drifted(answer: &mut Drifted, decision: &Decision) {
    answer.schedules += 1;
    answer.refused += u64::from(decision.refused.is_some());
    answer.rejected.extend(rejected(decision, answer.rejected.len()));
    let done = decision.refused.is_none();
    let count = |some: usize| if done { some as u64 } else { 0 };
    let drifted = DriftedSchedule {
        schedule: decision.facts.name.clone(),
        id: decision.facts.id,
        zone: decision.facts.zone.clone(),
        add: count(decision.new.len()),
        remove: count(decision.going().count()),
        r#move: count(decision.moving().count()),
        keep: decision.stale.iter().filter(|stale| stale.kept.is_some()).count() as u64,
        added: decision.new.iter().take(MOST_LISTED).map(|date| date.starts_at).collect(),
        slots: decision.stale.iter().take(MOST_LISTED).map(drifted).collect(),
        blocked: blocked(&decision.blocked),
        refused: decision.refused.clone(),
    };
    let differs = !drifted.slots.is_empty()
        || !drifted.added.is_empty()
        || !drifted.blocked.is_empty()
        || drifted.refused.is_some();
    if differs {
        answer.drifted.push(drifted);
    }
}

fn drifted(stale: &Stale) -> DriftedSlot {
    DriftedSlot {
        slot: stale.it.slot.id,
        starts_at: stale.it.slot.starts_at,
        wanted: stale.it.to.as_ref().map(|to| to.starts_at),
        reason: stale.it.why,
        kept: stale.kept,
    }
}

fn blocked(blocked: &[(SlotDate, SlotId)]) -> Vec<BlockedSlot> {
    let some = blocked.iter().take(MOST_LISTED);
    some.map(|(date, by)| BlockedSlot { starts_at: date.starts_at, by: *by }).collect()
}

/// The dates that the gap policy leaves out, as far as they are listed.
fn rejected(decision: &Decision, listed: usize) -> Vec<RejectedSlot> {
    let room = MOST_LISTED.saturating_sub(listed);
    let some = decision.rejected.iter().take(room);
    some.map(|date| RejectedSlot {
        schedule: decision.facts.name.clone(),
        local: date.local,
        reason: date.reason,
    })
    .collect()
}
