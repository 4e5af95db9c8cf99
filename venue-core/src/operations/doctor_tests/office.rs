//! A box office for tests: a file with a small catalogue, and commands that run as batches of one.

use std::fmt::Write as _;
use std::path::PathBuf;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::domain::caller::Caller;
use crate::domain::error::Error;
use crate::domain::hold::Secret;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::ids::SlotId;
use crate::domain::instant::{Instant, Span};
use crate::domain::reply::Reply;
use crate::domain::request::{BookingName, SlotName, Verb, Wanted};
use crate::store::boundary::{Committed, Store as _};
use crate::store::sqlite::{Access, Close, NewFile, Opened, create, open};
use crate::store::{meta, search};

use super::super::cache::Caches;
use super::super::{Command, Work, run};

/// When the tests begin.
pub(super) const BEGIN: i64 = 1_800_000_000_000_000;
const SLOTS: [[u8; 16]; 2] = [[8; 16], [9; 16]];

/// The office.
pub(super) struct Office {
    folder: TempDir,
    pub(super) path: PathBuf,
    opened: Option<Opened>,
    caches: Caches,
    secret: Secret,
    pub(super) now: Instant,
    keys: u64,
}

impl Office {
    /// Makes a file with a catalogue of one hall: 20 seats in two categories, and two areas of these sizes.
    pub(super) fn new(stand: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("venue.db");
        let new = NewFile {
            file_id: [7; 16],
            epoch: 1,
            floor: 1_000,
            test_clock: true,
            group: None,
            secret: [9; 32],
        };
        create(&path, &new, &Access::default()).unwrap();
        catalogue(&Connection::open(&path).unwrap(), stand);
        let mut opened = open(&path, &Access::default()).unwrap();
        search::fill_now(&mut opened.writer);
        let opened = Some(opened);
        let (caches, secret) = (Caches::default(), Secret::new([9; 32]));
        Self { folder, path, opened, caches, secret, now: Instant::clamped(BEGIN), keys: 0 }
    }

    /// Time goes by.
    pub(super) fn wait(&mut self, span: Span) {
        self.now = self.now.plus(span);
    }

    /// Runs a command, in a batch of its own.
    pub(super) fn ask(&mut self, caller: &Caller, verb: Verb) -> Result<Reply, Error> {
        self.ask_all(caller, vec![verb]).remove(0)
    }

    /// Runs commands in one batch.
    pub(super) fn ask_all(
        &mut self,
        caller: &Caller,
        verbs: Vec<Verb>,
    ) -> Vec<Result<Reply, Error>> {
        let store = &mut self.opened.as_mut().unwrap().writer;
        assert!(store.begin(&mut || true).unwrap());
        let tx = store.tx();
        let row = meta::load(tx).unwrap();
        let file_id = row.file_id;
        let mut noise = || 3;
        let secret = Some(&self.secret);
        let mut work = Work::new(tx, &mut self.caches, &mut noise, row, secret, self.now);
        let answers = verbs
            .into_iter()
            .map(|verb| {
                self.keys += 1;
                let mut printer = Fingerprinter::new(file_id);
                verb.fingerprint(&mut printer);
                let command = Command {
                    scope: caller.scope().into(),
                    verb,
                    caller: caller.clone(),
                    key: format!("key-{}", self.keys).parse().unwrap(),
                    key_given: true,
                    fingerprints: printer.finish(),
                    request_id: Some("r-1".parse().unwrap()),
                    token: None,
                };
                run(&mut work, &command).unwrap()
            })
            .collect();
        work.flush().unwrap();
        work.settle();
        assert_eq!(store.commit(), Committed::Done);
        answers
    }

    /// Runs a command of the box office that is about a booking, and names the booking.
    pub(super) fn book(&mut self, verb: Verb) -> BookingName {
        self.book_as(&Caller::local(), verb)
    }

