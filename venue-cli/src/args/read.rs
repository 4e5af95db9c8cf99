//! The arguments of the reading commands.

use clap::{Args, Subcommand};
use venue_core::domain::booking_state::StateName;
use venue_core::domain::cursor::Cursor;
use venue_core::domain::query::{Moment, TicketName};
use venue_core::domain::request::{BookingName, SlotName};
use venue_core::domain::season::HallRef;
use venue_core::domain::slot::{EventState, SlotState};
use venue_core::domain::text::{Buyer, Name, SearchText, Slug};

use super::{
    EventCancel, EventClone, EventCreate, EventEdit, EventSwitch, SlotCancel, SlotPostpone, Switch,
    values,
};

/// A page of a list.
#[derive(Debug, Args)]
pub(crate) struct PageOf {
    /// Go on after this cursor of the page before
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<Cursor>,
    /// At most so many items: 1 to 1000 [default: 100]
    #[arg(long, value_name = "N", value_parser = values::limit)]
    pub(crate) limit: Option<u32>,
}

/// Which events, or slots of which events.
#[derive(Debug, Args)]
pub(crate) struct OfEvents {
    /// Only those at this venue
    #[arg(long, value_name = "SLUG")]
    pub(crate) venue: Option<Slug>,
    /// Only those in this hall
    #[arg(long, value_name = "VENUE/HALL")]
    pub(crate) hall: Option<HallRef>,
    /// Only those of this kind, in any letter case
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<Name>,
    /// Only those with this tag, in any letter case
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<Name>,
}

/// What is searched for.
const TEXT: &str = "Words, or parts of words, in title, description, tags, venue, hall or city; accents and letter case \
                    do not matter";

/// Which events.
#[derive(Debug, Args)]
pub(crate) struct EventFilters {
    /// Only those with a slot that does not start before this date, local time or instant
    #[arg(long, value_name = "WHEN")]
    pub(crate) from: Option<Moment>,
    /// Only those with a slot that does not start after this date, local time or instant
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Moment>,
    #[command(flatten)]
    pub(crate) of: OfEvents,
    /// Only those that are this
    #[arg(long, value_parser = values::event_state())]
    pub(crate) state: Option<EventState>,
    /// Only those with a slot of which you can have at least so many units now
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) free: Option<u32>,
    #[command(flatten)]
    pub(crate) page: PageOf,
}

/// Which slots.
#[derive(Debug, Args)]
pub(crate) struct SlotFilters {
    /// Only those of this event
    #[arg(long, value_name = "SLUG")]
    pub(crate) event: Option<Slug>,
    #[command(flatten)]
    pub(crate) of: OfEvents,
    #[arg(long, value_name = "TEXT", help = TEXT)]
    pub(crate) text: Option<SearchText>,
    /// None that starts before this date, local time or instant
    #[arg(long, value_name = "WHEN")]
    pub(crate) from: Option<Moment>,
    /// None that starts after this date, local time or instant
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<Moment>,
}

/// `venue venue`
#[derive(Debug, Subcommand)]
pub(crate) enum VenueCommand {
    /// All venues
    List {
        #[command(flatten)]
        page: PageOf,
    },
    /// One venue
    Show {
        /// Its slug
        venue: Slug,
    },
}

/// `venue hall`
#[derive(Debug, Subcommand)]
pub(crate) enum HallCommand {
    /// All halls
    List {
        #[command(flatten)]
        page: PageOf,
    },
    /// One hall, with what it sells
    Show {
        /// Its slugs: VENUE/HALL
        hall: HallRef,
    },
}

/// `venue plan`
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// All versions of seating plans
    List {
        /// Only those of this hall
        #[arg(long, value_name = "VENUE/HALL")]
        hall: Option<HallRef>,
        #[command(flatten)]
        page: PageOf,
    },
    /// A hall's plan, drawn
    Show {
        /// Its hall: VENUE/HALL
        hall: HallRef,
        /// In this version; the newest by default
        #[arg(long, value_name = "N", value_parser = values::number)]
        version: Option<u32>,
    },
}

