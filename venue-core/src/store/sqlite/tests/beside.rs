//! Checkpoints, under the lead and beside it.

use std::fs;
use std::path::Path;

use crate::store::boundary::{Call, Chore, Committed, Read as _, Store as _, Value};

use super::super::Close;
use super::{COUNT, INSERT, SqliteStore, count, made, opened, organizer, side, write};

/// Writes organizers with a megabyte each.
fn fill(writer: &mut SqliteStore, from: u8, to: u8) {
    for n in from..to {
        begin_large(writer, n);
        assert_eq!(writer.commit(), Committed::Done);
    }
}

fn begin_large(writer: &mut SqliteStore, n: u8) {
    assert!(writer.begin(&mut || true).unwrap());
    let mut row = organizer(n);
    row[2] = Value::Text("x".repeat(1_000_000).into());
    writer.tx().exec(&[Call::once(&INSERT, row)]).unwrap();
}

#[test]
fn the_log_is_copied_at_2_mib_and_cut_at_16() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    let log = |path| fs::metadata(side(path, "-wal")).unwrap().len();
    fill(&mut store.writer, 1, 7);
    assert!(store.writer.maintain().is_none(), "the first time under the lead");
    assert!(fs::metadata(&path).unwrap().len() > 6_000_000, "copied");
    // A reader keeps the log from being cut, and nobody waits for it.
    let (readers, writer) = (&store.readers, &mut store.writer);
    readers
        .read(&mut |view| {
            view.one(&COUNT, &[]).unwrap();
            fill(writer, 10, 30);
            drop(writer.maintain());
            assert!(log(&path) > 16 << 20);
            assert!(writer.wal_bytes() > 16 << 20);
        })
        .unwrap();
    assert!(writer.maintain().is_none());
    assert_eq!(log(&path), 0, "a skipped one is made good");
    assert_eq!(writer.wal_bytes(), 0);
    write(writer, 99);
    assert_eq!(count(readers), 27);
}

/// Writes organizers with a megabyte each, as batches do: what is due is looked at after each.
fn batches(writer: &mut SqliteStore, from: u8, to: u8) -> Option<Chore> {
    (from..to).find_map(|n| {
        fill(writer, n, n + 1);
        writer.maintain()
    })
}

#[test]
fn the_log_is_copied_while_the_next_batch_is_written() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    let main = |path: &Path| fs::metadata(path).unwrap().len();
    assert!(batches(&mut store.writer, 1, 4).is_none(), "the first time under the lead");
    let before = main(&path);
    let chore = batches(&mut store.writer, 4, 8).expect("enough is new");
    assert!(store.writer.maintain().is_none(), "one at a time");
    begin_large(&mut store.writer, 8);
    chore();
    assert!(main(&path) > before + 2_000_000, "what was committed is copied");
    assert_eq!(store.writer.commit(), Committed::Done);
    // Dropped undone, it is due again.
    drop(batches(&mut store.writer, 9, 13).expect("enough is new"));
    assert!(store.writer.maintain().is_some());
}

#[test]
fn a_busy_log_is_copied_to_its_end_and_begins_anew_without_being_cut() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    let log = |path| fs::metadata(side(path, "-wal")).unwrap().len();
    let mut longest = 0;
    for n in 1..60 {
        // Somebody copies while the next one commits: there is always something left to copy.
        let chore = store.writer.maintain();
        fill(&mut store.writer, n, n + 1);
        if let Some(chore) = chore {
            chore();
        }
        longest = longest.max(log(&path));
    }
    assert!(longest < 16 << 20, "{longest}");
    assert_eq!(log(&path), longest, "it was never cut, only begun anew");
    assert_eq!(count(&store.readers), 59);
}

#[test]
fn what_was_left_to_do_is_not_done_on_a_file_that_was_closed() {
    let (_folder, path) = made();
    let mut store = opened(&path);
    let mut chore = None;
    let mut written = 0;
    while chore.is_none() {
        written += 1;
        chore = batches(&mut store.writer, written, written + 1);
    }
    store.readers.close();
    store.writer.close(Close::Tidy);
    chore.expect("it was waited for")();
    assert_eq!(fs::metadata(side(&path, "-wal")).unwrap().len(), 0, "closing tidied up");
    let mut again = opened(&path);
    write(&mut again.writer, 99);
    assert_eq!(count(&again.readers), i64::from(written) + 1);
}
