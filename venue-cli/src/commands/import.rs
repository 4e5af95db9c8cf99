//! Seasons and plans into the file; the file is made first if there is none.

use std::io;

use venue_core::domain::error::{Error, StorageCode};
use venue_core::domain::import_done::ImportDone;
use venue_core::engine::{Engine, ImportOptions, NewFile};

use super::files;
use super::progress::Progress;
use crate::args::Import;
use crate::config::{Config, Place};
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output, Table, printable};

/// `venue import`
pub(crate) fn import(args: &Import, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let place = config.place()?;
    let done = match config.open_at(&place.path) {
        Err(Error::Storage { code: StorageCode::NoFile, .. }) => {
            // No file is made for what cannot be imported: it is tried on one that goes away.
            let folder = tempfile::tempdir().map_err(|error| temporary(&error))?;
            let path = folder.path().join("venue.db");
            let scratch = made_at(&Place { path, is_default: false }, config)?;
            let tried = run(&scratch, args, true, config, output)?;
            if args.dry_run {
                tried
            } else {
                let engine = made_at(&place, config)?;
                output.may_have_changed(None);
                run(&engine, args, false, config, output)?
            }
        }
        opened => run(&opened?, args, args.dry_run, config, output)?,
    };
    if !args.dry_run {
        output.may_have_changed(None);
    }
    say_warnings(&done, output);
    output.answer("import", &done, || text(&done, args.dry_run))?;
    let all_made = done.collided.is_empty() && done.oversized.is_empty();
    Ok(if all_made { Exit::Done } else { Exit::Refused })
}

fn run(
    engine: &Engine,
    args: &Import,
    dry_run: bool,
    config: &Config,
    output: &Output,
) -> Result<ImportDone, Failure> {
    let options = ImportOptions::default().hall(args.hall.clone()).dry_run(dry_run);
    let mut bar = Progress::new(output);
    let mut progress = |stage: &str, done, total| bar.at(stage, done, total);
    let done = engine.import(&config.caller, &args.files, &options, &mut progress);
    bar.end();
    Ok(done?)
}

fn temporary(error: &io::Error) -> Failure {
    Failure::io("no temporary folder can be made", error)
}

/// Makes a file and opens it. An instant is for files with a test clock, which this is not.
fn made_at(place: &Place, config: &Config) -> Result<Engine, Failure> {
    if config.now.is_some() {
        let rule = "there is no file yet: make one with `venue init --test-clock` first";
        return Err(venue_core::domain::error::Invalid::argument("now", rule).into());
    }
    files::make(place, &NewFile::default(), config)?;
    Ok(config.open_at(&place.path)?)
}

/// What was ignored, for people to see.
fn say_warnings(done: &ImportDone, output: &Output) {
    for warning in &done.warnings {
        let line = warning.line.map(|line| format!(":{line}")).unwrap_or_default();
        let key = warning.key.as_ref().map(|key| format!(": {key}")).unwrap_or_default();
        output.say(&format!("warning: {}{line}{key}: {}", warning.file, warning.message));
    }
}

fn text(done: &ImportDone, dry_run: bool) -> String {
    let it = &done.created;
    let verb = if dry_run { "would make" } else { "made" };
    let mut table = Table::new(&[verb, ">number"]);
    for (what, number) in [
        ("organizers", it.organizers),
        ("venues", it.venues),
        ("halls", it.halls),
        ("plans", it.plans),
        ("seats", it.seats),
        ("events", it.events),
        ("schedules", it.schedules),
        ("slots", it.slots),
    ] {
        if number > 0 {
            table.row(&[&what, &number]);
        }
    }
    let facts = Facts::default()
        .fact("files", done.files)
        .fact("changed", done.changed)
        .fact("unchanged", done.unchanged);
    let mut text = if done.created.is_nothing() {
        facts.text()
    } else {
        format!("{}\n{}", facts.text(), table.text())
    };
    let unsupported =
        done.unsupported.iter().map(|it| format!("{}: not all slots: {}", it.schedule, it.reason));
    let collided = done
        .collided
        .iter()
        .map(|it| format!("{}: no new slots: {} is in the way", it.schedule, it.with));
    let kept = done
        .kept_plans
        .iter()
        .map(|slot| format!("slot {slot} keeps an older version of its plan"));
    let rejected =
        done.rejected.iter().map(|it| format!("{}: {} is left out", it.schedule, it.local));
    let skipped = done
        .skipped
        .iter()
        .map(|it| format!("line {}: {} is left out: {}", it.line, it.uid, it.reason));
    for line in unsupported.chain(collided).chain(kept).chain(rejected).chain(skipped) {
        text.push_str(&printable(&line));
        text.push('\n');
    }
    text
}
