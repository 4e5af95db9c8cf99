//! The demo's file: a season in a real arena, on a clock that the demo moves.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::{Error, StorageCode};
use venue_core::domain::import_done::ImportDone;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{PlanShow, Query, SlotList, SlotMapShow};
use venue_core::domain::request::SlotName;
use venue_core::domain::view::{Answer, PlanView, SlotMap, SlotView};
use venue_core::engine::{
    Clock, Created, Engine, ImportOptions, NewFile, OpenOptions, SystemClock,
};

use super::Options;
use crate::bench::io_error;

/// The season, and the plan that it names.
const FILES: [(&str, &[u8]); 2] = [
    ("arena-season.toml", include_bytes!("../../../examples/data/arena-season.toml")),
    (
        "erfurt-riethsporthalle.plan.json",
        include_bytes!("../../../examples/data/erfurt-riethsporthalle.plan.json"),
    ),
];

/// The event of the season that is shown.
const EVENT: &str = "heimspiele-2027-28";

/// The season's first moment of sale: 10:00 in Berlin.
const FIRST_SALE: &str = "2026-11-01T09:00:00Z";

/// The open file and what is shown of it.
#[derive(Debug)]
pub(super) struct Stage {
    /// The engine.
    pub(super) engine: Engine,
    /// Where the file is.
    pub(super) path: PathBuf,
    /// What the import made.
    pub(super) imported: ImportDone,
    /// The match that is sold.
    pub(super) slot: SlotView,
    /// Its hall's plan.
    pub(super) plan: PlanView,
    now: Instant,
}

/// A new folder that only its owner may read.
fn new_folder(kind: &str) -> Result<PathBuf, Error> {
    let name = format!("venue-{kind}-{}-{:x}", std::process::id(), SystemClock.wall().micros());
    let folder = std::env::temp_dir().join(name);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder).map_err(|error| io_error(&folder.display().to_string(), &error))?;
    Ok(folder)
}

/// Whoever runs the demo owns its file.
pub(super) fn owner() -> Caller {
    Caller::new(Role::Admin)
}

fn unlike(answer: &Answer) -> Error {
    Error::Bug { message: format!("unlike answer: {answer:?}") }
}

impl Stage {
    /// Makes the file where nothing is yet, and imports the season.
    pub(super) fn build(options: &Options) -> Result<Self, Error> {
        let path = match &options.db {
            Some(path) if std::fs::symlink_metadata(path).is_ok() => return Err(exists(path)),
            Some(path) => path.clone(),
            None => new_folder("demo")?.join("venue.db"),
        };
        let now: Instant = FIRST_SALE.parse().unwrap_or_else(|_| unreachable!("a fixed instant"));
        let opening = OpenOptions::default().allow_network_fs(options.allow_fs);
        if Engine::create(&path, &NewFile::default().test_clock(Some(now)), &opening)?
            == Created::AlreadyThere
        {
            return Err(exists(&path));
        }
        let engine = Engine::open(&path, &opening.now(Some(now)))?;
        let sources = new_folder("demo-season")?;
        let imported = import(&engine, &sources, options.bars);
        let _ = std::fs::remove_dir_all(&sources);
        let imported = imported?;
        let slot = first_slot(&engine)?;
        let show = PlanShow { hall: slot.hall.clone(), version: None };
        let plan = match engine.query(&owner(), &Query::PlanShow(show))? {
            Answer::Plan(plan) => *plan,
            other => return Err(unlike(&other)),
        };
        Ok(Self { engine, path, imported, slot, plan, now })
    }

    /// The slot that is sold, by name.
    pub(super) fn slot_name(&self) -> SlotName {
        self.slot.id.into()
    }

    /// The slot as people type it.
    pub(super) fn slot_text(&self) -> String {
        let local = self.slot.local.get(..16).unwrap_or(&self.slot.local);
        format!("{}@{local}", self.slot.event)
    }

    /// Every seat as it is now.
    pub(super) fn map(&self) -> Result<SlotMap, Error> {
        let show = Query::SlotMap(SlotMapShow { slot: self.slot_name() });
        match self.engine.query(&owner(), &show)? {
            Answer::SlotMap(map) => Ok(*map),
            other => Err(unlike(&other)),
        }
    }

    /// Lets time pass on the file's own clock.
    pub(super) fn wait(&mut self, span: Span) -> Result<Instant, Error> {
        self.now = self.now.plus(span);
        self.engine.set_test_now(Some(self.now))?;
        Ok(self.now)
    }
}

fn exists(path: &Path) -> Error {
    let message = format!("{} exists already: demo makes a new file", path.display());
    Error::Storage { code: StorageCode::TargetExists, message }
}

fn import(engine: &Engine, sources: &Path, bars: bool) -> Result<ImportDone, Error> {
    for (name, bytes) in FILES {
        let path = sources.join(name);
        let written = std::fs::write(&path, bytes);
        written.map_err(|error| io_error(&path.display().to_string(), &error))?;
    }
    let bar = bars.then(|| ProgressBar::new(1));
    let done = engine.import(
        &owner(),
        &[sources.join(FILES[0].0)],
        &ImportOptions::default(),
        &mut |_, done, total| {
            if let Some(bar) = &bar {
                bar.set_length(total);
                bar.set_position(done);
            }
        },
    );
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    done
}

fn first_slot(engine: &Engine) -> Result<SlotView, Error> {
    let event = EVENT.parse().ok();
    let list = SlotList { event, limit: Some(1), ..SlotList::default() };
    match engine.query(&owner(), &Query::SlotList(list))? {
        Answer::SlotList(mut page) if !page.items.is_empty() => Ok(page.items.remove(0)),
        other => Err(unlike(&other)),
    }
}
