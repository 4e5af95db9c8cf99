//! The files that the project ships, and what random bytes and mutations of them come to.

use proptest::prelude::*;

use crate::domain::dates::{SlotDate, dates};
use crate::domain::instant::{Instant, Span};
use crate::domain::plan::{Plan, Point};
use crate::domain::season::{EventStart, SaleBound, check_prices};
use crate::domain::text::Name;
use crate::domain::zone::GapPolicy;
use crate::import::{Season, parse_plan, parse_season};

const ARENA: &str = include_str!("../../../examples/data/arena-season.toml");
const CINEMA: &str = include_str!("../../../examples/data/cinema-season.toml");
const PLAN: &str = include_str!("../../../examples/data/erfurt-riethsporthalle.plan.json");

fn plan() -> Plan {
    let (plan, warnings) = parse_plan("erfurt.plan.json", PLAN.as_bytes()).unwrap();
    assert_eq!(warnings, []);
    plan
}

fn season(text: &str) -> Season {
    let mut season = parse_season("season.toml", text.as_bytes()).unwrap();
    season.resolve(|_| Ok(plan())).unwrap();
    season.check_prices(|_| Vec::new()).unwrap();
    season
}

#[test]
fn the_arena_has_1252_seats_in_six_blocks_and_21_wheelchair_places() {
    let plan = plan();
    assert_eq!(plan.name(), "Riethsporthalle Erfurt");
    assert_eq!((plan.capacity(), plan.sections().len(), plan.rows().len()), (1_252, 6, 63));
    assert_eq!(plan.seats().iter().filter(|seat| seat.accessible).count(), 21);
    assert_eq!(plan.focal(), Point { x_milli: 1_200_000, y_milli: 530_000 });
    let counted: Vec<_> =
        plan.categories().iter().map(|c| c.name.as_str()).zip(plan.capacities()).collect();
    assert_eq!(counted.len(), 6);
    assert_eq!(counted.iter().map(|(_, seats)| **seats).sum::<u32>(), 1_252);
    assert_eq!(plan.sections_named("D").collect::<Vec<_>>(), [0]);
    assert_eq!(plan.sections_named("Block C").collect::<Vec<_>>(), [5]);
}

#[test]
fn every_seat_of_the_arena_is_found_by_id_and_by_label() {
    let plan = plan();
    for (ordinal, seat) in (0_u32..).zip(plan.seats()) {
        assert_eq!(plan.seat_named(seat.guid.as_str()), Some(ordinal));
        assert_eq!(plan.seat_named(&seat.label), Some(ordinal));
    }
    let seat = &plan.seats()[0];
    assert_eq!((seat.guid.as_str(), &*seat.label), ("D-14-1", "Block D-14-1"));
    assert!(plan.same_content(&Plan::new(plan.parts().clone()).unwrap()));
}

#[test]
fn the_arena_season_imports_as_it_is() {
    let season = season(ARENA);
    let files: Vec<_> = season.plan_files().iter().map(|f| (f.name.as_str(), f.line)).collect();
    assert_eq!(files, [("erfurt-riethsporthalle.plan.json", 16)]);
    assert_eq!(season.plan_files()[0].key, "venue[0].hall[0].plan");
    let spec = season.into_spec();
    assert_eq!(spec.organizer.name.as_str(), "Thüringer HC");
    let halls = &spec.venues[0].halls;
    assert_eq!(halls.len(), 2);
    assert_eq!(halls[0].turnaround, Span::from_hours(3));
    assert_eq!((halls[0].areas[0].name.as_str(), halls[0].areas[0].capacity), ("Stehplatz", 248));
    assert_eq!(halls[0].plan().unwrap().capacity(), 1_252);
    assert_eq!(halls[1].areas[0].capacity, 2_000);
    let games = &spec.events[0];
    assert_eq!(games.prices.len(), 7);
    assert_eq!(
        (games.prices[2].category.as_str(), games.prices[2].minor),
        ("Kategorie III", 1_950)
    );
    assert_eq!(games.duration, Some(Span::from_hours(2)));
    assert_eq!((games.hold, games.max_hold), (Span::from_mins(5), Span::from_mins(15)));
    assert_eq!((games.max_units_per_booking, games.max_units_per_buyer), (10, Some(20)));
    let sale = SaleBound::At("2026-11-01T10:00".parse().unwrap());
    assert_eq!((games.on_sale_from, games.on_sale_until), (Some(sale), None));
    assert_eq!(games.state, EventStart::Published);
    assert_eq!(games.schedules[0].exdate.len(), 2);
    assert_eq!(games.description.as_ref().unwrap().as_str().chars().count(), 59);
    let finale = &spec.events[1];
    assert_eq!(finale.hall.to_string(), "riethsporthalle/vorplatz");
    assert_eq!(spec.hall(&finale.hall).unwrap().1.categories().unwrap().len(), 1);
}

