//! A booking of the model: what it has, what it is at an instant, how it is shown.

use super::SEATS;

/// A booking as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The state's name.
    pub state: &'static str,
    /// Seats, or places of the area.
    pub units: Vec<String>,
    /// In minor units.
    pub total: i64,
    /// While held.
    pub expires_at: Option<i64>,
    /// Once ended.
    pub ended_at: Option<i64>,
    /// It ended because its slot did.
    pub called_off: bool,
    /// Tickets that are valid.
    pub tickets: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seat(usize),
    Places(i64),
}

/// Units at the price for which they were asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) unit: Unit,
    pub(super) price: i64,
    pub(super) live: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Held(i64),
    Confirmed,
    Released(i64),
    Expired(i64),
    Cancelled(i64),
}

#[derive(Debug, Clone)]
pub(super) struct Booking {
    pub(super) slot: usize,
    pub(super) buyer: Option<u8>,
    pub(super) token: bool,
    pub(super) ttl: i64,
    pub(super) created: i64,
    pub(super) state: State,
    pub(super) lines: Vec<Line>,
    pub(super) paid: bool,
    pub(super) called_off: bool,
}

impl Booking {
    pub(super) fn at(&self, now: i64) -> State {
        match self.state {
            State::Held(until) if until <= now => State::Expired(until),
            state => state,
        }
    }

    pub(super) fn is_live(&self, now: i64) -> bool {
        matches!(self.at(now), State::Held(_) | State::Confirmed)
    }

    pub(super) fn live_units(&self, now: i64) -> impl Iterator<Item = Unit> {
        let live = self.is_live(now);
        self.lines.iter().filter(move |line| live && line.live).map(|line| line.unit)
    }

    /// How many units it has.
    pub(super) fn size(&self, now: i64) -> i64 {
        self.live_units(now).map(size).sum()
    }

    /// What would be due for refund if it were undone now.
    pub(super) fn refund(&self) -> i64 {
        let live = self.lines.iter().filter(|line| self.paid && line.live);
        live.map(|line| line.price).sum()
    }

    pub(super) fn shown(&self, now: i64) -> Shown {
        let state = self.at(now);
        let live = self.is_live(now);
        let lines: Vec<Line> =
            self.lines.iter().filter(|line| line.live || !live).copied().collect();
        let units = lines.iter().map(|line| match line.unit {
            Unit::Seat(seat) => SEATS[seat].to_owned(),
            Unit::Places(places) => format!("Stand x{places}"),
        });
        let (name, expires_at, ended_at) = match state {
            State::Held(until) => ("held", Some(until), None),
            State::Confirmed => ("confirmed", None, None),
            State::Released(at) => ("released", None, Some(at)),
            State::Expired(at) => ("expired", None, Some(at)),
            State::Cancelled(at) => ("cancelled", None, Some(at)),
        };
        let count: i64 = lines.iter().map(|line| size(line.unit)).sum();
        Shown {
            state: name,
            units: units.collect(),
            total: lines.iter().map(|line| line.price).sum(),
            expires_at,
            ended_at,
            called_off: self.called_off,
            tickets: if state == State::Confirmed {
                usize::try_from(count).unwrap_or(0)
            } else {
                0
            },
        }
    }
}

pub(super) fn size(unit: Unit) -> i64 {
    match unit {
        Unit::Seat(_) => 1,
        Unit::Places(places) => places,
    }
}
