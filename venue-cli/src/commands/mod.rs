//! One function a command: from arguments to a request, and from the reply to the answer.

mod act;
mod bench;
mod call;
mod clock;
mod files;
mod health;
mod import;
mod lifecycle;
mod preview;
mod progress;
mod read;
mod schedule;
mod show;
mod tools;

use venue_core::domain::query::{Query, SlotCalendar};
use venue_core::domain::request::Verb;

use crate::args::{Command, Owner};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Runs a command.
pub(crate) fn run(command: Command, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Command::Owner(command) => owner(command, config, output),
        Command::Hold(args) => act::hold(args, config, output),
        Command::Sell(args) => act::sell(args, config, output),
        Command::Extend(args) => act::extend(&args, config, output),
        Command::Confirm(args) => act::confirm(args, config, output),
        Command::Release(args) => act::release(&args, config, output),
        Command::Expire(args) => act::expire(&args, config, output),
        Command::Cancel(args) => act::cancel(args, config, output),
        Command::House(args) => act::house(args, config, output),
        Command::Feed(args) => read::feed(args, config, output),
        Command::Schedule(command) => schedule::schedule(command, config, output),
        Command::Slot(command) => slot(command, config, output),
        Command::Venue(command) => read::ask(&command.into(), config, output),
        Command::Hall(command) => read::ask(&command.into(), config, output),
        Command::Plan(command) => read::ask(&command.into(), config, output),
        Command::Event(command) => event(command, config, output),
        Command::Booking(command) => read::ask(&command.into(), config, output),
        Command::Ticket(command) => read::ask(&command.into(), config, output),
    }
}

fn owner(command: Owner, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Owner::Init(args) => files::init(&args, config, output),
        Owner::Demo => bench::demo(config, output),
        Owner::Bench(args) => bench::bench(&args, config, output),
        Owner::Schema => tools::schema(output),
        Owner::Doctor => health::doctor(config, output),
        Owner::Info => health::info(config, output),
        Owner::Import(args) => import::import(&args, config, output),
        Owner::Backup(args) => files::backup(&args, config, output),
        Owner::Restore(args) => files::restore(&args, config, output),
        Owner::Sweep => clock::sweep(config, output),
        Owner::Clock(command) => clock::clock(&command, config, output),
        Owner::Call(args) => call::call(&args, config, output),
        Owner::Completions(args) => tools::completions(&args, output),
        Owner::Man(args) => tools::man(&args, output),
    }
}

fn slot(
    command: crate::args::SlotCommand,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    use crate::args::SlotCommand as S;
    match command {
        S::Open(args) => act::slot_open(args, config, output),
        S::Close(args) => act::slot_close(args, config, output),
        S::Cancel(args) => act::slot_cancel(args, config, output),
        S::Postpone(args) => act::slot_postpone(args, config, output),
        S::List { filters, state, free, page } => {
            read::ask(&read::slot_list(filters, state, free, page), config, output)
        }
        S::Next { quantity, category, area, filters } => {
            read::ask(&read::slot_next(quantity, category, area, filters), config, output)
        }
        S::Calendar { event, hall, from, until } => {
            let calendar = SlotCalendar { event, hall, from, until };
            read::ask(&Query::SlotCalendar(calendar), config, output)
        }
        S::Show { slot } => {
            let query = Query::SlotShow(venue_core::domain::query::SlotShow { slot });
            read::ask(&query, config, output)
        }
        S::Map { slot } => {
            let query = Query::SlotMap(venue_core::domain::query::SlotMapShow { slot });
            read::ask(&query, config, output)
        }
    }
}

fn event(
    command: crate::args::EventCommand,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    use crate::args::EventCommand as E;
    let verb = match command {
        E::Create(args) => args.into_request()?.into(),
        E::Edit(args) => args.into_request()?.into(),
        E::Publish(args) => Verb::EventPublish(args.into_request()),
        E::Cancel(args) => args.into_request().into(),
        E::Complete(args) => Verb::EventComplete(args.into_request()),
        E::Delete(args) => Verb::EventDelete(args.into_request()),
        E::Clone(args) => args.into_request().into(),
        E::List { text, filters } => {
            return read::ask(&read::event_list(text, filters), config, output);
        }
        E::Search { text, filters } => {
            return read::ask(&read::event_search(text, filters), config, output);
        }
        E::Show { event } => {
            let query = Query::EventShow(venue_core::domain::query::EventShow { event });
            return read::ask(&query, config, output);
        }
    };
    act::act(verb, None, config, output)
}
