//! Commands, and what else may happen to a box office.

use std::collections::BTreeSet;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, perhaps with the right token.
    Public {
        /// Shows the token of the booking, if it has one.
        token: bool,
    },
    /// A buyer who is known.
    Customer(u8),
    /// The box office.
    Terminal,
    /// The organizer.
    Organizer,
}

impl Who {
    /// True of the box office and the organizer.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Terminal | Self::Organizer)
    }
}

/// Which units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Seats by their places in the plan; the last one is not there.
    Seats(BTreeSet<usize>),
    /// Places of the area.
    Places(i64),
    /// Places of an area that is not there.
    Nowhere(i64),
}

/// How it is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// Without a word.
    Silent,
    /// By a provider's payment of this name.
    Card(u8),
    /// By a payment that names a cent too much.
    Wrong(u8),
}

/// What is done. Bookings are named by their place; [`super::NEVER`] was never made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Units for so many microseconds, for this buyer.
    Hold(usize, What, Option<i64>, Option<u8>),
    /// Units at once.
    Sell(usize, What, Pay, Option<u8>),
    /// Makes a hold final.
    Confirm(usize, Pay),
    /// Makes a hold longer.
    Extend(usize),
    /// Gives a hold back.
    Release(usize),
    /// Says that a hold is over.
    Expire(usize),
    /// All of a booking, or one line.
    Cancel(usize, Option<u32>),
    /// Withholds as kill or house hold, or lifts.
    House {
        /// Of this slot.
        slot: usize,
        /// Which units.
        what: What,
        /// As a kill.
        kill: bool,
        /// Gives free.
        lift: bool,
    },
    /// Closes or opens a slot.
    Switch(usize, bool),
}

impl Act {
    /// The booking that it is about.
    pub fn booking(&self) -> Option<usize> {
        match self {
            Self::Confirm(booking, _)
            | Self::Extend(booking)
            | Self::Release(booking)
            | Self::Expire(booking)
            | Self::Cancel(booking, _) => Some(*booking),
            Self::Hold(..) | Self::Sell(..) | Self::House { .. } | Self::Switch(..) => None,
        }
    }
}

/// Something that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// By whom.
    pub who: Who,
    /// What.
    pub act: Act,
}

/// A step of a run. `engine` is one of the handles that have the file open.
#[derive(Debug, Clone)]
pub enum Step {
    /// Ask; with a key of its own, or without.
    Ask {
        /// Whom.
        engine: usize,
        /// What.
        command: Command,
        /// Under this key.
        key: Option<usize>,
    },
    /// Ask again, perhaps elsewhere, what was asked under this key.
    Replay {
        /// Whom.
        engine: usize,
        /// The key.
        key: usize,
    },
    /// Both clocks go on by so many microseconds.
    Tick(i64),
    /// All that is due is swept and the clock accepted; then the wall clock alone jumps by so much, forwards or back.
    Jump {
        /// Who sweeps.
        engine: usize,
        /// By so many microseconds.
        by: i64,
    },
    /// The owner says that the clock is right.
    Accept {
        /// To whom.
        engine: usize,
    },
    /// A handle is closed, or left behind open, and the file opened anew.
    Reopen {
        /// Which.
        engine: usize,
        /// It is not closed.
        leak: bool,
    },
    /// Sweep.
    Sweep {
        /// By whom.
        engine: usize,
    },
    /// A backup is made, everybody leaves, and it takes the file's place.
    Restore,
}
