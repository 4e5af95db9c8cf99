//! The file itself: what SQLite says of it, what stands in it beside our tables, and its own row.

use crate::canary::{Canary, planted};
use crate::domain::ids::FileId;
use crate::domain::reference::References;
use crate::store::boundary::{StoreError, Tx};
use crate::store::sqlite::{Warning, health};
use crate::store::statement::statements;

use super::feed::History;
use super::findings::{Findings, Promise};
use super::pages::{id, number};

statements! {
    doubt:
    META = "SELECT file_id, floor, last_number, last_seq, chain FROM meta"
        () -> (Id, Int, Int, Int, Bytes);
    GREATEST = "SELECT MAX(number) FROM booking" () -> (Int);
    BOOKINGS = "SELECT COUNT(*) FROM booking" () -> (Int);
}

/// The file's own row.
#[derive(Debug)]
pub(super) struct FileRow {
    /// Turns numbers into references.
    pub(super) references: References,
    /// Instant of the last commit.
    pub(super) floor: i64,
    /// As the row says.
    pub(super) last_number: i64,
    /// The greatest number that a booking has.
    pub(super) greatest: i64,
    /// As the row says.
    pub(super) last_seq: i64,
    /// As the row says.
    pub(super) chain: Box<[u8]>,
}

/// Asks SQLite, and compares the schema with ours.
pub(super) fn check(
    tx: &mut dyn Tx,
    warnings: &[Warning],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for warning in warnings {
        match warning {
            Warning::CopiedWithoutWal => findings.add(Promise::CopiedWithoutWal, || {
                "the file was copied without the log beside it: its newest changes may be missing"
                    .to_owned()
            }),
        }
    }
    let strangers = health::strangers(tx);
    for stranger in findings.settle(&[Promise::Schema], strangers)?.unwrap_or_default() {
        let wrong = match stranger.wrong {
            health::Wrong::NotOurs => "is not ours",
            health::Wrong::Missing => "is missing",
            health::Wrong::Different => "is not as we make it",
        };
        findings.add(Promise::Schema, || format!("{} {} {wrong}", stranger.kind, stranger.name));
    }
    let damage = health::damage(tx);
    for words in findings.settle(&[Promise::SqliteIntegrity], damage)?.unwrap_or_default() {
        if planted(Canary::IntegrityUnchecked) {
            break;
        }
        findings.add(Promise::SqliteIntegrity, || words);
    }
    let orphans = health::orphans(tx);
    for words in findings.settle(&[Promise::ForeignKeys], orphans)?.unwrap_or_default() {
        findings.add(Promise::ForeignKeys, || words);
    }
    Ok(())
}

/// Loads the file's own row; none, and a finding, if there is not exactly one.
pub(super) fn load(
    tx: &mut dyn Tx,
    findings: &mut Findings,
) -> Result<Option<FileRow>, StoreError> {
    let rows = tx.one(&META, &[])?;
    let count = rows.iter().count();
    findings.expect(count == 1, Promise::Meta, || format!("{count} rows, not one"));
    let greatest = tx.one(&GREATEST, &[])?;
    let greatest = greatest.first().and_then(|row| row.maybe_int(0)).unwrap_or(0);
    Ok(rows.first().map(|row| FileRow {
        references: References::of(FileId::from_bytes(id(row, 0))),
        floor: number(row, 1),
        last_number: number(row, 2),
        greatest,
        last_seq: number(row, 3),
        chain: row.maybe_bytes(4).unwrap_or_default().into(),
    }))
}

/// How many bookings there are, for telling how far the work is.
pub(super) fn bookings(tx: &mut dyn Tx) -> Result<u64, StoreError> {
    let rows = tx.one(&BOOKINGS, &[])?;
    let count = rows.first().and_then(|row| row.maybe_int(0)).unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Compares the row with the feed and the bookings.
pub(super) fn compare(file: &FileRow, history: &History, findings: &mut Findings) {
    let mut expect = |holds, words: String| findings.expect(holds, Promise::Meta, || words);
    expect(
        file.last_number >= file.greatest,
        format!("last_number is {}, a booking has {}", file.last_number, file.greatest),
    );
    expect(
        file.last_seq == history.last_seq,
        format!("last_seq is {}, the newest change's is {}", file.last_seq, history.last_seq),
    );
    expect(*file.chain == history.chain, "chain is not the newest change's".to_owned());
    expect(
        file.floor >= history.newest_at,
        format!("floor is {}, a change was at {}", file.floor, history.newest_at),
    );
}
