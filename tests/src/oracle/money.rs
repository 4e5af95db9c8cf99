//! Rule 4: wherever a booking is shown, its total is the sum of its prices; and whatever was sold has its tickets.

use std::collections::HashMap;

use venue_core::domain::booking::BookingView;
use venue_core::domain::booking_state::StateName;
use venue_core::domain::ids::BookingId;
use venue_core::domain::reply::Reply;

use super::owners::places;
use super::{Evidence, Lies, Rule};

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    let answers = evidence.history.iter().filter_map(|record| match record.reply() {
        Some(Reply::Booking(view)) => Some(*view),
        _ => None,
    });
    let told = evidence.feed.iter().filter_map(|change| change.booking.clone());
    for view in answers.chain(told).chain(evidence.bookings.iter().cloned()) {
        adds_up(&view, lies);
    }
    let mut tickets: HashMap<String, BookingId> = HashMap::new();
    for booking in &evidence.bookings {
        for ticket in &booking.tickets {
            for name in [ticket.id.to_string(), ticket.number.to_string()] {
                let other = tickets.insert(name, booking.id);
                lies.expect(other.is_none(), Rule::Money, || {
                    format!("ticket {} is of two bookings", ticket.number)
                });
            }
        }
    }
}

fn adds_up(view: &BookingView, lies: &mut Lies) {
    let sum: i64 = view.units.iter().map(|unit| unit.price.minor * places(unit)).sum();
    let one_currency = view.units.iter().all(|unit| unit.price.currency == view.total.currency);
    lies.expect(sum == view.total.minor && one_currency, Rule::Money, || {
        format!("booking {}: its units come to {sum}, its total is {}", view.id, view.total)
    });
    let units: i64 = match view.state {
        StateName::Confirmed => view.units.iter().map(places).sum(),
        StateName::Held | StateName::Released | StateName::Expired | StateName::Cancelled => 0,
    };
    lies.expect(i64::try_from(view.tickets.len()) == Ok(units), Rule::Money, || {
        let tickets = view.tickets.len();
        format!("booking {}, {:?}: {tickets} tickets for {units} units", view.id, view.state)
    });
}
