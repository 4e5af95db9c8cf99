//! A true history has no lies; with exactly one lie told, the rule that it breaks finds it.

use std::sync::OnceLock;

use venue_core::domain::booking::BookingView;
use venue_core::domain::booking_state::StateName;
use venue_core::domain::caller::Role;
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::query::{Feed, Query, SlotShow};
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, HouseKind, Release, Sell,
    SlotSwitch, Verb, Wanted,
};
use venue_core::engine::{Engine, OpenOptions};

use super::{Evidence, Historian, Outcome, Record, Rule, Seen, Snapshot, assert_no_lies, lies};
use crate::fixture::{Fixture, caller, the_match};

fn places(quantity: u32) -> Wanted {
    Wanted::area("Stehplatz".parse().unwrap(), quantity)
}

fn seat(engine: &Engine, nth: usize) -> Wanted {
    let request = format!("{{\"slot\":\"{}\"}}", the_match());
    let map = engine.call_json("slot_map", request.as_bytes()).unwrap();
    Wanted::seats(vec![map["data"]["seats"][nth]["seat"].as_str().unwrap().parse().unwrap()])
}

fn hold(wanted: Wanted) -> Hold {
    Hold { slot: the_match(), wanted, ttl: None, buyer: None }
}

fn sell(wanted: Wanted) -> Sell {
    Sell { slot: the_match(), wanted, payment: None, buyer: None }
}

fn newest() -> Query {
    Query::Feed(Feed { limit: Some(1_000), ..Feed::default() })
}

/// A day at the box office: every verb, a key used three times, refusals, reads in between.
fn a_true_day() -> (Fixture, Evidence) {
    let fixture = Fixture::arena();
    let engine = fixture.engine.clone();
    let first = seat(&engine, 0);
    let mut till = Historian::new(&engine, caller(Role::Terminal, "till"), "till");
    let mut snapshots = Vec::new();
    let mut look = || {
        let slot = Query::SlotShow(SlotShow { slot: the_match() });
        snapshots.extend([&slot, &newest()].map(|query| Snapshot::take(&engine, query)));
    };
    let mut call = |key: Option<&str>, verb: Verb| -> Option<BookingName> {
        let answer = till.call(key, verb);
        look();
        match answer {
            Ok(Reply::Booking(view)) => Some(view.id.into()),
            _ => None,
        }
    };
    call(Some("k-1"), sell(first.clone()).into());
    call(Some("k-1"), sell(first.clone()).into());
    call(None, sell(first).into());
    let pair = call(None, sell(Wanted::seats(two(&fixture.engine))).into()).unwrap();
    call(None, Cancel { booking: pair, line: vec![1], reason: None }.into());
    let extended = call(None, hold(places(2)).into()).unwrap();
    fixture.now("2026-11-01T09:01:00Z");
    call(None, Extend { booking: extended }.into());
    call(Some("k-2"), Confirm { booking: extended, payment: None }.into());
    let released = call(None, hold(places(1)).into()).unwrap();
    call(None, Release { booking: released }.into());
    let lapsed = call(None, hold(places(3)).into()).unwrap();
    fixture.now("2026-11-01T10:00:00Z");
    call(None, Expire { booking: lapsed }.into());
    call(None, Expire { booking: lapsed }.into());
    let undone = call(None, sell(places(1)).into()).unwrap();
    call(None, Cancel { booking: undone, line: vec![], reason: None }.into());
    call(None, hold(places(4)).into());
    let mut history = std::mem::take(&mut till.records);
    let mut owner = Historian::new(&engine, caller(Role::Organizer, "o"), "o");
    let house = House { slot: the_match(), wanted: places(5), kind: HouseKind::Kill, lift: false };
    owner.call(None, house).unwrap();
    let switch = SlotSwitch { slot: the_match(), expected_version: None };
    owner.call(None, Verb::SlotClose(switch)).unwrap();
    history.append(&mut owner.records);
    // One hold is left to become due with nobody writing it down.
    fixture.now("2026-11-01T11:00:00Z");
    let options = OpenOptions::default().now(Some("2026-11-01T11:00:00Z".parse().unwrap()));
    let read = Evidence::read(&fixture.path(), &options);
    let followed = vec![read.feed.clone(), read.feed[3..].to_vec()];
    (fixture, Evidence { history, snapshots, followed, ..read })
}

fn two(engine: &Engine) -> Vec<venue_core::domain::text::SeatName> {
    [1, 2].into_iter().flat_map(|nth| seat(engine, nth).seats.unwrap()).collect()
}

#[test]
fn a_true_history_has_no_lies() {
    let (_fixture, evidence) = a_true_day();
    assert!(evidence.history.len() > 15 && evidence.feed.len() > 12, "{}", evidence.feed.len());
    assert_no_lies(&evidence);
}

