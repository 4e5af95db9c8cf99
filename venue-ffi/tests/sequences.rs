//! Sequences of calls by dice, and those that the fuzz target begins with.

use venue_core::{Caller, Engine, ImportOptions, NewFile, OpenOptions};

mod sequence;

/// Sequences by dice.
const SEQUENCES: u64 = 300;

/// A file with the small stage's season.
fn stage(folder: &std::path::Path) -> String {
    let path = folder.join("venue.db");
    let now = "2026-11-01T09:00:00Z".parse().expect("an instant");
    let new = NewFile::default().test_clock(Some(now));
    Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
    let engine = Engine::open(&path, &OpenOptions::default()).expect("an open file");
    let season = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/scenarios/seasons/buehne.toml");
    let (local, options) = (Caller::local(), ImportOptions::default());
    engine.import(&local, &[season.into()], &options, &mut |_, _, _| ()).expect("a season");
    path.to_str().expect("a path is UTF-8").to_owned()
}

/// The next number of a sequence that looks like dice.
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

#[test]
fn no_sequence_of_calls_breaks_the_edge() {
    let folder = tempfile::tempdir().unwrap();
    let path = stage(folder.path());
    let given = std::env::var("VENUE_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut state = given.unwrap_or_else(|| u64::from(std::process::id()));
    println!("VENUE_SEED={state}");
    for _ in 0..SEQUENCES {
        let size = usize::try_from(roll(&mut state) % 300).unwrap();
        let bytes: Vec<u8> = (0..size).map(|_| roll(&mut state).to_le_bytes()[0]).collect();
        sequence::play(&path, &bytes);
    }
    let said = Engine::doctor(&path, &OpenOptions::default(), &mut |_, _, _| ()).unwrap();
    assert!(said.ok, "{:?}", said.checks);
}

#[test]
fn the_seeds_of_the_fuzz_target_sell_something() {
    let folder = tempfile::tempdir().unwrap();
    let path = stage(folder.path());
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds/calls");
    let mut played = 0;
    for seed in std::fs::read_dir(seeds).unwrap() {
        sequence::play(&path, &std::fs::read(seed.unwrap().path()).unwrap());
        played += 1;
    }
    assert!(played >= 4, "{played} seeds");
    let engine = Engine::open(&path, &OpenOptions::default()).unwrap();
    let feed = engine.call_json("feed", b"{}").unwrap().to_string();
    for kind in ["booking.held", "booking.confirmed", "booking.released"] {
        assert!(feed.contains(kind), "no seed makes {kind}");
    }
}
