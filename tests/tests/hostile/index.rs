//! The tables that SQLite's search index keeps its rows in: whatever is damaged there is told by doctor, or changes neither
//! what a search finds nor what the next edit makes of the index.

use rusqlite::Connection;
use serde_json::json;
use venue_core::engine::Engine;

use super::base::options;
use super::judge::{Judge, healthy};

/// So many places of a row's bytes are damaged.
const PLACES: i64 = 60;

/// Damages of every row and of the tables as a whole.
fn damages(connection: &Connection) -> Vec<String> {
    let mut all: Vec<String> = [
        "INSERT INTO event_gram_data VALUES (77, x'00')",
        "INSERT INTO event_gram_data VALUES (274877906945, x'00000004')",
        "DELETE FROM event_gram_config",
        "UPDATE event_gram_config SET v = 5",
        "UPDATE event_gram_config SET v = 3",
        "UPDATE event_gram_config SET v = 'x'",
        "UPDATE event_gram_config SET v = NULL",
        "UPDATE event_gram_config SET k = 'versionx'",
        "INSERT INTO event_gram_config VALUES ('pgsz', 17)",
        "INSERT INTO event_gram_config VALUES ('automerge', 3)",
        "INSERT INTO event_gram_config VALUES ('rank', 'nothing()')",
        "DELETE FROM event_gram_idx",
        "UPDATE event_gram_idx SET segid = segid + 1",
        "UPDATE event_gram_idx SET term = x'30'",
        "UPDATE event_gram_idx SET term = term || 'x'",
        "UPDATE event_gram_idx SET pgno = pgno + 1",
        "UPDATE event_gram_idx SET pgno = pgno + 2",
        "UPDATE event_gram_idx SET pgno = pgno + 64",
        "UPDATE event_gram_idx SET pgno = pgno || 'x'",
        "UPDATE event_gram_idx SET pgno = NULL",
        "UPDATE event_gram_idx SET pgno = 0",
        "UPDATE event_gram_idx SET pgno = -1",
        "INSERT INTO event_gram_idx VALUES (1, x'3068', 4)",
        "INSERT INTO event_gram_idx VALUES (2, x'3068', 4)",
    ]
    .map(str::to_owned)
    .to_vec();
    let sql = "SELECT id, length(block) FROM event_gram_data";
    let mut rows = connection.prepare(sql).expect("rows");
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    for (id, length) in rows.map(|row| row.expect("a row")) {
        let (id, length): (i64, i64) = (id, length);
        all.push(format!("DELETE FROM event_gram_data WHERE id = {id}"));
        all.push(format!("UPDATE event_gram_data SET block = x'' WHERE id = {id}"));
        all.push(format!("UPDATE event_gram_data SET id = id + 1 WHERE id = {id}"));
        let step = usize::try_from((length / PLACES).max(1)).expect("a step");
        for at in (0..length).step_by(step) {
            all.push(format!(
                "UPDATE event_gram_data SET block = CAST(substr(block, 1, {at}) || \
                 char(1 + (unicode(substr(block, {at} + 1, 1)) & 63)) || substr(block, {at} + 2) AS BLOB) \
                 WHERE id = {id}"
            ));
        }
    }
    all
}

/// What searches find before an event is edited and afterwards.
fn searched(engine: &Engine) -> Vec<String> {
    let find = |words: &str| {
        let found = engine.call_json("event_search", json!({"text": words}).to_string().as_bytes());
        found.map_or_else(|error| error.code().to_owned(), |found| found.to_string())
    };
    let all = || ["konzert", "les", "prem", "on", "e", "hof", "saal", "zz"].map(find);
    let mut found = all().to_vec();
    let organizer = json!({"role": "organizer", "actor": "o"});
    let edit = json!({"event": "lesung", "title": "Saal der Hoffnung", "caller": organizer});
    let edited = engine.call_json("event_edit", edit.to_string().as_bytes());
    found.push(edited.map_or_else(|error| error.code().to_owned(), |_| "edited".to_owned()));
    found.extend(all());
    found
}

#[test]
fn what_is_damaged_in_the_search_index_is_told_or_changes_nothing() {
    let judge = Judge::new();
    let path = judge.put(&judge.base().closed);
    let all = damages(&Connection::open(&path).expect("a connection"));
    let path = judge.put(&judge.base().closed);
    let engine = Engine::open(&path, &options()).expect("an open file");
    let expected = searched(&engine);
    engine.close();
    let (mut told, mut harmless) = (0, Vec::new());
    for sql in all {
        let path = judge.put(&judge.base().closed);
        let connection = Connection::open(&path).expect("a connection");
        let damaged = connection.execute(&sql, []);
        drop(connection);
        if damaged.is_err() {
            continue;
        }
        if !healthy(&path) {
            told += 1;
            continue;
        }
        let engine = Engine::open(&path, &options()).expect("an open file");
        assert_eq!(searched(&engine), expected, "a false ok: {sql}");
        engine.close();
        assert!(healthy(&path), "a false ok: the next edit damages the index: {sql}");
        harmless.push(sql);
    }
    println!("{told} damages of the search index told, {} harmless: {harmless:#?}", harmless.len());
    assert!(told > 80, "{told}");
    assert!(harmless.len() <= 8, "{harmless:#?}");
}
