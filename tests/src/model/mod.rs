//! A box office kept in plain maps and lists, written from the rules and not from the engine: what the engine should
//! answer to any command at any time.

mod booking;
mod clocks;
pub mod command;
pub mod driver;
mod events;
mod looks;
pub mod random;
mod random_events;
mod request;
mod request_event;
mod rules;
mod season;
mod slots;

use std::collections::{BTreeMap, BTreeSet};

pub use booking::Shown;
use booking::{Booking, Line, State, Unit, size};
use clocks::Clocks;
pub use clocks::ENGINES;
use command::{Command, Step};
pub use events::EventShown;
pub use season::EventState;
use season::{Event, Slot};
pub use slots::{Off, SlotShown};

/// The seats of the hall, in the plan's order; the last is not there.
pub const SEATS: [&str; 13] =
    ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "B-1", "B-2", "B-3", "B-4", "B-5", "B-6", "Z-9"];
/// Places of the area, and seats.
pub const CAPACITY: i64 = 12;
/// A second in the units of all times here.
pub const SECOND: i64 = 1_000_000;
/// The place of a booking that is never made.
pub const NEVER: usize = usize::MAX;

const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const FAR: i64 = 60 * 24 * HOUR;
const KEY_LIFE: i64 = 24 * HOUR;

/// What came of a command, as far as both sides can tell. Times are microseconds after the first day of sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A booking, as it is now.
    Booking(Shown),
    /// Units were withheld or given free: those that changed, and those that did not.
    House(Vec<String>, i64, Vec<String>),
    /// The slot is closed now, or open.
    Closed(bool),
    /// A slot was called off, or would be: with its event if that was, and what became of whom.
    CalledOff(Option<EventShown>, Off),
    /// A slot was moved, or would be: where it starts and ends then, and how many holds, bookings and units move with it.
    Moved(i64, i64, [i64; 3]),
    /// An event, as it is now.
    Event(EventShown),
    /// A schedule, the version of its event, and how many slots it has to make.
    Schedule(String, u32, u64),
    /// Schedules, with how many slots were made of each; none: it was refused.
    Made(Vec<(String, Option<u64>)>),
    /// No: the code.
    Refused(&'static str),
    /// It was no command, and went well.
    Nothing,
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

/// A key that was used.
#[derive(Debug, Clone)]
struct Used {
    command: Command,
    /// When and what was answered, if it is to be answered again.
    stored: Option<(i64, Outcome)>,
    /// It ended, and the clock was put back: whether it still counts is not promised.
    doubtful: bool,
}

/// The whole box office.
#[derive(Debug, Clone)]
pub struct Model {
    now: i64,
    clocks: Clocks,
    events: Vec<Event>,
    slots: Vec<Slot>,
    bookings: Vec<Booking>,
    payments: BTreeSet<u8>,
    keys: BTreeMap<usize, Used>,
    next_key: usize,
    /// What the last step came to.
    last: Expected,
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
    /// Its key keeps the answer.
    pub stored: bool,
}

impl Expected {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, made: false, repeated: false, stored: false }
    }
}

impl Model {
    /// An office that opens for the first time, on a file with a test clock or one that reads the wall clock.
    pub fn new(test_clock: bool) -> Self {
        let events = season::events();
        Self {
            now: 0,
            clocks: Clocks::new(test_clock),
            slots: season::slots(&events),
            events,
            bookings: Vec::new(),
            payments: BTreeSet::new(),
            keys: BTreeMap::new(),
            next_key: 0,
            last: Expected::of(Outcome::Nothing),
        }
    }

    /// True if the file has a test clock.
    pub fn has_test_clock(&self) -> bool {
        self.clocks.is_test
    }

    /// The wall clock and the monotonic one, in microseconds after the first day of sale.
    pub fn clocks(&self) -> (i64, i64) {
        (self.clocks.wall, self.clocks.monotonic)
    }

    /// How many bookings there are.
    pub fn bookings(&self) -> usize {
        self.bookings.len()
    }

