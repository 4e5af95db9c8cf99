//! Selling by hand over SQLite: one transaction a sale, and a thousand sales a transaction.

use std::path::Path;
use std::time::Duration;

use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, params};

use super::rows::{
    self, BOOKING, CHANGE, CLAIM, COUNTER, KEY, KEY_LIFE, LINE, META, PUT_COUNTER, PUT_META,
    PUT_VERSION, Paper, QUANTITY, SCOPE, SEAT_CLAIM, SEAT_LINE, Sale, TICKET, VERSION,
};

/// Sales of a batch.
pub(crate) const BATCH: i64 = 1_000;

/// Who decides when the log is copied into the main file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checkpoints {
    /// SQLite, every 1,000 pages, inside somebody's commit: the usual way.
    Usual,
    /// After the commit, above 4 MiB, cut at 16 MiB.
    AfterCommits,
}

/// Opens a connection with the settings that make sales durable.
pub(crate) fn connect(path: &Path, busy: Duration, checkpoints: Checkpoints) -> Connection {
    let connection = Connection::open(path).expect("the file opens");
    connection.busy_timeout(busy).expect("a timeout");
    connection.set_prepared_statement_cache_capacity(64);
    let mode: String = connection
        .query_one("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .expect("a journal mode");
    assert_eq!(mode, "wal");
    let every = if checkpoints == Checkpoints::Usual { 1_000 } else { 0 };
    let settings = format!(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 16777216;
         PRAGMA wal_autocheckpoint = {every};"
    );
    connection.execute_batch(&settings).expect("settings");
    connection
}

/// The state of a file's head: newest booking, newest change, its hash.
struct Head {
    /// Of bookings.
    number: i64,
    /// Of changes.
    seq: i64,
    /// Of the newest change.
    chain: [u8; 32],
}

/// Reads it, in an open transaction.
fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let mut statement = connection.prepare_cached(META)?;
    statement
        .query_one([], |row| Ok(Head { number: row.get(0)?, seq: row.get(1)?, chain: row.get(2)? }))
}

/// Places that are free and places that are sold; a slot that never sold anything has no row yet.
fn counter(connection: &Connection, paper: &Paper) -> rusqlite::Result<(i64, i64)> {
    let mut statement = connection.prepare_cached(COUNTER)?;
    let mut found = statement.query(params![&paper.event, &paper.slot])?;
    match found.next()? {
        Some(row) => Ok((row.get(0)?, row.get(1)?)),
        None => Ok((super::catalog::PLACES, 0)),
    }
}

/// The slot's version.
fn version(connection: &Connection, paper: &Paper) -> rusqlite::Result<i64> {
    let mut statement = connection.prepare_cached(VERSION)?;
    statement.query_one(params![&paper.event, &paper.slot], |row| row.get(0))
}

/// Writes what there is once a transaction.
fn write_heads(
    connection: &Connection,
    paper: &Paper,
    sold: i64,
    version: i64,
    at: i64,
    head: &Head,
) -> rusqlite::Result<()> {
    let slot = (&paper.event, &paper.slot);
    connection.prepare_cached(PUT_COUNTER)?.execute(params![slot.0, slot.1, sold])?;
    connection.prepare_cached(PUT_VERSION)?.execute(params![version, slot.0, slot.1])?;
    let meta = params![at, head.number, head.seq, &head.chain];
    connection.prepare_cached(PUT_META)?.execute(meta)?;
    Ok(())
}

/// The names of the seats that each sale takes; none if it takes places.
pub(crate) type Seats = [[String; 2]];

/// Writes who has what, and what it costs.
fn write_units(
    connection: &Connection,
    paper: &Paper,
    sales: &[Sale],
    seats: Option<&Seats>,
) -> rusqlite::Result<()> {
    let (event, slot) = (&paper.event, &paper.slot);
    let Some(seats) = seats else {
        let mut claim = connection.prepare_cached(CLAIM)?;
        let mut line = connection.prepare_cached(LINE)?;
        for sale in sales {
            claim.execute(params![event, slot, &sale.id])?;
        }
        for sale in sales {
            line.execute(params![event, &sale.id, slot])?;
        }
        return Ok(());
    };
    let mut claim = connection.prepare_cached(SEAT_CLAIM)?;
    let mut line = connection.prepare_cached(SEAT_LINE)?;
    let mut taken: Vec<(&Sale, &[String; 2])> = sales.iter().zip(seats).collect();
    for (sale, pair) in &taken {
        for (n, seat) in (1_i64..).zip(*pair) {
            line.execute(params![event, &sale.id, n, slot, seat])?;
        }
    }
    taken.sort_by_key(|(_, pair)| *pair);
    for (sale, pair) in taken {
        for seat in pair {
            claim.execute(params![event, slot, seat, &sale.id])?;
        }
    }
    Ok(())
}

