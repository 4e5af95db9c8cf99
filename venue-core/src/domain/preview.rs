//! What a schedule would make, before there is any: `schedule preview`. No file takes part.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::dates::{MAX_SLOTS, View, dates_in};
use crate::domain::error::Invalid;
use crate::domain::instant::{Instant, Span};
use crate::domain::schedule::{MAX_SPAN, ScheduleSpec};
use crate::domain::zone::{LocalTime, Rejection, Zone};

/// The slots of one preview where nothing is said.
pub const USUAL_LIMIT: u32 = 1_000;
/// The most slots of one preview.
pub const MOST_LIMIT: u32 = 100_000;

/// Asks which slots a schedule comes to in a zone: the keys of the season file, and what an event or a venue would
/// say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchedulePreview {
    /// The venue's zone.
    pub zone: Zone,
    /// How long a slot is. Opening hours may say it by their length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Span>,
    /// The schedule.
    #[serde(flatten)]
    pub schedule: ScheduleSpec,
    /// What counts as now, for notice and horizon. Without it, and without notice and horizon, the clock plays no
    /// part, but that opening hours without a beginning begin now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// At most so many slots: 1 to 100,000, 1,000 where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One slot that a schedule would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotPreview {
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// Its start as the wall shows it: `2026-03-29T19:30:00+02:00[Europe/Berlin]`.
    pub local: String,
}

/// One date that the gap policy leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotRejected {
    /// The wall time that the clock jumps over or shows twice; of opening hours the bound at fault.
    pub local: LocalTime,
    /// Where.
    pub zone: Zone,
    /// Why it is left out.
    pub reason: Rejection,
}

/// What a schedule would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SchedulePreviewed {
    /// Slots, by start.
    pub items: Vec<SlotPreview>,
    /// Dates that are left out, by wall time, as far as the slots go.
    pub rejected: Vec<SlotRejected>,
    /// The wall time of the first slot that is not among them, where there are more: go on with it as `from`.
    pub next: Option<LocalTime>,
}

impl SchedulePreview {
    /// The members of the request in JSON.
    pub const MEMBERS: &'static [&'static str] = &[
        "zone", "duration", "starts", "rrule", "rdate", "exdate", "gap", "open", "override",
        "from", "until", "length", "step", "break", "align", "overlap", "notice", "horizon", "at",
        "limit",
    ];

    /// Checks the whole request: what it says, and whether it fits together.
    ///
    /// # Errors
    /// Invalid `argument`, naming the member, and which of its entries, as in `rrule[1]`.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.limit.is_some_and(|limit| !(1..=MOST_LIMIT).contains(&limit)) {
            let problem = format!("a number from 1 to {MOST_LIMIT} is needed");
            return Err(Invalid::argument("limit", problem));
        }
        if self.duration.is_some_and(|it| it == Span::ZERO || it > MAX_SPAN) {
            let problem = "more than nothing and at most 366d is needed";
            return Err(Invalid::argument("duration", problem));
        }
        let length = self.schedule.length.or(self.duration);
        self.schedule
            .check(self.duration)
            .map_err(|wrong| Invalid::argument(&wrong.place(), wrong.message))?;
        match (length, self.schedule.has_windows()) {
            (Some(_), _) => Ok(()),
            (None, true) => Err(Invalid::argument("length", "is missing: how long is a slot?")),
            (None, false) => Err(Invalid::argument("duration", "is missing: how long is a slot?")),
        }
    }

    /// True if the answer depends on what time it is, and the request does not say it.
    pub fn needs_now(&self) -> bool {
        let spec = &self.schedule;
        let begins_now = spec.has_windows() && spec.from.is_none();
        self.at.is_none() && (spec.notice.is_some() || spec.horizon.is_some() || begins_now)
    }

    /// Finds the first slots of the schedule.
    ///
    /// # Takes
    /// `now`: what counts as now where the request does not say it.
    ///
    /// # Errors
    /// As by [`SchedulePreview::validate`].
    pub fn run(&self, now: Instant) -> Result<SchedulePreviewed, Invalid> {
        self.validate()?;
        let spec = &self.schedule;
        let wrong = |wrong: crate::domain::schedule::ScheduleError| {
            Invalid::argument(&wrong.place(), wrong.message)
        };
        let by_clock = self.at.is_some() || spec.notice.is_some() || spec.horizon.is_some();
        let now = self.at.unwrap_or(now);
        let view = if by_clock {
            View::at(spec, &self.zone, now).map_err(wrong)?
        } else {
            View::whole(spec, now)
        };
        let limit = usize::try_from(self.limit.unwrap_or(USUAL_LIMIT)).unwrap_or(MAX_SLOTS);
        let view = View { most: limit, ..view };
        let length = spec.length.or(self.duration).unwrap_or_default();
        let found = dates_in(spec, length, &self.zone, view).map_err(wrong)?;
        let items = found.slots.iter().map(|slot| SlotPreview {
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            local: self.zone.text(slot.starts_at),
        });
        let rejected = found.rejected.iter().map(|it| SlotRejected {
            local: it.local,
            zone: self.zone.clone(),
            reason: it.reason,
        });
        Ok(SchedulePreviewed {
            items: items.collect(),
            rejected: rejected.collect(),
            next: found.next.map(|next| self.zone.local(next.starts_at)),
        })
    }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
