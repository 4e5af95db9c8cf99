//! What a handle shows of slots, events, bookings and schedules, beside what the model says.

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::{BookingList, EventShow, Feed, Query, SlotList, SlotShow};
use venue_core::domain::request::SlotName;
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::domain::view::Answer;
use venue_core::engine::Engine;

use super::driver::patiently;
use super::request::{Made, event_shown, shown, slot_shown};
use super::{Model, Outcome, Shown};
use crate::fixture::caller;

/// Notes the ids of the slots that the model has and nobody has asked about yet. One that was called off may have the
/// same name.
pub(super) fn learn_slots(engine: &Engine, model: &Model, made: &mut Made) -> Result<(), String> {
    for place in made.slots.len()..model.slots() {
        let name = model.slot_name(place);
        let event = name.split('@').next().and_then(|slug| slug.parse().ok());
        let list = SlotList { event, limit: Some(1_000), ..SlotList::default() };
        let answer = engine.query(&Caller::local(), &Query::SlotList(list));
        let Ok(Answer::SlotList(page)) = answer else { return Err(format!("{name}: {answer:?}")) };
        let times = model.slot_shown(place).map(|shown| shown.times);
        let new = page
            .items
            .iter()
            .find(|view| Some(slot_shown(view).times) == times && !made.slots.contains(&view.id));
        made.slots.push(new.ok_or_else(|| format!("{name} was not made"))?.id);
    }
    Ok(())
}

/// Compares every slot, and one of them by its name too: another one each time.
pub(super) fn compare_slots(
    engine: &Engine,
    model: &Model,
    made: &Made,
    turn: usize,
) -> Result<(), String> {
    for place in 0..model.slots() {
        let expected = model.slot_shown(place);
        let name = model.slot_name(place);
        let mut names = vec![SlotName::Id(made.slots[place])];
        if place == turn % model.slots() && model.has_own_name(place) {
            names.push(name.parse().map_err(|error| format!("{name}: {error}"))?);
        }
        for slot in names {
            let query = Query::SlotShow(SlotShow { slot });
            let found = match engine.query(&Caller::local(), &query) {
                Ok(Answer::Slot(view)) => {
                    let sum = view.sold + view.held + view.house + view.killed + view.free;
                    if view.capacity != sum {
                        return Err(format!("slot {name} does not add up: {view:?}"));
                    }
                    Some(slot_shown(&view))
                }
                Err(error) if error.code() == "not_found" => None,
                other => return Err(format!("{query:?} was answered {other:?}")),
            };
            if found != expected {
                return Err(format!("slot {name} is {found:?}, expected {expected:?}"));
            }
        }
    }
    Ok(())
}

/// Compares every event.
pub(super) fn compare_events(engine: &Engine, model: &Model) -> Result<(), String> {
    for n in 0..model.events() {
        let event = model.slug(n).parse().map_err(|error| format!("{error}"))?;
        let query = Query::EventShow(EventShow { event });
        let found = match engine.query(&Caller::local(), &query) {
            Ok(Answer::Event(view)) => Some(event_shown(&view)),
            Err(error) if error.code() == "not_found" => None,
            other => return Err(format!("{query:?} was answered {other:?}")),
        };
        let expected = model.event_shown(n);
        if found != expected {
            return Err(format!("event {n} is {found:?}, expected {expected:?}"));
        }
    }
    Ok(())
}

/// Compares every booking, in the order in which they were made.
pub(super) fn compare_bookings(engine: &Engine, model: &Model) -> Result<(), String> {
    let mut list = BookingList { limit: Some(1_000), ..BookingList::default() };
    let mut found: Vec<Shown> = Vec::new();
    loop {
        let query = Query::BookingList(list.clone());
        let answer = engine.query(&Caller::local(), &query);
        let Ok(Answer::BookingList(page)) = answer else { return Err(format!("{answer:?}")) };
        found.extend(page.items.iter().map(shown));
        match page.next {
            Some(next) => list.after = Some(next),
            None => break,
        }
    }
    let expected = model.shown();
    let differ = found.iter().zip(&expected).position(|(found, expected)| found != expected);
    match differ {
        _ if found.len() != expected.len() => {
            Err(format!("{} bookings, expected {}", found.len(), expected.len()))
        }
        Some(n) => Err(format!("booking {n} is {:?}, expected {:?}", found[n], expected[n])),
        None => Ok(()),
    }
}

/// Makes the slots of all schedules.
pub(super) fn generate(engine: &Engine) -> Outcome {
    let (owner, all) = (caller(Role::Organizer, "o"), ScheduleGenerate::default());
    match patiently(|| engine.schedule_generate(&owner, &all, &mut |_, _, _| {})) {
        Ok(done) => {
            let made = done.schedules.into_iter();
            Outcome::Made(
                made.map(|it| (it.schedule, it.refused.is_none().then_some(it.added))).collect(),
            )
        }
        Err(error) => Outcome::Refused(error.code()),
    }
}

/// Does it again: what could be made is there, and nothing is told of it.
pub(super) fn generate_again(engine: &Engine, first: &Outcome) -> Result<(), String> {
    let Outcome::Made(first) = first else { return Ok(()) };
    let nothing = first.iter().map(|(name, made)| (name.clone(), made.map(|_| 0))).collect();
    let before = newest_change(engine)?;
    let second = generate(engine);
    if second != Outcome::Made(nothing) {
        return Err(format!("generated twice: {second:?} after {first:?}"));
    }
    let after = newest_change(engine)?;
    if before == after { Ok(()) } else { Err(format!("change {after} tells of nothing")) }
}

/// The sequence of the newest change.
fn newest_change(engine: &Engine) -> Result<i64, String> {
    let (mut feed, mut newest) = (Feed { limit: Some(1_000), ..Feed::default() }, 0);
    loop {
        match engine.query(&Caller::local(), &Query::Feed(feed.clone())) {
            Ok(Answer::Feed(page)) => {
                let Some(last) = page.items.last() else { return Ok(newest) };
                newest = last.sequence;
                feed.after = page.next;
            }
            other => return Err(format!("the feed was answered {other:?}")),
        }
    }
}
