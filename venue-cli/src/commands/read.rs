//! The reading commands: each is one query; lists end with the place where they go on.

use std::time::Duration;

use serde::Serialize;
use venue_core::domain::cursor::Cursor;
use venue_core::domain::error::Error;
use venue_core::domain::query::{self, Query};
use venue_core::domain::slot::SlotState;
use venue_core::domain::text::{Name, SearchText};
use venue_core::domain::view::{Answer, Page, PlanView, SlotMap};
use venue_core::engine::Engine;

use super::{schedule, show};
use crate::args::{
    BookingCommand, EventFilters, Feed, HallCommand, OfEvents, PageOf, PlanCommand, SlotFilters,
    TicketCommand, VenueCommand,
};
use crate::config::Config;
use crate::draw;
use crate::exit::{Exit, Failure};
use crate::output::{Output, Table, receipt, width};

/// How long a follower sleeps at most before it looks again.
const PATIENCE: Duration = Duration::from_secs(1);

/// What stands below a page of a list.
#[derive(Serialize)]
struct PageEnd<'a> {
    next: Option<&'a Cursor>,
}

impl From<VenueCommand> for Query {
    fn from(command: VenueCommand) -> Self {
        match command {
            VenueCommand::List { page: PageOf { after, limit } } => {
                Self::VenueList(query::VenueList { after, limit })
            }
            VenueCommand::Show { venue } => Self::VenueShow(query::VenueShow { venue }),
        }
    }
}

impl From<HallCommand> for Query {
    fn from(command: HallCommand) -> Self {
        match command {
            HallCommand::List { page: PageOf { after, limit } } => {
                Self::HallList(query::HallList { after, limit })
            }
            HallCommand::Show { hall } => Self::HallShow(query::HallShow { hall }),
        }
    }
}

impl From<PlanCommand> for Query {
    fn from(command: PlanCommand) -> Self {
        match command {
            PlanCommand::List { hall, page: PageOf { after, limit } } => {
                Self::PlanList(query::PlanList { hall, after, limit })
            }
            PlanCommand::Show { hall, version } => {
                Self::PlanShow(query::PlanShow { hall, version })
            }
        }
    }
}

/// `venue event list`
pub(crate) fn event_list(text: Option<SearchText>, filters: EventFilters) -> Query {
    Query::EventList(events(text, filters))
}

/// `venue event search`
pub(crate) fn event_search(text: SearchText, filters: EventFilters) -> Query {
    Query::EventSearch(events(Some(text), filters))
}

impl From<BookingCommand> for Query {
    fn from(command: BookingCommand) -> Self {
        match command {
            BookingCommand::List { slot, buyer, state, page: PageOf { after, limit } } => {
                Self::BookingList(query::BookingList { slot, buyer, state, after, limit })
            }
            BookingCommand::Show { booking } => Self::BookingShow(query::BookingShow { booking }),
            BookingCommand::Calendar { booking } => {
                Self::BookingCalendar(query::BookingCalendar { booking })
            }
        }
    }
}

impl From<TicketCommand> for Query {
    fn from(command: TicketCommand) -> Self {
        match command {
            TicketCommand::List { booking, slot, page: PageOf { after, limit } } => {
                Self::TicketList(query::TicketList { booking, slot, after, limit })
            }
            TicketCommand::Show { ticket } => Self::TicketShow(query::TicketShow { ticket }),
        }
    }
}

fn events(text: Option<SearchText>, filters: EventFilters) -> query::EventList {
    let EventFilters { from, until, of, state, free, page } = filters;
    let OfEvents { venue, hall, kind, tag } = of;
    let PageOf { after, limit } = page;
    query::EventList { from, until, venue, hall, kind, tag, text, state, free, after, limit }
}

/// `venue slot list`
pub(crate) fn slot_list(
    filters: SlotFilters,
    state: Option<SlotState>,
    free: Option<u32>,
    page: PageOf,
) -> Query {
    let SlotFilters { event, of, text, from, until } = filters;
    let OfEvents { venue, hall, kind, tag } = of;
    let PageOf { after, limit } = page;
    Query::SlotList(query::SlotList {
        event,
        venue,
        hall,
        kind,
        tag,
        text,
        from,
        until,
        state,
        free,
        after,
        limit,
    })
}

/// `venue slot next`
pub(crate) fn slot_next(
    quantity: u32,
    category: Option<Name>,
    area: Option<Name>,
    filters: SlotFilters,
) -> Query {
    let SlotFilters { event, of, text, from, until } = filters;
    let OfEvents { venue, hall, kind, tag } = of;
    Query::SlotNext(query::SlotNext {
        quantity,
        category,
        area,
        event,
        venue,
        hall,
        kind,
        tag,
        text,
        from,
        until,
    })
}

