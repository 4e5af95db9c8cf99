//! A box office on a disk in memory: commands of every verb with keys that are known, faults now and then, and the
//! history of it all.

mod commands;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Class, Error};
use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions, Request};

use crate::dice::Dice;
use crate::disk::{Fault, Image, RamDisk};
use crate::fixture::{FIRST_DAY, at, caller};
use crate::history::{Asked, History, Outcome};

/// The name of the file on its disk.
pub const FILE: &str = "venue.db";

/// The season that is sold.
pub fn season() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/seasons/buehne.toml").into()
}

/// What a new file of a box office is.
pub fn new_file() -> NewFile {
    NewFile::default().test_clock(Some(at(FIRST_DAY)))
}

/// How a file on a disk is opened.
pub fn options(disk: &Arc<RamDisk>) -> OpenOptions {
    OpenOptions::default().over(disk.access())
}

/// A disk with a closed file that has the season in it: made once, the same for everybody.
///
/// # Panics
/// If it cannot be made.
pub fn template() -> &'static Image {
    static TEMPLATE: OnceLock<Image> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let disk = RamDisk::empty();
        Engine::create(disk.path(FILE), &new_file(), &options(&disk)).expect("a file");
        let engine = Engine::open(disk.path(FILE), &options(&disk)).expect("an open file");
        import(&engine).expect("an import");
        engine.close();
        disk.image()
    })
}

/// Imports the season.
///
/// # Errors
/// Those of the import.
pub fn import(engine: &Engine) -> Result<(), Error> {
    let done =
        engine.import(&Caller::local(), &[season()], &ImportOptions::default(), &mut |_, _, _| {});
    done.map(|_| ())
}

/// What happened in an office, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Commands that were answered as done.
    pub done: usize,
    /// That were refused.
    pub refused: usize,
    /// That failed.
    pub failed: usize,
    /// That were answered as unknown.
    pub unknown: usize,
    /// Operations of the disk that failed.
    pub struck: u64,
}

/// A box office: a disk, engines on its file, and what was asked of them.
#[derive(Debug)]
pub struct Office {
    /// The disk.
    pub disk: Arc<RamDisk>,
    /// What was asked and answered.
    pub history: History,
    /// What happened.
    pub counts: Counts,
    /// The handles; a rig may close them and open others.
    pub engines: Vec<Engine>,
    name: String,
    now: Instant,
    made: Vec<BookingId>,
}

impl Office {
    /// An office over the template, with so many handles on the file.
    ///
    /// # Panics
    /// If they cannot be opened.
    pub fn open(name: &str, handles: usize) -> Self {
        Self::on(RamDisk::of(template().clone()), name, handles)
    }

    /// An office over a disk that has the file.
    ///
    /// # Panics
    /// If the handles cannot be opened.
    pub fn on(disk: Arc<RamDisk>, name: &str, handles: usize) -> Self {
        let mut office = Self {
            disk,
            history: History::default(),
            counts: Counts::default(),
            engines: Vec::new(),
            name: name.to_owned(),
            now: at(FIRST_DAY),
            made: Vec::new(),
        };
        for _ in 0..handles {
            let engine = office.handle().expect("an open file");
            office.engines.push(engine);
        }
        office
    }

    /// The same office over an image of its disk, with new handles.
    ///
    /// # Panics
    /// If they cannot be opened.
    #[must_use]
    pub fn resumed(&self, image: &Image, handles: usize) -> Self {
        let mut office = Self::on(RamDisk::of(image.clone()), &self.name, 0);
        office.history = self.history.clone();
        office.made.clone_from(&self.made);
        office.now = self.now;
        office.engines = (0..handles).map(|_| office.handle().expect("an open file")).collect();
        office
    }

