//! The search accelerator: which events may have what somebody searches for.
//!
//! SQLite's full-text index does it, and nothing else in the store knows: it keeps the pieces of words that
//! [`Indexed::grams`] makes, and answers which events have them all. Whether one really fits is decided by
//! [`Wish::fits`]. Whoever adds or changes an event, or the names of its venue or hall, calls [`refresh`] in the same
//! transaction.

use std::sync::Arc;

use crate::domain::ids::EventId;
use crate::domain::search::{Gram, Indexed, Wish};

use super::boundary::{Call, Row, StoreError, StoreFailure, Tx, Value};
use super::statement::{statements, text};

// What SQLite's index is told: the command 'delete' takes the words that were put in before.
statements! {
    SOURCE = "SELECT e.kind, e.tags, e.title, e.description, v.name, v.city, h.name FROM event e JOIN hall h ON h.id = e.hall JOIN venue v ON v.id = h.venue WHERE e.id = $1"
        (Id) -> (Text, Text, Text, Text, Text, MaybeText, Text);
    TEXT = "SELECT n, body, labels FROM event_text WHERE event = $1" (Id) -> (Int, Text, Text);
    LAST = "SELECT COALESCE(MAX(n), 0) FROM event_text" () -> (Int);
    PUT = "INSERT INTO event_text (event, n, body, labels) VALUES ($1, $2, $3, $4) ON CONFLICT (event) DO UPDATE SET body = excluded.body, labels = excluded.labels"
        (Id, Int, Text, Text) -> ();
    UNINDEX = "INSERT INTO event_gram (event_gram, rowid, grams) VALUES ('delete', $1, $2)" (Int, Text) -> ();
    INDEX = "INSERT INTO event_gram (rowid, grams) VALUES ($1, $2)" (Int, Text) -> ();
    MATCH = "SELECT t.event, t.body, t.labels FROM event_gram CROSS JOIN event_text t ON t.n = event_gram.rowid WHERE event_gram MATCH $1 LIMIT $2"
        (Text, Int) -> (Id, Text, Text);
    EVENTS = "SELECT id FROM event WHERE id > $1 ORDER BY id LIMIT 1000" (Id) -> (Id);
}

fn damaged() -> StoreError {
    StoreError::new(StoreFailure::Corrupt, "a row of event is damaged")
}

/// What an event is found by, made of its row and those of its venue and hall.
///
/// # Errors
/// `Corrupt` if there is no such event, or it does not read.
pub(crate) fn source(tx: &mut dyn Tx, event: EventId) -> Result<Indexed, StoreError> {
    let rows = tx.one(&SOURCE, &[Value::Id(event.bytes())])?;
    indexed(rows.first().ok_or_else(damaged)?)
}

/// Reads the columns of `SOURCE`.
pub(crate) fn indexed(row: Row<'_>) -> Result<Indexed, StoreError> {
    let tags: Vec<String> = serde_json::from_str(row.text(1)).map_err(|_| damaged())?;
    let texts = [row.text(2), row.text(3), row.text(4), row.text(6)];
    let texts = texts.into_iter().chain(row.maybe_text(5)).map(|text| &**text);
    Ok(Indexed::of(row.text(0), tags.iter().map(String::as_str), texts))
}

fn joined(indexed: &Indexed) -> Value {
    text(&indexed.grams().into_iter().collect::<Vec<_>>().join(" "))
}

/// Makes the index say what the rows of these events say now.
pub(crate) fn refresh(
    tx: &mut dyn Tx,
    events: impl IntoIterator<Item = EventId>,
) -> Result<(), StoreError> {
    for event in events {
        let after = source(tx, event)?;
        let rows = tx.one(&TEXT, &[Value::Id(event.bytes())])?;
        let before = rows.first().map(|row| (row.int(0), read(row, 1)));
        let n = match &before {
            Some((_, same)) if *same == after => continue,
            Some((n, _)) => *n,
            None => tx.one(&LAST, &[])?.first().map_or(0, |row| row.int(0)) + 1,
        };
        let old = before.map(|(n, old)| Call::once(&UNINDEX, [Value::Int(n), joined(&old)]));
        let row = [Value::Id(event.bytes()), Value::Int(n), text(&after.body), text(&after.labels)];
        let new = [Call::once(&PUT, row), Call::once(&INDEX, [Value::Int(n), joined(&after)])];
        tx.exec(&old.into_iter().chain(new).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Puts every event into the index, in a file that has had none.
pub(crate) fn fill(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let mut after = [0; 16];
    loop {
        let rows = tx.one(&EVENTS, &[Value::Id(after)])?;
        let events: Vec<EventId> = rows.iter().map(|row| EventId::from_bytes(row.id(0))).collect();
        let Some(last) = events.last() else { return Ok(()) };
        after = last.bytes();
        refresh(tx, events)?;
    }
}

/// Reads body and labels.
pub(crate) fn read(row: Row<'_>, column: usize) -> Indexed {
    Indexed { body: row.text(column).to_string(), labels: row.text(column + 1).to_string() }
}

/// The events of the file that fit, of all organizers, in no order; none if the index has more than `most` that may.
pub(crate) fn few(
    tx: &mut dyn Tx,
    wish: &Wish,
    most: usize,
) -> Result<Option<Vec<EventId>>, StoreError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let rows = tx.one(&MATCH, &[Value::Text(expression(wish)), Value::Int(limit)])?;
    if rows.iter().count() > most {
        return Ok(None);
    }
    let fit = rows.iter().filter(|row| wish.fits(&read(*row, 1)));
    Ok(Some(fit.map(|row| EventId::from_bytes(row.id(0))).collect()))
}

/// The wish in the language of SQLite's index. The pieces have no quotes: they are letters and digits.
fn expression(wish: &Wish) -> Arc<str> {
    let terms = wish.grams().into_iter().map(|gram| match gram {
        Gram::Whole(gram) => format!("\"{gram}\""),
        Gram::Beginning(of) => format!("\"{of}\"*"),
    });
    terms.collect::<Vec<_>>().join(" AND ").into()
}

/// Puts every event into the index, in a transaction of its own: for tests that write events by themselves.
#[cfg(test)]
pub(crate) fn fill_now(store: &mut dyn super::boundary::Store) {
    assert!(store.begin(&mut || true).unwrap());
    fill(store.tx()).unwrap();
    assert_eq!(store.commit(), super::boundary::Committed::Done);
}
