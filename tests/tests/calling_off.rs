//! Calling off: a slot with thousands of bookings (ten thousand where the build is optimised), while others sell another
//! one; killed half way, the next call goes on; begun and left, nothing comes between. `VENUE_CALL_OFF_BOOKINGS` says how
//! many.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use venue_core::domain::booking::BookingView;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::error::Error;
use venue_core::domain::instant::Span;
use venue_core::domain::query::{BookingList, Query, SlotShow};
use venue_core::domain::request::{
    Cancel, Confirm, EventCancel, Hold, Release, Sell, SlotCancel, SlotName, Wanted,
};
use venue_core::domain::slot::SlotState;
use venue_core::domain::view::{Answer, SlotView};
use venue_core::engine::{Engine, OpenOptions, Request};
use venue_tests::children::{Player, hear, part, say};
use venue_tests::fixture::{Fixture, caller};
use venue_tests::peers::{beside, wait};

const SEASON: &str = r#"
[organizer]
slug = "wiese"
name = "Wiese"
currency = "EUR"

[[venue]]
slug = "wiese"
name = "Wiese"
time_zone = "Europe/Berlin"

[[venue.hall]]
slug = "wiese"
name = "Wiese"

[[venue.hall.area]]
name = "Gras"
capacity = 100000
category = "Gras"

[[event]]
slug = "fest"
kind = "concert"
title = "Fest"
hall = "wiese/wiese"
duration = "5h"
hold = "30m"
state = "published"
prices = { "Gras" = "20.00" }

[[event.schedule]]
starts = "2027-06-05T18:00"
rdate = ["2027-06-06T18:00"]
"#;

/// Holds beside the bookings.
const HOLDS: usize = 40;

fn bookings() -> usize {
    let wanted = std::env::var("VENUE_CALL_OFF_BOOKINGS").ok();
    let usual = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
    wanted.map_or(usual, |wanted| wanted.parse().expect("a number"))
}

fn organizer() -> Caller {
    caller(Role::Organizer, "o")
}

fn slot(day: u8) -> SlotName {
    format!("fest@2027-06-0{day}T18:00").parse().expect("a slot")
}

fn places(quantity: u32) -> Wanted {
    Wanted::area("Gras".parse().expect("a name"), quantity)
}

/// A file where so many have booked two places each of the first day, and some hold one.
fn booked(bookings: usize) -> Fixture {
    let fixture = Fixture::empty();
    let season = fixture.folder.path().join("season.toml");
    std::fs::write(&season, SEASON).expect("a season");
    fixture.import(&season);
    let mut left = bookings;
    while left > 0 {
        let some = left.min(1_000);
        let sold: Vec<_> = (0..some)
            .map(|_| {
                let sell = Sell::new(slot(5), places(2));
                let patient = Request::new(&Caller::local(), sell).deadline(Span::from_mins(10));
                fixture.engine.submit(patient)
            })
            .collect();
        for sold in sold {
            let _ = wait(sold).expect("a sale");
        }
        left -= some;
    }
    for _ in 0..HOLDS {
        let _ =
            fixture.engine.hold(&Caller::local(), Hold::new(slot(5), places(1))).expect("a hold");
    }
    fixture
}

