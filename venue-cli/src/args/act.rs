//! The arguments of what changes bookings and slots.

use clap::Args;
use venue_core::domain::instant::Span;
use venue_core::domain::request::{self, BookingName, HouseKind, NewStart, Payment, SlotName};
use venue_core::domain::text::{Buyer, Name, Reason};

use super::values::{self, Seats};

/// Which units are wanted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which seats or places (exactly one of --seats, --best, --area)")]
pub(crate) struct Wanted {
    /// These seats, by id or label, separated by commas
    #[arg(long, value_name = "A-1,A-2")]
    seats: Option<Seats>,
    /// The best so many seats together
    #[arg(long, value_name = "N", value_parser = values::number)]
    best: Option<u32>,
    /// The best seats of this category
    #[arg(long)]
    category: Option<Name>,
    /// The best seats of this section
    #[arg(long)]
    section: Option<Name>,
    /// So many of the best seats are accessible
    #[arg(long, value_name = "K", value_parser = values::number_or_none)]
    accessible: Option<u32>,
    /// Places of this area, with --quantity
    #[arg(long, value_name = "NAME")]
    area: Option<Name>,
    /// So many places of the area
    #[arg(long, value_name = "N", value_parser = values::number)]
    quantity: Option<u32>,
}

impl Wanted {
    /// As the engine takes it.
    pub(crate) fn into_request(self) -> request::Wanted {
        request::Wanted {
            seats: self.seats.map(|seats| seats.0),
            best: self.best,
            category: self.category,
            section: self.section,
            accessible: self.accessible,
            area: self.area,
            quantity: self.quantity,
        }
    }
}

const SLOT: &str = "A slot: its id, or EVENT@LOCAL as in match@2027-09-04T19:30";
const BOOKING: &str = "A booking: its reference or its id";

/// `venue hold`
#[derive(Debug, Args)]
pub(crate) struct Hold {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// For how long: 30s to 60m; the event's by default
    #[arg(long, value_name = "DURATION")]
    pub(crate) ttl: Option<Span>,
    /// For whom
    #[arg(long, value_name = "ID")]
    pub(crate) buyer: Option<Buyer>,
    #[command(flatten)]
    pub(crate) wanted: Wanted,
}

/// `venue sell`
#[derive(Debug, Args)]
pub(crate) struct Sell {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// How it is paid [default: cash]
    #[arg(long, value_name = "METHOD[:REFERENCE[:AMOUNT]]")]
    pub(crate) payment: Option<Payment>,
    /// For whom
    #[arg(long, value_name = "ID")]
    pub(crate) buyer: Option<Buyer>,
    #[command(flatten)]
    pub(crate) wanted: Wanted,
}

/// A hold's token: never an argument.
#[derive(Debug, Args)]
pub(crate) struct Token {
    /// Read the hold's token from this file, or from stdin (-); else from VENUE_TOKEN
    #[arg(long, value_name = "FILE|-")]
    pub(crate) token_file: Option<std::path::PathBuf>,
}

/// `venue extend | release | expire`
#[derive(Debug, Args)]
pub(crate) struct Booked {
    #[arg(help = BOOKING)]
    pub(crate) booking: BookingName,
    #[command(flatten)]
    pub(crate) token: Token,
}

/// `venue confirm`
#[derive(Debug, Args)]
pub(crate) struct Confirm {
    #[arg(help = BOOKING)]
    pub(crate) booking: BookingName,
    /// How it is paid [default: cash]
    #[arg(long, value_name = "METHOD[:REFERENCE[:AMOUNT]]")]
    pub(crate) payment: Option<Payment>,
    #[command(flatten)]
    pub(crate) token: Token,
}

/// `venue cancel`
#[derive(Debug, Args)]
pub(crate) struct Cancel {
    #[arg(help = BOOKING)]
    pub(crate) booking: BookingName,
    /// Only this line, by its number; may be given several times
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) line: Vec<u32>,
    /// Why, for people to read
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<Reason>,
}

/// `venue house`
#[derive(Debug, Args)]
pub(crate) struct House {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// hold: staff may sell them by name; kill: nobody may
    #[arg(long, value_parser = values::house_kind())]
    pub(crate) kind: HouseKind,
    /// Give them free again
    #[arg(long)]
    pub(crate) lift: bool,
    #[command(flatten)]
    pub(crate) wanted: Wanted,
}

/// `venue slot open | close`
#[derive(Debug, Args)]
pub(crate) struct Switch {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// Only if the slot still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) expected_version: Option<u32>,
}

/// `venue slot cancel`
#[derive(Debug, Args)]
pub(crate) struct SlotCancel {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// Only say how many holds and bookings that would end
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why, for people to read
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<Reason>,
    /// Only if the slot still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) expected_version: Option<u32>,
}

/// `venue slot postpone`
#[derive(Debug, Args)]
pub(crate) struct SlotPostpone {
    #[arg(help = SLOT)]
    pub(crate) slot: SlotName,
    /// When it starts instead: on the venue's clock, as in 2027-09-11T19:30, or an instant
    #[arg(long, value_name = "LOCAL|INSTANT")]
    pub(crate) to: NewStart,
    /// Only say whom that would affect
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Only if the slot still has this version
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) expected_version: Option<u32>,
}
