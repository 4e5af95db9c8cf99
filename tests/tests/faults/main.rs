//! Faults of the disk: in each of these scenarios every operation fails once, and from then on for ever, until a pass
//! meets no fault any more; then the disk works again, and the same handles have to. Full disks and memory that runs
//! out are here too.
//!
//! `VENUE_FAULT_STEP` is how many operations lie between two that fail. 1 makes each fail: what an optimised build does
//! by itself; without optimisation there is time for one of ten, another one with every seed. What counts is what the file
//! holds at the end and what was answered, never that an error came back: some never do.

mod acts;
mod full;
mod memory;
mod statements;

use venue_tests::children::part;
use venue_tests::dice::{Dice, seed, size};
use venue_tests::disk::{Fault, How, Image, Kind};
use venue_tests::history::check_file;
use venue_tests::office::{FILE, Office, look, options};

/// One pass of so many is examined in full, by the engine and by doctor; the others are looked at.
const EXAMINED: usize = 6;

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    match part() {
        Some((part, file)) if part == "full" => full::part(&file),
        Some((part, file)) if part == "memory" => memory::part(&file),
        Some((part, _)) => panic!("no part is called {part}"),
        None => {}
    }
}

/// Something that is done while the disk fails, and what has to hold afterwards.
struct Scenario {
    /// Handles that are open while it is done.
    handles: usize,
    /// Makes the office before it.
    prepare: fn() -> Office,
    /// What is done. It may fail.
    act: fn(&mut Office),
    /// What holds once the disk works again.
    after: fn(&mut Office) -> Result<(), String>,
}

/// Fails every operation of a scenario, and says how many.
fn sweep(scenario: &Scenario) {
    let step = size("VENUE_FAULT_STEP", if cfg!(debug_assertions) { 10 } else { 1 });
    let seed = seed("faults");
    let mut dice = Dice::new(seed);
    let prepared = (scenario.prepare)();
    let image = prepared.disk.image();
    let (mut points, mut passes) = (0, 0);
    for (kind, how, lasting) in every_fault() {
        for place in (dice.below(step)..).step_by(step) {
            let nth = u64::try_from(place + 1).expect("64 bits are enough");
            let fault = Fault { kind, nth, lasting, how };
            let struck = pass(scenario, &prepared, &image, fault, passes % EXAMINED == 0)
                .unwrap_or_else(|wrong| panic!("VENUE_SEED={seed}, {fault:?}: {wrong}"));
            passes += 1;
            points += usize::from(struck);
            if !struck {
                break;
            }
        }
    }
    println!("VENUE_SEED={seed}: {points} faults in {passes} passes, one of {step} operations");
    assert!(points * step >= 60, "the scenario does enough that can fail: {points}");
}

fn every_fault() -> impl Iterator<Item = (Kind, How, bool)> {
    let hows = |kind| match kind {
        Kind::Write => &[How::Error, How::Full, How::Short][..],
        _ => &[How::Error][..],
    };
    let each = move |kind| {
        hows(kind).iter().flat_map(move |how| [(kind, *how, false), (kind, *how, true)])
    };
    Kind::ALL.into_iter().flat_map(each)
}

/// One pass; whether the fault was met.
fn pass(
    scenario: &Scenario,
    prepared: &Office,
    image: &Image,
    fault: Fault,
    examined: bool,
) -> Result<bool, String> {
    let mut office = prepared.resumed(image, scenario.handles);
    office.disk.arm(&[fault]);
    (scenario.act)(&mut office);
    let struck = office.disk.struck() > 0;
    office.disk.arm(&[]);
    (scenario.after)(&mut office)?;
    office.no_bug()?;
    if examined {
        examine(&mut office)?;
    }
    Ok(struck)
}

/// The office goes on with the handles it has, and everything that was answered is there.
fn goes_on(office: &mut Office) -> Result<(), String> {
    if office.engines.is_empty() {
        let engine = office.handle().map_err(|error| format!("NOT OPENED: {error}"))?;
        office.engines.push(engine);
    }
    office.recovered(&mut Dice::new(7))?;
    office.history.check_keys(usize::MAX, &look(&office.disk, FILE)?)
}

/// Asks everything again, and lets doctor look.
fn examine(office: &mut Office) -> Result<(), String> {
    office.engines.clear();
    let path = office.disk.path(FILE);
    if office.history.asked.is_empty() {
        return check_file(&path, &options(&office.disk));
    }
    office.history.check_answers(usize::MAX, &path, &options(&office.disk)).map(|_| ())
}
