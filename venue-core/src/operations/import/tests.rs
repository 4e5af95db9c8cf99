//! Claims about imports, on real files.

mod again;
mod collisions;
mod large;
mod plans;
mod seasons;

use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::domain::error::Invalid;
use crate::domain::instant::{Instant, Span};
use crate::domain::money::Currency;
use crate::domain::schedule::ScheduleSpec;
use crate::domain::season::{
    AreaSpec, EventSpec, EventStart, HallSpec, OrganizerSpec, PlanSource, PriceSpec, VenueSpec,
};
use crate::operations::cache::Caches;
use crate::store::boundary::{Committed, Kind, Statement, Store as _, Value};
use crate::store::meta;
use crate::store::sqlite::{Access, NewFile, Opened, create, open};

/// A file of ours, and when it is there.
pub(super) struct Rig {
    _folder: TempDir,
    pub(super) opened: Opened,
    pub(super) now: Instant,
    noise: u64,
}

pub(super) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

impl Rig {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opened = made(&folder.path().join("venue.db"));
        Self { _folder: folder, opened, now: at("2026-10-01T08:00:00Z"), noise: 0 }
    }

    /// Runs an import in a transaction of its own; writes it unless it failed or is only tried.
    fn run(
        &mut self,
        keep: bool,
        import: impl FnOnce(&mut Work<'_>, ImportContext<'_>) -> Result<ImportDone, Stop>,
    ) -> Result<ImportDone, Stop> {
        assert!(self.opened.writer.begin(&mut || true).unwrap());
        let mut caches = Caches::default();
        let mut noise = || {
            self.noise = self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(97);
            self.noise
        };
        let meta = meta::load(self.opened.writer.tx()).unwrap();
        let tx = self.opened.writer.tx();
        let mut work = Work::new(tx, &mut caches, &mut noise, meta, None, self.now);
        let caller = Caller::new(crate::domain::caller::Role::Organizer);
        let context = ImportContext {
            caller: &caller,
            request_id: None,
            file: "season.toml",
            progress: &mut |_, done, total| assert!(done <= total),
        };
        let answer = import(&mut work, context);
        let keep = keep && answer.is_ok();
        if keep && work.is_dirty() {
            work.flush().unwrap();
        }
        drop(work);
        if keep {
            assert_eq!(self.opened.writer.commit(), Committed::Done);
        } else {
            self.opened.writer.rollback();
        }
        answer
    }

    pub(super) fn try_season(&mut self, season: &SeasonSpec) -> Result<ImportDone, Stop> {
        self.run(true, |work, context| import_season(work, context, season))
    }

    pub(super) fn season(&mut self, season: &SeasonSpec) -> ImportDone {
        self.try_season(season).unwrap()
    }

    pub(super) fn dry(&mut self, season: &SeasonSpec) -> ImportDone {
        self.run(false, |work, context| import_season(work, context, season)).unwrap()
    }

    pub(super) fn plan(&mut self, hall: &str, plan: &Plan) -> Result<ImportDone, Stop> {
        let hall = hall.parse().unwrap();
        self.run(true, |work, context| import_plan(work, context, &hall, plan))
    }

    /// The key and the words of the error that a season is.
    pub(super) fn error(&mut self, season: &SeasonSpec) -> (String, String) {
        let before = self.everything();
        let answer = self.try_season(season);
        assert_eq!(self.everything(), before);
        match answer {
            Err(Stop::Invalid(Invalid::ImportInvalid { key: Some(key), problem, .. })) => {
                (key, problem)
            }
            other => panic!("no import error: {other:?}"),
        }
    }

    /// Everything that the file has, row by row.
    pub(super) fn everything(&mut self) -> Vec<Vec<Value>> {
        DUMPS.iter().map(|dump| self.rows(dump)).collect()
    }

    /// What a statement of the tests finds.
    pub(super) fn rows(&mut self, statement: &'static Statement) -> Vec<Value> {
        assert!(self.opened.writer.begin(&mut || true).unwrap());
        let rows = self.opened.writer.tx().one(statement, &[]).unwrap();
        self.opened.writer.rollback();
        rows.values
    }

    pub(super) fn number(&mut self, statement: &'static Statement) -> i64 {
        match self.rows(statement)[..] {
            [Value::Int(number)] => number,
            ref other => panic!("not a number: {other:?}"),
        }
    }

    pub(super) fn execute(&mut self, statement: &'static Statement) {
        assert!(self.opened.writer.begin(&mut || true).unwrap());
        let call = crate::store::boundary::Call::once(statement, []);
        self.opened.writer.tx().exec(&[call]).unwrap();
        assert_eq!(self.opened.writer.commit(), Committed::Done);
    }
}

fn made(path: &Path) -> Opened {
    let new = NewFile {
        file_id: [7; 16],
        epoch: 1,
        floor: 0,
        test_clock: true,
        group: None,
        secret: [9; 32],
    };
    create(path, &new, &Access::default()).unwrap();
    open(path, &Access::default()).unwrap()
}

/// A statement that answers one number.
macro_rules! number {
    ($name:ident = $sql:literal) => {
        static $name: Statement =
            Statement { name: "test_number", sql: $sql, parameters: &[], columns: &[Kind::Int] };
    };
}
pub(super) use number;

/// A statement that answers one text a row.
macro_rules! texts {
    ($name:ident = $sql:literal) => {
        static $name: Statement =
            Statement { name: "test_texts", sql: $sql, parameters: &[], columns: &[Kind::Text] };
    };
}
pub(super) use texts;