/// Asks, and shows the answer.
pub(crate) fn ask(query: &Query, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    query.validate()?;
    tracing::debug!(query = query.name(), "asking");
    let engine = config.open()?;
    let answer = engine.query(&config.caller, query)?;
    match &answer {
        Answer::SlotMap(map) if !output.style().json => {
            let plan = plan_of(map, &engine, config)?;
            output.text(&draw::slot_map_on(map, plan.as_ref(), output.style().colour, width()))?;
        }
        _ => answered(&answer, output)?,
    }
    Ok(Exit::Done)
}

/// The plan that a slot is drawn on, if its hall has seats.
fn plan_of(map: &SlotMap, engine: &Engine, config: &Config) -> Result<Option<PlanView>, Failure> {
    let Some(version) = map.plan_version else {
        return Ok(None);
    };
    let (hall, version) = (map.slot.hall.clone(), u32::try_from(version).ok());
    match engine.query(&config.caller, &Query::PlanShow(query::PlanShow { hall, version }))? {
        Answer::Plan(plan) => Ok(Some(*plan)),
        _ => Ok(None),
    }
}

fn answered(answer: &Answer, output: &mut Output) -> Result<(), Failure> {
    let colour = output.style().colour;
    match answer {
        Answer::Venue(it) => output.answer("venue", it, || show::venue(it)),
        Answer::VenueList(page) => list("venue", page, show::venues, output),
        Answer::Hall(it) => output.answer("hall", it, || show::hall(it)),
        Answer::HallList(page) => list("hall", page, show::halls, output),
        Answer::Plan(it) => output.answer("plan", &**it, || draw::plan(it, colour, width())),
        Answer::PlanList(page) => list("plan", page, show::plans, output),
        Answer::Event(it) => output.answer("event", &**it, || show::event(it)),
        Answer::EventList(page) | Answer::EventSearch(page) => {
            list("event", page, show::events, output)
        }
        Answer::ScheduleList(page) => list("schedule", page, schedule::schedules, output),
        Answer::Slot(it) => output.answer("slot", &**it, || show::slot(it)),
        Answer::SlotList(page) => list("slot", page, show::slots, output),
        Answer::SlotMap(it) => {
            output.answer("slot_map", &**it, || draw::slot_map(it, colour, width()))
        }
        Answer::Calendar(it) => output.answer("calendar", it, || it.ics.clone()),
        Answer::Booking(it) => output.answer("booking", &**it, || receipt(it)),
        Answer::BookingList(page) => list("booking", page, show::bookings, output),
        Answer::Ticket(it) => output.answer("ticket", &**it, || show::ticket(it)),
        Answer::TicketList(page) => list("ticket", page, show::tickets, output),
        Answer::Feed(page) => list("change", page, show::changes, output),
        other => {
            let message = format!("an answer that nobody can show: {other:?}");
            Err(Error::Bug { message }.into())
        }
    }
}

/// A page of a list: a line an item and the page's own last, or a table and a hint.
fn list<T: Serialize>(
    kind: &str,
    page: &Page<T>,
    table: fn(&[T]) -> Table,
    output: &mut Output,
) -> Result<(), Failure> {
    let next = page.next.as_ref();
    if output.style().json {
        output.objects(kind, &page.items)?;
        return output.object("page", &PageEnd { next });
    }
    if !page.items.is_empty() {
        output.text(&table(&page.items).text())?;
    }
    match next {
        Some(next) => output.say(&format!("next page: --after {next}")),
        None if page.items.is_empty() => output.say("nothing"),
        None => {}
    }
    Ok(())
}

/// `venue feed`
pub(crate) fn feed(args: Feed, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let PageOf { after, limit } = args.page;
    let feed = query::Feed { event: args.event, slot: args.slot, after, limit };
    let query = Query::Feed(feed.clone());
    if !args.follow {
        return ask(&query, config, output);
    }
    query.validate()?;
    let engine = config.open()?;
    // Without a limit it goes on for ever.
    let mut left = feed.limit;
    let mut follower = engine.follow(&config.caller, feed);
    while left != Some(0) {
        let mut changes = follower.next(PATIENCE)?;
        if let Some(left) = &mut left {
            changes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left -= u32::try_from(changes.len()).unwrap_or(*left);
        }
        if changes.is_empty() && output.reader_is_gone() {
            return Ok(Exit::Done);
        }
        if output.style().json {
            output.objects("change", &changes)?;
        } else if !changes.is_empty() {
            let lines: Vec<String> = changes.iter().map(show::change_line).collect();
            output.text(&lines.join("\n"))?;
        }
    }
    Ok(Exit::Done)
}
