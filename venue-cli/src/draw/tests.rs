//! Halls drawn: the arena, the cinema, odd ones; every seat, at every width.

use venue_core::domain::inventory::UnitState;
use venue_core::domain::plan::Point;

use super::fixtures::{SAAL_1, arena, bowl, grid, made, mixed, slot, theatre};
use super::{Scene, blocks, density, hall, plan, slot_map, slot_map_on};

#[test]
fn every_seat_of_every_hall_is_drawn_at_every_width() {
    let odd = made(&[
        ("Odd", "1", 0, 0),
        ("Odd", "1", 0, 0),
        ("Odd", "1", 3, 1),
        ("Odd", "2", 3, 1),
        ("Odd", "", 900, -700),
        ("Odd", "", 100, 700),
        ("Other", "1", 2, 2),
    ]);
    let halls = [
        arena(),
        grid(SAAL_1),
        grid(r#"{"rows":1,"seats":1,"aisles":[],"accessible":[],"categories":[["K","A-A"]]}"#),
        theatre(),
        odd,
        bowl(5, 30),
    ];
    for plan in &halls {
        for width in [40, 60, 79, 80, 98, 100, 132, 200] {
            for scene in [Scene::of_plan(plan), Scene::of_slot(&slot(plan, mixed, &[]), None)] {
                let drawn = match hall::draw(&scene, width, 2) {
                    Some(canvas) => vec![canvas],
                    None => blocks(&scene, width)
                        .unwrap_or_else(|| panic!("{} at {width}", plan.summary.name)),
                };
                let seats: usize = drawn.iter().map(super::canvas::Canvas::seats).sum();
                assert_eq!(seats, plan.seats.len(), "{} at {width}", plan.summary.name);
                assert!(drawn.iter().all(|canvas| canvas.cols() <= width), "{width}");
            }
        }
    }
}

#[test]
fn the_signs_of_a_text_are_as_many_as_the_seats() {
    let saal = grid(SAAL_1);
    let map = slot(&saal, mixed, &[]);
    let text = slot_map_on(&map, Some(&saal), false, 100);
    let rows = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    let drawing: String = rows.map(|line| &line[1..]).collect();
    for (sign, state) in [('#', UnitState::Sold), ('h', UnitState::Held), ('x', UnitState::Killed)]
    {
        let signs = drawing.chars().filter(|c| *c == sign).count();
        let wheels = drawing.chars().filter(|c| *c == 'W').count();
        let seats = map.seats.iter().filter(|seat| seat.state == state).count();
        assert_eq!(signs + if sign == '#' { wheels } else { 0 }, seats, "{sign}");
    }
}

#[test]
fn lines_are_no_wider_than_asked() {
    let arena = arena();
    let map = slot(&arena, mixed, &[("Stehplatz", 238, 248)]);
    for width in [40, 66, 80, 100, 132, 200] {
        for text in [slot_map_on(&map, Some(&arena), false, width), plan(&arena, false, width)] {
            for line in text.lines().skip(3).filter(|line| !line.contains("wheelchair")) {
                assert!(super::text::width(line) <= width.max(66), "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_hall_too_large_says_so_and_shows_shares() {
    let bowl = bowl(60, 1_400);
    let text = slot_map(&slot(&bowl, mixed, &[]), false, 100);
    assert!(text.contains("84,000 seats are too many for 100 columns"), "{text}");
    let canvas = density::draw(&Scene::of_plan(&bowl), 100);
    assert!(canvas.cols() <= 100 && canvas.lines() <= 60);
    assert_eq!(canvas.seats(), canvas.cols() * canvas.lines());
}

#[test]
fn names_that_act_are_escaped_everywhere() {
    let mut plan = made(&[("A", "1", 0, 0), ("A", "1", 25, 0)]);
    plan.sections[0].name = Some("\u{202e}evil".parse().unwrap());
    plan.rows[0].number = "\u{1b}".into();
    plan.summary.name = "a\u{1b}[2J".into();
    let map = slot(&plan, mixed, &[("Steh\u{2066}\u{7}", 1, 2)]);
    for text in [
        super::plan(&plan, false, 60),
        slot_map_on(&map, Some(&plan), false, 60),
        slot_map(&map, false, 60),
    ] {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{2066}', '\u{7}']), "{text:?}");
    }
}

#[test]
fn halls_without_seats_have_bars_only() {
    let mut plan = made(&[("A", "1", 0, 0)]);
    (plan.seats, plan.rows, plan.sections, plan.categories) = (vec![], vec![], vec![], vec![]);
    plan.summary.seat_count = 0;
    let map = slot(&plan, mixed, &[("Vorplatz", 500, 2_000), ("Empore", 0, 10)]);
    let text = slot_map(&map, false, 80);
    assert!(
        text.contains("Vorplatz [##########oooooooooooooooooooooooooooooo] 1,500 of 2,000 free"),
        "{text}"
    );
    assert!(text.contains("Empore   [oooo"), "{text}");
    assert!(slot_map(&slot(&plan, mixed, &[]), false, 80).contains("0 of 0 places free"));
    assert!(super::plan(&plan, false, 80).contains("0 seats"));
}

#[test]
fn a_small_hall_as_it_is_drawn() {
    let saal = grid(
        r#"{"rows":3,"seats":6,"aisles":[2],"accessible":["C-1"],"categories":[["Parkett","A-B"],["Loge","C-C"]]}"#,
    );
    let map = slot(
        &saal,
        |place| [UnitState::Free, UnitState::Sold, UnitState::Held][place % 4 % 3],
        &[("Balkon", 3, 9)],
    );
    let text = slot_map_on(&map, Some(&saal), false, 60);
    let wanted = "spiel  2027-09-04 19:30  haus/saal
open, 15 of 27 places free

─ STAGE / SCREEN ─

A o #   h o o #
B h o   o # h o
C w #   h o o #

Balkon [########oooooooooooooooo] 6 of 9 free

o free 15   h held 4   # sold 8   H house 0   x killed 0   wheelchair: w free 1, W sold 0
o Parkett  19.50 EUR  6 of 12 free  rows A-B
o Loge     19.50 EUR   3 of 6 free  row C
o Balkon   12.00 EUR   6 of 9 free  Balkon
";
    assert_eq!(text, wanted, "\n{text}");
}

#[test]
fn focal_points_beside_the_hall_are_marked() {
    let mut plan = made(&[("A", "1", 0, 0), ("A", "1", 25, 0), ("A", "2", 0, 40)]);
    for (x_milli, y_milli, mark) in [
        (0, 900_000, "STAGE"),
        (0, -900_000, "STAGE"),
        (-900_000, 0, "◀ STAGE"),
        (900_000, 0, "STAGE / SCREEN ▶"),
    ] {
        plan.summary.focal = Point { x_milli, y_milli };
        let text = super::plan(&plan, false, 60);
        assert!(text.contains(mark), "{text}");
    }
}
