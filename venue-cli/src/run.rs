//! Runs one line: parse, resolve, run, and say how it ended.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use venue_core::domain::error::Error;

use crate::args::{self, Line, NoCommand};
use crate::bench;
use crate::commands;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::log;
use crate::output::{Output, Style, printable};

/// Runs the line, and never panics.
pub(crate) fn main(words: &[OsString]) -> ExitCode {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| {}));
    }
    let json = args::wants_json(words);
    let ended = panic::catch_unwind(AssertUnwindSafe(|| run(words)));
    let failure = match ended {
        Ok(Ok(exit)) => return ExitCode::from(exit.code()),
        Ok(Err(failure)) => failure,
        Err(payload) => Failure::Engine(Error::Bug { message: said(&*payload) }),
    };
    report(&failure, json);
    ExitCode::from(failure.code())
}

fn run(words: &[OsString]) -> Result<Exit, Failure> {
    if let [_, command, arguments @ ..] = words
        && command == bench::WORKER
    {
        bench::serve(arguments, &mut std::io::stdout())?;
        return Ok(Exit::Done);
    }
    let Line { globals, command } = match args::parse(words) {
        Ok(line) => line,
        Err(NoCommand::Text(text)) => {
            let mut output = Output::new(Style::plain());
            output.text(&text.to_string())?;
            return Ok(Exit::Done);
        }
        Err(NoCommand::Wrong(failure)) => return Err(failure),
    };
    let style = Style::new(globals.color, globals.json, globals.quiet);
    log::begin(&globals, style.stderr_colour);
    let span = log::span(&globals);
    let _entered = span.enter();
    let mut output = Output::new(style);
    let config = Config::new(globals);
    let ended = commands::run(command, &config, &mut output);
    match &ended {
        Ok(_) => tracing::info!("done"),
        Err(failure) => tracing::info!(code = failure.body().code, "not done"),
    }
    ended
}

/// Tells what failed: people on stderr, programs on stdout too.
fn report(failure: &Failure, json: bool) {
    if failure.is_silent() {
        return;
    }
    let body = failure.body();
    if json && !matches!(failure, Failure::Output { .. }) {
        // If this cannot be written either, the exit code and stderr still tell.
        let _ = Output::new(Style::plain()).object("error", &body);
    }
    let message = printable(&body.message);
    let advice = printable(&failure.advice());
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "error: {message}");
    if !advice.is_empty() {
        let _ = writeln!(stderr, "{advice}");
    }
}

/// What a panic said.
fn said(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}
