//! Rows that contradict each other: whoever needs them is told that the file is damaged, and whoever does not is served.

use rusqlite::Connection;
use serde_json::{Value, json};
use venue_core::engine::Engine;
use venue_tests::fixture::at;

use super::base::{Names, options};
use super::judge::Judge;

/// A contradiction, as SQL, and what then cannot be done.
type Contradiction = (&'static str, &'static str, fn(&Names) -> Value);

const CONTRADICTIONS: &[Contradiction] = &[
    ("DELETE FROM hold", "release", |names| json!({"booking": names.held})),
    (
        "UPDATE hold SET expires_at = expires_at + 1",
        "confirm",
        |names| json!({"booking": names.held}),
    ),
    ("UPDATE seat_count SET held = 0", "confirm", |names| json!({"booking": names.held})),
    ("UPDATE seat_count SET sold = 0", "cancel", |names| json!({"booking": names.confirmed})),
    ("UPDATE seat_count SET sold = -1", "cancel", |names| json!({"booking": names.confirmed})),
    ("UPDATE line SET category = 'nowhere'", "cancel", |names| json!({"booking": names.confirmed})),
    ("DELETE FROM claim WHERE kind = 0", "cancel", |names| json!({"booking": names.confirmed})),
    (
        "UPDATE meta SET last_seq = 9223372036854775807",
        "confirm",
        |names| json!({"booking": names.held}),
    ),
];

#[test]
fn contradicting_rows_are_answered_damaged_and_nothing_is_written_over_them() -> Result<(), String>
{
    let judge = Judge::new();
    let names = &judge.base().names;
    for (sql, verb, request) in CONTRADICTIONS {
        let path = judge.put(&judge.base().closed);
        let connection = Connection::open(&path).expect("a connection");
        connection
            .execute_batch(&format!("PRAGMA ignore_check_constraints = ON; {sql}"))
            .map_err(|error| format!("{sql}: {error}"))?;
        drop(connection);
        let engine = match Engine::open(&path, &options()) {
            Ok(engine) => engine,
            // What every command needs is looked at before there is one.
            Err(error) if error.code() == "damaged" => continue,
            Err(error) => return Err(format!("{sql}: {error}")),
        };
        let before = feed(&engine);
        let answer = engine.call_json(verb, request(names).to_string().as_bytes());
        let code = answer.map_or_else(|error| error.code(), |_| "done");
        if code != "damaged" || feed(&engine) != before {
            return Err(format!("{sql}: {verb} was answered {code}"));
        }
        engine.close();
    }
    Ok(())
}

#[test]
fn rows_of_one_slot_that_contradict_each_other_do_not_keep_others_from_selling() {
    let judge = Judge::new();
    let path = judge.put(&judge.base().closed);
    let connection = Connection::open(&path).expect("a connection");
    connection.execute_batch("DELETE FROM hold").expect("a damage");
    drop(connection);
    let engine = Engine::open(&path, &options()).expect("an open file");
    let held = json!({"booking": judge.base().names.held}).to_string();
    let sale = json!({"slot": "lesung@2100-06-01T18:00", "seats": ["A-6"]}).to_string();
    let released = engine.call_json("release", held.as_bytes());
    assert_eq!(released.expect_err("a hold that is gone").code(), "damaged");
    engine.call_json("sell", sale.as_bytes()).expect("a sale beside the damage");
}

/// Damages to a hold that nobody asks for any more, because it is due: every batch would close it in passing.
const DUE: &[&str] = &[
    "DELETE FROM hold",
    "UPDATE hold SET expires_at = expires_at + 1",
    "UPDATE seat_count SET held = 0",
    "UPDATE line SET category = 'nowhere'",
    "DELETE FROM claim WHERE kind = 0",
    "UPDATE booking SET currency = 'x' WHERE state = 0",
    "UPDATE booking SET number = -number WHERE state = 0",
    "DELETE FROM line",
];

#[test]
fn a_due_hold_that_is_damaged_is_left_out_of_cleaning_up_and_named_and_others_go_on_selling() {
    let judge = Judge::new();
    for sql in DUE {
        let path = judge.put(&judge.base().closed);
        let connection = Connection::open(&path).expect("a connection");
        let damage = format!("PRAGMA ignore_check_constraints = ON; {sql}");
        connection.execute_batch(&damage).expect("a damage");
        drop(connection);
        let engine = Engine::open(&path, &options()).expect("an open file");
        // The hold is due; the slot that it is of is not needed by anybody.
        engine.set_test_now(Some(at("2026-11-02T12:00:00Z"))).expect("a test clock");
        for seat in ["A-5", "A-6"] {
            let sale = json!({"slot": "lesung@2100-06-01T18:00", "seats": [seat]}).to_string();
            let sold = engine.call_json("sell", sale.as_bytes());
            assert!(sold.is_ok(), "{sql}: a sale beside the damage: {sold:?}");
        }
        // It sweeps what there is beside it, and then says so.
        let swept = engine.sweep().map_err(|error| error.code());
        assert!(matches!(swept, Ok(_) | Err("damaged")), "{sql}: {swept:?}");
        engine.close();
        let said = Engine::doctor(&path, &options(), &mut |_, _, _| {}).expect("doctor reads");
        assert!(!said.ok, "{sql}: doctor finds nothing");
    }
}

fn feed(engine: &Engine) -> String {
    let feed = engine.call_json("feed", br#"{"limit": 1000}"#);
    feed.map_or_else(|error| error.code().to_owned(), |feed| feed.to_string())
}