fn show(engine: &Engine, day: u8) -> SlotView {
    let query = Query::SlotShow(SlotShow { slot: slot(day) });
    match engine.query(&Caller::local(), &query).expect("a slot") {
        Answer::Slot(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).expect("a number")
}

#[test]
fn thousands_of_bookings_end_with_their_slot_while_others_sell_another() {
    let (count, fixture) = (bookings(), booked(bookings()));
    let engine = &fixture.engine;
    let dry = SlotCancel { dry_run: true, ..SlotCancel::new(slot(5)) };
    let would = engine.slot_cancel(&organizer(), dry).expect("a dry run");
    assert_eq!((would.holds, would.bookings), (number(HOLDS), number(count)));
    assert_eq!(would.units, 2 * number(count) + number(HOLDS));
    assert_eq!(would.refund_due.minor, 4_000 * number(count));
    assert_eq!(show(engine, 5).state, SlotState::Open);

    let over = AtomicBool::new(false);
    let (mut steps, mut sold_meanwhile) = (0, 0);
    let done = std::thread::scope(|scope| {
        let seller = scope.spawn(|| {
            let mut sold = 0;
            while !over.load(Ordering::Acquire) {
                let _ =
                    engine.sell(&Caller::local(), Sell::new(slot(6), places(1))).expect("a sale");
                sold += 1;
            }
            sold
        });
        let request = Request::new(&organizer(), SlotCancel::new(slot(5)));
        let done =
            engine.call_watched(request, &mut |_, _, _| steps += 1).expect("a cancelled slot");
        over.store(true, Ordering::Release);
        sold_meanwhile = seller.join().expect("a seller");
        done
    });
    let done = match done {
        venue_core::domain::reply::Reply::SlotCancel(done) => done,
        other => panic!("{other:?}"),
    };
    assert_eq!((done.holds, done.bookings, done.units), (would.holds, would.bookings, would.units));
    assert_eq!(done.refund_due, would.refund_due);
    assert!(steps >= count / 200, "{steps} steps are not many small ones");
    assert!(sold_meanwhile > 0, "nobody sold between {steps} steps");
    let (off, on) = (show(engine, 5), show(engine, 6));
    assert_eq!((off.state, off.sold, off.held), (SlotState::Cancelled, 0, 0));
    assert_eq!(on.sold, sold_meanwhile);
    let again = engine.slot_cancel(&organizer(), SlotCancel::new(slot(5)));
    assert_eq!(again.expect_err("it is cancelled").code(), "slot_cancelled");
    fixture.assert_healthy();
    println!("{count} bookings ended in {steps} steps, {sold_meanwhile} sales between them");
}

#[test]
fn what_was_begun_and_left_lets_nothing_come_between_and_is_ended_by_the_next() {
    let fixture = booked(30);
    let engine = &fixture.engine;
    let held = engine.hold(&Caller::local(), Hold::new(slot(5), places(1))).expect("a hold");
    let sold = engine.sell(&Caller::local(), Sell::new(slot(5), places(1))).expect("a sale");
    // A future that nobody awaits: its command is done, and nobody ends what it began.
    let key = "slot-cancelled-and-left".parse().expect("a key");
    let request = Request::new(&organizer(), SlotCancel::new(slot(5))).key(key);
    drop_when_begun(engine, request);
    let code = |answer: Result<BookingView, Error>| answer.expect_err("a refusal").code();
    assert_eq!(
        code(engine.confirm(&Caller::local(), Confirm::new(held.reference))),
        "slot_cancelled"
    );
    assert_eq!(
        code(engine.release(&Caller::local(), Release::new(held.reference))),
        "slot_cancelled"
    );
    assert_eq!(
        code(engine.cancel(&Caller::local(), Cancel::new(sold.reference))),
        "slot_cancelled"
    );
    assert_eq!(
        code(engine.sell(&Caller::local(), Sell::new(slot(5), places(1)))),
        "slot_cancelled"
    );
    assert_eq!(show(engine, 5).state, SlotState::Cancelled);
    fixture.assert_healthy();

    let done = engine.slot_cancel(&organizer(), SlotCancel::new(slot(5))).expect("it goes on");
    assert_eq!((done.holds, done.bookings), (number(HOLDS) + 1, 31));
    assert_eq!(code(engine.confirm(&Caller::local(), Confirm::new(held.reference))), "released");
    assert_eq!(code(engine.cancel(&Caller::local(), Cancel::new(sold.reference))), "cancelled");
    fixture.assert_healthy();
}

#[test]
fn a_sweep_ends_what_was_left_and_the_key_finds_the_answer() {
    let fixture = booked(30);
    let key: venue_core::domain::text::Key = "an-event-called-off-and-left".parse().expect("a key");
    let fest = || EventCancel::new("fest".parse().expect("a slug"));
    drop_when_begun(&fixture.engine, Request::new(&organizer(), fest()).key(key.clone()));
    assert_eq!(show(&fixture.engine, 6).state, SlotState::Cancelled);
    let _ = fixture.engine.sweep().expect("a sweep");
    assert_eq!(show(&fixture.engine, 5).sold, 0);
    fixture.assert_healthy();
    let found =
        fixture.engine.call(Request::new(&organizer(), fest()).key(key)).expect("the answer");
    let venue_core::domain::reply::Reply::EventCancel(done) = found else { panic!("{found:?}") };
    assert_eq!((done.slots, done.holds, done.bookings), (2, number(HOLDS), 30));
}

/// Has a command begun, and nobody there to end it.
fn drop_when_begun(engine: &Engine, request: Request) {
    let before = feed_length(engine);
    let submitted = engine.submit(request);
    while feed_length(engine) == before {
        std::thread::yield_now();
    }
    drop(submitted);
}

fn feed_length(engine: &Engine) -> i64 {
    let count = "SELECT count(*) FROM change WHERE kind IN ('slot.cancelled', 'event.cancelled')";
    beside(engine.path()).query_one(count, [], |row| row.get(0)).expect("a number")
}

/// How many bookings have ended with the first day so far.
fn ended(path: &Path) -> i64 {
    let sum = "SELECT COALESCE(SUM(bookings), 0) FROM job";
    beside(path).query_one(sum, [], |row| row.get(0)).expect("a number")
}

#[test]
fn killed_half_way_the_next_call_goes_on() {
    let fixture = booked(600);
    let mut player = Player::start("call_off", &fixture.path());
    assert_eq!(player.line(), "ready");
    player.tell("go");
    while ended(&fixture.path()) == 0 {
        std::thread::yield_now();
    }
    let _ = player.kill();
    let so_far = ended(&fixture.path());
    assert!(so_far > 0);
    fixture.assert_healthy();
    let done = fixture.engine.slot_cancel(&organizer(), SlotCancel::new(slot(5)));
    match done {
        Ok(done) => assert_eq!((done.holds, done.bookings), (number(HOLDS), 600)),
        // It was quick: all was done before the kill.
        Err(error) => assert_eq!((error.code(), so_far), ("slot_cancelled", 600)),
    }
    let list = BookingList { slot: Some(slot(5)), limit: Some(1_000), ..BookingList::default() };
    let answer = fixture.engine.query(&organizer(), &Query::BookingList(list)).expect("a list");
    let Answer::BookingList(page) = answer else { panic!("{answer:?}") };
    let why = |it: &BookingView| it.ended_why.as_ref().map(|why| why.as_str().to_owned());
    assert!(page.items.iter().all(|it| why(it).as_deref() == Some("slot_cancelled")));
    fixture.assert_healthy();
}

/// The part that another process plays.
#[test]
fn child() {
    let Some((part, file)) = part() else { return };
    assert_eq!(part, "call_off");
    let engine = Engine::open(&file, &OpenOptions::default()).expect("an open file");
    say("ready");
    assert_eq!(hear().as_deref(), Some("go"));
    let _ = engine.slot_cancel(&organizer(), SlotCancel::new(slot(5))).expect("a cancelled slot");
    say("done");
}
