//! `venue demo`: the main job, shown on a real arena. A season is imported, a match is sold down to its last
//! ten standing places, a hundred callers race for them, and exactly ten get one.

mod crowd;
mod stage;
mod story;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use venue_core::domain::bench_done::{BenchDone, BenchVerb, Latencies, Synchronous};
use venue_core::domain::error::Error;
use venue_core::domain::view::SlotMap;
use venue_core::engine::{Engine, OpenOptions};

use crate::bench::{self, fdatasync_us, output_error, rate, verdict};
use crate::draw::{self, escaped, number};
use crowd::Race;
use stage::Stage;

/// How the demo is told.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Where the file is made; a new temporary folder where nothing is said.
    pub(crate) db: Option<PathBuf>,
    /// Network file systems are fine.
    pub(crate) allow_fs: bool,
    /// End with the object of the contract, and draw nothing.
    pub(crate) json: bool,
    /// Colours.
    pub(crate) color: bool,
    /// Say nothing on stderr.
    pub(crate) quiet: bool,
    /// Show bars: stderr is a terminal.
    pub(crate) bars: bool,
    /// How many columns there are.
    pub(crate) width: usize,
    /// Which seats stay empty.
    pub(crate) seed: u64,
    /// How many race for the last ten places.
    pub(crate) callers: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            db: None,
            allow_fs: false,
            json: false,
            color: false,
            quiet: false,
            bars: false,
            width: draw::USUAL_WIDTH,
            seed: 20_261_101,
            callers: 100,
        }
    }
}

/// Where the demo's words go: to people, or nowhere.
struct Teller<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
    talk: &'a mut dyn Write,
}

impl Teller<'_> {
    /// A part of the demo, under a heading.
    fn part(&mut self, heading: &str, text: &str) -> Result<(), Error> {
        if self.options.json {
            return Ok(());
        }
        let line =
            "─".repeat(self.options.width.min(100).saturating_sub(heading.chars().count() + 4));
        let text = format!("── {heading} {line}\n\n{}\n\n", text.trim_end());
        self.raw(&text)
    }

    /// The hall as it is.
    fn hall(&mut self, heading: &str, stage: &Stage, map: &SlotMap) -> Result<(), Error> {
        let (color, width) = (self.options.color, self.options.width);
        if self.options.json {
            return Ok(());
        }
        self.part(heading, &draw::slot_map_on(map, Some(&stage.plan), color, width))
    }

    fn raw(&mut self, text: &str) -> Result<(), Error> {
        let written = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        written.map_err(|error| output_error(&error))
    }

    /// What is being done, for whoever waits.
    fn doing(&mut self, what: &str) {
        if !self.options.quiet && !self.options.json {
            let _ = writeln!(self.talk, "{what} ..");
        }
    }
}

