//! The arguments of the owner's acts, and of what opens no file.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;
use venue_core::domain::season::HallRef;

use super::values;
use venue_core::domain::bench_done::BenchVerb;

/// What whoever owns the file does, and tools.
#[derive(Debug, Subcommand)]
pub(crate) enum Owner {
    /// Make a database file
    Init(Init),
    /// Show the main job on a real arena: a match sold down to its last places, and a run on them
    Demo,
    /// Measure how fast this machine sells, on a file of its own beside the named one
    Bench(Bench),
    /// Check every promise of the file; changes nothing
    Doctor,
    /// Copy the file, consistent and checked, while it is in use
    Backup(Backup),
    /// Put a backup in the place of the file
    Restore(Restore),
    /// What the file is
    Info,
    /// Close all holds whose time ran out
    Sweep,
    /// The file's clock
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Read seasons, seating plans and calendars; makes the file if there is none
    Import(Import),
    /// Any verb: request JSON in, reply JSON out
    Call(Call),
    /// The JSON Schema of every request, reply, error and change
    Schema,
    /// Completions for a shell
    Completions(Completions),
    /// The man page, or all of them
    Man(Man),
}

/// `venue init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// A file that never reads the wall clock: --now stands for it
    #[arg(long)]
    pub(crate) test_clock: bool,
    /// The group, by name or number, whose members may use the file too
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
}

/// `venue bench`
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// What callers do: sell in one step, or hold and then confirm [default: sell]
    #[arg(long, value_parser = values::bench_verb())]
    pub(crate) verb: Option<BenchVerb>,
    /// How many callers at once [default: 100]
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) callers: Option<u32>,
    /// In how many processes [default: 1]
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) processes: Option<u32>,
    /// Units an act [default: 2]
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) quantity: Option<u32>,
    /// Over how many slots [default: 1]
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) slots: Option<u32>,
    /// For how many seconds [default: 5]
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) seconds: Option<u32>,
    /// Places of each slot; more than are sold by default
    #[arg(long, value_name = "N", value_parser = values::number)]
    pub(crate) capacity: Option<u32>,
}

/// `venue backup`
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The copy; must not exist yet
    pub(crate) file: PathBuf,
}

/// `venue restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup
    pub(crate) file: PathBuf,
}

/// `venue clock`
#[derive(Debug, Subcommand)]
pub(crate) enum ClockCommand {
    /// What the clock says, and whether it can be worked with
    Show,
    /// Say that the clock is right, after it was found behind or ahead
    Accept,
}

/// `venue import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// season.toml files; plan.json and calendar.ics files with --hall
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The hall of a plan.json or a calendar.ics
    #[arg(long, value_name = "VENUE/HALL")]
    pub(crate) hall: Option<HallRef>,
    /// Say what it would do, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `venue call`
#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The verb: the words of its command, joined by _
    pub(crate) name: String,
    /// Read the request from this file, or from stdin (-); an empty request by default
    #[arg(long, value_name = "FILE|-")]
    pub(crate) input: Option<PathBuf>,
}

/// `venue completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// `venue man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write the pages of all commands into this folder
    pub(crate) dir: Option<PathBuf>,
}
