//! The state machine of a booking: the one place that says what may become of it.
//!
//! ```text
//!             confirm            cancel
//!      held ----------> confirmed ------> cancelled
//!       | \__ extend: held until later
//!       |
//!       |---- release --> released
//!       `---- expire, at expires_at --> expired
//! ```
//!
//! A hold lives in [created_at, expires_at): at `expires_at` it is over, whether or not anybody has written
//! that down. A state exists only if it changes who owns the units.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canary::{Canary, planted};

use super::instant::Instant;
use super::text::Reason;

/// Why a booking ended, where its slot was cancelled. Nobody else gives this reason.
pub const SLOT_CANCELLED: &str = "slot_cancelled";

/// What a booking is, as its row says. A due hold still says held: see [`BookingState::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingState {
    /// It owns its units until `expires_at`.
    Held {
        /// The first instant at which it does not any more.
        expires_at: Instant,
    },
    /// It owns its units for good. Tickets exist.
    Confirmed,
    /// The buyer gave it back, or its slot was cancelled.
    Released {
        /// When.
        at: Instant,
        /// Why, if somebody said.
        why: Option<Reason>,
    },
    /// Its time ran out.
    Expired {
        /// When: its `expires_at`.
        at: Instant,
    },
    /// It was confirmed, and undone.
    Cancelled {
        /// When.
        at: Instant,
        /// Why, if somebody said.
        why: Option<Reason>,
    },
}

/// The states by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// See [`BookingState::Held`].
    Held,
    /// See [`BookingState::Confirmed`].
    Confirmed,
    /// See [`BookingState::Released`].
    Released,
    /// See [`BookingState::Expired`].
    Expired,
    /// See [`BookingState::Cancelled`].
    Cancelled,
}

impl StateName {
    /// All of them, in the order of their numbers in the store.
    pub const ALL: [Self; 5] =
        [Self::Held, Self::Confirmed, Self::Released, Self::Expired, Self::Cancelled];

    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What one can do to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Make it final.
    Confirm,
    /// Hold it longer.
    Extend,
    /// Give it back.
    Release,
    /// Write down that its time ran out.
    Expire,
    /// Undo it.
    Cancel,
}

/// What an act that is allowed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// held -> confirmed
    Confirm,
    /// held -> held
    Extend {
        /// Until when it is held now.
        expires_at: Instant,
    },
    /// held -> released
    Release,
    /// held -> expired
    Expire {
        /// Since when it is over.
        due_at: Instant,
    },
    /// expired already: done, and nothing to write.
    Nothing,
    /// confirmed -> cancelled
    Cancel,
}

/// Why an act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateRefusal {
    /// The hold's time ran out.
    HoldExpired {
        /// When.
        expired_at: Instant,
    },
    /// The hold still lives.
    NotDue {
        /// Until when.
        expires_at: Instant,
    },
    /// It is held, not confirmed.
    NotConfirmed,
    /// It is confirmed already.
    AlreadyConfirmed,
    /// It was given back.
    Released {
        /// When.
        at: Instant,
    },
    /// It was cancelled.
    Cancelled {
        /// When.
        at: Instant,
    },
}

/// Half-open time: at its end a hold is over.
fn is_over(expires_at: Instant, now: Instant) -> bool {
    if planted(Canary::ExpiryByLess) { expires_at < now } else { expires_at <= now }
}

impl BookingState {
    /// The state as of `now`: a due hold is expired, whether or not the sweep has run.
    #[must_use]
    pub fn at(&self, now: Instant) -> Self {
        match self {
            Self::Held { expires_at } if is_over(*expires_at, now) => {
                Self::Expired { at: *expires_at }
            }
            Self::Held { .. }
            | Self::Confirmed
            | Self::Released { .. }
            | Self::Expired { .. }
            | Self::Cancelled { .. } => self.clone(),
        }
    }

    /// The state's name, as the row says it.
    pub const fn name(&self) -> StateName {
        match self {
            Self::Held { .. } => StateName::Held,
            Self::Confirmed => StateName::Confirmed,
            Self::Released { .. } => StateName::Released,
            Self::Expired { .. } => StateName::Expired,
            Self::Cancelled { .. } => StateName::Cancelled,
        }
    }

    /// True if it owns its units at `now`.
    pub fn is_live(&self, now: Instant) -> bool {
        match self {
            Self::Held { expires_at } => !is_over(*expires_at, now),
            Self::Confirmed => true,
            Self::Released { .. } | Self::Expired { .. } | Self::Cancelled { .. } => false,
        }
    }

