//! A file of the first schema, as it was released, is brought to the newest one.

use rusqlite::Connection;

use super::super::file::APPLICATION_ID;
use super::super::migrate::{STEPS, build};
use super::*;
use crate::domain::search::Wish;
use crate::store::search;

/// An organizer with a hall and an event, as the first schema has them.
const EVENT: &str = "
    INSERT INTO organizer VALUES (zeroblob(16), 'o', 'O', 'EUR');
    INSERT INTO venue VALUES (zeroblob(16), zeroblob(16), 'v', 'Käfig', 'Erfurt', 'Europe/Berlin');
    INSERT INTO hall VALUES (zeroblob(16), zeroblob(16), 'h', 'H', 0, 0);
    INSERT INTO event VALUES (x'01010101010101010101010101010101', zeroblob(16), 'e', 'match', 'Finale', '', '[]', zeroblob(16),
      3600000000, 300000000, 900000000, 10, NULL, NULL, NULL, 1, 1, NULL);";

#[test]
fn events_of_the_first_schema_are_put_into_the_search_index() {
    let (_folder, path) = made();
    let old = path.with_file_name("old.db");
    std::fs::copy(path.with_file_name("venue.db-secret"), old.with_file_name("old.db-secret"))
        .unwrap();
    let connection = Connection::open(&old).unwrap();
    let begin = format!(
        "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID}; BEGIN;"
    );
    connection.execute_batch(&begin).unwrap();
    build(&connection, &STEPS[..1]).unwrap();
    connection
        .execute_batch(
            "INSERT INTO meta (one, file_id, epoch, fence, floor, dirty, test_clock, catalog, last_number, last_seq, chain)
             VALUES (1, zeroblob(16), 1, 0, 0, 0, 1, 0, 0, 0, zeroblob(32));",
        )
        .unwrap();
    connection.execute_batch(EVENT).unwrap();
    connection.execute_batch("COMMIT").unwrap();
    connection.close().unwrap();
    let opened = opened(&old);
    let mut found = Vec::new();
    let wish = Wish::new(Some(&"kaf inal erf".parse().unwrap()), Some("Match"), None);
    opened
        .readers
        .read(&mut |view| found = search::few(view, &wish, 10).unwrap().unwrap())
        .unwrap();
    assert_eq!(found, [crate::domain::ids::EventId::from_bytes([1; 16])]);
}