#[test]
fn the_cinema_season_imports_as_it_is() {
    let spec = season(CINEMA).into_spec();
    assert_eq!(spec.venues.len(), 2);
    let seats: Vec<_> =
        spec.venues[0].halls.iter().map(|hall| hall.plan().unwrap().capacity()).collect();
    assert_eq!(seats, [252, 108, 48]);
    let names = spec.venues[0].halls[0].categories().unwrap();
    assert_eq!(names.iter().map(Name::as_str).collect::<Vec<_>>(), ["Parkett", "Loge"]);
    let accessible = |seat: &&crate::domain::plan::Seat| seat.accessible;
    let first = spec.venues[0].halls[0].plan().unwrap();
    assert_eq!(first.seats().iter().filter(accessible).count(), 4);
    assert_eq!(spec.events.len(), 4);
    assert_eq!(spec.events[0].schedules.len(), 2);
    assert_eq!(spec.events[0].duration, Some("2h33m".parse().unwrap()));
    assert_eq!(spec.events[0].tags.len(), 2);
    assert_eq!(spec.events[1].schedules[0].gap, GapPolicy::Compatible);
    assert_eq!(spec.events[2].state, EventStart::Draft);
    let museum = &spec.events[3];
    assert_eq!(museum.duration, None);
    assert_eq!(museum.schedules[0].length, Some(Span::from_hours(1)));
    assert_eq!(museum.schedules[0].open.len(), 3);
    assert!(museum.schedules[0].overlap);
    assert_eq!(
        check_prices(museum, &spec.hall(&museum.hall).unwrap().1.categories().unwrap()),
        Ok(())
    );
}

/// The slots of a schedule of a shipped season, by event and place.
fn slots(text: &str, event: &str, place: usize) -> Vec<SlotDate> {
    let spec = season(text).into_spec();
    let event = spec.events.iter().find(|it| it.slug.as_str() == event).unwrap();
    let (venue, _) = spec.hall(&event.hall).unwrap();
    let schedule = &event.schedules[place];
    let length = schedule.length.or(event.duration).unwrap();
    let found = dates(schedule, length, &venue.zone, Instant::EPOCH).unwrap();
    assert_eq!(found.rejected, []);
    assert!(found.slots.iter().all(|slot| slot.ends_at.since(slot.starts_at) == length));
    found.slots
}

/// How many of the slots start at a time of day in UTC.
fn at_utc(slots: &[SlotDate], time: &str) -> usize {
    slots.iter().filter(|slot| slot.starts_at.to_string().contains(&format!("T{time}:"))).count()
}

