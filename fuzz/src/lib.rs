//! What the targets share: a small stage that is open, and requests as text.
//!
//! libFuzzer ends the process at any panic, also at one that the engine would catch and answer as `bug`.

use std::path::{Path, PathBuf};

use venue_core::{Caller, Engine, ImportOptions, NewFile, OpenOptions};

/// A file with the small stage's season, open, in a folder that goes with it.
#[derive(Debug)]
pub struct Stage {
    /// The open file.
    pub engine: Engine,
    folder: tempfile::TempDir,
}

impl Stage {
    /// Makes one.
    ///
    /// # Panics
    /// If the machine cannot make files.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("venue.db");
        let new = NewFile::default()
            .test_clock(Some("2026-11-01T09:00:00Z".parse().expect("an instant")));
        Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
        let engine = Engine::open(&path, &OpenOptions::default()).expect("an open file");
        let season =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenarios/seasons/buehne.toml");
        let (local, options) = (Caller::local(), ImportOptions::default());
        engine.import(&local, &[season], &options, &mut |_, _, _| {}).expect("a season");
        Self { engine, folder }
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("venue.db")
    }

    /// Asserts that doctor finds nothing.
    ///
    /// # Panics
    /// If it finds something.
    pub fn assert_healthy(&self) {
        let said = Engine::doctor(self.path(), &OpenOptions::default(), &mut |_, _, _| {});
        let said = said.expect("doctor");
        assert!(said.ok, "{:?}", said.checks);
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

/// A request as the seeds have it: the verb's name on the first line, JSON on the others.
pub fn request(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let name = std::str::from_utf8(&bytes[..end]).ok()?;
    Some((name, &bytes[end + 1..]))
}

/// Verbs that only read the open file.
pub const READING: &[&str] = &[
    "venue_list",
    "venue_show",
    "hall_list",
    "hall_show",
    "plan_list",
    "plan_show",
    "event_list",
    "event_show",
    "slot_list",
    "slot_show",
    "slot_map",
    "slot_calendar",
    "booking_list",
    "booking_show",
    "booking_calendar",
    "ticket_list",
    "ticket_show",
    "feed",
    "clock_show",
    "info",
];

/// Verbs that change it.
pub const WRITING: &[&str] = &[
    "hold",
    "sell",
    "confirm",
    "extend",
    "release",
    "expire",
    "cancel",
    "house",
    "slot_open",
    "slot_close",
    "sweep",
];
