//! Runs the same steps on an engine and on the model, and compares.

use std::collections::BTreeSet;

use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::Error;
use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{BookingList, Query, SlotShow};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Payment, Release, Sell,
    SlotName, SlotSwitch, Verb, Wanted,
};
use venue_core::domain::view::Answer;
use venue_core::engine::Request;

use super::command::{Act, Command, Pay, Step, What, Who};
use super::{Figures, Model, Outcome, SEATS, SLOTS, Shown};
use crate::fixture::{FIRST_DAY, Fixture, at, caller};

/// After so many steps all bookings are compared.
const LOOK: usize = 8;

/// The place of a booking that is never made.
const NEVER: usize = usize::MAX;

/// A command that had a key, and the bytes of its first answer.
#[derive(Debug)]
struct Asked {
    command: Command,
    key: usize,
    bytes: String,
}

/// A file, the model of it, and what both know of each other.
#[derive(Debug)]
pub struct Pair {
    fixture: Fixture,
    model: Model,
    made: Vec<(BookingId, Option<String>)>,
    asked: Vec<Asked>,
    steps: usize,
    /// The states and codes that were answered.
    pub seen: BTreeSet<&'static str>,
}

fn instant(seconds: i64) -> Instant {
    at(FIRST_DAY).plus(Span::from_secs(seconds))
}

fn seconds(instant: Instant) -> i64 {
    instant.since(at(FIRST_DAY)).micros() / 1_000_000
}

fn slot(place: usize) -> SlotName {
    SLOTS[place].0.parse().expect("a slot")
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}