#[test]
fn the_arena_has_twenty_games_half_past_seven_whatever_the_clock_does() {
    // Every second Saturday from 4 September to 27 May are 38 weeks, so 20 dates; two are taken out, two added.
    let games = slots(ARENA, "heimspiele-2027-28", 0);
    assert_eq!(games.len(), 20);
    let locals: Vec<_> = games.iter().map(|slot| &slot.rule_local[..16]).collect();
    assert_eq!(
        locals,
        [
            "2027-09-04T19:30",
            "2027-09-18T19:30",
            "2027-10-02T19:30",
            "2027-10-16T19:30",
            "2027-10-30T19:30",
            "2027-11-13T19:30",
            "2027-11-27T19:30",
            "2027-12-11T19:30",
            "2027-12-26T17:00",
            "2028-01-22T19:30",
            "2028-02-05T19:30",
            "2028-02-19T19:30",
            "2028-02-29T19:00",
            "2028-03-04T19:30",
            "2028-03-18T19:30",
            "2028-04-01T19:30",
            "2028-04-15T19:30",
            "2028-04-29T19:30",
            "2028-05-13T19:30",
            "2028-05-27T19:30",
        ]
    );
    // Five games before the clock goes back on 31 October, five after it goes forward on 26 March.
    assert_eq!((at_utc(&games, "17:30"), at_utc(&games, "18:30")), (10, 8));
    assert_eq!((at_utc(&games, "16:00"), at_utc(&games, "18:00")), (1, 1));
    assert_eq!(slots(ARENA, "open-air-finale", 0).len(), 1);
}

#[test]
fn the_cinema_shows_what_its_rules_say() {
    let evenings = slots(CINEMA, "metropolis", 0);
    assert_eq!(evenings.len(), 60);
    // Twenty weeks of Thursday, Friday and Saturday.
    assert_eq!(evenings[59].rule_local, "2027-05-22T20:00:00");
    // Up to Saturday 27 March in winter: twelve weeks.
    assert_eq!((at_utc(&evenings, "19:00"), at_utc(&evenings, "18:00")), (36, 24));
    let matinees = slots(CINEMA, "metropolis", 1);
    let days: Vec<_> = matinees.iter().map(|slot| &slot.rule_local[5..10]).collect();
    let last_sundays = [
        "01-31", "02-28", "03-28", "04-25", "05-30", "06-27", "07-25", "08-29", "09-26", "10-31",
        "11-28", "12-26",
    ];
    assert_eq!(days, last_sundays);
    // On both days of the change, eleven o'clock is after it.
    assert_eq!((at_utc(&matinees, "10:00"), at_utc(&matinees, "09:00")), (5, 7));
    let nights = slots(CINEMA, "spaetvorstellung", 0);
    assert_eq!((nights.len(), &*nights[239].rule_local), (240, "2027-11-14T02:30:00"));
    let on = |day: &str| nights.iter().find(|it| it.rule_local.starts_with(day)).unwrap();
    assert_eq!(on("2027-03-28").starts_at, "2027-03-28T01:30:00Z".parse().unwrap());
    assert_eq!(on("2027-10-31").starts_at, "2027-10-31T00:30:00Z".parse().unwrap());
    // Eight nights before the clock goes forward, and the one on which it does by the offset before; fourteen after
    // it has gone back, the night of which belongs to summer.
    assert_eq!((at_utc(&nights, "01:30"), at_utc(&nights, "00:30")), (8 + 1 + 14, 217));
    let children = slots(CINEMA, "kinderkino", 0);
    assert_eq!(children.len(), 2 * 11);
    let days = children.iter().map(|slot| slot.rule_local[8..10].parse::<u32>().unwrap());
    assert!(days.clone().all(|day| day <= 7 || (15..=21).contains(&day)), "{days:?}");
}

