//! Runs the same steps on engines and on the model, and compares. Several handles have the one file open, so what one
//! has cached another makes stale.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Class, Error};
use venue_core::domain::instant::Instant;
use venue_core::domain::reply::Reply;
use venue_core::engine::{Clock, Engine, ImportOptions, NewFile, OpenOptions};

use super::command::{Command, Step};
use super::looks;
use super::request::{Made, bytes, instant, outcome, request};
use super::{ENGINES, Model, Outcome};
use crate::fixture::caller;

/// After so many steps all bookings are compared.
const LOOK: usize = 8;

/// The clocks of the model, as the engines read them.
#[derive(Debug, Default)]
struct HandClock {
    wall: AtomicI64,
    monotonic: AtomicI64,
}

impl Clock for HandClock {
    fn wall(&self) -> Instant {
        instant(self.wall.load(Ordering::Relaxed))
    }

    fn monotonic(&self) -> Duration {
        let micros = self.monotonic.load(Ordering::Relaxed);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }
}

/// A new file with the small stage's season, to be copied: it is made once.
#[derive(Debug)]
pub struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    /// Makes the files, with a test clock and without.
    ///
    /// # Panics
    /// If the machine cannot make files.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let season = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/seasons/buehne.toml");
        for test_clock in [true, false] {
            let path = folder.path().join(Self::name(test_clock));
            let new = NewFile::default();
            let new = if test_clock { new.test_clock(Some(instant(0))) } else { new };
            let options = OpenOptions::default().clock(Arc::new(HandClock::default()));
            Engine::create(&path, &new, &options).expect("a new file");
            let engine = Engine::open(&path, &options).expect("an open file");
            let (caller, import) = (Caller::local(), ImportOptions::default());
            engine.import(&caller, &[season.into()], &import, &mut |_, _, _| {}).expect("a season");
            engine.close();
        }
        Self { folder }
    }

    fn name(test_clock: bool) -> &'static str {
        if test_clock { "test.db" } else { "real.db" }
    }

    /// Copies the file and its secret.
    fn copy(&self, test_clock: bool, to: &std::path::Path) {
        for side in ["", "-secret"] {
            let name = format!("{}{side}", Self::name(test_clock));
            let mut target = to.as_os_str().to_owned();
            target.push(side);
            std::fs::copy(self.folder.path().join(name), target).expect("a copy");
        }
    }
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

/// Asks again where the answer is to do so: nothing happened, the machine was too slow for the deadline.
pub(super) fn patiently<T>(mut ask: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    let mut answer = ask();
    for _ in 0..20 {
        match answer {
            Err(error) if error.class() == Class::Retry => answer = ask(),
            answer => return answer,
        }
    }
    answer
}

/// A file that several handles have open, and what the model does not know of it.
#[derive(Debug)]
pub struct Pair {
    folder: tempfile::TempDir,
    clock: Arc<HandClock>,
    engines: Vec<Engine>,
    /// Handles that nobody closed.
    left: Vec<Engine>,
    test_clock: bool,
    made: Made,
    /// The bytes of the newest answer under each key that was stored.
    answers: std::collections::BTreeMap<usize, String>,
    steps: usize,
    doctor_after: usize,
    /// The states and codes that were answered.
    pub seen: BTreeSet<&'static str>,
}

impl Pair {
    /// A new file, open in several handles; doctor looks after so many steps.
    ///
    /// # Panics
    /// If the machine cannot make files.
    pub fn new(stage: &Stage, model: &Model, doctor_after: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let test_clock = model.has_test_clock();
        stage.copy(test_clock, &folder.path().join("venue.db"));
        let mut pair = Self {
            folder,
            clock: Arc::default(),
            engines: Vec::new(),
            left: Vec::new(),
            test_clock,
            made: Made::default(),
            answers: std::collections::BTreeMap::new(),
            steps: 0,
            doctor_after,
            seen: BTreeSet::new(),
        };
        pair.open_all(model);
        looks::learn_slots(&pair.engines[0], model, &mut pair.made).expect("the season's slots");
        pair
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("venue.db")
    }

    fn options(&self) -> OpenOptions {
        OpenOptions::default().clock(Arc::clone(&self.clock) as Arc<dyn Clock>)
    }

    fn open(&self) -> Engine {
        Engine::open(self.path(), &self.options()).expect("an open file")
    }

    fn open_all(&mut self, model: &Model) {
        self.engines = (0..ENGINES).map(|_| self.open()).collect();
        self.set_clocks(model);
    }

    fn set_clocks(&self, model: &Model) {
        let (wall, monotonic) = model.clocks();
        self.clock.wall.store(wall, Ordering::Relaxed);
        self.clock.monotonic.store(monotonic, Ordering::Relaxed);
        for engine in self.engines.iter().filter(|_| self.test_clock) {
            engine.set_test_now(Some(instant(wall))).expect("a test clock");
        }
    }

