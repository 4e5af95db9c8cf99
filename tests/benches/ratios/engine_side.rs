//! The engine's side: a file with an open engine, and callers that sell through it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use venue_core::domain::caller::Caller;
use venue_core::domain::error::Error;
use venue_core::domain::request::{Sell, Wanted};
use venue_core::domain::text::SeatName;
use venue_core::engine::{Engine, OpenOptions};

use super::catalog::{self, Hall, SLOTS};
use super::rows;

/// Which seats of a hall go first.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// Now here, now there.
    Scattered,
    /// The front rows.
    FrontFirst,
}

/// The two neighbouring seats of the n-th pair of all that are sold of halls of so many, and the slot.
pub(crate) fn pair_of(n: usize, seats: usize, order: Order) -> (usize, [String; 2]) {
    let pairs = seats / 2;
    let step = match order {
        Order::Scattered => 7_919,
        Order::FrontFirst => 1,
    };
    let pair = n % pairs * step % pairs;
    (n / pairs, [0, 1].map(|side| catalog::seat(pair * 2 + side)))
}

/// An open file that is sold from.
#[derive(Debug)]
pub(crate) struct House {
    engine: Engine,
    /// Where the file lies.
    pub(crate) path: PathBuf,
    /// The slot that is sold now.
    slot: AtomicUsize,
    /// Pairs of seats that were given out.
    pairs: AtomicUsize,
}

impl House {
    /// Makes a file in a folder and opens it.
    pub(crate) fn make(folder: &Path, hall: Hall) -> Self {
        let path = folder.join("venue.db");
        catalog::make(&path, hall);
        Self::open(&path)
    }

    /// Opens a file that was made before.
    pub(crate) fn open(path: &Path) -> Self {
        let engine = Engine::open(path, &OpenOptions::default()).expect("the file opens");
        let path = path.to_owned();
        Self { engine, path, slot: AtomicUsize::new(0), pairs: AtomicUsize::new(0) }
    }

    /// A caller who buys two places of the hot slot at each call.
    pub(crate) fn buyer(&self) -> impl FnMut() {
        let (caller, mut at) = (Caller::local(), 0);
        let mut request = rows::request(at);
        move || {
            loop {
                let now = self.slot.load(Ordering::Relaxed);
                if at != now {
                    (at, request) = (now, rows::request(now));
                }
                match self.engine.sell(&caller, request.clone()) {
                    Ok(_) => return,
                    Err(error) if error.code() == "sold_out" && at + 1 < SLOTS => {
                        let order = Ordering::Relaxed;
                        let _ = self.slot.compare_exchange(at, at + 1, order, order);
                    }
                    Err(error) => panic!("a sale failed: {error}"),
                }
            }
        }
    }

    /// A caller of whose calls 99 of 100 ask for places of the last slot, which is sold out.
    pub(crate) fn mostly_late(&self, n: usize) -> impl FnMut() {
        let (caller, late) = (Caller::local(), rows::request(SLOTS - 1));
        let mut winner = self.buyer();
        let mut turn = n;
        move || {
            turn += 1;
            if turn.is_multiple_of(100) {
                return winner();
            }
            match self.engine.sell(&caller, late.clone()) {
                Err(Error::Refused(refusal)) if refusal.code() == "sold_out" => {}
                other => panic!("a sold out slot answered {other:?}"),
            }
        }
    }

    /// Kills all places of the last slot.
    pub(crate) fn sell_out_the_last(&self) {
        let connection = rusqlite::Connection::open(&self.path).expect("the file opens");
        let (event, slot) = (catalog::event(), catalog::slot(SLOTS - 1));
        let (places, nobody) = (catalog::PLACES, [0_u8; 16]);
        let counter = "INSERT INTO area VALUES (?1, ?2, 'Stand', ?3, 0, 0, 0, ?3)";
        let claim = "INSERT INTO area_claim VALUES (?1, ?2, 'Stand', 2, ?4, ?3)";
        let version = "UPDATE slot SET version = version + 1 WHERE event = ?1 AND id = ?2";
        let all = rusqlite::params![event, slot, places, nobody];
        connection.execute(counter, &all[..3]).expect("a counter");
        connection.execute(claim, all).expect("a claim");
        connection.execute(version, &all[..2]).expect("a version");
    }

    /// A caller who buys two neighbouring seats, never sold before, at each call.
    pub(crate) fn seat_buyer(&self, seats: usize, order: Order) -> impl FnMut() {
        let caller = Caller::local();
        move || {
            let (slot, pair) = pair_of(self.pairs.fetch_add(1, Ordering::Relaxed), seats, order);
            let seat = |name: String| name.parse::<SeatName>().expect("a seat");
            let wanted = Wanted::seats(pair.map(seat).to_vec());
            let slot = catalog::slot_name(slot);
            let request = Sell { slot, wanted, payment: None, buyer: None };
            if let Err(error) = self.engine.sell(&caller, request) {
                panic!("a seat was not sold: {error}");
            }
        }
    }
}
