//! Tickets. Who sees a booking sees its tickets.

use std::sync::Arc;

use crate::domain::booking::Booking;
use crate::domain::cursor::CursorKey;
use crate::domain::line::Unit;
use crate::domain::query::{TicketList, TicketName};
use crate::domain::reference::ticket_place;
use crate::domain::refusal::Refusal;
use crate::domain::request::{BookingName, SlotName};
use crate::domain::ticket::{Ticket, TicketNumber};
use crate::domain::view::{IssuedTicket, Page};
use crate::store::bookings as rows;
use crate::store::queries;

use super::reader::{Reader, damaged};
use super::{Stop, bookings, slots};

/// The tickets of a booking or a slot, by number of the booking and of the ticket.
pub(super) fn list(
    reader: &mut Reader<'_>,
    query: &TicketList,
) -> Result<Page<IssuedTicket>, Stop> {
    let after = reader.start((0, 0), |key| Ok((key.take_number()?, key.take_number()?)))?;
    match (query.booking, &query.slot) {
        (Some(booking), _) => of_booking(reader, booking, after.1),
        (None, Some(slot)) => of_slot(reader, slot, after),
        (None, None) => Ok(Page { items: Vec::new(), next: None }),
    }
}

fn of_booking(
    reader: &mut Reader<'_>,
    name: BookingName,
    after: i64,
) -> Result<Page<IssuedTicket>, Stop> {
    let booking = bookings::named(reader, name)?;
    let booking = booking.ok_or_else(|| Refusal::not_found("booking", [name]))?;
    let mut items = Vec::new();
    for ticket in booking.tickets.iter().filter(|ticket| i64::from(ticket.n) > after) {
        items.push(view(reader, &booking, ticket)?);
    }
    let number = i64::try_from(booking.number).unwrap_or(i64::MAX);
    let key = |ticket: &IssuedTicket| {
        CursorKey::default().number(number).number(i64::from(ticket.number.n))
    };
    Ok(reader.page(items, key))
}

fn of_slot(
    reader: &mut Reader<'_>,
    name: &SlotName,
    after: (i64, i64),
) -> Result<Page<IssuedTicket>, Stop> {
    let buyer = bookings::visible_buyer(reader, None)?;
    let (loaded, _) = slots::named(reader, name)?;
    let (slot, organizer, limit) = (loaded.slot.id, reader.organizer, reader.rows());
    let found =
        queries::tickets::page_of_slot(reader.tx, slot, organizer, buyer.as_ref(), after, limit)?;
    let places = reader.page(found, |(number, n)| CursorKey::default().number(*number).number(*n));
    let mut items = Vec::with_capacity(places.items.len());
    let mut last: Option<Booking> = None;
    for (number, n) in places.items {
        let number = queries::bookings::number(number)?;
        let gone = || damaged("a ticket that was listed is gone");
        let booking = match last.take() {
            Some(booking) if booking.number == number => booking,
            Some(_) | None => {
                rows::by_number(reader.tx, reader.references, number)?.ok_or_else(gone)?
            }
        };
        let ticket = booking.tickets.iter().find(|ticket| i64::from(ticket.n) == n);
        items.push(view(reader, &booking, ticket.ok_or_else(gone)?)?);
        last = Some(booking);
    }
    Ok(Page { items, next: places.next })
}

/// One ticket.
pub(super) fn show(reader: &mut Reader<'_>, name: TicketName) -> Result<IssuedTicket, Stop> {
    let (booking, n) = match name {
        TicketName::Id(id) => {
            let (booking, n) = ticket_place(id);
            (BookingName::Id(booking), n)
        }
        TicketName::Number(TicketNumber { reference, n }) => (BookingName::Reference(reference), n),
    };
    let booking = bookings::named(reader, booking)?;
    let place = booking.as_ref().and_then(|booking| {
        let ticket = booking.tickets.iter().find(|ticket| ticket.n == n)?;
        Some((booking, ticket))
    });
    match place {
        Some((booking, ticket)) => view(reader, booking, ticket),
        None => Err(Refusal::not_found("ticket", [name]).into()),
    }
}

fn view(reader: &mut Reader<'_>, booking: &Booking, ticket: &Ticket) -> Result<IssuedTicket, Stop> {
    let line = booking.lines.iter().find(|line| line.n == ticket.line);
    let line = line.ok_or_else(|| damaged("a ticket's line is gone"))?;
    let (seat, label, area) = match &line.unit {
        Unit::Seat { guid, label } => (Some(Arc::clone(guid)), Some(Arc::clone(label)), None),
        Unit::Area { name } => (None, None, Some(Arc::clone(name))),
    };
    Ok(IssuedTicket {
        id: ticket.id,
        number: TicketNumber { reference: booking.reference, n: ticket.n },
        booking: booking.id,
        reference: booking.reference,
        event: reader.slug(booking.event)?,
        slot: line.slot,
        seat,
        label,
        area,
        category: Arc::clone(&line.category),
        state: ticket.state,
    })
}