    /// What `act` does at `now`, or why it may not be done.
    pub fn step(&self, act: Act, now: Instant) -> Result<Step, StateRefusal> {
        match (self.at(now), act) {
            (Self::Held { .. }, Act::Confirm) => Ok(Step::Confirm),
            (Self::Held { expires_at }, Act::Extend) => Ok(Step::Extend { expires_at }),
            (Self::Held { .. }, Act::Release) => Ok(Step::Release),
            (Self::Held { expires_at }, Act::Expire) => Err(StateRefusal::NotDue { expires_at }),
            (Self::Held { .. }, Act::Cancel) => Err(StateRefusal::NotConfirmed),

            (Self::Expired { at }, Act::Expire) => match self {
                Self::Held { .. } => Ok(Step::Expire { due_at: at }),
                Self::Confirmed
                | Self::Released { .. }
                | Self::Expired { .. }
                | Self::Cancelled { .. } => Ok(Step::Nothing),
            },
            (Self::Expired { at }, Act::Confirm | Act::Extend | Act::Release | Act::Cancel) => {
                Err(StateRefusal::HoldExpired { expired_at: at })
            }

            (Self::Confirmed, Act::Cancel) => Ok(Step::Cancel),
            (Self::Confirmed, Act::Confirm | Act::Extend | Act::Release | Act::Expire) => {
                Err(StateRefusal::AlreadyConfirmed)
            }
            (
                Self::Released { at, .. },
                Act::Confirm | Act::Extend | Act::Release | Act::Expire | Act::Cancel,
            ) => Err(StateRefusal::Released { at }),
            (
                Self::Cancelled { at, .. },
                Act::Confirm | Act::Extend | Act::Release | Act::Expire | Act::Cancel,
            ) => Err(StateRefusal::Cancelled { at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 5] = [Act::Confirm, Act::Extend, Act::Release, Act::Expire, Act::Cancel];

    fn at(seconds: i64) -> Instant {
        Instant::clamped(seconds * 1_000_000)
    }

    #[test]
    fn the_table_is_the_published_one() {
        use StateRefusal as No;
        let due = at(100);
        let held = BookingState::Held { expires_at: due };
        let confirmed = Err(No::AlreadyConfirmed);
        let released = Err(No::Released { at: at(7) });
        let cancelled = Err(No::Cancelled { at: at(8) });
        let over = Err(No::HoldExpired { expired_at: due });
        let before = at(99);
        #[rustfmt::skip]
        let table = [
            (held.clone(), before, [Ok(Step::Confirm), Ok(Step::Extend { expires_at: due }), Ok(Step::Release),
                Err(No::NotDue { expires_at: due }), Err(No::NotConfirmed)]),
            (held, due, [over, over, over, Ok(Step::Expire { due_at: due }), over]),
            (BookingState::Expired { at: due }, before, [over, over, over, Ok(Step::Nothing), over]),
            (BookingState::Confirmed, due, [confirmed, confirmed, confirmed, confirmed, Ok(Step::Cancel)]),
            (BookingState::Released { at: at(7), why: None }, due, [released; 5]),
            (BookingState::Cancelled { at: at(8), why: None }, due, [cancelled; 5]),
        ];
        for (state, now, row) in table {
            for (act, expected) in ACTS.into_iter().zip(row) {
                assert_eq!(state.step(act, now), expected, "{state:?} {act:?} at {now}");
            }
        }
    }

    #[test]
    fn a_hold_lives_until_the_microsecond_before_its_end() {
        let state = BookingState::Held { expires_at: at(100) };
        assert!(state.is_live(Instant::clamped(at(100).micros() - 1)));
        assert!(!state.is_live(at(100)));
    }

    #[test]
    fn a_due_hold_and_a_swept_one_answer_alike() {
        let due = BookingState::Held { expires_at: at(100) };
        let swept = BookingState::Expired { at: at(100) };
        assert_eq!(due.at(at(100)), swept.at(at(500)));
        for act in [Act::Confirm, Act::Extend, Act::Release, Act::Cancel] {
            assert_eq!(due.step(act, at(500)), swept.step(act, at(500)));
        }
    }

    #[test]
    fn only_a_confirmed_booking_and_a_hold_before_its_end_own_their_units() {
        let (end, why) = (at(100), None);
        for (state, now, live) in [
            (BookingState::Held { expires_at: end }, at(99), true),
            (BookingState::Held { expires_at: end }, end, false),
            (BookingState::Held { expires_at: end }, at(101), false),
            (BookingState::Confirmed, at(99), true),
            (BookingState::Confirmed, at(101), true),
            (BookingState::Released { at: end, why: why.clone() }, at(101), false),
            (BookingState::Expired { at: end }, at(99), false),
            (BookingState::Cancelled { at: end, why }, at(101), false),
        ] {
            assert_eq!(state.is_live(now), live, "{state:?} at {now}");
        }
    }

    #[test]
    fn a_state_has_one_name_in_text_and_json() {
        let names = ["held", "confirmed", "released", "expired", "cancelled"];
        for (state, name) in StateName::ALL.into_iter().zip(names) {
            assert_eq!(state.name(), name);
            assert_eq!(serde_json::to_value(state).unwrap(), name);
        }
    }
}
