//! What the examples share: a box office with a season in it, in a folder that goes away with it.

use std::error::Error;
use std::path::{Path, PathBuf};

use venue_core::{Caller, Engine, ImportOptions, NewFile, OpenOptions, SlotName};

/// What the examples answer: nothing, or whatever went wrong.
pub type Story = Result<(), Box<dyn Error>>;

/// A file of its own with the season of `data/arena-season.toml`, on a test clock: home games of a
/// handball club in an arena of 1,252 seats and 248 standing places, and a concert without seats.
#[derive(Debug)]
pub struct BoxOffice {
    /// The open file.
    pub engine: Engine,
    _folder: tempfile::TempDir,
}

impl BoxOffice {
    /// Makes it. Its clock stands at noon of 15 December 2026.
    ///
    /// # Errors
    /// If the file cannot be made, or the season not be imported.
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("arena.venue");
        let noon = "2026-12-15T12:00:00Z".parse()?;
        let options = OpenOptions::default();
        Engine::create(&path, &NewFile::default().test_clock(Some(noon)), &options)?;
        let engine = Engine::open(&path, &options)?;
        let files = [season()];
        engine.import(&Caller::local(), &files, &ImportOptions::default(), &mut |_, _, _| ())?;
        Ok(Self { engine, _folder: folder })
    }
}

/// The season file.
fn season() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/arena-season.toml")
}

/// The game on Boxing Day.
///
/// # Panics
/// Never: the name is well formed.
pub fn game() -> SlotName {
    "heimspiele-2027-28@2027-12-26T17:00".parse().expect("an event and a local time")
}
