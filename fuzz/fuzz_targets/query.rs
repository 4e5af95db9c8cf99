//! Any bytes as a query by name, cursors too: the same answer twice, and a cursor leads on only where it was given.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use venue_fuzz::{READING, Stage, request};

thread_local! {
    static STAGE: OnceCell<Stage> = const { OnceCell::new() };
}

/// A stage with something to read.
fn stage() -> Stage {
    let stage = Stage::new();
    for seat in ["A-1", "A-2", "B-3", "B-4"] {
        let sale =
            format!(r#"{{"slot":"lesung@2100-06-01T18:00","seats":["{seat}"],"buyer":"b-1"}}"#);
        stage.engine.call_json("sell", sale.as_bytes()).expect("a sale");
    }
    stage
}

fuzz_target!(|bytes: &[u8]| {
    let Some((name, json)) = request(bytes) else { return };
    if !READING.contains(&name) {
        return;
    }
    STAGE.with(|cell| {
        let engine = &cell.get_or_init(stage).engine;
        let answer = engine.call_json(name, json);
        match &answer {
            Err(error) => {
                assert!(
                    !matches!(error.code(), "bug" | "unknown" | "database" | "damaged"),
                    "{error:?}"
                );
            }
            Ok(page) => {
                assert_eq!(engine.call_json(name, json).as_ref(), Ok(page), "{name}");
                if let Some(next) = page["data"]["next"].as_str() {
                    follow(engine, name, json, next);
                }
            }
        }
    });
});

/// The cursor of a page leads to the next; one letter of it changed leads nowhere.
fn follow(engine: &venue_core::Engine, name: &str, json: &[u8], next: &str) {
    let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(json) else { return };
    let mut ask = |cursor: &str| {
        members.insert("after".to_owned(), cursor.into());
        engine.call_json(name, &serde_json::to_vec(&members).expect("plain data"))
    };
    if let Err(error) = ask(next) {
        panic!("{name}: the cursor {next} leads nowhere: {error:?}");
    }
    let last = if next.ends_with('0') { '1' } else { '0' };
    let other = format!("{}{last}", &next[..next.len() - 1]);
    assert!(ask(&other).is_err(), "{name}: {other} was never given");
}
