//! Later imports: what a changed file changes.

use super::*;
use crate::domain::season::SaleBound;

texts!(EVENT = "SELECT title || ' ' || version FROM event ORDER BY slug");
texts!(PRICES = "SELECT n || ' ' || category || ' ' || minor FROM price ORDER BY n");
texts!(HALL = "SELECT name || ' ' || (turnaround / 60000000) || ' ' || shared FROM hall");
texts!(AREAS = "SELECT n || ' ' || name || ' ' || capacity FROM hall_area ORDER BY n");
number!(SLOT_VERSION = "SELECT max(version) FROM slot");
number!(SOLD_CAPACITY = "SELECT capacity FROM area");
number!(FROM = "SELECT on_sale_from FROM slot");
number!(UNTIL = "SELECT on_sale_until FROM slot");
number!(STATE = "SELECT state FROM event");
spoil!(
    SELL_60 = "INSERT INTO area (event, slot, name, capacity, held, sold, house, killed) SELECT event, id, 'Steh', 100, 10, 40, 5, 5 FROM slot"
);
spoil!(CANCEL = "UPDATE event SET state = 2");
spoil!(DELETE = "UPDATE event SET deleted_at = 1");

fn text(rig: &mut Rig, statement: &'static Statement) -> Vec<String> {
    let text = |value| match value {
        Value::Text(text) => text.to_string(),
        other => panic!("not a text: {other:?}"),
    };
    rig.rows(statement).into_iter().map(text).collect()
}

/// What an import changes: changed and unchanged things, and whether the feed and the catalogue moved.
fn import(rig: &mut Rig, season: &SeasonSpec) -> (u64, u64, bool) {
    let before = (rig.number(&CHANGES), rig.number(&CATALOG));
    let done = rig.season(season);
    let after = (rig.number(&CHANGES), rig.number(&CATALOG));
    let moved = after == (before.0 + 1, before.1 + 1);
    assert!(moved || after == before);
    assert!(!rig.season(season).has_effect(), "twice is once");
    (done.changed, done.unchanged, moved)
}

#[test]
fn fields_prices_and_limits_follow_the_file() {
    let mut rig = Rig::new();
    let mut season = small();
    rig.season(&season);
    let event = &mut season.events[0];
    event.title = "Anderes Stück".parse().unwrap();
    event.max_units_per_buyer = Some(4);
    event.tags.clear();
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(text(&mut rig, &EVENT), ["Anderes Stück 2"]);
    season.events[0].prices = vec![price("Steh", 950), price("Parkett", 2_100)];
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(text(&mut rig, &PRICES), ["0 Steh 950", "1 Parkett 2100"]);
    assert_eq!(text(&mut rig, &EVENT), ["Anderes Stück 3"]);
    season.organizer.name = "Neues Haus".parse().unwrap();
    season.venues[0].city = None;
    season.venues[0].halls[0].turnaround = Span::from_mins(45);
    season.venues[0].halls[0].shared = true;
    assert_eq!(import(&mut rig, &season), (3, 2, true));
    assert_eq!(text(&mut rig, &HALL), ["Saal 45 1"]);
    assert_eq!(
        (rig.number(&SLOT_VERSION), text(&mut rig, &EVENT)[0].as_str()),
        (1, "Anderes Stück 3")
    );
}

#[test]
fn a_changed_rule_adds_its_dates_and_leaves_those_that_are_there() {
    let mut rig = Rig::new();
    let mut season = small();
    rig.season(&season);
    season.events[0].schedules = vec![listed(&["2027-01-02T20:00", "2027-01-03T20:00"])];
    let done = rig.season(&season);
    assert_eq!((done.slots, done.changed, rig.number(&SLOTS)), (2, 1, 3));
    assert_eq!(text(&mut rig, &EVENT), ["Stück 2"]);
    season.events[0].schedules.push(listed(&["2027-01-04T20:00"]));
    let done = rig.season(&season);
    assert_eq!((done.created.schedules, done.slots, done.changed), (1, 1, 0));
    season.events[0].schedules.clear();
    assert!(!rig.season(&season).has_effect());
    assert_eq!(rig.number(&SLOTS), 4);
}

