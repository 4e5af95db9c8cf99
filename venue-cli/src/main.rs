//! The command line.

mod bench;
mod demo;
#[allow(dead_code, reason = "the reading commands draw more")]
mod draw;

use std::io::{IsTerminal, stderr, stdout};

fn main() -> std::process::ExitCode {
    let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let json = words.iter().any(|word| word == "--json");
    let db = words.iter().position(|word| word == "--db").and_then(|at| words.get(at + 1));
    let command = words
        .iter()
        .skip(1)
        .find(|word| [bench::WORKER, "bench", "demo"].iter().any(|name| word == name));
    let done = match command.and_then(|word| word.to_str()) {
        Some(bench::WORKER) => bench::serve(&words[2..], &mut stdout()).map(|()| true),
        Some("bench") => {
            let mut options = bench::Options::new(db.map_or("venue.db".into(), Into::into));
            (options.json, options.bars) = (json, stderr().is_terminal());
            let value = |name: &str| {
                let at = words.iter().position(|word| word == name)?;
                words.get(at + 1)?.to_str()
            };
            let number = |name: &str| value(name).and_then(|text| text.parse::<u32>().ok());
            options.processes = number("--processes").unwrap_or(1);
            options.callers = number("--callers").unwrap_or(100);
            if value("--verb") == Some("hold_confirm") {
                options.verb = bench::Verb::HoldConfirm;
            }
            if let Some(seconds) = number("--seconds") {
                options.lasts = std::time::Duration::from_secs(seconds.into());
            }
            options.capacity = number("--capacity");
            options.slots = number("--slots").unwrap_or(1);
            bench::run(&options, &mut stdout(), &mut stderr())
        }
        Some("demo") => {
            let options = demo::Options {
                db: db.map(Into::into),
                json,
                color: stdout().is_terminal(),
                bars: stderr().is_terminal(),
                ..demo::Options::default()
            };
            demo::run(&options, &mut stdout(), &mut stderr())
        }
        _ => Ok(true),
    };
    match done {
        Ok(true) => 0.into(),
        Ok(false) => 3.into(),
        Err(error) => {
            eprintln!("error: {error}\n{}", error.advice());
            error.class().exit_code().into()
        }
    }
}
