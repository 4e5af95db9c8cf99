//! Commands of the model as requests of the engine, and the engine's answers as outcomes of the model.

use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::Error;
use venue_core::domain::ids::{BookingId, SlotId};
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::money::Money;
use venue_core::domain::reply::{EventCancelDone, Reply, SlotCancelDone};
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, NewStart, Payment,
    Release, Sell, SlotCancel, SlotName, SlotPostpone, SlotSwitch, Verb, Wanted,
};
use venue_core::domain::view::{EventView, SlotView};
use venue_core::engine::Request;

use super::command::{Act, Care, Command, Pay, What, Who};
use super::request_event::event_verb;
use super::{EventShown, Figures, Model, Off, Outcome, SEATS, Shown, SlotShown};
use crate::fixture::{FIRST_DAY, at, caller};

/// What an engine made, in the order in which the model did.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Bookings: id, and token if there is one.
    pub(super) bookings: Vec<(BookingId, Option<String>)>,
    /// Slots.
    pub(super) slots: Vec<SlotId>,
}

/// The instant so many microseconds after the first day of sale.
pub(super) fn instant(micros: i64) -> Instant {
    Instant::clamped(at(FIRST_DAY).micros() + micros)
}

fn micros(instant: Instant) -> i64 {
    instant.micros() - at(FIRST_DAY).micros()
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
        && let Some((_, Some(token))) = made.bookings.get(booking)
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
    made.bookings.get(booking).map_or_else(never, |(id, _)| (*id).into())
}

fn verb(command: &Command, model: &Model, made: &Made) -> Verb {
    // A slot is named by its id: when it takes place may change.
    let slot = |place: &usize| SlotName::Id(made.slots[*place]);
    // Customers are for themselves without saying so.
    let buyer = |buyer: &Option<u8>| match (command.who, buyer) {
        (Who::Customer(_), _) | (_, None) => None,
        (_, Some(buyer)) => Some(format!("b-{buyer}").parse().expect("a buyer")),
    };
    match &command.act {
        Act::Hold(place, what, ttl, named) => Verb::Hold(Hold {
            slot: slot(place),
            wanted: wanted(what),
            ttl: ttl.map(Span::from_micros),
            buyer: buyer(named),
        }),
        Act::Sell(place, what, pay, named) => Verb::Sell(Sell {
            slot: slot(place),
            wanted: wanted(what),
            payment: payment(*pay),
            buyer: buyer(named),
        }),
        Act::Confirm(booking, pay) => {
            Verb::Confirm(Confirm { booking: name(*booking, made), payment: payment(*pay) })
        }
        Act::Extend(booking) => Verb::Extend(Extend { booking: name(*booking, made) }),
        Act::Release(booking) => Verb::Release(Release { booking: name(*booking, made) }),
        Act::Expire(booking) => Verb::Expire(Expire { booking: name(*booking, made) }),
        Act::Cancel(booking, line) => Verb::Cancel(Cancel {
            booking: name(*booking, made),
            line: line.iter().copied().collect(),
            reason: None,
        }),
        Act::House { slot: place, what, kill, lift } => Verb::House(House {
            slot: slot(place),
            wanted: wanted(what),
            kind: if *kill { HouseKind::Kill } else { HouseKind::Hold },
            lift: *lift,
        }),
        Act::Switch(place, closed) => {
            let switch = SlotSwitch { slot: slot(place), expected_version: None };
            if *closed { Verb::SlotClose(switch) } else { Verb::SlotOpen(switch) }
        }
        Act::CallOff(place, care) => Verb::SlotCancel(SlotCancel {
            dry_run: *care == Care::DryRun,
            expected_version: version(*care),
            ..SlotCancel::new(slot(place))
        }),
        Act::Postpone(place, to, care) => Verb::SlotPostpone(SlotPostpone {
            dry_run: *care == Care::DryRun,
            expected_version: version(*care),
            ..SlotPostpone::new(slot(place), NewStart::At(instant(*to)))
        }),
        Act::Event(event, act, version) => event_verb(model.slug(*event), act, *version),
    }
}

/// A version that is not the right one, where that is wanted.
fn version(care: Care) -> Option<u32> {
    (care == Care::Stale).then_some(999_999)
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

fn payment(pay: Pay) -> Option<Payment> {
    // Nothing costs a cent.
    let (name, amount) = match pay {
        Pay::Silent => return None,
        Pay::Card(name) => (name, None),
        Pay::Wrong(name) => (name, Some(1)),
    };
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
        Ok(Reply::SlotCancel(done)) => Outcome::CalledOff(None, slot_off(done)),
        Ok(Reply::EventCancel(done)) => {
            Outcome::CalledOff(Some(event_shown(&done.event)), event_off(done))
        }
        Ok(Reply::SlotPostpone(moved)) => {
            let (starts, ends) = (micros(moved.after.starts_at), micros(moved.after.ends_at));
            Outcome::Moved(starts, ends, [moved.holds, moved.bookings, moved.units])
        }
        Ok(Reply::Event(view)) => Outcome::Event(event_shown(view)),
        Ok(Reply::Schedule(changed)) => {
            let version = u32::try_from(changed.version).unwrap_or(0);
            Outcome::Schedule(changed.schedule.clone(), version, changed.new)
        }
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
        called_off: view.ended_why.as_ref().is_some_and(|why| why.as_str() == "slot_cancelled"),
        tickets: view.tickets.len(),
    }
}

fn slot_off(done: &SlotCancelDone) -> Off {
    Off {
        at: done.cancelled_at.map(micros),
        slots: 1,
        holds: done.holds,
        bookings: done.bookings,
        units: done.units,
        refund: done.refund_due.minor,
    }
}

fn event_off(done: &EventCancelDone) -> Off {
    Off {
        at: done.cancelled_at.map(micros),
        slots: done.slots,
        holds: done.holds,
        bookings: done.bookings,
        units: done.units,
        refund: done.refund_due.minor,
    }
}

pub(super) fn event_shown(view: &EventView) -> EventShown {
    EventShown {
        slug: view.slug.to_string(),
        title: view.title.to_string(),
        state: view.state.name(),
        version: u32::try_from(view.version).unwrap_or(0),
        limits: (view.max_units_per_booking, view.max_units_per_buyer),
        holds: [view.hold.micros(), view.max_hold.micros()],
        prices: view.prices.iter().map(|price| price.price.minor).collect(),
        schedules: view.schedules.len(),
    }
}

pub(super) fn slot_shown(view: &SlotView) -> SlotShown {
    let price = view.categories.first().and_then(|category| category.price);
    SlotShown {
        state: view.state.name(),
        times: [micros(view.starts_at), micros(view.ends_at)],
        sale: (view.on_sale_from.map(micros), micros(view.on_sale_until)),
        price: price.map_or(-1, |Money { minor, .. }| minor),
        figures: Figures {
            sold: view.sold,
            held: view.held,
            house: view.house,
            killed: view.killed,
        },
    }
}
