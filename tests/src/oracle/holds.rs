//! Rule 7: a hold begins once and ends once; by time exactly when it was due, not before; by anybody only before.

use std::collections::HashMap;

use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::Instant;
use venue_core::domain::view::ChangeView;

use super::{Evidence, Lies, Rule};

/// What a booking is, as far as the feed has been followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Held(Instant),
    Sold,
    Over,
}

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    let mut all: HashMap<BookingId, Is> = HashMap::new();
    for change in &evidence.feed {
        let Some(view) = &change.booking else { continue };
        let before = all.get(&view.id).copied();
        match after(change, before) {
            Ok(now) => {
                all.insert(view.id, now);
            }
            Err(why) => lies.expect(false, Rule::Holds, || {
                let (seq, kind, id) = (change.sequence, &change.kind, view.id);
                format!("change {seq}, {kind} of {id}, which was {before:?}: {why}")
            }),
        }
    }
}

fn after(change: &ChangeView, before: Option<Is>) -> Result<Is, &'static str> {
    let at = change.at;
    let until = change.booking.as_ref().and_then(|view| view.expires_at);
    let in_time = |until: Instant| if at < until { Ok(()) } else { Err("the hold was over") };
    match (&*change.kind, before) {
        ("booking.held", None) => {
            let until = until.ok_or("a hold without an end")?;
            in_time(until).map(|()| Is::Held(until))
        }
        ("booking.confirmed", None) | ("booking.line_cancelled", Some(Is::Sold)) => Ok(Is::Sold),
        ("booking.extended", Some(Is::Held(before))) => {
            in_time(before)?;
            until.filter(|until| before < *until).map(Is::Held).ok_or("nothing was gained")
        }
        ("booking.confirmed", Some(Is::Held(until))) => in_time(until).map(|()| Is::Sold),
        ("booking.released", Some(Is::Held(until))) => in_time(until).map(|()| Is::Over),
        ("booking.expired", Some(Is::Held(until))) if at < until => Err("it was not due"),
        ("booking.expired", Some(Is::Held(until))) if change.due_at != Some(until) => {
            Err("it was due at another time")
        }
        ("booking.expired", Some(Is::Held(_))) | ("booking.cancelled", Some(Is::Sold)) => {
            Ok(Is::Over)
        }
        (_, None) => Err("it was not there"),
        (_, Some(Is::Over)) => Err("it had ended already"),
        (_, Some(Is::Held(_) | Is::Sold)) => Err("no such step"),
    }
}
