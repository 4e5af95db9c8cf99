//! What is made, once.

use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::schedule_name::{ScheduleDrift, ScheduleGenerate};
use venue_tests::fixture::caller;

use crate::office::{House, in_the_way, staff};

const NIGHTS: &str = "starts = \"2026-11-03T20:00\"\nrdate = [\"2026-11-04T20:00\", \"2027-06-01T20:00\"]\nhorizon = \"30d\"";

#[test]
fn a_run_a_day_makes_only_the_new_end() {
    let house = House::with(&[("stueck", &[NIGHTS])]);
    let first = [
        "stueck 2026-11-03T20:00:00 2026-11-03T19:00Z",
        "stueck 2026-11-04T20:00:00 2026-11-04T19:00Z",
    ];
    assert_eq!(house.slots(), first);
    let seq = house.newest();
    let again = house.generate();
    assert_eq!((again.added, again.refused, again.schedules.len()), (0, 0, 1));
    assert_eq!(house.newest(), seq, "nothing is nothing in the feed either");
    house.fixture.now("2027-05-02T10:00:00Z");
    let dry = house.generate_some(&[], true);
    assert_eq!((dry.added, dry.dry_run, house.slots().len()), (1, true, 2));
    let later = house.generate();
    let made = &later.schedules[0];
    assert_eq!(
        (later.added, &*made.schedule, made.first, made.first),
        (1, "stueck#1", made.last, dry.schedules[0].first)
    );
    assert_eq!(house.slots()[2], "stueck 2027-06-01T20:00:00 2027-06-01T18:00Z");
    assert_eq!(house.kinds_after(seq), ["schedule.generated"]);
    house.fixture.assert_healthy();
}

#[test]
fn a_slot_that_has_started_is_not_made_and_a_cancelled_one_never_again() {
    let house = House::with(&[("stueck", &["starts = \"2026-11-03T20:00\""])]);
    house.act("slot_cancel", "stueck@2026-11-03T20:00", "");
    assert_eq!(house.generate().added, 0);
    house.season(&[(
        "stueck",
        &["starts = \"2026-11-01T09:30\"\nrdate = [\"2026-11-03T20:00\", \"2026-11-01T10:01\"]"],
    )]);
    assert_eq!(
        house.slots(),
        [
            "stueck 2026-11-01T10:01:00 2026-11-01T09:01Z",
            "stueck 2026-11-03T20:00:00 2026-11-03T19:00Z cancelled"
        ]
    );
    assert_eq!(house.drift(false).drifted, []);
    house.fixture.assert_healthy();
}

#[test]
fn a_slot_that_was_postponed_stays_where_it_is_and_its_date_is_not_made_again() {
    let house = House::with(&[("stueck", &["starts = \"2026-11-03T20:00\""])]);
    house.act("slot_postpone", "stueck@2026-11-03T20:00", ",\"to\":\"2026-12-01T19:00\"");
    let moved = ["stueck 2026-11-03T20:00:00 2026-12-01T18:00Z"];
    assert_eq!((house.generate().added, house.slots()), (0, moved.map(str::to_owned).to_vec()));
    assert_eq!(house.drift(true).drifted, []);
    // Its new place is taken like any other.
    let other = house.season(&[("gast", &["starts = \"2026-12-01T20:00\""])]);
    assert_eq!(other.collided[0].with, "stueck@2026-12-01T19:00:00");
    house.fixture.assert_healthy();
}

#[test]
fn one_that_collides_is_refused_whole_and_the_others_are_made() {
    let house = House::with(&[
        ("erst", &["starts = \"2026-11-03T20:00\""]),
        ("nach", &["starts = \"2026-12-01T20:00\"\nrdate = [\"2026-11-03T22:29\"]"]),
        ("spaet", &["starts = \"2026-11-03T22:30\""]),
    ]);
    assert_eq!(house.slots().len(), 2);
    let again = house.generate();
    let names: Vec<_> = again.schedules.iter().map(|it| (&*it.schedule, it.added)).collect();
    assert_eq!(names, [("erst#1", 0), ("nach#1", 0), ("spaet#1", 0)]);
    assert_eq!(again.refused, 1);
    assert_eq!(in_the_way(again.schedules[1].refused.as_ref()), "erst@2026-11-03T20:00:00");
    house.act("slot_cancel", "erst@2026-11-03T20:00", "");
    // The slot after it is in the way as well.
    assert_eq!(
        in_the_way(house.generate().schedules[1].refused.as_ref()),
        "spaet@2026-11-03T22:30:00"
    );
    house.act("slot_cancel", "spaet@2026-11-03T22:30", "");
    let free = house.generate_some(&["nach"], false);
    assert_eq!((free.added, free.refused, free.schedules.len()), (2, 0, 1));
    house.fixture.assert_healthy();
}

#[test]
fn schedules_are_named_by_event_place_or_id() {
    let one = "starts = \"2026-11-03T20:00\"\nhorizon = \"1d\"";
    let two = "starts = \"2026-11-04T20:00\"\nhorizon = \"1d\"";
    let house = House::with(&[("a", &[one, two]), ("b", &[])]);
    house.fixture.now("2026-11-03T10:00:00Z");
    let names = |asked: &[&str]| -> Vec<(String, u64)> {
        let found = house.generate_some(asked, true).schedules;
        found.into_iter().map(|it| (it.schedule, it.added)).collect()
    };
    let (first, second) = (("a#1".to_owned(), 1), ("a#2".to_owned(), 1));
    assert_eq!(names(&[]), [first.clone(), second.clone()]);
    assert_eq!(names(&["a"]), [first.clone(), second.clone()]);
    assert_eq!(names(&["a#2", "a#2"]), std::slice::from_ref(&second));
    assert_eq!(names(&["b"]), []);
    let id = house.generate_some(&["a#1"], true).schedules[0].id.to_string();
    assert_eq!(names(&[&id]), [first]);
    let ask = |caller: &Caller, name: &str| {
        let schedules = vec![name.parse().unwrap()];
        let request = ScheduleGenerate { schedules, dry_run: true };
        let answer = house.fixture.engine.schedule_generate(caller, &request, &mut |_, _, _| {});
        answer.unwrap_err().to_string()
    };
    assert_eq!(ask(&staff(), "a#3"), "no such schedule: a#3");
    assert_eq!(ask(&staff(), "c"), "no such event: c");
    assert_eq!(ask(&caller(Role::Terminal, "till"), "c"), "this caller may not do that");
    let till = caller(Role::Terminal, "till");
    let drift =
        house.fixture.engine.schedule_drift(&till, &ScheduleDrift::default(), &mut |_, _, _| {});
    assert_eq!(drift.unwrap_err().code(), "forbidden");
}
