//! What the children do: processes whose disk or memory fails.

use std::path::Path;

use venue_core::domain::caller::Caller;
use venue_core::domain::error::Error;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};
use venue_tests::children::say;
use venue_tests::fixture::{FIRST_DAY, at, data};
use venue_tests::peers::beside;

use super::requests::sale;

/// Plays a part.
pub(crate) fn play(part: &str, file: &Path) {
    match part {
        "seller" => {
            let sold = open(file).and_then(|engine| engine.sell(&Caller::local(), sale()));
            say(&super::code(sold));
        }
        "hungry" => hungry(file),
        "filler" => filler(file),
        "limited" => limited(file),
        other => panic!("no part is called {other}"),
    }
}

fn open(file: &Path) -> Result<Engine, Error> {
    Engine::open(file, &OpenOptions::default())
}

fn sell(engine: &Engine) -> Result<(), Error> {
    engine.sell(&Caller::local(), sale()).map(drop)
}

/// Sells with hardly any memory.
fn hungry(file: &Path) {
    let engine = open(file).expect("an open file");
    beside(file).execute_batch("PRAGMA hard_heap_limit = 1").expect("a limit");
    say(&super::code(sell(&engine)));
}

/// Fills the disk under the folder, sees what can still be done, makes room, and goes on.
fn filler(folder: &Path) {
    let path = folder.join("venue.db");
    let options = OpenOptions::default();
    let new = NewFile::default().test_clock(Some(at(FIRST_DAY)));
    Engine::create(&path, &new, &options).expect("a new file");
    let engine = open(&path).expect("an open file");
    let season = [data("arena-season.toml")];
    let import = ImportOptions::default();
    engine.import(&Caller::local(), &season, &import, &mut |_, _, _| {}).expect("an import");
    let ballast = folder.join("ballast");
    let mut size = 1 << 20;
    // As much as fits, in smaller and smaller pieces.
    let mut bytes = Vec::new();
    while size > 0 {
        bytes.resize(bytes.len() + size, 0);
        if std::fs::write(&ballast, &bytes).is_err() {
            bytes.truncate(bytes.len() - size);
            size /= 2;
        }
    }
    let _ = std::fs::write(&ballast, &bytes);
    let failed = std::iter::repeat_with(|| sell(&engine)).take(200).find_map(Result::err);
    say(failed.map_or("sold all", |error| error.code()));
    if engine.call_json("booking_list", b"").is_ok() {
        say("reads");
    }
    std::fs::remove_file(&ballast).expect("room");
    if Engine::doctor(&path, &options, &mut |_, _, _| {}).is_ok_and(|doctor| doctor.ok) {
        say("healthy");
    }
    if sell(&engine).is_ok() {
        say("sells again");
    }
}

/// Sells until commits fail, and then until not even a fence can be committed; says each code that is new, and at
/// last how many were sold.
fn limited(file: &Path) {
    let engine = open(file).expect("an open file");
    let (mut sold, mut codes) = (0, Vec::new());
    while codes.last().is_none_or(|code| *code != "fence_owed") {
        match sell(&engine) {
            Ok(()) => sold += 1,
            Err(error) if codes.contains(&error.code()) => {}
            Err(error) => {
                say(error.code());
                codes.push(error.code());
            }
        }
        assert!(codes.len() < 10, "{codes:?}");
    }
    say(&sold.to_string());
}
