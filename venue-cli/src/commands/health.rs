//! Looking at a file from outside, without changing a byte: is it sound, and what is it.

use venue_core::domain::diagnosis::Diagnosis;
use venue_core::domain::error::Invalid;
use venue_core::domain::text::Slug;
use venue_core::engine::{Engine, Info};

use super::progress::Progress;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output, printable};

/// `venue doctor`
pub(crate) fn doctor(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let mut bar = Progress::new(output);
    let mut progress = |stage: &str, done, total| bar.at(stage, done, total);
    let options = config.open_options();
    let diagnosis = config.with_path(|path| Engine::doctor(path, &options, &mut progress));
    bar.end();
    let diagnosis = diagnosis?;
    output.answer("doctor", &diagnosis, || checks(&diagnosis))?;
    Ok(if diagnosis.ok { Exit::Done } else { Exit::NotSound })
}

/// A line a check, and below it what was found.
fn checks(diagnosis: &Diagnosis) -> String {
    let mut lines = Vec::new();
    for check in &diagnosis.checks {
        let state = match (check.ok, check.found.is_empty()) {
            (false, _) => "FOUND",
            (true, false) => "note ",
            (true, true) => "ok   ",
        };
        lines.push(format!("{state}  {}", printable(&check.name)));
        lines.extend(check.found.iter().map(|found| format!("         {}", printable(found))));
    }
    let wrong = diagnosis.checks.iter().filter(|check| !check.ok).count();
    lines.push(String::new());
    lines.push(match wrong {
        0 => format!("sound up to change {}, chain {}", diagnosis.sequence, diagnosis.chain),
        _ => format!("not sound: {wrong} of {} checks found something", diagnosis.checks.len()),
    });
    lines.join("\n")
}

/// `venue info`
pub(crate) fn info(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let options = config.open_options();
    let info = config.with_path(|path| Engine::info(path, &options))?;
    if config.now.is_some() && !info.test_clock {
        return Err(Invalid::argument("now", "only on files made with a test clock").into());
    }
    output.answer("info", &info, || facts(&info))?;
    Ok(Exit::Done)
}

fn facts(info: &Info) -> String {
    let organizers: Vec<&str> = info.organizers.iter().map(Slug::as_str).collect();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    Facts::default()
        .fact("file", &info.path)
        .fact("file id", info.file_id)
        .fact("epoch", info.epoch)
        .fact("schema", info.schema)
        .fact("SQLite", &info.sqlite)
        .fact("synchronous", &info.synchronous)
        .fact("last commit", info.floor)
        .fact("clock", if info.test_clock { "test" } else { "wall" })
        .fact("log bytes", info.wal_bytes)
        .fact("dirty", if info.dirty { "yes" } else { "no" })
        .maybe("warnings", some(info.warnings.join(", ")))
        .maybe("organizers", some(organizers.join(", ")))
        .text()
}
