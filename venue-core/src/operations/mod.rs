//! One file a verb: load, decide, write, in that order. No SQL and no locks here: a verb reads and changes the
//! aggregates of the unit of work, and the engine commits them for the whole batch.
//!
//! The order of checks is the same for all: role, key (replay, mismatch), not_found, token or owner, the
//! slot's state, the booking's state, limits, units.

mod by;
pub(crate) mod cache;
mod cancel;
mod confirm;
#[cfg(test)]
mod doctor_tests;
pub(crate) mod event;
mod expire;
mod extend;
mod flush;
pub(crate) mod generate;
mod hold;
mod house;
#[cfg_attr(not(feature = "import"), allow(dead_code, reason = "only imports write the catalogue"))]
pub(crate) mod import;
mod new_ids;
#[cfg(feature = "rigs")]
mod poison;
mod release;
mod replay;
mod schedule;
mod seat_owners;
mod sell;
mod slot_book;
mod slot_cancel;
mod slot_postpone;
mod slot_switch;
mod subject;
mod sweep;
mod take;
pub(crate) mod wind_up;
mod work;

use std::sync::Arc;

use crate::canary::{Canary, planted};
use crate::domain::booking::{Booking, BookingView};
use crate::domain::caller::Caller;
use crate::domain::error::{Error, Invalid};
use crate::domain::idempotency::{Fingerprints, KEY_LIFE};
use crate::domain::instant::Instant;
use crate::domain::permission;
use crate::domain::refusal::Refusal;
use crate::domain::reply::Reply;
use crate::domain::request::Verb;
use crate::domain::text::{Key, RequestId};
use crate::store::boundary::StoreError;
use crate::store::changes::ChangeRow;
use crate::store::events::Organizer;
use crate::store::keys::StoredReply;

pub(crate) use by::By;
pub(crate) use sweep::{LeftOut, Spot, Untidy, close_due, drop_dead, tidy};
pub(crate) use work::Work;

/// A mutating command, as it waits in the queue: parsed, validated and fingerprinted.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    /// What is to be done.
    pub(crate) verb: Verb,
    /// By whom.
    pub(crate) caller: Caller,
    /// In which scope its key counts.
    pub(crate) scope: Arc<str>,
    /// Under which key.
    pub(crate) key: Key,
    /// False if a face made the key: then nobody can have used it before.
    pub(crate) key_given: bool,
    /// The hash of each field.
    pub(crate) fingerprints: Fingerprints,
    /// The request's name in logs.
    pub(crate) request_id: Option<RequestId>,
    /// The hold token that the caller shows.
    pub(crate) token: Option<Arc<str>>,
}

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A rule said no.
    Refused(Refusal),
    /// The request is wrong in a way that only data shows.
    Invalid(Invalid),
    /// The store failed: the whole batch fails.
    Store(StoreError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Invalid> for Stop {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A verb's answer, and what its key keeps of it.
#[derive(Debug)]
struct Done {
    reply: Reply,
    stored: StoredReply,
}

/// Who asks, in which request, for which organizer, and when: what every verb is given beside its request.
#[derive(Debug)]
struct Context<'a> {
    command: &'a Command,
    organizer: Organizer,
    now: Instant,
}

impl Context<'_> {
    fn caller(&self) -> &Caller {
        &self.command.caller
    }

    /// A change by this caller, of its organizer, not yet about anything.
    fn change(&self, kind: &'static str) -> ChangeRow {
        let by = By {
            caller: self.caller(),
            request_id: self.command.request_id.as_ref(),
            organizer: self.organizer.id,
            at: self.now,
        };
        by.change(kind)
    }
}

/// Runs one command over the unit of work. A store error fails the whole batch.
pub(crate) fn run(
    work: &mut Work<'_>,
    command: &Command,
) -> Result<Result<Reply, Error>, StoreError> {
    match decide(work, command) {
        Ok(reply) => Ok(Ok(reply)),
        Err(Stop::Refused(refusal)) => Ok(Err(Error::Refused(refusal))),
        Err(Stop::Invalid(invalid)) => Ok(Err(Error::Invalid(invalid))),
        Err(Stop::Store(error)) => Err(error),
    }
}