/// Tells one lie, and asserts that the rule finds it.
fn told(rule: Rule, words: &str, lie: impl FnOnce(&mut Evidence)) {
    static DAY: OnceLock<Evidence> = OnceLock::new();
    let mut evidence = DAY.get_or_init(|| a_true_day().1).clone();
    lie(&mut evidence);
    let found = lies(&evidence);
    let hit = found.iter().any(|lie| lie.rule == rule && lie.words.contains(words));
    assert!(hit, "{rule:?} did not find \"{words}\": {found:#?}");
}

/// The change of this kind.
fn change(evidence: &Evidence, kind: &str) -> usize {
    evidence.feed.iter().position(|change| &*change.kind == kind).unwrap()
}

fn view<'a>(evidence: &'a mut Evidence, kind: &str) -> &'a mut BookingView {
    let place = change(evidence, kind);
    evidence.feed[place].booking.as_mut().unwrap()
}

/// The first call of this verb.
fn asked<'a>(evidence: &'a mut Evidence, verb: &str) -> &'a mut Record {
    evidence.history.iter_mut().find(|record| record.asked.verb == verb).unwrap()
}

fn earlier(at: Instant) -> Instant {
    at.minus(Span::from_micros(1))
}

#[test]
fn a_figure_that_does_not_add_up_is_found() {
    told(Rule::Units, " of ", |evidence| {
        let Seen::Slot(view) = &mut evidence.snapshots[0].seen else { panic!("a slot first") };
        view.free += 1;
    });
    told(Rule::Units, "Stehplatz", |evidence| {
        let Seen::Slot(view) = &mut evidence.snapshots[0].seen else { panic!("a slot first") };
        let area = view.areas.iter_mut().find(|area| &*area.area == "Stehplatz").unwrap();
        area.sold += 1;
    });
    told(Rule::Units, "categories", |evidence| evidence.slots[0].categories[0].free -= 1);
    told(Rule::Units, "held and sold", |evidence| {
        let slot = evidence.slots.iter_mut().find(|slot| slot.sold > 0).unwrap();
        (slot.sold, slot.free) = (slot.sold - 1, slot.free + 1);
    });
}

#[test]
fn a_unit_that_was_given_twice_is_found() {
    told(Rule::Units, "has it", |evidence| {
        // The pair gets the seat that was sold first.
        let seat = evidence.feed.iter().find_map(|it| it.booking.as_ref()?.units[0].seat.clone());
        let pair = evidence.feed.iter_mut().filter_map(|change| change.booking.as_mut());
        let mut pair = pair.filter(|view| view.units.len() == 2);
        pair.next().unwrap().units[1].seat = seat;
    });
    told(Rule::Units, "are taken", |evidence| {
        view(evidence, "booking.held").units[0].quantity = Some(250);
    });
    told(Rule::Units, "somebody else's", |evidence| {
        let own = evidence.bookings[0].clone();
        evidence.bookings.push(BookingView { id: evidence.bookings[1].id, ..own });
    });
}

#[test]
fn an_answer_that_is_nowhere_is_found() {
    told(Rule::Answered, "no change is that", |evidence| {
        let place = change(evidence, "booking.confirmed");
        evidence.feed.remove(place);
    });
    told(Rule::Answered, "no change is that", |evidence| {
        let Outcome::Ok(bytes) = &mut asked(evidence, "extend").outcome else { panic!("done") };
        *bytes = bytes.replace("09:06:00", "09:07:00");
    });
    told(Rule::Answered, "a bug", |evidence| {
        let refused = evidence.history.iter_mut().find(|it| it.reply().is_none()).unwrap();
        refused.outcome = Outcome::Failed("bug".to_owned());
    });
    told(Rule::Answered, "house.set", |evidence| {
        let place = change(evidence, "house.set");
        evidence.feed.remove(place);
    });
}

#[test]
fn a_change_without_an_answer_is_found() {
    told(Rule::Explained, "answered Failed", |evidence| {
        asked(evidence, "release").outcome = Outcome::Failed("io_error".to_owned());
    });
    told(Rule::Explained, "nobody asked", |evidence| {
        evidence.history.retain(|record| record.asked.verb != "extend");
    });
    told(Rule::Explained, "answer to two", |evidence| {
        let other = Record { scope: "other".to_owned(), ..asked(evidence, "extend").clone() };
        evidence.history.push(other);
    });
    told(Rule::Explained, "changes house.set", |evidence| {
        asked(evidence, "house").outcome = Outcome::Failed("io_error".to_owned());
    });
}

#[test]
fn a_call_whose_outcome_is_unknown_explains_one_change_and_no_more() {
    let (_fixture, mut evidence) = a_true_day();
    asked(&mut evidence, "extend").outcome = Outcome::Unknown;
    asked(&mut evidence, "hold").outcome = Outcome::Unknown;
    asked(&mut evidence, "house").outcome = Outcome::Unknown;
    assert_no_lies(&evidence);
    // Two holds of places were made with other quantities: one unknown call cannot have made them.
    for record in evidence.history.iter_mut().filter(|record| record.asked.verb == "hold") {
        record.outcome = Outcome::Failed("io_error".to_owned());
    }
    asked(&mut evidence, "hold").outcome = Outcome::Unknown;
    let found = lies(&evidence);
    assert_eq!(found.iter().filter(|lie| lie.rule == Rule::Explained).count(), 3, "{found:#?}");
}

