//! The reading verbs: each answers from one consistent view, as of one instant, and changes nothing.
//!
//! What belongs to another organizer does not exist; nor do draft events for the public and customers, nor the
//! bookings of others for a customer.

mod bookings;
mod calendar;
mod catalog;
mod choice;
mod events;
mod feed;
mod reader;
mod scan;
mod slot_lists;
mod slots;
mod tickets;

#[cfg(test)]
mod tests;

use crate::domain::caller::{Caller, Role};
use crate::domain::error::{Error, Invalid};
use crate::domain::ids::OrganizerId;
use crate::domain::instant::Instant;
use crate::domain::query::Query;
use crate::domain::refusal::Refusal;
use crate::domain::view::Answer;
use crate::store::boundary::{StoreError, Tx};

use crate::engine::failure::storage_error;
use reader::Reader;

/// Who reads, and as of when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadContext<'a> {
    /// Who asks.
    pub(crate) caller: &'a Caller,
    /// State is as of this instant.
    pub(crate) now: Instant,
}

/// Why a query has no answer.
#[derive(Debug)]
enum Stop {
    /// A rule said no, or the request is wrong.
    Error(Error),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Error(refusal.into())
    }
}

impl From<Invalid> for Stop {
    fn from(invalid: Invalid) -> Self {
        Self::Error(invalid.into())
    }
}

/// Answers a query over one view of the file.
///
/// # Errors
/// In this order: invalid members; `organizer_needed`, `not_found` (the organizer); `bad_cursor`, `cursor_epoch`;
/// `forbidden` (the role); `not_found`; storage at any time.
pub(crate) fn run(
    tx: &mut dyn Tx,
    context: &ReadContext<'_>,
    query: &Query,
) -> Result<Answer, Error> {
    answer(tx, context, query).map_err(error)
}

/// The caller's organizer; the only one in the file, if none is named.
///
/// # Errors
/// `organizer_needed`, `not_found` (the organizer); storage.
pub(crate) fn organizer(tx: &mut dyn Tx, caller: &Caller) -> Result<OrganizerId, Error> {
    reader::organizer(tx, caller).map_err(error)
}

fn error(stop: Stop) -> Error {
    match stop {
        Stop::Error(error) => error,
        Stop::Store(error) => storage_error(error),
    }
}

fn answer(tx: &mut dyn Tx, context: &ReadContext<'_>, query: &Query) -> Result<Answer, Stop> {
    query.validate()?;
    let mut reader = Reader::new(tx, context, query)?;
    if context.caller.role < least_role(query) {
        return Err(Refusal::Forbidden.into());
    }
    let reader = &mut reader;
    match query {
        Query::VenueList(_) => catalog::venue_list(reader).map(Answer::VenueList),
        Query::VenueShow(it) => catalog::venue_show(reader, it).map(Answer::Venue),
        Query::HallList(_) => catalog::hall_list(reader).map(Answer::HallList),
        Query::HallShow(it) => catalog::hall_show(reader, &it.hall).map(Answer::Hall),
        Query::PlanList(it) => catalog::plan_list(reader, it).map(Answer::PlanList),
        Query::PlanShow(it) => {
            catalog::plan_show(reader, it).map(|view| Answer::Plan(Box::new(view)))
        }
        Query::EventList(it) => events::list(reader, it).map(Answer::EventList),
        Query::EventSearch(it) => events::list(reader, it).map(Answer::EventSearch),
        Query::EventShow(it) => {
            catalog::event_show(reader, &it.event).map(|view| Answer::Event(Box::new(view)))
        }
        Query::ScheduleList(it) => catalog::schedule_list(reader, it).map(Answer::ScheduleList),
        Query::SlotList(it) => slot_lists::list(reader, it).map(Answer::SlotList),
        Query::SlotShow(it) => {
            slots::show(reader, &it.slot).map(|view| Answer::Slot(Box::new(view)))
        }
        Query::SlotNext(it) => {
            slot_lists::next(reader, it).map(|view| Answer::Slot(Box::new(view)))
        }
        Query::SlotMap(it) => {
            slots::map(reader, &it.slot).map(|map| Answer::SlotMap(Box::new(map)))
        }
        Query::SlotCalendar(it) => calendar::slots(reader, it).map(Answer::Calendar),
        Query::BookingCalendar(it) => calendar::booking(reader, it.booking).map(Answer::Calendar),
        Query::BookingList(it) => bookings::list(reader, it).map(Answer::BookingList),
        Query::BookingShow(it) => {
            bookings::show(reader, it.booking).map(|view| Answer::Booking(Box::new(view)))
        }
        Query::TicketList(it) => tickets::list(reader, it).map(Answer::TicketList),
        Query::TicketShow(it) => {
            tickets::show(reader, it.ticket).map(|view| Answer::Ticket(Box::new(view)))
        }
        Query::Feed(it) => feed::page(reader, it).map(Answer::Feed),
    }
}

/// The lowest role that may ask. Customers see their own bookings and tickets alone.
const fn least_role(query: &Query) -> Role {
    match query {
        Query::VenueList(_)
        | Query::VenueShow(_)
        | Query::HallList(_)
        | Query::HallShow(_)
        | Query::PlanList(_)
        | Query::PlanShow(_)
        | Query::EventList(_)
        | Query::EventSearch(_)
        | Query::EventShow(_)
        | Query::ScheduleList(_)
        | Query::SlotList(_)
        | Query::SlotShow(_)
        | Query::SlotNext(_)
        | Query::SlotMap(_)
        | Query::SlotCalendar(_) => Role::Public,
        Query::BookingList(_)
        | Query::BookingShow(_)
        | Query::BookingCalendar(_)
        | Query::TicketList(_)
        | Query::TicketShow(_) => Role::Customer,
        Query::Feed(_) => Role::Terminal,
    }
}
