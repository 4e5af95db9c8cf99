//! Files to sell from: one organizer, one hall, one event, many slots. Made by SQL, because a catalogue is no
//! part of what is measured.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::Connection;
use venue_core::domain::request::SlotName;
use venue_core::engine::{Engine, NewFile, OpenOptions};

/// Places of the area, in each slot: as many as a hall may have.
pub(crate) const PLACES: i64 = 1_000_000;
/// Slots of every file. A caller whose slot is sold out goes on with the next one.
pub(crate) const SLOTS: usize = 64;
/// What the area and its category are called.
pub(crate) const AREA: &str = "Stand";
/// The event's slug.
pub(crate) const EVENT: &str = "e";

/// What the hall sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hall {
    /// Places of one area.
    Area,
    /// So many numbered seats.
    Seats(usize),
}

/// The bytes of the id of the n-th thing of a kind.
pub(crate) fn id(kind: u8, n: usize) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..3].copy_from_slice(&[0x01, 0x92, kind]);
    bytes[6] = 0x70;
    bytes[8] = 0x80;
    bytes[12..].copy_from_slice(&u32::try_from(n).expect("few things").to_be_bytes());
    bytes
}

/// The organizer's id.
pub(crate) fn organizer() -> [u8; 16] {
    id(1, 0)
}

/// The event's id.
pub(crate) fn event() -> [u8; 16] {
    id(5, 0)
}

/// A slot's id.
pub(crate) fn slot(n: usize) -> [u8; 16] {
    id(7, n)
}

/// A slot, as a request names it.
pub(crate) fn slot_name(n: usize) -> SlotName {
    SlotName::Id(venue_core::domain::ids::SlotId::from_bytes(slot(n)))
}

/// The stable id of a seat.
pub(crate) fn seat(n: usize) -> String {
    format!("seat-{n:05}")
}

/// A file with this hall and nothing sold.
pub(crate) fn make(path: &Path, hall: Hall) {
    Engine::create(path, &NewFile::default(), &OpenOptions::default()).expect("a new file");
    let connection = Connection::open(path).expect("the file opens");
    let sql = format!("BEGIN; {} COMMIT;", catalogue(hall, literal_of_sqlite));
    connection.execute_batch(&sql).expect("a catalogue");
    if let Hall::Seats(seats) = hall {
        add_seats(&connection, seats).expect("seats");
    }
    connection.close().map_err(|(_, error)| error).expect("the file closes");
}

/// The seats, a hundred a row, by a statement of their own: a text of so many statements takes minutes to read.
fn add_seats(connection: &Connection, seats: usize) -> rusqlite::Result<()> {
    let sql =
        "INSERT INTO seat VALUES (?1, ?2, ?3, ?4, ?5, 'S-' || ?4 || '-' || ?5, ?2, ?4, ?6, 0)";
    connection.execute_batch("BEGIN")?;
    let mut insert = connection.prepare(sql)?;
    let plan = id(4, 0);
    for n in 0..seats {
        let (row, number) = (n / 100, (n % 100 + 1).to_string());
        let number_of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let values = rusqlite::params![plan, number_of(n), seat(n), number_of(row), number, AREA];
        insert.execute(values)?;
    }
    connection.execute_batch("COMMIT")
}

/// How SQLite writes bytes.
fn literal_of_sqlite(bytes: &[u8]) -> String {
    format!("x'{}'", hex(bytes))
}

/// How PostgreSQL writes bytes.
pub(crate) fn literal_of_postgres(bytes: &[u8]) -> String {
    format!("'\\x{}'::bytea", hex(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The statements that make the catalogue.
pub(crate) fn catalogue(hall: Hall, literal: fn(&[u8]) -> String) -> String {
    let [organizer, venue, room, plan, event, schedule] =
        [1, 2, 3, 4, 5, 6].map(|kind| literal(&id(kind, 0)));
    let mut sql = format!(
        "INSERT INTO organizer VALUES ({organizer}, 'o', 'O', 'EUR');
         INSERT INTO venue VALUES ({venue}, {organizer}, 'v', 'V', NULL, 'Europe/Berlin');
         INSERT INTO hall VALUES ({room}, {venue}, 'h', 'H', 0, 1);
         INSERT INTO event VALUES ({event}, {organizer}, '{EVENT}', 'match', 'E', '', '[]', {room},
           7200000000, 300000000, 900000000, 10, NULL, NULL, NULL, 1, 1, NULL);
         INSERT INTO price VALUES ({event}, '{AREA}', 'standard', 0, 1200, 0);
         INSERT INTO schedule VALUES ({schedule}, {event}, 0, '{{}}', NULL);\n"
    );
    let _ = match hall {
        Hall::Area => {
            writeln!(sql, "INSERT INTO hall_area VALUES ({room}, 0, '{AREA}', {PLACES}, '{AREA}');")
        }
        Hall::Seats(seats) => writeln!(
            sql,
            "INSERT INTO plan_version VALUES ({plan}, {room}, 1, 'P', 1, 1, 0, 0, '{{}}', {seats});
             INSERT INTO plan_capacity VALUES ({plan}, '{AREA}', 0, {seats});"
        ),
    };
    let plan = if hall == Hall::Area { "NULL".to_owned() } else { plan };
    for n in 0..SLOTS {
        let slot = literal(&slot(n));
        let (year, start) = (2030 + n, 1_900_000_000_000_000 + n * 100_000_000_000);
        let end = start + 7_200_000_000;
        let _ = writeln!(
            sql,
            "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from,
               on_sale_until, plan, closed, cancelled, version, next_due)
             VALUES ({event}, {slot}, {schedule}, '{year}-01-01T19:30', 'Europe/Berlin',
               'x', {start}, {end}, NULL, {start}, {plan}, 0, 0, 1, NULL);"
        );
    }
    sql
}
