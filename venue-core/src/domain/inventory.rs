//! What a slot sells: seats one by one, and areas by number. The one function that takes capacity is here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ids::BookingId;

/// Who owns a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A live booking, held or confirmed.
    Booking(BookingId),
    /// Kept for staff to sell.
    House,
    /// Nobody may have it.
    Kill,
}

/// What a unit counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitState {
    /// Anybody may have it.
    Free,
    /// A live hold has it.
    Held,
    /// It is sold.
    Sold,
    /// Kept for staff to sell.
    House,
    /// Nobody may have it.
    Killed,
}

impl UnitState {
    /// The name as text.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "held",
            Self::Sold => "sold",
            Self::House => "house",
            Self::Killed => "killed",
        }
    }
}

/// How many of so many units are what. Of an area, of the seats of a category, or of a whole slot.
///
/// I1: `held + sold + house + killed <= capacity`, always; the schema holds it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// All units.
    pub capacity: i64,
    /// In live holds (or due ones that nobody has written down yet).
    pub held: i64,
    /// Sold.
    pub sold: i64,
    /// Kept for staff.
    pub house: i64,
    /// Withdrawn.
    pub killed: i64,
}

impl Count {
    /// So many units, all free.
    pub const fn of(capacity: i64) -> Self {
        Self { capacity, held: 0, sold: 0, house: 0, killed: 0 }
    }

    /// Units that anybody may have.
    pub const fn free(&self) -> i64 {
        self.capacity - self.held - self.sold - self.house - self.killed
    }

    /// Whether no state has fewer than no units, and all of them together have no more than there are.
    pub fn adds_up(&self) -> bool {
        let states = [self.held, self.sold, self.house, self.killed];
        let all = states.iter().try_fold(0_i64, |sum, units| sum.checked_add(*units));
        states.iter().all(|units| *units >= 0) && all.is_some_and(|all| all <= self.capacity)
    }

    /// Moves units from one state to another. The one function that takes and gives back capacity: units that are
    /// not there cannot be moved, and then nothing is.
    pub fn shift(&mut self, quantity: i64, from: UnitState, to: UnitState) -> Result<(), NotThere> {
        let mut moved = *self;
        for (state, by) in [(from, quantity.checked_neg()), (to, Some(quantity))] {
            let place = match state {
                UnitState::Free => continue,
                UnitState::Held => &mut moved.held,
                UnitState::Sold => &mut moved.sold,
                UnitState::House => &mut moved.house,
                UnitState::Killed => &mut moved.killed,
            };
            *place = by.and_then(|by| place.checked_add(by)).ok_or(NotThere)?;
        }
        if quantity < 0 || !moved.adds_up() {
            return Err(NotThere);
        }
        *self = moved;
        Ok(())
    }

    /// Adds another count, for sums over areas and categories.
    pub fn add(&mut self, other: &Self) {
        self.capacity += other.capacity;
        self.held += other.held;
        self.sold += other.sold;
        self.house += other.house;
        self.killed += other.killed;
    }
}

/// Units that were to be moved are not in the state that somebody's rows say: the rows contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotThere;

/// Why an area cannot give the places asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaRefusal {
    /// Nothing is free, and no live hold could give anything back.
    SoldOut,
    /// Nothing is free now, but at least one place is in a live hold.
    AllHeld,
    /// Something is free, but less than asked.
    NotEnoughFree {
        /// So many are.
        free: i64,
    },
}

/// Whether an area can give `asked` places. The count holds live holds only: due ones are closed before.
pub fn area_can_give(count: &Count, asked: i64) -> Result<(), AreaRefusal> {
    match count.free() {
        free if asked <= free => Ok(()),
        free if free > 0 => Err(AreaRefusal::NotEnoughFree { free }),
        _ if count.held > 0 => Err(AreaRefusal::AllHeld),
        _ => Err(AreaRefusal::SoldOut),
    }
}

