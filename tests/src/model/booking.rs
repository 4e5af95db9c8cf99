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
    /// Tickets that are valid.
    pub tickets: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Seat(usize),
    Places(i64),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) unit: Unit,
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

    pub(super) fn shown(&self, now: i64) -> Shown {
        let state = self.at(now);
        let live = self.is_live(now);
        let lines: Vec<Unit> =
            self.lines.iter().filter(|line| line.live || !live).map(|line| line.unit).collect();
        let units = lines.iter().map(|unit| match unit {
            Unit::Seat(seat) => SEATS[*seat].to_owned(),
            Unit::Places(places) => format!("Stand x{places}"),
        });
        let (name, expires_at, ended_at) = match state {
            State::Held(until) => ("held", Some(until), None),
            State::Confirmed => ("confirmed", None, None),
            State::Released(at) => ("released", None, Some(at)),
            State::Expired(at) => ("expired", None, Some(at)),
            State::Cancelled(at) => ("cancelled", None, Some(at)),
        };
        let count: i64 = lines.iter().map(|unit| size(*unit)).sum();
        Shown {
            state: name,
            units: units.collect(),
            total: lines.iter().map(|unit| price(*unit)).sum(),
            expires_at,
            ended_at,
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

pub(super) fn price(unit: Unit) -> i64 {
    match unit {
        Unit::Seat(seat) if seat < 6 => 2_000,
        Unit::Seat(_) => 1_250,
        Unit::Places(places) => 800 * places,
    }
}
