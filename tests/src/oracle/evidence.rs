//! What the oracle judges: the history, what was read meanwhile, and the file in the end.

use std::path::Path;

use serde::{Deserialize, Serialize};
use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::Caller;
use venue_core::domain::query::{BookingList, Feed, Query, SlotList};
use venue_core::domain::view::{Answer, ChangeView, SlotView};
use venue_core::engine::{Engine, OpenOptions};

use super::history::{Record, now};

/// What a read saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Seen {
    /// A slot.
    Slot(Box<SlotView>),
    /// The feed, up to this sequence.
    Feed(i64),
    /// Nothing: the read failed, with these words.
    Nothing(String),
}

/// A read during the run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    /// When the read began.
    pub begun: u64,
    /// When it was answered.
    pub ended: u64,
    /// What it saw.
    pub seen: Seen,
}

/// All of it. The file in the end is read when nobody calls any more.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The calls of everybody, in any order.
    pub history: Vec<Record>,
    /// The reads during the run, in any order.
    pub snapshots: Vec<Snapshot>,
    /// What each follower was shown, in its order.
    pub followed: Vec<Vec<ChangeView>>,
    /// Changes up to this one were made by nobody whose calls are known.
    pub before: i64,
    /// The feed in the end.
    pub feed: Vec<ChangeView>,
    /// The bookings in the end.
    pub bookings: Vec<BookingView>,
    /// The slots in the end.
    pub slots: Vec<SlotView>,
    /// What doctor found.
    pub doctor: Vec<String>,
}

impl Evidence {
    /// Reads the file in the end; the history and what was read meanwhile are yet to be added.
    ///
    /// # Panics
    /// If the file cannot be read.
    pub fn read(path: &Path, options: &OpenOptions) -> Self {
        let diagnosis = Engine::doctor(path, options, &mut |_, _, _| {}).expect("doctor reads");
        // A handle of its own has seen nothing before.
        let engine = &Engine::open(path, options).expect("an open file");
        let found = diagnosis.checks.iter().filter(|check| !check.ok);
        Self {
            feed: feed(engine),
            bookings: bookings(engine),
            slots: slots(engine),
            doctor: found.map(|check| format!("{}: {:?}", check.name, check.found)).collect(),
            ..Self::default()
        }
    }

    /// The changes whose makers are known.
    pub(super) fn changes(&self) -> impl Iterator<Item = &ChangeView> {
        self.feed.iter().filter(|change| change.sequence > self.before)
    }
}

/// The whole feed.
///
/// # Panics
/// If it cannot be read.
pub fn feed(engine: &Engine) -> Vec<ChangeView> {
    let (mut feed, mut changes) = (Feed { limit: Some(1_000), ..Feed::default() }, Vec::new());
    loop {
        let answer = engine.query(&Caller::local(), &Query::Feed(feed.clone()));
        let Ok(Answer::Feed(page)) = answer else { panic!("{answer:?}") };
        if page.items.is_empty() && page.next == feed.after {
            return changes;
        }
        changes.extend(page.items);
        feed.after = page.next;
    }
}

fn bookings(engine: &Engine) -> Vec<BookingView> {
    let (mut list, mut bookings) =
        (BookingList { limit: Some(1_000), ..BookingList::default() }, Vec::new());
    loop {
        let answer = engine.query(&Caller::local(), &Query::BookingList(list.clone()));
        let Ok(Answer::BookingList(page)) = answer else { panic!("{answer:?}") };
        bookings.extend(page.items);
        list.after = page.next;
        if list.after.is_none() {
            return bookings;
        }
    }
}

fn slots(engine: &Engine) -> Vec<SlotView> {
    let (mut list, mut slots) =
        (SlotList { limit: Some(1_000), ..SlotList::default() }, Vec::new());
    loop {
        let answer = engine.query(&Caller::local(), &Query::SlotList(list.clone()));
        let Ok(Answer::SlotList(page)) = answer else { panic!("{answer:?}") };
        slots.extend(page.items);
        list.after = page.next;
        if list.after.is_none() {
            return slots;
        }
    }
}

impl Snapshot {
    /// Reads a slot or the feed, and writes down when.
    pub fn take(engine: &Engine, query: &Query) -> Self {
        let begun = now();
        let answer = engine.query(&Caller::local(), query);
        let ended = now();
        let seen = match answer {
            Ok(Answer::Slot(view)) => Seen::Slot(view),
            Ok(Answer::Feed(page)) => Seen::Feed(page.items.last().map_or(0, |it| it.sequence)),
            other => Seen::Nothing(format!("{other:?}")),
        };
        Self { begun, ended, seen }
    }
}
