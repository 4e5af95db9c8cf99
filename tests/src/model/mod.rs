//! A box office kept in plain maps and lists, written from the rules and not from the engine: what the engine should
//! answer to any command at any time.

pub mod command;
pub mod driver;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use command::Command;

/// The seats of the hall, in the plan's order; the last is not there.
pub const SEATS: [&str; 13] =
    ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "B-1", "B-2", "B-3", "B-4", "B-5", "B-6", "Z-9"];
/// Places of the area, and seats.
pub const CAPACITY: i64 = 12;
/// The slots by name, with start and end in seconds after the first day of sale.
pub const SLOTS: [(&str, i64, i64); 2] = [
    ("konzert@2026-11-03T20:00", 58 * HOUR, 60 * HOUR),
    ("konzert@2026-12-20T20:00", 1_186 * HOUR, 1_188 * HOUR),
];

const HOUR: i64 = 3_600;
const HOLD: i64 = 300;
const MAX_HOLD: i64 = 720;
const PER_BOOKING: i64 = 4;
const PER_BUYER: i64 = 6;
const KEY_LIFE: i64 = 24 * HOUR;

/// What came of a command, as far as both sides can tell. Times are seconds after the first day of sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A booking, as it is now.
    Booking(Shown),
    /// Units were withheld or given free: those that changed, and those that did not.
    House(Vec<String>, i64, Vec<String>),
    /// The slot is closed now, or open.
    Closed(bool),
    /// A rule said no: the code.
    Refused(&'static str),
}

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
enum Unit {
    Seat(usize),
    Places(i64),
}

#[derive(Debug, Clone, Copy)]
struct Line {
    unit: Unit,
    live: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Held(i64),
    Confirmed,
    Released(i64),
    Expired(i64),
    Cancelled(i64),
}

#[derive(Debug, Clone)]
struct Booking {
    slot: usize,
    buyer: Option<u8>,
    token: bool,
    ttl: i64,
    created: i64,
    state: State,
    lines: Vec<Line>,
}

/// What staff keep back of a slot.
#[derive(Debug, Clone, Default)]
struct Slot {
    closed: bool,
    house: BTreeSet<usize>,
    killed: BTreeSet<usize>,
    house_places: i64,
    killed_places: i64,
}

/// How many units of a slot are what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Sold.
    pub sold: i64,
    /// In live holds.
    pub held: i64,
    /// Kept for staff.
    pub house: i64,
    /// Withdrawn.
    pub killed: i64,
}

/// The whole box office.
#[derive(Debug, Default)]
pub struct Model {
    now: i64,
    slots: [Slot; 2],
    bookings: Vec<Booking>,
    payments: BTreeSet<u8>,
    /// By key and who used it: when and what was answered.
    keys: BTreeMap<usize, (i64, Outcome)>,
}

/// What a model says of a command.
#[derive(Debug, Clone)]
pub struct Expected {
    /// What comes of it.
    pub outcome: Outcome,
    /// A booking was made by it.
    pub made: bool,
    /// The stored answer of its key comes again, byte for byte.
    pub repeated: bool,
}

impl Booking {
    fn at(&self, now: i64) -> State {
        match self.state {
            State::Held(until) if until <= now => State::Expired(until),
            state => state,
        }
    }

    fn is_live(&self, now: i64) -> bool {
        matches!(self.at(now), State::Held(_) | State::Confirmed)
    }

    fn live_units(&self, now: i64) -> impl Iterator<Item = Unit> {
        let live = self.is_live(now);
        self.lines.iter().filter(move |line| live && line.live).map(|line| line.unit)
    }

    fn shown(&self, now: i64) -> Shown {
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

fn size(unit: Unit) -> i64 {
    match unit {
        Unit::Seat(_) => 1,
        Unit::Places(places) => places,
    }
}

fn price(unit: Unit) -> i64 {
    match unit {
        Unit::Seat(seat) if seat < 6 => 2_000,
        Unit::Seat(_) => 1_250,
        Unit::Places(places) => 800 * places,
    }
}

impl Model {
    /// Lets time pass.
    pub fn tick(&mut self, seconds: i64) {
        self.now += seconds;
    }

    /// Seconds after the first day of sale.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// How many bookings there are.
    pub fn bookings(&self) -> usize {
        self.bookings.len()
    }

    /// Every booking as it is now, in the order in which they were made.
    pub fn shown(&self) -> Vec<Shown> {
        self.bookings.iter().map(|booking| booking.shown(self.now)).collect()
    }

    /// What a command comes to. `key` is the number of its key, if it has one.
    pub fn apply(&mut self, command: &Command, key: Option<usize>) -> Expected {
        let before = self.bookings.len();
        if !rules::role_may(command) {
            return Expected {
                outcome: Outcome::Refused("forbidden"),
                made: false,
                repeated: false,
            };
        }
        if let Some((stored_at, outcome)) = key.and_then(|key| self.keys.get(&key))
            && self.now < stored_at + KEY_LIFE
        {
            return Expected { outcome: outcome.clone(), made: false, repeated: true };
        }
        let outcome = match self.decide(command) {
            Ok(outcome) => outcome,
            Err(code) => Outcome::Refused(code),
        };
        if let Some(key) = key {
            self.keys.insert(key, (self.now, outcome.clone()));
        }
        Expected { outcome, made: self.bookings.len() > before, repeated: false }
    }

    /// How many units of a slot are what, now.
    pub fn figures(&self, slot: usize) -> Figures {
        let kept = &self.slots[slot];
        let count = |seats: &BTreeSet<usize>| i64::try_from(seats.len()).unwrap_or(0);
        let mut figures = Figures {
            house: count(&kept.house) + kept.house_places,
            killed: count(&kept.killed) + kept.killed_places,
            ..Figures::default()
        };
        for booking in self.bookings.iter().filter(|booking| booking.slot == slot) {
            let units: i64 = booking.live_units(self.now).map(size).sum();
            match booking.at(self.now) {
                State::Held(_) => figures.held += units,
                State::Confirmed => figures.sold += units,
                State::Released(_) | State::Expired(_) | State::Cancelled(_) => {}
            }
        }
        figures
    }
}
