//! Commands at random.

use std::collections::BTreeSet;

use proptest::prelude::*;

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

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Units for so many seconds, for this buyer.
    Hold(usize, What, Option<i64>, Option<u8>),
    /// Units at once.
    Sell(usize, What, Pay, Option<u8>),
    /// A booking, by its place; one that was never made is not there.
    Confirm(usize, Pay),
    /// As by confirm.
    Extend(usize),
    /// As by confirm.
    Release(usize),
    /// As by confirm.
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

/// Something that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// By whom.
    pub who: Who,
    /// What.
    pub act: Act,
}

/// A step of a run.
#[derive(Debug, Clone)]
pub enum Step {
    /// Ask; with a key of its own or without. Bookings are chosen by this number.
    Ask(Command, bool, usize),
    /// Ask again what was asked under an earlier key, chosen by this number.
    Replay(usize),
    /// Let so many seconds pass.
    Tick(i64),
    /// Close the file and open it.
    Restart,
    /// Sweep.
    Sweep,
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        2 => any::<bool>().prop_map(|token| Who::Public { token }),
        4 => (0..3u8).prop_map(Who::Customer),
        4 => Just(Who::Terminal),
        1 => Just(Who::Organizer),
    ]
}

fn what() -> impl Strategy<Value = What> {
    let one = prop_oneof![60 => 0..12usize, 1 => Just(12usize)];
    prop_oneof![
        6 => prop::collection::btree_set(one, 1..=5).prop_map(What::Seats),
        5 => (1..=5i64).prop_map(What::Places),
        1 => (1..=5i64).prop_map(What::Nowhere),
    ]
}

fn pay() -> impl Strategy<Value = Pay> {
    prop_oneof![
        4 => Just(Pay::Silent),
        2 => (0..12u8).prop_map(Pay::Card),
        1 => (0..12u8).prop_map(Pay::Wrong),
    ]
}

fn buyer() -> impl Strategy<Value = Option<u8>> {
    prop::option::weighted(0.6, 0..3u8)
}

fn ttl() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.4, prop_oneof![Just(30), Just(60), Just(300), Just(600), Just(3_600)])
}

fn house() -> impl Strategy<Value = Act> {
    (0..2usize, what(), any::<bool>(), any::<bool>())
        .prop_map(|(slot, what, kill, lift)| Act::House { slot, what, kill, lift })
}

/// Any act; bookings are filled in when it is done.
fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..2usize, what(), ttl(), buyer()).prop_map(|(s, w, t, b)| Act::Hold(s, w, t, b)),
        4 => (0..2usize, what(), pay(), buyer()).prop_map(|(s, w, p, b)| Act::Sell(s, w, p, b)),
        5 => pay().prop_map(|pay| Act::Confirm(0, pay)),
        3 => Just(Act::Extend(0)),
        3 => Just(Act::Release(0)),
        2 => Just(Act::Expire(0)),
        5 => prop::option::of(1..=4u32).prop_map(|line| Act::Cancel(0, line)),
        3 => house(),
        1 => (0..2usize, prop::bool::weighted(0.4)).prop_map(|(s, closed)| Act::Switch(s, closed)),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    (who(), act()).prop_map(|(who, act)| {
        // Most of what only staff may do is asked by staff: else little would happen.
        let who = match (&act, who) {
            (Act::House { .. } | Act::Switch(..), Who::Terminal | Who::Customer(0 | 1)) => {
                Who::Organizer
            }
            (Act::Sell(..) | Act::Cancel(..), Who::Customer(1 | 2)) => Who::Terminal,
            (_, who) => who,
        };
        Command { who, act }
    })
}

/// Any step.
pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => (command(), any::<bool>(), any::<usize>()).prop_map(|(c, key, n)| Step::Ask(c, key, n)),
        4 => any::<usize>().prop_map(Step::Replay),
        6 => (1..=200i64).prop_map(Step::Tick),
        2 => prop_oneof![Just(300), Just(720), Just(3_600)].prop_map(Step::Tick),
        1 => (3_600..=86_400i64).prop_map(Step::Tick),
        1 => Just(Step::Restart),
        1 => Just(Step::Sweep),
    ]
}
