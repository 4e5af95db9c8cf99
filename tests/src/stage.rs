//! A small stage, and what callers ask of it at random: every verb, on few units, so that they meet.

use std::path::{Path, PathBuf};

use venue_core::domain::instant::Span;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Release, Sell, SlotName,
    Verb, Wanted,
};

use crate::dice::Dice;
use crate::stage_events;

/// The season of the stage.
pub fn season() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seasons/buehne.toml")
}

/// The slot that everybody wants: twelve seats, and twelve places to stand.
///
/// # Panics
/// Never.
pub fn slot() -> SlotName {
    "lesung@2026-11-05T18:00".parse().expect("a slot")
}

fn wanted(dice: &mut Dice) -> Wanted {
    if dice.percent(50) {
        let quantity = u32::try_from(dice.between(1, 3)).unwrap_or(1);
        return Wanted::area("Stand".parse().expect("a name"), quantity);
    }
    let row = dice.one_of(&["A", "B"]);
    let first = dice.between(1, 5);
    let names = (first..=first + dice.below(2)).map(|n| format!("{row}-{n}"));
    Wanted::seats(names.map(|name| name.parse().expect("a seat")).collect())
}

/// What somebody asks who knows of these bookings.
///
/// # Panics
/// Never.
pub fn any_verb(dice: &mut Dice, known: &[BookingName]) -> Verb {
    if dice.below(6) == 0 {
        return stage_events::any_verb(dice);
    }
    let Some(booking) = known.get(dice.below(1 + known.len())).copied() else { return birth(dice) };
    let line = if dice.percent(50) { vec![] } else { vec![1] };
    match dice.below(12) {
        0 | 1 => Confirm { booking, payment: None }.into(),
        2 => Extend { booking }.into(),
        3 => Release { booking }.into(),
        4 => Expire { booking }.into(),
        5..=8 => Cancel { booking, line, reason: None }.into(),
        9 => {
            let wanted = Wanted::area("Stand".parse().expect("a name"), 1);
            let lift = dice.percent(50);
            House { slot: slot(), wanted, kind: HouseKind::Kill, lift }.into()
        }
        _ => birth(dice),
    }
}

fn birth(dice: &mut Dice) -> Verb {
    let (slot, wanted) = (slot(), wanted(dice));
    if dice.below(6) == 0 {
        return Sell { slot, wanted, payment: None, buyer: None }.into();
    }
    let ttl = Some(Span::from_secs(*dice.one_of(&[30, 60])));
    Hold { slot, wanted, ttl, buyer: None }.into()
}
