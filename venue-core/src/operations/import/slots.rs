//! Making the slots of what was imported.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::ids::{HallId, SlotId};
use crate::domain::import_done::{CollidedSchedule, RejectedSlot};
use crate::domain::schedule::ScheduleSpec;
use crate::domain::slot::EventState;
use crate::domain::timetable::{Occupied, Timetable};
use crate::domain::zone::tzdb_version;
use crate::operations::Stop;
use crate::store::catalog::slots::{self, NewSlot};

use super::events::{ImportedEvent, ImportedSchedule, on_sale};
use super::places::ImportedHall;
use super::run::Run;

/// Makes the slots of all schedules of the season that are not there yet and have not started. A schedule of
/// which one collides in its hall gets none.
pub(super) fn generate(
    run: &mut Run<'_, '_, '_>,
    events: &[ImportedEvent<'_>],
) -> Result<(), Stop> {
    let mut timetables = FxHashMap::default();
    let mut made = Vec::new();
    for event in events {
        for (number, schedule) in (1..).zip(&event.schedules) {
            let name = format!("{}#{number}", event.spec.slug);
            report(run, &name, schedule);
            if matches!(event.state, EventState::Cancelled | EventState::Completed) {
                continue;
            }
            made.extend(new_slots(run, event, schedule, &name, &mut timetables)?);
        }
    }
    let total = made.len() as u64;
    let mut done = 0;
    let progress = &mut *run.context.progress;
    let mut written = |some| {
        done += some;
        progress("slots", done, total);
    };
    slots::insert(run.work.tx, &made, tzdb_version(), &mut written)?;
    run.done.slots += total;
    run.done.created.slots += total;
    Ok(())
}

/// Says which dates of a schedule are not made.
fn report(run: &mut Run<'_, '_, '_>, name: &str, schedule: &ImportedSchedule<'_>) {
    for rejected in &schedule.dates.rejected {
        run.done.rejected.push(RejectedSlot {
            schedule: name.to_owned(),
            local: rejected.local,
            reason: rejected.reason,
        });
    }
}

/// The slots of a schedule that are to be made; none, and a word about it, if one collides.
fn new_slots(
    run: &mut Run<'_, '_, '_>,
    event: &ImportedEvent<'_>,
    schedule: &ImportedSchedule<'_>,
    name: &str,
    timetables: &mut FxHashMap<HallId, Timetable>,
) -> Result<Vec<NewSlot>, Stop> {
    let known = slots::known(run.work.tx, schedule.id)?;
    let now = run.work.now;
    let new: Vec<_> = schedule
        .dates
        .slots
        .iter()
        .filter(|date| date.starts_at > now && !known.contains(date.rule_local.as_str()))
        .collect();
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let hall = event.hall;
    let timetable = match timetables.entry(hall.id) {
        std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
        std::collections::hash_map::Entry::Vacant(entry) => entry.insert(timetable(run, hall)?),
    };
    let slug = event.spec.slug.shared();
    let wanted = new.iter().map(|date| Occupied {
        event: event.id,
        slug: Arc::clone(&slug),
        starts_at: date.starts_at,
        ends_at: date.ends_at,
        overlap: schedule.spec.overlap,
    });
    if let Err(other) = timetable.add_all(wanted) {
        let with = format!("{}@{}", other.slug, hall.zone.local(other.starts_at));
        run.done.collided.push(CollidedSchedule { schedule: name.to_owned(), with });
        return Ok(Vec::new());
    }
    let zone: Arc<str> = hall.zone.name().into();
    let bounds = (event.spec.on_sale_from, event.spec.on_sale_until);
    let mut made = Vec::with_capacity(new.len());
    for date in new {
        let (on_sale_from, on_sale_until) = on_sale(bounds, date.starts_at, &hall.zone);
        made.push(NewSlot {
            id: SlotId::from_bytes(run.new_id()),
            event: event.id,
            schedule: schedule.id,
            rule_local: date.rule_local.as_str().into(),
            zone: Arc::clone(&zone),
            starts_at: date.starts_at,
            ends_at: date.ends_at,
            on_sale_from,
            on_sale_until,
            plan: hall.plan,
        });
    }
    Ok(made)
}

/// What takes place in a hall and may be in the way of a slot that has not started.
fn timetable(run: &mut Run<'_, '_, '_>, hall: &ImportedHall) -> Result<Timetable, Stop> {
    let mut timetable = Timetable::new(hall.turnaround, hall.shared);
    if hall.shared {
        return Ok(timetable);
    }
    let after = run.work.now.minus(hall.turnaround);
    let overlaps =
        |rule: &str| serde_json::from_str::<ScheduleSpec>(rule).is_ok_and(|rule| rule.overlap);
    for slot in slots::in_hall(run.work.tx, hall.id, after, overlaps)? {
        timetable.add(slot);
    }
    Ok(timetable)
}
