//! `slot cancel`: the slot does not take place. Its state flips at once, in a batch of its own; what becomes of its
//! holds and bookings is the job that [`super::wind_up`] does in steps.

use crate::domain::ids::{BookingId, EventId, SlotId};
use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::reply::{Reply, SlotCancelDone};
use crate::domain::request::SlotCancel;
use crate::domain::slot::EventState;
use crate::domain::text::{Actor, Reason, RequestId, Terminal};
use crate::store::boundary::StoreError;
use crate::store::changes::ChangeRow;
use crate::store::jobs::Job;
use crate::store::{affected, jobs, slots};

use super::{Context, Done, Stop, Work, replay, subject};

/// Cancels a slot, or says what that would come to: refused `not_found`, `over`, `slot_cancelled`, `stale_version`,
/// in this order. A slot whose cancelling was begun and not ended is not refused: it is gone on with.
pub(super) fn cancel(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &SlotCancel,
) -> Result<Done, Stop> {
    let id = subject::slot(work, context, &request.slot)?;
    let event = work.slot(id).slot.event;
    if work.slot(id).slot.cancelled {
        return match jobs::of(work.tx, event, Some(id))? {
            Some(job) if job.ended_at.is_none() => Ok(done(work, id, &job)),
            other => Err(Refusal::SlotCancelled { at: other.map(|job| job.begun_at) }.into()),
        };
    }
    let book = work.slot(id);
    if book.slot.ends_at <= context.now || book.terms.state == EventState::Completed {
        return Err(Refusal::Over.into());
    }
    subject::expect_version(request.expected_version, book.slot.version)?;
    if request.dry_run {
        return dry_run(work, id);
    }

    // From here only the storage can fail.
    let origin = begin(context, event, request.reason.as_ref());
    let job = flip(work, &origin, id, false)?;
    Ok(done(work, id, &job))
}

/// What cancelling would come to: counted, not done.
fn dry_run(work: &mut Work<'_>, id: SlotId) -> Result<Done, Stop> {
    let live = affected::count(work.tx, id, work.now)?;
    let book = work.slot(id);
    let reply = Reply::SlotCancel(SlotCancelDone {
        slot: id,
        event: book.terms.slug.clone(),
        cancelled_at: None,
        holds: live.holds,
        bookings: live.bookings,
        units: book.units_with_buyers(),
        refund_due: Money { minor: live.paid, currency: book.terms.currency },
    });
    Ok(Done { stored: replay::kept(&reply), reply })
}

/// Makes an open slot a cancelled one, and begins the job of its bookings, as begun by whoever began `origin`.
pub(super) fn flip(
    work: &mut Work<'_>,
    origin: &Job,
    id: SlotId,
    of_event: bool,
) -> Result<Job, StoreError> {
    let (book, _) = work.slot_mut(id);
    book.slot.cancelled = true;
    book.touch();
    let (slot, total, organizer) =
        (book.slot.clone(), book.units_with_buyers(), book.terms.organizer);
    slots::cancel(work.tx, &slot)?;
    let begun_at = work.now;
    let job = Job { slot: Some(id), of_event, total, begun_at, ..origin.clone() };
    jobs::put(work.tx, &job)?;
    let body = serde_json::json!({"slot": id, "cancelled_at": begun_at, "reason": job.reason});
    work.add_change(ChangeRow {
        event: Some(slot.event),
        slot: Some(id),
        body: Some(body.to_string().into()),
        ..job.change(begun_at, organizer, "slot.cancelled")
    });
    Ok(job)
}

/// A job about an event that this caller begins, and has not done anything of.
pub(super) fn begin(context: &Context<'_>, event: EventId, reason: Option<&Reason>) -> Job {
    let caller = context.caller();
    Job {
        event,
        slot: None,
        of_event: false,
        begun_at: context.now,
        ended_at: None,
        reason: reason.map(Reason::shared),
        reached: BookingId::from_bytes([0; 16]),
        total: 0,
        holds: 0,
        bookings: 0,
        units: 0,
        refund_due: 0,
        actor: caller.actor.as_ref().map(Actor::shared),
        role: caller.role.name().into(),
        terminal: caller.terminal.as_ref().map(Terminal::shared),
        request_id: context.command.request_id.as_ref().map(RequestId::shared),
    }
}

/// What a job has come to so far. The engine answers with what it came to in the end.
pub(super) fn done(work: &Work<'_>, id: SlotId, job: &Job) -> Done {
    let terms = &work.slot(id).terms;
    let reply = Reply::SlotCancel(SlotCancelDone {
        slot: id,
        event: terms.slug.clone(),
        cancelled_at: Some(job.begun_at),
        holds: job.holds,
        bookings: job.bookings,
        units: job.units,
        refund_due: Money { minor: job.refund_due, currency: terms.currency },
    });
    Done { stored: replay::kept(&reply), reply }
}
