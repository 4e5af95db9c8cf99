//! Slots, and what of them is free now. The counters in the rows still count holds that are due: those units are
//! free.

use std::sync::Arc;

use crate::domain::inventory::{Count, UnitState};
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::request::SlotName;
use crate::domain::slot::Slot;
use crate::domain::view::{MapSeat, PlanSeat, SlotArea, SlotCategory, SlotMap, SlotView};
use crate::domain::zone::{GapPolicy, LocalTime, Resolved};
use crate::store::catalog::plans::Layout;
use crate::store::queries::plans;
use crate::store::queries::slots as queries;
use crate::store::slots::{self as rows, Loaded};

use super::Stop;
use super::reader::{EventFacts, Reader, damaged};

/// One slot.
pub(super) fn show(reader: &mut Reader<'_>, name: &SlotName) -> Result<SlotView, Stop> {
    let (loaded, event) = named(reader, name)?;
    view(reader, &loaded, &event)
}

/// One slot with every seat.
pub(super) fn map(reader: &mut Reader<'_>, name: &SlotName) -> Result<SlotMap, Stop> {
    let (loaded, event) = named(reader, name)?;
    let slot = view(reader, &loaded, &event)?;
    let Some(plan) = loaded.slot.plan else {
        return Ok(SlotMap { slot, plan_version: None, seats: Vec::new() });
    };
    let (version, layout) = plans::layout(reader.tx, plan)?;
    let states = queries::seat_states(reader.tx, &loaded.slot, reader.now)?;
    let seats = plans::seats(reader.tx, plan)?;
    let seats = seats.into_iter().map(|seat| {
        let state = states.get(&seat.seat).copied().unwrap_or(UnitState::Free);
        map_seat(&layout, seat, state)
    });
    let seats = seats.collect::<Result<_, _>>()?;
    Ok(SlotMap { slot, plan_version: Some(version), seats })
}

fn map_seat(layout: &Layout, seat: PlanSeat, state: UnitState) -> Result<MapSeat, Stop> {
    let broken = || damaged("a seat stands in a row that its plan does not have");
    let row = usize::try_from(seat.row).ok().and_then(|row| layout.rows.get(row));
    let row = row.ok_or_else(broken)?;
    let section = usize::try_from(row.section).ok().and_then(|n| layout.sections.get(n));
    Ok(MapSeat {
        seat: seat.seat,
        label: seat.label,
        section: section.ok_or_else(broken)?.name.as_ref().map(crate::domain::text::Name::shared),
        row: Arc::clone(&row.number),
        x_milli: seat.x_milli,
        y_milli: seat.y_milli,
        category: seat.category,
        accessible: seat.accessible,
        state,
    })
}

/// The slot that a name leads to, if this caller may see it.
pub(super) fn named(
    reader: &mut Reader<'_>,
    name: &SlotName,
) -> Result<(Loaded, EventFacts), Stop> {
    let found = match name {
        SlotName::Id(id) => rows::by_id(reader.tx, *id)?,
        SlotName::Local { event, local } => at_local(reader, event, local)?,
    };
    if let Some(loaded) = found
        && let Some(event) = reader.event(loaded.slot.event)?
    {
        return Ok((loaded, event));
    }
    Err(Refusal::not_found("slot", [name]).into())
}

/// The slot of an event that starts at a wall time of its venue; of a time that exists twice, the first that
/// is a slot.
fn at_local(
    reader: &mut Reader<'_>,
    event: &crate::domain::text::Slug,
    local: &str,
) -> Result<Option<Loaded>, Stop> {
    let Ok(local) = local.parse::<LocalTime>() else { return Ok(None) };
    let organizer = reader.organizer;
    let Some(event) = crate::store::events::by_slug(reader.tx, organizer, event.as_str())? else {
        return Ok(None);
    };
    let Some(facts) = reader.event(event)? else { return Ok(None) };
    for policy in [GapPolicy::Earlier, GapPolicy::Later] {
        if let Resolved::At(at) = facts.zone.resolve(local, policy)
            && facts.zone.local(at) == local
            && let Some(slot) = rows::at_start(reader.tx, event, at)?
        {
            return Ok(rows::by_id(reader.tx, slot)?);
        }
    }
    Ok(None)
}

/// The counter of an area, or of the seats of a category, as of now.
struct Tally {
    area: Option<Arc<str>>,
    category: Arc<str>,
    count: Count,
}

