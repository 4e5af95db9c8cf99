//! Rule 6: the feed is dense and in commit order, followers saw all of it, and played back it is what the rows say.

use std::collections::HashMap;

use venue_core::domain::booking::BookingView;
use venue_core::domain::booking_state::StateName;
use venue_core::domain::ids::BookingId;
use venue_core::domain::view::ChangeView;

use super::{Evidence, Lies, Rule};

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    for (change, expected) in evidence.feed.iter().zip(1..) {
        lies.expect(change.sequence == expected, Rule::Feed, || {
            format!("change {} stands where {expected} should", change.sequence)
        });
    }
    for pair in evidence.feed.windows(2) {
        let in_order = pair[0].at <= pair[1].at || &*pair[1].kind == "clock.accepted";
        lies.expect(in_order, Rule::Feed, || {
            format!("change {} is older than the one before", pair[1].sequence)
        });
    }
    for (follower, shown) in evidence.followed.iter().enumerate() {
        followed(follower, shown, &evidence.feed, lies);
    }
    played_back(evidence, lies);
}

fn followed(follower: usize, shown: &[ChangeView], feed: &[ChangeView], lies: &mut Lies) {
    let Some(first) = shown.first() else { return };
    let begin = feed.iter().position(|change| change.sequence == first.sequence);
    let own = begin.map_or(&[][..], |begin| &feed[begin..]);
    for (place, change) in shown.iter().enumerate() {
        lies.expect(own.get(place) == Some(change), Rule::Feed, || {
            let other = own.get(place).map(|change| change.sequence);
            format!("follower {follower} was shown {} for {other:?}", change.sequence)
        });
    }
}

fn played_back(evidence: &Evidence, lies: &mut Lies) {
    let mut newest: HashMap<BookingId, &BookingView> = HashMap::new();
    for change in &evidence.feed {
        if let Some(view) = &change.booking {
            newest.insert(view.id, view);
        }
    }
    for row in &evidence.bookings {
        let told = newest.remove(&row.id);
        let same = told.is_some_and(|told| told == row || is_due(told, row));
        lies.expect(same, Rule::Feed, || {
            format!(
                "booking {} is {:?}, the feed says {:?}",
                row.id,
                row.state,
                told.map(|it| it.state)
            )
        });
    }
    for gone in newest.keys() {
        lies.expect(false, Rule::Feed, || format!("booking {gone} of the feed is not there"));
    }
}

/// Whether a row is a hold whose time has run out, and nobody has written it down.
fn is_due(told: &BookingView, row: &BookingView) -> bool {
    let due = BookingView {
        state: StateName::Expired,
        ended_at: told.expires_at,
        expires_at: None,
        ..told.clone()
    };
    told.state == StateName::Held && due == *row
}
