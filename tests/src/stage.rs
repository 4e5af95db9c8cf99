//! A small stage, and what callers ask of it at random: every verb, on few units, so that they meet.

use std::path::{Path, PathBuf};

use venue_core::domain::instant::Span;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Release, Sell, SlotName,
    Verb, Wanted,
};

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

/// Numbers that look random, the same for the same seed.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Numbers that follow from a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next one, below a bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn wanted(&mut self) -> Wanted {
        if self.below(2) == 0 {
            let quantity = u32::try_from(1 + self.below(3)).unwrap_or(1);
            return Wanted::area("Stand".parse().expect("a name"), quantity);
        }
        let row = if self.below(2) == 0 { "A" } else { "B" };
        let first = 1 + self.below(5);
        let names = (first..=first + self.below(2)).map(|n| format!("{row}-{n}"));
        Wanted::seats(names.map(|name| name.parse().expect("a seat")).collect())
    }

    /// What somebody asks who knows of these bookings.
    ///
    /// # Panics
    /// Never.
    pub fn verb(&mut self, known: &[BookingName]) -> Verb {
        let of = usize::try_from(self.below(1 + known.len() as u64)).unwrap_or(0);
        let Some(booking) = known.get(of).copied() else { return self.birth() };
        let line = if self.below(2) == 0 { vec![] } else { vec![1] };
        match self.below(12) {
            0 | 1 => Confirm { booking, payment: None }.into(),
            2 => Extend { booking }.into(),
            3 => Release { booking }.into(),
            4 => Expire { booking }.into(),
            5..=8 => Cancel { booking, line, reason: None }.into(),
            9 => {
                let wanted = Wanted::area("Stand".parse().expect("a name"), 1);
                let lift = self.below(2) == 0;
                House { slot: slot(), wanted, kind: HouseKind::Kill, lift }.into()
            }
            _ => self.birth(),
        }
    }

    fn birth(&mut self) -> Verb {
        let (slot, wanted) = (slot(), self.wanted());
        if self.below(6) == 0 {
            return Sell { slot, wanted, payment: None, buyer: None }.into();
        }
        let ttl = Some(Span::from_secs(if self.below(2) == 0 { 30 } else { 60 }));
        Hold { slot, wanted, ttl, buyer: None }.into()
    }
}
