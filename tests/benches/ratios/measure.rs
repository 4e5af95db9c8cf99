//! The measurements.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use r2d2::ManageConnection;
use rusqlite::Connection;
use tempfile::TempDir;

use super::by_hand::{self, BATCH, Checkpoints, Loop};
use super::callers::{self, Round, median};
use super::catalog::{self, Hall, SLOTS};
use super::engine_side::House;
use super::generating;
use super::lists;
use super::processes::{self, Seller};
use super::report::{Good, Line, Row};
use super::rows::{self, Paper};
use super::seats;
use super::server::{Server, Till};

/// How much is measured, and where.
#[derive(Debug)]
pub(crate) struct Bench {
    /// How long a round takes.
    pub(crate) span: Duration,
    /// Rounds of each side.
    pub(crate) rounds: usize,
    /// Callers, where the table says 100.
    pub(crate) callers: usize,
    /// Callers, where the table says 400.
    pub(crate) many: usize,
    /// Processes, where the table says 16.
    pub(crate) processes: usize,
    /// Seats of the hall.
    pub(crate) seats: usize,
    /// Bookings of the full file.
    pub(crate) bookings: u32,
    /// Events of the large catalogue, each with a slot.
    pub(crate) events: u32,
    /// Sales over which memory is watched.
    pub(crate) sales: u32,
    /// Where the files lie.
    pub(crate) folder: PathBuf,
    /// The program for one-shot commands.
    pub(crate) program: PathBuf,
    /// The full file, once it is made.
    pub(crate) full: OnceLock<(TempDir, PathBuf)>,
}

/// A group of measurements that share their rounds, with the names of its rows.
pub(crate) type Group = (&'static [&'static str], fn(&Bench) -> Vec<Line>);

/// All of them, in the order of the table.
pub(crate) const GROUPS: &[Group] = &[
    (&["hot_slot", "p99"], hot_slot),
    (&["ceiling"], ceiling),
    (&["bare"], bare),
    (&["postgres"], postgres),
    (&["processes"], processes),
    (&["sold_out"], sold_out),
    (&["seats", "seats_front"], seats::sold),
    (&["seats_by_hand"], seats::by_hand),
    (&["million"], million),
    (&["memory"], memory),
    (&["generate"], generating::lines),
    (&["one_shot"], one_shot),
    (lists::NAMES, lists::lists),
];

/// The connections of the usual way.
#[derive(Debug)]
struct Connections(PathBuf);

impl ManageConnection for Connections {
    type Connection = Connection;
    type Error = rusqlite::Error;

    fn connect(&self) -> Result<Connection, rusqlite::Error> {
        Ok(by_hand::connect(&self.0, Duration::from_secs(30), Checkpoints::Usual))
    }

    fn is_valid(&self, _: &mut Connection) -> Result<(), rusqlite::Error> {
        Ok(())
    }

    fn has_broken(&self, _: &mut Connection) -> bool {
        false
    }
}

impl Bench {
    /// True if it is only looked whether everything works.
    pub(crate) const fn is_small(&self) -> bool {
        self.seats < 80_000
    }

    /// A folder for one round.
    pub(crate) fn fresh(&self) -> TempDir {
        tempfile::tempdir_in(&self.folder).expect("a folder")
    }

    /// Rounds of both sides in turn; the figures of each.
    pub(crate) fn in_turn<T>(
        &self,
        mut engine: impl FnMut() -> T,
        mut peer: impl FnMut() -> T,
    ) -> (Vec<T>, Vec<T>) {
        (0..self.rounds).map(|_| (engine(), peer())).unzip()
    }

    /// So many callers sell places of one hot slot of a new file.
    pub(crate) fn engine_round(&self, callers: usize) -> Round {
        let folder = self.fresh();
        let house = House::make(folder.path(), Hall::Area);
        let round = callers::run(callers, self.span, |_| house.buyer());
        rows::check_like_the_engine(&Connection::open(&house.path).expect("the file opens"));
        round
    }

    /// The same by a pool of 16 connections.
    fn pool_round(&self) -> Round {
        let folder = self.fresh();
        let path = folder.path().join("venue.db");
        catalog::make(&path, Hall::Area);
        let pool = r2d2::Pool::builder()
            .max_size(16)
            .connection_timeout(Duration::from_mins(10))
            .build(Connections(path))
            .expect("a pool");
        let paper = Paper::new(rows::file_id(&pool.get().expect("a connection")), 0);
        callers::run(self.callers, self.span, |_| {
            || by_hand::sell_one(&pool.get().expect("a connection"), &paper)
        })
    }