/// Writes the rows of sales, table by table, and moves the head on.
fn write_sales(
    connection: &Connection,
    paper: &Paper,
    sales: &[Sale],
    seats: Option<&Seats>,
    head: &mut Head,
) -> rusqlite::Result<()> {
    let (event, slot, organizer) = (&paper.event, &paper.slot, &paper.organizer);
    write_units(connection, paper, sales, seats)?;
    let mut statement = connection.prepare_cached(BOOKING)?;
    for sale in sales {
        statement.execute(params![event, &sale.id, organizer, sale.number, sale.at])?;
    }
    let mut statement = connection.prepare_cached(TICKET)?;
    for sale in sales {
        for (n, id) in (1_i64..).zip(&sale.tickets) {
            statement.execute(params![event, &sale.id, n, id])?;
        }
    }
    let mut statement = connection.prepare_cached(CHANGE)?;
    for sale in sales {
        head.chain = paper.chain(sale, &head.chain);
        let (seq, at, body) = (sale.seq, sale.at, &sale.body);
        let row = params![seq, at, organizer, event, slot, &sale.id, body, &head.chain];
        statement.execute(row)?;
    }
    let mut statement = connection.prepare_cached(KEY)?;
    for sale in sales {
        let expires_at = sale.at + KEY_LIFE;
        let row = params![organizer, SCOPE, sale.key, paper.prints, sale.seq, expires_at];
        statement.execute(row)?;
    }
    Ok(())
}

/// Sells in one transaction: so many sales, all of one instant. False if the slot has too few places.
fn sell(
    connection: &Connection,
    paper: &Paper,
    sales: i64,
    seats: Option<&Seats>,
) -> rusqlite::Result<bool> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut head = head(connection)?;
    let (free, sold) = counter(connection, paper)?;
    if free < sales * QUANTITY {
        connection.execute_batch("ROLLBACK")?;
        return Ok(false);
    }
    let version = version(connection, paper)?;
    let at = rows::now();
    let sold_now: Vec<Sale> =
        (1..=sales).map(|n| paper.sale(head.number + n, head.seq + n, at)).collect();
    write_sales(connection, paper, &sold_now, seats, &mut head)?;
    head.number += sales;
    head.seq += sales;
    write_heads(connection, paper, sold + sales * QUANTITY, version + 1, at, &head)?;
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(true)
}

/// One sale, in a transaction of its own.
///
/// # Panics
/// If the slot is sold out or SQLite fails: then nothing was measured.
pub(crate) fn sell_one(connection: &Connection, paper: &Paper) {
    let sold = sell(connection, paper, 1, None);
    assert!(matches!(sold, Ok(true)), "a sale by hand failed: {sold:?}");
}

/// A loop that sells in batches, without callers, one row a statement: what nothing with callers should reach.
#[derive(Debug)]
pub(crate) struct Loop {
    connection: Connection,
    pages: std::sync::Arc<std::sync::atomic::AtomicI32>,
    copied: i32,
}

impl Loop {
    /// Over this file.
    pub(crate) fn open(path: &Path) -> Self {
        let mut connection = connect(path, Duration::from_secs(30), Checkpoints::AfterCommits);
        let pages = std::sync::Arc::new(std::sync::atomic::AtomicI32::new(0));
        let seen = std::sync::Arc::clone(&pages);
        let hook = move |_: &mut Wal, pages| {
            seen.store(pages, std::sync::atomic::Ordering::Relaxed);
            Ok(())
        };
        connection.wal_hook(Some(hook)).expect("a hook");
        Self { connection, pages, copied: 0 }
    }

    /// The file's id.
    pub(crate) fn file_id(&self) -> venue_core::domain::ids::FileId {
        rows::file_id(&self.connection)
    }

    /// Sells a batch; false if the slot has too few places for it.
    pub(crate) fn batch(&mut self, paper: &Paper, sales: i64) -> bool {
        let sold = sell(&self.connection, paper, sales, None).expect("a batch by hand");
        self.checkpoint();
        sold
    }

    /// Sells these seats, a pair a sale.
    pub(crate) fn batch_of_seats(&mut self, paper: &Paper, seats: &Seats) {
        let sales = i64::try_from(seats.len()).expect("a batch");
        let sold = sell(&self.connection, paper, sales, Some(seats));
        assert!(matches!(sold, Ok(true)), "a batch by hand failed: {sold:?}");
        self.checkpoint();
    }

    /// Copies the log above 4 MiB, cuts it at 16.
    fn checkpoint(&mut self) {
        let pages = self.pages.load(std::sync::atomic::Ordering::Relaxed);
        if pages < self.copied {
            // The log began anew.
            self.copied = 0;
        }
        let mode = if pages >= 4_096 {
            CheckpointMode::TRUNCATE
        } else if pages >= self.copied + 1_024 {
            CheckpointMode::PASSIVE
        } else {
            return;
        };
        let cut = matches!(mode, CheckpointMode::TRUNCATE);
        self.connection.wal_checkpoint_v2(Some(rusqlite::MAIN_DB), mode).expect("a checkpoint");
        self.copied = if cut { 0 } else { pages };
        if cut {
            self.pages.store(0, std::sync::atomic::Ordering::Relaxed);
        }
    }
}
