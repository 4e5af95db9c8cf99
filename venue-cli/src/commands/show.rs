//! Answers as people read them.

use std::fmt::Display;

use venue_core::domain::booking::BookingView;
use venue_core::domain::instant::Instant;
use venue_core::domain::season::SaleBound;
use venue_core::domain::slot::SlotState;
use venue_core::domain::ticket::TicketState;
use venue_core::domain::view::{
    ChangeView, EventView, HallView, IssuedTicket, PlanSummary, SlotView, VenueView,
};
use venue_core::domain::zone::Zone;

use crate::output::{Facts, Table, printable, when};

/// What stands where there is nothing.
const NONE: &str = "-";

/// One venue.
pub(crate) fn venue(venue: &VenueView) -> String {
    Facts::default()
        .fact("venue", &venue.slug)
        .fact("name", &venue.name)
        .maybe("city", venue.city.as_ref())
        .fact("zone", &venue.zone)
        .text()
}

/// Venues.
pub(crate) fn venues(venues: &[VenueView]) -> Table {
    let mut table = Table::new(&["venue", "name", "city", "zone"]);
    for it in venues {
        table.row(&[&it.slug, &it.name, &it.city.as_deref().unwrap_or(NONE), &it.zone]);
    }
    table
}

/// One hall.
pub(crate) fn hall(hall: &HallView) -> String {
    let facts = Facts::default()
        .fact("hall", &hall.hall)
        .fact("name", &hall.name)
        .fact("zone", &hall.zone)
        .fact("turnaround", hall.turnaround)
        .fact("shared", if hall.shared { "yes" } else { "no" })
        .maybe("plan version", hall.plan_version)
        .fact("capacity", hall.capacity);
    let mut table = Table::new(&["sells", "category", ">units"]);
    for seats in &hall.seats {
        table.row(&[&"seats", &seats.category, &seats.seats]);
    }
    for area in &hall.areas {
        table.row(&[&area.name, &area.category, &area.capacity]);
    }
    format!("{}\n{}", facts.text(), table.text())
}

/// Halls.
pub(crate) fn halls(halls: &[HallView]) -> Table {
    let mut table = Table::new(&["hall", "name", ">capacity", ">plan"]);
    for it in halls {
        let plan = it.plan_version.map_or(NONE.to_owned(), |version| version.to_string());
        table.row(&[&it.hall, &it.name, &it.capacity, &plan]);
    }
    table
}

/// Versions of plans.
pub(crate) fn plans(plans: &[PlanSummary]) -> Table {
    let mut table = Table::new(&["hall", ">version", "name", ">seats"]);
    for it in plans {
        table.row(&[&it.hall, &it.version, &it.name, &it.seat_count]);
    }
    table
}

fn bound(bound: SaleBound) -> String {
    match bound {
        SaleBound::At(local) => local.to_string(),
        SaleBound::BeforeStart(span) => format!("{span} before the start"),
    }
}

/// One event.
pub(crate) fn event(event: &EventView) -> String {
    let tags: Vec<&str> = event.tags.iter().map(|tag| &**tag).collect();
    let facts = Facts::default()
        .fact("event", &event.slug)
        .fact("title", &event.title)
        .fact("kind", &event.kind)
        .fact("state", event.state.name())
        .fact("version", event.version)
        .fact("hall", &event.hall)
        .maybe("duration", event.duration)
        .fact("hold", format!("{}, at most {}", event.hold, event.max_hold))
        .fact("units a booking", event.max_units_per_booking)
        .maybe("units a buyer", event.max_units_per_buyer)
        .maybe("on sale from", event.on_sale_from.map(bound))
        .maybe("on sale until", event.on_sale_until.map(bound))
        .maybe("tags", Some(tags.join(", ")).filter(|tags| !tags.is_empty()));
    let mut prices = Table::new(&["category", "rate", ">price"]);
    for it in &event.prices {
        prices.row(&[&it.category, &it.rate, &it.price]);
    }
    let mut text = format!("{}\n{}", facts.text(), prices.text());
    if !event.schedules.is_empty() {
        let mut schedules = Table::new(&["schedule"]);
        for it in &event.schedules {
            let rule = serde_json::to_string(&it.rule).unwrap_or_default();
            schedules.row(&[&rule]);
        }
        text.push('\n');
        text.push_str(&schedules.text());
    }
    for why in event.schedules.iter().filter_map(|it| it.unsupported.as_ref()) {
        text.push_str(&printable(&format!("not all slots are made: {why}")));
        text.push('\n');
    }
    text
}

/// Events.
pub(crate) fn events(events: &[EventView]) -> Table {
    let mut table = Table::new(&["event", "title", "kind", "hall", "state"]);
    for it in events {
        table.row(&[&it.slug, &it.title, &it.kind, &it.hall, &it.state.name()]);
    }
    table
}

/// `2027-09-04 19:30` of `2027-09-04T19:30:00+02:00[Europe/Berlin]`.
fn short_local(local: &str) -> String {
    local.get(..16).unwrap_or(local).replace('T', " ")
}

/// An instant on the clock of the place of a slot.
fn local_there(slot: &SlotView, at: Instant) -> String {
    let zone = slot.local.split_once('[').and_then(|(_, zone)| zone.strip_suffix(']'));
    let zone = zone.and_then(|zone| zone.parse::<Zone>().ok());
    zone.map_or_else(|| when(at), |zone| short_local(&zone.text(at)))
}

