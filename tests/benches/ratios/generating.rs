//! A year of slots, generated and written, beside bare inserts of the same rows.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use venue_core::domain::caller::{Caller, Role};
use venue_core::domain::schedule_name::ScheduleGenerate;
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};

use super::by_hand::{self, Checkpoints};
use super::measure::{Bench, factor};
use super::report::{Good, Line};

/// Screens of the house. Each shows ten slots a day.
const SCREENS: usize = 10;
/// An hour each, from ten to eight.
const RULE: &str = "open = [\"mon-sun 10:00-20:00\"]\nlength = \"1h\"\nfrom = \"2027-01-01\"";

/// The measurement: seconds, beside those of the bare inserts.
pub(crate) fn lines(bench: &Bench) -> Vec<Line> {
    let until = if bench.is_small() { "2027-01-03" } else { "2027-12-31" };
    let (mut engine, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds {
        let folder = bench.fresh();
        let path = house(folder.path(), until);
        let copy = folder.path().join("copy.db");
        std::fs::copy(&path, &copy).expect("a copy");
        let (added, took) = generate(&path);
        assert!(bench.is_small() || added == 36_500, "{added} slots");
        engine.push(took.as_secs_f64());
        peer.push(insert(&path, &copy).as_secs_f64());
    }
    let what = "36,500 slots generated, over bare inserts";
    vec![factor("generate", what, "s", engine, peer, Good::Low, 2.0, 1.0)]
}

/// Makes a house of ten screens whose slots are not made yet, in a new file.
fn house(folder: &Path, until: &str) -> PathBuf {
    let mut text = String::from(
        "[organizer]\nslug = \"kino\"\nname = \"Kino\"\ncurrency = \"EUR\"\n\
         [[venue]]\nslug = \"kino\"\nname = \"Kino\"\ntime_zone = \"Europe/Berlin\"\n",
    );
    for n in 0..SCREENS {
        let _ = write!(
            text,
            "[[venue.hall]]\nslug = \"saal-{n}\"\nname = \"Saal\"\n\
             [[venue.hall.area]]\nname = \"Parkett\"\ncapacity = 200\ncategory = \"Parkett\"\n"
        );
    }
    for n in 0..SCREENS {
        let _ = write!(
            text,
            "[[event]]\nslug = \"film-{n}\"\nkind = \"movie\"\ntitle = \"Film\"\n\
             hall = \"kino/saal-{n}\"\nstate = \"published\"\nprices = {{ \"Parkett\" = \"9.00\" }}\n\
             [[event.schedule]]\n{RULE}\nuntil = \"{until}\"\nhorizon = \"1d\"\n"
        );
    }
    let (path, season) = (folder.join("venue.db"), folder.join("season.toml"));
    std::fs::write(&season, text).expect("a season");
    let first = "2026-11-01T09:00:00Z".parse().expect("an instant");
    let options = OpenOptions::default();
    Engine::create(&path, &NewFile::default().test_clock(Some(first)), &options).expect("a file");
    let engine = Engine::open(&path, &options).expect("an open file");
    let done = engine
        .import(&Caller::local(), &[season], &ImportOptions::default(), &mut |_, _, _| {})
        .expect("an import");
    assert_eq!(done.slots, 0, "nothing is near enough");
    engine.close();
    let all = "UPDATE schedule SET rule = json_remove(rule, '$.horizon')";
    Connection::open(&path).expect("the file opens").execute_batch(all).expect("a rule");
    path
}

/// Generates all slots; how many, and how long it took.
fn generate(path: &Path) -> (u64, Duration) {
    let engine = Engine::open(path, &OpenOptions::default()).expect("an open file");
    let staff = Caller::new(Role::Organizer);
    let began = Instant::now();
    let done = engine
        .schedule_generate(&staff, &ScheduleGenerate::default(), &mut |_, _, _| {})
        .expect("slots");
    let took = began.elapsed();
    assert_eq!(done.refused, 0);
    engine.close();
    (done.added, took)
}

/// Inserts the slots of one file into another that has none, a row a statement, a schedule a transaction, as the
/// generator does.
fn insert(from: &Path, into: &Path) -> Duration {
    let source = Connection::open(from).expect("the file opens");
    let read = |sql: &str| -> Vec<Vec<Value>> {
        let mut select = source.prepare(sql).expect("a statement");
        let width = select.column_count();
        let rows = select.query_map([], |row| (0..width).map(|n| row.get(n)).collect());
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    };
    let rows = read("SELECT * FROM slot ORDER BY schedule, starts_at");
    let target = by_hand::connect(into, Duration::from_secs(5), Checkpoints::Usual);
    let marks = vec!["?"; rows[0].len()].join(", ");
    let began = Instant::now();
    for schedule in rows.chunk_by(|one, other| one[2] == other[2]) {
        target.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        let sql = format!("INSERT INTO slot VALUES ({marks})");
        let mut insert = target.prepare_cached(&sql).expect("a statement");
        for row in schedule {
            insert.execute(params_from_iter(row)).expect("a row");
        }
        drop(insert);
        target.execute_batch("COMMIT").expect("a commit");
    }
    began.elapsed()
}