#[test]
fn the_sale_of_slots_follows_the_event() {
    let mut rig = Rig::new();
    let mut season = small();
    rig.season(&season);
    let starts = at("2027-01-01T19:00:00Z");
    assert_eq!(rig.number(&UNTIL), starts.micros());
    season.events[0].on_sale_from = Some(SaleBound::At("2026-12-01T10:00".parse().unwrap()));
    season.events[0].on_sale_until = Some(SaleBound::BeforeStart(Span::from_hours(1)));
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(rig.number(&FROM), at("2026-12-01T09:00:00Z").micros());
    assert_eq!(rig.number(&UNTIL), starts.minus(Span::from_hours(1)).micros());
    assert_eq!(rig.number(&SLOT_VERSION), 2);
    // A slot that has started keeps what it had.
    rig.now = starts;
    season.events[0].on_sale_until = None;
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(
        (rig.number(&UNTIL), rig.number(&SLOT_VERSION)),
        (starts.minus(Span::from_hours(1)).micros(), 2)
    );
}

#[test]
fn an_area_grows_and_shrinks_as_far_as_its_owners_let_it() {
    let mut rig = Rig::new();
    let mut season = small();
    rig.season(&season);
    rig.execute(&SELL_60);
    season.venues[0].halls[0].areas = vec![area("Galerie", 7), area("Steh", 59)];
    let (key, problem) = rig.error(&season);
    assert_eq!(key, "venue[0].hall[0].area[1].capacity");
    assert_eq!(problem, "60 places are taken in one of the slots, 59 are too few");
    season.venues[0].halls[0].areas[1].capacity = 60;
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(text(&mut rig, &AREAS), ["0 Galerie 7", "1 Steh 60"]);
    assert_eq!((rig.number(&SOLD_CAPACITY), rig.number(&SLOT_VERSION)), (60, 2));
    assert_eq!(text(&mut rig, &EVENT), ["Stück 2"]);
    season.venues[0].halls[0].areas = vec![area("Steh", 200)];
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(text(&mut rig, &AREAS), ["0 Steh 200", "1 Galerie 7"]);
    assert_eq!(rig.number(&SOLD_CAPACITY), 200);
    // When it is over, what was sold binds nobody.
    rig.now = at("2027-01-01T21:00:00Z");
    season.venues[0].halls[0].areas = vec![area("Steh", 10)];
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    assert_eq!(rig.number(&SOLD_CAPACITY), 200);
}

#[test]
fn currency_zone_and_hall_are_fixed_once_there_are_slots() {
    let mut rig = Rig::new();
    let mut empty = small();
    empty.events[0].schedules.clear();
    let mut second = empty.venues[0].halls[0].clone();
    second.slug = "keller".parse().unwrap();
    empty.venues[0].halls.push(second);
    rig.season(&empty);
    let changed = |season: &SeasonSpec, what: u8| {
        let mut season = season.clone();
        match what {
            0 => season.organizer.currency = other_currency(),
            1 => season.venues[0].zone = "Europe/London".parse().unwrap(),
            _ => season.events[0].hall = "haus/keller".parse().unwrap(),
        }
        season
    };
    for what in 0..3 {
        assert_eq!(import(&mut rig, &changed(&empty, what)).0, 1);
        assert_eq!(import(&mut rig, &empty).0, 1);
    }
    assert_eq!(text(&mut rig, &EVENT), ["Stück 7"]);
    let mut season = empty;
    season.events[0].schedules = vec![listed(&["2027-01-01T20:00"])];
    rig.season(&season);
    for (what, key, problem) in [
        (0, "organizer.currency", "the currency is EUR, and cannot change once there are slots"),
        (
            1,
            "venue[0].time_zone",
            "the time zone is Europe/Vienna, and cannot change once there are slots",
        ),
        (2, "event[0].hall", "the event's hall cannot change once it has slots"),
    ] {
        assert_eq!(rig.error(&changed(&season, what)), (key.to_owned(), problem.to_owned()));
    }
}

#[test]
fn an_import_publishes_and_never_takes_back() {
    let mut rig = Rig::new();
    let mut season = small();
    season.events[0].state = EventStart::Draft;
    rig.season(&season);
    assert_eq!(rig.number(&STATE), 0);
    season.events[0].state = EventStart::Published;
    assert_eq!(import(&mut rig, &season), (1, 4, true));
    season.events[0].state = EventStart::Draft;
    let done = rig.season(&season);
    assert_eq!((done.has_effect(), rig.number(&STATE)), (false, 1));
    assert_eq!(done.warnings[0].message, "the event stueck stays published");
    rig.execute(&CANCEL);
    season.events[0].state = EventStart::Published;
    season.events[0].schedules = vec![listed(&["2027-02-01T20:00"])];
    let done = rig.season(&season);
    assert_eq!((done.slots, rig.number(&STATE), done.warnings.len()), (0, 2, 1));
    rig.execute(&DELETE);
    assert_eq!(rig.error(&season).0, "event[0].slug");
}
