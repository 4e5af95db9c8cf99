//! Commands of the model as requests of the engine, and the engine's answers as outcomes of the model.

use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::Error;
use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Payment, Release, Sell,
    SlotName, SlotSwitch, Verb, Wanted,
};
use venue_core::engine::Request;

use super::command::{Act, Command, Pay, What, Who};
use super::{Model, Outcome, SEATS, SLOTS, Shown};
use crate::fixture::{FIRST_DAY, at, caller};

/// The bookings that an engine made, in the order in which the model did: id, and token if there is one.
pub(super) type Made = [(BookingId, Option<String>)];

/// The instant so many microseconds after the first day of sale.
pub(super) fn instant(micros: i64) -> Instant {
    Instant::clamped(at(FIRST_DAY).micros() + micros)
}

fn micros(instant: Instant) -> i64 {
    instant.micros() - at(FIRST_DAY).micros()
}

pub(super) fn slot(place: usize) -> SlotName {
    SLOTS[place].0.parse().expect("a slot")
}

/// The command as the engine is asked.
pub(super) fn request(
    command: &Command,
    key: Option<usize>,
    model: &Model,
    made: &Made,
) -> Request {
    let caller = match command.who {
        Who::Public { .. } => Caller::new(Role::Public),
        Who::Customer(buyer) => caller(Role::Customer, &format!("b-{buyer}")),
        Who::Terminal => Caller::local(),
        Who::Organizer => caller(Role::Organizer, "o"),
    };
    let mut request = Request::new(&caller, verb(command, model, made));
    if let (Who::Public { token: true }, Some(booking)) = (command.who, command.act.booking())
        && let Some((_, Some(token))) = made.get(booking)
    {
        request = request.token(token);
    }
    match key {
        Some(key) => request.key(format!("a-key-of-the-model-{key:08}").parse().expect("a key")),
        None => request,
    }
}

fn name(booking: usize, made: &Made) -> BookingName {
    let never = || "01999999-9999-7999-8999-999999999900".parse().expect("a name");
    made.get(booking).map_or_else(never, |(id, _)| (*id).into())
}

fn verb(command: &Command, model: &Model, made: &Made) -> Verb {
    // Customers are for themselves without saying so.
    let buyer = |buyer: &Option<u8>| match (command.who, buyer) {
        (Who::Customer(_), _) | (_, None) => None,
        (_, Some(buyer)) => Some(format!("b-{buyer}").parse().expect("a buyer")),
    };
    match &command.act {
        Act::Hold(place, what, ttl, named) => Verb::Hold(Hold {
            slot: slot(*place),
            wanted: wanted(what),
            ttl: ttl.map(Span::from_micros),
            buyer: buyer(named),
        }),
        Act::Sell(place, what, pay, named) => Verb::Sell(Sell {
            slot: slot(*place),
            wanted: wanted(what),
            payment: payment(*pay, Model::price_of(what)),
            buyer: buyer(named),
        }),
        Act::Confirm(booking, pay) => Verb::Confirm(Confirm {
            booking: name(*booking, made),
            payment: payment(*pay, model.price_of_booking(*booking)),
        }),
        Act::Extend(booking) => Verb::Extend(Extend { booking: name(*booking, made) }),
        Act::Release(booking) => Verb::Release(Release { booking: name(*booking, made) }),
        Act::Expire(booking) => Verb::Expire(Expire { booking: name(*booking, made) }),
        Act::Cancel(booking, line) => Verb::Cancel(Cancel {
            booking: name(*booking, made),
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
pub(super) fn bytes(answer: &Result<Reply, Error>) -> String {
    match answer {
        Ok(reply) => serde_json::to_string(reply),
        Err(error) => serde_json::to_string(&error.body()),
    }
    .expect("plain data")
}

pub(super) fn outcome(answer: &Result<Reply, Error>) -> Outcome {
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

pub(super) fn shown(view: &BookingView) -> Shown {
    let units = view.units.iter().map(|unit| match (&unit.seat, &unit.area, unit.quantity) {
        (Some(seat), None, None) => seat.to_string(),
        (None, Some(area), Some(quantity)) => format!("{area} x{quantity}"),
        _ => format!("{unit:?}"),
    });
    Shown {
        state: view.state.name(),
        units: units.collect(),
        total: view.total.minor,
        expires_at: view.expires_at.map(micros),
        ended_at: view.ended_at.map(micros),
        tickets: view.tickets.len(),
    }
}
