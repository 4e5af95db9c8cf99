//! From words to arguments. What clap says of a wrong line becomes one message and one piece of advice.

use std::ffi::{OsStr, OsString};

use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use venue_core::domain::error::{Error, Invalid};

use super::{Line, definition};
use crate::exit::Failure;

/// A line that does not lead to a command.
#[derive(Debug)]
pub(crate) enum NoCommand {
    /// Help or the version was asked for: this is it.
    Text(clap::builder::StyledStr),
    /// The line is wrong.
    Wrong(Failure),
}

impl From<clap::Error> for NoCommand {
    fn from(error: clap::Error) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Self::Text(error.render()),
            _ => Self::Wrong(failure(&error)),
        }
    }
}

/// The arguments of a line whose first word is the program's name.
pub(crate) fn parse(words: &[OsString]) -> Result<Line, NoCommand> {
    let mut definition = definition();
    let matches = definition.try_get_matches_from_mut(words)?;
    if let Some(name) = repeated(&definition, words) {
        let message = format!("--{name} is given twice");
        return Err(NoCommand::Wrong(Failure::usage(message, advice_of(&matches))));
    }
    let line = Line::from_arg_matches(&matches)?;
    if line.globals.quiet && line.globals.verbose > 0 {
        let message = "--quiet and --verbose contradict each other".to_owned();
        return Err(NoCommand::Wrong(Failure::usage(message, advice_of(&matches))));
    }
    Ok(line)
}

/// The global option that stands on the line twice: before the command and after it, which clap lets pass.
/// In a line that was parsed, a word that begins with a hyphen is always an option: no value does.
fn repeated(definition: &clap::Command, words: &[OsString]) -> Option<String> {
    let options: Vec<&[u8]> = words
        .iter()
        .skip(1)
        .map(|word| word.as_encoded_bytes())
        .take_while(|word| *word != b"--")
        .collect();
    let names = definition
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .filter(|arg| !matches!(arg.get_action(), clap::ArgAction::Count));
    names.filter_map(clap::Arg::get_long).find_map(|name| {
        let long = format!("--{name}");
        let with_value = format!("{long}=");
        let times = options
            .iter()
            .filter(|word| **word == long.as_bytes() || word.starts_with(with_value.as_bytes()))
            .count();
        (times > 1).then(|| name.to_owned())
    })
}

/// True if JSON is asked for anywhere on the line, be it wrong otherwise.
pub(crate) fn wants_json(words: &[OsString]) -> bool {
    words.iter().skip(1).any(|word| word == OsStr::new("--json"))
}

fn advice_of(matches: &clap::ArgMatches) -> String {
    let mut command = "venue".to_owned();
    let mut matches = matches;
    while let Some((name, inner)) = matches.subcommand() {
        command.push(' ');
        command.push_str(name);
        matches = inner;
    }
    format!("see `{command} --help`")
}

/// What clap says, as an error of ours: `argument` where a value is malformed, else `usage`.
fn failure(error: &clap::Error) -> Failure {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    if matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue)
        && let Some(argument) = text(ContextKind::InvalidArg)
    {
        let name = argument_name(&argument);
        return Failure::Engine(Error::Invalid(Invalid::argument(&name, problem(error))));
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("a command is needed".to_owned(), "see `venue --help`".to_owned());
    }
    let rendered = error.render().to_string();
    let mut paragraphs = rendered.split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(first);
    let message = message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let rest: Vec<&str> = paragraphs.flat_map(str::lines).map(str::trim).collect();
    let tip = rest.iter().find_map(|line| line.strip_prefix("tip: "));
    let usage = rest.iter().find_map(|line| line.strip_prefix("Usage: "));
    let advice = match (tip, usage) {
        (Some(tip), _) => tip.to_owned(),
        (None, Some(usage)) => format!("usage: {usage}"),
        (None, None) => "see `venue --help`".to_owned(),
    };
    Failure::usage(message, advice)
}

/// `ttl` of `--ttl <DURATION>`, `slot` of `<SLOT>`.
fn argument_name(argument: &str) -> String {
    let name = argument.split([' ', '=']).next().unwrap_or_default();
    let name = name.trim_start_matches('-').trim_matches(['<', '>', '[', ']', '.']);
    name.to_lowercase().replace('-', "_")
}

/// Why a value was not accepted.
fn problem(error: &clap::Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    let problem = source.unwrap_or_else(|| match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => {
            format!("one of {} is needed", values.join(", "))
        }
        _ => "a value is needed".to_owned(),
    });
    match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) if !value.is_empty() => format!("{problem}: {value:?}"),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_definition_holds() {
        definition().debug_assert();
    }

    #[test]
    fn globals_stand_anywhere_but_once() {
        for right in [
            "venue --json sweep",
            "venue sweep --json",
            "venue --db=a sweep --role admin",
            "venue slot --json list --limit 3",
            "venue backup --json -- --json",
            "venue sweep -vv",
        ] {
            assert!(parse(&words(right)).is_ok(), "{right}");
        }
        for wrong in [
            "venue --json sweep --json",
            "venue --json --json sweep",
            "venue --db a sweep --db=b",
            "venue -q sweep --quiet -v",
            "venue sweep --nowhere",
            "venue",
            "venue slot",
            "venue sweep extra",
            "venue hold",
            "venue sweep --role boss",
        ] {
            assert!(matches!(parse(&words(wrong)), Err(NoCommand::Wrong(_))), "{wrong}");
        }
    }

    #[test]
    fn a_malformed_value_is_an_argument_with_its_name() {
        let line = words("venue hold m@2027-09-04T19:30 --area Stand --quantity 0");
        let Err(NoCommand::Wrong(failure)) = parse(&line) else { panic!("it parsed") };
        let body = failure.body();
        assert_eq!(body.code, "argument");
        assert_eq!(body.details.unwrap()["name"], "quantity");
        assert_eq!(argument_name("--token-file <FILE|->"), "token_file");
        assert_eq!(argument_name("<FILE>..."), "file");
    }
}
