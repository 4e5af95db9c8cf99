//! Rule 1: figures add up wherever they are read, and no unit ever had two owners.

use std::collections::HashMap;
use std::sync::Arc;

use venue_core::domain::booking::{BookingView, UnitView};
use venue_core::domain::booking_state::StateName;
use venue_core::domain::ids::{BookingId, SlotId};
use venue_core::domain::instant::Instant;
use venue_core::domain::view::{ChangeView, SlotView};

use super::{Evidence, Lies, Rule, Seen};

pub(super) fn check(evidence: &Evidence, lies: &mut Lies) {
    let read = evidence.snapshots.iter().filter_map(|snapshot| match &snapshot.seen {
        Seen::Slot(view) => Some(&**view),
        Seen::Feed(_) | Seen::Nothing(_) => None,
    });
    read.chain(&evidence.slots).for_each(|view| figures(view, lies));
    let mut owners = Owners { capacities: capacities(evidence), ..Owners::default() };
    evidence.feed.iter().for_each(|change| owners.follow(change, lies));
    in_the_end(evidence, lies);
}

fn figures(view: &SlotView, lies: &mut Lies) {
    let whole = [view.sold, view.held, view.house, view.killed, view.free];
    let mut all = vec![("all".to_owned(), view.capacity, whole)];
    for area in &view.areas {
        let parts = [area.sold, area.held, area.house, area.killed, area.free];
        all.push((area.area.to_string(), area.capacity, parts));
    }
    for (name, capacity, parts) in all {
        let adds_up = parts.iter().sum::<i64>() == capacity && parts.iter().all(|n| *n >= 0);
        lies.expect(adds_up, Rule::Units, || {
            format!("slot {}, {name}: {parts:?} of {capacity}", view.id)
        });
    }
    let [capacity, free] = view.categories.iter().fold([0, 0], |[capacity, free], category| {
        [capacity + category.capacity, free + category.free]
    });
    lies.expect((capacity, free) == (view.capacity, view.free), Rule::Units, || {
        format!("slot {}: its categories are {capacity}, {free} of them free", view.id)
    });
}

fn capacities(evidence: &Evidence) -> HashMap<(SlotId, Arc<str>), i64> {
    let areas = |view: &SlotView| {
        let id = view.id;
        let areas = view.areas.clone();
        areas.into_iter().map(move |area| ((id, area.area), area.capacity))
    };
    evidence.slots.iter().flat_map(areas).collect()
}

/// The live owners of units, as far as the feed has been followed.
#[derive(Debug, Default)]
struct Owners {
    capacities: HashMap<(SlotId, Arc<str>), i64>,
    /// What is live, and until when if it is a hold.
    live: HashMap<BookingId, (BookingView, Option<Instant>)>,
    seats: HashMap<(SlotId, Arc<str>), BookingId>,
    places: HashMap<(SlotId, Arc<str>), i64>,
}

impl Owners {
    fn follow(&mut self, change: &ChangeView, lies: &mut Lies) {
        let Some(view) = &change.booking else { return };
        self.end(view.id);
        if matches!(view.state, StateName::Held | StateName::Confirmed) {
            for unit in &view.units {
                self.take(change, view, unit, lies);
            }
            self.live.insert(view.id, (view.clone(), view.expires_at));
        }
    }

    fn end(&mut self, booking: BookingId) {
        let Some((view, _)) = self.live.remove(&booking) else { return };
        for unit in &view.units {
            if let Some(seat) = &unit.seat
                && self.seats.get(&(view.slot, Arc::clone(seat))) == Some(&booking)
            {
                self.seats.remove(&(view.slot, Arc::clone(seat)));
            }
            if let Some(area) = &unit.area {
                *self.places.entry((view.slot, Arc::clone(area))).or_default() -= places(unit);
            }
        }
    }

    fn take(&mut self, change: &ChangeView, view: &BookingView, unit: &UnitView, lies: &mut Lies) {
        let (seq, at) = (change.sequence, change.at);
        if let Some(seat) = &unit.seat {
            let key = (view.slot, Arc::clone(seat));
            let owner = self.seats.insert(key, view.id);
            let until = owner.and_then(|owner| self.live.get(&owner)).map(|(_, until)| *until);
            // A hold that is due owns nothing, whether or not anybody has written that down.
            let live = until.is_some_and(|until| until.is_none_or(|until| at < until));
            lies.expect(!live, Rule::Units, || {
                let other = owner.map_or_else(String::new, |owner| owner.to_string());
                format!("change {seq}: seat {seat} goes to {}, and {other} has it", view.id)
            });
        }
        if let Some(area) = &unit.area {
            let key = (view.slot, Arc::clone(area));
            let capacity = self.capacities.get(&key).copied().unwrap_or(i64::MAX);
            let taken = self.places.entry(key).or_default();
            *taken += places(unit);
            if *taken > capacity {
                // Due holds that nobody has written down are counted only where it matters.
                let due: i64 =
                    self.live.values().map(|(held, until)| due(held, *until, at, area, view)).sum();
                lies.expect(*taken - due <= capacity, Rule::Units, || {
                    format!("change {seq}: {} of {capacity} {area} are taken", *taken - due)
                });
            }
        }
    }
}

fn due(
    held: &BookingView,
    until: Option<Instant>,
    at: Instant,
    area: &Arc<str>,
    view: &BookingView,
) -> i64 {
    let is_due = held.slot == view.slot && until.is_some_and(|until| until <= at);
    let of_area = held.units.iter().filter(|unit| is_due && unit.area.as_ref() == Some(area));
    of_area.map(places).sum()
}

/// The units of a line.
pub(super) fn places(unit: &UnitView) -> i64 {
    i64::from(unit.quantity.unwrap_or(1))
}

/// The bookings in the end are what the slots in the end count.
fn in_the_end(evidence: &Evidence, lies: &mut Lies) {
    let mut counted: HashMap<SlotId, [i64; 2]> = HashMap::new();
    let mut owners: HashMap<(SlotId, &Arc<str>), BookingId> = HashMap::new();
    for booking in &evidence.bookings {
        let place = match booking.state {
            StateName::Held => 0,
            StateName::Confirmed => 1,
            StateName::Released | StateName::Expired | StateName::Cancelled => continue,
        };
        for unit in &booking.units {
            counted.entry(booking.slot).or_default()[place] += places(unit);
            let Some(seat) = &unit.seat else { continue };
            let other = owners.insert((booking.slot, seat), booking.id);
            lies.expect(other.is_none(), Rule::Units, || {
                format!("seat {seat} is {}'s and somebody else's", booking.id)
            });
        }
    }
    for slot in &evidence.slots {
        let [held, sold] = counted.get(&slot.id).copied().unwrap_or_default();
        lies.expect((slot.held, slot.sold) == (held, sold), Rule::Units, || {
            let says = (slot.held, slot.sold);
            format!("slot {} says {says:?} held and sold, bookings have {held}, {sold}", slot.id)
        });
    }
}