    /// The same office after a power cut at this instant, which left this image. What is open is still to be settled.
    ///
    /// # Panics
    /// If the handles cannot be opened.
    #[must_use]
    pub fn survived(&self, instant: usize, image: &Image, handles: usize) -> Self {
        let mut office = self.resumed(image, handles);
        for asked in &mut office.history.asked {
            *asked = asked.after_cut(instant);
        }
        let certain = |asked: &Asked| match &asked.outcome {
            Outcome::Done(_, booking) => *booking,
            _ => None,
        };
        let made: BTreeSet<_> = office.history.asked.iter().filter_map(certain).collect();
        office.made.retain(|booking| made.contains(booking));
        office
    }

    /// The bookings that were made, in the order in which somebody was told of them.
    pub fn made(&self) -> &[BookingId] {
        &self.made
    }

    /// Another handle on the file.
    ///
    /// # Errors
    /// Those of opening.
    pub fn handle(&self) -> Result<Engine, Error> {
        Engine::open(self.disk.path(FILE), &options(&self.disk).now(Some(self.now)))
    }

    /// Time passes.
    ///
    /// # Panics
    /// Never: the file has a test clock.
    pub fn tick(&mut self, seconds: i64) {
        self.now = self.now.plus(Span::from_secs(seconds));
        for engine in &self.engines {
            engine.set_test_now(Some(self.now)).expect("a test clock");
        }
    }

    /// The command under a new key: that of the n-th command from now on.
    fn keyed(&self, request: Request, nth: usize) -> (Request, String) {
        let number = self.history.asked.len() + nth;
        let key = format!("the-key-of-an-office-{}-{number:06}", self.name);
        (request.key(key.parse().expect("a key")), key)
    }

    /// Makes the slots of all schedules. The disk works.
    ///
    /// # Errors
    /// Says why it could not be done.
    pub fn generate(&self, dice: &mut Dice) -> Result<(), String> {
        let (chief, all) = (caller(Role::Organizer, "chief"), ScheduleGenerate::default());
        let made = dice.one_of(&self.engines).schedule_generate(&chief, &all, &mut |_, _, _| {});
        made.map(drop).map_err(|error| format!("NOT RECOVERED: generate: {error}"))
    }

    /// Asks the first engine something, under a new key.
    ///
    /// # Panics
    /// If there is no engine.
    pub fn put(&mut self, request: Request) -> Outcome {
        self.put_to(&self.engines[0].clone(), request)
    }

    fn put_to(&mut self, engine: &Engine, request: Request) -> Outcome {
        let (request, key) = self.keyed(request, 0);
        let asked = call(&self.disk, engine, request, key);
        let outcome = asked.outcome.clone();
        self.note(asked);
        outcome
    }

    /// Asks one of the engines something at random, with these faults on the disk while it works.
    pub fn ask(&mut self, dice: &mut Dice, faults: &[Fault]) -> Outcome {
        let engine = dice.one_of(&self.engines).clone();
        let request = commands::any(dice, &self.made);
        self.disk.arm(faults);
        let outcome = self.put_to(&engine, request);
        self.counts.struck += self.disk.struck();
        self.disk.arm(&[]);
        outcome
    }

    /// Several ask one of the engines at once, with these faults on the disk while it works.
    ///
    /// # Panics
    /// If one of them does.
    pub fn crowd(&mut self, dice: &mut Dice, callers: usize, faults: &[Fault]) {
        let requests: Vec<_> =
            (0..callers).map(|nth| self.keyed(commands::any(dice, &self.made), nth)).collect();
        let engine = dice.one_of(&self.engines).clone();
        self.disk.arm(faults);
        let all: Vec<Asked> = std::thread::scope(|scope| {
            let calls: Vec<_> = requests
                .into_iter()
                .map(|(request, key)| scope.spawn(|| call(&self.disk, &engine, request, key)))
                .collect();
            calls.into_iter().map(|call| call.join().expect("no panic")).collect()
        });
        self.counts.struck += self.disk.struck();
        self.disk.arm(&[]);
        for asked in all {
            self.note(asked);
        }
    }

    /// Notes what was answered.
    fn note(&mut self, asked: Asked) {
        match &asked.outcome {
            Outcome::Done(..) => self.counts.done += 1,
            Outcome::Refused(_) => self.counts.refused += 1,
            Outcome::Failed(..) => self.counts.failed += 1,
            Outcome::Unknown => self.counts.unknown += 1,
        }
        self.learn(&asked.outcome);
        self.history.asked.push(asked);
    }

