//! Importing files: seasons, seating plans and calendars. Each file is one transaction: imported whole or not at all.

use std::fmt;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::domain::calendar::{Series, Skipped};
use crate::domain::caller::{Caller, Role};
use crate::domain::error::{Error, Invalid};
use crate::domain::import_done::ImportDone;
use crate::domain::import_error::{ImportError, ImportWarning};
use crate::domain::plan::Plan;
use crate::domain::query::{HallShow, Query};
use crate::domain::season::{HallRef, SeasonSpec};
use crate::domain::text::Name;
use crate::domain::view::Answer;
use crate::import::{
    Lines, MAX_CALENDAR_BYTES, MAX_PLAN_BYTES, MAX_SEASON_BYTES, parse_calendar, parse_plan,
    parse_season,
};
use crate::operations::import::{ImportContext, import_calendar, import_plan, import_season};
use crate::operations::{Stop, Work};
use crate::store::boundary::StoreError;
use crate::store::catalog;

use super::failure::storage_error;
use super::maintenance::{begin, finished};
use super::{Engine, Leader, Progress, SqliteStore};

/// How files are imported.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ImportOptions {
    hall: Option<HallRef>,
    dry_run: bool,
}

impl ImportOptions {
    /// Plans and calendars are this hall's. A plan file and a calendar need it.
    pub fn hall(mut self, hall: Option<HallRef>) -> Self {
        self.hall = hall;
        self
    }

    /// Says what would be done, and does nothing.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        self.dry_run = dry_run;
        self
    }
}

/// What is said of a file beside what it brings.
#[derive(Debug, Default)]
struct Notes {
    warnings: Vec<ImportWarning>,
    skipped: Vec<Skipped>,
    /// The season file, for the lines of what turns out only when it is written.
    season: Vec<u8>,
}

impl Notes {
    /// The same error, with the line of the key at fault.
    fn with_line(&self, mut error: Error) -> Error {
        if let Error::Invalid(Invalid::ImportInvalid {
            line: line @ None, key: Some(key), ..
        }) = &mut error
        {
            *line = Lines::of(&self.season).at(key);
        }
        error
    }

    /// What the import said, with lines, behind what was said before.
    fn complete(self, done: &mut ImportDone) {
        if !done.warnings.is_empty() {
            let lines = Lines::of(&self.season);
            for warning in done.warnings.iter_mut().filter(|warning| warning.line.is_none()) {
                warning.line = warning.key.as_ref().and_then(|key| lines.at(key));
            }
        }
        done.warnings.splice(0..0, self.warnings);
        done.skipped.splice(0..0, self.skipped);
    }
}

/// What a file brings: read and checked, before anything is written.
enum Parsed {
    Season(Box<SeasonSpec>),
    Plan(HallRef, Box<Plan>),
    Calendar(HallRef, Vec<Series>),
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        let ImportError { file, line, key, message } = error;
        Invalid::ImportInvalid { file, line, key, problem: message }.into()
    }
}

/// An error about a file as a whole.
fn about(path: &Path, message: impl fmt::Display) -> ImportError {
    let file = path.display().to_string();
    ImportError { file, line: None, key: None, message: message.to_string() }
}

impl Engine {
    /// Imports files, at least one, by their endings: a season (`.toml`) with the plan files it names beside it, or a hall's
    /// seating plan (`.json`) or a calendar (`.ics`), both with [`ImportOptions::hall`]. By slug, of a calendar by UID: what is there is updated, nothing is
    /// removed, and the same file twice changes nothing. Makes the slots of what it imported.
    ///
    /// # Errors
    /// Invalid `import_invalid` with file, line and key (nothing of that file is imported; files before it
    /// are), `argument`; refused `not_found` (the hall of a plan); else as by [`Engine::call`].
    ///
    /// # Concurrency
    /// Each file is one transaction, during which nobody else writes: about a second for 80,000 seats.
    pub fn import(
        &self,
        caller: &Caller,
        files: &[PathBuf],
        options: &ImportOptions,
        progress: Progress<'_>,
    ) -> Result<ImportDone, Error> {
        if files.is_empty() {
            return Err(Invalid::argument("files", "at least one file is needed").into());
        }
        // Whoever may open the file is its owner here.
        let caller = Caller { role: caller.role.max(Role::Organizer), ..caller.clone() };
        let mut all = ImportDone::default();
        for path in files {
            let mut notes = Notes::default();
            let parsed = self.parse(path, &caller, options, &mut notes)?;
            let name = path.display().to_string();
            let written = self.alone(|leader, watch| {
                write(leader, watch, &caller, &name, &parsed, options.dry_run, progress)
            });
            let mut done = written.map_err(|error| notes.with_line(error))?;
            notes.complete(&mut done);
            all.add(done);
        }
        Ok(all)
    }