/// A slot, and what of it is free.
pub(super) fn view(
    reader: &mut Reader<'_>,
    loaded: &Loaded,
    event: &EventFacts,
) -> Result<SlotView, Stop> {
    let (slot, terms) = (&loaded.slot, &event.terms);
    let tallies = tallies(reader, loaded, event)?;
    let mut sum = Count::default();
    let mut categories: Vec<(Arc<str>, Count)> = Vec::new();
    // Seats first: their categories stand in the plan's order.
    let (seats, areas): (Vec<&Tally>, Vec<&Tally>) =
        tallies.iter().partition(|tally| tally.area.is_none());
    for tally in seats.into_iter().chain(areas) {
        sum.add(&tally.count);
        match categories.iter_mut().find(|(category, _)| *category == tally.category) {
            Some((_, count)) => count.add(&tally.count),
            None => categories.push((Arc::clone(&tally.category), tally.count)),
        }
    }
    let price = |category: &Arc<str>| {
        let minor = terms.prices.get(category);
        minor.map(|minor| Money { minor: *minor, currency: terms.currency })
    };
    let category = |(category, count): (Arc<str>, Count)| SlotCategory {
        price: price(&category),
        category,
        capacity: count.capacity,
        free: count.free(),
    };
    Ok(SlotView {
        id: slot.id,
        event: terms.slug.clone(),
        hall: event.hall.clone(),
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        local: event.zone.text(slot.starts_at),
        state: slot.state(terms.state, reader.now),
        on_sale_from: slot.on_sale_from,
        on_sale_until: slot.on_sale_until,
        capacity: sum.capacity,
        sold: sum.sold,
        held: sum.held,
        house: sum.house,
        killed: sum.killed,
        free: sum.free(),
        categories: categories.into_iter().map(category).collect(),
        areas: tallies.iter().filter_map(area_view).collect(),
        version: slot.version,
    })
}

fn area_view(tally: &Tally) -> Option<SlotArea> {
    let count = &tally.count;
    Some(SlotArea {
        area: Arc::clone(tally.area.as_ref()?),
        category: Arc::clone(&tally.category),
        capacity: count.capacity,
        sold: count.sold,
        held: count.held,
        house: count.house,
        killed: count.killed,
        free: count.free(),
    })
}

/// A slot's counters as of now: areas in the hall's order, then seat categories in the plan's. Rows exist for
/// what was ever claimed; the rest is free.
fn tallies(
    reader: &mut Reader<'_>,
    loaded: &Loaded,
    event: &EventFacts,
) -> Result<Vec<Tally>, Stop> {
    let slot = &loaded.slot;
    let capacities = reader.capacities(slot.plan)?;
    let (areas, seats) = rows::counts(reader.tx, slot)?;
    let stored = |counts: &[(Arc<str>, Count)], name: &Arc<str>, capacity| {
        let found = counts.iter().find(|(other, _)| other == name);
        found.map_or(Count::of(capacity), |(_, count)| *count)
    };
    let of_areas = event.terms.areas.iter().map(|area| Tally {
        area: Some(Arc::clone(&area.name)),
        category: Arc::clone(&area.category),
        count: stored(&areas, &area.name, area.capacity),
    });
    let of_seats = capacities.iter().map(|(category, capacity)| Tally {
        area: None,
        category: Arc::clone(category),
        count: stored(&seats, category, *capacity),
    });
    let mut tallies: Vec<Tally> = of_areas.chain(of_seats).collect();
    if loaded.next_due.is_some_and(|due| due <= reader.now) {
        give_due_back(reader, slot, &mut tallies)?;
    }
    Ok(tallies)
}

/// Counts the units of holds that are due as free.
fn give_due_back(reader: &mut Reader<'_>, slot: &Slot, tallies: &mut [Tally]) -> Result<(), Stop> {
    for due in queries::due(reader.tx, slot, reader.now)? {
        let tally = tallies.iter_mut().find(|tally| match (&tally.area, &due.area) {
            (Some(area), Some(of)) => area == of,
            (None, None) => tally.category == due.category,
            (Some(_), None) | (None, Some(_)) => false,
        });
        let tally = tally.ok_or_else(|| damaged("a hold has what its slot does not sell"))?;
        let moved = tally.count.shift(due.quantity, UnitState::Held, UnitState::Free);
        moved.map_err(|_| damaged("a slot's counter is less than its holds"))?;
    }
    Ok(())
}
