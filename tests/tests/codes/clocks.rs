//! Clocks that are wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{BookingShow, Query};
use venue_core::domain::request::{Confirm, Hold, Wanted};
use venue_core::engine::{Clock, ClockState, Engine, ImportOptions, NewFile, OpenOptions};
use venue_tests::fixture::{FIRST_DAY, at, caller, data, the_match};

use super::requests::sale;
use super::{Way, code};

/// Codes of clocks.
pub(crate) const WAYS: &[Way] = &[("clock_jumped", clock_jumped)];

/// Clocks that stand where they are put.
#[derive(Debug)]
struct Hands {
    wall: AtomicI64,
    monotonic: AtomicU64,
}

impl Clock for Hands {
    fn wall(&self) -> Instant {
        Instant::clamped(self.wall.load(Ordering::SeqCst))
    }
    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.monotonic.load(Ordering::SeqCst))
    }
}

impl Hands {
    fn put(&self, wall: Instant) {
        self.wall.store(wall.micros(), Ordering::SeqCst);
    }

    /// So much time passes, as it should.
    fn pass(&self, seconds: u64) {
        let micros = i64::try_from(seconds * 1_000_000).expect("a short time");
        self.wall.fetch_add(micros, Ordering::SeqCst);
        self.monotonic.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// A box office that reads these clocks.
struct Office {
    folder: tempfile::TempDir,
    hands: Arc<Hands>,
    engine: Engine,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("venue.db");
        let wall = AtomicI64::new(at(FIRST_DAY).micros());
        let hands = Arc::new(Hands { wall, monotonic: AtomicU64::new(1_000) });
        let options = OpenOptions::default().clock(hands.clone());
        Engine::create(&path, &NewFile::default(), &options).expect("a new file");
        let engine = Engine::open(&path, &options).expect("an open file");
        let season = [data("arena-season.toml")];
        let done =
            engine.import(&Caller::local(), &season, &ImportOptions::default(), &mut |_, _, _| {});
        done.expect("an import");
        Self { folder, hands, engine }
    }

    fn sell(&self) -> String {
        match self.engine.sell(&Caller::local(), sale()) {
            Ok(view) => view.state.name().to_owned(),
            Err(error) => error.code().to_owned(),
        }
    }

    fn assert_healthy(&self) {
        let path = self.folder.path().join("venue.db");
        let doctor = Engine::doctor(path, &OpenOptions::default(), &mut |_, _, _| {});
        let doctor = doctor.expect("doctor");
        assert!(doctor.ok, "{:?}", doctor.checks);
    }
}

fn clock_jumped() -> String {
    let office = Office::new();
    assert_eq!(office.sell(), "confirmed");
    office.hands.put(at("2099-01-01T00:00:00Z"));
    code(office.engine.sell(&Caller::local(), sale()))
}

#[test]
fn a_clock_that_jumps_to_2099_and_comes_back_loses_nothing_and_freezes_nothing() {
    let office = Office::new();
    let buyer = caller(Role::Customer, "b");
    let wanted = Wanted::area("Stehplatz".parse().unwrap(), 2);
    let hold = Hold { slot: the_match(), wanted, ttl: None, buyer: None };
    let held = office.engine.hold(&buyer, hold).unwrap();
    let right = office.hands.wall();
    office.hands.put(at("2099-01-01T00:00:00Z"));
    for _ in 0..3 {
        assert_eq!(office.sell(), "clock_jumped");
    }
    // Reading goes on; nothing was written, and the hold is as it was once the clock is right.
    let show = Query::BookingShow(BookingShow { booking: held.id.into() });
    assert!(office.engine.query(&buyer, &show).is_ok());
    office.hands.put(right);
    office.hands.pass(2);
    assert_eq!(office.sell(), "confirmed");
    let confirm = Confirm { booking: held.id.into(), payment: None };
    assert!(office.engine.confirm(&buyer, confirm).is_ok());
    office.assert_healthy();
}

#[test]
fn a_clock_that_goes_back_an_hour_sells_again_when_it_is_right_or_accepted() {
    let office = Office::new();
    assert_eq!(office.sell(), "confirmed");
    let right = office.hands.wall();
    office.hands.put(right.minus(Span::from_hours(1)));
    assert_eq!(office.sell(), "clock_behind");
    assert_eq!(office.engine.clock_show().unwrap().state, ClockState::ClockBehind);
    office.hands.put(right);
    assert_eq!(office.sell(), "confirmed");
    office.hands.put(right.minus(Span::from_hours(1)));
    assert_eq!(office.sell(), "clock_behind");
    let accepted = office.engine.clock_accept(&Caller::local()).unwrap();
    assert_eq!((accepted.state, accepted.floor), (ClockState::Right, office.hands.wall()));
    office.hands.pass(60);
    assert_eq!(office.sell(), "confirmed");
    office.assert_healthy();
}

#[test]
fn who_accepts_2099_can_come_back() {
    let office = Office::new();
    assert_eq!(office.sell(), "confirmed");
    let right = office.hands.wall();
    // Before the match is over, or nothing could be sold.
    office.hands.put(at("2027-10-01T00:00:00Z"));
    assert_eq!(office.sell(), "clock_jumped");
    office.engine.clock_accept(&Caller::local()).unwrap();
    assert_eq!(office.sell(), "confirmed");
    office.hands.put(right);
    assert_eq!(office.sell(), "clock_behind");
    office.engine.clock_accept(&Caller::local()).unwrap();
    office.hands.pass(1);
    assert_eq!(office.sell(), "confirmed");
    office.assert_healthy();
}
