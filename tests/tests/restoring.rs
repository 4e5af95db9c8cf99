//! What is true of a file that a backup took the place of.

use venue_core::domain::caller::Caller;
use venue_core::domain::query::{BookingList, Query};
use venue_core::domain::request::{Sell, Wanted};
use venue_core::domain::view::Answer;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::fixture::{Fixture, the_match};

/// How many bookings each page of the list has.
fn pages(engine: &Engine) -> Vec<usize> {
    let (mut list, mut pages) = (BookingList::default(), Vec::new());
    loop {
        let answer = engine.query(&Caller::local(), &Query::BookingList(list.clone()));
        let Ok(Answer::BookingList(page)) = answer else { panic!("{answer:?}") };
        pages.push(page.items.len());
        match page.next {
            Some(next) => list.after = Some(next),
            None => return pages,
        }
    }
}

/// Booking numbers go on far behind those of the backup: the list does not walk through what lies between.
#[test]
fn the_first_page_of_a_restored_file_has_what_was_sold_before_and_since() {
    let fixture = Fixture::arena();
    let wanted = Wanted::area("Stehplatz".parse().unwrap(), 1);
    let sell = Sell { slot: the_match(), wanted, payment: None, buyer: None };
    let _sold = fixture.engine.sell(&Caller::local(), sell.clone()).unwrap();
    let (path, backup) = (fixture.path(), fixture.folder.path().join("backup.db"));
    fixture.engine.backup(&backup).unwrap();
    fixture.engine.close();
    let folder = fixture.folder;

    Engine::restore(&backup, &path, &OpenOptions::default()).unwrap();
    let engine = Engine::open(&path, &OpenOptions::default()).unwrap();
    assert_eq!(pages(&engine), [1]);
    let _sold = engine.sell(&Caller::local(), sell).unwrap();
    assert_eq!(pages(&engine), [2], "the gap between their numbers ends no page");
    drop(folder);
}

#[test]
fn a_handle_that_is_closed_lets_go_of_the_file_although_clones_of_it_live() {
    let fixture = Fixture::arena();
    let (path, backup) = (fixture.path(), fixture.folder.path().join("backup.db"));
    fixture.engine.backup(&backup).unwrap();
    let clone = fixture.engine.clone();
    let list = Query::BookingList(BookingList::default());
    assert!(clone.query(&Caller::local(), &list).is_ok());
    let restore = || Engine::restore(&backup, &path, &OpenOptions::default());
    assert_eq!(restore().unwrap_err().code(), "in_use");
    fixture.engine.close();
    restore().unwrap();
    let closed = clone.query(&Caller::local(), &list).unwrap_err();
    assert_eq!(closed.code(), "engine_closed");
    let again = fixture.folder.path().join("again.db");
    assert_eq!(clone.backup(&again).unwrap_err().code(), "engine_closed");
}
