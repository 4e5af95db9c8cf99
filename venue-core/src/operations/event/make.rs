//! `event create`, `event clone`: a new event, without slots.

use crate::domain::event_terms::{created, priced};
use crate::domain::ids::{EventId, ScheduleId};
use crate::domain::refusal::Refusal;
use crate::domain::request::{EventClone, EventCreate};
use crate::domain::season_diff::EventFields;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;
use crate::store::catalog::schedules::ScheduleRow;
use crate::store::catalog::{events, prices, schedules};

use super::{announce, categories, find, hall, new_id, view};
use crate::operations::{Context, Done, Stop, Work};

/// Makes an event: refused `not_found` (the hall), `slug_taken`; invalid where hold and extending do not fit, or a
/// category of the hall has no price, or a price no category.
pub(in crate::operations) fn create(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventCreate,
) -> Result<Done, Stop> {
    let Some(name) = &request.terms.hall else { unreachable!("create names a hall") };
    let hall = hall(work, context, name)?;
    check_slug(work, context, &request.slug)?;
    let fields = created(&request.terms, hall, request.state)?;
    let categories = categories(work, hall)?;
    let prices_now = priced(&categories, &[], &request.terms.prices)?;

    // From here only the storage can fail.
    let id = EventId::from_bytes(new_id(work));
    events::insert(work.tx, context.organizer.id, &request.slug, id, &fields)?;
    prices::put(work.tx, id, &prices_now)?;
    let view = view(work, context, &request.slug)?;
    Ok(announce(work, context, "event.created", view))
}

/// Makes a draft with the terms and prices of another event, and its schedules if they are wanted: refused `not_found`,
/// `slug_taken`; invalid if a category of the hall has no price there.
pub(in crate::operations) fn copy(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventClone,
) -> Result<Done, Stop> {
    let (row, _) = find(work, context, &request.event)?;
    check_slug(work, context, &request.slug)?;
    let categories = categories(work, row.fields.hall)?;
    let stored = prices::of_event(work.tx, row.id)?;
    let mut prices_now = priced(&categories, &stored, &std::collections::BTreeMap::new())?;
    // A new event has no slots on older plans, for which the others would stand.
    prices_now.retain(|price| categories.contains(&price.category));
    let fields = EventFields {
        title: request.title.clone().unwrap_or(row.fields.title),
        state: EventState::Draft,
        ..row.fields
    };
    let rules = if request.schedules { schedules::of_event(work.tx, row.id)? } else { Vec::new() };

    // From here only the storage can fail.
    let id = EventId::from_bytes(new_id(work));
    events::insert(work.tx, context.organizer.id, &request.slug, id, &fields)?;
    prices::put(work.tx, id, &prices_now)?;
    for rule in rules {
        let rule = ScheduleRow { id: ScheduleId::from_bytes(new_id(work)), ..rule };
        schedules::insert(work.tx, id, &rule)?;
    }
    let view = view(work, context, &request.slug)?;
    Ok(announce(work, context, "event.created", view))
}

/// Refuses a slug that an event has or ever had.
fn check_slug(work: &mut Work<'_>, context: &Context<'_>, slug: &Slug) -> Result<(), Stop> {
    match events::by_slug(work.tx, context.organizer.id, slug)? {
        None => Ok(()),
        Some(row) => Err(Refusal::SlugTaken { slug: slug.clone(), deleted: row.deleted }.into()),
    }
}
