//! A small house with a season that changes, and what is known of its slots.

use std::fmt::Write as _;
use std::path::PathBuf;

use rusqlite::Connection;
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::generated::{Drifted, Generated, ScheduleRefusal};
use venue_core::domain::import_done::ImportDone;
use venue_core::domain::request::{Sell, Wanted};
use venue_core::domain::schedule_name::{ScheduleDrift, ScheduleGenerate};
use venue_tests::fixture::{Fixture, caller};

/// A file with one hall of twelve places, where nothing else happens for half an hour after each slot.
pub(crate) struct House {
    pub(crate) fixture: Fixture,
}

/// An event of the house: its slug, and its schedules as the season file has them.
pub(crate) type Event<'a> = (&'a str, &'a [&'a str]);

pub(crate) fn staff() -> Caller {
    caller(Role::Organizer, "chef")
}

impl House {
    /// A house with these events.
    pub(crate) fn with(events: &[Event<'_>]) -> Self {
        let house = Self { fixture: Fixture::empty() };
        house.season(events);
        house
    }

    /// Imports the season with these events.
    pub(crate) fn season(&self, events: &[Event<'_>]) -> ImportDone {
        self.fixture.import(&self.write(events))
    }

    fn write(&self, events: &[Event<'_>]) -> PathBuf {
        let mut text = String::from(
            "[organizer]\nslug = \"haus\"\nname = \"Haus\"\ncurrency = \"EUR\"\n\
             [[venue]]\nslug = \"haus\"\nname = \"Haus\"\ntime_zone = \"Europe/Berlin\"\n\
             [[venue.hall]]\nslug = \"saal\"\nname = \"Saal\"\nturnaround = \"30m\"\n\
             [[venue.hall.area]]\nname = \"Stand\"\ncapacity = 12\ncategory = \"Stand\"\n",
        );
        for (slug, schedules) in events {
            let _ = write!(
                text,
                "[[event]]\nslug = \"{slug}\"\nkind = \"play\"\ntitle = \"{slug}\"\n\
                 hall = \"haus/saal\"\nduration = \"2h\"\nstate = \"published\"\n\
                 prices = {{ \"Stand\" = \"5.00\" }}\n"
            );
            for schedule in *schedules {
                let _ = writeln!(text, "[[event.schedule]]\n{schedule}");
            }
        }
        let path = self.fixture.folder.path().join("season.toml");
        std::fs::write(&path, text).unwrap();
        path
    }

    /// What `schedule generate` answers.
    pub(crate) fn generate(&self) -> Generated {
        self.generate_some(&[], false)
    }

    pub(crate) fn generate_some(&self, names: &[&str], dry_run: bool) -> Generated {
        let schedules = names.iter().map(|name| name.parse().unwrap()).collect();
        let request = ScheduleGenerate { schedules, dry_run };
        self.fixture
            .engine
            .schedule_generate(&staff(), &request, &mut |_, done, of| {
                assert!(done <= of);
            })
            .unwrap()
    }

    /// What `schedule drift` answers.
    pub(crate) fn drift(&self, mend: bool) -> Drifted {
        let request = ScheduleDrift { schedules: vec![], mend };
        self.fixture.engine.schedule_drift(&staff(), &request, &mut |_, _, _| {}).unwrap()
    }

    /// Sells a place of the slot that starts then, and says which slot it is.
    pub(crate) fn sell(&self, slot: &str) {
        let wanted = Wanted::area("Stand".parse().unwrap(), 1);
        let sell =
            Sell::new(slot.parse::<venue_core::domain::request::SlotName>().unwrap(), wanted);
        let _ = self.fixture.engine.sell(&Caller::local(), sell).unwrap();
    }

    /// Does a verb about a slot, as the organizer.
    pub(crate) fn act(&self, verb: &str, slot: &str, more: &str) {
        let request =
            format!("{{\"caller\":{{\"role\":\"organizer\"}},\"slot\":\"{slot}\"{more}}}");
        self.fixture.engine.call_json(verb, request.as_bytes()).unwrap();
    }

    /// Every slot: its event, the rule's wall time, its start in UTC, and whether it was cancelled.
    pub(crate) fn slots(&self) -> Vec<String> {
        let sql = "SELECT e.slug || ' ' || s.rule_local || ' ' \
                   || strftime('%Y-%m-%dT%H:%MZ', s.starts_at / 1000000, 'unixepoch') \
                   || CASE s.cancelled WHEN 1 THEN ' cancelled' ELSE '' END \
                   FROM slot s JOIN event e ON e.id = s.event ORDER BY s.starts_at, e.slug";
        let connection = Connection::open(self.fixture.path()).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Changes rows as an older program, or another verb, would have written them.
    pub(crate) fn rewrite(&self, sql: &str) {
        let connection = Connection::open(self.fixture.path()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// The kinds of the feed's changes from this one on.
    pub(crate) fn kinds_after(&self, seq: i64) -> Vec<String> {
        let connection = Connection::open(self.fixture.path()).unwrap();
        let mut statement =
            connection.prepare("SELECT kind FROM change WHERE seq > ?1 ORDER BY seq").unwrap();
        let rows = statement.query_map([seq], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The newest change's sequence.
    pub(crate) fn newest(&self) -> i64 {
        self.fixture.doctor().sequence
    }
}

/// What is in the way, of a schedule that was refused for it.
pub(crate) fn in_the_way(refused: Option<&ScheduleRefusal>) -> &str {
    match refused {
        Some(ScheduleRefusal::Collision { with, .. }) => with,
        other => panic!("no collision: {other:?}"),
    }
}
