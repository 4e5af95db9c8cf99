//! A slot: one bookable occurrence of an event, and whether it may be sold now.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::caller::Role;
use super::ids::{EventId, PlanId, ScheduleId, SlotId};
use super::instant::Instant;

/// A slot's row. Lives as long as its event; cancelled, never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Of this event.
    pub event: EventId,
    /// Its id.
    pub id: SlotId,
    /// The schedule that made it.
    pub schedule: ScheduleId,
    /// First instant.
    pub starts_at: Instant,
    /// First instant after it.
    pub ends_at: Instant,
    /// When the public's sale begins; none: with the event's publication.
    pub on_sale_from: Option<Instant>,
    /// When the public's sale ends.
    pub on_sale_until: Instant,
    /// The hall's plan as it is for this slot; none: the hall has no seats.
    pub plan: Option<PlanId>,
    /// Closed by the organizer: nothing new is sold.
    pub closed: bool,
    /// It does not take place.
    pub cancelled: bool,
    /// Bumped by every write that touches the slot.
    pub version: i64,
}

/// What an event is, as its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// In preparation: sells nothing.
    Draft,
    /// Public.
    Published,
    /// Does not take place.
    Cancelled,
    /// All over.
    Completed,
}

impl EventState {
    /// All of them, in the order of their numbers in the store.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Published, Self::Cancelled, Self::Completed];

    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Cancelled => "cancelled",
            Self::Completed => "completed",
        }
    }
}

/// What a slot is at an instant, for people and lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// On sale to the public.
    Open,
    /// The public's sale has not begun or has ended, or the event is a draft.
    NotOnSale,
    /// Closed by the organizer.
    Closed,
    /// Does not take place.
    Cancelled,
    /// It has ended.
    Over,
}

impl SlotState {
    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::NotOnSale => "not_on_sale",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Over => "over",
        }
    }
}

/// Why a slot sells nothing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotRefusal {
    /// It has ended.
    Over,
    /// It does not take place.
    Cancelled,
    /// Closed by the organizer.
    Closed,
    /// Not on sale.
    NotOnSale {
        /// From when on it will be; none: nobody knows, or never again.
        from: Option<Instant>,
    },
}

impl Slot {
    /// Whether the slot takes holds and sales of this role at `now`; if not, the first reason of: over,
    /// cancelled, closed, not on sale. Only the public and customers are bound by the sale window; staff
    /// sell until the slot ends. A draft event sells nothing to anybody.
    pub fn may_sell(&self, event: EventState, role: Role, now: Instant) -> Result<(), SlotRefusal> {
        if self.ends_at <= now {
            return Err(SlotRefusal::Over);
        }
        if self.cancelled || event == EventState::Cancelled {
            return Err(SlotRefusal::Cancelled);
        }
        if self.closed {
            return Err(SlotRefusal::Closed);
        }
        let on_sale_from = self.on_sale_from.unwrap_or(Instant::EPOCH);
        match event {
            EventState::Draft => return Err(SlotRefusal::NotOnSale { from: None }),
            EventState::Completed => return Err(SlotRefusal::Over),
            EventState::Published | EventState::Cancelled => {}
        }
        if !role.is_staff() {
            if now < on_sale_from {
                return Err(SlotRefusal::NotOnSale { from: Some(on_sale_from) });
            }
            if self.on_sale_until <= now {
                return Err(SlotRefusal::NotOnSale { from: None });
            }
        }
        Ok(())
    }

    /// What the slot is to the public at `now`.
    pub fn state(&self, event: EventState, now: Instant) -> SlotState {
        match self.may_sell(event, Role::Public, now) {
            Ok(()) => SlotState::Open,
            Err(SlotRefusal::Over) => SlotState::Over,
            Err(SlotRefusal::Cancelled) => SlotState::Cancelled,
            Err(SlotRefusal::Closed) => SlotState::Closed,
            Err(SlotRefusal::NotOnSale { .. }) => SlotState::NotOnSale,
        }
    }

