//! Commands of every verb at random.

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::ids::BookingId;
use venue_core::domain::request::{
    Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Payment, Release, Sell, SlotName,
    SlotSwitch, Verb, Wanted,
};
use venue_core::engine::Request;

use crate::dice::Dice;
use crate::fixture::caller;
use crate::stage_events::{self, is_large};

const SLOTS: [&str; 2] = ["konzert@2026-11-03T20:00", "lesung@2026-11-05T18:00"];
const ROWS: [&str; 2] = ["A", "B"];
const SEATS: usize = 6;

/// A command at random, about one of these bookings if it is about one.
pub(super) fn any(dice: &mut Dice, made: &[BookingId]) -> Request {
    let of_one = !made.is_empty() && dice.percent(55);
    let verb = match of_one {
        _ if dice.percent(15) => stage_events::any_verb(dice),
        true => about(dice, made),
        false => take(dice),
    };
    let by = match verb {
        Verb::House(_) | Verb::SlotOpen(_) | Verb::SlotClose(_) => caller(Role::Organizer, "chief"),
        _ if is_large(&verb) => caller(Role::Organizer, "chief"),
        _ if dice.percent(50) => caller(Role::Terminal, "till"),
        _ => Caller::local(),
    };
    Request::new(&by, verb)
}

fn slot(dice: &mut Dice) -> SlotName {
    dice.one_of(&SLOTS).parse().expect("a slot")
}

fn wanted(dice: &mut Dice) -> Wanted {
    let count = 1 + dice.below(3);
    if dice.percent(25) {
        return Wanted::area("Stand".parse().expect("a name"), u32::try_from(count).expect("few"));
    }
    let (row, first) = (*dice.one_of(&ROWS), 1 + dice.below(SEATS - count + 1));
    let seats = (first..first + count).map(|seat| format!("{row}-{seat}").parse().expect("a seat"));
    Wanted::seats(seats.collect())
}

fn take(dice: &mut Dice) -> Verb {
    let (slot, wanted) = (slot(dice), wanted(dice));
    match dice.below(20) {
        0..9 => Verb::Hold(Hold::new(slot, wanted)),
        9..17 => Verb::Sell(Sell::new(slot, wanted)),
        17 | 18 => {
            let kind = if dice.percent(50) { HouseKind::Hold } else { HouseKind::Kill };
            Verb::House(House { slot, wanted, kind, lift: dice.percent(40) })
        }
        _ => {
            let switch = SlotSwitch { slot, expected_version: None };
            // Mostly open, or nothing would be sold.
            if dice.percent(25) { Verb::SlotClose(switch) } else { Verb::SlotOpen(switch) }
        }
    }
}

fn about(dice: &mut Dice, made: &[BookingId]) -> Verb {
    // The newest are those that something can still be done with.
    let newest = &made[made.len().saturating_sub(8)..];
    let booking = (*dice.one_of(newest)).into();
    match dice.below(10) {
        0..4 => {
            let paid = dice.percent(40).then(|| Payment {
                method: "card".parse().expect("a method"),
                reference: Some(format!("tx-{:016x}", dice.bits()).parse().expect("a reference")),
                amount: None,
            });
            Verb::Confirm(Confirm { booking, payment: paid })
        }
        4 => Verb::Extend(Extend { booking }),
        5 => Verb::Release(Release { booking }),
        6 => Verb::Expire(Expire { booking }),
        7 => Verb::Cancel(Cancel { booking, line: vec![1], reason: None }),
        _ => Verb::Cancel(Cancel { booking, line: Vec::new(), reason: None }),
    }
}