    fn parse(
        &self,
        path: &Path,
        caller: &Caller,
        options: &ImportOptions,
        notes: &mut Notes,
    ) -> Result<Parsed, Error> {
        let warnings = &mut notes.warnings;
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        match ending.to_ascii_lowercase().as_str() {
            "toml" => {
                let bytes = read(path, MAX_SEASON_BYTES)?;
                let mut season = parse_season(&path.display().to_string(), &bytes)?;
                let folder = path.parent().unwrap_or(Path::new(""));
                let blank = season.plan_files().to_vec();
                season.resolve(|file| {
                    let plan = folder.join(&file.name);
                    let bytes = read(&plan, MAX_PLAN_BYTES).map_err(|error| {
                        let place = blank.iter().find(|other| other.name == file.name);
                        let mut error = error;
                        (error.line, error.key) =
                            place.map_or((None, None), |p| (Some(p.line), Some(p.key.clone())));
                        error.file = path.display().to_string();
                        error
                    })?;
                    let (plan, more) = parse_plan(&plan.display().to_string(), &bytes)?;
                    warnings.extend(more);
                    Ok(plan)
                })?;
                let slug = season.spec().organizer.slug.clone();
                season
                    .check_prices(|hall| self.kept_categories(&slug, hall).unwrap_or_default())?;
                notes.season = bytes;
                Ok(Parsed::Season(Box::new(season.into_spec())))
            }
            "json" => {
                let Some(hall) = options.hall.clone() else {
                    return Err(Invalid::argument("hall", "a plan needs its hall").into());
                };
                let bytes = read(path, MAX_PLAN_BYTES)?;
                let (plan, more) = parse_plan(&path.display().to_string(), &bytes)?;
                warnings.extend(more);
                Ok(Parsed::Plan(hall, Box::new(plan)))
            }
            "ics" => self.parse_calendar(path, caller, options, notes),
            _ => Err(about(
                path,
                "a season (.toml), a seating plan (.json) or a calendar (.ics) is needed",
            )
            .into()),
        }
    }

    /// Reads a calendar; what says no zone takes place in the hall's.
    fn parse_calendar(
        &self,
        path: &Path,
        caller: &Caller,
        options: &ImportOptions,
        notes: &mut Notes,
    ) -> Result<Parsed, Error> {
        let Some(hall) = options.hall.clone() else {
            return Err(Invalid::argument("hall", "a calendar needs its hall").into());
        };
        let bytes = read(path, MAX_CALENDAR_BYTES)?;
        let shown = self.query(caller, &Query::HallShow(HallShow { hall: hall.clone() }))?;
        let Answer::Hall(view) = shown else {
            return Err(Error::Bug { message: format!("{hall} is no hall") });
        };
        let zone = view.zone.parse().map_err(|wrong| about(path, wrong))?;
        let calendar = parse_calendar(&path.display().to_string(), &bytes, &zone)?;
        notes.warnings.extend(calendar.warnings);
        notes.skipped.extend(calendar.skipped);
        Ok(Parsed::Calendar(hall, calendar.series))
    }

    /// The categories of the plan that a hall has already.
    fn kept_categories(
        &self,
        organizer: &crate::domain::text::Slug,
        hall: &HallRef,
    ) -> Result<Vec<Name>, Error> {
        self.view(|tx| {
            let mut find = || -> Result<Vec<Name>, StoreError> {
                let Some(organizer) = catalog::organizers::by_slug(tx, organizer)? else {
                    return Ok(vec![]);
                };
                let Some(venue) = catalog::venues::by_slug(tx, organizer.id, &hall.venue)? else {
                    return Ok(vec![]);
                };
                let Some(hall) = catalog::halls::by_slug(tx, venue.id, &hall.hall)? else {
                    return Ok(vec![]);
                };
                match catalog::plans::newest(tx, hall.id)? {
                    Some((plan, _)) => catalog::plans::categories(tx, plan),
                    None => Ok(vec![]),
                }
            };
            find().map_err(storage_error)
        })
    }
}

/// Writes what a file brings, in one transaction of its own.
fn write(
    leader: &mut Leader<SqliteStore>,
    watch: &mut dyn FnMut() -> bool,
    caller: &Caller,
    file: &str,
    parsed: &Parsed,
    dry_run: bool,
    progress: Progress<'_>,
) -> Result<ImportDone, Error> {
    let meta = begin(leader, watch)?;
    let now = leader.stamp(&meta).inspect_err(|_| leader.abandon())?;
    let run = |work: &mut Work<'_>| {
        let context = ImportContext { caller, request_id: None, file, progress };
        match parsed {
            Parsed::Season(season) => import_season(work, context, season),
            Parsed::Plan(hall, plan) => import_plan(work, context, hall, plan),
            Parsed::Calendar(hall, series) => import_calendar(work, context, hall, series),
        }
    };
    let (answer, pending) = leader.with_work(meta, now, run);
    let done = answer.map_err(|stop| match stop {
        Stop::Refused(refusal) => Error::Refused(refusal),
        Stop::Invalid(invalid) => Error::Invalid(invalid),
        Stop::Store(error) => storage_error(error),
    });
    if done.is_err() || dry_run {
        leader.abandon();
        return done;
    }
    finished(leader.finish(pending))?;
    done
}

/// Reads a file of at most so many bytes.
pub(super) fn read(path: &Path, most: usize) -> Result<Vec<u8>, ImportError> {
    let file = std::fs::File::open(path).map_err(|error| about(path, error))?;
    let kind = file.metadata().map_err(|error| about(path, error))?;
    if !kind.is_file() {
        return Err(about(path, "not a file"));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|error| about(path, error))?;
    Ok(bytes)
}
