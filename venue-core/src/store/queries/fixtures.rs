//! A small catalogue for tests: two organizers; the first has a hall with four seats and an area, a published
//! event with five slots, and a draft with one; the second has an event of one slot with an area.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::domain::ids::SlotId;
use crate::domain::instant::{Instant, Span};
use crate::store::boundary::Statement;
use crate::store::statement::statements;

statements! {
    SET_EPOCH = "UPDATE meta SET epoch = $1 WHERE one = 1" (Int) -> ();
    SET_LAST = "UPDATE meta SET last_number = $1 WHERE one = 1" (Int) -> ();
    ADD_EVENT = "INSERT INTO event (id, organizer, slug, kind, title, description, tags, hall, duration, hold, max_hold, max_units_per_booking, max_units_per_buyer, on_sale_from, on_sale_until, state, version, deleted_at) SELECT $1, organizer, $2, kind, $3, '', $4, hall, duration, hold, max_hold, max_units_per_booking, NULL, on_sale_from, on_sale_until, 1, 1, NULL FROM event WHERE slug = 'match'"
        (Id, Text, Text, Text) -> ();
    ADD_SCHEDULE = "INSERT INTO schedule (id, event, n, rule, unsupported) VALUES ($1, $1, 0, '{}', NULL)" (Id) -> ();
    ADD_SLOT_OF = "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, version, next_due) VALUES ($1, $1, $1, 'once', 'Europe/Berlin', 't', $2, $2 + 1, NULL, $2, NULL, 0, 0, 1, NULL)"
        (Id, Int) -> ();
    DELETE_EVENT = "UPDATE event SET deleted_at = 1 WHERE slug = $1" (Text) -> ();
    ADD_SLOT = "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, version, next_due) SELECT event, $1, schedule, $2, zone, tzdb, $3, $3 + 1, on_sale_from, on_sale_until, plan, 0, 0, 1, NULL FROM slot WHERE id = $4"
        (Id, Text, Int, Id) -> ();
}

/// Changes the file's epoch, as restore does.
pub(crate) fn set_epoch() -> &'static Statement {
    &SET_EPOCH
}

/// Makes the file believe in so many bookings.
pub(crate) fn set_last_number() -> &'static Statement {
    &SET_LAST
}

/// Adds a slot: its id, its wall time, its start, and another slot that it resembles.
pub(crate) fn add_slot() -> &'static Statement {
    &ADD_SLOT
}

/// Adds an event beside `match`: its id, slug, title and tags; then its schedule and one slot, by the same id.
pub(crate) fn add_event() -> [&'static Statement; 3] {
    [&ADD_EVENT, &ADD_SCHEDULE, &ADD_SLOT_OF]
}

/// Deletes an event, softly, by its slug.
pub(crate) fn delete_event() -> &'static Statement {
    &DELETE_EVENT
}

/// The first day of the catalogue's slots, 12:00 in UTC.
pub(crate) fn first_start() -> Instant {
    "2027-09-04T12:00:00Z".parse().unwrap()
}

/// The n-th slot of the catalogue: 1 to 5 of `match`, one a day; 6 of the draft `secret`; 7 of the other
/// organizer's `other`.
pub(crate) fn slot(n: u8) -> SlotId {
    SlotId::from_bytes([0x50 + n; 16])
}

/// A schedule that cannot make all of its slots.
pub(crate) const UNSUPPORTED: &str = "BYWEEKNO is not supported";

