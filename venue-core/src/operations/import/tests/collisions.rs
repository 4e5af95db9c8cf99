//! Slots that are in each other's way.

use super::*;

fn schedule(name: &str, with: &str) -> crate::domain::import_done::CollidedSchedule {
    crate::domain::import_done::CollidedSchedule { schedule: name.into(), with: with.into() }
}

#[test]
fn a_schedule_that_collides_gets_no_slot_and_the_others_theirs() {
    let mut rig = Rig::new();
    let mut season = small();
    // The hall is free again 30 minutes after 22:00.
    season.events.push(event("spaet", &["2027-02-01T20:00", "2027-01-01T22:29"]));
    season.events.push(event("nacht", &["2027-01-01T22:30"]));
    let done = rig.season(&season);
    assert_eq!(done.collided, [schedule("spaet#1", "stueck@2027-01-01T20:00:00")]);
    assert_eq!((done.slots, done.created.schedules), (2, 3));
    let again = rig.season(&season);
    assert_eq!((again.has_effect(), again.collided), (false, done.collided));
}

#[test]
fn collisions_count_across_files_and_within_a_schedule() {
    let mut rig = Rig::new();
    rig.season(&small());
    let mut season = small();
    season.events = vec![
        event("gast", &["2027-01-01T18:00"]),
        event("matinee", &["2027-01-05T10:00", "2027-01-05T11:00"]),
    ];
    let done = rig.season(&season);
    let expected = [
        schedule("gast#1", "stueck@2027-01-01T20:00:00"),
        schedule("matinee#1", "matinee@2027-01-05T10:00:00"),
    ];
    assert_eq!((done.slots, &done.collided[..]), (0, &expected[..]));
}

#[test]
fn a_shared_hall_and_overlap_lift_it_and_cancelled_slots_do_not_count() {
    spoil!(CANCEL = "UPDATE slot SET cancelled = 1");
    let mut season = small();
    season.events[0].schedules.push(listed(&["2027-01-01T20:30"]));
    assert_eq!(Rig::new().season(&season).slots, 1);
    season.venues[0].halls[0].shared = true;
    assert_eq!(Rig::new().season(&season).slots, 2);
    season.venues[0].halls[0].shared = false;
    let mut windows = ScheduleSpec {
        open: vec!["fri 20:30-22:30".into()],
        from: Some("2027-01-01".parse().unwrap()),
        until: Some("2027-01-01".parse().unwrap()),
        length: Some(Span::from_hours(1)),
        step: Some(Span::from_mins(30)),
        overlap: true,
        ..ScheduleSpec::default()
    };
    season.events[0].schedules[1] = windows.clone();
    let done = Rig::new().season(&season);
    assert_eq!((done.slots, done.collided.len()), (4, 0));
    (windows.overlap, windows.step) = (false, None);
    season.events[0].schedules[1] = windows;
    let done = Rig::new().season(&season);
    assert_eq!((done.slots, done.collided.len()), (1, 1));
    let mut rig = Rig::new();
    rig.season(&small());
    rig.execute(&CANCEL);
    let mut season = small();
    season.events.push(event("ersatz", &["2027-01-01T20:00"]));
    assert_eq!((rig.season(&season).slots, rig.number(&SLOTS)), (1, 2));
}
