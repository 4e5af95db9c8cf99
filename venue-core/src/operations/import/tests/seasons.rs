//! First imports: what a file becomes.

use super::*;

#[cfg(feature = "import")]
const ARENA: &str = include_str!("../../../../../examples/data/arena-season.toml");
#[cfg(feature = "import")]
const CINEMA: &str = include_str!("../../../../../examples/data/cinema-season.toml");
#[cfg(feature = "import")]
const PLAN: &str = include_str!("../../../../../examples/data/erfurt-riethsporthalle.plan.json");

number!(SEATS = "SELECT count(*) FROM seat");
number!(ACCESSIBLE = "SELECT sum(accessible) FROM seat");
number!(AREAS = "SELECT sum(capacity) FROM hall_area");
number!(NO_PLAN = "SELECT count(*) FROM slot WHERE plan IS NULL");
number!(VERSIONS = "SELECT max(version) FROM slot");
texts!(LOCALS = "SELECT rule_local || ' ' || zone FROM slot ORDER BY starts_at");
texts!(CHANGE = "SELECT kind || ' ' || role || ' ' || body FROM change ORDER BY seq");
texts!(
    SALES = "SELECT coalesce(on_sale_from, 'null') || ' ' || (starts_at - on_sale_until) FROM slot ORDER BY starts_at"
);

#[cfg(feature = "import")]
fn shipped(text: &str) -> SeasonSpec {
    let mut season = crate::import::parse_season("season.toml", text.as_bytes()).unwrap();
    let plan = || crate::import::parse_plan("plan.json", PLAN.as_bytes()).unwrap().0;
    season.resolve(|_| Ok(plan())).unwrap();
    season.check_prices(|_| Vec::new()).unwrap();
    season.into_spec()
}

fn text(values: &[Value]) -> Vec<&str> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) => &**text,
            other => panic!("not a text: {other:?}"),
        })
        .collect()
}

#[cfg(feature = "import")]
#[test]
fn the_arena_imports_as_it_is_and_twice_without_a_difference() {
    let mut rig = Rig::new();
    let season = shipped(ARENA);
    let done = rig.season(&season);
    let created = &done.created;
    assert_eq!((created.organizers, created.venues, created.halls), (1, 1, 2));
    assert_eq!((created.plans, created.seats), (1, 1_252));
    assert_eq!((created.events, created.schedules, created.slots, done.slots), (2, 2, 21, 21));
    assert_eq!((done.files, done.changed, done.unchanged), (1, 0, 0));
    assert!(done.unsupported.is_empty() && done.oversized.is_empty());
    assert!(done.collided.is_empty() && done.rejected.is_empty() && done.warnings.is_empty());
    assert_eq!((rig.number(&SEATS), rig.number(&ACCESSIBLE)), (1_252, 21));
    assert_eq!((rig.number(&AREAS), rig.number(&NO_PLAN), rig.number(&VERSIONS)), (2_248, 1, 1));
    let locals = rig.rows(&LOCALS);
    let locals = text(&locals);
    assert_eq!((locals[0], locals.len()), ("2027-09-04T19:30:00 Europe/Berlin", 21));
    assert_eq!(locals[20], "2028-06-10T18:00:00 Europe/Berlin");
    let from = at("2026-11-01T09:00:00Z").micros();
    assert_eq!(text(&rig.rows(&SALES)), vec![format!("{from} 0"); 21]);
    let before = rig.everything();
    assert_eq!((rig.number(&CATALOG), rig.number(&CHANGES)), (1, 1));
    rig.now = rig.now.plus(Span::from_days(1));
    let again = rig.season(&season);
    assert_eq!(rig.everything(), before);
    assert_eq!((again.changed, again.unchanged, again.slots), (0, 8, 0));
    assert!(!again.has_effect());
}

#[cfg(feature = "import")]
#[test]
fn two_organizers_stand_side_by_side() {
    let mut rig = Rig::new();
    rig.season(&shipped(ARENA));
    let done = rig.season(&shipped(CINEMA));
    let created = &done.created;
    assert_eq!((created.organizers, created.venues, created.halls, created.plans), (1, 2, 4, 3));
    assert_eq!((created.seats, created.events, created.schedules), (408, 4, 5));
    // Evenings, matinees, nights, children's Fridays, and the museum: each is counted where seasons are read.
    assert_eq!(done.slots, 60 + 12 + 240 + 22 + 3_812);
    assert!(done.unsupported.is_empty() && done.oversized.is_empty() && done.rejected.is_empty());
    assert!(done.collided.is_empty(), "{:?}", done.collided);
    assert_eq!(rig.number(&SLOTS), 21 + 4_146);
    let before = rig.everything();
    assert!(!rig.season(&shipped(CINEMA)).has_effect());
    assert!(!rig.season(&shipped(ARENA)).has_effect());
    assert_eq!(rig.everything(), before);
    // With two organizers, a plan needs to say whose hall it is for.
    let answer = rig.plan("riethsporthalle/arena", &grid(1, 1));
    assert!(matches!(answer, Err(Stop::Invalid(Invalid::OrganizerNeeded))), "{answer:?}");
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let mut rig = Rig::new();
    let before = rig.everything();
    let tried = rig.dry(&small());
    assert_eq!(rig.everything(), before);
    assert_eq!(rig.season(&small()), tried);
    assert_eq!((tried.created.seats, tried.slots), (12, 1));
}

