//! Slots and bookings as calendars that calendar programs accept.

use std::fmt::Write as _;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::booking_state::StateName;
use crate::domain::calendar::{Entry, Sheet, Status};
use crate::domain::error::Invalid;
use crate::domain::instant::Instant;
use crate::domain::query::{MOST_ENTRIES, SlotCalendar};
use crate::domain::refusal::Refusal;
use crate::domain::request::BookingName;
use crate::domain::season::HallRef;
use crate::domain::slot::Slot;
use crate::domain::view::CalendarView;
use crate::store::events;
use crate::store::queries::venues;
use crate::store::slots as rows;

use super::Stop;
use super::bookings;
use super::choice::{Asked, Choice};
use super::reader::{EventFacts, Reader, damaged};
use super::scan::{Needs, Scan, Step};

/// Slots that are read at once.
const CHUNK: usize = 1_000;

/// What halls are called, as far as they were asked for.
type Places = FxHashMap<HallRef, String>;

/// The organizer's slots, those that were cancelled as such.
pub(super) fn slots(reader: &mut Reader<'_>, query: &SlotCalendar) -> Result<CalendarView, Stop> {
    let choice = Choice::new(reader, Asked::from(query))?;
    let mut places = Places::default();
    let name = match (&query.event, &query.hall) {
        (Some(event), _) => Arc::clone(&reader.event_named(event)?.terms.title),
        (None, Some(hall)) => place(reader, hall, &mut places)?.into(),
        (None, None) => organizer_name(reader)?,
    };
    let after = (choice.from.unwrap_or(Instant::EPOCH), [0; 16]);
    let mut scan = Scan::new(reader, &choice, Needs::default(), after, CHUNK)?;
    let (mut sheet, mut entries) = (Sheet::new(&name, reader.now), 0);
    while let Step::Slot(loaded, event) = scan.step(reader, i64::MAX)? {
        if entries == MOST_ENTRIES {
            let problem = format!(
                "there are more than {MOST_ENTRIES} slots: a narrower event, hall, from or until is needed"
            );
            return Err(Invalid::argument("until", problem).into());
        }
        entries += 1;
        let location = place(reader, &event.hall, &mut places)?;
        sheet.add(&slot_entry(&loaded.slot, &event, location));
    }
    Ok(CalendarView { entries, ics: sheet.finish() })
}

fn slot_entry(slot: &Slot, event: &EventFacts, location: String) -> Entry {
    Entry {
        uid: slot.id.to_string(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        summary: event.terms.title.to_string(),
        description: String::new(),
        location,
        sequence: slot.version,
        status: if slot.cancelled { Status::Cancelled } else { Status::Confirmed },
    }
}

/// One booking, at the time of its slot.
pub(super) fn booking(reader: &mut Reader<'_>, name: BookingName) -> Result<CalendarView, Stop> {
    let booking = bookings::named(reader, name)?;
    let booking = booking.ok_or_else(|| Refusal::not_found("booking", [name]))?;
    let slug = reader.slug(booking.event)?;
    let view = booking.view(&slug, reader.now);
    let slot = rows::by_id(reader.tx, view.slot)?;
    let slot = slot.ok_or_else(|| damaged("a booking has no slot"))?.slot;
    let event = reader.event(booking.event)?;
    let event = event.ok_or_else(|| Refusal::not_found("event", [&slug]))?;
    let mut places = Places::default();
    let location = place(reader, &event.hall, &mut places)?;
    let units = view.units.iter().map(|unit| match (&unit.label, &unit.area, unit.quantity) {
        (Some(label), _, _) => label.to_string(),
        (None, Some(area), quantity) => format!("{} x {area}", quantity.unwrap_or(1)),
        (None, None, _) => String::new(),
    });
    let units: Vec<String> = units.collect();
    let tickets = view.tickets.iter().map(|ticket| ticket.number.to_string());
    let tickets: Vec<String> = tickets.collect();
    let mut description = format!("Booking {}\n{}", view.reference, units.join(", "));
    if !tickets.is_empty() {
        let _ = write!(description, "\nTickets {}", tickets.join(", "));
    }
    let status = match view.state {
        StateName::Confirmed if !slot.cancelled => Status::Confirmed,
        StateName::Held if !slot.cancelled => Status::Tentative,
        StateName::Confirmed
        | StateName::Held
        | StateName::Released
        | StateName::Expired
        | StateName::Cancelled => Status::Cancelled,
    };
    let summary = event.terms.title.to_string();
    let mut sheet = Sheet::new(&summary, reader.now);
    sheet.add(&Entry {
        uid: view.id.to_string(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        summary,
        description,
        location,
        // Both only grow, and either may move the entry.
        sequence: booking.version.saturating_add(slot.version),
        status,
    });
    Ok(CalendarView { entries: 1, ics: sheet.finish() })
}

/// Where a hall is, for people.
fn place(reader: &mut Reader<'_>, hall: &HallRef, known: &mut Places) -> Result<String, Stop> {
    if let Some(known) = known.get(hall) {
        return Ok(known.clone());
    }
    let found = venues::hall_by_name(reader.tx, reader.organizer, hall)?;
    let venue = venues::venue_by_slug(reader.tx, reader.organizer, &hall.venue)?;
    let (Some(found), Some(venue)) = (found, venue) else {
        return Err(damaged("an event has no hall").into());
    };
    let parts = [Some(found.name), Some(venue.name), venue.city];
    let mut names: Vec<Arc<str>> = Vec::new();
    for name in parts.into_iter().flatten() {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let text = names.join(", ");
    known.insert(hall.clone(), text.clone());
    Ok(text)
}

fn organizer_name(reader: &mut Reader<'_>) -> Result<Arc<str>, Stop> {
    let all = events::organizers(reader.tx)?;
    let own = all.into_iter().find(|organizer| organizer.id == reader.organizer);
    Ok(own.ok_or_else(|| damaged("an organizer is gone"))?.name)
}