/// Shows the demo. True if exactly the last places were sold and the doctor found nothing.
///
/// # Errors
/// Storage `target_exists` where there is something at the named path already; what the engine and the file
/// system say.
pub(crate) fn run(
    options: &Options,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<bool, Error> {
    let mut teller = Teller { options, out, talk };
    teller.doing("importing a season");
    let mut stage = Stage::build(options)?;
    teller.part("A season in a real arena", &imported(&stage))?;
    teller.hall("The hall before", &stage, &stage.map()?)?;
    let story = story::tell(&mut stage)?;
    teller.part("One after the other", &story)?;
    teller.doing("selling the hall down");
    let bookings = crowd::sell_down(&stage, options.seed, options.bars)?;
    let before = stage.map()?.slot;
    let (sold_before, _) = crowd::standing(&stage)?;
    let callers = options.callers;
    let text = format!(
        "Eight tills sold {} bookings; {} of {} places are sold.\n\
         {} standing places are left, and {callers} callers want one, all at once.",
        number(i64::try_from(bookings).unwrap_or(i64::MAX)),
        number(before.sold),
        number(before.capacity),
        crowd::LEFT,
    );
    teller.part("The run on the last places", &text)?;
    let race = crowd::race(&stage, callers)?;
    let (sold, _) = crowd::standing(&stage)?;
    teller.hall("The hall after", &stage, &stage.map()?)?;
    finish(&mut teller, &stage, race, sold - sold_before)
}

/// What came of it: who got what, the figures, the doctor's word, and where to look next.
fn finish(teller: &mut Teller<'_>, stage: &Stage, race: Race, sold: i64) -> Result<bool, Error> {
    let options = teller.options;
    let reference = race.winners.first().map(|(_, booking, _)| booking.reference.to_string());
    let table = winners(&race);
    let opening = OpenOptions::default().allow_network_fs(options.allow_fs);
    let probe = stage.path.with_extension("probe");
    let figures = figures(race, options.callers, sold, fdatasync_us(&probe)?);
    stage.engine.close();
    teller.doing("doctor looks at every row");
    let diagnosis = Engine::doctor(&stage.path, &opening, &mut |_, _, _| {})?;
    let exact = u64::try_from(crowd::LEFT.min(options.callers.into())) == Ok(figures.sold);
    if options.json {
        teller.raw(&bench::json(&figures))?;
    } else {
        teller.part("Who got what", &table)?;
        let text = format!("{}{:10} {}\n", bench::text(&figures), "doctor", verdict(&diagnosis));
        teller.part("Figures", &text)?;
        let text = explore(stage, reference.as_deref().unwrap_or("REFERENCE"));
        teller.part("The file is yours to explore", &text)?;
    }
    Ok(diagnosis.ok && exact && figures.oversold == 0)
}

/// What the import made.
fn imported(stage: &Stage) -> String {
    let created = &stage.imported.created;
    let count = |value: u64| number(i64::try_from(value).unwrap_or(i64::MAX));
    let mut out = format!(
        "{} halls, {} numbered seats, {} events, {} slots, in one transaction.\n\
         The file's clock stands at the first minute of sale, 2026-11-01 10:00 in Berlin.\n\
         The match: {}",
        count(created.halls),
        count(created.seats),
        count(created.events),
        count(created.slots),
        stage.slot_text(),
    );
    for left in &stage.imported.unsupported {
        let _ = write!(
            out,
            "\nNot all of {} is made: {}",
            escaped(&left.schedule),
            escaped(&left.reason)
        );
    }
    out
}

/// Who got a place, and what the others were told.
fn winners(race: &Race) -> String {
    let mut out = format!("{:12} {:10} {:14} {:>10}\n", "BUYER", "REFERENCE", "TICKET", "AFTER");
    for (name, booking, took_us) in &race.winners {
        let took = format!("{}.{:02} ms", took_us / 1_000, took_us % 1_000 / 10);
        let (reference, tickets) = (booking.reference.to_string(), story::tickets(booking));
        let _ = writeln!(out, "{:12} {reference:10} {tickets:14} {took:>10}", escaped(name));
    }
    let _ = writeln!(out, "\n{} callers got a place. The others were told:", race.winners.len());
    for (code, (count, words)) in &race.told {
        let _ = writeln!(out, "{count:>4} x {code}: {}", escaped(words));
    }
    let _ = writeln!(out, "One more asks when all is paid: {}", escaped(&race.late));
    out
}

fn figures(race: Race, callers: u32, sold: i64, fdatasync_us: u64) -> BenchDone {
    let sold = u64::try_from(sold).unwrap_or(0);
    let offered = u64::try_from(crowd::LEFT).unwrap_or(0);
    let granted = u64::try_from(race.winners.len()).unwrap_or(u64::MAX);
    BenchDone {
        verb: BenchVerb::HoldConfirm,
        callers,
        processes: 1,
        quantity: 1,
        slots: 1,
        offered,
        sold,
        refused: race.told.values().map(|(count, _)| count).sum(),
        oversold: sold.max(granted).saturating_sub(offered),
        seconds: (race.seconds * 1_000_000.0).round() / 1_000_000.0,
        per_second: rate(race.took_us.len(), race.seconds),
        latencies: Latencies::of(race.took_us),
        synchronous: Synchronous::Full,
        fdatasync_us,
    }
}

/// Where the file is, and three commands to try.
fn explore(stage: &Stage, reference: &str) -> String {
    let path = stage.path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    let quoted = if path.chars().all(plain) {
        path.clone()
    } else {
        format!("'{}'", path.replace('\'', "'\\''"))
    };
    let quoted = escaped(&quoted);
    format!(
        "{}\n\n  venue --db {quoted} slot map {}\n  venue --db {quoted} booking show {reference}\n  \
         venue --db {quoted} feed --limit 5\n",
        escaped(&path),
        stage.slot_text(),
    )
}
