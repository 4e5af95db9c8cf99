//! Generation: what a schedule's rule comes to, beside the slots that it has made. Pure and repeatable.
//!
//! A slot is known by the rule's wall time, not by its instant. So running it again makes nothing twice, a
//! cancelled date is never made again, and new zone data shows as a slot that would start at another instant.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::dates::{MAX_SLOTS, NoDates, RejectedDate, SlotDate, View, dates_in};
use crate::domain::ids::SlotId;
use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::ScheduleSpec;
use crate::domain::zone::{Zone, parse_date};

/// How far before now a schedule's own slots are looked at: whatever zone data and clocks do to a wall time, it
/// is not further from its instant than this.
pub const LOOK_BACK: Span = Span::from_days(2);

/// A slot that a schedule has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeSlot {
    /// Its id.
    pub id: SlotId,
    /// The wall time by which the schedule knows it.
    pub rule_local: Arc<str>,
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// The release of the zone data that made its instants.
    pub tzdb: Arc<str>,
    /// It does not take place.
    pub cancelled: bool,
    /// It was moved by hand: no rule says where it stands.
    pub moved: bool,
}

/// Why a slot is not where its rule puts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DriftReason {
    /// The schedule's rule, or the event's duration, is another one now.
    Rule,
    /// The world's rules are: the zone data of this build resolves its wall time otherwise.
    Zone,
}

impl DriftReason {
    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Zone => "zone",
        }
    }
}

/// A slot that is not where its rule puts it, or that its rule does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleSlot {
    /// The slot as it is.
    pub slot: MadeSlot,
    /// Where the rule puts it; none: the rule has no such date.
    pub to: Option<SlotDate>,
    /// Why it differs.
    pub why: DriftReason,
}

/// What a schedule would have, beside what it has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Dates without a slot that have not started and may be made now, by start.
    pub new: Vec<SlotDate>,
    /// Slots that have not started and are not where the rule puts them, by start.
    pub stale: Vec<StaleSlot>,
    /// Dates that a clock change skips or repeats, and the rule leaves out.
    pub rejected: Vec<RejectedDate>,
}

/// Compares what a rule comes to, seen from `now`, with what is there.
///
/// A slot that has started, is cancelled or was moved by hand is neither made again nor stale. Notice and horizon say only what is
/// made: a slot that is there stays, although nobody would make it today.
///
/// # Takes
/// `made`: the schedule's slots whose wall time is not more than [`LOOK_BACK`] before `now`. `tzdb`: the release of
/// the zone data in this program.
///
/// # Errors
/// A rule that cannot be read, and one that comes to more than [`MAX_SLOTS`] slots that have not started.
pub fn compare(
    spec: &ScheduleSpec,
    length: Span,
    zone: &Zone,
    made: &[MadeSlot],
    tzdb: &str,
    now: Instant,
) -> Result<Comparison, NoDates> {
    let seen = View::at(spec, zone, now)?;
    // What is there is looked for as far as it goes, also where nothing would be made yet.
    let dates_made = made.iter().filter_map(|slot| parse_date(slot.rule_local.get(..10)?).ok());
    let last = seen.last.map(|last| dates_made.max().map_or(last, |made| made.max(last)));
    let view = View { first: Some(now.minus(LOOK_BACK)), last, most: 2 * MAX_SLOTS };
    let found = dates_in(spec, length, zone, view)?;
    let may_be_made = |date: &&SlotDate| date.starts_at > now && seen.holds(date.starts_at, zone);
    if found.next.is_some() || found.slots.iter().filter(may_be_made).count() > MAX_SLOTS {
        return Err(NoDates::TooManySlots);
    }
    let mut by_local: FxHashMap<&str, &SlotDate> = FxHashMap::default();
    for date in &found.slots {
        by_local.insert(&date.rule_local, date);
    }
    let known: FxHashSet<&str> = made.iter().map(|slot| &*slot.rule_local).collect();
    let is_new = |date: &&SlotDate| !known.contains(&*date.rule_local);
    let new = found.slots.iter().filter(may_be_made).filter(is_new).cloned().collect();
    let mut stale = Vec::new();
    for slot in made {
        let date = by_local.get(&*slot.rule_local).copied();
        let there = date.is_some_and(|date| stands(slot, date));
        if !there && !slot.cancelled && !slot.moved && slot.starts_at > now {
            let why = reason(slot, date, tzdb);
            stale.push(StaleSlot { slot: slot.clone(), to: date.cloned(), why });
        }
    }
    let today = zone.local(now);
    let mut rejected = found.rejected;
    rejected.retain(|date| {
        date.local >= today && seen.last.is_none_or(|last| date.local.date() <= last)
    });
    let mut comparison = Comparison { new, stale, rejected };
    comparison.match_instants();
    Ok(comparison)
}

impl Comparison {
    /// A listed instant is the same slot, whatever the wall shows then under other zone data.
    fn match_instants(&mut self) {
        let lost = self.stale.iter().filter(|it| it.to.is_none());
        let lost: FxHashSet<_> = lost.map(|it| (it.slot.starts_at, it.slot.ends_at)).collect();
        let mut same = FxHashSet::default();
        self.new.retain(|date| {
            let instants = (date.starts_at, date.ends_at);
            let is_new = !lost.contains(&instants);
            if !is_new {
                same.insert(instants);
            }
            is_new
        });
        self.stale
            .retain(|it| it.to.is_some() || !same.contains(&(it.slot.starts_at, it.slot.ends_at)));
        self.stale.sort_by_key(|it| (it.slot.starts_at, it.slot.id));
    }
}

fn stands(slot: &MadeSlot, date: &SlotDate) -> bool {
    (slot.starts_at, slot.ends_at) == (date.starts_at, date.ends_at)
}

/// The zone's doing is what has another release of its data and is as long as before.
fn reason(slot: &MadeSlot, date: Option<&SlotDate>, tzdb: &str) -> DriftReason {
    let length = |from: Instant, until: Instant| until.since(from);
    let same_length = date.is_some_and(|date| {
        length(slot.starts_at, slot.ends_at) == length(date.starts_at, date.ends_at)
    });
    if same_length && &*slot.tzdb != tzdb { DriftReason::Zone } else { DriftReason::Rule }
}

#[cfg(test)]
#[path = "generation_tests.rs"]
mod tests;
