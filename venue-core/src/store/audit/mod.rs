//! `doctor`: everything in a file, recomputed from first principles, and every difference reported.
//!
//! It only reads, and walks each table once in the order of its key, in flat memory but for about 32 bytes a
//! booking. The lines are the first principle of who has what; the feed is that of what happened.

mod bookings;
mod catalogue;
mod counters;
mod feed;
mod file;
mod findings;
mod history;
mod holds;
mod jobs;
mod keys;
mod ledger;
mod overlaps;
mod pages;
mod rows;
mod search;
mod search_index;
mod steps;
mod units;
mod withheld;
mod zones;

use std::fmt::Write as _;

use crate::domain::diagnosis::Diagnosis;

#[cfg(test)]
use super::boundary::Statement;
use super::boundary::{StoreError, Tx};
use super::sqlite::Warning;

use findings::{Findings, Promise};

/// The statements of the audit, for the test that prepares them.
#[cfg(test)]
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    let all = [
        bookings::ALL,
        catalogue::ALL,
        counters::ALL,
        feed::ALL,
        file::ALL,
        holds::ALL,
        jobs::ALL,
        keys::ALL,
        rows::ALL,
        search::ALL,
        search_index::ALL,
        units::ALL,
    ];
    all.into_iter().flatten().copied()
}

/// Checks the whole file over one reading view. `warnings` are those of its opening; `progress` is told, now
/// and then, what is being read, how many rows of it are done, and of how many (0: not known).
///
/// # Errors
/// What the machine says. What is wrong with the file itself is a finding, also where it keeps a check from
/// being finished.
pub(crate) fn diagnose(
    tx: &mut dyn Tx,
    warnings: &[Warning],
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<Diagnosis, StoreError> {
    let mut findings = Findings::new();
    progress("sqlite_integrity", 0, 0);
    file::check(tx, warnings, &mut findings)?;
    let (sequence, chain) = read_all(tx, &mut findings, progress)?;
    let checks = findings.checks();
    let ok = checks.iter().all(|check| check.ok);
    let chain = chain.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok(Diagnosis { ok, checks, sequence, chain })
}

/// Everything that needs our own tables; answers with the feed's head.
fn read_all(
    tx: &mut dyn Tx,
    findings: &mut Findings,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<(i64, [u8; 32]), StoreError> {
    use Promise::{
        Bookings, Catalogue, Counters, Feed, Holds, Jobs, Keys, Meta, Payments, Replay, Search,
        Tickets, Units, Withheld, ZoneData,
    };
    let nothing = (0, [0; 32]);
    let all = [
        Meta, Catalogue, Feed, Replay, Bookings, Tickets, Payments, Units, Withheld, Counters,
        Holds, Jobs, Keys, ZoneData,
    ];
    let search = search::check(tx, findings);
    findings.settle(&[Search], search)?;
    let loaded = file::load(tx, findings);
    let Some(loaded) = findings.settle(&all, loaded)? else { return Ok(nothing) };
    let Some(file) = loaded else {
        for promise in &all[1..] {
            findings.add(*promise, || "cannot be checked without the meta row".to_owned());
        }
        return Ok(nothing);
    };
    let catalogue = catalogue::Catalogue::load(tx, findings);
    let Some(catalogue) = findings.settle(&all[1..], catalogue)? else { return Ok(nothing) };
    let history = feed::read(tx, &file, &catalogue, findings, progress);
    let Some(mut history) = findings.settle(&all[2..], history)? else { return Ok(nothing) };
    file::compare(&file, &history, findings);
    let head = (history.last_seq, history.chain);
    let ledgers = bookings::check(tx, &file, &catalogue, &mut history, findings, progress);
    let Some(mut ledgers) = findings.settle(&all[3..], ledgers)? else { return Ok(head) };
    progress("units", 0, 0);
    let mut withheld = std::mem::take(&mut history.withheld);
    let units = units::check(tx, &catalogue, &mut ledgers, &mut withheld, findings);
    findings.settle(&[Units, Withheld], units)?;
    let counters = counters::check(tx, &catalogue, &mut ledgers, findings);
    findings.settle(&[Counters], counters)?;
    let holds = holds::check(tx, &catalogue, &mut ledgers, &history, findings);
    findings.settle(&[Holds], holds)?;
    let jobs = jobs::check(tx, &catalogue, &ledgers, &history, findings);
    findings.settle(&[Jobs], jobs)?;
    let keys = keys::check(tx, &file, &history, findings, progress);
    findings.settle(&[Keys], keys)?;
    let zones = zones::check(tx, &catalogue, file.floor, findings);
    findings.settle(&[ZoneData], zones)?;
    Ok(head)
}
