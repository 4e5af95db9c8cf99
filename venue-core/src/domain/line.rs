//! Lines: what a booking has and at which price. They outlive the claims.

use std::borrow::Cow;
use std::sync::Arc;

use super::ids::SlotId;
use super::instant::Instant;

/// What a line has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// One seat.
    Seat {
        /// Its stable id.
        guid: Arc<str>,
        /// Its label when it was sold.
        label: Arc<str>,
    },
    /// Places of an area.
    Area {
        /// The area's name.
        name: Arc<str>,
    },
}

/// One unit (or quantity of an area) of a booking, with its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the booking, from 1.
    pub n: u8,
    /// Of this slot.
    pub slot: SlotId,
    /// What.
    pub unit: Unit,
    /// How many places: 1 for a seat.
    pub quantity: u8,
    /// In this category.
    pub category: Arc<str>,
    /// At this rate: the ticket type.
    pub rate: Cow<'static, str>,
    /// Minor units for one place.
    pub unit_price: i64,
    /// When the line was cancelled, if it was.
    pub cancelled_at: Option<Instant>,
}

impl Line {
    /// True until the line is cancelled.
    pub const fn is_live(&self) -> bool {
        self.cancelled_at.is_none()
    }

    /// Minor units for all its places. Within i64 by the bounds of price and quantity.
    pub fn amount(&self) -> i64 {
        self.unit_price * i64::from(self.quantity)
    }
}

/// The sum of the live lines, in minor units.
pub fn total(lines: &[Line]) -> i64 {
    lines.iter().filter(|line| line.is_live()).map(Line::amount).sum()
}

/// The units of the live lines.
pub fn unit_count(lines: &[Line]) -> i64 {
    lines.iter().filter(|line| line.is_live()).map(|line| i64::from(line.quantity)).sum()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn line(n: u8, unit: Unit, quantity: u8) -> Line {
        let slot = SlotId::from_bytes([2; 16]);
        let (category, rate) = ("one".into(), "standard".into());
        Line { n, slot, unit, quantity, category, rate, unit_price: 1950, cancelled_at: None }
    }

    pub(crate) fn seat_line(n: u8, guid: &str) -> Line {
        line(n, Unit::Seat { guid: guid.into(), label: guid.into() }, 1)
    }

    pub(crate) fn area_line(n: u8, name: &str, quantity: u8) -> Line {
        line(n, Unit::Area { name: name.into() }, quantity)
    }

    #[test]
    fn the_total_is_over_live_lines() {
        let mut lines = [seat_line(1, "A-1"), area_line(2, "Stand", 3)];
        assert_eq!((total(&lines), unit_count(&lines)), (4 * 1950, 4));
        lines[1].cancelled_at = Some(Instant::EPOCH);
        assert_eq!((total(&lines), unit_count(&lines)), (1950, 1));
    }
}
