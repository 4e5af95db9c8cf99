//! New versions of plans.

use super::*;
use crate::domain::plan::Plan;

texts!(VERSIONS = "SELECT number || ' ' || seats FROM plan_version ORDER BY number");
texts!(
    OF_SLOTS = "SELECT s.rule_local || ' ' || p.number || ' ' || s.version FROM slot s JOIN plan_version p ON p.id = s.plan ORDER BY s.starts_at"
);
texts!(COUNTS = "SELECT category || ' ' || capacity || ' ' || sold FROM seat_count ORDER BY 1");
// The seat A-4 of the slot on the second of January is sold.
spoil!(
    CLAIM = "INSERT INTO claim (event, slot, seat, kind, booking) SELECT event, id, 'A-4', 0, id FROM slot WHERE rule_local = '2027-01-02T20:00:00'"
);
spoil!(
    COUNT = "INSERT INTO seat_count (event, slot, category, capacity, held, sold, house, killed) SELECT event, id, 'Parkett', 12, 0, 1, 0, 0 FROM slot WHERE rule_local = '2027-01-02T20:00:00'"
);

fn text(rig: &mut Rig, statement: &'static Statement) -> Vec<String> {
    let text = |value| match value {
        Value::Text(text) => text.to_string(),
        other => panic!("not a text: {other:?}"),
    };
    rig.rows(statement).into_iter().map(text).collect()
}

/// Two slots, of which the second has a sold seat.
fn sold() -> (Rig, SeasonSpec) {
    let mut rig = Rig::new();
    let mut season = small();
    season.events[0].schedules = vec![listed(&["2027-01-01T20:00", "2027-01-02T20:00"])];
    rig.season(&season);
    rig.execute(&CLAIM);
    rig.execute(&COUNT);
    (rig, season)
}

fn with_plan(season: &SeasonSpec, plan: Plan) -> SeasonSpec {
    let mut season = season.clone();
    season.venues[0].halls[0].plan = PlanSource::Plan(plan.into());
    season
}

#[test]
fn slots_move_to_a_new_version_that_has_their_sold_seats() {
    let (mut rig, season) = sold();
    let season = with_plan(&season, grid(5, 4));
    let done = rig.season(&season);
    assert_eq!((done.created.plans, done.created.seats, done.changed), (1, 20, 1));
    assert_eq!(done.kept_plans, []);
    assert_eq!(text(&mut rig, &VERSIONS), ["1 12", "2 20"]);
    assert_eq!(text(&mut rig, &OF_SLOTS), ["2027-01-01T20:00:00 2 2", "2027-01-02T20:00:00 2 2"]);
    assert_eq!(text(&mut rig, &COUNTS), ["Parkett 20 1"]);
    assert!(!rig.season(&season).has_effect());
}

#[test]
fn a_slot_whose_sold_seat_is_gone_keeps_its_plan_and_is_listed() {
    let (mut rig, season) = sold();
    let done = rig.season(&with_plan(&season, grid(3, 3)));
    assert_eq!(done.kept_plans.len(), 1);
    assert_eq!(text(&mut rig, &OF_SLOTS), ["2027-01-01T20:00:00 2 2", "2027-01-02T20:00:00 1 1"]);
    assert_eq!(text(&mut rig, &COUNTS), ["Parkett 12 1"]);
    // The seat comes back: so does the slot, to the newest version.
    let done = rig.season(&season);
    assert_eq!((done.created.plans, done.kept_plans.len()), (1, 0));
    assert_eq!(text(&mut rig, &OF_SLOTS), ["2027-01-01T20:00:00 3 3", "2027-01-02T20:00:00 3 2"]);
}

#[test]
fn a_sold_seat_of_another_category_keeps_the_slot_where_it_is() {
    let (mut rig, season) = sold();
    let mut parts = grid(3, 4).parts().clone();
    parts
        .categories
        .push(crate::domain::plan::Category { name: "Loge".parse().unwrap(), color: None });
    parts.seats[3].category = 1;
    let mut season = with_plan(&season, Plan::new(parts).unwrap());
    let missing = rig.error(&season);
    assert_eq!(missing.1, "the event stueck has no price for the category \"Loge\"");
    season.events[0].prices.push(price("Loge", 5_000));
    assert_eq!(rig.season(&season).kept_plans.len(), 1);
    assert_eq!(text(&mut rig, &OF_SLOTS), ["2027-01-01T20:00:00 2 2", "2027-01-02T20:00:00 1 1"]);
}

#[test]
fn a_plan_alone_is_a_new_version_and_twice_it_is_none() {
    let (mut rig, _) = sold();
    let done = rig.plan("haus/saal", &grid(4, 4)).unwrap();
    assert_eq!((done.created.plans, done.created.seats, done.changed), (1, 16, 1));
    assert_eq!((rig.number(&CHANGES), rig.number(&CATALOG)), (2, 2));
    let before = rig.everything();
    let again = rig.plan("haus/saal", &grid(4, 4)).unwrap();
    assert_eq!((again.has_effect(), again.unchanged), (false, 1));
    assert_eq!(rig.everything(), before);
    for hall in ["haus/keller", "villa/saal"] {
        match rig.plan(hall, &grid(4, 4)) {
            Err(Stop::Refused(Refusal::NotFound { kind, names })) => {
                assert_eq!((kind.as_str(), &names[..]), ("hall", &[hall.to_owned()][..]));
            }
            other => panic!("found: {other:?}"),
        }
    }
}

#[test]
fn a_plan_with_a_category_that_has_no_price_is_refused() {
    let (mut rig, _) = sold();
    let spec = crate::domain::grid::GridSpec {
        rows: 1,
        seats: 1,
        aisles: Vec::new(),
        accessible: Vec::new(),
        categories: vec![("Loge".parse().unwrap(), "A".into())],
    };
    let plan = crate::domain::grid::grid_plan("x", &spec).unwrap();
    let before = rig.everything();
    match rig.plan("haus/saal", &plan) {
        Err(Stop::Invalid(Invalid::ImportInvalid { key, problem, .. })) => {
            assert_eq!(key.as_deref(), Some("categories"));
            assert_eq!(problem, "the event stueck has no price for the category \"Loge\"");
        }
        other => panic!("no error: {other:?}"),
    }
    assert_eq!(rig.everything(), before);
}

#[test]
fn a_hall_that_had_only_areas_gets_seats_and_a_slot_that_is_over_keeps_what_it_was() {
    let mut rig = Rig::new();
    let mut season = small();
    let plan = std::mem::replace(&mut season.venues[0].halls[0].plan, PlanSource::None);
    season.events[0].prices.remove(0);
    season.events[0].schedules = vec![listed(&["2027-01-01T20:00", "2027-01-02T20:00"])];
    rig.season(&season);
    rig.now = at("2027-01-01T21:00:00Z");
    season.venues[0].halls[0].plan = plan;
    season.events[0].prices.push(price("Parkett", 2_000));
    assert_eq!(rig.season(&season).created.plans, 1);
    assert_eq!(text(&mut rig, &OF_SLOTS), ["2027-01-02T20:00:00 1 2"]);
    // Without a plan in the file the hall keeps the one it has.
    season.venues[0].halls[0].plan = PlanSource::None;
    assert!(!rig.season(&season).has_effect());
}