    /// The file with many bookings.
    fn full_file(&self) -> &Path {
        let make = || {
            let folder = self.fresh();
            let path = folder.path().join("venue.db");
            catalog::make(&path, Hall::Area);
            let began = Instant::now();
            let mut by_hand = Loop::open(&path);
            let papers: Vec<_> =
                (0..SLOTS).map(|slot| Paper::new(by_hand.file_id(), slot)).collect();
            let (mut left, mut turn) = (i64::from(self.bookings), 0);
            while left > 0 {
                let sales = left.min(BATCH);
                assert!(by_hand.batch(&papers[turn % SLOTS], sales), "the slots are large enough");
                (left, turn) = (left - sales, turn + 1);
            }
            eprintln!("a file with {} bookings in {:.0?}", self.bookings, began.elapsed());
            (folder, path)
        };
        &self.full.get_or_init(make).1
    }
}

/// The row of a share or a factor: the engine's median over the peer's.
#[expect(clippy::too_many_arguments, reason = "the columns of a table")]
pub(crate) fn factor(
    name: &'static str,
    what: &'static str,
    unit: &'static str,
    engine: impl IntoIterator<Item = f64>,
    peer: impl IntoIterator<Item = f64>,
    good: Good,
    asked: f64,
    aim: f64,
) -> Line {
    let (engine, peer) = (median(engine), median(peer));
    let ratio = engine / peer;
    Line::Measured(Row { name, what, unit, engine, peer, ratio, asked, aim, good })
}

fn rates(rounds: &[Round]) -> impl Iterator<Item = f64> {
    rounds.iter().map(|round| round.per_second)
}

fn hot_slot(bench: &Bench) -> Vec<Line> {
    let (engine, pool) = bench.in_turn(|| bench.engine_round(bench.callers), || bench.pool_round());
    let what = "100 callers, one hot slot, over a pool";
    let fast =
        factor("hot_slot", what, "sales/s", rates(&engine), rates(&pool), Good::High, 8.0, 18.0);
    let p99 = |rounds: &[Round]| median(rounds.iter().map(|round| round.p99_ms));
    let (engine, peer) = (p99(&engine), p99(&pool));
    let even = Line::Measured(Row {
        name: "p99",
        what: "the same: p99 under that of the pool",
        unit: "ms",
        engine,
        peer,
        ratio: peer / engine,
        asked: 8.0,
        aim: 20.0,
        good: Good::High,
    });
    vec![fast, even]
}

fn ceiling(bench: &Bench) -> Vec<Line> {
    let by_hand = || {
        let folder = bench.fresh();
        let path = folder.path().join("venue.db");
        catalog::make(&path, Hall::Area);
        let mut by_hand = Loop::open(&path);
        let mut slot = 0;
        let mut paper = Paper::new(by_hand.file_id(), slot);
        callers::alone(bench.span, || {
            while !by_hand.batch(&paper, BATCH) {
                slot += 1;
                paper = Paper::new(by_hand.file_id(), slot);
            }
            u32::try_from(BATCH).unwrap_or(0)
        })
    };
    let (engine, peer) = bench.in_turn(|| bench.engine_round(bench.many).per_second, by_hand);
    let what = "400 callers, share of a loop by hand";
    vec![factor("ceiling", what, "sales/s", engine, peer, Good::High, 0.6, 0.9)]
}

fn bare(bench: &Bench) -> Vec<Line> {
    let by_hand = || {
        let folder = bench.fresh();
        let path = folder.path().join("venue.db");
        catalog::make(&path, Hall::Area);
        let connection = by_hand::connect(&path, Duration::from_secs(30), Checkpoints::Usual);
        let paper = Paper::new(rows::file_id(&connection), 0);
        callers::alone(bench.span, || {
            by_hand::sell_one(&connection, &paper);
            1
        })
    };
    let (engine, peer) = bench.in_turn(|| bench.engine_round(1).per_second, by_hand);
    let what = "1 caller, share of the bare transaction";
    vec![factor("bare", what, "sales/s", engine, peer, Good::High, 0.8, 0.95)]
}

