//! The file that is measured on: beside the real one, with a catalogue of its own, and gone afterwards.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Error, StorageCode};
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{Query, SlotList};
use venue_core::domain::view::{Answer, SlotView};
use venue_core::engine::{Clock, Engine, ImportOptions, NewFile, OpenOptions, SystemClock};

/// The area that is sold.
pub(super) const AREA: &str = "Floor";

/// What the file's name begins with.
const PREFIX: &str = "venue-bench-";
/// A file that is so old, and that no process has open, was left by a bench that was killed: none takes so long.
const LEFT_BEHIND: Span = Span::from_hours(2);

/// A failure of the file system, said of something.
pub(crate) fn io_error(what: &str, error: &std::io::Error) -> Error {
    Error::Storage { code: StorageCode::IoError, message: format!("{what}: {error}") }
}

/// A database file that is removed, with all that lies beside it, when this goes.
#[derive(Debug)]
pub(super) struct BenchFile {
    path: PathBuf,
    name: String,
}

impl BenchFile {
    /// Makes a file in the folder of another, with so many slots of so many places.
    pub(super) fn make(
        beside: &Path,
        slots: u32,
        capacity: u32,
        quantity: u32,
        options: &OpenOptions,
    ) -> Result<Self, Error> {
        let folder = folder_of(beside);
        let now = SystemClock.wall();
        remove_left_behind(folder, now);
        let name = format!("{PREFIX}{}-{:x}", std::process::id(), now.micros());
        let file = Self { path: folder.join(format!("{name}.db")), name };
        Engine::create(&file.path, &NewFile::default(), options)?;
        let season = folder.join(format!("{}.toml", file.name));
        std::fs::write(&season, catalogue(slots, capacity, quantity))
            .map_err(|error| io_error(&season.display().to_string(), &error))?;
        let engine = Engine::open(&file.path, options)?;
        let caller = Caller::new(Role::Admin);
        engine.import(&caller, &[season], &ImportOptions::default(), &mut |_, _, _| {})?;
        engine.close();
        Ok(file)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What making 4 KiB durable takes in its folder, in microseconds: the median of fifty appends.
    pub(super) fn fdatasync_us(&self) -> Result<u64, Error> {
        fdatasync_us(&self.path.with_extension("probe"))
    }
}

impl Drop for BenchFile {
    fn drop(&mut self) {
        remove(folder_of(&self.path), &self.name);
    }
}

/// Removes a bench's file and all that lies beside it.
fn remove(folder: &Path, name: &str) {
    let name = format!("{name}.");
    for file in names(folder).filter(|file| file.starts_with(&name)) {
        let _ = std::fs::remove_file(folder.join(file));
    }
}

/// The names in a folder, as far as they are texts.
fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

/// Removes what benches that were killed left in a folder.
fn remove_left_behind(folder: &Path, now: Instant) {
    // One that was killed while it made or removed its file left only some of them.
    let stems = names(folder).filter_map(|file| Some(file.split_once('.')?.0.to_owned()));
    for name in &stems.collect::<BTreeSet<String>>() {
        if made_at(name).is_some_and(|at| at.plus(LEFT_BEHIND) < now) && !is_open(folder, name) {
            remove(folder, name);
        }
    }
}

/// When a bench made the file of this name; nothing if none did.
fn made_at(name: &str) -> Option<Instant> {
    let (process, micros) = name.strip_prefix(PREFIX)?.split_once('-')?;
    process.parse::<u32>().ok()?;
    Some(Instant::clamped(i64::from_str_radix(micros, 16).ok()?))
}

/// True if a process has this file open, or if nobody can tell.
fn is_open(folder: &Path, name: &str) -> bool {
    match std::fs::File::open(folder.join(format!("{name}.db-lock"))) {
        // Whoever has the file open shares the lock.
        Ok(lock) => lock.try_lock().is_err(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    }
}

/// The folder in which a file lies.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("."),
    }
}

/// What making 4 KiB durable takes on the disk of a file that does not exist yet, and does not afterwards.
pub(crate) fn fdatasync_us(path: &Path) -> Result<u64, Error> {
    let measured = measure_sync(path);
    let _ = std::fs::remove_file(path);
    measured.map_err(|error| io_error(&path.display().to_string(), &error))
}

fn measure_sync(path: &Path) -> std::io::Result<u64> {
    let mut file = std::fs::File::options().write(true).create_new(true).open(path)?;
    let mut took = Vec::with_capacity(50);
    for _ in 0..50 {
        let start = std::time::Instant::now();
        file.write_all(&[0x5a; 4_096])?;
        file.sync_data()?;
        took.push(u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    took.sort_unstable();
    Ok(took[took.len() / 2])
}

/// A season of one event with so many slots, a day or more from now.
fn catalogue(slots: u32, capacity: u32, quantity: u32) -> String {
    let first = SystemClock.wall().plus(Span::from_days(30));
    let starts = |hours: u32| {
        let at = first.plus(Span::from_hours(2 * i64::from(hours))).to_chrono();
        at.format("%Y-%m-%dT%H:%M").to_string()
    };
    let dates: Vec<String> = (1..slots).map(|slot| format!("{:?}", starts(slot))).collect();
    let mut text = String::from(
        "[organizer]\nslug = \"bench\"\nname = \"Bench\"\ncurrency = \"EUR\"\n\
         [[venue]]\nslug = \"bench\"\nname = \"Bench\"\ntime_zone = \"Etc/UTC\"\n\
         [[venue.hall]]\nslug = \"hall\"\nname = \"Hall\"\n",
    );
    let _ = writeln!(
        text,
        "[[venue.hall.area]]\nname = {AREA:?}\ncapacity = {capacity}\ncategory = {AREA:?}"
    );
    let _ = writeln!(
        text,
        "[[event]]\nslug = \"bench\"\nkind = \"concert\"\ntitle = \"Bench\"\nhall = \"bench/hall\"\n\
         duration = \"1h\"\nmax_units_per_booking = {}\nstate = \"published\"\n\
         [event.prices]\n{AREA:?} = \"10.00\"",
        quantity.max(10)
    );
    let _ = writeln!(
        text,
        "[[event.schedule]]\nstarts = {:?}\nrdate = [{}]",
        starts(0),
        dates.join(", ")
    );
    text
}

/// The slots of an engine's bench event.
pub(super) fn slots(engine: &Engine) -> Result<Vec<SlotView>, Error> {
    let list = SlotList { limit: Some(1_000), ..SlotList::default() };
    match engine.query(&Caller::new(Role::Admin), &Query::SlotList(list))? {
        Answer::SlotList(page) => Ok(page.items),
        other => Err(Error::Bug { message: format!("unlike answer: {other:?}") }),
    }
}