fn decide(work: &mut Work<'_>, command: &Command) -> Result<Reply, Stop> {
    let organizer = subject::organizer(work, &command.caller)?;
    if !permission::allowed(&command.caller, &command.verb) {
        return Err(Refusal::Forbidden.into());
    }
    let context = Context { command, organizer, now: work.now };
    if let Some(answer) = replay::replay(work, &context)? {
        return answer.map_err(Stop::Refused);
    }
    #[cfg(feature = "rigs")]
    poison::before(&context);
    let decided = dispatch(work, &context);
    #[cfg(feature = "rigs")]
    let decided = poison::after(work, &context, decided);
    match decided {
        Ok(done) if command.verb.is_dry_run() => Ok(done.reply),
        Ok(done) => {
            replay::store(work, &context, done.stored);
            Ok(done.reply)
        }
        Err(Stop::Refused(refusal)) => {
            if planted(Canary::RefusalTakesANumber) {
                let _ = work.next_booking();
            }
            if !command.verb.is_dry_run() {
                replay::store_refusal(work, &context, &refusal);
            }
            Err(refusal.into())
        }
        Err(stop) => Err(stop),
    }
}

fn dispatch(work: &mut Work<'_>, context: &Context<'_>) -> Result<Done, Stop> {
    match &context.command.verb {
        Verb::Hold(request) => hold::hold(work, context, request),
        Verb::Sell(request) => sell::sell(work, context, request),
        Verb::Confirm(request) => confirm::confirm(work, context, request),
        Verb::Extend(request) => extend::extend(work, context, request),
        Verb::Release(request) => release::release(work, context, request),
        Verb::Expire(request) => expire::expire(work, context, request),
        Verb::Cancel(request) => cancel::cancel(work, context, request),
        Verb::House(request) => house::house(work, context, request),
        Verb::ScheduleAdd(request) => schedule::add(work, context, request),
        Verb::ScheduleEdit(request) => schedule::edit(work, context, request),
        Verb::SlotOpen(request) => slot_switch::switch(work, context, request, false),
        Verb::SlotClose(request) => slot_switch::switch(work, context, request, true),
        Verb::SlotCancel(request) => slot_cancel::cancel(work, context, request),
        Verb::SlotPostpone(request) => slot_postpone::postpone(work, context, request),
        Verb::EventCreate(request) => event::create(work, context, request),
        Verb::EventEdit(request) => event::edit(work, context, request),
        Verb::EventPublish(request) => event::publish(work, context, request),
        Verb::EventCancel(request) => event::call_off::cancel(work, context, request),
        Verb::EventComplete(request) => event::complete(work, context, request),
        Verb::EventDelete(request) => event::delete(work, context, request),
        Verb::EventClone(request) => event::copy(work, context, request),
    }
}

/// Writes the change that a booking went through, and makes it the answer.
fn announce(
    work: &mut Work<'_>,
    context: &Context<'_>,
    kind: &'static str,
    number: u64,
) -> Result<Done, Stop> {
    #[cfg(feature = "rigs")]
    poison::within(context);
    let (view, seq) = record(work, context.change(kind), number)?;
    Ok(Done { reply: Reply::Booking(Box::new(view)), stored: StoredReply::Change(seq) })
}

/// Writes a change with the booking after it; says which change it is.
fn record(
    work: &mut Work<'_>,
    change: ChangeRow,
    number: u64,
) -> Result<(BookingView, i64), StoreError> {
    let now = work.now;
    let Some(slot) = work.booking(number)?.map(Booking::slot) else {
        unreachable!("a booking that changed is there")
    };
    let terms = work.terms_of(slot);
    let Some(booking) = work.booking(number)? else {
        unreachable!("a booking that changed is there")
    };
    let view = booking.view(&terms.slug, now);
    let (event, id) = (booking.event, booking.id);
    let mut body = Vec::with_capacity(1_024);
    serde_json::to_writer(&mut body, &view)
        .unwrap_or_else(|_| unreachable!("views are plain data"));
    let body = String::from_utf8(body).unwrap_or_else(|_| unreachable!("JSON is UTF-8"));
    let seq = work.add_change(ChangeRow {
        event: Some(event),
        slot: Some(slot),
        booking: Some(id),
        body: Some(body.into()),
        ..change
    });
    Ok((view, seq))
}