#[test]
fn money_that_does_not_add_up_is_found() {
    told(Rule::Money, "come to", |evidence| view(evidence, "booking.held").total.minor += 1);
    told(Rule::Money, "tickets for", |evidence| {
        view(evidence, "booking.confirmed").tickets.clear();
    });
    told(Rule::Money, "of two bookings", |evidence| {
        let ticket = evidence.bookings[0].tickets[0].clone();
        let other = evidence.bookings.iter_mut().rev().find(|it| !it.tickets.is_empty()).unwrap();
        other.tickets[0] = ticket;
    });
}

#[test]
fn a_key_that_is_answered_otherwise_or_works_twice_is_found() {
    told(Rule::Keys, "is answered", |evidence| {
        let Outcome::Ok(bytes) = &mut evidence.history[1].outcome else { panic!("done") };
        bytes.push(' ');
    });
    told(Rule::Keys, "stands for", |evidence| {
        evidence.history[1].asked.units = vec!["elsewhere".to_owned()];
    });
    told(Rule::Keys, "another effect", |evidence| {
        let place = change(evidence, "booking.confirmed");
        let mut twice = evidence.feed[place].clone();
        twice.sequence = evidence.feed.last().unwrap().sequence + 1;
        let other = evidence.bookings.last().unwrap().id;
        twice.booking.as_mut().unwrap().id = other;
        evidence.feed.push(twice);
    });
}

#[test]
fn a_feed_that_is_not_the_story_of_the_rows_is_found() {
    told(Rule::Feed, "stands where", |evidence| {
        let place = change(evidence, "booking.released");
        evidence.feed[place].sequence += 1;
    });
    told(Rule::Feed, "older than", |evidence| {
        let last = evidence.feed.last_mut().unwrap();
        last.at = Instant::EPOCH;
    });
    told(Rule::Feed, "was shown", |evidence| {
        evidence.followed[1].remove(2);
    });
    told(Rule::Feed, "the feed says", |evidence| {
        evidence.bookings[0].state = StateName::Released;
    });
    told(Rule::Feed, "is not there", |evidence| {
        evidence.bookings.pop();
    });
}

#[test]
fn a_hold_that_ends_at_the_wrong_time_or_twice_is_found() {
    told(Rule::Holds, "not due", |evidence| {
        let place = change(evidence, "booking.expired");
        evidence.feed[place].at = earlier(evidence.feed[place].due_at.unwrap());
    });
    told(Rule::Holds, "the hold was over", |evidence| {
        let until = view(evidence, "booking.extended").expires_at.unwrap();
        let of = view(evidence, "booking.extended").id;
        let sold = evidence.feed.iter_mut().filter(|it| &*it.kind == "booking.confirmed");
        let mut sold = sold.filter(|it| it.booking.as_ref().is_some_and(|view| view.id == of));
        sold.next().unwrap().at = until;
    });
    told(Rule::Holds, "ended already", |evidence| {
        let place = change(evidence, "booking.expired");
        let again = evidence.feed[place].clone();
        evidence.feed.push(again);
    });
    told(Rule::Holds, "another time", |evidence| {
        let place = change(evidence, "booking.expired");
        evidence.feed[place].due_at = None;
    });
}

#[test]
fn what_is_out_of_order_is_found() {
    told(Rule::Order, "was made", |evidence| {
        let [first, last] = [0, evidence.history.len() - 3];
        let times = |record: &Record| (record.invoked, record.answered);
        let (early, late) = (times(&evidence.history[first]), times(&evidence.history[last]));
        (evidence.history[first].invoked, evidence.history[first].answered) = late;
        (evidence.history[1].invoked, evidence.history[1].answered) = late;
        (evidence.history[last].invoked, evidence.history[last].answered) = early;
    });
    told(Rule::Order, "version", |evidence| {
        let slots = evidence.snapshots.iter_mut().filter_map(|it| match &mut it.seen {
            Seen::Slot(view) => Some(view),
            Seen::Feed(_) | Seen::Nothing(_) => None,
        });
        slots.last().unwrap().version = 0;
    });
    told(Rule::Order, "a read failed", |evidence| {
        evidence.snapshots[0].seen = Seen::Nothing("a bug".to_owned());
    });
    told(Rule::Order, "was seen", |evidence| {
        let last = evidence.snapshots.iter_mut().rev().find(|it| matches!(it.seen, Seen::Feed(_)));
        last.unwrap().seen = Seen::Feed(1);
    });
}

#[test]
fn what_doctor_finds_is_a_lie() {
    let (fixture, _) = a_true_day();
    let file = crate::peers::beside(&fixture.path());
    file.execute_batch("UPDATE booking SET total = total + 1").unwrap();
    let evidence = Evidence::read(&fixture.path(), &OpenOptions::default());
    let found = lies(&evidence);
    assert!(found.iter().any(|lie| lie.rule == Rule::Doctor), "{found:#?}");
}
