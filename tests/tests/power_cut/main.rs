//! Power cuts: what a disk would hold if the power had gone at any instant of a box office's work, and what the
//! engine makes of it. `VENUE_IMAGES` is how many images are looked at; `VENUE_SEED` repeats a run.

mod birth;
mod canaries;
mod copies;
mod interrupted;
mod night;

use venue_tests::dice::{Dice, seed, size};
use venue_tests::disk::{Image, Mode, RamDisk, Replay};
use venue_tests::office::{FILE, Office, look, options, template};

/// Images in all, where the environment says nothing: as many as the gate has time for without optimisation.
const USUAL: usize = 2_000;
/// One image of so many is of a new file, another one of a backup and a restore: they have fewer instants.
const SHARE: usize = 40;
/// But so many at least.
const LEAST: usize = 150;

/// The seed of this run, and the images to look at: all but the shares, or a share.
fn begin(share: bool) -> (u64, usize) {
    let (seed, all) = (seed("power cut"), size("VENUE_IMAGES", USUAL));
    let one = (all / SHARE).max(LEAST).min(all);
    let images = if share { one } else { all.saturating_sub(2 * one).max(1) };
    println!("power cut: {images} images");
    (seed, images)
}

/// So many instants of a record in order: half of them just after a sync, where most can be lost.
fn instants(replay: &Replay, count: usize, dice: &mut Dice) -> Vec<usize> {
    let syncs = replay.syncs();
    let mut instants: Vec<usize> = (0..count)
        .map(|_| {
            if dice.percent(50) && !syncs.is_empty() {
                (*dice.one_of(&syncs) + dice.below(3)).min(replay.end())
            } else {
                dice.below(replay.end() + 1)
            }
        })
        .collect();
    instants.sort_unstable();
    instants
}

#[test]
fn what_was_answered_survives_a_power_cut_and_nothing_else_does() {
    let (seed, images) = begin(false);
    let mut dice = Dice::new(seed);
    let mut tally = night::Tally::default();
    while tally.images < images {
        let night = dice.bits();
        if let Err(wrong) = night::run(night, images - tally.images, &mut tally) {
            panic!("VENUE_SEED={seed}, night {night}: a promise is broken: {wrong}\n{tally:?}");
        }
    }
    println!("{tally:?}");
    // Images of nights in which nothing went wrong would prove little.
    let reached = tally.fences > 0 && tally.unknown > 0 && tally.settled > 0 && tally.failed > 0;
    assert!(images < USUAL / 2 || reached, "{tally:?}");
}
