//! A file with the season of the README in it.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::error::Error;
use std::path::{Path, PathBuf};

use venue_core::{Caller, Engine, ImportOptions, NewFile, OpenOptions};

/// The README's text.
pub fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    std::fs::read_to_string(path).expect("there is a README")
}

/// What stands between two lines.
pub fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the README has it");
    rest.split_once(end).expect("it ends").0
}

/// A file with the season of the README in it.
pub fn kino(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let (path, season) = (folder.join("kino.venue"), folder.join("season.toml"));
    std::fs::write(&season, between(&readme(), "const SEASON: &str = r#\"\n", "\"#;"))?;
    let new = NewFile::default().test_clock(Some("2027-01-01T12:00:00Z".parse()?));
    Engine::create(&path, &new, &OpenOptions::default())?;
    let engine = Engine::open(&path, &OpenOptions::default())?;
    engine.import(&Caller::local(), &[season], &ImportOptions::default(), &mut |_, _, _| ())?;
    Ok(path)
}
