//! `event cancel`: the event does not take place. Its state flips at once, and with it nothing of it is sold any more;
//! then each of its slots that is not over is cancelled, in steps, each a transaction.

use crate::domain::event_state::EventAct;
use crate::domain::ids::EventId;
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::reply::{EventCancelDone, Reply};
use crate::domain::request::EventCancel;
use crate::domain::slot::EventState;
use crate::store::boundary::StoreError;
use crate::store::changes::ChangeRow;
use crate::store::event_rows::Sums;
use crate::store::jobs::{self, Job};
use crate::store::{event_rows, slots};

use super::{find, step as allowed, view};
use crate::operations::{Context, Done, Stop, Work, replay, slot_cancel, wind_up};

/// Slots that a step cancels, at most.
const SLOTS_A_STEP: i64 = 20;

/// Calls an event off, or says what that would come to: refused `not_found`, `event_cancelled`, `event_completed`,
/// `stale_version`, in this order. An event whose calling off was begun and not ended is not refused: it is gone on with.
pub(in crate::operations) fn cancel(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventCancel,
) -> Result<Done, Stop> {
    let (row, _) = find(work, context, &request.event)?;
    if row.fields.state == EventState::Cancelled {
        return match jobs::of(work.tx, row.id, None)? {
            Some(job) if job.ended_at.is_none() => {
                let sums = event_rows::sums(work.tx, row.id)?;
                done(work, context, request, Some(&job), sums)
            }
            other => Err(Refusal::EventCancelled { at: other.map(|job| job.begun_at) }.into()),
        };
    }
    allowed(work, context, &request.event, request.expected_version, EventAct::Cancel)?;
    if request.dry_run {
        let to_come = event_rows::facts(work.tx, row.id, context.now)?.slots_to_come;
        let (live, units) = event_rows::would_end(work.tx, row.id, context.now)?;
        let sums = Sums {
            slots: to_come,
            total: units,
            holds: live.holds,
            bookings: live.bookings,
            units,
            refund_due: live.paid,
        };
        return done(work, context, request, None, sums);
    }

    // From here only the storage can fail.
    event_rows::set_state(work.tx, row.id, EventState::Cancelled)?;
    let job = slot_cancel::begin(context, row.id, request.reason.as_ref());
    jobs::put(work.tx, &job)?;
    let event = view(work, context, &request.event)?;
    let body =
        serde_json::json!({"event": event, "cancelled_at": job.begun_at, "reason": job.reason});
    work.add_change(ChangeRow {
        event: Some(row.id),
        body: Some(body.to_string().into()),
        ..context.change("event.cancelled")
    });
    done(work, context, request, Some(&job), Sums::default())
}

/// What it has come to so far. The engine answers with what it came to in the end.
fn done(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventCancel,
    job: Option<&Job>,
    sums: Sums,
) -> Result<Done, Stop> {
    let event = view(work, context, &request.event)?;
    let reply = Reply::EventCancel(Box::new(EventCancelDone {
        event,
        cancelled_at: job.map(|job| job.begun_at),
        slots: sums.slots,
        holds: sums.holds,
        bookings: sums.bookings,
        units: sums.units,
        refund_due: Money { minor: sums.refund_due, currency: context.organizer.currency },
    }));
    Ok(Done { stored: replay::kept(&reply), reply })
}

/// Does one step of the calling off of an event; answers with its job, in whose figures all its slots are summed up.
pub(crate) fn step(
    work: &mut Work<'_>,
    event: EventId,
    more: &mut dyn FnMut() -> bool,
) -> Result<Option<Job>, StoreError> {
    let Some(mut job) = jobs::of(work.tx, event, None)? else { return Ok(None) };
    if job.ended_at.is_some() {
        return Ok(Some(job));
    }
    let next = event_rows::next_slots(work.tx, event, job.begun_at, SLOTS_A_STEP)?;
    for (flipped, slot) in next.iter().enumerate() {
        if flipped > 0 && !more() {
            break;
        }
        if work.open_slot(*slot)? {
            slot_cancel::flip(work, &job, *slot, true)?;
        } else if let Some(loaded) = slots::by_id(work.tx, *slot)? {
            // A slot of which nothing can be opened has nothing to wind up.
            slots::cancel(work.tx, &loaded.slot)?;
        }
    }
    if next.is_empty() {
        match event_rows::open_slot(work.tx, event)? {
            Some(slot) => {
                wind_up::step(work, slot, more)?;
            }
            None => job.ended_at = Some(work.now),
        }
    }
    let sums = event_rows::sums(work.tx, event)?;
    (job.total, job.holds, job.bookings) = (sums.total, sums.holds, sums.bookings);
    (job.units, job.refund_due) = (sums.units, sums.refund_due);
    jobs::put(work.tx, &job)?;
    work.has_written();
    Ok(Some(job))
}