    /// Does one step, after which the model is as it is given.
    ///
    /// # Errors
    /// Says how the engine differs from the model.
    pub fn step(&mut self, step: &Step, model: &Model) -> Result<(), String> {
        self.steps += 1;
        let looks = match step {
            Step::Ask { engine, command, key } => {
                self.ask(*engine, command, *key, model)?;
                *engine
            }
            Step::Replay { engine, key } => {
                let command = model.asked(*key).ok_or("a key without a command")?;
                self.ask(*engine, command, Some(*key), model)?;
                *engine
            }
            Step::Tick(_) => 0,
            Step::Jump { engine, .. } => {
                self.sweep(*engine, model)?;
                if model.last().outcome == Outcome::Nothing {
                    self.accept(*engine)?;
                }
                *engine
            }
            Step::Accept { engine } => {
                self.accept(*engine)?;
                *engine
            }
            Step::Reopen { engine, leak } => {
                self.reopen(*engine, *leak);
                *engine
            }
            Step::Sweep { engine } => {
                self.sweep(*engine, model)?;
                *engine
            }
            Step::Generate { engine } => {
                self.generate(*engine, model)?;
                *engine
            }
            Step::Restore => {
                self.restore(model)?;
                0
            }
        };
        self.set_clocks(model);
        // Another handle than the one that acted sees the same.
        let other = &self.engines[(looks + self.steps) % ENGINES];
        looks::compare_slots(other, model, &self.made, self.steps)?;
        if self.steps.is_multiple_of(LOOK) {
            let other = &self.engines[(looks + 1) % ENGINES];
            looks::compare_bookings(other, model)?;
            looks::compare_events(other, model)?;
        }
        if self.steps.is_multiple_of(self.doctor_after) { self.doctor() } else { Ok(()) }
    }

    /// Compares everything a last time.
    ///
    /// # Errors
    /// Says what differs, or what doctor found.
    pub fn end(&self, model: &Model) -> Result<(), String> {
        for engine in &self.engines {
            looks::compare_bookings(engine, model)?;
            looks::compare_events(engine, model)?;
        }
        self.doctor()
    }

    fn doctor(&self) -> Result<(), String> {
        let doctor = Engine::doctor(self.path(), &self.options(), &mut |_, _, _| {});
        let diagnosis = doctor.map_err(|error| format!("doctor: {error}"))?;
        let found: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
        if diagnosis.ok { Ok(()) } else { Err(format!("doctor finds: {found:?}")) }
    }

    fn sweep(&mut self, engine: usize, model: &Model) -> Result<(), String> {
        let answer = match patiently(|| self.engines[engine].sweep()) {
            Ok(_) => Outcome::Nothing,
            Err(error) => Outcome::Refused(error.code()),
        };
        let expected = &model.last().outcome;
        if answer == *expected {
            Ok(())
        } else {
            Err(format!("sweep: {answer:?}, expected {expected:?}"))
        }
    }

    /// Makes the slots of all schedules, and again, which must come to nothing.
    fn generate(&mut self, engine: usize, model: &Model) -> Result<(), String> {
        let expected = &model.last().outcome;
        let answer = looks::generate(&self.engines[engine]);
        if answer != *expected {
            return Err(format!("generate: {answer:?}, expected {expected:?}"));
        }
        if let Outcome::Refused(code) = answer {
            self.seen.insert(code);
            return Ok(());
        }
        looks::generate_again(&self.engines[engine], &answer)?;
        self.seen.insert("generated");
        looks::learn_slots(&self.engines[engine], model, &mut self.made)
    }

    fn accept(&self, engine: usize) -> Result<(), String> {
        let owner = caller(Role::Organizer, "o");
        let accepted = patiently(|| self.engines[engine].clock_accept(&owner));
        accepted.map(drop).map_err(|error| format!("clock accept: {error}"))
    }

    fn reopen(&mut self, engine: usize, leak: bool) {
        if !leak {
            self.engines[engine].close();
        }
        let fresh = self.open();
        let before = std::mem::replace(&mut self.engines[engine], fresh);
        self.left.extend(leak.then_some(before));
    }

    fn restore(&mut self, model: &Model) -> Result<(), String> {
        let backup = self.folder.path().join(format!("backup-{}.db", self.steps));
        self.engines[0].backup(&backup).map_err(|error| format!("backup: {error}"))?;
        self.left.clear();
        self.engines.iter().for_each(Engine::close);
        self.engines.clear();
        let mut restored = Engine::restore(&backup, self.path(), &self.options());
        // A child that this process is just starting holds what is open here until it is another program.
        for _ in 0..1_000 {
            if !matches!(&restored, Err(error) if error.class() == Class::Retry) {
                break;
            }
            std::thread::yield_now();
            restored = Engine::restore(&backup, self.path(), &self.options());
        }
        restored.map_err(|error| format!("restore: {error}"))?;
        self.open_all(model);
        Ok(())
    }

    fn ask(
        &mut self,
        engine: usize,
        command: &Command,
        key: Option<usize>,
        model: &Model,
    ) -> Result<(), String> {
        let expected = model.last();
        let request = || request(command, key, model, &self.made);
        let answer = patiently(|| self.engines[engine].call(request()));
        let bytes = bytes(&answer);
        let outcome = outcome(&answer);
        if outcome != expected.outcome {
            return Err(format!("{command:?}: {outcome:?}, expected {:?}", expected.outcome));
        }
        self.seen.insert(match &outcome {
            Outcome::Booking(shown) => shown.state,
            Outcome::House(..) => "house",
            Outcome::Closed(_) => "closed or open",
            Outcome::CalledOff(None, off) if off.at.is_some() => "a slot called off",
            Outcome::CalledOff(Some(_), off) if off.at.is_some() => "an event called off",
            Outcome::CalledOff(..) => "what calling off would do",
            Outcome::Moved(..) => "moved",
            Outcome::Event(event) => event.state,
            Outcome::Schedule(..) => "a schedule",
            Outcome::Made(_) => "generated",
            Outcome::Refused(code) => code,
            Outcome::Nothing => "nothing",
        });
        if let Some(key) = key {
            let before = self.answers.get(&key);
            if expected.repeated && before != Some(&bytes) {
                return Err(format!("{command:?}: {bytes} after {before:?}"));
            }
            if expected.stored {
                self.answers.insert(key, bytes);
            }
        }
        if let (true, Ok(Reply::Booking(view))) = (expected.made, &answer) {
            self.made.bookings.push((view.id, view.token.clone().flatten()));
        }
        Ok(())
    }
}
