//! A file in a temporary folder, with a test clock and the shipped seasons in it.

use std::path::{Path, PathBuf};

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::diagnosis::Diagnosis;
use venue_core::domain::import_done::ImportDone;
use venue_core::domain::instant::Instant;
use venue_core::domain::request::SlotName;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};

/// The first day of the arena's sale.
pub const FIRST_DAY: &str = "2026-11-01T09:00:00Z";

/// A match of the arena's season, by name.
pub const MATCH: &str = "heimspiele-2027-28@2027-12-26T17:00";

/// A file in a folder of its own, open.
#[derive(Debug)]
pub struct Fixture {
    /// The folder; it goes with the fixture.
    pub folder: tempfile::TempDir,
    /// The open file.
    pub engine: Engine,
}

/// The shipped example data.
///
/// # Panics
/// Never: the folder is part of the repository.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(name)
}

/// The instant of a text.
///
/// # Panics
/// If it is none.
pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

impl Fixture {
    /// An empty file at the first day of sale.
    ///
    /// # Panics
    /// If the machine cannot make files.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("venue.db");
        let new = NewFile::default().test_clock(Some(at(FIRST_DAY)));
        Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
        let engine = Engine::open(&path, &OpenOptions::default()).expect("an open file");
        Self { folder, engine }
    }

    /// A file with a season of the shipped data.
    ///
    /// # Panics
    /// If it cannot be imported.
    pub fn with(season: &str) -> Self {
        let fixture = Self::empty();
        fixture.import(&data(season));
        fixture
    }

    /// A file with the arena's season.
    pub fn arena() -> Self {
        Self::with("arena-season.toml")
    }

    /// Imports a file.
    ///
    /// # Panics
    /// If it cannot be imported.
    pub fn import(&self, path: &Path) -> ImportDone {
        let (caller, options) = (Caller::local(), ImportOptions::default());
        self.engine
            .import(&caller, &[path.to_path_buf()], &options, &mut |_, _, _| {})
            .expect("an import")
    }

    /// Closes the file and opens it again.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub fn restart(&mut self) {
        self.engine.close();
        self.engine = Engine::open(self.path(), &OpenOptions::default()).expect("an open file");
    }

    /// Where the file lies.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("venue.db")
    }

    /// Moves the test clock.
    ///
    /// # Panics
    /// If the text is no instant.
    pub fn now(&self, text: &str) {
        self.engine.set_test_now(Some(at(text))).expect("a test clock");
    }

    /// What doctor says.
    ///
    /// # Panics
    /// If doctor cannot read the file.
    pub fn doctor(&self) -> Diagnosis {
        Engine::doctor(self.path(), &OpenOptions::default(), &mut |_, _, _| {}).expect("doctor")
    }

    /// Asserts that doctor finds nothing.
    ///
    /// # Panics
    /// If it finds something.
    pub fn assert_healthy(&self) {
        let diagnosis = self.doctor();
        let found: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
        assert!(diagnosis.ok, "{found:#?}");
    }
}

/// The match that everybody wants.
///
/// # Panics
/// Never.
pub fn the_match() -> SlotName {
    MATCH.parse().expect("a slot's name")
}

/// A caller in this role, named.
///
/// # Panics
/// If it is no name.
pub fn caller(role: Role, actor: &str) -> Caller {
    Caller::new(role).actor(actor.parse().expect("an actor"))
}
