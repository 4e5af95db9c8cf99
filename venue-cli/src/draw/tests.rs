//! Halls drawn: the arena, the cinema, odd ones; every seat, at every width.

use std::sync::Arc;

use venue_core::domain::grid::{GridSpec, grid_plan};
use venue_core::domain::ids::{PlanId, SlotId};
use venue_core::domain::instant::Instant;
use venue_core::domain::inventory::UnitState;
use venue_core::domain::plan::{Plan, Point};
use venue_core::domain::slot::SlotState;
use venue_core::domain::view::{
    MapSeat, PlanSeat, PlanSummary, PlanView, SlotArea, SlotCategory, SlotMap, SlotView,
};
use venue_core::import::parse_plan;

use super::{Scene, blocks, density, hall, plan, slot_map, slot_map_on};

/// The shipped arena.
pub(super) fn arena() -> PlanView {
    let text = include_bytes!("../../../examples/data/erfurt-riethsporthalle.plan.json");
    view(&parse_plan("arena", text).unwrap().0)
}

fn grid(json: &str) -> PlanView {
    let grid: GridSpec = serde_json::from_str(json).unwrap();
    view(&grid_plan("Saal", &grid).unwrap())
}

fn view(plan: &Plan) -> PlanView {
    let parts = plan.parts();
    let category = |place: u32| plan.categories()[usize::try_from(place).unwrap()].name.shared();
    let seats = plan.seats().iter().map(|seat| PlanSeat {
        seat: seat.guid.shared(),
        label: Arc::clone(&seat.label),
        row: i64::from(seat.row),
        number: Arc::clone(&seat.number),
        x_milli: seat.x_milli,
        y_milli: seat.y_milli,
        category: category(seat.category),
        accessible: seat.accessible,
    });
    PlanView {
        summary: PlanSummary {
            id: PlanId::from_bytes([1; 16]),
            hall: "haus/saal".parse().unwrap(),
            version: 1,
            name: plan.name().into(),
            seat_count: i64::from(plan.capacity()),
            size: parts.size.unwrap_or_default(),
            focal: plan.focal(),
        },
        categories: parts.categories.clone(),
        sections: parts.sections.clone(),
        rows: parts.rows.clone(),
        seats: seats.collect(),
        drawings: parts.drawings.clone(),
    }
}

/// A slot on a plan, with states by place and areas of (sold, capacity).
fn slot(plan: &PlanView, state: fn(usize) -> UnitState, areas: &[(&str, i64, i64)]) -> SlotMap {
    let seat = |(place, seat): (usize, &PlanSeat)| {
        let row = &plan.rows[usize::try_from(seat.row).unwrap()];
        let section = &plan.sections[usize::try_from(row.section).unwrap()];
        MapSeat {
            seat: Arc::clone(&seat.seat),
            label: Arc::clone(&seat.label),
            section: section.name.as_ref().map(|name| name.shared()),
            row: Arc::clone(&row.number),
            x_milli: seat.x_milli,
            y_milli: seat.y_milli,
            category: Arc::clone(&seat.category),
            accessible: seat.accessible,
            state: state(place),
        }
    };
    let seats: Vec<MapSeat> = plan.seats.iter().enumerate().map(seat).collect();
    let areas: Vec<SlotArea> = areas
        .iter()
        .map(|(name, sold, capacity)| SlotArea {
            area: (*name).into(),
            category: (*name).into(),
            capacity: *capacity,
            sold: *sold,
            held: 0,
            house: 0,
            killed: 0,
            free: capacity - sold,
        })
        .collect();
    let count = |state| i64::try_from(seats.iter().filter(|s| s.state == state).count()).unwrap();
    let in_areas = |of: fn(&SlotArea) -> i64| areas.iter().map(of).sum::<i64>();
    let price = |minor| {
        Some(
            serde_json::from_value(serde_json::json!({"minor": minor, "currency": "EUR"})).unwrap(),
        )
    };
    let mut categories: Vec<SlotCategory> = plan
        .categories
        .iter()
        .map(|category| {
            let of = seats.iter().filter(|seat| *seat.category == *category.name.as_str());
            let free = of.clone().filter(|seat| seat.state == UnitState::Free).count();
            SlotCategory {
                category: category.name.shared(),
                price: price(1_950),
                capacity: i64::try_from(of.count()).unwrap(),
                free: i64::try_from(free).unwrap(),
            }
        })
        .collect();
    categories.extend(areas.iter().map(|area| SlotCategory {
        category: Arc::clone(&area.category),
        price: price(1_200),
        capacity: area.capacity,
        free: area.free,
    }));
    let at = Instant::clamped(1_800_000_000_000_000);
    let view = SlotView {
        id: SlotId::from_bytes([1; 16]),
        event: "spiel".parse().unwrap(),
        hall: plan.summary.hall.clone(),
        starts_at: at,
        ends_at: at,
        local: "2027-09-04T19:30:00+02:00[Europe/Berlin]".into(),
        state: SlotState::Open,
        on_sale_from: None,
        on_sale_until: at,
        capacity: i64::try_from(seats.len()).unwrap() + in_areas(|area| area.capacity),
        sold: count(UnitState::Sold) + in_areas(|area| area.sold),
        held: count(UnitState::Held),
        house: count(UnitState::House),
        killed: count(UnitState::Killed),
        free: count(UnitState::Free) + in_areas(|area| area.free),
        categories,
        areas,
        version: 1,
    };
    let plan_version = (!seats.is_empty()).then_some(1);
    SlotMap { slot: view, plan_version, seats }
}

