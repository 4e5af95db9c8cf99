//! Importing: a season, a hall's plan, or a calendar of a hall, written over what the file has. Everything is known by its slug;
//! nothing is ever removed; the same import twice changes nothing.
//!
//! An import has a transaction of its own. It writes as it goes: after an error, or to see only what would be
//! done, the caller rolls back and forgets the unit of work.

mod calendar;
mod events;
mod places;
mod plans;
mod run;
mod slots;

use crate::domain::calendar::Series;
use crate::domain::caller::Caller;
use crate::domain::ids::{OrganizerId, ScheduleId};
use crate::domain::import_done::ImportDone;
use crate::domain::plan::Plan;
use crate::domain::refusal::Refusal;
use crate::domain::season::{HallRef, SeasonSpec};
use crate::domain::text::RequestId;
use crate::store::catalog::{halls, schedules, venues};
use crate::store::changes::ChangeRow;

use super::{By, Stop, Work, subject};
use places::ImportedHall;
use run::Run;

/// What is beside the season or plan: who imports, in which request, from which file, and who wants to know
/// how far it is.
pub(crate) struct ImportContext<'a> {
    /// Who imports.
    pub(crate) caller: &'a Caller,
    /// In which request.
    pub(crate) request_id: Option<&'a RequestId>,
    /// What errors call the file.
    pub(crate) file: &'a str,
    /// Told what is being written, how many are, and of how many.
    pub(crate) progress: &'a mut dyn FnMut(&str, u64, u64),
}

impl std::fmt::Debug for ImportContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportContext").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Imports a season whose plan files were read, and makes the slots of its schedules.
///
/// # Errors
/// Invalid `import_invalid` with the key at fault; a storage failure. After either the transaction can only
/// be rolled back.
pub(crate) fn import_season(
    work: &mut Work<'_>,
    context: ImportContext<'_>,
    season: &SeasonSpec,
) -> Result<ImportDone, Stop> {
    let mut run = Run::new(work, context);
    let organizer = places::organizer(&mut run, &season.organizer)?;
    let halls = places::venues(&mut run, organizer, &season.venues)?;
    let events = events::events(&mut run, organizer, &season.events, &halls)?;
    events::check_prices(&mut run, &halls, &events)?;
    let schedules: Vec<ScheduleId> = events.into_iter().flat_map(|event| event.schedules).collect();
    slots::generate(&mut run, &schedules)?;
    finish(run, organizer)
}

/// Imports a plan as the newest version of a hall's.
///
/// # Errors
/// Refused `not_found` if the caller's organizer has no such hall; invalid `organizer_needed`, and
/// `import_invalid` if an event of the hall has no price for a category; a storage failure. After any the
/// transaction can only be rolled back.
pub(crate) fn import_plan(
    work: &mut Work<'_>,
    context: ImportContext<'_>,
    hall: &HallRef,
    plan: &Plan,
) -> Result<ImportDone, Stop> {
    let organizer = subject::organizer(work, context.caller)?.id;
    let not_found = || Stop::Refused(Refusal::not_found("hall", [hall]));
    let venue = venues::by_slug(work.tx, organizer, &hall.venue)?.ok_or_else(not_found)?;
    let row = halls::by_slug(work.tx, venue.id, &hall.hall)?.ok_or_else(not_found)?;
    let mut run = Run::new(work, context);
    let new_version = plans::plan(&mut run, row.id, plan)?;
    run.count_there(new_version);
    events::check_prices_of_hall(&mut run, row.id, "categories", &[])?;
    finish(run, organizer)
}

/// Imports the series of a calendar as draft events of a hall, and makes their slots.
///
/// # Errors
/// Refused `not_found` if the caller's organizer has no such hall; invalid `organizer_needed`, `import_invalid` if an
/// event that a series became is now in another hall; a storage failure. After any the transaction can only be rolled
/// back.
pub(crate) fn import_calendar(
    work: &mut Work<'_>,
    context: ImportContext<'_>,
    hall: &HallRef,
    series: &[Series],
) -> Result<ImportDone, Stop> {
    let organizer = subject::organizer(work, context.caller)?.id;
    let not_found = || Stop::Refused(Refusal::not_found("hall", [hall]));
    let venue = venues::by_slug(work.tx, organizer, &hall.venue)?.ok_or_else(not_found)?;
    let row = halls::by_slug(work.tx, venue.id, &hall.hall)?.ok_or_else(not_found)?;
    let zone = venue.zone.parse().map_err(|_| schedules::damaged_zone())?;
    let hall = ImportedHall { name: hall.clone(), key: "hall".to_owned(), id: row.id, zone };
    let mut run = Run::new(work, context);
    let schedules = calendar::events_of(&mut run, organizer, &hall, series)?;
    slots::generate(&mut run, &schedules)?;
    finish(run, organizer)
}

/// Bumps what caches live by and writes the change, if the import had any effect.
fn finish(mut run: Run<'_, '_, '_>, organizer: OrganizerId) -> Result<ImportDone, Stop> {
    run.bump_events()?;
    let Run { work, context, done, .. } = run;
    if !done.has_effect() {
        return Ok(done);
    }
    work.meta.catalog += 1;
    let body = serde_json::to_string(&done.counts());
    let body = body.unwrap_or_else(|_| unreachable!("counts are numbers"));
    let (caller, request_id) = (context.caller, context.request_id);
    let by = By { caller, request_id, organizer, at: work.now };
    work.add_change(ChangeRow { body: Some(body.into()), ..by.change("import.done") });
    Ok(done)
}

#[cfg(test)]
mod tests;
