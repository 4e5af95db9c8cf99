//! Bookings, as of now. A customer sees own ones alone; what one may not see does not exist.

use crate::domain::booking::{Booking, BookingView};
use crate::domain::caller::Role;
use crate::domain::cursor::CursorKey;
use crate::domain::permission;
use crate::domain::query::BookingList;
use crate::domain::reference::reference_of;
use crate::domain::refusal::Refusal;
use crate::domain::request::BookingName;
use crate::domain::text::Buyer;
use crate::domain::view::Page;
use crate::store::bookings;
use crate::store::queries::bookings as queries;

use super::reader::{MOST_SCANNED, Reader, damaged};
use super::{Stop, slots};

/// The organizer's bookings, by number: in the order in which they were made.
pub(super) fn list(
    reader: &mut Reader<'_>,
    query: &BookingList,
) -> Result<Page<BookingView>, Stop> {
    let buyer = visible_buyer(reader, query.buyer.as_ref())?;
    let slot = query.slot.as_ref().map(|slot| slots::named(reader, slot)).transpose()?;
    let after = reader.start(0, CursorKey::take_number)?;
    let wanted = queries::Wanted {
        after,
        organizer: reader.organizer,
        state: query.state,
        now: reader.now,
        buyer: buyer.as_ref(),
        slot: slot.map(|(loaded, _)| loaded.slot.id),
    };
    // Without buyer and slot a page looks at so many bookings and no further. Their numbers say nothing of how many
    // they are: a restore leaves a wide gap.
    let bounded = wanted.buyer.is_none() && wanted.slot.is_none();
    let last = if bounded { queries::nth(reader.tx, after, MOST_SCANNED)? } else { None };
    let up_to = last.unwrap_or(i64::MAX);
    let rows = reader.rows();
    let found = queries::page(reader.tx, &wanted, up_to, rows)?;
    let numbers = reader.page(found, |number| CursorKey::default().number(*number));
    let next = match numbers.next {
        None if last.is_some() && queries::next(reader.tx, up_to)?.is_some() => {
            reader.cursor(&CursorKey::default().number(up_to))
        }
        next => next,
    };
    let mut items = Vec::with_capacity(numbers.items.len());
    for number in numbers.items {
        let booking = bookings::by_number(reader.tx, reader.references, queries::number(number)?)?;
        let booking = booking.ok_or_else(|| damaged("a booking that was listed is gone"))?;
        items.push(view(reader, &booking)?);
    }
    Ok(Page { items, next })
}

/// Whose bookings a list has: everybody's, those of the buyer that staff named, or a customer's own.
pub(super) fn visible_buyer(
    reader: &Reader<'_>,
    named: Option<&Buyer>,
) -> Result<Option<Buyer>, Stop> {
    if reader.caller.role != Role::Customer {
        return Ok(named.cloned());
    }
    let own = permission::buyer(reader.caller, None).ok_or(Refusal::Forbidden)?;
    match named {
        Some(named) if *named != own => Err(Refusal::Forbidden.into()),
        Some(_) | None => Ok(Some(own)),
    }
}

/// One booking.
pub(super) fn show(reader: &mut Reader<'_>, name: BookingName) -> Result<BookingView, Stop> {
    let booking = named(reader, name)?;
    let booking = booking.ok_or_else(|| Refusal::not_found("booking", [name]))?;
    view(reader, &booking)
}

/// The booking that a name leads to, if this caller may see it.
pub(super) fn named(reader: &mut Reader<'_>, name: BookingName) -> Result<Option<Booking>, Stop> {
    let reference = match name {
        BookingName::Id(id) => reference_of(id),
        BookingName::Reference(reference) => reference,
    };
    let number = reader.references.number(reference);
    let found = bookings::by_number(reader.tx, reader.references, number)?;
    Ok(found.filter(|booking| {
        let same_id = match name {
            BookingName::Id(id) => booking.id == id,
            BookingName::Reference(_) => true,
        };
        let visible = reader.caller.role.is_staff() || permission::owns(reader.caller, booking);
        same_id && booking.organizer == reader.organizer && visible
    }))
}

fn view(reader: &mut Reader<'_>, booking: &Booking) -> Result<BookingView, Stop> {
    let event = reader.slug(booking.event)?;
    Ok(booking.view(&event, reader.now))
}
