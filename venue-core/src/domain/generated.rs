//! What generating and mending schedules did, or would do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::dates::{MAX_SLOTS, NoDates};
use crate::domain::generation::DriftReason;
use crate::domain::ids::{ScheduleId, SlotId};
use crate::domain::import_done::RejectedSlot;
use crate::domain::instant::Instant;
use crate::domain::zone::Zone;

/// At most so many slots of each kind are listed of one schedule; the counts are of all.
pub const MOST_LISTED: usize = 1_000;

/// Why a slot is left where it is, although its rule says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptBecause {
    /// Somebody bought something of it.
    Sold,
    /// Somebody holds something of it, or once held or bought it.
    Booked,
    /// Something of it is, or was, kept for the house or killed.
    Withheld,
    /// Nobody has anything of it, but where it should go stands a slot that stays.
    Blocked,
}

impl KeptBecause {
    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::Booked => "booked",
            Self::Withheld => "withheld",
            Self::Blocked => "blocked",
        }
    }
}

/// Why a schedule was left as it is, as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ScheduleRefusal {
    /// One of its slots is not free in its hall.
    #[error("{local} is not free in its hall: {with} is in the way")]
    Collision {
        /// The slot that is not free, as `EVENT@LOCAL`.
        local: String,
        /// The slot that is in the way, as `EVENT@LOCAL`.
        with: String,
    },
    /// Its rule comes to too many slots.
    #[error("its rule comes to more than {limit} slots")]
    TooManySlots {
        /// At most so many.
        limit: u64,
    },
    /// Its rule cannot be read: an older program, which did not look, wrote it.
    #[error("its rule is wrong: {key}: {problem}")]
    RuleInvalid {
        /// The key, as the season file spells it.
        key: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl ScheduleRefusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Collision { .. } => "collision",
            Self::TooManySlots { .. } => "too_many_slots",
            Self::RuleInvalid { .. } => "rule_invalid",
        }
    }
}

impl From<NoDates> for ScheduleRefusal {
    fn from(why: NoDates) -> Self {
        match why {
            NoDates::TooManySlots => Self::TooManySlots { limit: MAX_SLOTS as u64 },
            NoDates::Wrong(wrong) => {
                Self::RuleInvalid { key: wrong.place(), problem: wrong.message.into_owned() }
            }
        }
    }
}

/// A date that gets no slot, because a slot of the same schedule stands there that may not be touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockedSlot {
    /// When it would start.
    pub starts_at: Instant,
    /// The slot that stands there.
    pub by: SlotId,
}

/// What generating did for one schedule, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedSchedule {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// Its id.
    pub id: ScheduleId,
    /// The zone of the clock at its venue.
    pub zone: Zone,
    /// How many slots were made.
    pub added: u64,
    /// When the first of them starts.
    pub first: Option<Instant>,
    /// When the last of them starts.
    pub last: Option<Instant>,
    /// Dates at which a slot stands that may not be touched.
    pub blocked: Vec<BlockedSlot>,
    /// Why it got none.
    pub refused: Option<ScheduleRefusal>,
}

/// The answer to `schedule generate`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[must_use]
pub struct Generated {
    /// True if nothing was written.
    pub dry_run: bool,
    /// How many slots were made.
    pub added: u64,
    /// How many schedules were refused.
    pub refused: u64,
    /// Each schedule, by event and place.
    pub schedules: Vec<GeneratedSchedule>,
    /// Dates that were left out, because a clock change skips or repeats them.
    pub rejected: Vec<RejectedSlot>,
}

/// A slot that its rule has elsewhere, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DriftedSlot {
    /// The slot.
    pub slot: SlotId,
    /// When it starts.
    pub starts_at: Instant,
    /// When it would start; null: its rule has no such date.
    pub wanted: Option<Instant>,
    /// Why it differs.
    pub reason: DriftReason,
    /// Why it stays where it is; null: it moves or goes.
    pub kept: Option<KeptBecause>,
}

/// How one schedule's slots differ from its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DriftedSchedule {
    /// The event's slug, `#`, and the schedule's place in the event, from 1.
    pub schedule: String,
    /// Its id.
    pub id: ScheduleId,
    /// The zone of the clock at its venue.
    pub zone: Zone,
    /// Slots that its rule has and that are not there.
    pub add: u64,
    /// Slots that are there and that its rule does not have.
    pub remove: u64,
    /// Slots that its rule has at another time.
    pub r#move: u64,
    /// Slots that would go or move, and may not be touched.
    pub keep: u64,
    /// When the slots start that are not there: the first 1,000.
    pub added: Vec<Instant>,
    /// The slots that differ: the first 1,000.
    pub slots: Vec<DriftedSlot>,
    /// Dates at which a slot stands that may not be touched.
    pub blocked: Vec<BlockedSlot>,
    /// Why it cannot be mended as a whole.
    pub refused: Option<ScheduleRefusal>,
}

/// The answer to `schedule drift`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[must_use]
pub struct Drifted {
    /// True if it was mended: what is counted was done.
    pub mended: bool,
    /// The release of the zone data in this program.
    pub tzdb: String,
    /// How many schedules were looked at.
    pub schedules: u64,
    /// How many cannot be mended as a whole.
    pub refused: u64,
    /// Those that differ from their rules, by event and place.
    pub drifted: Vec<DriftedSchedule>,
    /// Dates that were left out, because a clock change skips or repeats them.
    pub rejected: Vec<RejectedSlot>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::ScheduleError;

    #[test]
    fn reasons_and_refusals_are_called_as_json_has_them() {
        use KeptBecause::{Blocked, Booked, Sold, Withheld};
        for reason in [Sold, Booked, Withheld, Blocked] {
            assert_eq!(serde_json::json!(reason), reason.name());
        }
        let wrong = ScheduleError::new("rrule", Some(2), "FREQ is missing");
        for refusal in [
            ScheduleRefusal::Collision { local: "e@1".into(), with: "e@2".into() },
            NoDates::TooManySlots.into(),
            NoDates::Wrong(wrong).into(),
        ] {
            assert_eq!(serde_json::json!(refusal)["code"], refusal.code());
        }
    }

    #[test]
    fn a_schedule_without_dates_is_left_as_it_is_and_told_why() {
        let wrong = ScheduleError::new("rrule", Some(2), "FREQ is missing");
        let (key, problem) = ("rrule[2]".to_owned(), "FREQ is missing".to_owned());
        let refused = ScheduleRefusal::from(NoDates::Wrong(wrong));
        assert_eq!(refused, ScheduleRefusal::RuleInvalid { key, problem });
        let refused = ScheduleRefusal::from(NoDates::TooManySlots);
        assert_eq!(refused, ScheduleRefusal::TooManySlots { limit: 100_000 });
    }
}
