//! Rules 2 and 3: every answer has its change, and every change its answer.

use std::collections::HashMap;

use venue_core::domain::booking::BookingView;
use venue_core::domain::ids::BookingId;
use venue_core::domain::reply::Reply;
use venue_core::domain::view::ChangeView;

use super::{Asked, Evidence, Lies, Outcome, Record, Rule, called_off};

/// The change that each call of the history made or was answered with, by its place in the history.
pub(super) type Effects = Vec<Option<i64>>;

/// Who may claim a change: everybody who used one key, or one call without a key.
type Claim<'a> = (&'a str, Option<&'a str>, usize);

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) -> Effects {
    let mut by_booking: HashMap<BookingId, Vec<&ChangeView>> = HashMap::new();
    for change in &evidence.feed {
        if let Some(view) = &change.booking {
            by_booking.entry(view.id).or_default().push(change);
        }
    }
    let mut claims: HashMap<i64, Claim<'_>> = HashMap::new();
    let mut effects = vec![None; evidence.history.len()];
    for (place, record) in evidence.history.iter().enumerate() {
        lies.expect(record.outcome != Outcome::Failed("bug".to_owned()), Rule::Answered, || {
            format!("{} of {:?} was answered as a bug", record.asked.verb, record.asked.units)
        });
        let Some(reply) = record.reply() else { continue };
        let Reply::Booking(view) = reply else { continue };
        let found = by_booking.get(&view.id).and_then(|changes| {
            let is_it = |change: &&&ChangeView| is_answer(&record.asked, &view, change);
            changes.iter().find(is_it).copied()
        });
        let Some(change) = found else {
            lies.expect(false, Rule::Answered, || {
                format!(
                    "{} was answered {:?} of {}, and no change is that",
                    record.asked.verb, view.state, view.id
                )
            });
            continue;
        };
        effects[place] = Some(change.sequence);
        // What time ended is told to everybody who asks.
        if record.asked.verb != "expire" {
            let claim = claim(record, place);
            let other = claims.insert(change.sequence, claim);
            lies.expect(other.is_none_or(|other| other == claim), Rule::Explained, || {
                format!("change {} is the answer to two: {other:?} and {claim:?}", change.sequence)
            });
        }
    }
    explained(evidence, &claims, lies);
    counted(evidence, lies);
    called_off::check(evidence, lies);
    effects
}

fn claim(record: &Record, place: usize) -> Claim<'_> {
    let key = record.key.as_deref();
    (&record.scope, key, if key.is_some() { 0 } else { place })
}

/// Whether a change is what was answered, apart from the token, which no change has.
fn is_answer(asked: &Asked, view: &BookingView, change: &ChangeView) -> bool {
    let Some(told) = &change.booking else { return false };
    let same =
        BookingView { token: None, ..view.clone() } == BookingView { token: None, ..told.clone() };
    same && (asked.kinds().contains(&&*change.kind))
}

/// Every change of a booking was answered, or may have been made by a call whose outcome is not known.
fn explained(evidence: &Evidence, claims: &HashMap<i64, Claim<'_>>, lies: &mut Lies) {
    let mut unknown: Vec<&Record> =
        evidence.history.iter().filter(|record| record.outcome == Outcome::Unknown).collect();
    for change in evidence.changes() {
        let Some(view) = &change.booking else { continue };
        // An expiry needs nobody to ask for it: rule 7 looks at its time.
        if claims.contains_key(&change.sequence) || &*change.kind == "booking.expired" {
            continue;
        }
        if called_off::is_end(view) {
            called_off::explained(evidence, view, change, lies);
            continue;
        }
        let might = |record: &&Record| may_have_made(&record.asked, view, change);
        if let Some(place) = unknown.iter().position(might) {
            unknown.swap_remove(place);
            continue;
        }
        let asked: Vec<&Record> = evidence.history.iter().filter(might).collect();
        let keyed =
            |record: &&&Record| record.key.is_some() && matches!(record.outcome, Outcome::Ok(_));
        let failed = asked.iter().find(|record| !matches!(record.outcome, Outcome::Ok(_)));
        let (rule, why) = match (asked.iter().find(keyed), failed) {
            (Some(twice), _) => {
                let key = twice.key.as_deref().unwrap_or_default();
                (Rule::Keys, format!("the key {key} had another effect already"))
            }
            (None, Some(failed)) => {
                (Rule::Explained, format!("it was answered {:?}", failed.outcome))
            }
            (None, None) => (Rule::Explained, "nobody asked for it".to_owned()),
        };
        lies.expect(false, rule, || {
            format!("change {}, {} of {}: {why}", change.sequence, change.kind, view.id)
        });
    }
}

/// Whether such a call can have made this change.
fn may_have_made(asked: &Asked, view: &BookingView, change: &ChangeView) -> bool {
    if !asked.kinds().contains(&&*change.kind) {
        return false;
    }
    match &asked.booking {
        Some(name) => *name == view.id.to_string() || *name == view.reference.to_string(),
        None => matches!(&*asked.verb, "hold" | "sell") && has_units(asked, view),
    }
}

fn has_units(asked: &Asked, view: &BookingView) -> bool {
    let mut rest: Vec<&String> = asked.units.iter().collect();
    let all = view.units.iter().all(|unit| {
        let area = unit.area.as_ref().map(|area| format!("{area} x{}", unit.quantity.unwrap_or(1)));
        let names = [unit.seat.as_deref(), unit.label.as_deref(), area.as_deref()];
        let place = rest.iter().position(|name| names.contains(&Some(&***name)));
        place.map(|place| rest.swap_remove(place)).is_some()
    });
    all && rest.is_empty()
}

/// What has no booking is counted: as many changes as answers, and at most one more for each call that is unknown.
fn counted(evidence: &Evidence, lies: &mut Lies) {
    // An event that is called off has as many slots as it has.
    let whole_events = evidence.history.iter().any(|record| record.asked.verb == "event_cancel");
    for kind in KINDS.iter().copied().filter(|kind| *kind != "slot.cancelled" || !whole_events) {
        let of_kind = |record: &&Record| record.asked.kinds().contains(&kind);
        let (mut done, mut unknown) = (Vec::new(), 0);
        for (place, record) in evidence.history.iter().enumerate().filter(|(_, it)| of_kind(it)) {
            match record.outcome {
                Outcome::Ok(_) => done.push(claim(record, place)),
                Outcome::Unknown => unknown += 1,
                Outcome::Refused { .. } | Outcome::Failed(_) => {}
            }
        }
        done.sort_unstable();
        done.dedup();
        let found = evidence.changes().filter(|change| &*change.kind == kind).count();
        lies.expect(found <= done.len() + unknown, Rule::Explained, || {
            format!("{found} changes {kind}, and {} answers", done.len())
        });
        lies.expect(found >= done.len() || IDLE.contains(&kind), Rule::Answered, || {
            format!("{} answers to {kind}, and {found} changes", done.len())
        });
    }
}

/// The kinds of change that have no booking.
const KINDS: &[&str] = &[
    "house.set",
    "house.lifted",
    "slot.opened",
    "slot.closed",
    "slot.cancelled",
    "slot.postponed",
    "event.created",
    "event.edited",
    "event.published",
    "event.cancelled",
    "event.completed",
    "event.deleted",
    "schedule.added",
    "schedule.changed",
];

/// Those that may be answered as done without one: what is so already is done, and what another has begun is gone on with.
const IDLE: &[&str] = &[
    "slot.opened",
    "slot.closed",
    "slot.cancelled",
    "slot.postponed",
    "event.edited",
    "event.published",
    "event.cancelled",
    "schedule.changed",
];
