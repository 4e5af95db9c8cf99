//! A box office whose batches are put together by hand: two that start with the same bytes stay comparable.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use venue_core::domain::caller::Role;
use venue_core::domain::error::Error;
use venue_core::domain::instant::Instant;
use venue_core::domain::reply::Reply;
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::engine::{Engine, OpenOptions};
use venue_tests::fixture::{FIRST_DAY, Fixture, at, caller};
use venue_tests::peers::{beside, wait};

use super::batch::{Planned, Way};

/// What a command was answered; none if nobody waited for it.
pub(super) type Answer = Option<Result<Reply, Error>>;

/// A file that is open twice, and a hand that keeps its lock while a batch gathers.
#[derive(Debug)]
pub(super) struct Office {
    handles: [Engine; 2],
    hand: Connection,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

/// Tables with what is compared of them. A slot's version counts the batches that touched it, and a batch with a bad
/// command is run in parts: by design that number alone differs, here, in what was answered to verbs of slots, and so
/// in the chain, which doctor verifies by itself. Records of the bad commands' own keys are left out, and with them the
/// place of a record among the others.
const TABLES: &[(&str, &str)] = &[
    ("meta", "file_id, epoch, fence, floor, dirty, test_clock, catalog, last_number, last_seq"),
    (
        "slot",
        "event, id, schedule, starts_at, ends_at, on_sale_from, on_sale_until, plan, closed, cancelled, next_due",
    ),
    ("area", "*"),
    ("event", "*"),
    ("event_text", "*"),
    ("job", "*"),
    ("price", "*"),
    ("schedule", "*"),
    ("seat_count", "*"),
    ("claim", "*"),
    ("area_claim", "*"),
    ("booking", "*"),
    ("hold", "*"),
    ("line", "*"),
    ("ticket", "*"),
    ("payment", "*"),
    (
        "change",
        "seq, at, organizer, event, slot, booking, kind, \
         iif(kind LIKE 'slot.%', json_remove(body, '$.data.version', '$.version'), body), \
         due_at, actor, role, terminal, request_id",
    ),
    (
        "(SELECT * FROM key_record WHERE key NOT LIKE 'poison-%')",
        "organizer, scope, key, verb, fingerprints, seq, \
         iif(verb LIKE 'slot%', json_remove(reply, '$.done.data.version'), reply), expires_at",
    ),
];

impl Office {
    /// Two offices with the small stage's season, the same to the byte.
    pub(super) fn pair() -> [Self; 2] {
        let fixture = Fixture::empty();
        // Two organizers: who names none is turned away by what the file says.
        let seasons = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seasons");
        for season in ["buehne.toml", "nachbar.toml"] {
            fixture.import(&seasons.join(season));
        }
        fixture.engine.close();
        [Self::copy_of(&fixture.path()), Self::copy_of(&fixture.path())]
    }

    fn copy_of(file: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("venue.db");
        for side in ["", "-secret"] {
            let name = |path: &Path| PathBuf::from(format!("{}{side}", path.display()));
            std::fs::copy(name(file), name(&path)).expect("a copy");
        }
        // How many ids were asked for before depends on how often a batch was run: the bits are always the same.
        let options = OpenOptions::default().now(Some(at(FIRST_DAY))).noise(|_| 0x5a5a_5a5a);
        let open = || Engine::open(&path, &options).expect("an open file");
        let handles = [open(), open()];
        let hand = beside(&path);
        hand.busy_timeout(std::time::Duration::from_mins(1)).expect("a timeout");
        Self { handles, hand, path, _folder: folder }
    }

    /// Moves the clock, and closes what is due by then: which due hold a batch closes first depends on its commands. Then
    /// it makes the slots that schedules lack.
    pub(super) fn tick(&self, now: Instant) {
        for engine in &self.handles {
            engine.set_test_now(Some(now)).expect("a test clock");
        }
        let _ = self.handles[0].sweep().expect("a sweep");
        let organizer = caller(Role::Organizer, "o").organizer("buehne".parse().expect("a slug"));
        let all = ScheduleGenerate::default();
        let made = self.handles[0].schedule_generate(&organizer, &all, &mut |_, _, _| {});
        let _ = made.expect("slots");
    }

    /// Runs commands as one batch, through one of the handles.
    pub(super) fn together(&self, handle: usize, batch: &[&Planned]) -> Vec<Answer> {
        self.hand.execute_batch("BEGIN IMMEDIATE").expect("the lock");
        let submitted: Vec<_> = batch
            .iter()
            .map(|planned| {
                let future = self.handles[handle].submit(planned.request());
                (planned.way != Way::Abandoned).then_some(future)
            })
            .collect();
        self.hand.execute_batch("ROLLBACK").expect("the end of the lock");
        submitted.into_iter().map(|future| future.map(wait)).collect()
    }

    /// What doctor finds wrong.
    pub(super) fn doctor(&self) -> Vec<String> {
        let options = OpenOptions::default();
        let said = Engine::doctor(&self.path, &options, &mut |_, _, _| {}).expect("doctor");
        said.checks.into_iter().flat_map(|check| check.found).collect()
    }

    /// Every row that is compared, in order.
    pub(super) fn rows(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in TABLES {
            let sql = format!("SELECT {columns} FROM {table}");
            let mut statement = self.hand.prepare(&sql).expect("a statement");
            let width = statement.column_count();
            let mut rows = statement.query([]).expect("rows");
            let mut found = Vec::new();
            while let Some(row) = rows.next().expect("a row") {
                let mut words = (*table).to_owned();
                for column in 0..width {
                    words.push(' ');
                    words.push_str(&cell(row.get_ref(column).expect("a value")));
                }
                found.push(words);
            }
            found.sort_unstable();
            all.append(&mut found);
        }
        all
    }
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    }
}
