//! Large halls and long schedules.

use super::*;

number!(SEATS = "SELECT count(*) FROM seat");

#[test]
fn eighty_thousand_seats_go_in_and_are_compared() {
    let mut rig = Rig::new();
    let mut season = small();
    season.venues[0].halls[0].plan = PlanSource::Plan(grid(400, 200).into());
    let begun = std::time::Instant::now();
    let done = rig.season(&season);
    let first = begun.elapsed();
    assert_eq!((done.created.seats, rig.number(&SEATS)), (80_000, 80_000));
    let begun = std::time::Instant::now();
    assert!(!rig.season(&season).has_effect());
    println!("80,000 seats: first import {first:?}, second {:?}", begun.elapsed());
}

#[test]
fn a_schedule_of_many_dates_is_made_once() {
    let mut rig = Rig::new();
    let mut season = small();
    let first = at("2027-02-01T00:00:00Z");
    let hour = |n| crate::domain::schedule::ListedDate::At(first.plus(Span::from_hours(n)));
    season.events[0].schedules[0].rdate = (0..20_000).map(|n| hour(3 * n)).collect();
    let begun = std::time::Instant::now();
    assert_eq!(rig.season(&season).slots, 20_001);
    println!("20,001 slots: {:?}", begun.elapsed());
    assert!(!rig.season(&season).has_effect());
}
