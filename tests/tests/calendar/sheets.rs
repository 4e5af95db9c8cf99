//! The calendars that we write: read back by ourselves and by the `icalendar` crate, with the same entries.

use icalendar::{CalendarDateTime, Component as _, DatePerhapsTime};
use proptest::prelude::*;
use venue_core::domain::calendar::{Entry, Sheet, Status};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::query::{BookingCalendar, Query, SlotCalendar, SlotList};
use venue_core::domain::request::{Cancel, Hold, Sell, Wanted};
use venue_core::domain::view::{Answer, CalendarView};
use venue_core::domain::zone::Zone;
use venue_core::import::parse_calendar;
use venue_core::{Engine, Instant};
use venue_tests::fixture::{Fixture, at, caller, the_match};

/// An entry as somebody else reads it.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    uid: String,
    summary: String,
    starts_at: Instant,
    ends_at: Instant,
    status: String,
}

fn instant(time: Option<&DatePerhapsTime>) -> Instant {
    let Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(time))) = time else {
        panic!("{time:?} is not a time in UTC")
    };
    Instant::from_chrono(*time).expect("between 1970 and 9999")
}

/// What the `icalendar` crate reads.
fn by_icalendar(ics: &str) -> Vec<Read> {
    let calendar: icalendar::Calendar = ics.parse().expect("a calendar");
    assert_eq!(calendar.property_value("VERSION"), Some("2.0"));
    calendar
        .events()
        .map(|event| Read {
            uid: event.get_uid().expect("a UID").to_owned(),
            summary: event.get_summary().expect("a summary").to_owned(),
            starts_at: instant(event.get_start().as_ref()),
            ends_at: instant(event.get_end().as_ref()),
            status: event.property_value("STATUS").expect("a status").to_owned(),
        })
        .collect()
}

/// What we read; cancelled entries are not series.
fn by_us(ics: &str) -> Vec<(String, String, Instant, Instant)> {
    let zone: Zone = "UTC".parse().expect("a zone");
    let calendar = parse_calendar("own.ics", ics.as_bytes(), &zone).expect("a calendar");
    assert_eq!((calendar.skipped, calendar.warnings), (vec![], vec![]));
    let all = calendar.series.iter().map(|series| {
        let dates = series.occurrences(Instant::EPOCH, Instant::MAX);
        assert_eq!(dates.len(), 1);
        let title = series.title.to_string();
        (series.uid.clone(), title, dates[0].starts_at, dates[0].ends_at)
    });
    all.collect()
}

