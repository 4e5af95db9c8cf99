use super::*;
use crate::domain::plan::{Category, PlanParts, Section};

#[test]
fn a_hall_is_named_by_two_slugs() {
    let hall: HallRef = "riethsporthalle/arena".parse().unwrap();
    assert_eq!((hall.venue.as_str(), hall.hall.as_str()), ("riethsporthalle", "arena"));
    assert_eq!(hall.to_string(), "riethsporthalle/arena");
    for wrong in ["", "arena", "/arena", "a/", "a/b/c", "A/b", "a / b"] {
        assert_eq!(wrong.parse::<HallRef>(), Err(NotAHallRef), "{wrong:?}");
    }
}

#[test]
fn a_sale_begins_at_a_wall_time_or_before_each_start() {
    let zone: Zone = "Europe/Berlin".parse().unwrap();
    let starts_at: Instant = "2027-09-04T17:30:00Z".parse().unwrap();
    for (bound, at) in [
        (SaleBound::At("2026-11-01T10:00".parse().unwrap()), "2026-11-01T09:00:00Z"),
        (SaleBound::At("2027-03-28T02:30".parse().unwrap()), "2027-03-28T01:30:00Z"),
        (SaleBound::BeforeStart(Span::from_days(1)), "2027-09-03T17:30:00Z"),
    ] {
        assert_eq!(bound.for_slot(starts_at, &zone), at.parse().unwrap(), "{bound:?}");
    }
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn hall(slug: &str, plan: PlanSource) -> HallSpec {
    let areas = vec![
        AreaSpec { name: name("Stand"), capacity: 10, category: name("II") },
        AreaSpec { name: name("Bar"), capacity: 5, category: name("III") },
    ];
    let slug = slug.parse().unwrap();
    HallSpec { slug, name: name("H"), plan, areas, turnaround: Span::ZERO, shared: false }
}

fn plan() -> Plan {
    let category = |text| Category { name: name(text), color: None };
    Plan::new(PlanParts {
        categories: vec![category("I"), category("II")],
        sections: vec![Section { name: None, zone_id: None }],
        ..PlanParts::default()
    })
    .unwrap()
}

fn season() -> SeasonSpec {
    let file = |name: &str| PlanSource::File(name.into());
    let venue = |slug: &str, halls| VenueSpec {
        slug: slug.parse().unwrap(),
        name: name("V"),
        city: None,
        zone: "Europe/Berlin".parse().unwrap(),
        halls,
    };
    SeasonSpec {
        organizer: OrganizerSpec {
            slug: "o".parse().unwrap(),
            name: name("O"),
            currency: "EUR".parse().unwrap(),
        },
        venues: vec![
            venue("a", vec![hall("x", file("b.json")), hall("y", PlanSource::None)]),
            venue("b", vec![hall("x", file("a.json")), hall("z", file("b.json"))]),
        ],
        events: vec![],
    }
}

#[test]
fn an_event_names_a_hall_of_its_venue() {
    let season = season();
    for (text, found) in
        [("a/y", true), ("b/z", true), ("a/z", false), ("b/y", false), ("c/x", false)]
    {
        let named: HallRef = text.parse().unwrap();
        let hall = season.hall(&named);
        assert_eq!(hall.is_some(), found, "{text}");
        if let Some((venue, hall)) = hall {
            assert_eq!((&venue.slug, &hall.slug), (&named.venue, &named.hall));
        }
    }
}

#[test]
fn each_plan_file_is_asked_for_once() {
    let mut season = season();
    assert_eq!(season.plan_files(), ["b.json", "a.json"]);
    let mut asked = Vec::new();
    season
        .resolve(|file| {
            asked.push(file.to_owned());
            Ok::<_, ()>(plan())
        })
        .unwrap();
    assert_eq!(asked, ["b.json", "a.json"]);
    assert_eq!(season.plan_files(), [""; 0]);
    let planned = |text: &str| season.hall(&text.parse().unwrap()).unwrap().1.plan().cloned();
    assert_eq!(planned("b/z"), Some(Arc::new(plan())));
    assert_eq!(planned("a/y"), None);
    let refused = self::season().resolve(|file| Err::<Plan, _>(file.to_owned()));
    assert_eq!(refused, Err("b.json".to_owned()));
}

#[test]
fn the_categories_of_a_hall_are_its_plans_and_then_its_areas() {
    let names = |plan| hall("x", plan).categories();
    assert_eq!(names(PlanSource::None), Some(vec![name("II"), name("III")]));
    assert_eq!(names(PlanSource::File("a.json".into())), None);
    let all = vec![name("I"), name("II"), name("III")];
    assert_eq!(names(PlanSource::Plan(Arc::new(plan()))), Some(all));
}

#[test]
fn prices_are_for_all_categories_and_no_other() {
    let categories = [name("I"), name("II")];
    let check = |priced: &[&str]| {
        let event = EventSpec {
            slug: "e".parse().unwrap(),
            kind: "movie".into(),
            title: name("E"),
            description: None,
            tags: vec![],
            hall: "a/x".parse().unwrap(),
            duration: None,
            hold: DEFAULT_HOLD,
            max_hold: MAX_HOLD,
            max_units_per_booking: DEFAULT_UNITS_PER_BOOKING,
            max_units_per_buyer: None,
            on_sale_from: None,
            on_sale_until: None,
            state: EventStart::Draft,
            prices: priced.iter().map(|c| PriceSpec { category: name(c), minor: 1 }).collect(),
            schedules: vec![],
        };
        check_prices(&event, &categories)
    };
    assert_eq!(check(&["II", "I"]), Ok(()));
    assert_eq!(check(&["I"]), Err(PriceProblem::Missing(name("II"))));
    assert_eq!(check(&["I", "IV"]), Err(PriceProblem::Unknown(name("IV"))));
}
