//! A file of ours with bytes exchanged: doctor, opening and queries answer; none of them panics or hangs.
//!
//! The input is a list of edits: four bytes of place, one of length, and as many to put there.
#![no_main]

use std::path::PathBuf;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use venue_core::{Engine, OpenOptions};
use venue_fuzz::Stage;

struct Base {
    folder: tempfile::TempDir,
    bytes: Vec<u8>,
}

impl Base {
    fn path(&self, side: &str) -> PathBuf {
        self.folder.path().join(format!("damaged.db{side}"))
    }
}

/// The bytes of a closed file in which something was sold.
fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let stage = Stage::new();
        for (verb, request) in [
            (
                "sell",
                r#"{"slot":"lesung@2100-06-01T18:00","seats":["A-1","A-2"],"payment":"card:tx-1"}"#,
            ),
            (
                "sell",
                r#"{"slot":"lesung@2100-06-01T18:00","area":"Stand","quantity":3,"buyer":"b-1"}"#,
            ),
            ("hold", r#"{"slot":"konzert@2026-12-20T20:00","seats":["B-1"],"buyer":"b-2"}"#),
        ] {
            stage.engine.call_json(verb, request.as_bytes()).expect("an act");
        }
        let path = stage.path();
        stage.engine.close();
        let bytes = std::fs::read(path).expect("bytes");
        Base { folder: tempfile::tempdir().expect("a folder"), bytes }
    })
}

fn edited(mut bytes: Vec<u8>, mut edits: &[u8]) -> Vec<u8> {
    while let Some(([a, b, c, d, length], rest)) = edits.split_first_chunk::<5>() {
        let at = u32::from_be_bytes([*a, *b, *c, *d]) as usize % bytes.len();
        let (put, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        let put = &put[..put.len().min(bytes.len() - at)];
        bytes[at..at + put.len()].copy_from_slice(put);
        edits = rest;
    }
    bytes
}

fuzz_target!(|edits: &[u8]| {
    let base = base();
    for side in ["-wal", "-shm", "-journal", "-lock"] {
        let _ = std::fs::remove_file(base.path(side));
    }
    let path = base.path("");
    std::fs::write(&path, edited(base.bytes.clone(), edits)).expect("a file");
    let options = OpenOptions::default();
    let _ = Engine::doctor(&path, &options, &mut |_, _, _| {});
    let _ = Engine::info(&path, &options);
    let Ok(engine) = Engine::open(&path, &options) else { return };
    for name in
        ["venue_list", "hall_list", "plan_list", "event_list", "slot_list", "booking_list", "feed"]
    {
        let _ = engine.call_json(name, b"{}");
    }
    for name in ["slot_show", "slot_map", "ticket_list"] {
        let _ = engine.call_json(name, br#"{"slot":"lesung@2100-06-01T18:00"}"#);
    }
});