fn calendar(engine: &Engine, caller: &Caller, query: &Query) -> CalendarView {
    match engine.query(caller, query).expect("a calendar") {
        Answer::Calendar(calendar) => calendar,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_slots_of_a_season_are_a_calendar_that_others_read() {
    let fixture = Fixture::arena();
    let till = Caller::local();
    let query = Query::SlotCalendar(SlotCalendar::default());
    let view = calendar(&fixture.engine, &till, &query);
    let list = SlotList { limit: Some(1_000), ..SlotList::default() };
    let Answer::SlotList(page) = fixture.engine.query(&till, &Query::SlotList(list)).unwrap()
    else {
        panic!("not a list")
    };
    assert!(!page.items.is_empty() && page.next.is_none());
    assert_eq!(view.entries, page.items.len() as u64);
    assert!(view.ics.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let theirs = by_icalendar(&view.ics);
    for (read, slot) in theirs.iter().zip(&page.items) {
        assert_eq!(read.uid, slot.id.to_string());
        assert_eq!((read.starts_at, read.ends_at), (slot.starts_at, slot.ends_at));
        assert_eq!(read.status, "CONFIRMED");
    }
    let ours = by_us(&view.ics);
    let told =
        theirs.into_iter().map(|read| (read.uid, read.summary, read.starts_at, read.ends_at));
    assert_eq!(ours, told.collect::<Vec<_>>());
}

#[test]
fn a_calendar_of_slots_takes_the_filters_of_their_list() {
    let fixture = Fixture::arena();
    let till = Caller::local();
    let entries = |query: &str| {
        let query: SlotCalendar = serde_json::from_str(query).unwrap();
        calendar(&fixture.engine, &till, &Query::SlotCalendar(query)).entries
    };
    let all = entries("{}");
    let event = entries(r#"{"event":"heimspiele-2027-28"}"#);
    assert!(0 < event && event < all);
    assert_eq!(
        entries(r#"{"event":"heimspiele-2027-28","from":"2027-12-26","until":"2027-12-26"}"#),
        1
    );
    assert_eq!(entries(r#"{"until":"2020-01-01"}"#), 0);
    for (query, code) in [
        (r#"{"event":"nothing"}"#, "not_found"),
        (r#"{"hall":"no/hall"}"#, "not_found"),
        (r#"{"evnt":"x"}"#, "argument"),
        (r#"{"from":"soon"}"#, "argument"),
    ] {
        let refused = fixture.engine.call_json("slot_calendar", query.as_bytes()).unwrap_err();
        assert_eq!(refused.code(), code, "{query}");
    }
    let json = fixture.engine.call_json("slot_calendar", b"{}").unwrap();
    assert_eq!(
        (json["type"].as_str(), json["data"]["entries"].as_u64()),
        (Some("calendar"), Some(all))
    );
}

#[test]
fn a_booking_is_an_entry_that_grows_and_is_cancelled() {
    let fixture = Fixture::arena();
    let (till, buyer) = (Caller::local(), caller(Role::Customer, "b-1"));
    let seats = |name: &str| Wanted::seats(vec![name.parse().unwrap()]);
    let held = Hold { slot: the_match(), wanted: seats("D-14-1"), ttl: None, buyer: None };
    let held = fixture.engine.hold(&buyer, held).unwrap();
    let query = Query::BookingCalendar(BookingCalendar { booking: held.reference.into() });
    let read = |caller: &Caller| {
        let view = calendar(&fixture.engine, caller, &query);
        assert_eq!(view.entries, 1);
        let mut read = by_icalendar(&view.ics);
        (read.remove(0), view.ics)
    };
    let (first, text) = read(&buyer);
    assert_eq!((first.uid.as_str(), first.status.as_str()), (&*held.id.to_string(), "TENTATIVE"));
    assert_eq!(first.starts_at, at("2027-12-26T16:00:00Z"));
    assert!(text.contains(&format!("DESCRIPTION:Booking {}\\n", held.reference)), "{text}");
    let _ = fixture.engine.confirm(&buyer, venue_core::Confirm::new(held.id)).unwrap();
    let (second, text) = read(&buyer);
    assert_eq!(second.status, "CONFIRMED");
    assert!(text.replace("\r\n ", "").contains(&format!("Tickets {}-01", held.reference)));
    let cancel = Cancel { booking: held.id.into(), line: vec![], reason: None };
    let _ = fixture.engine.cancel(&till, cancel).unwrap();
    let (third, last) = read(&buyer);
    assert_eq!((third.status.as_str(), third.uid), ("CANCELLED", first.uid));
    let sequence = |text: &str| -> i64 {
        let line = text.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
        line.expect("a sequence").trim().parse().expect("a number")
    };
    assert!(sequence(&last) > sequence(&text));
    // Others' bookings do not exist.
    let other = Sell { slot: the_match(), wanted: seats("D-14-2"), payment: None, buyer: None };
    let other = fixture.engine.sell(&till, other).unwrap();
    let query = Query::BookingCalendar(BookingCalendar { booking: other.reference.into() });
    assert_eq!(fixture.engine.query(&buyer, &query).unwrap_err().code(), "not_found");
    let public = Caller::new(Role::Public);
    assert_eq!(fixture.engine.query(&public, &query).unwrap_err().code(), "forbidden");
}

fn entry(summary: String, start: i64, length: i64) -> Entry {
    let starts_at = Instant::from_micros(start * 1_000_000).expect("an instant");
    let ends_at = Instant::from_micros((start + length) * 1_000_000).expect("an instant");
    let (uid, location) = ("uid-1".to_owned(), summary.clone());
    let (sequence, status) = (0, Status::Confirmed);
    Entry {
        uid,
        starts_at,
        ends_at,
        summary,
        description: String::new(),
        location,
        sequence,
        status,
    }
}

/// Texts that calendars like to break on. Without backslashes, which the `icalendar` crate does not undo.
fn letters() -> impl Strategy<Value = String> {
    "[a-zA-Zäöü€🎭,;:\"=]{1,10}( [a-zA-Zäöü€🎭,;:\"= ]{0,180}[a-z])?"
}

proptest! {
    #[test]
    fn any_entry_reads_back_by_us_and_by_others(
        summary in letters(), start in 0..7_000_000_000_i64, length in 1..31_000_000_i64,
    ) {
        let entry = entry(summary, start, length);
        let mut sheet = Sheet::new("a", Instant::EPOCH);
        sheet.add(&entry);
        let ics = sheet.finish();
        prop_assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        let theirs = by_icalendar(&ics).remove(0);
        prop_assert_eq!(&theirs.summary, &entry.summary);
        prop_assert_eq!((theirs.starts_at, theirs.ends_at), (entry.starts_at, entry.ends_at));
        let ours = by_us(&ics).remove(0);
        prop_assert_eq!(ours, ("uid-1".to_owned(), entry.summary.clone(), entry.starts_at, entry.ends_at));
    }

    #[test]
    fn any_text_at_all_stays_in_its_line(summary in any::<String>(), start in 0..7_000_000_000_i64) {
        let mut sheet = Sheet::new(&summary, Instant::EPOCH);
        sheet.add(&entry(summary, start, 60));
        let ics = sheet.finish();
        prop_assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        prop_assert_eq!(by_us(&ics).len(), 1);
        prop_assert_eq!(by_icalendar(&ics).len(), 1);
    }
}
