//! What may stand on the command line, as plain arguments: help, man pages and completions come from here too.

mod act;
mod event;
mod owner;
mod read;
mod schedule;
mod usage;
pub(crate) mod values;

use std::ffi::OsString;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use venue_core::domain::caller::Role;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::text::{Actor, Address, Key, RequestId, Slug, Terminal};

pub(crate) use act::{
    Booked, Cancel, Confirm, Hold, House, Sell, SlotCancel, SlotPostpone, Switch,
};
pub(crate) use event::{EventCancel, EventClone, EventCreate, EventEdit, EventSwitch};
pub(crate) use owner::{
    Backup, Bench, Call, ClockCommand, Completions, Import, Init, Man, Owner, Restore,
};
pub(crate) use read::{
    BookingCommand, EventCommand, EventFilters, Feed, HallCommand, OfEvents, PageOf, PlanCommand,
    SlotCommand, SlotFilters, TicketCommand, VenueCommand,
};
pub(crate) use schedule::{Previewed, ScheduleCommand};
pub(crate) use usage::{NoCommand, parse, wants_json};

/// The whole line.
#[derive(Debug, Parser)]
#[command(name = "venue", version, about, long_about = LONG_ABOUT, max_term_width = 100)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
pub(crate) struct Line {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const LONG_ABOUT: &str = "Sells seats and places of a box office from one SQLite file, and never sells one twice.

Data goes to stdout, talk to stderr. With --json every answer is one JSON object a line. The exit code says \
what kind of answer it was: 0 done, 1 refused by a rule, 2 wrong usage or argument, 3 the file or the machine \
failed, 4 ask again later, 5 not known (ask again with the same key), 70 a bug.";

/// Options of every command, before or after its name, once each.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Globals {
    /// The database file; else VENUE_DB, else venue.db in the user's data folder
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) db: Option<OsString>,
    /// Answer in JSON, one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Who acts [default: local]
    #[arg(long = "as", global = true, value_name = "ACTOR")]
    pub(crate) actor: Option<Actor>,
    /// In which role [default: terminal]
    #[arg(long, global = true, value_parser = values::role())]
    pub(crate) role: Option<Role>,
    /// At which till
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) terminal: Option<Terminal>,
    /// From which network address
    #[arg(long, global = true, value_name = "IP")]
    pub(crate) address: Option<Address>,
    /// For which organizer; the only one in the file by default
    #[arg(long, global = true, value_name = "SLUG")]
    pub(crate) organizer: Option<Slug>,
    /// Make the command safe to repeat: the same key, the same answer
    #[arg(long, global = true, value_name = "KEY")]
    pub(crate) idempotency_key: Option<Key>,
    /// The request's name in logs and in the feed
    #[arg(long, global = true, value_name = "ID")]
    pub(crate) request_id: Option<RequestId>,
    /// How long the command may wait to be begun: 1ms to 10m [default: 5s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::deadline)]
    pub(crate) deadline: Option<Span>,
    /// What time it is; only on files made with init --test-clock
    #[arg(long, global = true, value_name = "INSTANT")]
    pub(crate) now: Option<Instant>,
    /// Open files on network file systems too, at your own risk
    #[arg(long, global = true)]
    pub(crate) allow_fs: bool,
    /// Colours on the terminal
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// How log lines look on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Pretty)]
    pub(crate) log: LogFormat,
    /// Say less on stderr: errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on stderr: -v information, -vv details
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Pretty,
    /// One JSON object a line
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
#[command(subcommand_value_name = "COMMAND", disable_help_subcommand = true)]
pub(crate) enum Command {
    #[command(flatten)]
    Owner(Owner),
    /// Venues
    #[command(subcommand)]
    Venue(VenueCommand),
    /// Halls
    #[command(subcommand)]
    Hall(HallCommand),
    /// Seating plans
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Events
    #[command(subcommand)]
    Event(EventCommand),
    /// Schedules: the rules that make slots
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Slots: the bookable occurrences of events
    #[command(subcommand)]
    Slot(SlotCommand),
    /// Take seats or places for a while
    Hold(Hold),
    /// Hold and confirm in one act: the box office's normal one
    Sell(Sell),
    /// Make a live hold live longer
    Extend(Booked),
    /// Make a hold final and issue its tickets
    Confirm(Confirm),
    /// Give a hold back
    Release(Booked),
    /// Write down that a hold's time ran out
    Expire(Booked),
    /// Undo a confirmed booking, or some of its lines
    Cancel(Cancel),
    /// Bookings
    #[command(subcommand)]
    Booking(BookingCommand),
    /// Tickets
    #[command(subcommand)]
    Ticket(TicketCommand),
    /// Keep seats or places from the public, or give them free again
    House(House),
    /// What happened, in its order
    Feed(Feed),
}

/// The definition of the whole line, for help, man pages and completions.
pub(crate) fn definition() -> clap::Command {
    Line::command()
}

#[cfg(test)]
mod tests;
