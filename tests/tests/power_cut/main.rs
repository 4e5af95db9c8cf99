//! Power cuts: what a disk would hold if the power had gone at any instant of a box office's work, and what the
//! engine makes of it. `VENUE_IMAGES` is how many images are looked at; `VENUE_SEED` repeats a run.

mod night;

use venue_tests::dice::{Dice, seed, size};
use venue_tests::disk::{Mode, RamDisk, Replay};
use venue_tests::office::{Office, look, options, template, FILE};

#[test]
fn what_was_answered_survives_a_power_cut_and_nothing_else_does() {
    let images = size("VENUE_IMAGES", 4_000);
    let seed = seed();
    println!("VENUE_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut tally = night::Tally::default();
    while tally.images < images {
        let night = dice.bits();
        if let Err(wrong) = night::run(night, images - tally.images, &mut tally) {
            panic!("VENUE_SEED={seed}, night {night}: {wrong}\n{tally:?}");
        }
    }
    println!("{tally:?}");
}