/// A statement that writes.
macro_rules! spoil {
    ($name:ident = $sql:literal) => {
        static $name: Statement =
            Statement { name: "test_write", sql: $sql, parameters: &[], columns: &[] };
    };
}
pub(super) use spoil;

macro_rules! dumps {
    ($($table:literal: $columns:literal;)*) => {
        /// Every column of every table that an import could touch, one row a text.
        static DUMPS: &[Statement] = &[$(Statement {
            name: $table,
            sql: concat!("SELECT json_array(", $columns, ") FROM ", $table, " ORDER BY 1"),
            parameters: &[],
            columns: &[Kind::Text],
        }),*];
    };
}

dumps! {
    "meta": "hex(file_id), epoch, fence, floor, dirty, test_clock, catalog, last_number, last_seq, hex(chain)";
    "organizer": "hex(id), slug, name, currency";
    "venue": "hex(id), hex(organizer), slug, name, city, zone";
    "hall": "hex(id), hex(venue), slug, name, turnaround, shared";
    "hall_area": "hex(hall), n, name, capacity, category";
    "plan_version": "hex(id), hex(hall), number, name, width, height, focal_x, focal_y, layout, seats";
    "seat": "hex(plan), ordinal, guid, row, number, label, x_milli, y_milli, category, accessible";
    "plan_capacity": "hex(plan), category, n, capacity";
    "event": "hex(id), hex(organizer), slug, kind, title, description, tags, hex(hall), duration, hold, max_hold, max_units_per_booking, max_units_per_buyer, on_sale_from, on_sale_until, state, version, deleted_at";
    "price": "hex(event), category, rate, n, minor, tax_bp";
    "schedule": "hex(id), hex(event), n, rule, unsupported";
    "slot": "hex(event), hex(id), hex(schedule), rule_local, zone, tzdb, starts_at, ends_at, on_sale_from, on_sale_until, hex(plan), closed, cancelled, version, next_due";
    "area": "hex(event), hex(slot), name, capacity, held, sold, house, killed";
    "seat_count": "hex(event), hex(slot), category, capacity, held, sold, house, killed";
    "change": "seq, shard, at, hex(organizer), hex(event), hex(slot), hex(booking), kind, body, due_at, actor, role, terminal, request_id, hex(chain)";
}

number!(CHANGES = "SELECT count(*) FROM change");
number!(CATALOG = "SELECT catalog FROM meta");
number!(SLOTS = "SELECT count(*) FROM slot");

/// A small season: one hall with a grid of 3 rows of 4 and an area, one event with one date.
pub(super) fn small() -> SeasonSpec {
    SeasonSpec {
        organizer: OrganizerSpec {
            slug: "haus".parse().unwrap(),
            name: "Haus".parse().unwrap(),
            currency: "EUR".parse().unwrap(),
        },
        venues: vec![VenueSpec {
            slug: "haus".parse().unwrap(),
            name: "Haus am Markt".parse().unwrap(),
            city: Some("Wien".parse().unwrap()),
            zone: "Europe/Vienna".parse().unwrap(),
            halls: vec![HallSpec {
                slug: "saal".parse().unwrap(),
                name: "Saal".parse().unwrap(),
                plan: PlanSource::Plan(std::sync::Arc::new(grid(3, 4))),
                areas: vec![area("Steh", 100)],
                turnaround: Span::from_mins(30),
                shared: false,
            }],
        }],
        events: vec![event("stueck", &["2027-01-01T20:00"])],
    }
}

/// A plan of one category, `Parkett`.
pub(super) fn grid(rows: u32, seats: u32) -> Plan {
    let last = crate::domain::grid::row_letters(rows - 1);
    let spec = crate::domain::grid::GridSpec {
        rows,
        seats,
        aisles: Vec::new(),
        accessible: Vec::new(),
        categories: vec![("Parkett".parse().unwrap(), format!("A-{last}"))],
    };
    crate::domain::grid::grid_plan("Saal", &spec).unwrap()
}

pub(super) fn area(name: &str, capacity: u32) -> AreaSpec {
    AreaSpec { name: name.parse().unwrap(), capacity, category: "Steh".parse().unwrap() }
}

pub(super) fn price(category: &str, minor: i64) -> PriceSpec {
    PriceSpec { category: category.parse().unwrap(), minor }
}

/// A schedule that begins at the first date and lists the others.
pub(super) fn listed(dates: &[&str]) -> ScheduleSpec {
    ScheduleSpec {
        starts: Some(dates[0].parse().unwrap()),
        rdate: dates[1..].iter().map(|date| date.parse().unwrap()).collect(),
        ..ScheduleSpec::default()
    }
}

/// An event of two hours in the small season's hall.
pub(super) fn event(slug: &str, dates: &[&str]) -> EventSpec {
    EventSpec {
        slug: slug.parse().unwrap(),
        kind: "play".into(),
        title: "Stück".parse().unwrap(),
        description: None,
        tags: vec!["neu".parse().unwrap()],
        hall: "haus/saal".parse().unwrap(),
        duration: Some(Span::from_hours(2)),
        hold: Span::from_mins(5),
        max_hold: Span::from_mins(15),
        max_units_per_booking: 10,
        max_units_per_buyer: None,
        on_sale_from: None,
        on_sale_until: None,
        state: EventStart::Published,
        prices: vec![price("Parkett", 2_000), price("Steh", 900)],
        schedules: vec![listed(dates)],
    }
}

pub(super) fn other_currency() -> Currency {
    "CHF".parse().unwrap()
}
