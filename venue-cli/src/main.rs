//! The command line of VENUE. It parses, resolves a configuration, and runs one command; the engine does the rest.

mod args;
mod bench;
mod commands;
mod config;
mod demo;
mod draw;
mod exit;
mod log;
mod output;
mod run;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    run::main(&words)
}
