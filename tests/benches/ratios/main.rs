//! Measures the engine against peers that are written by hand, in one run, and prints ratios of medians.
//!
//! `cargo bench -p venue-tests` runs all; names among the arguments select, as in `-- hot_slot p99`; `--json`
//! prints a line of JSON for each row. From the environment come VENUE_BENCH_SECONDS of a round (2),
//! VENUE_BENCH_ROUNDS of each side (3), VENUE_BENCH_BOOKINGS of the full file, VENUE_BENCH_EVENTS of the
//! large catalogue (100,000) and VENUE_BENCH_SALES for watching
//! memory (1,000,000 both), and VENUE_BIN, the program for one-shot commands.
//!
//! The absolute figures say how fast the machine's disk is. The ratios say something about the engine: both
//! sides sell in turn, write the same rows, and sync each commit.

mod by_hand;
mod callers;
mod catalog;
mod disk;
mod engine_side;
mod generating;
mod lists;
mod measure;
mod processes;
mod report;
mod rows;
mod seats;
mod server;

use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use measure::{Bench, GROUPS};
use report::Line;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = &arguments[..]
        && first == processes::CHILD
    {
        processes::child(rest);
        return ExitCode::SUCCESS;
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    // Without --bench it is a test run: whether everything still works, in no time.
    let smoke = !has("--bench") || has("--test");
    let names: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|name| !name.starts_with("--")).collect();
    let all: Vec<&str> = GROUPS.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    if let Some(unknown) = names.iter().find(|name| !all.contains(name))
        && !smoke
    {
        eprintln!("{unknown} is not measured; there are: {}", all.join(" "));
        return ExitCode::from(2);
    }
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(temporary).expect("the target folder");
    let folder = tempfile::Builder::new()
        .prefix("ratios-")
        .tempdir_in(temporary)
        .expect("a folder in the target folder");
    run(&settings(folder.path(), smoke), &names, smoke, has("--json"));
    ExitCode::SUCCESS
}

fn settings(folder: &Path, smoke: bool) -> Bench {
    let release = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().map(|it| it.join("release"));
    let program = std::env::var_os("VENUE_BIN").map(Into::into);
    let program = program.or_else(|| release.map(|it| it.join("venue"))).unwrap_or_default();
    let size = |large, small| if smoke { small } else { large };
    Bench {
        span: Duration::from_secs_f64(if smoke {
            0.05
        } else {
            from_environment("VENUE_BENCH_SECONDS", 2.0)
        }),
        rounds: if smoke { 1 } else { from_environment("VENUE_BENCH_ROUNDS", 3) },
        callers: size(100, 4),
        many: size(400, 8),
        processes: size(16, 2),
        seats: size(80_000, 2_000),
        bookings: if smoke { 2_000 } else { from_environment("VENUE_BENCH_BOOKINGS", 1_000_000) },
        events: if smoke { 6_000 } else { from_environment("VENUE_BENCH_EVENTS", 100_000) },
        sales: if smoke { 2_000 } else { from_environment("VENUE_BENCH_SALES", 1_000_000) },
        folder: folder.to_owned(),
        program,
        full: OnceLock::new(),
    }
}

fn from_environment<T: FromStr>(name: &str, usual: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => usual,
    }
}

fn run(bench: &Bench, names: &[&str], smoke: bool, json: bool) {
    let sync_us = disk::fdatasync_us(&bench.folder);
    let on = disk::file_system(&bench.folder);
    let real = if disk::is_real(&on) { "" } else { " (NOT A DISK: the ratios say nothing)" };
    let head = format!(
        "files on {on}{real}, fdatasync {sync_us:.0} us, synchronous=FULL; {} rounds of {:?} a side; \
         the full file has {} bookings, memory is watched over {} sales",
        bench.rounds, bench.span, bench.bookings, bench.sales
    );
    if json {
        eprintln!("{head}");
    } else {
        println!("{head}");
        report::print_head();
    }
    for (group, measure) in GROUPS {
        let chosen = |name: &str| names.is_empty() || names.contains(&name);
        // A server takes longer to start than all the rest.
        let slow = smoke && group.contains(&"postgres");
        if slow || !group.iter().any(|name| chosen(name)) {
            continue;
        }
        for line in measure(bench) {
            let (Line::Measured(report::Row { name, .. }) | Line::Skipped(name, _)) = &line;
            if !chosen(name) {
                continue;
            }
            if json {
                println!("{}", line.json(sync_us));
            } else {
                println!("{line}");
            }
        }
    }
    if !json {
        println!("fdatasync afterwards: {:.0} us", disk::fdatasync_us(&bench.folder));
    }
}
