use super::*;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn seat(guid: &str, row: u32, label: &str) -> Seat {
    Seat {
        guid: guid.parse().unwrap(),
        row,
        number: "1".into(),
        label: label.into(),
        x_milli: 0,
        y_milli: 0,
        category: 0,
        accessible: false,
    }
}

fn row(section: u32, number: &str) -> Row {
    Row { section, number: number.into() }
}

/// Two sections, three rows, four seats.
fn parts() -> PlanParts {
    PlanParts {
        name: "Saal".into(),
        categories: vec![
            Category { name: name("I"), color: None },
            Category { name: name("II"), color: Some(name("#fff")) },
        ],
        sections: vec![
            Section { name: Some(name("Block A")), zone_id: Some(name("A")) },
            Section { name: Some(name("Block B")), zone_id: None },
        ],
        rows: vec![row(0, "1"), row(0, "1"), row(1, "1")],
        seats: vec![
            seat("a", 0, "Block A-1-1"),
            seat("b", 1, "Block A-1-1"),
            seat("c", 2, "a"),
            Seat { category: 1, ..seat("d", 2, "Block B-1-1") },
        ],
        ..PlanParts::default()
    }
}

#[test]
fn a_seat_is_found_by_id_first_and_by_a_label_of_its_own() {
    let plan = Plan::new(parts()).unwrap();
    for (asked, found) in [
        ("a", Some(0)),
        ("d", Some(3)),
        ("Block B-1-1", Some(3)),
        ("Block A-1-1", None),
        ("", None),
        ("A", None),
    ] {
        assert_eq!(plan.seat_named(asked), found, "{asked}");
    }
    assert_eq!(plan.seat_with_guid("Block B-1-1"), None);
}

#[test]
fn a_plan_counts_its_seats_by_category() {
    let plan = Plan::new(parts()).unwrap();
    assert_eq!((plan.capacity(), plan.capacities()), (4, &[3, 1][..]));
    assert_eq!(plan.category_named("II"), Some(1));
    assert_eq!(plan.category_named("III"), None);
}

#[test]
fn a_section_is_found_by_name_and_by_short_name() {
    let plan = Plan::new(parts()).unwrap();
    assert_eq!(plan.sections_named("Block A").collect::<Vec<_>>(), [0]);
    assert_eq!(plan.sections_named("A").collect::<Vec<_>>(), [0]);
    assert_eq!(plan.sections_named("Block B").collect::<Vec<_>>(), [1]);
    assert_eq!(plan.sections_named("B").count(), 0);
    let seat = plan.seat(3).unwrap();
    assert_eq!(plan.section_of(seat).unwrap().name, Some(name("Block B")));
    assert_eq!(plan.row_of(seat).unwrap().section, 1);
    assert_eq!(plan.category_of(seat).unwrap().name, name("II"));
    assert_eq!(plan.seat(4), None);
}

#[test]
fn a_label_leaves_out_what_is_empty() {
    assert_eq!(seat_label(Some("Block D"), "14", "1"), "Block D-14-1");
    assert_eq!(seat_label(None, "A", "1"), "A-1");
    assert_eq!(seat_label(Some(""), "", "7"), "7");
    assert_eq!(seat_label(None, "", ""), "");
}

#[test]
fn the_same_content_under_another_name_is_no_new_version() {
    let plan = Plan::new(parts()).unwrap();
    let named = Plan::new(PlanParts { name: "Andere".into(), ..parts() }).unwrap();
    assert!(plan.same_content(&named) && plan != named);
    let mut moved = parts();
    moved.seats[3].x_milli = 1;
    assert!(!plan.same_content(&Plan::new(moved).unwrap()));
}

#[test]
fn a_plan_survives_json() {
    let text = serde_json::to_string(&parts()).unwrap();
    assert_eq!(serde_json::from_str::<PlanParts>(&text).unwrap(), parts());
}

type Break = fn(&mut PlanParts);

