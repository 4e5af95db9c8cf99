//! The clocks of a box office: one wall clock and one monotonic one for all handles, what each handle last saw of
//! them, and the instant of the last commit. Microseconds after the first day of sale.

use super::SECOND;

const BEHIND: i64 = 5 * SECOND;
const AHEAD: i64 = 60 * SECOND;
const FIRST_AHEAD: i64 = 400 * 86_400 * SECOND;

/// How many handles have the file open.
pub const ENGINES: usize = 3;

/// The clocks.
#[derive(Debug, Clone)]
pub(super) struct Clocks {
    /// The file stands at the last commit until an instant is given; else it reads the wall clock.
    pub(super) is_test: bool,
    /// The wall clock, or the instant that is given.
    pub(super) wall: i64,
    /// The monotonic clock.
    pub(super) monotonic: i64,
    /// No batch is before this.
    floor: i64,
    /// What each handle's last batch saw.
    seen: [Option<(i64, i64)>; ENGINES],
}

impl Clocks {
    pub(super) fn new(is_test: bool) -> Self {
        Self { is_test, wall: 0, monotonic: 0, floor: 0, seen: [None; ENGINES] }
    }

    /// The instant of a read.
    pub(super) fn reads_at(&self) -> i64 {
        self.wall.max(self.floor)
    }

    /// The instant of a batch, or why there is none.
    pub(super) fn at(&self, engine: usize) -> Result<i64, &'static str> {
        let most = match self.seen[engine] {
            Some((wall, monotonic)) => wall + (self.monotonic - monotonic) + AHEAD,
            None => self.floor + FIRST_AHEAD,
        };
        if !self.is_test && self.wall > most {
            return Err("clock_jumped");
        }
        if self.wall + BEHIND < self.floor {
            return Err("clock_behind");
        }
        Ok(self.reads_at())
    }

    /// A batch begins; what it writes is not before its instant.
    pub(super) fn batch(&mut self, engine: usize) -> Result<i64, &'static str> {
        let now = self.at(engine)?;
        self.seen[engine] = Some((self.wall, self.monotonic));
        // Whether it wrote anything does not matter: the wall clock is never behind this until it jumps, and before
        // it jumps the floor is set.
        self.floor = now;
        Ok(now)
    }

    /// The owner says that the wall clock is right.
    pub(super) fn accept(&mut self, engine: usize) {
        self.floor = self.wall;
        self.seen[engine] = None;
    }

    /// A handle is a new one.
    pub(super) fn reopen(&mut self, engine: usize) {
        self.seen[engine] = None;
    }

    /// True if some handle can work.
    pub(super) fn any_is_right(&self) -> bool {
        (0..ENGINES).any(|engine| self.at(engine).is_ok())
    }
}