fn postgres(bench: &Bench) -> Vec<Line> {
    let server = match Server::start(&bench.folder) {
        Ok(server) => server,
        Err(why) => return vec![Line::Skipped("postgres", why)],
    };
    let peer = || {
        callers::run(bench.callers, bench.span, |_| {
            let mut till = Till::open(&server);
            move || till.sell().expect("a sale")
        })
        .per_second
    };
    let (engine, peer) = bench.in_turn(|| bench.engine_round(bench.callers).per_second, peer);
    let what = "100 callers, over PostgreSQL's row lock";
    vec![factor("postgres", what, "sales/s", engine, peer, Good::High, 40.0, 70.0)]
}

fn processes(bench: &Bench) -> Vec<Line> {
    let wait = |seller| {
        let folder = bench.fresh();
        processes::worst_wait(folder.path(), bench.processes, bench.span, seller)
    };
    let (engine, peer) = bench.in_turn(|| wait(Seller::Engine), || wait(Seller::ByHand));
    let what = "16 processes, worst wait, to SQLite's handler";
    vec![factor("processes", what, "ms", engine, peer, Good::Low, 1.0 / 8.0, 1.0 / 20.0)]
}

fn sold_out(bench: &Bench) -> Vec<Line> {
    let late = || {
        let folder = bench.fresh();
        let house = House::make(folder.path(), Hall::Area);
        house.sell_out_the_last();
        callers::run(bench.callers, bench.span, |n| house.mostly_late(n)).per_second
    };
    let (engine, peer) = bench.in_turn(late, || bench.engine_round(bench.callers).per_second);
    let what = "99 of 100 asks lose, over all asks winning";
    vec![factor("sold_out", what, "answers/s", engine, peer, Good::High, 2.0, 20.0)]
}

fn million(bench: &Bench) -> Vec<Line> {
    let full = || {
        let house = House::open(bench.full_file());
        callers::run(bench.callers, bench.span, |_| house.buyer()).per_second
    };
    let (engine, peer) = bench.in_turn(full, || bench.engine_round(bench.callers).per_second);
    let what = "a full file, share of the empty file's";
    vec![factor("million", what, "sales/s", engine, peer, Good::High, 0.8, 0.95)]
}

fn memory(bench: &Bench) -> Vec<Line> {
    let folder = bench.fresh();
    let [before, after] = processes::memory(folder.path(), bench.sales);
    vec![Line::Measured(Row {
        name: "memory",
        what: "memory after all sales, after a tenth of them",
        unit: "MiB",
        engine: after,
        peer: before,
        ratio: after - before,
        asked: 64.0,
        aim: 64.0,
        good: Good::Low,
    })]
}

fn one_shot(bench: &Bench) -> Vec<Line> {
    if !bench.program.is_file() {
        let why = format!("{} is not there: build it or set VENUE_BIN", bench.program.display());
        return vec![Line::Skipped("one_shot", why)];
    }
    let slot = catalog::slot_name(0).to_string();
    let file = bench.full_file();
    let mut sell = std::process::Command::new(&bench.program);
    sell.arg("--db").arg(file).args(["sell", &slot, "--area", "Stand", "--quantity", "2"]);
    let timed = |command: &mut std::process::Command| {
        let began = Instant::now();
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(began.elapsed().as_secs_f64() * 1_000.0);
        }
        Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("").to_owned())
    };
    let mut nothing = std::process::Command::new("true");
    let pairs: Result<Vec<(f64, f64)>, String> =
        (0..bench.rounds * 10).map(|_| Ok((timed(&mut sell)?, timed(&mut nothing)?))).collect();
    let (engine, peer): (Vec<f64>, Vec<f64>) = match pairs {
        Ok(pairs) => pairs.into_iter().unzip(),
        Err(why) => return vec![Line::Skipped("one_shot", format!("the program failed: {why}"))],
    };
    let (engine, peer) = (median(engine), median(peer));
    vec![Line::Measured(Row {
        name: "one_shot",
        what: "venue sell on that file, beside a bare process",
        unit: "ms",
        engine,
        peer,
        ratio: engine,
        asked: 20.0,
        aim: 20.0,
        good: Good::Low,
    })]
}