/// One slot, by category and area.
pub(crate) fn slot(slot: &SlotView) -> String {
    let facts = Facts::default()
        .fact("slot", slot.id)
        .fact("event", &slot.event)
        .fact("hall", &slot.hall)
        .fact("starts", &slot.local)
        .fact("ends", when(slot.ends_at))
        .fact("state", slot.state.name())
        .maybe("on sale from", slot.on_sale_from.map(when))
        .fact("on sale until", when(slot.on_sale_until));
    let mut all = Table::new(&[">capacity", ">sold", ">held", ">house", ">killed", ">free"]);
    let it = slot;
    all.row(&[&it.capacity, &it.sold, &it.held, &it.house, &it.killed, &it.free]);
    let mut categories = Table::new(&["category", ">price", ">capacity", ">free"]);
    for it in &slot.categories {
        let price = it.price.map_or(NONE.to_owned(), |price| price.to_string());
        categories.row(&[&it.category, &price, &it.capacity, &it.free]);
    }
    let mut text = format!("{}\n{}\n{}", facts.text(), all.text(), categories.text());
    if !slot.areas.is_empty() {
        let headings =
            ["area", "category", ">capacity", ">sold", ">held", ">house", ">killed", ">free"];
        let mut areas = Table::new(&headings);
        for it in &slot.areas {
            areas.row(&[
                &it.area,
                &it.category,
                &it.capacity,
                &it.sold,
                &it.held,
                &it.house,
                &it.killed,
                &it.free,
            ]);
        }
        text.push('\n');
        text.push_str(&areas.text());
    }
    text
}

/// Slots.
pub(crate) fn slots(slots: &[SlotView]) -> Table {
    let waits = |it: &SlotView| it.state == SlotState::NotOnSale && it.on_sale_from.is_some();
    let later = slots.iter().any(waits);
    let mut headings = vec!["slot", "event", "local", "state", ">free", ">capacity"];
    headings.extend(later.then_some("on sale from"));
    let mut table = Table::new(&headings);
    for it in slots {
        let (local, state) = (short_local(&it.local), it.state.name());
        let from = it.on_sale_from.filter(|_| waits(it)).map(|from| local_there(it, from));
        let from = from.unwrap_or_else(|| NONE.to_owned());
        let mut cells: Vec<&dyn Display> =
            vec![&it.id, &it.event, &local, &state, &it.free, &it.capacity];
        if later {
            cells.push(&from);
        }
        table.row(&cells);
    }
    table
}

/// Bookings.
pub(crate) fn bookings(bookings: &[BookingView]) -> Table {
    let headings = ["booking", "state", "event", "buyer", ">units", ">total", "made"];
    let mut table = Table::new(&headings);
    for it in bookings {
        let units: u64 = it.units.iter().map(|unit| u64::from(unit.quantity.unwrap_or(1))).sum();
        let buyer = it.buyer.as_ref().map_or(NONE, |buyer| buyer.as_str());
        let made = when(it.created_at);
        table.row(&[&it.reference, &it.state.name(), &it.event, &buyer, &units, &it.total, &made]);
    }
    table
}

/// One ticket.
pub(crate) fn ticket(ticket: &IssuedTicket) -> String {
    Facts::default()
        .fact("ticket", ticket.number)
        .fact("state", admission(ticket.state))
        .fact("booking", ticket.reference)
        .fact("event", &ticket.event)
        .fact("slot", ticket.slot)
        .fact("place", place(ticket))
        .fact("category", &ticket.category)
        .text()
}

const fn admission(state: TicketState) -> &'static str {
    match state {
        TicketState::Valid => "valid",
        TicketState::Void => "void",
    }
}

fn place(ticket: &IssuedTicket) -> &str {
    ticket.label.as_deref().or(ticket.seat.as_deref()).or(ticket.area.as_deref()).unwrap_or(NONE)
}

/// Tickets.
pub(crate) fn tickets(tickets: &[IssuedTicket]) -> Table {
    let mut table = Table::new(&["ticket", "state", "place", "category", "event"]);
    for it in tickets {
        table.row(&[&it.number, &admission(it.state), &place(it), &it.category, &it.event]);
    }
    table
}

/// Changes.
pub(crate) fn changes(changes: &[ChangeView]) -> Table {
    let mut table = Table::new(&[">sequence", "at", "kind", "event", "booking"]);
    for it in changes {
        let event = it.event.as_ref().map_or(NONE, |event| event.as_str());
        let booking = it.booking.as_ref().map_or(NONE.to_owned(), |b| b.reference.to_string());
        table.row(&[&it.sequence, &when(it.at), &it.kind, &event, &booking]);
    }
    table
}

/// A change on a line of its own, for who watches them come.
pub(crate) fn change_line(change: &ChangeView) -> String {
    let event = change.event.as_ref().map_or(NONE, |event| event.as_str());
    let booking = change.booking.as_ref().map_or(NONE.to_owned(), |b| b.reference.to_string());
    let line =
        format!("{}  {}  {}  {event}  {booking}", change.sequence, when(change.at), change.kind);
    printable(&line)
}