    /// How many events there are.
    pub fn events(&self) -> usize {
        self.events.len()
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Every booking as it is now, in the order in which they were made.
    pub fn shown(&self) -> Vec<Shown> {
        self.bookings.iter().map(|booking| booking.shown(self.now)).collect()
    }

    /// What the last step came to.
    pub fn last(&self) -> &Expected {
        &self.last
    }

    /// A key that nobody has used.
    pub fn next_key(&self) -> usize {
        self.next_key
    }

    /// The keys that can be used again.
    pub fn replayable(&self) -> Vec<usize> {
        self.keys.iter().filter(|(_, used)| !used.doubtful).map(|(key, _)| *key).collect()
    }

    /// What was asked under a key.
    pub fn asked(&self, key: usize) -> Option<&Command> {
        self.keys.get(&key).map(|used| &used.command)
    }

    /// How far it is to where something begins or ends: each hold, and what comes next of slots; not so far that a clock
    /// would be thought wrong.
    pub fn edges(&self) -> Vec<i64> {
        let holds = self.bookings.iter().filter_map(|booking| match booking.state {
            State::Held(until) => Some(until),
            State::Confirmed | State::Released(_) | State::Expired(_) | State::Cancelled(_) => None,
        });
        let wall = self.clocks.wall;
        let slots = self.slots.iter().filter(|slot| !slot.cancelled);
        let turns =
            slots.flat_map(|slot| [slot.starts, slot.ends, slot.until, slot.from.unwrap_or(0)]);
        let next = turns.filter(|turn| *turn > wall).min();
        let far = |by: &i64| (2..=FAR).contains(by);
        holds.chain(next).map(|edge| edge - wall).filter(far).collect()
    }

    /// True if the clock may jump: nothing is due that nobody has written down.
    pub fn may_jump(&self, engine: usize) -> bool {
        self.clocks.at(engine).is_ok() || !self.clocks.any_is_right()
    }

    /// Whether the handle's clock can be worked with.
    pub fn clock_is_right(&self, engine: usize) -> bool {
        self.clocks.at(engine).is_ok()
    }

    /// Does a step.
    pub fn step(&mut self, step: &Step) {
        let outcome = match step {
            Step::Ask { engine, command, key } => {
                self.last = self.ask(*engine, command, *key);
                self.next_key = self.next_key.max(key.map_or(0, |key| key + 1));
                self.now = self.clocks.reads_at();
                return;
            }
            Step::Replay { engine, key } => {
                let Some(command) = self.asked(*key).cloned() else { return };
                self.last = self.ask(*engine, &command, Some(*key));
                self.now = self.clocks.reads_at();
                return;
            }
            Step::Tick(by) => {
                self.clocks.wall += by;
                self.clocks.monotonic += by;
                Outcome::Nothing
            }
            Step::Jump { engine, by } => self.jump(*engine, *by),
            Step::Accept { engine } => {
                self.clocks.accept(*engine);
                Outcome::Nothing
            }
            Step::Reopen { engine, .. } => {
                self.clocks.reopen(*engine);
                Outcome::Nothing
            }
            Step::Sweep { engine } => match self.clocks.batch(*engine) {
                Ok(_) => Outcome::Nothing,
                Err(code) => Outcome::Refused(code),
            },
            Step::Generate { engine } => self.generate(*engine),
            Step::Restore => {
                (0..ENGINES).for_each(|engine| self.clocks.reopen(engine));
                Outcome::Nothing
            }
        };
        self.last = Expected::of(outcome);
        self.now = self.clocks.reads_at();
    }

    /// What is due is written down, so that it stays over whatever the clock says afterwards.
    fn jump(&mut self, engine: usize, by: i64) -> Outcome {
        let batch = self.clocks.batch(engine);
        if let Ok(now) = batch {
            for booking in &mut self.bookings {
                booking.state = booking.at(now);
            }
            for used in self.keys.values_mut() {
                used.doubtful |= used.stored.as_ref().is_some_and(|(at, _)| *at + KEY_LIFE <= now);
            }
            self.clocks.accept(engine);
        }
        self.clocks.wall += by;
        batch.map_or_else(Outcome::Refused, |_| Outcome::Nothing)
    }

    /// What a command comes to. `key` is the number of its key, if it has one.
    fn ask(&mut self, engine: usize, command: &Command, key: Option<usize>) -> Expected {
        let used = Used { command: command.clone(), stored: None, doubtful: false };
        if let Some(key) = key {
            self.keys.entry(key).or_insert(used);
        }
        self.now = match self.clocks.batch(engine) {
            Ok(now) => now,
            Err(code) => return Expected::of(Outcome::Refused(code)),
        };
        if !rules::role_may(command) {
            return Expected::of(Outcome::Refused("forbidden"));
        }
        let before = self.bookings.len();
        if let Some((at, outcome)) = key.and_then(|key| self.keys[&key].stored.as_ref())
            && self.now < at + KEY_LIFE
        {
            return Expected { repeated: true, ..Expected::of(outcome.clone()) };
        }
        let outcome = match self.decide(command) {
            Ok(outcome) => outcome,
            Err(code) => Outcome::Refused(code),
        };
        // Nothing is kept of what was wrong, or only asked.
        let kept = outcome != Outcome::Refused("argument") && !command.act.is_dry_run();
        if let Some(used) = key.and_then(|key| self.keys.get_mut(&key)).filter(|_| kept) {
            used.stored = Some((self.now, outcome.clone()));
        }
        let (made, stored) = (self.bookings.len() > before, kept && key.is_some());
        Expected { made, stored, ..Expected::of(outcome) }
    }

    /// How many units of a slot are what, now.
    pub fn figures(&self, slot: usize) -> Figures {
        let [house, killed] = self.slots[slot].withheld();
        let mut figures = Figures { house, killed, ..Figures::default() };
        for booking in self.bookings.iter().filter(|booking| booking.slot == slot) {
            let units = booking.size(self.now);
            match booking.at(self.now) {
                State::Held(_) => figures.held += units,
                State::Confirmed => figures.sold += units,
                State::Released(_) | State::Expired(_) | State::Cancelled(_) => {}
            }
        }
        figures
    }
}
