//! `schedule add` and `schedule edit`: the rule that makes an event's slots. They make and move none.

use crate::domain::dates::NoDates;
use crate::domain::error::Invalid;
use crate::domain::generation::{Comparison, LOOK_BACK, compare};
use crate::domain::ids::{EventId, ScheduleId};
use crate::domain::import_done::RejectedSlot;
use crate::domain::instant::Span;
use crate::domain::refusal::Refusal;
use crate::domain::reply::{Reply, ScheduleChanged};
use crate::domain::request::{ScheduleAdd, ScheduleEdit};
use crate::domain::schedule::{MAX_SCHEDULES, ScheduleSpec};
use crate::domain::text::Slug;
use crate::domain::zone::{Zone, tzdb_version};
use crate::store::catalog::schedules::ScheduleRow;
use crate::store::catalog::{events as catalog, made_slots, schedules};
use crate::store::changes::ChangeRow;
use crate::store::events;

use super::{Context, Done, Stop, Work, replay};

/// An event, as far as its schedules need it.
struct Subject {
    event: EventId,
    slug: Slug,
    version: i64,
    duration: Option<Span>,
    zone: Zone,
}

/// Adds a schedule: refused `not_found`, `stale_version`, `too_many_schedules`, `too_many_slots`, in this order;
/// invalid `argument` if the event and the rule say no length, or the rule does not fit it.
pub(super) fn add(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &ScheduleAdd,
) -> Result<Done, Stop> {
    let subject = subject(work, context, &request.event)?;
    check_version(&subject, request.expected_version)?;
    let number = schedules::next_place(work.tx, subject.event)?;
    if number >= MAX_SCHEDULES {
        return Err(Refusal::TooManySchedules { limit: MAX_SCHEDULES }.into());
    }
    let id = ScheduleId::from_bytes(work.new_id());
    let found = expand(work, &subject, id, &request.rule)?;

    // From here only the storage can fail.
    let rule = request.rule.canonical_json().into();
    let row = ScheduleRow { id, n: number, rule, unsupported: None };
    schedules::insert(work.tx, subject.event, &row)?;
    finish(work, context, &subject, &row, (&request.rule, &found), "schedule.added")
}

/// Changes a schedule's rule: refused `not_found`, `stale_version`, `too_many_slots`, in this order; invalid as by
/// [`add`]. A rule that is so already is done, and nothing is written but the key.
pub(super) fn edit(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &ScheduleEdit,
) -> Result<Done, Stop> {
    let not_found = || Stop::Refused(Refusal::not_found("schedule", [&request.schedule]));
    let all = schedules::of_organizer(work.tx, context.organizer.id)?;
    let named = all.iter().find(|it| request.schedule.is(it.id, &it.event, it.number));
    let named = named.ok_or_else(not_found)?;
    let subject = subject(work, context, &named.event)?;
    check_version(&subject, request.expected_version)?;
    let found = expand(work, &subject, named.id, &request.rule)?;
    let rows = schedules::of_event(work.tx, subject.event)?;
    let before = rows.into_iter().find(|row| row.id == named.id).ok_or_else(not_found)?;

    // From here only the storage can fail.
    let rule = request.rule.canonical_json();
    if *before.rule == *rule {
        let reply = reply(&subject, &before, &request.rule, &found);
        return Ok(Done { stored: replay::kept(&reply), reply });
    }
    let row = ScheduleRow { rule: rule.into(), unsupported: None, ..before };
    schedules::update(work.tx, &row)?;
    finish(work, context, &subject, &row, (&request.rule, &found), "schedule.changed")
}

fn subject(work: &mut Work<'_>, context: &Context<'_>, slug: &Slug) -> Result<Subject, Stop> {
    let not_found = || Stop::Refused(Refusal::not_found("event", [slug]));
    let row = catalog::by_slug(work.tx, context.organizer.id, slug)?;
    let row = row.filter(|row| !row.deleted).ok_or_else(not_found)?;
    let terms = events::terms(work.tx, row.id)?.ok_or_else(not_found)?;
    let zone = terms.zone.parse().map_err(|_| schedules::damaged_zone())?;
    Ok(Subject {
        event: row.id,
        slug: slug.clone(),
        version: terms.version,
        duration: row.fields.duration,
        zone,
    })
}

fn check_version(subject: &Subject, expected: Option<u32>) -> Result<(), Stop> {
    match expected {
        Some(expected) if i64::from(expected) != subject.version => {
            Err(Refusal::StaleVersion { current: subject.version }.into())
        }
        Some(_) | None => Ok(()),
    }
}

/// What a rule comes to, beside the slots that the schedule has.
fn expand(
    work: &mut Work<'_>,
    subject: &Subject,
    id: ScheduleId,
    rule: &ScheduleSpec,
) -> Result<Comparison, Stop> {
    let length = rule.slot_length(subject.duration);
    let Some(length) = length else {
        return Err(Invalid::argument("length", "the event has no duration: say a length").into());
    };
    let wrong = |wrong: NoDates| match wrong {
        NoDates::Wrong(wrong) => Invalid::argument(&wrong.place(), wrong.message).into(),
        NoDates::TooManySlots => Stop::Refused(Refusal::too_many_slots()),
    };
    rule.check(Some(length)).map_err(|error| wrong(error.into()))?;
    let since = subject.zone.local(work.now.minus(LOOK_BACK)).date().to_string();
    let made = made_slots::made(work.tx, id, &since)?;
    compare(rule, length, &subject.zone, &made, tzdb_version(), work.now).map_err(wrong)
}

/// Bumps the event, announces the change and makes it the answer.
fn finish(
    work: &mut Work<'_>,
    context: &Context<'_>,
    subject: &Subject,
    row: &ScheduleRow,
    (rule, found): (&ScheduleSpec, &Comparison),
    kind: &'static str,
) -> Result<Done, Stop> {
    catalog::bump(work.tx, [subject.event])?;
    let subject = &Subject {
        version: subject.version + 1,
        slug: subject.slug.clone(),
        zone: subject.zone.clone(),
        ..*subject
    };
    let reply = reply(subject, row, rule, found);
    let body = serde_json::to_string(&reply).unwrap_or_else(|_| unreachable!("plain data"));
    let change = context.change(kind);
    work.add_change(ChangeRow { event: Some(subject.event), body: Some(body.into()), ..change });
    Ok(Done { stored: replay::kept(&reply), reply })
}

fn reply(subject: &Subject, row: &ScheduleRow, rule: &ScheduleSpec, found: &Comparison) -> Reply {
    let schedule = format!("{}#{}", subject.slug, row.n.saturating_add(1));
    let rejected = found.rejected.iter().map(|date| RejectedSlot {
        schedule: schedule.clone(),
        local: date.local,
        reason: date.reason,
    });
    Reply::Schedule(Box::new(ScheduleChanged {
        id: row.id,
        event: subject.slug.clone(),
        version: subject.version,
        zone: subject.zone.clone(),
        rule: rule.clone(),
        new: found.new.len() as u64,
        first: found.new.first().map(|date| date.starts_at),
        last: found.new.last().map(|date| date.starts_at),
        stale: found.stale.len() as u64,
        rejected: rejected.collect(),
        schedule,
    }))
}
