//! What the lines come to, slot by slot: gathered while the bookings are read, compared while the claims,
//! counters and holds are. Claims are compared as sums of hashes, so that only a slot that differs has to be
//! looked at in detail.

use std::sync::Arc;

use siphasher::sip128::{Hasher128, SipHasher13};

/// The units of an area, or of the seats of a category, by what they are.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    /// True for an area.
    pub(super) is_area: bool,
    /// The area's name, or the category's.
    pub(super) name: Arc<str>,
    /// held, sold, house, killed
    pub(super) units: [i64; 4],
    /// A counter was found for it.
    pub(super) counted: bool,
}

/// What a slot should have.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotLedger {
    /// Live units of the lines, less the claims: a sum of hashes, nothing when they are the same.
    pub(super) claims: u128,
    /// The same for held bookings and rows of `hold`.
    pub(super) holds: u128,
    /// When the first of its held bookings ends.
    pub(super) first_end: Option<i64>,
    /// By area and category.
    pub(super) tallies: Vec<Tally>,
}

impl SlotLedger {
    /// True if anybody holds or has bought a unit.
    pub(super) fn has_buyers(&self) -> bool {
        self.tallies.iter().any(|tally| tally.units[0] > 0 || tally.units[1] > 0)
    }

    /// The tally of an area or category.
    pub(super) fn tally(&mut self, is_area: bool, name: &Arc<str>) -> &mut Tally {
        let found = self.tallies.iter().position(|t| t.is_area == is_area && t.name == *name);
        let place = found.unwrap_or_else(|| {
            let (name, units) = (Arc::clone(name), [0; 4]);
            self.tallies.push(Tally { is_area, name, units, counted: false });
            self.tallies.len() - 1
        });
        &mut self.tallies[place]
    }
}

/// The hash of a fact that several texts, ids and numbers make.
pub(super) fn mark(parts: &[&[u8]]) -> u128 {
    use std::hash::Hasher as _;
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish128().into()
}

/// The hash of "this booking has this seat", or so many places of this area.
pub(super) fn claim_mark(is_area: bool, unit: &str, booking: [u8; 16], quantity: i64) -> u128 {
    mark(&[&[u8::from(is_area)], unit.as_bytes(), &booking, &quantity.to_le_bytes()])
}

/// The hash of "this booking is held until then".
pub(super) fn hold_mark(expires_at: i64, booking: [u8; 16], area: Option<&str>) -> u128 {
    mark(&[&expires_at.to_le_bytes(), &booking, area.unwrap_or("\0").as_bytes()])
}

/// The hash of "this change is the answer to a key".
pub(super) fn answer_mark(seq: i64) -> u128 {
    mark(&[&seq.to_le_bytes()])
}