    /// The next instant after `now` at which [`Slot::may_sell`] may answer otherwise by time alone.
    pub fn next_turn(&self, now: Instant) -> Instant {
        [self.on_sale_from.unwrap_or(Instant::EPOCH), self.on_sale_until, self.ends_at]
            .into_iter()
            .filter(|turn| now < *turn)
            .min()
            .unwrap_or(Instant::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::clamped(seconds * 1_000_000)
    }

    fn slot() -> Slot {
        Slot {
            event: EventId::from_bytes([1; 16]),
            id: SlotId::from_bytes([2; 16]),
            schedule: ScheduleId::from_bytes([3; 16]),
            starts_at: at(100),
            ends_at: at(200),
            on_sale_from: Some(at(10)),
            on_sale_until: at(100),
            plan: None,
            closed: false,
            cancelled: false,
            version: 1,
        }
    }

    #[test]
    fn only_the_public_is_bound_by_the_sale_window() {
        let no = |from: Option<i64>| Err(SlotRefusal::NotOnSale { from: from.map(at) });
        for (now, public, staff) in [
            (9, no(Some(10)), Ok(())),
            (10, Ok(()), Ok(())),
            (99, Ok(()), Ok(())),
            (100, no(None), Ok(())),
            (199, no(None), Ok(())),
            (200, Err(SlotRefusal::Over), Err(SlotRefusal::Over)),
        ] {
            assert_eq!(slot().may_sell(EventState::Published, Role::Public, at(now)), public);
            assert_eq!(slot().may_sell(EventState::Published, Role::Customer, at(now)), public);
            assert_eq!(slot().may_sell(EventState::Published, Role::Terminal, at(now)), staff);
        }
    }

    #[test]
    fn the_first_reason_of_several_is_given() {
        let all = Slot { closed: true, cancelled: true, ..slot() };
        assert_eq!(all.may_sell(EventState::Draft, Role::Public, at(200)), Err(SlotRefusal::Over));
        assert_eq!(
            all.may_sell(EventState::Draft, Role::Public, at(1)),
            Err(SlotRefusal::Cancelled)
        );
        let closed = Slot { closed: true, ..slot() };
        assert_eq!(
            closed.may_sell(EventState::Draft, Role::Public, at(1)),
            Err(SlotRefusal::Closed)
        );
        let open = slot().may_sell(EventState::Draft, Role::Admin, at(50));
        assert_eq!(open, Err(SlotRefusal::NotOnSale { from: None }));
        assert_eq!(slot().state(EventState::Cancelled, at(50)), SlotState::Cancelled);
        assert_eq!(slot().state(EventState::Published, at(50)), SlotState::Open);
    }

    #[test]
    fn nothing_changes_by_time_before_the_next_turn() {
        for now in 0..250 {
            let turn = slot().next_turn(at(now));
            for role in [Role::Public, Role::Terminal] {
                let answer = slot().may_sell(EventState::Published, role, at(now));
                for later in now..250.min(turn.micros() / 1_000_000) {
                    assert_eq!(slot().may_sell(EventState::Published, role, at(later)), answer);
                }
            }
        }
    }

    #[test]
    fn the_next_turn_is_the_next_of_sale_begin_sale_end_and_end() {
        for (now, turn) in [(9, at(10)), (10, at(100)), (99, at(100)), (100, at(200))] {
            assert_eq!(slot().next_turn(at(now)), turn, "{now}");
        }
        assert_eq!(slot().next_turn(at(200)), Instant::MAX);
        let always = Slot { on_sale_from: None, ..slot() };
        assert_eq!(always.next_turn(Instant::EPOCH), at(100));
    }

    #[test]
    fn states_have_one_name_in_text_and_json() {
        let names = ["draft", "published", "cancelled", "completed"];
        for (state, name) in EventState::ALL.into_iter().zip(names) {
            assert_eq!(state.name(), name);
            assert_eq!(serde_json::to_value(state).unwrap(), name);
        }
        for (state, name) in [
            (SlotState::Open, "open"),
            (SlotState::NotOnSale, "not_on_sale"),
            (SlotState::Closed, "closed"),
            (SlotState::Cancelled, "cancelled"),
            (SlotState::Over, "over"),
        ] {
            assert_eq!(state.name(), name);
            assert_eq!(serde_json::to_value(state).unwrap(), name);
        }
    }

    #[test]
    fn a_slot_of_an_event_that_is_over_or_cancelled_sells_nothing() {
        for (event, refusal) in [
            (EventState::Completed, SlotRefusal::Over),
            (EventState::Cancelled, SlotRefusal::Cancelled),
        ] {
            assert_eq!(slot().may_sell(event, Role::Admin, at(50)), Err(refusal));
        }
        let cancelled = Slot { cancelled: true, ..slot() };
        let answer = cancelled.may_sell(EventState::Published, Role::Admin, at(50));
        assert_eq!(answer, Err(SlotRefusal::Cancelled));
    }
}
