//! What events are searched by is what they and their places say, and the index leads to just that.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use crate::domain::search::Indexed;
use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::statements;

use super::findings::{Findings, Promise};
use super::pages::{LEAST, Pages, id, number, text, walk};
use super::search_index::{self, Wanted};

statements! {
    doubt:
    EVENTS = "SELECT e.id, e.kind, e.tags, e.title, e.description, v.name, v.city, h.name, t.n, t.body, t.labels FROM event e LEFT JOIN hall h ON h.id = e.hall LEFT JOIN venue v ON v.id = h.venue LEFT JOIN event_text t ON t.event = e.id WHERE e.id > $1 ORDER BY e.id LIMIT 1000"
        (Id) -> (Id, Text, Text, Text, Text, Text, Text, Text, Int, Text, Text);
    PAIRS = "SELECT term, doc FROM event_gram_pair WHERE term >= $1 AND (term > $1 OR doc > $2) ORDER BY term, doc LIMIT 20000"
        (Text, Int) -> (Text, Int);
    TEXTS = "SELECT COUNT(*) FROM event_text" () -> (Int);
}

/// So many words of the index, and a sum over them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Sum {
    words: u64,
    sum: u64,
}

impl Sum {
    fn add(&mut self, word: &str) {
        let mut hasher = FxHasher::default();
        hasher.write(word.as_bytes());
        self.words += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

/// Compares what is searched with what it was made of, and the index with that.
pub(super) fn check(tx: &mut dyn Tx, findings: &mut Findings) -> Result<(), StoreError> {
    let mut wanted: FxHashMap<i64, Sum> = FxHashMap::default();
    let (mut events, mut index) = (0, Wanted::default());
    walk(tx, Pages::after(&EVENTS, [LEAST]), |row| {
        events += 1;
        let tags: Vec<String> = serde_json::from_str(&text(row, 2)).unwrap_or_default();
        let texts = [3, 4, 5, 6, 7].map(|column| text(row, column));
        let kind = text(row, 1);
        let texts = texts.iter().map(|text| &**text);
        let made = Indexed::of(&kind, tags.iter().map(String::as_str), texts);
        let stored = Indexed { body: text(row, 9).to_string(), labels: text(row, 10).to_string() };
        findings.expect(made == stored, Promise::Search, || {
            let event = uuid::Uuid::from_bytes(id(row, 0));
            format!("event {event} is searched by other words than it has")
        });
        let mut sum = Sum::default();
        let grams = made.grams();
        for gram in &grams {
            sum.add(gram);
        }
        wanted.insert(number(row, 8), sum);
        index.add(number(row, 8), grams);
    })?;
    let texts = tx.one(&TEXTS, &[])?.first().map_or(0, |row| number(row, 0));
    findings.expect(texts == events, Promise::Search, || {
        format!("{events} events, and {texts} rows that they are searched by")
    });
    let mut found: FxHashMap<i64, Sum> = FxHashMap::default();
    walk(tx, Pages::after(&PAIRS, [Value::Text("".into()), Value::Int(i64::MIN)]), |row| {
        found.entry(number(row, 1)).or_default().add(&text(row, 0));
    })?;
    for (n, sum) in &wanted {
        findings.expect(found.remove(n) == Some(*sum), Promise::Search, || {
            format!("the index does not lead to number {n} by its words")
        });
    }
    for n in found.keys() {
        findings
            .add(Promise::Search, || format!("the index leads to number {n}, which no event has"));
    }
    search_index::check(tx, &index, findings)
}
