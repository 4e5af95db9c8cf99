//! `slot postpone`: the slot takes place at another time. It keeps its id, its bookings and what made it: its schedule
//! neither makes the old date again nor moves it back.

use crate::canary::{Canary, planted};
use crate::domain::ids::SlotId;
use crate::domain::postponement::{SlotTimes, in_the_way};
use crate::domain::reference::reference_of;
use crate::domain::refusal::Refusal;
use crate::domain::reply::{Affected, Reply, SlotPostponed};
use crate::domain::request::SlotPostpone;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::slot::EventState;
use crate::domain::text::Buyer;
use crate::domain::timetable::Occupied;
use crate::domain::zone::{Zone, tzdb_version};
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::catalog::events;
use crate::store::changes::ChangeRow;
use crate::store::{affected, slots};

use super::{Context, Done, Stop, Work, replay, subject};

/// So many bookings are named in the answer.
const NAMED: i64 = 100;

/// Moves a slot, or says whom that would affect: refused `not_found`, `over`, `slot_cancelled`, `stale_version`,
/// `not_in_future`, `collision`; invalid where the venue's clock does not show that time once; in this order. A slot
/// that stands there already is done, and nothing is written but the key.
pub(super) fn postpone(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &SlotPostpone,
) -> Result<Done, Stop> {
    let id = subject::slot(work, context, &request.slot)?;
    let terms = work.terms_of(id);
    let slot = work.slot(id).slot.clone();
    if slot.ends_at <= context.now || terms.state == EventState::Completed {
        return Err(Refusal::Over.into());
    }
    if slot.cancelled || terms.state == EventState::Cancelled {
        return Err(Refusal::SlotCancelled { at: None }.into());
    }
    subject::expect_version(request.expected_version, slot.version)?;
    let damaged = || StoreError::new(StoreFailure::Corrupt, "a row of venue is damaged");
    let zone: Zone = terms.zone.parse().map_err(|_| damaged())?;
    let starts_at = request.to.resolve(&zone)?;
    let row = events::by_slug(work.tx, context.organizer.id, &terms.slug)?;
    let bounds =
        row.map_or((None, None), |row| (row.fields.on_sale_from, row.fields.on_sale_until));
    let before = SlotTimes::of(&slot, &zone);
    let moves = starts_at != slot.starts_at;
    let after =
        if moves { SlotTimes::moved(&slot, starts_at, bounds, &zone) } else { before.clone() };
    if moves {
        if starts_at <= context.now {
            return Err(Refusal::NotInFuture { at: starts_at }.into());
        }
        check_hall(work, id, &after, &zone)?;
    }
    let mut reply = concerned(work, id, before, after)?;
    reply.dry_run = request.dry_run;

    // From here only the storage can fail.
    if moves && !request.dry_run {
        let (book, _) = work.slot_mut(id);
        (book.slot.starts_at, book.slot.ends_at) = (reply.after.starts_at, reply.after.ends_at);
        if !planted(Canary::SaleStaysBehind) {
            book.slot.on_sale_from = reply.after.on_sale_from;
            book.slot.on_sale_until = reply.after.on_sale_until;
        }
        book.touch();
        let slot = book.slot.clone();
        slots::set_times(work.tx, &slot, tzdb_version(), context.now)?;
        reply.version = slot.version;
        announce(work, context, &reply, slot.event);
    }
    let reply = Reply::SlotPostpone(Box::new(reply));
    Ok(Done { stored: replay::kept(&reply), reply })
}

/// Refuses a time at which the hall is not free, or at which a slot of the same event starts: it would have the
/// same name.
fn check_hall(work: &mut Work<'_>, id: SlotId, after: &SlotTimes, zone: &Zone) -> Result<(), Stop> {
    let terms = work.terms_of(id);
    let overlaps =
        |rule: &str| serde_json::from_str::<ScheduleSpec>(rule).is_ok_and(|rule| rule.overlap);
    let (turnaround, shared) = affected::hall(work.tx, terms.hall)?;
    let from = after.starts_at.minus(turnaround);
    let until = after.ends_at.plus(turnaround);
    let others = affected::in_hall_between(work.tx, terms.event, from, until, overlaps)?;
    let around: Vec<Occupied> =
        others.into_iter().filter(|(other, _)| *other != id).map(|(_, other)| other).collect();
    let wanted = Occupied {
        slot: Some(id),
        schedule: work.slot(id).slot.schedule,
        event: terms.event,
        slug: terms.slug.shared(),
        starts_at: after.starts_at,
        ends_at: after.ends_at,
        overlap: affected::lets_overlap(work.tx, terms.event, id, overlaps)?,
    };
    match in_the_way(&wanted, &around, shared) {
        None => Ok(()),
        Some(other) => Err(Refusal::Collision {
            with: format!("{}@{}", other.slug, zone.local(other.starts_at)),
            starts_at: other.starts_at,
            ends_at: other.ends_at,
        }
        .into()),
    }
}

/// The answer, with all whom it concerns counted and the first of them named.
fn concerned(
    work: &mut Work<'_>,
    id: SlotId,
    before: SlotTimes,
    after: SlotTimes,
) -> Result<SlotPostponed, Stop> {
    let live = affected::count(work.tx, id, work.now)?;
    let named = affected::first(work.tx, id, work.now, NAMED)?;
    let named = named.into_iter().map(|it| Affected {
        booking: it.id,
        reference: reference_of(it.id),
        state: it.state,
        buyer: it.buyer.map(|buyer| Buyer::stored(&buyer)),
        units: it.units,
    });
    let book = work.slot(id);
    Ok(SlotPostponed {
        slot: id,
        event: book.terms.slug.clone(),
        dry_run: false,
        before,
        after,
        holds: live.holds,
        bookings: live.bookings,
        units: book.units_with_buyers(),
        affected: named.collect(),
        version: book.slot.version,
    })
}

/// Writes the change: from when to when. Who is affected follows from the slot's bookings.
fn announce(
    work: &mut Work<'_>,
    context: &Context<'_>,
    reply: &SlotPostponed,
    event: crate::domain::ids::EventId,
) {
    let body = serde_json::json!({
        "slot": reply.slot,
        "before": reply.before,
        "after": reply.after,
        "version": reply.version,
    });
    work.add_change(ChangeRow {
        event: Some(event),
        slot: Some(reply.slot),
        body: Some(body.to_string().into()),
        ..context.change("slot.postponed")
    });
}
