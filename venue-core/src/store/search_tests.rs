//! Claims about the search index, on real files.

use crate::domain::ids::EventId;
use crate::domain::search::Wish;
use rusqlite::Connection;

use super::boundary::Store as _;
use super::boundary::Tx;
use super::queries::fixtures;
use super::search::{few, fill_now, refresh};
use super::sqlite::{Access, NewFile, create, open};

/// A file with a catalogue that knows nothing of the index yet.
fn made() -> (tempfile::TempDir, std::path::PathBuf) {
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
    fixtures::catalogue(&path);
    (folder, path)
}

fn found(tx: &mut dyn Tx, text: &str) -> Vec<u8> {
    let wish = Wish::new(Some(&text.parse().unwrap()), None, None);
    let events = few(tx, &wish, 100).unwrap().unwrap();
    let mut events: Vec<u8> = events.iter().map(|event| event.bytes()[0]).collect();
    events.sort_unstable();
    events
}

#[test]
fn an_event_is_found_by_what_it_is_now_and_by_nothing_else() {
    let (_folder, path) = made();
    let mut opened = open(&path, &Access::default()).unwrap();
    fill_now(&mut opened.writer);
    let writer = &mut opened.writer;
    let change = |sql: &str| Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    for (sql, finds, finds_no_more) in [
        (
            "UPDATE event SET title = 'Zwölf', description = '' WHERE id = x'41414141414141414141414141414141'",
            "zwolf",
            "d t",
        ),
        (
            "UPDATE event SET title = 'Eins' WHERE id = x'41414141414141414141414141414141'",
            "eins",
            "wolf",
        ),
        (
            "UPDATE event SET tags = '[\"b c\"]' WHERE id = x'41414141414141414141414141414141'",
            "c eins",
            "x eins",
        ),
    ] {
        change(sql);
        assert!(writer.begin(&mut || true).unwrap());
        let event = EventId::from_bytes([0x41; 16]);
        refresh(writer.tx(), [event, event]).unwrap();
        assert_eq!(found(writer.tx(), finds), [0x41], "{sql}");
        assert!(!found(writer.tx(), finds_no_more).contains(&0x41), "{sql}");
        writer.commit();
    }
}

#[test]
fn many_are_not_gathered_and_any_text_is_a_search() {
    let (_folder, path) = made();
    let mut opened = open(&path, &Access::default()).unwrap();
    fill_now(&mut opened.writer);
    assert!(opened.writer.begin(&mut || true).unwrap());
    let tx = opened.writer.tx();
    let wish = |text: &str| Wish::new(Some(&text.parse().unwrap()), None, None);
    assert_eq!(few(tx, &wish("erfurt"), 2).unwrap(), None);
    for text in [
        "\" OR 1 --",
        "grams:x*",
        "NEAR(a b)",
        "^a",
        "a AND b",
        "{x}",
        "-x",
        "a'b",
        "rank",
        "京\"京",
    ] {
        few(tx, &wish(text), 100).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    let kind = Wish::new(None, Some("MATCH"), Some("X"));
    assert_eq!(few(tx, &kind, 100).unwrap().unwrap().len(), 3);
    let kind = Wish::new(None, Some("\" OR \""), None);
    assert_eq!(few(tx, &kind, 100).unwrap().unwrap().len(), 0);
}