/// `venue event`
#[derive(Debug, Subcommand)]
pub(crate) enum EventCommand {
    /// Events, by slug
    List {
        #[arg(long, value_name = "TEXT", help = TEXT)]
        text: Option<SearchText>,
        #[command(flatten)]
        filters: EventFilters,
    },
    /// Events with all words of a text, by slug
    Search {
        #[arg(value_name = "TEXT", help = TEXT)]
        text: SearchText,
        #[command(flatten)]
        filters: EventFilters,
    },
    /// One event, with its prices and schedules
    Show {
        /// Its slug
        event: Slug,
    },
    /// Make an event, without schedules and slots
    Create(EventCreate),
    /// Change the terms that are named
    Edit(EventEdit),
    /// Begin the sale of a draft
    Publish(EventSwitch),
    /// Call it off: all its slots that are not over are cancelled
    Cancel(EventCancel),
    /// Close the book on it, once all its slots are over
    Complete(EventSwitch),
    /// Make it go away, if nobody has a live booking; its slug is spent
    Delete(EventSwitch),
    /// Make a draft with its terms and prices
    Clone(EventClone),
}

const SLOT: &str = "A slot: its id, or EVENT@LOCAL as in match@2027-09-04T19:30";

/// `venue slot`
#[derive(Debug, Subcommand)]
pub(crate) enum SlotCommand {
    /// Slots, by their start
    List {
        #[command(flatten)]
        filters: SlotFilters,
        /// Only those that are this now
        #[arg(long, value_parser = values::slot_state())]
        state: Option<SlotState>,
        /// Only those of which you can have at least so many units now
        #[arg(long, value_name = "N", value_parser = values::number)]
        free: Option<u32>,
        #[command(flatten)]
        page: PageOf,
    },
    /// The next slot of which you can have so many units now; from now on, where no --from is said
    Next {
        /// So many units
        #[arg(long, value_name = "N", value_parser = values::number)]
        quantity: u32,
        /// Of this category
        #[arg(long, value_name = "NAME")]
        category: Option<Name>,
        /// Of this area
        #[arg(long, value_name = "NAME")]
        area: Option<Name>,
        #[command(flatten)]
        filters: SlotFilters,
    },
    /// One slot, and how much of it is free
    Show {
        #[arg(help = SLOT)]
        slot: SlotName,
    },
    /// Every seat of a slot, drawn: free, held, sold, house, killed
    Map {
        #[arg(help = SLOT)]
        slot: SlotName,
    },
    /// Slots as a calendar file (.ics), cancelled ones as cancelled
    Calendar {
        /// Only those of this event
        #[arg(long, value_name = "SLUG")]
        event: Option<Slug>,
        /// Only those in this hall
        #[arg(long, value_name = "VENUE/HALL")]
        hall: Option<HallRef>,
        /// None that starts before this date or instant
        #[arg(long, value_name = "DATE|INSTANT")]
        from: Option<Moment>,
        /// None that starts after this date or instant
        #[arg(long, value_name = "DATE|INSTANT")]
        until: Option<Moment>,
    },
    /// Open a slot that was closed
    Open(Switch),
    /// Close a slot: nothing new is sold, live holds may still be confirmed
    Close(Switch),
    /// Cancel a slot: its holds are released, its bookings cancelled and marked for refund
    Cancel(SlotCancel),
    /// Move a slot to another time, with everything that was booked
    Postpone(SlotPostpone),
}

/// `venue booking`
#[derive(Debug, Subcommand)]
pub(crate) enum BookingCommand {
    /// Bookings, in the order in which they were made
    List {
        /// Only those of this slot
        #[arg(long)]
        slot: Option<SlotName>,
        /// Only those for this buyer
        #[arg(long, value_name = "ID")]
        buyer: Option<Buyer>,
        /// Only those that are this now
        #[arg(long, value_parser = values::booking_state())]
        state: Option<StateName>,
        #[command(flatten)]
        page: PageOf,
    },
    /// One booking
    Show {
        /// Its reference or its id
        booking: BookingName,
    },
    /// One booking as a calendar file (.ics), for the buyer's calendar
    Calendar {
        /// Its reference or its id
        booking: BookingName,
    },
}

/// `venue ticket`
#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    /// Tickets of one booking or of one slot
    List {
        /// Of this booking
        #[arg(long)]
        booking: Option<BookingName>,
        /// Of this slot
        #[arg(long)]
        slot: Option<SlotName>,
        #[command(flatten)]
        page: PageOf,
    },
    /// One ticket
    Show {
        /// Its number or its id
        ticket: TicketName,
    },
}

/// `venue feed`
#[derive(Debug, Args)]
pub(crate) struct Feed {
    /// Wait for what happens next, until interrupted, or until so many changes as --limit says were told
    #[arg(long)]
    pub(crate) follow: bool,
    /// Only what concerns this event
    #[arg(long, value_name = "SLUG")]
    pub(crate) event: Option<Slug>,
    /// Only what concerns this slot
    #[arg(long)]
    pub(crate) slot: Option<SlotName>,
    #[command(flatten)]
    pub(crate) page: PageOf,
}
