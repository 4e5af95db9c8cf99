//! Chance that can be repeated: the same seed gives the same run.

/// Splitmix64: any seed is a good one, also the next number.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as this seed says.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below this one; 0 below 0.
    pub fn below(&mut self, end: usize) -> usize {
        let bits = usize::try_from(self.bits() >> 1).unwrap_or(0);
        bits.checked_rem(end).unwrap_or(0)
    }

    /// A number from here to there, both included.
    pub fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn one_of<'a, T>(&mut self, these: &'a [T]) -> &'a T {
        &these[self.below(these.len())]
    }
}

/// A rig's size, or its seed, from the environment.
///
/// # Panics
/// If it is there and no number: a rig that silently took another size would prove something else.
pub fn number(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => usual,
    }
}

/// A rig's size from the environment.
///
/// # Panics
/// If it is there and no number.
pub fn size(name: &str, usual: usize) -> usize {
    usize::try_from(number(name, usual as u64)).expect("a size fits the machine")
}

/// A rig's seed: `VENUE_SEED`, or any. It is printed, so that a run can be repeated.
pub fn seed(rig: &str) -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    let seed = number("VENUE_SEED", RandomState::new().hash_one(rig));
    println!("{rig}: VENUE_SEED={seed}");
    seed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same() {
        let fall = |seed| {
            let mut dice = Dice::new(seed);
            (0..100).map(|_| dice.below(7)).collect::<Vec<_>>()
        };
        assert_eq!(fall(5), fall(5));
        assert_ne!(fall(5), fall(6));
        assert!((0..7).all(|side| fall(5).contains(&side)));
        assert_eq!(Dice::new(1).below(0), 0);
    }
}