/// Whether a seat with this owner can be given to a buyer; `staff` sell house seats by name.
pub const fn seat_can_be_given(owner: Option<Owner>, staff: bool) -> bool {
    match owner {
        None => true,
        Some(Owner::House) => staff,
        Some(Owner::Kill | Owner::Booking(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_area_says_why_it_cannot_give() {
        let count = |held, sold, house| Count { capacity: 10, held, sold, house, killed: 1 };
        for (count, asked, answer) in [
            (count(0, 0, 0), 9, Ok(())),
            (count(0, 0, 0), 10, Err(AreaRefusal::NotEnoughFree { free: 9 })),
            (count(4, 5, 0), 1, Err(AreaRefusal::AllHeld)),
            (count(0, 5, 4), 1, Err(AreaRefusal::SoldOut)),
            (count(1, 5, 2), 1, Ok(())),
        ] {
            assert_eq!(area_can_give(&count, asked), answer);
        }
    }

    #[test]
    fn only_staff_are_given_house_seats_and_nobody_a_kill() {
        let booking = Owner::Booking(BookingId::from_bytes([1; 16]));
        for (owner, public, staff) in [
            (None, true, true),
            (Some(Owner::House), false, true),
            (Some(Owner::Kill), false, false),
            (Some(booking), false, false),
        ] {
            assert_eq!(seat_can_be_given(owner, false), public);
            assert_eq!(seat_can_be_given(owner, true), staff);
        }
    }

    #[test]
    fn units_that_are_not_there_cannot_be_moved_and_nothing_is() {
        use UnitState::{Free, Held, House, Killed, Sold};
        let before = Count { capacity: 5, held: 1, sold: 1, house: 1, killed: 1 };
        for (quantity, from, to) in [
            (2, Free, Sold),
            (2, Held, Free),
            (2, Sold, Free),
            (2, House, Free),
            (2, Killed, Held),
            (-1, Free, Sold),
            (-1, Sold, Free),
            (-1, Held, Sold),
            (i64::MAX, Held, Sold),
            (i64::MAX, Free, Sold),
            (i64::MIN, Sold, Held),
        ] {
            let mut count = before;
            assert_eq!(
                count.shift(quantity, from, to),
                Err(NotThere),
                "{quantity} {from:?} {to:?}"
            );
            assert_eq!(count, before);
        }
    }

    #[test]
    fn a_count_adds_up_or_is_damaged() {
        let sound = Count { capacity: 4, held: 1, sold: 1, house: 1, killed: 1 };
        assert!(sound.adds_up() && Count::of(0).adds_up() && Count::of(7).adds_up());
        for damaged in [
            Count { capacity: 3, ..sound },
            Count { held: -1, ..sound },
            Count { sold: -1, ..sound },
            Count { house: -1, ..sound },
            Count { killed: -1, ..sound },
            Count { held: i64::MAX, sold: i64::MAX, ..sound },
            Count::of(-1),
        ] {
            assert!(!damaged.adds_up(), "{damaged:?}");
        }
    }

    proptest! {
        #[test]
        fn units_are_neither_made_nor_lost(moves in prop::collection::vec((0..5usize, 0..5usize, 0i64..4), 0..60)) {
            let states = [UnitState::Free, UnitState::Held, UnitState::Sold, UnitState::House, UnitState::Killed];
            let mut count = Count::of(10);
            for (from, to, quantity) in moves {
                let have = [count.free(), count.held, count.sold, count.house, count.killed][from];
                prop_assert_eq!(count.shift(quantity.min(have), states[from], states[to]), Ok(()));
                prop_assert_eq!(count.free() + count.held + count.sold + count.house + count.killed, 10);
            }
        }
    }

    #[test]
    fn what_nobody_has_is_free() {
        let count = Count { capacity: 20, held: 1, sold: 2, house: 3, killed: 4 };
        assert_eq!((count.free(), Count::of(20).free()), (10, 20));
    }

    #[test]
    fn counts_add_up_state_by_state() {
        let mut sum = Count { capacity: 20, held: 1, sold: 2, house: 3, killed: 4 };
        sum.add(&Count { capacity: 30, held: 2, sold: 3, house: 4, killed: 5 });
        assert_eq!(sum, Count { capacity: 50, held: 3, sold: 5, house: 7, killed: 9 });
    }

    #[test]
    fn a_unit_that_moves_leaves_one_state_and_enters_another() {
        let mut count = Count::of(3);
        count.shift(3, UnitState::Free, UnitState::Held).unwrap();
        count.shift(2, UnitState::Held, UnitState::Sold).unwrap();
        count.shift(1, UnitState::Sold, UnitState::Free).unwrap();
        assert_eq!(count, Count { capacity: 3, held: 1, sold: 1, house: 0, killed: 0 });
        count.shift(1, UnitState::Free, UnitState::House).unwrap();
        count.shift(1, UnitState::House, UnitState::Killed).unwrap();
        assert_eq!(count, Count { capacity: 3, held: 1, sold: 1, house: 0, killed: 1 });
    }

    #[test]
    fn a_unit_state_has_one_name_in_text_and_json() {
        for (state, name) in [
            (UnitState::Free, "free"),
            (UnitState::Held, "held"),
            (UnitState::Sold, "sold"),
            (UnitState::House, "house"),
            (UnitState::Killed, "killed"),
        ] {
            assert_eq!(state.name(), name);
            assert_eq!(serde_json::to_value(state).unwrap(), name);
        }
    }
}
