//! The search index, asked as a search asks it: for each piece of a word it must lead to every event that has it. What
//! SQLite keeps beside that, in tables of its own, is what writing to it goes by.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::statements;

use super::findings::{Findings, Promise};
use super::pages::number;

// A row of `event_gram_data` is the totals (1), the list of segments (10), or a page of a segment, whose number stands
// above the 37th bit. `event_gram_idx` says with which page of a segment one begins to look for a word; its last bit, that
// the page's last word goes on for so many pages that an index of its own (the 37th bit) tells where in them an event stands.
// A merge that is half done has taken the first pages of its segments away, and left the words that led to them.
statements! {
    doubt:
    MATCHING = "SELECT COUNT(*), COALESCE(SUM(rowid), 0), COALESCE(SUM(rowid * rowid % 1000003), 0) FROM event_gram WHERE event_gram MATCH $1"
        (Text) -> (Int, Int, Int);
    SETTINGS = "SELECT COUNT(*), COUNT(CASE WHEN k = 'version' AND typeof(v) = 'integer' AND v = 4 THEN 1 END) FROM event_gram_config"
        () -> (Int, Int);
    TOTALS = "SELECT block FROM event_gram_data WHERE id = 1" () -> (Bytes);
    STRAY = "SELECT COUNT(*) FROM event_gram_data WHERE id < 137438953472 AND id NOT IN (1, 10)" () -> (Int);
    LEADS_NOWHERE = "SELECT COUNT(*) FROM event_gram_idx i WHERE typeof(i.segid) <> 'integer' OR typeof(i.pgno) <> 'integer' OR i.pgno < 2 OR (NOT EXISTS (SELECT 1 FROM event_gram_data d WHERE d.id = i.segid * 137438953472 + i.pgno / 2) AND i.pgno / 2 >= (SELECT COALESCE(MIN(f.id), 0) FROM event_gram_data f WHERE f.id >= i.segid * 137438953472 AND f.id < i.segid * 137438953472 + 68719476736) - i.segid * 137438953472)"
        () -> (Int);
    SHORT_CUT_TO_NOWHERE = "SELECT COUNT(*) FROM event_gram_idx i WHERE i.pgno % 2 <> 0 AND NOT EXISTS (SELECT 1 FROM event_gram_data d WHERE d.id = i.segid * 137438953472 + 68719476736 + i.pgno / 2)"
        () -> (Int);
    LED_TO_BY_NONE = "SELECT COUNT(*) FROM (SELECT DISTINCT id / 137438953472 AS segid FROM event_gram_data WHERE id >= 137438953472) d WHERE NOT EXISTS (SELECT 1 FROM event_gram_idx i WHERE i.segid = d.segid)"
        () -> (Int);
}

/// How many events, and two sums of their numbers.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Hits([i64; 3]);

impl Hits {
    fn add(&mut self, n: i64) {
        let [count, sum, squares] = self.0;
        let square = n.wrapping_mul(n) % 1_000_003;
        self.0 = [count + 1, sum.wrapping_add(n), squares.wrapping_add(square)];
    }
}

/// What the index must lead to.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    whole: FxHashMap<String, Hits>,
    beginnings: FxHashMap<String, Hits>,
    events: u64,
    words: u64,
}

impl Wanted {
    /// An event by its number in the index, with its pieces of words.
    pub(super) fn add(&mut self, n: i64, grams: impl IntoIterator<Item = String>) {
        self.events += 1;
        let mut beginnings: FxHashSet<String> = FxHashSet::default();
        for gram in grams {
            self.words += 1;
            beginnings.extend((1..=2).map(|letters| gram.chars().take(letters).collect()));
            self.whole.entry(gram).or_default().add(n);
        }
        for beginning in beginnings {
            self.beginnings.entry(beginning).or_default().add(n);
        }
    }
}

/// Asks the index for everything that it must lead to, and looks at what it goes by when it is written to.
pub(super) fn check(
    tx: &mut dyn Tx,
    wanted: &Wanted,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let whole = wanted.whole.iter().map(|(gram, hits)| (format!("\"{gram}\""), hits));
    let beginnings = wanted.beginnings.iter().map(|(of, hits)| (format!("\"{of}\"*"), hits));
    for (asked, hits) in whole.chain(beginnings) {
        let rows = tx.one(&MATCHING, &[Value::Text(asked.as_str().into())])?;
        let found = rows.first().map(|row| Hits([0, 1, 2].map(|column| number(row, column))));
        findings.expect(found == Some(*hits), Promise::Search, || {
            format!("asked for {asked} the index leads to other events than have it")
        });
    }
    let settings = tx.one(&SETTINGS, &[])?;
    let settings = settings.first().map(|row| [number(row, 0), number(row, 1)]);
    findings.expect(settings == Some([1, 1]), Promise::Search, || {
        "the index has other settings than its version".to_owned()
    });
    for (statement, wrong) in [
        (&STRAY, "pages of no segment"),
        (&LEADS_NOWHERE, "words that lead to no page"),
        (&SHORT_CUT_TO_NOWHERE, "words with a short cut to no page"),
        (&LED_TO_BY_NONE, "segments that no word leads to"),
    ] {
        let count = tx.one(statement, &[])?.first().map_or(0, |row| number(row, 0));
        findings.expect(count == 0, Promise::Search, || format!("the index has {count} {wrong}"));
    }
    let totals = tx.one(&TOTALS, &[])?;
    let row = totals.first();
    let found = row.as_ref().and_then(|row| row.maybe_bytes(0)).unwrap_or_default();
    let expected = [number_of(wanted.events), number_of(wanted.words)].concat();
    let empty = wanted.events == 0 && found.iter().all(|byte| *byte == 0);
    findings.expect(empty || *found == *expected, Promise::Search, || {
        "the index counts other events or words than there are".to_owned()
    });
    Ok(())
}

/// A number as SQLite writes it: seven bits a byte, the highest first, each but the last marked by the eighth.
fn number_of(value: u64) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(value & 0x7f).unwrap_or(0)];
    let mut rest = value >> 7;
    while rest > 0 {
        bytes.push(0x80 | u8::try_from(rest & 0x7f).unwrap_or(0));
        rest >>= 7;
    }
    bytes.reverse();
    bytes
}