fn mixed(place: usize) -> UnitState {
    match place * 7_919 % 101 {
        0..60 => UnitState::Sold,
        60..70 => UnitState::Held,
        70..73 => UnitState::House,
        73..75 => UnitState::Killed,
        _ => UnitState::Free,
    }
}

#[test]
#[ignore = "for looking at"]
fn look() {
    let arena = arena();
    let map = slot(&arena, mixed, &[("Stehplatz", 238, 248)]);
    for width in [100, 80, 200, 40] {
        println!("{}", slot_map_on(&map, Some(&arena), false, width));
    }
    println!("{}", plan(&arena, false, 100));
    println!("{}", slot_map(&map, true, 100));
    let saal = grid(SAAL_1);
    println!("{}", slot_map_on(&slot(&saal, mixed, &[]), Some(&saal), false, 100));
    println!("{}", plan(&saal, false, 100));
    println!("{}", plan(&theatre(), false, 100));
    println!("{}", slot_map(&slot(&theatre(), mixed, &[]), false, 100));
    println!("{}", plan(&bowl(60, 1_400), false, 100));
}

const SAAL_1: &str = r#"{"rows":14,"seats":18,"aisles":[6,12],"accessible":["N-1","N-2","N-17","N-18"],"categories":[["Parkett","A-K"],["Loge","L-N"]]}"#;

/// A plan file's text with one seat a line of (section, row, x, y).
fn made(seats: &[(&str, &str, i64, i64)]) -> PlanView {
    let mut zones: Vec<serde_json::Value> = vec![];
    for (n, (zone, row, x, y)) in seats.iter().enumerate() {
        let seat = serde_json::json!({"seat_guid": format!("s{n}"), "seat_number": n.to_string(),
            "position": {"x": x, "y": y}, "category": "K"});
        if zones.last().is_none_or(|z| z["name"] != *zone) {
            zones.push(serde_json::json!({"name": zone, "position": {"x": 0, "y": 0}, "rows": []}));
        }
        let rows = zones.last_mut().unwrap()["rows"].as_array_mut().unwrap();
        if rows.last().is_none_or(|r| r["row_number"] != *row) {
            rows.push(
                serde_json::json!({"row_number": row, "position": {"x": 0, "y": 0}, "seats": []}),
            );
        }
        rows.last_mut().unwrap()["seats"].as_array_mut().unwrap().push(seat);
    }
    let text = serde_json::json!({"name": "gemacht", "categories": [{"name": "K", "color": "#fff"}],
        "size": {"width": 1000, "height": 1000}, "zones": zones});
    view(&parse_plan("made", text.to_string().as_bytes()).unwrap().0)
}

/// Rows on arcs around a stage, with boxes whose rows stand upright at both sides.
fn theatre() -> PlanView {
    let rows: Vec<String> = (0..12).map(|row| format!("{}", row + 1)).collect();
    let mut seats = vec![];
    for (row, name) in (0_i32..).zip(&rows) {
        let radius = 400.0 + f64::from(row) * 40.0;
        let many = 14 + row;
        for seat in 0..many {
            let angle = (f64::from(seat) - f64::from(many - 1) / 2.0) * 25.0 / radius;
            let at = |value: f64| -> i64 { format!("{value:.0}").parse().unwrap() };
            seats.push((
                "Parkett",
                name.as_str(),
                at(500.0 + radius * angle.sin()),
                at(radius * angle.cos()),
            ));
        }
    }
    for (side, x) in [("Loge links", 100), ("Loge rechts", 900)] {
        for row in 0..2 {
            for seat in 0..9 {
                seats.push((
                    side,
                    ["a", "b"][usize::try_from(row).unwrap()],
                    x + row * 40,
                    300 + seat * 25,
                ));
            }
        }
    }
    made(&seats)
}

/// Many rows of many seats.
fn bowl(rows: i64, seats: i64) -> PlanView {
    let names: Vec<String> = (0..rows).map(|row| row.to_string()).collect();
    let all: Vec<_> = names
        .iter()
        .zip(0_i64..)
        .flat_map(|(name, row)| {
            (0..seats).map(move |seat| ("Rang", name.as_str(), seat * 25, row * 40))
        })
        .collect();
    made(&all)
}

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
