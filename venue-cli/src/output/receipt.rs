//! A booking as people read it: what, at which price, in all, and the tickets.

use venue_core::domain::booking::{BookingView, UnitView};
use venue_core::domain::money::Money;

use super::table::{Facts, Table};
use super::text::when;

/// The receipt of a booking.
pub(crate) fn receipt(booking: &BookingView) -> String {
    let state = booking.state.name();
    let facts = Facts::default()
        .fact("booking", booking.reference)
        .fact("state", state)
        .fact("event", &booking.event)
        .fact("slot", booking.slot)
        .maybe("buyer", booking.buyer.as_ref())
        .fact("made", when(booking.created_at))
        .maybe("held until", booking.expires_at.map(when))
        .maybe("ended", booking.ended_at.map(when))
        .maybe("because", booking.ended_why.as_ref());
    let mut units = Table::new(&[">line", "place", "category", ">price"]);
    for unit in &booking.units {
        units.row(&[&unit.line, &place(unit), &unit.category, &unit.price]);
    }
    units.row(&[&"", &"total", &"", &booking.total]);
    let mut text = format!("{}\n{}", facts.text(), units.text());
    if !booking.tickets.is_empty() {
        let mut tickets = Table::new(&["ticket", "place"]);
        for ticket in &booking.tickets {
            let place = ticket.seat.as_ref().or(ticket.area.as_ref());
            tickets.row(&[&ticket.number, &place.map_or("", |place| place)]);
        }
        text.push('\n');
        text.push_str(&tickets.text());
    }
    if let Some(token) = &booking.token {
        let token = token.as_deref().unwrap_or("lost with the file's secret");
        text.push_str(&["\ntoken  ", token, "\n"].concat());
    }
    text
}

/// A unit in a word: `1 x Stehplatz`, or the seat's label.
fn place(unit: &UnitView) -> String {
    match (&unit.area, &unit.label, &unit.seat) {
        (Some(area), _, _) => {
            let quantity = unit.quantity.unwrap_or(1);
            let each = Money { minor: unit.price.minor * i64::from(quantity), ..unit.price };
            format!("{quantity} x {area} ({each})")
        }
        (None, Some(label), Some(seat)) if label != seat => format!("{label} ({seat})"),
        (None, Some(label), _) => label.to_string(),
        (None, None, seat) => seat.as_deref().unwrap_or("").to_owned(),
    }
}
