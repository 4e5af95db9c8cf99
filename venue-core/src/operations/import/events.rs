//! Events with their prices and schedules.

use crate::domain::ids::{EventId, HallId, OrganizerId, ScheduleId};
use crate::domain::schedule::ScheduleSpec;
use crate::domain::season::{EventSpec, EventStart, sale_window};
use crate::domain::season_diff::{
    EventFields, ImportProblem, hall_categories, merge_prices, misplaced, unpriced,
};
use crate::domain::slot::EventState;
use crate::domain::zone::Zone;
use crate::operations::Stop;
use crate::store::catalog::slots::OnSale;
use crate::store::catalog::{events, halls, plans, prices, schedules, slots};

use super::places::ImportedHall;
use super::run::Run;

/// An event of the season, as the file has it now.
#[derive(Debug)]
pub(super) struct ImportedEvent<'s> {
    /// What the season says of it.
    pub(super) spec: &'s EventSpec,
    /// Its place in the season, as in `event[0]`.
    pub(super) key: String,
    /// Its id.
    pub(super) id: EventId,
    /// Its hall.
    pub(super) hall: HallId,
    /// Its schedules, in the order of the file.
    pub(super) schedules: Vec<ScheduleId>,
}

/// Makes or changes the events, in the order of the file.
pub(super) fn events<'s>(
    run: &mut Run<'_, '_, '_>,
    organizer: OrganizerId,
    specs: &'s [EventSpec],
    halls: &[ImportedHall],
) -> Result<Vec<ImportedEvent<'s>>, Stop> {
    let mut imported = Vec::with_capacity(specs.len());
    for (place, spec) in specs.iter().enumerate() {
        let key = format!("event[{place}]");
        let Some(hall) = halls.iter().find(|hall| hall.name == spec.hall) else {
            let problem = ImportProblem::NoHall { hall: spec.hall.to_string() };
            return Err(run.wrong(format!("{key}.hall"), &problem));
        };
        imported.push(event(run, organizer, spec, hall, key)?);
    }
    Ok(imported)
}

/// Makes or changes one event, with its schedules.
pub(super) fn event<'s>(
    run: &mut Run<'_, '_, '_>,
    organizer: OrganizerId,
    spec: &'s EventSpec,
    hall: &ImportedHall,
    key: String,
) -> Result<ImportedEvent<'s>, Stop> {
    let row = events::by_slug(run.work.tx, organizer, &spec.slug)?;
    if row.as_ref().is_some_and(|row| row.deleted) {
        let problem = ImportProblem::EventDeleted { event: spec.slug.to_string() };
        return Err(run.wrong(format!("{key}.slug"), &problem));
    }
    let fields = EventFields::of(spec, hall.id, row.as_ref().map(|row| row.fields.state));
    let state = fields.state;
    let Some(row) = row else {
        let id = EventId::from_bytes(run.new_id());
        events::insert(run.work.tx, organizer, &spec.slug, id, &fields)?;
        prices::put(run.work.tx, id, &merge_prices(&[], &spec.prices))?;
        run.done.created.events += 1;
        let (schedules, _) = schedules_of(run, id, spec, &key)?;
        return Ok(ImportedEvent { spec, key, id, hall: hall.id, schedules });
    };
    if row.fields.hall != hall.id && events::has_slots(run.work.tx, row.id)? {
        return Err(run.wrong(format!("{key}.hall"), &ImportProblem::HallOfEvent));
    }
    warn_of_state(run, spec, state, &key);
    let mut changed = false;
    if row.fields != fields {
        events::update(run.work.tx, row.id, &fields)?;
        sell_anew(run, row.id, &row.fields, &fields, &hall.zone)?;
        changed = true;
    }
    let stored = prices::of_event(run.work.tx, row.id)?;
    let merged = merge_prices(&stored, &spec.prices);
    if stored != merged {
        prices::put(run.work.tx, row.id, &merged)?;
        changed = true;
    }
    run.count_there(changed);
    let (schedules, rules_changed) = schedules_of(run, row.id, spec, &key)?;
    if changed || rules_changed {
        run.touch_events([row.id]);
    }
    Ok(ImportedEvent { spec, key, id: row.id, hall: hall.id, schedules })
}

/// Says where the file's state is not what the event is now.
fn warn_of_state(run: &mut Run<'_, '_, '_>, spec: &EventSpec, state: EventState, key: &str) {
    let taken = match spec.state {
        EventStart::Draft => state == EventState::Draft,
        EventStart::Published => state == EventState::Published,
    };
    if !taken {
        let message = format!("the event {} stays {}", spec.slug, state.name());
        run.warn(format!("{key}.state"), message);
    }
}

