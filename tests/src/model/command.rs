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
    /// Calls a slot off.
    CallOff(usize, Care),
    /// Moves a slot to this instant.
    Postpone(usize, i64, Care),
    /// Does something to an event, which is expected to have this version.
    Event(usize, EventAct, Option<u32>),
}

/// How carefully something large is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// It is to be done.
    None,
    /// It is to be said what would be done.
    DryRun,
    /// It is to be done to a version that never was.
    Stale,
}

/// What is done to an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventAct {
    /// Its sale begins.
    Publish,
    /// The book on it is closed.
    Complete,
    /// It goes away.
    Delete,
    /// It is called off with all its slots, or it is said what that would do.
    Cancel {
        /// Only said.
        dry_run: bool,
    },
    /// One of its terms changes.
    Edit(Term),
    /// Another event of these terms is made, by this number, perhaps with the schedules.
    Clone {
        /// The new event's number.
        number: u8,
        /// With the schedules.
        schedules: bool,
    },
    /// It gets a schedule of these dates, the first of which is not left out.
    Schedule(Vec<i64>),
}

/// A term of an event, in microseconds or minor units where it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Its name for people.
    Title(u8),
    /// The most units of one booking.
    PerBooking(i64),
    /// The most units of one buyer and slot; none: as many as there are.
    PerBuyer(Option<i64>),
    /// What the first category costs.
    Price(i64),
    /// How long a hold lives.
    Hold(i64),
    /// The public's sale begins so long before the start; none: with the publication.
    SaleFrom(Option<i64>),
    /// It ends so long before the start; none: at the start.
    SaleUntil(Option<i64>),
}

impl Act {
    /// The slot that it is about.
    pub fn slot(&self) -> Option<usize> {
        match self {
            Self::Hold(slot, ..)
            | Self::Sell(slot, ..)
            | Self::House { slot, .. }
            | Self::Switch(slot, _)
            | Self::CallOff(slot, _)
            | Self::Postpone(slot, ..) => Some(*slot),
            Self::Confirm(..)
            | Self::Extend(_)
            | Self::Release(_)
            | Self::Expire(_)
            | Self::Cancel(..)
            | Self::Event(..) => None,
        }
    }

    /// The event that it is about.
    pub fn event(&self) -> Option<usize> {
        if let Self::Event(event, ..) = self { Some(*event) } else { None }
    }

    /// True if nothing is to be done, but said.
    pub fn is_dry_run(&self) -> bool {
        matches!(
            self,
            Self::CallOff(_, Care::DryRun)
                | Self::Postpone(_, _, Care::DryRun)
                | Self::Event(_, EventAct::Cancel { dry_run: true }, _)
        )
    }

    /// The booking that it is about.
    pub fn booking(&self) -> Option<usize> {
        match self {
            Self::Confirm(booking, _)
            | Self::Extend(booking)
            | Self::Release(booking)
            | Self::Expire(booking)
            | Self::Cancel(booking, _) => Some(*booking),
            Self::Hold(..)
            | Self::Sell(..)
            | Self::House { .. }
            | Self::Switch(..)
            | Self::CallOff(..)
            | Self::Postpone(..)
            | Self::Event(..) => None,
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
    /// The slots of all schedules are made; and again, which comes to nothing.
    Generate {
        /// By whom.
        engine: usize,
    },
    /// A backup is made, everybody leaves, and it takes the file's place.
    Restore,
}