#[test]
fn every_broken_invariant_is_found_where_it_is() {
    let long = "x".repeat(50);
    let cases: [(Break, PlanPlace, PlanProblem); 15] = [
        (|p| p.sections.clear(), PlanPlace::Plan, PlanProblem::NoSection),
        (|p| p.name = "x".repeat(201), PlanPlace::Plan, PlanProblem::BadName),
        (|p| p.focal.x_milli = MAX_MILLI + 1, PlanPlace::Focal, PlanProblem::TooFar),
        (
            |p| p.size = Some(Size { width_milli: 0, height_milli: i64::MIN }),
            PlanPlace::Size,
            PlanProblem::TooFar,
        ),
        (
            |p| p.categories[1].name = p.categories[0].name.clone(),
            PlanPlace::Category(1),
            PlanProblem::DuplicateCategory,
        ),
        (|p| p.rows[2].section = 2, PlanPlace::Row(2), PlanProblem::UnknownSection),
        (|p| p.rows[0].section = 1, PlanPlace::Row(1), PlanProblem::OutOfOrder),
        (|p| p.rows[1].number = "x".repeat(50).into(), PlanPlace::Row(1), PlanProblem::BadNumber),
        (|p| p.seats[1].row = 2, PlanPlace::Row(1), PlanProblem::EmptyRow),
        (|p| p.rows.push(row(1, "2")), PlanPlace::Row(3), PlanProblem::EmptyRow),
        (|p| p.seats[3].row = 0, PlanPlace::Seat(3), PlanProblem::OutOfOrder),
        (|p| p.seats[3].row = u32::MAX, PlanPlace::Seat(3), PlanProblem::UnknownRow),
        (|p| p.seats[2].category = 2, PlanPlace::Seat(2), PlanProblem::UnknownCategory),
        (|p| p.seats[2].label = "".into(), PlanPlace::Seat(2), PlanProblem::BadLabel),
        (|p| p.seats[2].y_milli = -MAX_MILLI - 1, PlanPlace::Seat(2), PlanProblem::TooFar),
    ];
    for (number, (spoil, place, problem)) in cases.into_iter().enumerate() {
        let mut parts = parts();
        spoil(&mut parts);
        assert_eq!(Plan::new(parts).unwrap_err(), PlanError { place, problem }, "case {number}");
    }
    let mut twice = parts();
    twice.seats[2].guid = twice.seats[0].guid.clone();
    let problem = PlanProblem::DuplicateSeat { guid: "a".parse().unwrap(), first: 0 };
    assert_eq!(Plan::new(twice).unwrap_err(), PlanError { place: PlanPlace::Seat(2), problem });
    let mut numbered = parts();
    numbered.seats[0].number = long.into();
    assert_eq!(Plan::new(numbered).unwrap_err().problem, PlanProblem::BadNumber);
}

#[test]
fn a_plan_has_at_most_two_hundred_thousand_seats() {
    let full = |count: usize| PlanParts {
        rows: vec![row(0, "1")],
        seats: (0..count).map(|n| seat(&format!("s{n}"), 0, "x")).collect(),
        ..parts()
    };
    assert_eq!(Plan::new(full(MAX_SEATS)).unwrap().capacity(), 200_000);
    assert_eq!(Plan::new(full(MAX_SEATS + 1)).unwrap_err().problem, PlanProblem::TooManySeats);
}