/// Writes the catalogue into a new file that nobody has open.
pub(crate) fn catalogue(path: &Path) {
    let mut connection = Connection::open(path).unwrap();
    let tx = connection.transaction().unwrap();
    let id = |n: u8| vec![n; 16];
    let layout = r##"{"categories":[{"name":"one","color":"#f00"},{"name":"two"}],"sections":[{"name":"Block"}],"rows":[{"section":0,"number":"A"}],"drawings":[{"section":0,"shape":"circle","at":{"x_milli":0,"y_milli":0}}]}"##;
    for (organizer, slug, venue, hall) in [(1, "one", 0x11, 0x21), (2, "two", 0x12, 0x22)] {
        tx.execute(
            "INSERT INTO organizer VALUES (?1, ?2, ?2, 'EUR')",
            params![id(organizer), slug],
        )
        .unwrap();
        let row = params![id(venue), id(organizer), format!("venue-{slug}")];
        tx.execute("INSERT INTO venue VALUES (?1, ?2, ?3, 'V', 'Erfurt', 'Europe/Berlin')", row)
            .unwrap();
        tx.execute("INSERT INTO hall VALUES (?1, ?2, 'hall', 'H', 0, 0)", [id(hall), id(venue)])
            .unwrap();
        tx.execute("INSERT INTO hall_area VALUES (?1, 0, 'Stand', 10, 'stand')", [id(hall)])
            .unwrap();
    }
    tx.execute(
        "INSERT INTO plan_version VALUES (?1, ?2, 1, 'P', 100000, 50000, 50000, 0, ?3, 4)",
        params![id(0x31), id(0x21), layout],
    )
    .unwrap();
    for (ordinal, category, accessible) in
        [(0, "one", 0), (1, "one", 0), (2, "two", 0), (3, "two", 1)]
    {
        let (guid, number) = (format!("g-{ordinal}"), (ordinal + 1).to_string());
        let label = format!("Block-A-{number}");
        let x = ordinal * 25_000;
        let row = params![id(0x31), ordinal, guid, number, label, x, category, accessible];
        tx.execute("INSERT INTO seat VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, 40000, ?7, ?8)", row)
            .unwrap();
    }
    tx.execute("INSERT INTO plan_capacity VALUES (?1, 'one', 0, 2), (?1, 'two', 1, 2)", [id(0x31)])
        .unwrap();
    events(&tx);
    slots(&tx);
    tx.commit().unwrap();
    connection.close().unwrap();
}

fn events(tx: &Connection) {
    let id = |n: u8| vec![n; 16];
    for (event, organizer, hall, slug, state) in
        [(0x41, 1, 0x21, "match", 1), (0x42, 1, 0x21, "secret", 0), (0x43, 2, 0x22, "other", 1)]
    {
        tx.execute(
            "INSERT INTO event VALUES (?1, ?2, ?3, 'match', 'T', 'D', '[\"x\"]', ?4, 3600000000, 300000000, \
             900000000, 10, NULL, '{\"at\":\"2027-01-01T10:00:00\"}', '{\"before_start\":\"1h\"}', ?5, 1, NULL)",
            params![id(event), id(organizer), slug, id(hall), state],
        )
        .unwrap();
        for (n, category, minor) in [(0, "one", 1_000), (1, "two", 2_000), (2, "stand", 500)] {
            tx.execute(
                "INSERT INTO price VALUES (?1, ?2, 'standard', ?3, ?4, 0)",
                params![id(event), category, n, minor],
            )
            .unwrap();
        }
        tx.execute(
            "INSERT INTO schedule VALUES (?1, ?1, 0, '{\"starts\":\"2027-09-04T14:00:00\"}', ?2)",
            params![id(event), (state == 0).then_some(UNSUPPORTED)],
        )
        .unwrap();
    }
}

fn slots(tx: &Connection) {
    let id = |n: u8| vec![n; 16];
    let days = (1..=5_u8).map(|n| (n, 0x41, Some(0x31), i64::from(n) - 1));
    for (n, event, plan, day) in days.chain([(6, 0x42, Some(0x31), 5), (7, 0x43, None, 0)]) {
        let starts_at = first_start().plus(Span::from_days(day));
        let row = params![
            id(event),
            slot(n).bytes().to_vec(),
            format!("day-{day}"),
            starts_at.micros(),
            starts_at.plus(Span::from_hours(2)).micros(),
            plan.map(id)
        ];
        tx.execute(
            "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, version, next_due) VALUES (?1, ?2, ?1, ?3, 'Europe/Berlin', 't', ?4, ?5, NULL, ?4, ?6, 0, 0, 1, NULL)",
            row,
        )
        .unwrap();
    }
}
