//! A follower hears of every change, in order, once it is durable; and goes on where it left off.

use std::time::Duration;

use venue_core::domain::query::Feed;
use venue_core::{Caller, Confirm, Hold, Release, Role, Wanted};
use venue_examples::{BoxOffice, Story, game};

pub(crate) fn main() -> Story {
    let office = BoxOffice::new()?;
    let till = Caller::local();
    let staff = Caller::new(Role::Organizer).actor("auditor".parse()?);
    let of_this_slot = Feed { slot: Some(game()), ..Feed::default() };
    let mut follower = office.engine.follow(&staff, of_this_slot.clone());

    let seats =
        |name: &str| Ok::<_, Box<dyn std::error::Error>>(Wanted::seats(vec![name.parse()?]));
    let kept = office.engine.hold(&till, Hold::new(game(), seats("F-14-1")?))?;
    let given_back = office.engine.hold(&till, Hold::new(game(), seats("F-14-2")?))?;
    let heard = kinds(&follower.next(Duration::from_secs(5))?);
    println!("heard {}", heard.join(", "));

    let _ = office.engine.confirm(&till, Confirm::new(kept.id))?;
    let _ = office.engine.release(&till, Release::new(given_back.id))?;

    // A cursor is a text: it can be kept, and followed from by another process.
    let kept_cursor = follower.cursor().cloned();
    let mut later = office.engine.follow(&staff, Feed { after: kept_cursor, ..of_this_slot });
    let heard_later = kinds(&later.next(Duration::from_secs(5))?);
    println!("heard later {}", heard_later.join(", "));
    assert_eq!(heard_later, ["booking.confirmed", "booking.released"]);
    Ok(())
}

fn kinds(changes: &[venue_core::domain::view::ChangeView]) -> Vec<String> {
    changes.iter().map(|change| change.kind.to_string()).collect()
}
