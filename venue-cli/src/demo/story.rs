//! One buyer after the other: hold, confirm, tickets; a repeated call; a hold that runs out.

use std::fmt::Write as _;

use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::Error;
use venue_core::domain::instant::Span;
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{Confirm, Hold, Sell, Wanted};
use venue_core::domain::text::SeatName;
use venue_core::engine::Request;

use super::stage::Stage;
use crate::draw::escaped;

/// How long a hold of this event lives.
const HOLD: Span = Span::from_mins(5);

fn bug(what: &str) -> Error {
    Error::Bug { message: format!("demo: {what}") }
}

/// A customer by name.
pub(super) fn customer(name: &str) -> Result<Caller, Error> {
    Ok(Caller::new(Role::Customer).actor(name.parse().map_err(|_| bug("a buyer's name"))?))
}

/// Seats of a row, by their place in it.
pub(super) fn seats(
    stage: &Stage,
    section: &str,
    row: &str,
    places: std::ops::Range<usize>,
) -> Result<Vec<SeatName>, Error> {
    let map = stage.map()?;
    let of_row =
        map.seats.iter().filter(|s| s.section.as_deref() == Some(section) && *s.row == *row);
    let names = of_row.skip(places.start).take(places.len()).map(|seat| seat.seat.parse());
    names.collect::<Result<_, _>>().map_err(|_| bug("a seat's name"))
}

/// The numbers of a booking's tickets.
pub(super) fn tickets(booking: &BookingView) -> String {
    let numbers: Vec<String> = booking.tickets.iter().map(|t| t.number.to_string()).collect();
    numbers.join(", ")
}

fn labels(booking: &BookingView) -> String {
    let labels: Vec<&str> = booking.units.iter().filter_map(|unit| unit.label.as_deref()).collect();
    escaped(&labels.join(", "))
}

/// What was said instead of a booking.
fn refusal(answer: Result<BookingView, Error>, code: &str) -> Result<String, Error> {
    match answer {
        Err(error) if error.code() == code => Ok(format!("{code}: {error}")),
        Err(error) => Err(error),
        Ok(_) => Err(bug("something was granted that must be refused")),
    }
}

/// Tells the story on the stage.
pub(super) fn tell(stage: &mut Stage) -> Result<String, Error> {
    let mut out = String::new();
    buy(stage, &mut out)?;
    repeat(stage, &mut out)?;
    expire(stage, &mut out)?;
    Ok(out)
}

fn buy(stage: &Stage, out: &mut String) -> Result<(), Error> {
    let (ada, ben) = (customer("Ada")?, customer("Ben")?);
    let wanted = Wanted::seats(seats(stage, "Block E", "10", 8..10)?);
    let hold = Hold { slot: stage.slot_name(), wanted, ttl: None, buyer: None };
    let held = stage.engine.hold(&ada, hold.clone())?;
    let until = held.expires_at.map(|at| at.to_string()).unwrap_or_default();
    let _ = writeln!(out, "Ada holds {}: booking {}, until {until}", labels(&held), held.reference);
    let told = refusal(stage.engine.hold(&ben, hold), "seats_taken")?;
    let _ = writeln!(out, "Ben wants the same two: {told}");
    let payment = "card:demo-ada".parse().ok();
    let paid = stage.engine.confirm(&ada, Confirm { booking: held.id.into(), payment })?;
    let _ = writeln!(out, "Ada pays {}: tickets {}", paid.total, tickets(&paid));
    Ok(())
}

fn repeat(stage: &Stage, out: &mut String) -> Result<(), Error> {
    let till = Caller::local();
    let sell = |places| -> Result<Request, Error> {
        let wanted = Wanted::seats(seats(stage, "Block E", "9", places)?);
        let sell = Sell { slot: stage.slot_name(), wanted, payment: None, buyer: None };
        let key = "demo-till-0001".parse().map_err(|_| bug("a key"))?;
        Ok(Request::new(&till, sell).key(key))
    };
    let booking = |reply: Reply| match reply {
        Reply::Booking(booking) => Ok(*booking),
        other => Err(bug(&format!("unlike answer: {other:?}"))),
    };
    let first = booking(stage.engine.call(sell(8..11)?)?)?;
    let again = booking(stage.engine.call(sell(8..11)?)?)?;
    if first != again {
        return Err(bug("a repeated call was answered otherwise"));
    }
    let _ =
        writeln!(out, "The till sells {} under a key: booking {}", labels(&first), first.reference);
    let _ =
        writeln!(out, "The line broke, the till asks again: the same answer, nothing sold twice");
    let other = stage.engine.call(sell(12..13)?).and_then(booking);
    let _ =
        writeln!(out, "Another order under that key: {}", refusal(other, "idempotency_mismatch")?);
    Ok(())
}

fn expire(stage: &mut Stage, out: &mut String) -> Result<(), Error> {
    let cleo = customer("Cleo")?;
    let wanted = Wanted::seats(seats(stage, "Block B", "1", 8..10)?);
    let hold = Hold { slot: stage.slot_name(), wanted, ttl: None, buyer: None };
    let held = stage.engine.hold(&cleo, hold)?;
    let before = stage.map()?.slot.held;
    let _ = writeln!(out, "Cleo holds {} and thinks about it: {before} places held", labels(&held));
    let now = stage.wait(HOLD)?;
    let after = stage.map()?.slot.held;
    let _ = writeln!(out, "Five minutes later ({now}): {after} held, and nobody had to tidy up");
    let confirm = Confirm { booking: held.id.into(), payment: None };
    let _ = writeln!(
        out,
        "Cleo pays too late: {}",
        refusal(stage.engine.confirm(&cleo, confirm), "hold_expired")?
    );
    Ok(())
}
