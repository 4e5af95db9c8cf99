//! What is done to events. Each has a batch of its own and writes its rows at once: what others of a batch keep in
//! memory of an event's terms would be stale. Slots that the next batch opens see the event's new version.

pub(crate) mod call_off;
mod edit;
mod make;
mod switch;

use crate::domain::event_state::{EventAct, EventFacts, EventRefusal, EventStep};
use crate::domain::ids::{EventId, HallId, uuid_v7};
use crate::domain::refusal::Refusal;
use crate::domain::reply::Reply;
use crate::domain::season::HallRef;
use crate::domain::season_diff::hall_categories;
use crate::domain::text::{Name, Slug};
use crate::domain::view::EventView;
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::catalog::events::EventRow;
use crate::store::catalog::{events, halls, plans, venues};
use crate::store::changes::ChangeRow;
use crate::store::{event_rows, queries};

use super::{Context, Done, Stop, Work, replay, subject};

pub(super) use edit::edit;
pub(super) use make::{copy, create};
pub(super) use switch::{complete, delete, publish};

/// The event with this slug, and its version.
fn find(work: &mut Work<'_>, context: &Context<'_>, slug: &Slug) -> Result<(EventRow, i64), Stop> {
    let row = events::by_slug(work.tx, context.organizer.id, slug)?.filter(|row| !row.deleted);
    let row = row.ok_or_else(|| Stop::Refused(Refusal::not_found("event", [slug])))?;
    let version = event_rows::version(work.tx, context.organizer.id, row.id)?;
    Ok((row, version))
}

/// What an act does to an event, if version, state and facts allow it, in this order.
fn step(
    work: &mut Work<'_>,
    context: &Context<'_>,
    slug: &Slug,
    expected_version: Option<u32>,
    act: EventAct,
) -> Result<(EventRow, EventStep), Stop> {
    let (row, version) = find(work, context, slug)?;
    let state = row.fields.state;
    // The state first: what is called off or completed has no next version.
    let allowed = state.step(act, EventFacts::default()).map_err(refusal)?;
    subject::expect_version(expected_version, version)?;
    let step = match act {
        EventAct::Publish | EventAct::Edit | EventAct::Cancel => allowed,
        EventAct::Complete | EventAct::Delete => {
            let facts = event_rows::facts(work.tx, row.id, context.now)?;
            state.step(act, facts).map_err(refusal)?
        }
    };
    Ok((row, step))
}

fn refusal(refusal: EventRefusal) -> Stop {
    Stop::Refused(match refusal {
        EventRefusal::Draft => Refusal::EventDraft,
        EventRefusal::Cancelled => Refusal::EventCancelled { at: None },
        EventRefusal::Completed => Refusal::EventCompleted,
        EventRefusal::NotOver { slots, until } => Refusal::NotOver { slots, until },
        EventRefusal::LiveBookings { bookings } => Refusal::LiveBookings { bookings },
    })
}

/// A hall by name.
fn hall(work: &mut Work<'_>, context: &Context<'_>, name: &HallRef) -> Result<HallId, Stop> {
    let not_found = || Stop::Refused(Refusal::not_found("hall", [name]));
    let venue =
        venues::by_slug(work.tx, context.organizer.id, &name.venue)?.ok_or_else(not_found)?;
    Ok(halls::by_slug(work.tx, venue.id, &name.hall)?.ok_or_else(not_found)?.id)
}

/// The categories that a hall sells.
fn categories(work: &mut Work<'_>, hall: HallId) -> Result<Vec<Name>, StoreError> {
    let plan = match plans::newest(work.tx, hall)? {
        Some((plan, _)) => plans::categories(work.tx, plan)?,
        None => Vec::new(),
    };
    Ok(hall_categories(&plan, &halls::areas(work.tx, hall)?))
}

/// The bytes of a new id.
fn new_id(work: &mut Work<'_>) -> [u8; 16] {
    let millis = u64::try_from(work.now.micros() / 1_000).unwrap_or(0);
    let (high, low) = ((work.noise)(), (work.noise)());
    uuid_v7(millis, u16::try_from(high & 0x0fff).unwrap_or(0), low)
}

/// The event as it is now.
fn view(work: &mut Work<'_>, context: &Context<'_>, slug: &Slug) -> Result<EventView, StoreError> {
    let found = queries::events::by_slug(work.tx, context.organizer.id, slug, true)?;
    found.ok_or_else(|| {
        StoreError::new(StoreFailure::Corrupt, "an event that was written is not there")
    })
}

/// Writes the change of an event, and makes the event after it the answer.
fn announce(
    work: &mut Work<'_>,
    context: &Context<'_>,
    kind: &'static str,
    event: EventView,
) -> Done {
    let body = serde_json::to_string(&event).unwrap_or_else(|_| unreachable!("plain data"));
    work.add_change(ChangeRow {
        event: Some(event.id),
        body: Some(body.into()),
        ..context.change(kind)
    });
    done(event)
}

/// The event as it is, as the answer.
fn done(event: EventView) -> Done {
    let reply = Reply::Event(Box::new(event));
    Done { stored: replay::kept(&reply), reply }
}

/// Whether the event has a slot.
fn has_slots(work: &mut Work<'_>, event: EventId) -> Result<bool, StoreError> {
    events::has_slots(work.tx, event)
}