#[test]
fn a_plan_shows_what_it_was_made_of() {
    let whole = PlanParts {
        size: Some(Size { width_milli: 4, height_milli: 2 }),
        focal: Point { x_milli: 2, y_milli: 0 },
        ..parts()
    };
    let plan = Plan::new(whole.clone()).unwrap();
    assert_eq!((plan.parts(), plan.name(), plan.focal()), (&whole, "Saal", whole.focal));
    assert_eq!((plan.categories(), plan.sections()), (&whole.categories[..], &whole.sections[..]));
    assert_eq!((plan.rows(), plan.seats()), (&whole.rows[..], &whole.seats[..]));
    assert_eq!(format!("{plan:?}"), r#"Plan { name: "Saal", sections: 2, rows: 3, seats: 4, .. }"#);
}

#[test]
fn whatever_is_sold_drawn_or_judged_makes_another_content() {
    let changes: [Break; 7] = [
        |p| p.size = Some(Size { width_milli: 1, height_milli: 1 }),
        |p| p.focal.y_milli = 1,
        |p| p.categories[0].color = None,
        |p| p.sections[1].zone_id = None,
        |p| p.rows[1].number = "2".into(),
        |p| p.seats[0].accessible = true,
        |p| p.drawings.clear(),
    ];
    let drawing = Drawing { section: 0, shape: None, text: None, at: Point::default() };
    let mut base = PlanParts { drawings: vec![drawing], ..parts() };
    base.categories[0].color = Some(name("#000"));
    base.sections[1].zone_id = Some(name("B"));
    let plan = Plan::new(base.clone()).unwrap();
    assert!(plan.same_content(&plan) && plan == plan.clone());
    for (number, change) in changes.into_iter().enumerate() {
        let mut other = base.clone();
        change(&mut other);
        let other = Plan::new(other).unwrap();
        assert!(!plan.same_content(&other) && plan != other, "change {number}");
    }
}

#[test]
fn bounds_are_inclusive() {
    let categories = |count: usize| PlanParts {
        categories: (0..count)
            .map(|n| Category { name: name(&format!("c{n}")), color: None })
            .collect(),
        ..parts()
    };
    assert!(Plan::new(categories(MAX_CATEGORIES)).is_ok());
    let problem = PlanProblem::TooManyCategories;
    let error = Plan::new(categories(MAX_CATEGORIES + 1)).unwrap_err();
    assert_eq!(error, PlanError { place: PlanPlace::Plan, problem });
    let mut far = parts();
    far.focal = Point { x_milli: -MAX_MILLI, y_milli: MAX_MILLI };
    far.seats[0].label = "x".repeat(300).into();
    far.seats[0].number = "x".repeat(MAX_NUMBER_CHARS).into();
    far.name = "x".repeat(200);
    assert!(Plan::new(far).is_ok());
    let mut long = parts();
    long.seats[0].label = "x".repeat(301).into();
    assert_eq!(Plan::new(long).unwrap_err().problem, PlanProblem::BadLabel);
    let mut control = parts();
    control.seats[0].label = "a\nb".into();
    assert_eq!(Plan::new(control).unwrap_err().problem, PlanProblem::BadLabel);
}

#[test]
fn drawings_stand_in_a_section_and_near() {
    let drawn = |section, x_milli| {
        let at = Point { x_milli, y_milli: 0 };
        let drawing = Drawing { section, shape: None, text: None, at };
        Plan::new(PlanParts { drawings: vec![drawing], ..parts() })
    };
    assert!(drawn(1, MAX_MILLI).is_ok());
    for (section, x_milli, problem) in
        [(2, 0, PlanProblem::UnknownSection), (0, MAX_MILLI + 1, PlanProblem::TooFar)]
    {
        let place = PlanPlace::Drawing(0);
        assert_eq!(drawn(section, x_milli).unwrap_err(), PlanError { place, problem });
    }
}

#[test]
fn every_problem_reads_in_lower_case_without_a_full_stop() {
    let guid = || "D-14-1".parse().unwrap();
    for problem in [
        PlanProblem::NoSection,
        PlanProblem::TooManySeats,
        PlanProblem::TooManyCategories,
        PlanProblem::BadName,
        PlanProblem::DuplicateCategory,
        PlanProblem::UnknownSection,
        PlanProblem::UnknownRow,
        PlanProblem::UnknownCategory,
        PlanProblem::EmptyRow,
        PlanProblem::OutOfOrder,
        PlanProblem::DuplicateSeat { guid: guid(), first: 0 },
        PlanProblem::BadNumber,
        PlanProblem::BadLabel,
        PlanProblem::TooFar,
    ] {
        let text = PlanError { place: PlanPlace::Plan, problem }.to_string();
        assert!(text.starts_with(char::is_lowercase) && !text.ends_with('.'), "{text:?}");
    }
    let twice = PlanProblem::DuplicateSeat { guid: guid(), first: 0 };
    assert_eq!(twice.to_string(), "another seat has the same id D-14-1");
}
