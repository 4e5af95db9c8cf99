//! Small measurements: nothing is sold twice, nothing is left behind, and the object is the contract's.

use std::path::Path;
use std::time::Duration;

use venue_core::domain::bench_done::BenchVerb;
use venue_core::engine::{Clock, SystemClock};

use super::{Options, run};

fn small(folder: &Path) -> Options {
    let mut options = Options::new(folder.join("venue.db"));
    (options.callers, options.json, options.quiet) = (6, true, true);
    options.lasts = Duration::from_millis(200);
    options
}

/// What was answered, as its object's data, and whether all was sound.
fn figures(options: &Options) -> (serde_json::Value, bool) {
    let (mut out, mut talk) = (vec![], vec![]);
    let sound = run(options, &mut out, &mut talk).unwrap();
    assert!(talk.is_empty());
    let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(line["type"], "bench");
    (line["data"].clone(), sound)
}

#[test]
fn the_last_places_are_sold_once() {
    let folder = tempfile::tempdir().unwrap();
    for verb in [BenchVerb::Sell, BenchVerb::HoldConfirm] {
        let mut options = small(folder.path());
        (options.verb, options.capacity, options.slots) = (verb, Some(7), 2);
        let (data, sound) = figures(&options);
        assert!(sound, "{data}");
        assert_eq!(
            (&data["offered"], &data["sold"], &data["oversold"]),
            (&14.into(), &12.into(), &0.into())
        );
        assert!(data["refused"].as_u64().unwrap() > 0, "{data}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_a_killed_bench_left_goes_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "").unwrap();
        path
    };
    let old = 1_700_000_000_000_000_u64;
    let young = SystemClock.wall().micros();
    let left = ["77.db", "77.db-lock", "77.db-wal", "77.toml", "80.db-lock", "81.toml"].map(|of| {
        let (process, ending) = of.split_once('.').unwrap();
        file(&format!("venue-bench-{process}-{old:x}.{ending}"))
    });
    let still_open = file(&format!("venue-bench-78-{old:x}.db"));
    let lock = std::fs::File::open(file(&format!("venue-bench-78-{old:x}.db-lock"))).unwrap();
    lock.lock_shared().unwrap();
    let being_made = file(&format!("venue-bench-79-{young:x}.db"));
    let others = ["venue-bench-mine.db", "venue.db", "venue-bench-7-zz.db"].map(file);
    assert!(figures(&small(folder.path())).1);
    assert!(left.iter().all(|path| !path.exists()));
    assert!(still_open.exists() && being_made.exists());
    assert!(others.iter().all(|path| path.exists()));
}

#[test]
fn the_object_has_what_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    let (data, sound) = figures(&small(folder.path()));
    assert!(sound);
    let mut names: Vec<&str> = data.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = [
        "verb",
        "callers",
        "processes",
        "quantity",
        "slots",
        "offered",
        "sold",
        "refused",
        "oversold",
        "seconds",
        "per_second",
        "p50_us",
        "p95_us",
        "p99_us",
        "max_us",
        "synchronous",
        "fdatasync_us",
    ];
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted);
    assert_eq!((&data["verb"], &data["synchronous"]), (&"sell".into(), &"full".into()));
    assert_eq!(data["sold"].as_u64().unwrap() % 2, 0);
}

#[test]
fn people_get_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = small(folder.path());
    (options.json, options.quiet) = (false, false);
    let (mut out, mut talk) = (vec![], vec![]);
    assert!(run(&options, &mut out, &mut talk).unwrap());
    let (out, talk) = (String::from_utf8(out).unwrap(), String::from_utf8(talk).unwrap());
    assert!(out.contains("oversold   0\n") && out.contains("doctor     sound"), "{out}");
    assert!(talk.starts_with("measuring for 0.2 s"), "{talk}");
}

#[test]
fn numbers_out_of_range_are_invalid() {
    type Spoil = fn(&mut Options);
    let folder = tempfile::tempdir().unwrap();
    let wrong: [(&str, Spoil); 7] = [
        ("callers", |o| o.callers = 0),
        ("processes", |o| o.processes = 7),
        ("quantity", |o| o.quantity = 101),
        ("slots", |o| o.slots = 1_001),
        ("capacity", |o| o.capacity = Some(1_000_001)),
        ("seconds", |o| o.lasts = Duration::ZERO),
        ("capacity", |o| o.capacity = Some(0)),
    ];
    for (name, spoil) in wrong {
        let mut options = small(folder.path());
        spoil(&mut options);
        let error = run(&options, &mut vec![], &mut vec![]).unwrap_err();
        assert!(error.code() == "argument" && error.to_string().starts_with(name), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
