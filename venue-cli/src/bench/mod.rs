//! `venue bench`: how fast this machine sells, on a file of its own, with proof that nothing was sold twice.

mod figures;
mod load;
mod place;
#[cfg(test)]
mod tests;
mod worker;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::ProgressBar;
use venue_core::domain::bench_done::{BenchDone, BenchVerb, Latencies, Synchronous};
use venue_core::domain::diagnosis::Diagnosis;
use venue_core::domain::error::{Error, Invalid, StorageCode};
use venue_core::engine::{Engine, OpenOptions};

use load::Load;
use place::BenchFile;

pub(crate) use figures::{json, rate, text};
pub(crate) use load::micros_since;
pub(crate) use place::{fdatasync_us, io_error};
pub(crate) use worker::{COMMAND as WORKER, serve};

/// The places of a slot, where nothing is said: more than are sold meanwhile.
const USUAL_CAPACITY: u32 = 1_000_000;

/// What is measured, and how it is told.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// The file beside which the measured one is made.
    pub(crate) db: PathBuf,
    /// What callers do.
    pub(crate) verb: BenchVerb,
    /// How many at once, over all processes: 1 to 10,000.
    pub(crate) callers: u32,
    /// In how many processes: 1 to 64, at most one a caller.
    pub(crate) processes: u32,
    /// Units an act: 1 to 100.
    pub(crate) quantity: u32,
    /// How many slots they are spread over: 1 to 1,000.
    pub(crate) slots: u32,
    /// How long.
    pub(crate) lasts: Duration,
    /// Places of each slot, 1 to 1,000,000; more than are sold where nothing is said.
    pub(crate) capacity: Option<u32>,
    /// Network file systems are fine.
    pub(crate) allow_fs: bool,
    /// The program whose copies are the processes; this one where nothing is said.
    pub(crate) program: Option<PathBuf>,
    /// Answer with the object of the contract alone.
    pub(crate) json: bool,
    /// Say nothing on stderr.
    pub(crate) quiet: bool,
    /// Show bars: stderr is a terminal.
    pub(crate) bars: bool,
}

impl Options {
    /// As the contract says, beside this file.
    pub(crate) fn new(db: PathBuf) -> Self {
        Self {
            db,
            verb: BenchVerb::Sell,
            callers: 100,
            processes: 1,
            quantity: 2,
            slots: 1,
            lasts: Duration::from_secs(5),
            capacity: None,
            allow_fs: false,
            program: None,
            json: false,
            quiet: false,
            bars: false,
        }
    }

    fn validate(&self) -> Result<(), Invalid> {
        let most_processes = self.callers.min(64);
        let capacity = self.capacity.unwrap_or(USUAL_CAPACITY);
        for (name, value, most) in [
            ("callers", self.callers, 10_000),
            ("processes", self.processes, most_processes),
            ("quantity", self.quantity, 100),
            ("slots", self.slots, 1_000),
            ("capacity", capacity, 1_000_000),
        ] {
            if !(1..=most).contains(&value) {
                let problem = format!("a number from 1 to {most} is needed");
                return Err(Invalid::argument(name, problem));
            }
        }
        if self.lasts.is_zero() || self.lasts > Duration::from_hours(1) {
            return Err(Invalid::argument("seconds", "a number from 1 to 3600 is needed"));
        }
        Ok(())
    }
}

/// Something could not be said.
pub(crate) fn output_error(error: &std::io::Error) -> Error {
    let message = format!("the answer could not be written: {error}");
    Error::Storage { code: StorageCode::Output, message }
}

/// The doctor's word on a file, for people.
pub(crate) fn verdict(diagnosis: &Diagnosis) -> String {
    if diagnosis.ok {
        return format!("sound, {} checks", diagnosis.checks.len());
    }
    let wrong = diagnosis.checks.iter().filter(|check| !check.ok);
    let found = wrong.map(|check| format!("{}: {}", check.name, check.found.join("; ")));
    format!("NOT SOUND, {}", crate::draw::escaped(&found.collect::<Vec<_>>().join(" | ")))
}

/// Measures, and tells. True if the doctor found nothing, nothing was sold twice, and the file says what the
/// callers were told.
///
/// # Errors
/// Invalid `argument`; what the engine and the file system say. The measured file is gone in any case.
pub(crate) fn run(
    options: &Options,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<bool, Error> {
    options.validate()?;
    let opening = OpenOptions::default().allow_network_fs(options.allow_fs);
    let capacity = options.capacity.unwrap_or(USUAL_CAPACITY);
    let file = BenchFile::make(&options.db, options.slots, capacity, options.quantity, &opening)?;
    if !options.quiet && !options.json {
        let seconds = options.lasts.as_secs_f64();
        let _ = writeln!(talk, "measuring for {seconds} s on {}", file.path().display());
    }
    let fdatasync_us = file.fdatasync_us()?;
    let tally = measured(options, &file, &opening)?;
    let engine = Engine::open(file.path(), &opening)?;
    let slots = place::slots(&engine)?;
    engine.close();
    let diagnosis = Engine::doctor(file.path(), &opening, &mut |_, _, _| {})?;
    let units = |value: i64| u64::try_from(value).unwrap_or(0);
    let offered: u64 = slots.iter().map(|slot| units(slot.capacity)).sum();
    let beyond = |slot: &venue_core::domain::view::SlotView| {
        units(slot.sold + slot.held + slot.house + slot.killed - slot.capacity)
    };
    let oversold = slots.iter().map(beyond).sum::<u64>().max(tally.sold.saturating_sub(offered));
    let in_file: u64 = slots.iter().map(|slot| units(slot.sold)).sum();
    let figures = BenchDone {
        verb: options.verb,
        callers: options.callers,
        processes: options.processes,
        quantity: options.quantity,
        slots: options.slots,
        offered,
        sold: tally.sold,
        refused: tally.refused,
        oversold,
        seconds: (tally.seconds * 1_000.0).round() / 1_000.0,
        per_second: rate(tally.took_us.len(), tally.seconds),
        latencies: Latencies::of(tally.took_us),
        synchronous: Synchronous::Full,
        fdatasync_us,
    };
    let text = if options.json {
        json(&figures)
    } else {
        let told =
            if in_file == figures.sold { "" } else { ", but not what the callers were told" };
        format!("{}{:10} {}{told}\n", text(&figures), "doctor", verdict(&diagnosis))
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| output_error(&e))?;
    Ok(diagnosis.ok && oversold == 0 && in_file == figures.sold)
}

/// Lets the callers loose, in this process or in several.
fn measured(
    options: &Options,
    file: &BenchFile,
    opening: &OpenOptions,
) -> Result<figures::Tally, Error> {
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let bar = options.bars.then(|| ProgressBar::new(millis(options.lasts)));
    let mut tick = |done: Duration| {
        if let Some(bar) = &bar {
            bar.set_position(millis(done));
        }
    };
    let tally = if options.processes > 1 {
        worker::run(options, file.path(), &mut tick)
    } else {
        let engine = Engine::open(file.path(), opening)?;
        let load = Load {
            verb: options.verb,
            callers: options.callers,
            quantity: options.quantity,
            slots: place::slots(&engine)?.into_iter().map(|slot| slot.id.into()).collect(),
            lasts: options.lasts,
        };
        let tally = load.run(&engine, &mut tick);
        engine.close();
        tally
    };
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    tally
}
