//! Log lines on stderr: for people, or one JSON object a line. Every line carries the request's id.

use std::hash::{BuildHasher, Hasher};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

use crate::args::{Globals, LogFormat};

/// Begins to log, as the options say.
pub(crate) fn begin(globals: &Globals, colour: bool) {
    let level = match (globals.quiet, globals.verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    };
    let lines = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    // Nobody else sets one; were it so, theirs would stay.
    let _ = match globals.log {
        LogFormat::Pretty => {
            tracing::subscriber::set_global_default(lines.with_ansi(colour).finish())
        }
        LogFormat::Json => {
            let lines = lines.json().with_current_span(true).with_span_list(false);
            tracing::subscriber::set_global_default(lines.finish())
        }
    };
}

/// The span in which the command runs: at the highest level, so that every line stands in it.
pub(crate) fn span(globals: &Globals) -> tracing::Span {
    let given = globals.request_id.as_ref().map(|id| id.as_str().to_owned());
    let request_id = given.unwrap_or_else(made_up);
    tracing::error_span!("request", request_id)
}

/// A name for a request that has none: only logs know it.
fn made_up() -> String {
    let random = std::hash::RandomState::new();
    format!("{:016x}", random.build_hasher().finish())
}