#[test]
fn the_museum_is_open_when_its_sign_says_so() {
    // The sign read day by day, without zone, merging or cutting: opening and closing hour, a slot each half hour
    // that ends by the close.
    let mut expected = Vec::new();
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let all = day("2027-04-01").iter_days().take_while(|date| *date <= day("2027-12-31"));
    for (date, weekday) in all.zip([3, 4, 5, 6, 0, 1, 2].into_iter().cycle()) {
        let hours = match (date.to_string().as_str(), weekday) {
            ("2027-12-24", _) => 10..13,
            ("2027-12-25" | "2027-05-01", _) | (_, 0) => continue,
            (_, 3) => 10..20,
            (_, 5 | 6) => 10..19,
            _ => 10..18,
        };
        for half_hour in hours.start * 2..=hours.end * 2 - 2 {
            expected.push(format!("{date}T{:02}:{:02}:00", half_hour / 2, half_hour % 2 * 30));
        }
    }
    let found = slots(CINEMA, "zeitfenster", 0);
    let found: Vec<_> = found.into_iter().map(|slot| slot.rule_local).collect();
    assert_eq!(found, expected);
    // 39 weeks of 15 + 15 + 19 + 15 + 17 + 17 slots, a Thursday and a Friday more, ten slots less on Christmas Eve,
    // and none on two Saturdays.
    assert_eq!(found.len(), 39 * 98 + 19 + 15 - 10 - 2 * 17);
}

#[test]
fn the_same_file_reads_as_the_same_season() {
    for text in [ARENA, CINEMA] {
        assert_eq!(season(text).into_spec(), season(text).into_spec());
    }
}

/// One place of a text cut out, doubled, or overwritten with what breaks parsers.
fn mutated(text: &str, at: usize, length: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let from = at % bytes.len();
    let until = (from + length).min(bytes.len());
    bytes.splice(from..until, with.iter().copied());
    bytes
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "",
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        "0",
        "-1",
        "1e999",
        "null",
        "true",
        "\n",
        ",",
        ":",
        "'''",
        "\u{0}",
        "ü",
        "[[event]]\n",
        "9999-12-31T23:59",
        "\\ud800",
        "99999999999999999999",
        "1970-01-01",
    ];
    prop_oneof![
        prop::sample::select(pieces.to_vec()).prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_an_error_with_a_line_and_never_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        text in "[\\[\\]{}\"=,.:a-z0-9\n -]{0,200}",
    ) {
        for bytes in [&bytes[..], text.as_bytes()] {
            if let Err(error) = parse_plan("x", bytes) {
                prop_assert!(error.line.is_some(), "{error}");
            }
            if let Err(error) = parse_season("x", bytes) {
                prop_assert!(error.line.is_some(), "{error}");
            }
        }
    }

    #[test]
    fn a_mutated_season_never_panics(at: usize, length in 0_usize..40, with in piece()) {
        for text in [ARENA, CINEMA] {
            match parse_season("x", &mutated(text, at, length, &with)) {
                Err(error) => prop_assert!(error.line.is_some(), "{error}"),
                Ok(season) => {
                    let _ = season.check_prices(|_| Vec::new());
                    for event in &season.spec().events {
                        let Some((venue, _)) = season.spec().hall(&event.hall) else { continue };
                        for schedule in &event.schedules {
                            let length = event.duration.unwrap_or_default();
                            let found = dates(schedule, length, &venue.zone, Instant::EPOCH);
                            let text = schedule.canonical_json();
                            let again = serde_json::from_str(&text).unwrap();
                            prop_assert_eq!(schedule, &again);
                            prop_assert_eq!(
                                found,
                                dates(&again, length, &venue.zone, Instant::EPOCH)
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_mutated_plan_never_panics(at: usize, length in 0_usize..40, with in piece()) {
        // The first rows are as good as all of them, and a hundred times as fast.
        let small = r##"{"name":"P","focal_point":{"x":1,"y":2},"size":{"width":9,"height":9},"categories":[{"name":"I","color":"#fff"}],
            "zones":[{"name":"Z","zone_id":"z","position":{"x":0.5,"y":0},"rows":[{"row_number":"1","position":{"x":0,"y":0},
            "seats":[{"seat_guid":"a","seat_number":"1","position":{"x":0,"y":1e1},"category":"I","wheelchair":true}]}],
            "areas":[{"shape":"text","text":{"text":"Bar"},"position":{"x":0,"y":0}}]}]}"##;
        for text in [small, PLAN] {
            if let Err(error) = parse_plan("x", &mutated(text, at, length, &with)) {
                prop_assert!(error.line.is_some(), "{error}");
            }
        }
    }
}