/// Gives the slots that have not started the sale that the event has now.
fn sell_anew(
    run: &mut Run<'_, '_, '_>,
    event: EventId,
    before: &EventFields,
    after: &EventFields,
    zone: &Zone,
) -> Result<(), Stop> {
    let bounds = (after.on_sale_from, after.on_sale_until);
    if bounds == (before.on_sale_from, before.on_sale_until) {
        return Ok(());
    }
    let now = run.work.now;
    let mut changed: Vec<OnSale> = Vec::new();
    for slot in slots::on_sale(run.work.tx, event, now)? {
        let (from, until) = sale_window(bounds, slot.starts_at, zone);
        if (from, until) != (slot.from, slot.until) {
            changed.push(OnSale { from, until, ..slot });
        }
    }
    Ok(slots::put_on_sale(run.work.tx, event, &changed)?)
}

/// Makes or changes the schedules of an event; says whether any rule changed or is new.
fn schedules_of(
    run: &mut Run<'_, '_, '_>,
    event: EventId,
    spec: &EventSpec,
    key: &str,
) -> Result<(Vec<ScheduleId>, bool), Stop> {
    let stored = schedules::of_event(run.work.tx, event)?;
    let mut imported = Vec::with_capacity(spec.schedules.len());
    let mut any_changed = false;
    for (n, spec_of_it) in (0_i64..).zip(&spec.schedules) {
        check_rule(run, (spec, spec_of_it, n), key)?;
        let before = stored.iter().find(|row| row.n == n);
        let id = before.map_or_else(|| ScheduleId::from_bytes(run.new_id()), |row| row.id);
        let after = schedules::ScheduleRow {
            id,
            n,
            rule: spec_of_it.canonical_json().into(),
            unsupported: None,
        };
        match before {
            None => {
                schedules::insert(run.work.tx, event, &after)?;
                run.done.created.schedules += 1;
                any_changed = true;
            }
            Some(before) if *before == after => run.count_there(false),
            Some(_) => {
                schedules::update(run.work.tx, &after)?;
                run.count_there(true);
                any_changed = true;
            }
        }
        imported.push(id);
    }
    Ok((imported, any_changed))
}

/// Checks that a schedule of an event can be read, and says how long its slots are.
fn check_rule(
    run: &Run<'_, '_, '_>,
    (event, spec, n): (&EventSpec, &ScheduleSpec, i64),
    key: &str,
) -> Result<(), Stop> {
    if spec.slot_length(event.duration).is_none() {
        return Err(run.wrong(format!("{key}.duration"), &ImportProblem::NoDuration));
    }
    spec.check(event.duration).map_err(|wrong| {
        let key = format!("{key}.schedule[{n}].{}", wrong.place());
        run.wrong(key, &ImportProblem::Schedule(wrong))
    })
}

/// Checks that every category of the season's halls has a price at every event there, and that the season
/// prices no other.
pub(super) fn check_prices(
    run: &mut Run<'_, '_, '_>,
    halls: &[ImportedHall],
    events: &[ImportedEvent<'_>],
) -> Result<(), Stop> {
    for hall in halls {
        let here: Vec<_> = events.iter().filter(|event| event.hall == hall.id).collect();
        check_prices_of_hall(run, hall.id, &hall.key, &here)?;
    }
    Ok(())
}

/// Checks the prices of all events of a hall; `key` is the hall's, for those that the season does not name.
pub(super) fn check_prices_of_hall(
    run: &mut Run<'_, '_, '_>,
    hall: HallId,
    key: &str,
    named: &[&ImportedEvent<'_>],
) -> Result<(), Stop> {
    let plan = match plans::newest(run.work.tx, hall)? {
        Some((plan, _)) => plans::categories(run.work.tx, plan)?,
        None => Vec::new(),
    };
    let categories = hall_categories(&plan, &halls::areas(run.work.tx, hall)?);
    for event in named {
        if let Some(category) = misplaced(&categories, &event.spec.prices) {
            let problem = ImportProblem::NoCategory { category: category.to_string() };
            return Err(run.wrong(format!("{}.prices.\"{category}\"", event.key), &problem));
        }
    }
    for (id, slug, state) in events::of_hall(run.work.tx, hall)? {
        let priced = prices::of_event(run.work.tx, id)?;
        // A draft from a calendar has no prices yet, and sells nothing.
        if priced.is_empty() && state == EventState::Draft && !named.iter().any(|it| it.id == id) {
            continue;
        }
        let Some(category) = unpriced(&categories, &priced) else { continue };
        let at = named.iter().find(|event| event.id == id);
        let key = at.map_or_else(|| key.to_owned(), |event| format!("{}.prices", event.key));
        let problem =
            ImportProblem::NoPrice { event: slug.to_string(), category: category.to_string() };
        return Err(run.wrong(key, &problem));
    }
    Ok(())
}
