//! Several processes that generate at once, and one that is killed half way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use venue_core::domain::instant::Span;
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::children::{Player, hear, say};
use venue_tests::fixture::at;

use crate::office::{House, staff};

/// Events of the house, four hours apart: one night is an hour shorter.
const EVENTS: usize = 6;
/// Days of each.
const DAYS: usize = 300;

/// Generates when it is told to, and says how far it is.
pub(crate) fn generator(file: &Path) {
    let engine = Engine::open(file, &OpenOptions::default()).expect("an open file");
    say("ready");
    while hear().is_some() {
        let request = ScheduleGenerate::default();
        let answer = engine.schedule_generate(&staff(), &request, &mut |_, done, _| {
            say(&format!("schedule {done}"));
        });
        say(&format!("added {}", answer.expect("slots").added));
    }
}

/// A house of long schedules whose slots are not made yet.
fn waiting() -> House {
    let first = at("2027-01-01T00:00:00Z");
    let day = |n: usize| {
        let later = first.plus(Span::from_days(i64::try_from(n).expect("few days")));
        later.to_string()[..10].to_owned()
    };
    let schedules: Vec<String> = (0..EVENTS)
        .map(|n| {
            let hour = n * 4;
            let mut text = format!("starts = \"2026-12-31T{hour:02}:00\"\nrdate = [");
            for date in (0..DAYS - 1).map(day) {
                let _ = write!(text, "\"{date}T{hour:02}:00\", ");
            }
            text + "]"
        })
        .collect();
    let slugs: Vec<String> = (0..EVENTS).map(|n| format!("e{n}")).collect();
    let lists: Vec<[&str; 1]> = schedules.iter().map(|text| [text.as_str()]).collect();
    let events: Vec<(&str, &[&str])> =
        slugs.iter().zip(&lists).map(|(slug, list)| (slug.as_str(), &list[..])).collect();
    let house = House::with(&events);
    house.rewrite("DELETE FROM slot");
    house
}

/// Slots by event.
fn made(house: &House) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    for slot in house.slots() {
        let event = slot.split(' ').next().unwrap_or_default();
        *made.entry(event.to_owned()).or_default() += 1;
    }
    made
}

fn ready(house: &House) -> Player {
    let mut player = Player::start("generator", &house.fixture.path());
    assert_eq!(player.line(), "ready");
    player
}

#[test]
fn of_two_processes_that_generate_at_once_each_slot_is_made_by_one() {
    let house = waiting();
    for _ in 0..3 {
        let mut players = [ready(&house), ready(&house)];
        for player in &mut players {
            player.tell("go");
        }
        let added = players.into_iter().map(|player| {
            let lines = player.end();
            let last = lines.last().and_then(|line| line.strip_prefix("added ")).expect("a number");
            last.parse::<usize>().expect("a number")
        });
        assert_eq!(added.sum::<usize>(), EVENTS * DAYS);
        let made = made(&house);
        assert!(made.len() == EVENTS && made.values().all(|slots| *slots == DAYS), "{made:?}");
        house.fixture.assert_healthy();
        house.rewrite("DELETE FROM slot");
    }
}

#[test]
fn one_that_is_killed_leaves_whole_schedules_and_the_next_run_makes_the_others() {
    let house = waiting();
    for heard in [0, 1, 3, 5] {
        let mut player = ready(&house);
        player.tell("go");
        for done in 1..=heard {
            assert_eq!(player.line(), format!("schedule {done}"));
        }
        player.kill();
        let left = made(&house);
        assert!(left.len() >= heard && left.values().all(|slots| *slots == DAYS), "{left:?}");
        house.fixture.assert_healthy();
        let next = house.generate();
        assert_eq!(next.added, ((EVENTS - left.len()) * DAYS) as u64);
        assert_eq!((house.generate().added, next.refused), (0, 0));
        house.fixture.assert_healthy();
        house.rewrite("DELETE FROM slot");
    }
}
