//! One night of a box office, and the mornings after: one for each instant at which the power could have gone.

use super::*;
use venue_tests::disk::{Fault, How, Kind};
use venue_tests::history::Outcome;
use venue_tests::office::Counts;

/// Nights that one file lives through, with a power cut between them.
const NIGHTS: usize = 2;
/// Images of one night.
const IMAGES: usize = 200;
/// Steps of one night.
const STEPS: usize = 30;
/// One image of so many is asked and examined; the others are looked at.
const EXAMINED: usize = 25;

/// What was reached.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) nights: usize,
    pub(super) images: usize,
    pub(super) examined: usize,
    pub(super) settled: usize,
    pub(super) done: usize,
    pub(super) refused: usize,
    pub(super) failed: usize,
    pub(super) unknown: usize,
    pub(super) faults: u64,
    pub(super) fences: i64,
}

impl Tally {
    fn note(&mut self, counts: Counts) {
        self.done += counts.done;
        self.refused += counts.refused;
        self.failed += counts.failed;
        self.unknown += counts.unknown;
        self.faults += counts.struck;
    }
}

/// A night's work, then its images; then the power does go, and the next night begins with what it left.
pub(super) fn run(seed: u64, most: usize, tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let mut office = Office::open(&format!("{seed:016x}"), 2);
    let mut base = template().clone();
    for night in 1..=NIGHTS {
        let before = fences(&office);
        // What the last cut left open.
        office.settle()?;
        for _ in 0..STEPS {
            step(&mut office, &mut dice)?;
        }
        office.settle()?;
        office.no_bug()?;
        tally.nights += 1;
        tally.fences += fences(&office) - before;
        let mut replay = Replay::of(&office.disk, &base);
        mornings(&office, &mut replay, most.min(IMAGES), &mut dice, tally)?;
        tally.note(office.counts);
        if night < NIGHTS {
            let mut replay = Replay::of(&office.disk, &base);
            let instant = instants(&replay, 1, &mut dice)[0];
            replay.play_to(instant);
            base = replay.image(*dice.one_of(&Mode::ALL), &mut dice);
            office = office.survived(instant, &base, 2);
        }
    }
    Ok(())
}

fn fences(office: &Office) -> i64 {
    let connection = office.disk.connect(FILE).expect("a connection");
    connection.query_one("SELECT fence FROM meta", [], |row| row.get(0)).expect("a meta row")
}

fn step(office: &mut Office, dice: &mut Dice) -> Result<(), String> {
    match dice.below(100) {
        0..52 => {
            if let wrong @ (Outcome::Failed(..) | Outcome::Unknown) = office.ask(dice, &[]) {
                return Err(format!("NOT RECOVERED: {wrong:?} although the disk works"));
            }
        }
        52..76 => {
            let faults = faults(dice);
            office.ask(dice, &faults);
        }
        76..84 => {
            let faults = if dice.percent(40) { faults(dice) } else { Vec::new() };
            office.crowd(dice, 3, &faults);
        }
        84..88 => office.tick(*dice.one_of(&[1, 40, 200, 400])),
        88..90 => {
            let engine = dice.one_of(&office.engines).clone();
            engine.sweep().map_err(|error| format!("NOT RECOVERED: sweep: {error}"))?;
        }
        90..95 => checkpoint(office, dice),
        95 => office.generate(dice)?,
        _ => {
            let place = dice.below(office.engines.len());
            office.engines.remove(place).close();
            let engine = office.handle().map_err(|error| format!("NOT OPENED: {error}"))?;
            office.engines.push(engine);
        }
    }
    // Now and then what is unknown stays so for a while.
    if dice.percent(60) { office.settle() } else { Ok(()) }
}

/// What goes wrong while a command is at work: mostly the sync that would make it certain.
fn faults(dice: &mut Dice) -> Vec<Fault> {
    let nth = |dice: &mut Dice, most| u64::try_from(1 + dice.below(most)).expect("few");
    let fault = match dice.below(10) {
        0..5 => Fault::once(Kind::Sync, nth(dice, 2)),
        5 | 6 => Fault::lasting(Kind::Sync, nth(dice, 3)),
        7 | 8 => {
            let how = *dice.one_of(&[How::Error, How::Full, How::Short]);
            Fault { kind: Kind::Write, nth: nth(dice, 30), lasting: dice.percent(50), how }
        }
        _ => Fault {
            kind: *dice.one_of(&Kind::ALL),
            nth: nth(dice, 6),
            lasting: false,
            how: How::Error,
        },
    };
    vec![fault]
}

/// Another program copies the log into the file, and the disk may fail it.
fn checkpoint(office: &Office, dice: &mut Dice) {
    let mode = *dice.one_of(&["PASSIVE", "FULL", "RESTART", "TRUNCATE"]);
    let Ok(connection) = office.disk.connect(FILE) else { return };
    let faults = if dice.percent(30) { faults(dice) } else { Vec::new() };
    office.disk.arm(&faults);
    // It may fail: the log keeps everything.
    let _ = connection.query_one(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
    office.disk.arm(&[]);
}

/// Looks at images of instants of the night.
fn mornings(
    office: &Office,
    replay: &mut Replay,
    images: usize,
    dice: &mut Dice,
    tally: &mut Tally,
) -> Result<(), String> {
    for instant in instants(replay, images, dice) {
        replay.play_to(instant);
        let mode = *dice.one_of(&Mode::ALL);
        let disk = RamDisk::of(replay.image(mode, dice));
        tally.images += 1;
        let whole = tally.images.is_multiple_of(EXAMINED);
        let told = |wrong| format!("at {instant} of {}, {mode:?}: {wrong}", replay.end());
        office.history.check_keys(instant, &look(&disk, FILE).map_err(told)?).map_err(told)?;
        if whole {
            tally.examined += 1;
            let path = disk.path(FILE);
            tally.settled +=
                office.history.check_answers(instant, &path, &options(&disk)).map_err(told)?;
        }
    }
    Ok(())
}
