//! The clock of the file, and holds whose time ran out.

use crate::args::ClockCommand;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output};

use venue_core::engine::ClockState;

/// `venue clock show | accept`
pub(crate) fn clock(
    command: &ClockCommand,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let engine = config.open()?;
    let report = match command {
        ClockCommand::Show => engine.clock_show()?,
        ClockCommand::Accept => {
            let report = engine.clock_accept(&config.caller)?;
            output.may_have_changed(None);
            report
        }
    };
    let state = match report.state {
        ClockState::Right => "right",
        ClockState::ClockBehind => "behind the last commit",
        ClockState::ClockJumped => "jumped ahead",
    };
    output.answer("clock", &report, || {
        Facts::default()
            .fact("clock", report.wall)
            .fact("last commit", report.floor)
            .fact("state", state)
            .text()
    })?;
    Ok(Exit::Done)
}

/// `venue sweep`
pub(crate) fn sweep(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let engine = config.open()?;
    let swept = engine.sweep()?;
    output.may_have_changed(None);
    output.answer("sweep", &swept, || format!("{} holds expired", swept.expired))?;
    Ok(Exit::Done)
}
