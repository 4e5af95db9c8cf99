//! `event publish`, `event complete`, `event delete`.

use std::collections::BTreeMap;

use crate::domain::event_state::{EventAct, EventStep};
use crate::domain::event_terms::priced;
use crate::domain::request::EventSwitch;
use crate::domain::slot::EventState;
use crate::store::catalog::prices;
use crate::store::event_rows;

use super::{announce, categories, done, step, view};
use crate::operations::{Context, Done, Stop, Work, sweep};

/// Publishes a draft: refused `not_found`, `event_cancelled`, `event_completed`, `stale_version`. A published event is
/// done, and nothing is written but the key. Invalid `argument` (prices) if a category of its hall has no price.
pub(in crate::operations) fn publish(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventSwitch,
) -> Result<Done, Stop> {
    let version = request.expected_version;
    let (row, step) = step(work, context, &request.event, version, EventAct::Publish)?;
    if step == EventStep::Nothing {
        return Ok(done(view(work, context, &request.event)?));
    }
    // A draft that came from a calendar has no prices until somebody gives it some.
    let stored = prices::of_event(work.tx, row.id)?;
    let categories = categories(work, row.fields.hall)?;
    priced(&categories, &stored, &BTreeMap::new())?;

    // From here only the storage can fail.
    event_rows::set_state(work.tx, row.id, EventState::Published)?;
    let view = view(work, context, &request.event)?;
    Ok(announce(work, context, "event.published", view))
}

/// Closes the book on an event whose slots are all over or cancelled: refused `not_found`, `event_draft`,
/// `event_cancelled`, `event_completed`, `stale_version`, `not_over`.
pub(in crate::operations) fn complete(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventSwitch,
) -> Result<Done, Stop> {
    let version = request.expected_version;
    let (row, _) = step(work, context, &request.event, version, EventAct::Complete)?;

    // From here only the storage can fail.
    event_rows::set_state(work.tx, row.id, EventState::Completed)?;
    let view = view(work, context, &request.event)?;
    Ok(announce(work, context, "event.completed", view))
}

/// Deletes an event that nobody has a live booking of: refused `not_found`, `stale_version`, `live_bookings`. Its rows
/// stay, and its slug is spent; its slots are found nowhere, and neither is it.
pub(in crate::operations) fn delete(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventSwitch,
) -> Result<Done, Stop> {
    let version = request.expected_version;
    let (row, _) = step(work, context, &request.event, version, EventAct::Delete)?;
    // Its holds are all due. Nobody could close them any more once it is gone.
    for number in event_rows::held(work.tx, row.id)? {
        let Some(slot) = work.booking(number)?.map(crate::domain::booking::Booking::slot) else {
            continue;
        };
        if work.open_slot(slot)? {
            sweep::close_hold(work, number, None)?;
        }
    }
    let mut view = view(work, context, &request.event)?;

    // From here only the storage can fail.
    event_rows::delete(work.tx, row.id, context.now)?;
    view.version += 1;
    Ok(announce(work, context, "event.deleted", view))
}