    fn learn(&mut self, outcome: &Outcome) {
        if let Outcome::Done(_, Some(booking)) = outcome
            && !self.made.contains(booking)
        {
            self.made.push(*booking);
        }
    }

    /// Asks again what is unknown. The disk works, so each is told one thing or the other.
    ///
    /// # Errors
    /// Says what was not settled.
    pub fn settle(&mut self) -> Result<(), String> {
        for place in 0..self.history.asked.len() {
            let asked = &self.history.asked[place];
            if asked.outcome != Outcome::Unknown || asked.settled.is_some() {
                continue;
            }
            let Some(engine) = self.engines.first() else { return Ok(()) };
            let outcome = Outcome::of(&engine.call(asked.request.clone()));
            if !matches!(outcome, Outcome::Done(..) | Outcome::Refused(_)) {
                return Err(format!("UNSETTLED: {} is {outcome:?}", asked.key));
            }
            self.learn(&outcome);
            self.history.asked[place].settled = Some((self.disk.instant(), outcome));
        }
        Ok(())
    }

    /// The disk works: the same handles have to.
    ///
    /// # Errors
    /// Says what still fails.
    pub fn recovered(&mut self, dice: &mut Dice) -> Result<(), String> {
        match self.ask(dice, &[]) {
            Outcome::Done(..) | Outcome::Refused(_) => self.settle(),
            wrong @ (Outcome::Failed(..) | Outcome::Unknown) => {
                Err(format!("NOT RECOVERED: {wrong:?} although the disk works again"))
            }
        }
    }

    /// Nothing was answered that says that the engine is at fault.
    ///
    /// # Errors
    /// Names the command.
    pub fn no_bug(&self) -> Result<(), String> {
        let bug = |asked: &&Asked| matches!(asked.outcome, Outcome::Failed(Class::Bug, ..));
        self.history.asked.iter().find(bug).map_or(Ok(()), |asked| {
            Err(format!("BUG: {} was answered {:?}", asked.key, asked.outcome))
        })
    }
}

fn call(disk: &RamDisk, engine: &Engine, request: Request, key: String) -> Asked {
    let began = disk.instant();
    let outcome = Outcome::of(&engine.call(request.clone()));
    let (began, ended) = (Some(began), disk.instant());
    Asked { request, key, began, ended, outcome, settled: None }
}

/// Looks at a file without the engine: the keys that it holds, and whether units add up.
///
/// # Errors
/// Names the promise that is broken.
pub fn look(disk: &RamDisk, name: &str) -> Result<BTreeSet<String>, String> {
    look_with(disk, name).map_err(|error| format!("UNREADABLE: {name}: {error}"))?
}

fn look_with(disk: &RamDisk, name: &str) -> rusqlite::Result<Result<BTreeSet<String>, String>> {
    let connection = disk.connect(name)?;
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    let mut keys = connection.prepare("SELECT key FROM key_record")?;
    let found = keys.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    // A claim without its booking, or a booking's units counted otherwise than they are claimed.
    let wrong: i64 = connection.query_one(
        "SELECT (SELECT count(*) FROM claim WHERE kind = 0 AND booking NOT IN (SELECT id FROM booking))
         + (SELECT count(*) FROM area AS a WHERE a.held + a.sold + a.house + a.killed <> (
              SELECT coalesce(sum(c.quantity), 0) FROM area_claim AS c
              WHERE (c.event, c.slot, c.area) = (a.event, a.slot, a.name)))
         + (SELECT abs((SELECT coalesce(sum(held + sold + house + killed), 0) FROM seat_count)
              - (SELECT count(*) FROM claim)))
         + (SELECT abs(last_seq - (SELECT count(*) FROM change)) FROM meta)",
        [],
        |row| row.get(0),
    )?;
    Ok(if wrong == 0 {
        Ok(found)
    } else {
        Err(format!("TORN: {name}: {wrong} rows do not add up"))
    })
}