    /// The same as somebody else.
    pub(super) fn book_as(&mut self, caller: &Caller, verb: Verb) -> BookingName {
        match self.ask(caller, verb).unwrap() {
            Reply::Booking(view) => BookingName::Id(view.id),
            other => panic!("{other:?} is no booking"),
        }
    }

    /// Closes the file and leaves it whole, without a log; its folder lives as long as what is returned.
    pub(super) fn close(mut self) -> (TempDir, PathBuf) {
        let Opened { writer, readers, .. } = self.opened.take().unwrap();
        drop(readers);
        writer.close(Close::Tidy);
        (self.folder, self.path)
    }
}

/// The first slot, or the second.
pub(super) fn slot(n: usize) -> SlotName {
    SlotName::Id(SlotId::from_bytes(SLOTS[n]))
}

/// These seats.
pub(super) fn seats(names: &str) -> Wanted {
    Wanted::seats(names.split(' ').map(|name| name.parse().unwrap()).collect())
}

/// So many places of an area.
pub(super) fn places(area: &str, quantity: u32) -> Wanted {
    Wanted::area(area.parse().unwrap(), quantity)
}

fn catalogue(connection: &Connection, stand: i64) {
    let id = |n: u8| format!("x'{}'", format!("{n:02x}").repeat(16));
    let (start, day) = (BEGIN + 864_000_000_000, 86_400_000_000_i64);
    let mut sql = format!(
        "BEGIN;
         INSERT INTO organizer VALUES ({org}, 'org', 'Org', 'EUR');
         INSERT INTO venue VALUES ({venue}, {org}, 'v', 'V', NULL, 'Europe/Berlin');
         INSERT INTO hall VALUES ({hall}, {venue}, 'h', 'H', 900000000, 0);
         INSERT INTO hall_area VALUES ({hall}, 0, 'Stand', {stand}, 'stand'), ({hall}, 1, 'Box', 6, 'box');
         INSERT INTO plan_version VALUES ({plan}, {hall}, 1, 'P', 1, 1, 0, 0, '{{}}', 20);
         INSERT INTO plan_capacity VALUES ({plan}, 'one', 0, 10), ({plan}, 'two', 1, 10);
         INSERT INTO event VALUES ({event}, {org}, 'show', 'film', 'Show', '', '[]', {hall}, 7200000000,
           300000000, 900000000, 100, NULL, NULL, NULL, 1, 1, NULL);
         INSERT INTO price VALUES ({event}, 'one', 'standard', 0, 1950, 0), ({event}, 'two', 'standard', 1, 1450, 0),
           ({event}, 'stand', 'standard', 2, 900, 0), ({event}, 'box', 'standard', 3, 5000, 0);
         INSERT INTO schedule VALUES ({schedule}, {event}, 0, '{{}}', NULL);",
        org = id(1),
        venue = id(2),
        hall = id(3),
        plan = id(5),
        event = id(6),
        schedule = id(7),
    );
    for (n, at) in [(8, start), (9, start + day)] {
        let _ = write!(
            sql,
            "INSERT INTO slot (event, id, schedule, rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, version, next_due) VALUES ({event}, {slot}, {schedule}, 'local {n}', 'Europe/Berlin', '2026a', {at},
               {at} + 7200000000, NULL, {at}, {plan}, 0, 0, 1, NULL);",
            event = id(6),
            slot = id(n),
            schedule = id(7),
            plan = id(5),
        );
    }
    for (ordinal, seat) in (0..20).map(|n| (n, format!("{}-{}", ["A", "B"][n / 10], n % 10 + 1))) {
        let category = ["one", "two"][ordinal / 10];
        let _ = write!(
            sql,
            "INSERT INTO seat VALUES ({plan}, {ordinal}, '{seat}', {row}, '1', '{seat}', 0, 0, '{category}', 0);",
            plan = id(5),
            row = ordinal / 10,
        );
    }
    sql.push_str("COMMIT");
    connection.execute_batch(&sql).unwrap();
}
