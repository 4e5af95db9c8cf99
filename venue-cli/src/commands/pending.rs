//! Drawings in plain letters: a line a row, a letter a seat.

use std::fmt::Write;

use venue_core::domain::inventory::UnitState;
use venue_core::domain::view::{PlanView, SlotMap};

use crate::output::printable;

/// Every seat of a slot by what it is.
pub(crate) fn slot_map(map: &SlotMap, _colour: bool, _width: usize) -> String {
    let mut text = String::from("free .  held h  sold #  house o  killed x\n");
    let mut row = None;
    for seat in &map.seats {
        let this = (seat.section.as_deref(), &*seat.row);
        if row != Some(this) {
            let section = printable(this.0.unwrap_or(""));
            let _ = write!(text, "\n{section:>12} {:>4}  ", printable(this.1));
            row = Some(this);
        }
        text.push(match seat.state {
            UnitState::Free => '.',
            UnitState::Held => 'h',
            UnitState::Sold => '#',
            UnitState::House => 'o',
            UnitState::Killed => 'x',
        });
    }
    text.push('\n');
    text
}

/// A plan's rows and how many seats each has.
pub(crate) fn plan(plan: &PlanView, _colour: bool, _width: usize) -> String {
    let mut counts = vec![0_usize; plan.rows.len()];
    for seat in &plan.seats {
        if let Some(count) = usize::try_from(seat.row).ok().and_then(|row| counts.get_mut(row)) {
            *count += 1;
        }
    }
    let mut text = String::new();
    for (place, count) in counts.iter().enumerate() {
        let _ = writeln!(text, "row {:>4}  {}", place + 1, ".".repeat(*count));
    }
    text
}
