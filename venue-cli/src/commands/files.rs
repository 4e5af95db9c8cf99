//! Files as wholes: making, checking, describing, copying and replacing them.

use venue_core::domain::error::Invalid;
use venue_core::engine::{BackupDone, Created, Engine, InitDone, NewFile, RestoreDone};

use super::progress::Progress;
use crate::args::{Backup, Init, Restore};
use crate::config::{Config, Place};
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output};

/// `venue init`
pub(crate) fn init(args: &Init, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    if config.now.is_some() && !args.test_clock {
        return Err(Invalid::argument("now", "goes with --test-clock").into());
    }
    let mut new = NewFile::default().group(args.group.as_deref().map(group).transpose()?);
    if args.test_clock {
        new = new.test_clock(config.now);
    }
    let place = config.place()?;
    let created = make(&place, &new, config)? == Created::New;
    if created {
        output.may_have_changed(None);
    }
    let file = place.path.display().to_string();
    let done = InitDone { file, created, test_clock: args.test_clock && created };
    output.answer("init", &done, || {
        let state = if created { "was made" } else { "is there already, and is as it was" };
        format!("{} {state}", done.file)
    })?;
    Ok(Exit::Done)
}

/// Makes a file, and the folders of the default place.
pub(crate) fn make(place: &Place, new: &NewFile, config: &Config) -> Result<Created, Failure> {
    place.make_folders()?;
    Ok(Engine::create(&place.path, new, &config.open_options())?)
}

/// A group by number, or by its name in /etc/group.
fn group(text: &str) -> Result<u32, Invalid> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = text.parse().ok().filter(|number| *number < u32::MAX);
        return number.ok_or_else(|| Invalid::argument("group", "no group has this number"));
    }
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let found = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(text)).then(|| fields.nth(1)?.parse().ok()).flatten()
    });
    found.ok_or_else(|| Invalid::argument("group", format!("no group is called {text:?}")))
}

/// `venue backup`
pub(crate) fn backup(args: &Backup, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let bar = Progress::spinner(output, "copying");
    let options = config.open_options();
    let copied = config.with_path(|path| Engine::backup_file(path, &args.file, &options));
    bar.end();
    let copied = copied?;
    output.may_have_changed(None);
    let done = BackupDone::from(&copied);
    output.answer("backup", &done, || {
        Facts::default()
            .fact("file", &done.file)
            .fact("bytes", done.bytes)
            .fact("last change", done.sequence)
            .text()
    })?;
    Ok(Exit::Done)
}

/// `venue restore`
pub(crate) fn restore(
    args: &Restore,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let place = config.place()?;
    place.make_folders()?;
    let restored = Engine::restore(&args.file, &place.path, &config.open_options())?;
    output.may_have_changed(None);
    let done = RestoreDone::from(&restored);
    output.answer("restore", &done, || {
        Facts::default().fact("file", &done.file).maybe("the old file", done.before.as_ref()).text()
    })?;
    Ok(Exit::Done)
}
