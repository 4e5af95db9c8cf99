//! What a request is about: the organizer, the slot and the booking that its names lead to. What belongs to
//! another organizer does not exist.

use crate::canary::{Canary, planted};
use crate::domain::booking::Booking;
use crate::domain::caller::Caller;
use crate::domain::error::Invalid;
use crate::domain::ids::SlotId;
use crate::domain::instant::Instant;
use crate::domain::reference::reference_of;
use crate::domain::refusal::Refusal;
use crate::domain::request::{BookingName, SlotName};
use crate::domain::slot::EventState;
use crate::domain::zone::{GapPolicy, LocalTime, Resolved, Zone};
use crate::store::events::Organizer;
use crate::store::{events, slots};

use super::sweep::close_due_of_slot;
use super::{Context, Stop, Work};

/// The caller's organizer; the only one in the file, if none is named.
pub(super) fn organizer(work: &mut Work<'_>, caller: &Caller) -> Result<Organizer, Stop> {
    let organizers = work.organizers()?;
    match (&caller.organizer, &organizers[..]) {
        (Some(slug), all) => {
            let found = all.iter().find(|organizer| organizer.slug == *slug);
            found.cloned().ok_or_else(|| Refusal::not_found("organizer", [slug]).into())
        }
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Refusal::not_found("organizer", ["any: import a season first"]).into()),
        (None, _) => Err(Invalid::OrganizerNeeded.into()),
    }
}

/// Opens the slot that a name leads to, and closes its due holds: from here on, what is held is live.
pub(super) fn slot(
    work: &mut Work<'_>,
    context: &Context<'_>,
    name: &SlotName,
) -> Result<SlotId, Stop> {
    let not_found = || Stop::Refused(Refusal::not_found("slot", [name]));
    let id = match name {
        SlotName::Id(id) => *id,
        SlotName::Local { event, local } => {
            at_local(work, context, event.as_str(), local)?.ok_or_else(not_found)?
        }
    };
    if !work.open_slot(id)? || work.slot(id).terms.organizer != context.organizer.id {
        return Err(not_found());
    }
    close_due_of_slot(work, id)?;
    Ok(id)
}

/// The slot of an event that starts at a wall time of its venue; of a time that exists twice, the first that
/// is a slot.
fn at_local(
    work: &mut Work<'_>,
    context: &Context<'_>,
    event: &str,
    local: &str,
) -> Result<Option<SlotId>, Stop> {
    let Ok(local) = local.parse::<LocalTime>() else { return Ok(None) };
    let Some(event) = events::by_slug(work.tx, context.organizer.id, event)? else {
        return Ok(None);
    };
    let Some(terms) = events::terms(work.tx, event)? else { return Ok(None) };
    let Ok(zone) = terms.zone.parse::<Zone>() else { return Ok(None) };
    for policy in [GapPolicy::Earlier, GapPolicy::Later] {
        if let Resolved::At(at) = zone.resolve(local, policy)
            && zone.local(at) == local
            && let Some(slot) = slots::at_start(work.tx, event, at)?
        {
            return Ok(Some(slot));
        }
    }
    Ok(None)
}

/// Refuses a version that is not the one there is.
pub(super) fn expect_version(expected: Option<u32>, current: i64) -> Result<(), Stop> {
    match expected {
        Some(expected) if i64::from(expected) != current && !planted(Canary::AnyVersion) => {
            Err(Refusal::StaleVersion { current }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// Refuses what would be done to a live booking whose slot was cancelled: it is about to be released or cancelled
/// with all others, and nothing may come between.
pub(super) fn takes_place(work: &Work<'_>, booking: &Booking, now: Instant) -> Result<(), Stop> {
    let book = work.slot(booking.slot());
    let event_is_off = book.terms.state == EventState::Cancelled && now < book.slot.ends_at;
    if book.slot.cancelled || event_is_off {
        return Err(Refusal::SlotCancelled { at: None }.into());
    }
    Ok(())
}

/// Loads the booking that a name leads to, and opens its slot; answers with its number.
pub(super) fn booking(
    work: &mut Work<'_>,
    context: &Context<'_>,
    name: BookingName,
) -> Result<u64, Stop> {
    let reference = match name {
        BookingName::Id(id) => reference_of(id),
        BookingName::Reference(reference) => reference,
    };
    let number = work.references.number(reference);
    let organizer = context.organizer.id;
    let not_found = || Stop::Refused(Refusal::not_found("booking", [name]));
    let found = work.booking(number)?.filter(|booking| {
        let same_id = match name {
            BookingName::Id(id) => booking.id == id,
            BookingName::Reference(_) => true,
        };
        same_id && booking.organizer == organizer
    });
    let slot = found.ok_or_else(not_found)?.slot();
    if !work.open_slot(slot)? {
        return Err(not_found());
    }
    Ok(number)
}
