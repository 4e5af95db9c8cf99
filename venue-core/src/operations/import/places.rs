//! The organizer, its venues and their halls.

use crate::domain::ids::{HallId, OrganizerId, VenueId};
use crate::domain::season::{AreaSpec, HallRef, HallSpec, OrganizerSpec, PlanSource, VenueSpec};
use crate::domain::season_diff::{ImportProblem, merge_areas};
use crate::domain::zone::Zone;
use crate::operations::Stop;
use crate::store::catalog::{halls, organizers, venues};

use super::run::Run;

/// A hall of the season, as the file has it now.
#[derive(Debug, Clone)]
pub(super) struct ImportedHall {
    /// Its slugs.
    pub(super) name: HallRef,
    /// Its place in the season, as in `venue[0].hall[1]`.
    pub(super) key: String,
    /// Its id.
    pub(super) id: HallId,
    /// The zone of its venue.
    pub(super) zone: Zone,
}

/// Makes or changes the organizer.
pub(super) fn organizer(
    run: &mut Run<'_, '_, '_>,
    spec: &OrganizerSpec,
) -> Result<OrganizerId, Stop> {
    let Some(row) = organizers::by_slug(run.work.tx, &spec.slug)? else {
        let id = OrganizerId::from_bytes(run.new_id());
        organizers::insert(run.work.tx, id, &spec.slug, &spec.name, spec.currency)?;
        run.done.created.organizers += 1;
        return Ok(id);
    };
    let other_currency = row.currency != spec.currency;
    if other_currency {
        if organizers::has_slots(run.work.tx, row.id)? {
            let problem = ImportProblem::Currency { was: row.currency.to_string() };
            return Err(run.wrong("organizer.currency", &problem));
        }
        let events = organizers::events(run.work.tx, row.id)?;
        run.touch_events(events);
    }
    let changed = other_currency || *row.name != *spec.name.as_str();
    if changed {
        organizers::update(run.work.tx, row.id, &spec.name, spec.currency)?;
    }
    run.count_there(changed);
    Ok(row.id)
}

/// Makes or changes the venues and their halls, in the order of the file.
pub(super) fn venues(
    run: &mut Run<'_, '_, '_>,
    organizer: OrganizerId,
    specs: &[VenueSpec],
) -> Result<Vec<ImportedHall>, Stop> {
    let mut imported = Vec::new();
    for (place, spec) in specs.iter().enumerate() {
        let key = format!("venue[{place}]");
        let id = venue(run, organizer, spec, &key)?;
        for (place, hall_spec) in spec.halls.iter().enumerate() {
            let key = format!("{key}.hall[{place}]");
            let id = hall(run, id, hall_spec, &key)?;
            imported.push(ImportedHall {
                name: HallRef { venue: spec.slug.clone(), hall: hall_spec.slug.clone() },
                key,
                id,
                zone: spec.zone.clone(),
            });
        }
    }
    Ok(imported)
}

fn venue(
    run: &mut Run<'_, '_, '_>,
    organizer: OrganizerId,
    spec: &VenueSpec,
    key: &str,
) -> Result<VenueId, Stop> {
    let Some(row) = venues::by_slug(run.work.tx, organizer, &spec.slug)? else {
        let id = VenueId::from_bytes(run.new_id());
        venues::insert(run.work.tx, organizer, id, spec)?;
        run.done.created.venues += 1;
        return Ok(id);
    };
    if *row.zone != *spec.zone.name() {
        if venues::has_slots(run.work.tx, row.id)? {
            let problem = ImportProblem::Zone { was: row.zone.to_string() };
            return Err(run.wrong(format!("{key}.time_zone"), &problem));
        }
        let events = venues::events(run.work.tx, row.id)?;
        run.touch_events(events);
    }
    let changed = !row.says(spec);
    if changed {
        venues::update(run.work.tx, row.id, spec)?;
    }
    run.count_there(changed);
    Ok(row.id)
}

/// Makes or changes a hall with its areas and plan.
fn hall(
    run: &mut Run<'_, '_, '_>,
    venue: VenueId,
    spec: &HallSpec,
    key: &str,
) -> Result<HallId, Stop> {
    let row = halls::by_slug(run.work.tx, venue, &spec.slug)?;
    let is_new = row.is_none();
    let mut changed = false;
    let id = if let Some(row) = row {
        if !row.says(spec) {
            halls::update(run.work.tx, row.id, spec)?;
            changed = true;
        }
        row.id
    } else {
        let id = HallId::from_bytes(run.new_id());
        halls::insert(run.work.tx, venue, id, spec)?;
        run.done.created.halls += 1;
        id
    };
    changed |= areas(run, id, &spec.areas, key)?;
    match &spec.plan {
        PlanSource::None => {}
        PlanSource::Plan(plan) => changed |= super::plans::plan(run, id, plan)?,
        PlanSource::File(name) => {
            let problem = ImportProblem::PlanNotRead { name: name.clone() };
            return Err(run.wrong(format!("{key}.plan"), &problem));
        }
    }
    if !is_new {
        run.count_there(changed);
    }
    Ok(id)
}

/// Makes or changes the areas of a hall; says whether anything changed.
fn areas(
    run: &mut Run<'_, '_, '_>,
    hall: HallId,
    file: &[AreaSpec],
    key: &str,
) -> Result<bool, Stop> {
    let stored = halls::areas(run.work.tx, hall)?;
    let merged = merge_areas(&stored, file);
    if merged == stored {
        return Ok(false);
    }
    for (place, area) in file.iter().enumerate() {
        let before = stored.iter().find(|known| known.name == area.name);
        if before.is_none_or(|before| before.capacity == area.capacity) {
            continue;
        }
        let used = halls::most_used(run.work.tx, hall, &area.name, run.work.now)?;
        let asked = i64::from(area.capacity);
        if asked < used {
            let problem = ImportProblem::AreaTooSmall { used, asked };
            return Err(run.wrong(format!("{key}.area[{place}].capacity"), &problem));
        }
        halls::resize(run.work.tx, hall, area)?;
    }
    halls::put_areas(run.work.tx, hall, &merged)?;
    // What was remembered of the hall's slots and of its events' terms counts the areas as they were.
    halls::touch_slots(run.work.tx, hall)?;
    let events = halls::events(run.work.tx, hall)?;
    run.touch_events(events);
    Ok(true)
}
