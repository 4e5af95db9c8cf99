//! Every change of a booking is a step that the state machine allows, at its time.

use crate::domain::booking::BookingView;
use crate::domain::booking_state::{Act, BookingState, SLOT_CANCELLED, StateName, Step};
use crate::domain::caller::Role;
use crate::domain::reference::reference_of;
use crate::store::changes::ChangeRow;

use super::catalogue::Catalogue;
use super::feed::History;
use super::file::FileRow;
use super::findings::{Findings, Promise};
use super::history::Past;

/// Follows one change of a booking. An error is one of the change itself; a step that may not be is a finding.
pub(super) fn follow(
    change: &ChangeRow,
    view: &BookingView,
    body: u64,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
) -> Result<(), String> {
    let reference = reference_of(view.id);
    let number = file.references.number(reference);
    let greatest = u64::try_from(file.last_number.max(file.greatest)).unwrap_or(0);
    if number == 0 || number > greatest || view.reference != reference {
        return Err("its booking has a number that was never given".to_owned());
    }
    let after = state_of(view).ok_or_else(|| "its body has no possible state".to_owned())?;
    let past = history.pasts.of(number);
    let before = past.state();
    let told = may_follow(before.as_ref(), &after, change, view);
    findings.expect(told.is_ok(), Promise::Replay, || {
        let wrong = told.err().unwrap_or_default();
        format!("change {}, {} of booking {}: {wrong}", change.seq, change.kind, view.id)
    });
    *past = Past::new(&after, change.seq, body);
    if before.is_none() && !history.withheld.is_empty() {
        let staff = Role::named(&change.role).is_some_and(Role::is_staff);
        if let Some(place) = catalogue.places.get(&view.slot.bytes()) {
            history.withheld.sold(*place, change.seq, view, staff, findings);
        }
    }
    Ok(())
}

/// The state that a view shows.
fn state_of(view: &BookingView) -> Option<BookingState> {
    let why = view.ended_why.clone();
    match (view.state, view.expires_at, view.ended_at) {
        (StateName::Held, Some(expires_at), None) => Some(BookingState::Held { expires_at }),
        (StateName::Confirmed, None, None) => Some(BookingState::Confirmed),
        (StateName::Released, None, Some(at)) => Some(BookingState::Released { at, why }),
        (StateName::Expired, None, Some(at)) => Some(BookingState::Expired { at }),
        (StateName::Cancelled, None, Some(at)) => Some(BookingState::Cancelled { at, why }),
        (
            StateName::Held
            | StateName::Confirmed
            | StateName::Released
            | StateName::Expired
            | StateName::Cancelled,
            _,
            _,
        ) => None,
    }
}

/// Whether the change may lead from one state to the other.
fn may_follow(
    before: Option<&BookingState>,
    after: &BookingState,
    change: &ChangeRow,
    view: &BookingView,
) -> Result<(), String> {
    let at = change.at;
    if (&*change.kind == "booking.expired") != change.due_at.is_some() {
        return Err("only an expiry says when it was due".to_owned());
    }
    let Some(before) = before else { return may_begin(after, change, view) };
    let step = |act| before.step(act, at);
    let fits = match (&*change.kind, after) {
        ("booking.confirmed", BookingState::Confirmed) => step(Act::Confirm) == Ok(Step::Confirm),
        ("booking.extended", BookingState::Held { expires_at: until }) => match step(Act::Extend) {
            Ok(Step::Extend { expires_at }) => expires_at < *until,
            Ok(
                Step::Confirm | Step::Release | Step::Expire { .. } | Step::Nothing | Step::Cancel,
            )
            | Err(_) => false,
        },
        ("booking.released", BookingState::Released { at: ended, why }) => {
            let cancelled = why.as_ref().is_some_and(|why| why.as_str() == SLOT_CANCELLED);
            let was_held = cancelled && before.name() == StateName::Held;
            *ended == at && (was_held || step(Act::Release) == Ok(Step::Release))
        }
        ("booking.expired", BookingState::Expired { at: due_at }) => {
            change.due_at == Some(*due_at)
                && step(Act::Expire) == Ok(Step::Expire { due_at: *due_at })
        }
        ("booking.line_cancelled", BookingState::Confirmed) => {
            step(Act::Cancel) == Ok(Step::Cancel)
        }
        ("booking.cancelled", BookingState::Cancelled { at: ended, .. }) => {
            *ended == at && step(Act::Cancel) == Ok(Step::Cancel)
        }
        _ => false,
    };
    let wrong = || format!("it was {before:?} and cannot become {after:?} at {at}");
    if fits { Ok(()) } else { Err(wrong()) }
}

/// Whether a booking's first change may be its birth.
fn may_begin(after: &BookingState, change: &ChangeRow, view: &BookingView) -> Result<(), String> {
    let fits = match (&*change.kind, after) {
        ("booking.held", BookingState::Held { expires_at }) => change.at < *expires_at,
        ("booking.confirmed", BookingState::Confirmed) => true,
        _ => false,
    };
    if fits && view.created_at == change.at {
        Ok(())
    } else {
        Err("a booking does not begin like that".to_owned())
    }
}
