//! A box office in a folder of its own, and lines to run in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The instant at which the test clocks begin: the season is on sale.
pub(crate) const BEGIN: &str = "2027-08-01T10:00:00Z";

/// The season of an arena.
pub(crate) const SEASON: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/arena-season.toml");

/// The season of somebody else.
pub(crate) const CINEMA: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/cinema-season.toml");

/// One of the arena's matches.
pub(crate) const SLOT: &str = "heimspiele-2027-28@2027-12-26T17:00";

/// A folder with a database file's name in the environment.
pub(crate) struct Office {
    folder: TempDir,
}

/// How a line ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Office {
    /// A folder without a file.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With an empty file on a test clock.
    pub(crate) fn with_file() -> Self {
        let office = Self::empty();
        office.run(&format!("init --test-clock --now {BEGIN}")).done();
        office
    }

    /// With the season of an arena: 1,252 seats and 248 standing places.
    pub(crate) fn with_season() -> Self {
        let office = Self::with_file();
        office.run(&format!("import {SEASON}")).done();
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn db(&self) -> PathBuf {
        self.path("venue.db")
    }

    /// The program, not yet started.
    pub(crate) fn command<I: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = I>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_venue"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("VENUE_DB", self.db())
            .stdin(Stdio::null());
        command
    }

    /// Runs a line, split at its spaces.
    pub(crate) fn run(&self, line: &str) -> Ran {
        Ran::of(&mut self.command(line.split_whitespace()))
    }

    /// What files lie in the folder, with their contents.
    pub(crate) fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        read_all(self.folder.path(), &mut found);
        found.sort();
        found
    }
}

fn read_all(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, found);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// It was done.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// The objects on stdout, a line each.
    #[track_caller]
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The data of the only object, which is of this kind.
    #[track_caller]
    pub(crate) fn data(&self, kind: &str) -> Value {
        let mut objects = self.objects();
        assert_eq!(objects.len(), 1, "{self:?}");
        assert_eq!(objects[0]["type"], kind, "{self:?}");
        objects[0]["data"].take()
    }

    /// It ended with this code of this class, said in JSON and, for people, on stderr. The error object.
    #[track_caller]
    pub(crate) fn error(&self, exit: i32, class: &str, code: &str) -> Value {
        let error = self.data("error");
        assert_eq!((&error["code"], &error["class"]), (&code.into(), &class.into()), "{self:?}");
        assert_eq!(self.code, exit, "{self:?}");
        self.complaint(exit);
        error
    }

    /// It ended with this exit code; stderr tells people what is wrong and, on the next line, what to do.
    #[track_caller]
    pub(crate) fn complaint(&self, exit: i32) {
        assert_eq!(self.code, exit, "{self:?}");
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{self:?}");
        assert!(lines[0].starts_with("error: ") && !lines[1].is_empty(), "{self:?}");
    }
}
