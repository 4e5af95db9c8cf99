//! Halls to draw in tests.

use std::sync::Arc;

use venue_core::domain::grid::{GridSpec, grid_plan};
use venue_core::domain::ids::{PlanId, SlotId};
use venue_core::domain::instant::Instant;
use venue_core::domain::inventory::UnitState;
use venue_core::domain::plan::Plan;
use venue_core::domain::slot::SlotState;
use venue_core::domain::view::{
    MapSeat, PlanSeat, PlanSummary, PlanView, SlotArea, SlotCategory, SlotMap, SlotView,
};
use venue_core::import::parse_plan;

/// The shipped arena.
pub(super) fn arena() -> PlanView {
    let text = include_bytes!("../../../examples/data/erfurt-riethsporthalle.plan.json");
    view(&parse_plan("arena", text).unwrap().0)
}

/// A grid, as the season file says it.
pub(super) fn grid(json: &str) -> PlanView {
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

/// Areas of (name, sold, capacity), each of a category of its own.
fn areas_of(areas: &[(&str, i64, i64)]) -> Vec<SlotArea> {
    areas
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
        .collect()
}

/// What each category has, at made up prices.
fn categories_of(plan: &PlanView, seats: &[MapSeat], areas: &[SlotArea]) -> Vec<SlotCategory> {
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
    categories
}

/// A slot on a plan, with states by place and areas of (sold, capacity).
pub(super) fn slot(
    plan: &PlanView,
    state: fn(usize) -> UnitState,
    areas: &[(&str, i64, i64)],
) -> SlotMap {
    let seat = |(place, seat): (usize, &PlanSeat)| {
        let row = &plan.rows[usize::try_from(seat.row).unwrap()];
        let section = &plan.sections[usize::try_from(row.section).unwrap()];
        MapSeat {
            seat: Arc::clone(&seat.seat),
            label: Arc::clone(&seat.label),
            section: section.name.as_ref().map(venue_core::domain::text::Name::shared),
            row: Arc::clone(&row.number),
            x_milli: seat.x_milli,
            y_milli: seat.y_milli,
            category: Arc::clone(&seat.category),
            accessible: seat.accessible,
            state: state(place),
        }
    };
    let seats: Vec<MapSeat> = plan.seats.iter().enumerate().map(seat).collect();
    let areas = areas_of(areas);
    let count = |state| i64::try_from(seats.iter().filter(|s| s.state == state).count()).unwrap();
    let in_areas = |of: fn(&SlotArea) -> i64| areas.iter().map(of).sum::<i64>();
    let categories = categories_of(plan, &seats, &areas);
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

/// A state for every place, all kinds of them.
pub(super) fn mixed(place: usize) -> UnitState {
    match place * 7_919 % 101 {
        0..60 => UnitState::Sold,
        60..70 => UnitState::Held,
        70..73 => UnitState::House,
        73..75 => UnitState::Killed,
        _ => UnitState::Free,
    }
}

/// The shipped cinema's first screen.
pub(super) const SAAL_1: &str = r#"{"rows":14,"seats":18,"aisles":[6,12],"accessible":["N-1","N-2","N-17","N-18"],"categories":[["Parkett","A-K"],["Loge","L-N"]]}"#;

/// A plan file's text with one seat a line of (section, row, x, y).
pub(super) fn made(seats: &[(&str, &str, i64, i64)]) -> PlanView {
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
pub(super) fn theatre() -> PlanView {
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
pub(super) fn bowl(rows: i64, seats: i64) -> PlanView {
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
