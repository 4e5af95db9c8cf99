//! Measures how long processes wait for the write lock when many of them want it.
//!
//! `store_waits [PROCESSES] [SECONDS] [ours|sqlite|turn]`: each process writes short transactions as fast as it can.
//! `sqlite` waits with SQLite's own busy handler; `turn` takes a lock on a side file before it tries.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use venue_core::store::boundary::{Call, Committed, Kind, Statement, Store as _, Value};
use venue_core::store::sqlite::{Access, NewFile, create, open};

static BUMP: Statement = Statement {
    name: "bench_bump",
    sql: "UPDATE meta SET floor = floor + $1 WHERE one = 1",
    parameters: &[Kind::Int],
    columns: &[],
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |n: usize| arguments.get(n).map(String::as_str);
    if argument(0) == Some("worker") {
        let path = PathBuf::from(argument(1).expect("a path"));
        let seconds = argument(2).and_then(|it| it.parse().ok()).expect("seconds");
        work(&path, Duration::from_secs(seconds), argument(3).expect("a way"));
        return;
    }
    let processes: u32 = argument(0).and_then(|it| it.parse().ok()).unwrap_or(16);
    let seconds = argument(1).unwrap_or("5");
    let way = argument(2).unwrap_or("ours");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.db");
    let new = NewFile {
        file_id: [1; 16],
        epoch: 1,
        floor: 1,
        test_clock: true,
        group: None,
        secret: [0; 32],
    };
    create(&path, &new, &Access::default()).expect("a file");
    let program = std::env::current_exe().expect("this program");
    let workers: Vec<_> = (0..processes)
        .map(|_| {
            Command::new(&program)
                .args(["worker".as_ref(), path.as_os_str(), seconds.as_ref(), way.as_ref()])
                .stdout(std::process::Stdio::piped())
                .spawn()
                .expect("a worker")
        })
        .collect();
    let (mut done, mut worst, mut least) = (0, 0, u64::MAX);
    for worker in workers {
        let output = worker.wait_with_output().expect("a worker's words");
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut numbers = words.split_whitespace().map(|it| it.parse().unwrap_or(0_u64));
        let own = numbers.next().unwrap_or(0);
        done += own;
        least = least.min(own);
        worst = worst.max(numbers.next().unwrap_or(0));
    }
    println!(
        "{way:7} {processes} processes: {done} transactions, least {least}, worst wait {worst} us"
    );
}

fn work(path: &Path, span: Duration, way: &str) {
    let (mut done, mut worst) = (0_u64, Duration::ZERO);
    let mut note = |began: Instant| worst = worst.max(began.elapsed());
    let ends = Instant::now() + span;
    if way == "sqlite" {
        let connection = rusqlite::Connection::open(path).expect("a connection");
        connection
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 60000")
            .expect("settings");
        while Instant::now() < ends {
            let began = Instant::now();
            connection.execute_batch("BEGIN IMMEDIATE").expect("the lock");
            note(began);
            connection
                .execute_batch("UPDATE meta SET floor = floor + 1; COMMIT")
                .expect("a commit");
            done += 1;
        }
    } else {
        let mut store = open(path, &Access::default()).expect("an open file").writer;
        let turn = File::create(path.with_extension("turn")).expect("a file");
        while Instant::now() < ends {
            let began = Instant::now();
            if way == "turn" {
                turn.lock().expect("the turn");
            }
            assert!(store.begin(&mut || true).expect("the lock"));
            note(began);
            store.tx().exec(&[Call::once(&BUMP, [Value::Int(1)])]).expect("a row");
            assert_eq!(store.commit(), Committed::Done);
            if way == "turn" {
                turn.unlock().expect("the turn");
            }
            store.maintain();
            done += 1;
        }
    }
    println!("{done} {}", worst.as_micros());
}
