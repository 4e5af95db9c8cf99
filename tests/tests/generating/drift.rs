//! Slots that are not where their rules put them: by a changed rule, or by other zone data.

use venue_core::domain::caller::Caller;
use venue_core::domain::generated::{DriftedSchedule, KeptBecause};
use venue_core::domain::generation::DriftReason;
use venue_core::domain::request::{
    Cancel, House as Withhold, HouseKind, SlotName, SlotSwitch, Wanted,
};

use crate::office::{House, in_the_way, staff};

/// Three nights.
const BEFORE: &str =
    "starts = \"2026-11-03T20:00\"\nrdate = [\"2026-11-04T20:00\", \"2026-11-05T20:00\"]";

fn counts(it: &DriftedSchedule) -> [u64; 4] {
    [it.add, it.remove, it.r#move, it.keep]
}

#[test]
fn a_changed_rule_moves_nothing_until_it_is_mended_and_then_nothing_that_was_sold() {
    let house = House::with(&[("stueck", &[BEFORE])]);
    house.sell("stueck@2026-11-04T20:00");
    let seq = house.newest();
    // An hour earlier from now on, with one night more.
    let after = "starts = \"2026-11-03T19:00\"\nrdate = [\"2026-11-04T19:00\", \"2026-11-05T19:00\", \"2026-11-06T19:00\"]";
    let done = house.season(&[("stueck", &[after])]);
    assert_eq!(done.collided[0].with, "stueck@2026-11-03T20:00:00", "the old ones are in the way");
    assert_eq!(house.slots().len(), 3);
    let report = house.drift(false);
    assert_eq!((report.mended, report.schedules, report.refused), (false, 1, 0));
    let it = &report.drifted[0];
    assert_eq!((&*it.schedule, counts(it)), ("stueck#1", [3, 2, 0, 1]));
    let kept: Vec<_> = it.slots.iter().map(|slot| (slot.wanted, slot.reason, slot.kept)).collect();
    let rule = DriftReason::Rule;
    assert_eq!(
        kept,
        [(None, rule, None), (None, rule, Some(KeptBecause::Sold)), (None, rule, None)]
    );
    assert_eq!(it.blocked.len(), 1);
    assert_eq!(house.slots().len(), 3, "a report changes nothing");
    let mended = house.drift(true);
    assert_eq!((mended.mended, counts(&mended.drifted[0])), (true, [3, 2, 0, 1]));
    assert_eq!(
        house.slots(),
        [
            "stueck 2026-11-03T19:00:00 2026-11-03T18:00Z",
            "stueck 2026-11-04T20:00:00 2026-11-04T19:00Z",
            "stueck 2026-11-05T19:00:00 2026-11-05T18:00Z",
            "stueck 2026-11-06T19:00:00 2026-11-06T18:00Z"
        ]
    );
    let feed = ["import.done", "slot.removed", "slot.removed", "schedule.mended"];
    assert_eq!(house.kinds_after(seq), feed);
    let again = house.drift(true);
    assert_eq!(
        counts(&again.drifted[0]),
        [0, 0, 0, 1],
        "what was sold is told of until it is over"
    );
    // The night that was sold does not end the schedule.
    let daily = house.generate();
    assert_eq!((daily.added, daily.refused, daily.schedules[0].blocked.len()), (0, 0, 1));
    house.fixture.assert_healthy();
}

#[test]
fn what_was_ever_booked_or_withheld_is_kept_and_what_was_only_closed_is_not() {
    let house = House::with(&[("stueck", &[BEFORE])]);
    let engine = &house.fixture.engine;
    let wanted = || Wanted::area("Stand".parse().unwrap(), 1);
    let slot = |day: &str| -> SlotName { format!("stueck@2026-11-{day}T20:00").parse().unwrap() };
    let held = engine
        .hold(&Caller::local(), venue_core::domain::request::Hold::new(slot("03"), wanted()))
        .unwrap();
    let _ = engine
        .release(&Caller::local(), venue_core::domain::request::Release::new(held.id))
        .unwrap();
    let kill = |lift| Withhold { slot: slot("04"), wanted: wanted(), kind: HouseKind::Kill, lift };
    engine.house(&staff(), kill(false)).unwrap();
    engine.house(&staff(), kill(true)).unwrap();
    let switch = || SlotSwitch { slot: slot("05"), expected_version: None };
    engine.slot_close(&staff(), switch()).unwrap();
    engine.slot_open(&staff(), switch()).unwrap();
    house.season(&[("stueck", &["starts = \"2026-12-24T20:00\""])]);
    let mended = house.drift(true);
    let kept: Vec<_> = mended.drifted[0].slots.iter().map(|slot| slot.kept).collect();
    assert_eq!(kept, [Some(KeptBecause::Booked), Some(KeptBecause::Withheld), None]);
    assert_eq!(house.slots().len(), 3);
    house.fixture.assert_healthy();
    let gone = engine.slot_close(&staff(), switch()).unwrap_err();
    assert_eq!(gone.code(), "not_found", "this process remembered it");
    // The rule changes back: a date that was taken away is made again.
    house.season(&[("stueck", &[BEFORE])]);
    assert_eq!(house.slots().len(), 4);
    house.fixture.assert_healthy();
}

/// As if the slots had been made when Berlin had summer time for ever: an hour earlier in winter.
const OLDER_ZONE_DATA: &str = "UPDATE slot SET tzdb = '1999a', starts_at = starts_at - 3600000000, \
     ends_at = ends_at - 3600000000, on_sale_until = on_sale_until - 3600000000";

#[test]
fn new_zone_data_moves_what_is_unsold_and_reports_what_is_sold() {
    let house = House::with(&[("stueck", &[BEFORE])]);
    house.sell("stueck@2026-11-04T20:00");
    house.rewrite(OLDER_ZONE_DATA);
    let doctor = house.fixture.doctor();
    let zones = doctor.check("zone_data").unwrap();
    assert!(doctor.ok && zones.ok, "the world changed, not the file");
    assert_eq!(zones.found.len(), 3);
    assert!(
        zones.found[0].contains("stueck#1 starts at 2026-11-03T18:00:00"),
        "{}",
        zones.found[0]
    );
    let report = house.drift(false);
    assert_eq!(counts(&report.drifted[0]), [0, 0, 2, 1]);
    assert!(report.drifted[0].slots.iter().all(|slot| slot.reason == DriftReason::Zone));
    assert_eq!(house.generate().added, 0, "they are known by their wall time");
    let seq = house.newest();
    let _ = house.drift(true);
    assert_eq!(
        house.slots(),
        [
            "stueck 2026-11-03T20:00:00 2026-11-03T19:00Z",
            "stueck 2026-11-04T20:00:00 2026-11-04T18:00Z",
            "stueck 2026-11-05T20:00:00 2026-11-05T19:00Z"
        ]
    );
    assert_eq!(house.kinds_after(seq), ["slot.moved", "slot.moved", "schedule.mended"]);
    assert_eq!(house.fixture.doctor().check("zone_data").unwrap().found.len(), 1);
    house.fixture.assert_healthy();
    // It is over one day, and then nobody need know.
    house.fixture.now("2026-11-04T18:30:00Z");
    assert_eq!(house.drift(false).drifted, []);
}

#[test]
fn a_sold_slot_in_the_way_of_its_neighbours_stops_them_and_nobody_else() {
    // As close to each other as the hall allows.
    let hours = "starts = \"2026-11-03T10:00\"\nrdate = [\"2026-11-03T12:30\", \"2026-11-03T15:00\", \"2026-11-09T10:00\"]";
    let house = House::with(&[("stueck", &[hours])]);
    house.sell("stueck@2026-11-03T15:00");
    house.rewrite(OLDER_ZONE_DATA);
    // An hour later each: the last of the day is sold, and stands where the one before it would end.
    let report = house.drift(true);
    let it = &report.drifted[0];
    let kept: Vec<_> = it.slots.iter().map(|slot| slot.kept).collect();
    let blocked = Some(KeptBecause::Blocked);
    assert_eq!(kept, [blocked, blocked, Some(KeptBecause::Sold), None]);
    assert_eq!((counts(it), it.refused.is_none()), ([0, 0, 1, 3], true));
    house.fixture.assert_healthy();
}

#[test]
fn a_schedule_that_cannot_be_mended_whole_is_left_as_it_is() {
    let house = House::with(&[("stueck", &[BEFORE]), ("gast", &["starts = \"2026-11-08T20:00\""])]);
    let after = "starts = \"2026-11-03T19:00\"\nrdate = [\"2026-11-08T19:00\"]";
    house.season(&[("stueck", &[after]), ("gast", &["starts = \"2026-11-08T20:00\""])]);
    let before = house.slots();
    let seq = house.newest();
    let mended = house.drift(true);
    assert_eq!((mended.refused, mended.schedules), (1, 2));
    assert_eq!(in_the_way(mended.drifted[0].refused.as_ref()), "gast@2026-11-08T20:00:00");
    assert_eq!(counts(&mended.drifted[0]), [0, 0, 0, 0]);
    assert_eq!((house.slots(), house.newest()), (before, seq));
}

#[test]
fn a_cancelled_booking_still_keeps_its_slot() {
    let house = House::with(&[("stueck", &["starts = \"2026-11-03T20:00\""])]);
    let slot: SlotName = "stueck@2026-11-03T20:00".parse().unwrap();
    let wanted = Wanted::area("Stand".parse().unwrap(), 2);
    let engine = &house.fixture.engine;
    let sold = engine
        .sell(&Caller::local(), venue_core::domain::request::Sell::new(slot, wanted))
        .unwrap();
    let _ = engine.cancel(&Caller::local(), Cancel::new(sold.id)).unwrap();
    house.season(&[("stueck", &["starts = \"2026-11-04T20:00\""])]);
    let _ = house.drift(true);
    assert_eq!(house.slots().len(), 2);
    house.fixture.assert_healthy();
}