impl Pair {
    /// A new file with the small stage's season.
    pub fn new() -> Self {
        let fixture = Fixture::empty();
        fixture
            .import(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/seasons/buehne.toml").as_ref());
        let model = Model::default();
        let (made, asked, seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let pair = Self { fixture, model, made, asked, steps: 0, seen };
        pair.set_clock();
        pair
    }

    fn set_clock(&self) {
        self.fixture.engine.set_test_now(Some(instant(self.model.now()))).expect("a test clock");
    }

    /// Does one step on both sides.
    ///
    /// # Errors
    /// Says how the engine's answer differs from the model's.
    pub fn step(&mut self, step: &Step) -> Result<(), String> {
        self.steps += 1;
        match step {
            Step::Ask(command, key, nth) => {
                let command = self.filled(command, *nth);
                let key = key.then_some(self.steps);
                self.ask(&command, key, None)?;
            }
            Step::Replay(nth) => {
                if let Some(asked) = nth.checked_rem(self.asked.len()).map(|n| &self.asked[n]) {
                    let (command, key, bytes) =
                        (asked.command.clone(), asked.key, asked.bytes.clone());
                    self.ask(&command, Some(key), Some(&bytes))?;
                }
            }
            Step::Tick(seconds) => {
                self.model.tick(*seconds);
                self.set_clock();
            }
            Step::Restart => {
                self.fixture.restart();
                self.set_clock();
            }
            Step::Sweep => {
                self.fixture.engine.sweep().map_err(|error| format!("sweep: {error}"))?;
            }
        }
        self.compare_figures()?;
        if self.steps.is_multiple_of(LOOK) { self.compare_bookings() } else { Ok(()) }
    }

    /// Compares all bookings, and lets doctor look.
    ///
    /// # Errors
    /// Says what differs, or what doctor found.
    pub fn end(&self) -> Result<(), String> {
        self.compare_bookings()?;
        let diagnosis = self.fixture.doctor();
        let found: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
        if diagnosis.ok { Ok(()) } else { Err(format!("doctor: {found:?}")) }
    }

    /// The command with a booking chosen: one of those that were made, now and then one that never was.
    fn filled(&self, command: &Command, nth: usize) -> Command {
        let made = self.model.bookings();
        let booking = Some(nth % (made + 1)).filter(|booking| *booking < made).unwrap_or(NEVER);
        let act = match command.act.clone() {
            Act::Confirm(_, pay) => Act::Confirm(booking, pay),
            Act::Extend(_) => Act::Extend(booking),
            Act::Release(_) => Act::Release(booking),
            Act::Expire(_) => Act::Expire(booking),
            Act::Cancel(_, line) => Act::Cancel(booking, line),
            act @ (Act::Hold(..) | Act::Sell(..) | Act::House { .. } | Act::Switch(..)) => act,
        };
        Command { act, ..command.clone() }
    }

    fn ask(
        &mut self,
        command: &Command,
        key: Option<usize>,
        before: Option<&str>,
    ) -> Result<(), String> {
        let answer = self.fixture.engine.call(self.request(command, key));
        let expected = self.model.apply(command, key);
        let bytes = bytes(&answer);
        let outcome = outcome(&answer);
        if outcome != expected.outcome {
            return Err(format!("{command:?}: {outcome:?}, expected {:?}", expected.outcome));
        }
        self.seen.insert(match &outcome {
            Outcome::Booking(shown) => shown.state,
            Outcome::House(..) => "house",
            Outcome::Closed(_) => "closed or open",
            Outcome::Refused(code) => code,
        });
        if expected.repeated && before != Some(&*bytes) {
            return Err(format!("{command:?}: {bytes} after {before:?}"));
        }
        if let (true, Ok(Reply::Booking(view))) = (expected.made, &answer) {
            self.made.push((view.id, view.token.clone().flatten()));
        }
        if let Some(key) = key {
            self.asked.retain(|asked| asked.key != key);
            self.asked.push(Asked { command: command.clone(), key, bytes });
        }
        Ok(())
    }

    fn request(&self, command: &Command, key: Option<usize>) -> Request {
        let caller = match command.who {
            Who::Public { .. } => Caller::new(Role::Public),
            Who::Customer(buyer) => caller(Role::Customer, &format!("b-{buyer}")),
            Who::Terminal => Caller::local(),
            Who::Organizer => caller(Role::Organizer, "o"),
        };
        let mut request = Request::new(&caller, self.verb(command));
        if let (Who::Public { token: true }, Some(booking)) = (command.who, booking_of(command))
            && let Some((_, Some(token))) = self.made.get(booking)
        {
            request = request.token(token);
        }
        match key {
            Some(key) => {
                request.key(format!("a-key-of-the-model-{key:08}").parse().expect("a key"))
            }
            None => request,
        }
    }

    fn name(&self, booking: usize) -> BookingName {
        let never = || "01999999-9999-7999-8999-999999999900".parse().expect("a name");
        self.made.get(booking).map_or_else(never, |(id, _)| (*id).into())
    }

    fn verb(&self, command: &Command) -> Verb {
        // Customers are for themselves without saying so.
        let buyer = |buyer: &Option<u8>| match (command.who, buyer) {
            (Who::Customer(_), _) | (_, None) => None,
            (_, Some(buyer)) => Some(format!("b-{buyer}").parse().expect("a buyer")),
        };
        match &command.act {
            Act::Hold(place, what, ttl, named) => Verb::Hold(Hold {
                slot: slot(*place),
                wanted: wanted(what),
                ttl: ttl.map(Span::from_secs),
                buyer: buyer(named),
            }),
            Act::Sell(place, what, pay, named) => Verb::Sell(Sell {
                slot: slot(*place),
                wanted: wanted(what),
                payment: payment(*pay, Model::price_of(what)),
                buyer: buyer(named),
            }),
            Act::Confirm(booking, pay) => Verb::Confirm(Confirm {
                booking: self.name(*booking),
                payment: payment(*pay, self.model.price_of_booking(*booking)),
            }),
            Act::Extend(booking) => Verb::Extend(Extend { booking: self.name(*booking) }),
            Act::Release(booking) => Verb::Release(Release { booking: self.name(*booking) }),
            Act::Expire(booking) => Verb::Expire(Expire { booking: self.name(*booking) }),
            Act::Cancel(booking, line) => Verb::Cancel(Cancel {
                booking: self.name(*booking),
                line: line.iter().copied().collect(),
                reason: None,
            }),
            Act::House { slot: place, what, kill, lift } => Verb::House(House {
                slot: slot(*place),
                wanted: wanted(what),
                kind: if *kill { HouseKind::Kill } else { HouseKind::Hold },
                lift: *lift,
            }),
            Act::Switch(place, closed) => {
                let switch = SlotSwitch { slot: slot(*place), expected_version: None };
                if *closed { Verb::SlotClose(switch) } else { Verb::SlotOpen(switch) }
            }
        }
    }

    fn compare_figures(&self) -> Result<(), String> {
        for place in 0..SLOTS.len() {
            let query = Query::SlotShow(SlotShow { slot: slot(place) });
            let Ok(Answer::Slot(view)) = self.fixture.engine.query(&Caller::local(), &query) else {
                return Err("a slot was not shown".to_owned());
            };
            let figures = Figures {
                sold: view.sold,
                held: view.held,
                house: view.house,
                killed: view.killed,
            };
            let expected = self.model.figures(place);
            if figures != expected {
                return Err(format!("slot {place} has {figures:?}, expected {expected:?}"));
            }
            let sum = view.sold + view.held + view.house + view.killed + view.free;
            if view.capacity != sum {
                return Err(format!("slot {place} does not add up: {view:?}"));
            }
        }
        Ok(())
    }

    fn compare_bookings(&self) -> Result<(), String> {
        let list = BookingList { limit: Some(1_000), ..BookingList::default() };
        let answer = self.fixture.engine.query(&Caller::local(), &Query::BookingList(list));
        let Ok(Answer::BookingList(page)) = answer else { return Err(format!("{answer:?}")) };
        let found: Vec<Shown> = page.items.iter().map(shown).collect();
        let expected = self.model.shown();
        let differ = found.iter().zip(&expected).position(|(found, expected)| found != expected);
        match differ {
            _ if found.len() != expected.len() => {
                Err(format!("{} bookings, expected {}", found.len(), expected.len()))
            }
            Some(n) => Err(format!("booking {n} is {:?}, expected {:?}", found[n], expected[n])),
            None => Ok(()),
        }
    }
}

fn booking_of(command: &Command) -> Option<usize> {
    match command.act {
        Act::Confirm(booking, _)
        | Act::Extend(booking)
        | Act::Release(booking)
        | Act::Expire(booking)
        | Act::Cancel(booking, _) => Some(booking),
        Act::Hold(..) | Act::Sell(..) | Act::House { .. } | Act::Switch(..) => None,
    }
}

fn wanted(what: &What) -> Wanted {
    let places = |area: &str, places: i64| {
        Wanted::area(area.parse().expect("a name"), u32::try_from(places).expect("a number"))
    };
    match what {
        What::Seats(seats) => {
            Wanted::seats(seats.iter().map(|seat| SEATS[*seat].parse().expect("a seat")).collect())
        }
        What::Places(quantity) => places("Stand", *quantity),
        What::Nowhere(quantity) => places("Nowhere", *quantity),
    }
}

fn payment(pay: Pay, price: i64) -> Option<Payment> {
    let (name, amount) = match pay {
        Pay::Silent => return None,
        Pay::Card(name) => (name, price),
        Pay::Wrong(name) => (name, price + 1),
    };
    let amount = matches!(pay, Pay::Wrong(_)).then_some(amount);
    let method = "card".parse().expect("a method");
    let reference = Some(format!("tx-{name}").parse().expect("a reference"));
    Some(Payment { method, reference, amount })
}

/// An answer byte for byte, as a face would write it.
fn bytes(answer: &Result<Reply, Error>) -> String {
    match answer {
        Ok(reply) => serde_json::to_string(reply),
        Err(error) => serde_json::to_string(&error.body()),
    }
    .expect("plain data")
}

fn outcome(answer: &Result<Reply, Error>) -> Outcome {
    match answer {
        Ok(Reply::Booking(view)) => Outcome::Booking(shown(view)),
        Ok(Reply::House(done)) => {
            let refused =
                done.refused.iter().map(|unit| format!("{}:{}", unit.seat, unit.why.name()));
            Outcome::House(done.changed.clone(), done.units, refused.collect())
        }
        Ok(Reply::Slot(switched)) => Outcome::Closed(switched.closed),
        Ok(_) => Outcome::Refused("an unknown kind of answer"),
        Err(error) => Outcome::Refused(error.code()),
    }
}

fn shown(view: &BookingView) -> Shown {
    let units = view.units.iter().map(|unit| match (&unit.seat, &unit.area, unit.quantity) {
        (Some(seat), None, None) => seat.to_string(),
        (None, Some(area), Some(quantity)) => format!("{area} x{quantity}"),
        _ => format!("{unit:?}"),
    });
    Shown {
        state: view.state.name(),
        units: units.collect(),
        total: view.total.minor,
        expires_at: view.expires_at.map(seconds),
        ended_at: view.ended_at.map(seconds),
        tickets: view.tickets.len(),
    }
}
