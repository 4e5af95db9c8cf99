//! Claims about the catalogue's statements and rows, on real files.

use crate::domain::grid::{GridSpec, grid_plan};
use crate::domain::ids::{HallId, OrganizerId, PlanId, VenueId};
use crate::domain::plan::{Drawing, Plan, Point};
use crate::domain::season::{HallSpec, PlanSource, VenueSpec};
use crate::domain::text::Name;
use crate::store::boundary::{Call, Statement, Store as _, Value};
use crate::store::sqlite::{Access, NewFile, Opened, create, open};

use super::*;

/// A folder with a new file in it, open, in a transaction.
fn begun() -> (tempfile::TempDir, Opened) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.db");
    let new = NewFile {
        file_id: [7; 16],
        epoch: 1,
        floor: 0,
        test_clock: true,
        group: None,
        secret: [9; 32],
    };
    create(&path, &new, &Access::default()).unwrap();
    let mut opened = open(&path, &Access::default()).unwrap();
    assert!(opened.writer.begin(&mut || true).unwrap());
    (folder, opened)
}

#[test]
fn every_statement_is_what_it_declares() {
    let (_folder, mut opened) = begun();
    let modules: [&[&'static Statement]; 9] = [
        events::ALL,
        halls::ALL,
        organizers::ALL,
        plans::ALL,
        prices::ALL,
        schedules::ALL,
        slots::ALL,
        venues::ALL,
        crate::store::meta::ALL,
    ];
    for statement in modules.into_iter().flatten() {
        let answer = opened.writer.tx().exec(&[Call::new(statement)]);
        assert_eq!(answer, Ok(vec![0]), "{}: {}", statement.name, statement.sql);
    }
    opened.writer.rollback();
}

fn hall(opened: &mut Opened) -> HallId {
    let tx = opened.writer.tx();
    let (organizer, venue, hall) = ([1; 16], [2; 16], [3; 16]);
    let organizer = OrganizerId::from_bytes(organizer);
    let name = "X".parse().unwrap();
    let currency = "EUR".parse().unwrap();
    organizers::insert(tx, organizer, &"x".parse().unwrap(), &name, currency).unwrap();
    let spec = HallSpec {
        slug: "h".parse().unwrap(),
        name,
        plan: PlanSource::None,
        areas: Vec::new(),
        turnaround: crate::domain::instant::Span::ZERO,
        shared: true,
    };
    let place = VenueSpec {
        slug: "v".parse().unwrap(),
        name: "V".parse().unwrap(),
        city: None,
        zone: "Europe/Vienna".parse().unwrap(),
        halls: Vec::new(),
    };
    venues::insert(tx, organizer, VenueId::from_bytes(venue), &place).unwrap();
    halls::insert(tx, VenueId::from_bytes(venue), HallId::from_bytes(hall), &spec).unwrap();
    let row = halls::by_slug(tx, VenueId::from_bytes(venue), &spec.slug).unwrap().unwrap();
    assert!(row.says(&spec));
    assert!(venues::by_slug(tx, organizer, &place.slug).unwrap().unwrap().says(&place));
    row.id
}

#[test]
fn a_plan_comes_back_as_it_was_written() {
    let (_folder, mut opened) = begun();
    let hall = hall(&mut opened);
    let grid = GridSpec {
        rows: 30,
        seats: 20,
        aisles: vec![10],
        accessible: vec!["A-1".into()],
        categories: vec![
            ("Parkett".parse().unwrap(), "A-Z".into()),
            ("Loge".parse().unwrap(), "AA-AD".into()),
        ],
    };
    let small = grid_plan("Saal", &grid).unwrap();
    let mut parts = small.parts().clone();
    parts.size = None;
    parts.name = String::new();
    parts.focal = Point { x_milli: -7, y_milli: 9 };
    parts.categories[0].color = Some("#ffffff".parse().unwrap());
    parts.sections[0].zone_id = Some("z".parse().unwrap());
    parts.drawings.push(Drawing {
        section: 0,
        shape: None,
        text: Some("Bühne".parse().unwrap()),
        at: Point { x_milli: 1, y_milli: 2 },
    });
    let odd = Plan::new(parts).unwrap();
    let tx = opened.writer.tx();
    for (number, plan) in [(1, &small), (2, &odd)] {
        let id = PlanId::from_bytes([9; 16].map(|b: u8| b + u8::try_from(number).unwrap()));
        let mut told = Vec::new();
        let mut progress = |done, total| told.push((done, total));
        plans::insert(tx, hall, id, number, plan, &mut progress).unwrap();
        assert_eq!(told, [(600, 600)]);
        assert_eq!(plans::newest(tx, hall).unwrap(), Some((id, number)));
        assert_eq!(plans::load(tx, id).unwrap().unwrap(), *plan);
        let names: Vec<_> = plans::categories(tx, id).unwrap();
        assert_eq!(names.iter().map(Name::as_str).collect::<Vec<_>>(), ["Parkett", "Loge"]);
    }
    assert_eq!(plans::load(tx, PlanId::from_bytes([0; 16])).unwrap(), None);
}

#[test]
fn a_damaged_layout_is_damage_and_no_panic() {
    static SPOIL: Statement = Statement {
        name: "test_spoil",
        sql: "INSERT INTO plan_version (id, hall, number, name, width, height, focal_x, focal_y, layout, seats) VALUES ($1, $2, 1, '', 0, 0, 0, 0, '{}', 0)",
        parameters: &[crate::store::boundary::Kind::Id, crate::store::boundary::Kind::Id],
        columns: &[],
    };
    let (_folder, mut opened) = begun();
    let hall = hall(&mut opened);
    let tx = opened.writer.tx();
    let row = [Value::Id([5; 16]), Value::Id(hall.bytes())];
    tx.exec(&[Call::once(&SPOIL, row)]).unwrap();
    let error = plans::load(tx, PlanId::from_bytes([5; 16])).unwrap_err();
    assert_eq!(error.failure, crate::store::boundary::StoreFailure::Corrupt);
}
