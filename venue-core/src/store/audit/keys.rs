//! The stored answers of idempotency keys: each reads, or leads to a booking's change; and whatever was done under a
//! key that still counts is remembered by exactly one.

use serde::Deserialize;

use crate::domain::refusal::Refusal;
use crate::domain::reply::Reply;
use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::statement::statements;

use super::feed::History;
use super::file::FileRow;
use super::findings::{Findings, Promise};
use super::ledger::answer_mark;
use super::pages::{Pages, number, text, walk};

statements! {
    doubt:
    KEYS = "SELECT k.stored, k.scope, k.key, k.verb, k.fingerprints, k.seq, k.reply, k.expires_at, c.seq, c.booking FROM key_record k LEFT JOIN change c ON c.seq = k.seq WHERE k.stored > $1 ORDER BY k.stored LIMIT 1000"
        (Int) -> (Int, Text, Text, Text, Bytes, Int, Text, Int, Int, Id);
}

/// A stored answer, as the verbs write it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    /// A rule said no.
    Refused(#[allow(dead_code, reason = "read to see that it reads")] Refusal),
    /// It was done.
    Done(#[allow(dead_code, reason = "read to see that it reads")] Reply),
}

/// Checks all records.
pub(super) fn check(
    tx: &mut dyn Tx,
    file: &FileRow,
    history: &History,
    findings: &mut Findings,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<(), StoreError> {
    let mut done: u64 = 0;
    let mut keyed = history.keyed;
    walk(tx, Pages::after(&KEYS, [Value::Int(i64::MIN)]), |row| {
        if let Err(wrong) = one(row) {
            findings.add(Promise::Keys, || {
                format!("key {} of {}: {wrong}", text(row, 2), text(row, 1))
            });
        }
        if let Some(seq) = row.maybe_int(5).filter(|_| number(row, 7) > file.floor) {
            keyed = keyed.wrapping_sub(answer_mark(seq));
        }
        done += 1;
        if done.is_multiple_of(10_000) {
            progress("keys", done, 0);
        }
    })?;
    progress("keys", done, done);
    // Where the clock was put back, keys may have gone that would count now.
    findings.expect(keyed == 0 || history.put_back, Promise::Keys, || {
        "what was done under keys that still count is not what the keys remember, each once"
            .to_owned()
    });
    Ok(())
}

fn one(row: Row<'_>) -> Result<(), String> {
    let prints = row.maybe_bytes(4).unwrap_or_default().len();
    if prints == 0 || !prints.is_multiple_of(8) {
        return Err("its fingerprints are not eight bytes a field".to_owned());
    }
    if number(row, 7) < 0 {
        return Err("it never counted".to_owned());
    }
    match (row.maybe_int(5), row.maybe_text(6)) {
        (Some(seq), None) if row.maybe_int(8).is_none() => {
            Err(format!("its answer is change {seq}, which is not there"))
        }
        (Some(seq), None) if row.maybe_id(9).is_none() => {
            Err(format!("its answer is change {seq}, which is no booking's"))
        }
        (Some(_), None) => Ok(()),
        (None, Some(reply)) => match serde_json::from_str::<Kept>(reply) {
            Ok(Kept::Refused(_) | Kept::Done(_)) => Ok(()),
            Err(error) => Err(format!("its answer does not read: {error}")),
        },
        (Some(_), Some(_)) | (None, None) => Err("it has not exactly one answer".to_owned()),
    }
}
