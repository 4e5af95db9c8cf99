//! Making the slots of schedules, and bringing those that are there back to their rules: the one generator, which
//! an import ends with too.
//!
//! One schedule at a time: `look` decides from rows alone and writes nothing, `write` writes what was decided. Who
//! calls it says in which transaction: an import in its own, `schedule generate` in one a schedule. What is done
//! is known by the rows, so a run that was killed is completed by the next one.

mod announce;
mod place;
mod reply;
mod timetables;
mod write;

use crate::domain::dates::{RejectedDate, SlotDate};
use crate::domain::generated::{KeptBecause, ScheduleRefusal};
use crate::domain::generation::{LOOK_BACK, MadeSlot, StaleSlot, compare};
use crate::domain::ids::{ScheduleId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::slot::EventState;
use crate::domain::zone::tzdb_version;
use crate::store::boundary::{StoreError, Tx};
use crate::store::catalog::schedules::ScheduleFacts;
use crate::store::catalog::{made_slots, schedules};

pub(crate) use announce::announce;
pub(crate) use reply::{add_drifted, add_generated};
pub(crate) use timetables::Timetables;
pub(crate) use write::write;

/// What is to become of a schedule's slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Missing ones are made; nothing that is there is touched.
    Generate,
    /// Missing ones are made; those that the rule has elsewhere move, those that it does not have go. What
    /// anybody has or had something of is never touched.
    Mend,
}

/// A slot that is not where its rule puts it, and whether it may be touched.
#[derive(Debug, Clone)]
pub(crate) struct Stale {
    /// The slot.
    pub(crate) it: StaleSlot,
    /// Why it stays; none: it moves or goes.
    pub(crate) kept: Option<KeptBecause>,
}

/// What is to be done for one schedule.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The schedule.
    pub(crate) facts: ScheduleFacts,
    /// Dates that a clock change skips or repeats, and its rule leaves out.
    pub(crate) rejected: Vec<RejectedDate>,
    /// Slots to make, by start; none if it is refused.
    pub(crate) new: Vec<SlotDate>,
    /// Slots that are not where the rule puts them.
    pub(crate) stale: Vec<Stale>,
    /// Dates at which a slot of the schedule stands that may not be touched.
    pub(crate) blocked: Vec<(SlotDate, SlotId)>,
    /// Why nothing is done, as a whole.
    pub(crate) refused: Option<ScheduleRefusal>,
}

impl Decision {
    /// The slots that move, with where they go.
    pub(crate) fn moving(&self) -> impl Iterator<Item = (&MadeSlot, &SlotDate)> {
        let free = self.stale.iter().filter(|stale| stale.kept.is_none());
        free.filter_map(|stale| Some((&stale.it.slot, stale.it.to.as_ref()?)))
    }

    /// The slots that go.
    pub(crate) fn going(&self) -> impl Iterator<Item = &MadeSlot> {
        let free = self.stale.iter().filter(|stale| stale.kept.is_none());
        free.filter(|stale| stale.it.to.is_none()).map(|stale| &stale.it.slot)
    }
}

/// Decides what is to be done for a schedule; none: it is not there, or its event was deleted. Reads only, but what
/// it decides is in the timetables afterwards.
pub(crate) fn look(
    tx: &mut dyn Tx,
    id: ScheduleId,
    now: Instant,
    aim: Aim,
    timetables: &mut Timetables,
) -> Result<Option<Decision>, StoreError> {
    let Some(facts) = schedules::facts(tx, id)? else { return Ok(None) };
    let mut decision = Decision {
        facts,
        rejected: Vec::new(),
        new: Vec::new(),
        stale: Vec::new(),
        blocked: Vec::new(),
        refused: None,
    };
    let facts = &decision.facts;
    let lives = matches!(facts.state, EventState::Draft | EventState::Published);
    let Some(length) = facts.length.filter(|_| lives) else { return Ok(Some(decision)) };
    let since = facts.zone.local(now.minus(LOOK_BACK)).date().to_string();
    let made = made_slots::made(tx, id, &since)?;
    let found = match compare(&facts.rule, length, &facts.zone, &made, tzdb_version(), now) {
        Ok(found) => found,
        Err(why) => {
            decision.refused = Some(why.into());
            return Ok(Some(decision));
        }
    };
    decision.rejected = found.rejected;
    let ids: Vec<SlotId> = found.stale.iter().map(|it| it.slot.id).collect();
    let kept = made_slots::kept(tx, facts.event, &ids)?;
    decision.stale =
        found.stale.into_iter().zip(kept).map(|(it, kept)| Stale { it, kept }).collect();
    let changes = |stale: &Stale| aim == Aim::Mend && stale.kept.is_none();
    if !found.new.is_empty() || decision.stale.iter().any(changes) {
        let hall = timetables.of(tx, &decision.facts, now)?;
        place::place(&mut decision, found.new, aim, hall);
    }
    Ok(Some(decision))
}