#[test]
fn an_import_is_one_change_in_the_feed() {
    let mut rig = Rig::new();
    let done = rig.season(&small());
    let changes = rig.rows(&CHANGE);
    let counts = serde_json::to_string(&done.counts()).unwrap();
    assert_eq!(text(&changes), [format!("import.done organizer {counts}")]);
}

#[test]
fn what_has_started_is_not_made() {
    let mut rig = Rig::new();
    rig.now = at("2027-01-01T19:00:00Z");
    let mut season = small();
    season.events[0].schedules = vec![listed(&["2027-01-01T20:00", "2027-01-02T20:00"])];
    // 20:00 in Vienna is 19:00 UTC: it starts now, so it has started.
    assert_eq!(rig.season(&season).slots, 1);
    assert_eq!(text(&rig.rows(&LOCALS)), ["2027-01-02T20:00:00 Europe/Vienna"]);
    let mut rig = Rig::new();
    rig.now = Instant::clamped(at("2027-01-01T19:00:00Z").micros() - 1);
    assert_eq!(rig.season(&season).slots, 2);
}

#[test]
fn drafts_get_slots_and_left_out_dates_are_listed() {
    let mut rig = Rig::new();
    let mut season = small();
    season.events[0].state = EventStart::Draft;
    season.events[0].schedules = vec![listed(&["2027-03-27T20:00", "2027-03-28T02:30"])];
    let done = rig.season(&season);
    assert_eq!(done.slots, 1);
    let rejected = &done.rejected[0];
    assert_eq!((rejected.schedule.as_str(), done.rejected.len()), ("stueck#1", 1));
    assert_eq!(rejected.local.to_string(), "2027-03-28T02:30:00");
}

#[test]
fn what_does_not_fit_together_names_its_key() {
    type Spoil = fn(&mut SeasonSpec);
    let mut rig = Rig::new();
    let cases: [(Spoil, &str, &str); 7] = [
        (
            |s| s.events[0].hall = "haus/keller".parse().unwrap(),
            "event[0].hall",
            "this file has no hall haus/keller",
        ),
        (
            |s| s.venues[0].halls[0].plan = PlanSource::File("p.json".into()),
            "venue[0].hall[0].plan",
            "the plan file \"p.json\" was not read",
        ),
        (
            |s| s.events[0].prices.truncate(1),
            "event[0].prices",
            "the event stueck has no price for the category \"Steh\"",
        ),
        (
            |s| s.events[0].prices.push(price("Loge", 1)),
            "event[0].prices.\"Loge\"",
            "the hall has no category \"Loge\"",
        ),
        (
            |s| s.events[0].duration = None,
            "event[0].duration",
            "a duration is needed, or a length in the schedule",
        ),
        (
            |s| s.venues[0].halls[0].areas.clear(),
            "event[0].prices.\"Steh\"",
            "the hall has no category \"Steh\"",
        ),
        (
            |s| {
                s.events
                    .push(EventSpec { prices: Vec::new(), ..event("zwei", &["2028-01-01T20:00"]) });
            },
            "event[1].prices",
            "the event zwei has no price for the category \"Parkett\"",
        ),
    ];
    for (spoil, key, problem) in cases {
        let mut season = small();
        spoil(&mut season);
        assert_eq!(rig.error(&season), (key.to_owned(), problem.to_owned()));
    }
}

#[test]
fn a_rule_or_hours_that_cannot_be_read_name_their_entry() {
    let mut rig = Rig::new();
    let text = |text: &str| vec!["FREQ=DAILY;COUNT=2".to_owned(), text.to_owned()];
    let windows = ScheduleSpec { length: Some(Span::from_hours(1)), ..ScheduleSpec::default() };
    for (schedule, key) in [
        (ScheduleSpec { rrule: text("FREQ=HOURLY"), ..listed(&["2027-01-01T20:00"]) }, "rrule[1]"),
        (ScheduleSpec { open: text("mon 10-12"), ..windows.clone() }, "open[0]"),
        (ScheduleSpec { starts: None, ..listed(&["2027-01-01T20:00"]) }, "starts"),
        (
            ScheduleSpec { open: vec!["mon 10:00-12:00".into()], overrides: text("x"), ..windows },
            "override[0]",
        ),
    ] {
        let mut season = small();
        season.events[0].schedules.push(schedule);
        let (found, problem) = rig.error(&season);
        assert_eq!(found, format!("event[0].schedule[1].{key}"));
        assert!(!problem.is_empty());
    }
}

#[test]
fn a_schedule_of_too_many_slots_gets_none_and_the_others_theirs() {
    let mut rig = Rig::new();
    let mut season = small();
    let windows = ScheduleSpec {
        open: vec!["mon-sun 00:00-24:00".into()],
        length: Some(Span::from_mins(5)),
        ..ScheduleSpec::default()
    };
    season.venues[0].halls[0].shared = true;
    season.events[0].schedules.push(windows.clone());
    let done = rig.season(&season);
    assert_eq!((done.slots, done.oversized.len()), (1, 1));
    assert_eq!(
        (done.oversized[0].schedule.as_str(), done.oversized[0].limit),
        ("stueck#2", 100_000)
    );
    assert!(!rig.season(&season).has_effect());
    // Within a horizon of 30 days they are few enough. Vienna's day of 1 October begins two hours before it does in
    // London, and the clock goes back once.
    season.events[0].schedules[1].horizon = Some(Span::from_days(30));
    let done = rig.season(&season);
    let (day, today) = (24 * 12, 14 * 12 - 1);
    assert_eq!((done.oversized.len(), done.slots), (0, today + 30 * day + 12));
}
