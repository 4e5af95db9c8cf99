//! What the edge costs: the same hold called from Rust, through the typed C function, and through JSON, in one run and in
//! turn; and what 64 threads reach on each side.
//!
//! `cargo bench -p venue-ffi` runs it. From the environment come VENUE_BENCH_HOLDS of each way (4,000),
//! VENUE_BENCH_SECONDS of a round (2) and VENUE_BENCH_ROUNDS of each side (3).
//!
//! The lone holds are timed on files in memory where the machine has a file system there: a disk's sync takes a hundred
//! times what is looked for here. The 64 threads share a file on the disk.

mod sides;

use std::path::Path;
use std::str::FromStr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sides::{Json, Rust, Side, Typed};

/// Threads that call at once.
const THREADS: u32 = 64;

fn from_environment<T: FromStr>(name: &str, usual: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => usual,
    }
}

fn main() {
    // Without --bench it is a test run: whether everything still works, in no time.
    let smoke = !std::env::args().any(|argument| argument == "--bench");
    let holds = if smoke { 8 } else { from_environment("VENUE_BENCH_HOLDS", 4_000) };
    let span = if smoke { 0.05 } else { from_environment("VENUE_BENCH_SECONDS", 2.0) };
    let rounds = if smoke { 1 } else { from_environment("VENUE_BENCH_ROUNDS", 3) };
    let memory = Path::new("/dev/shm");
    let disk = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(disk).expect("the target folder");
    let near = if memory.is_dir() { memory } else { disk };
    println!("{holds} holds of each way on {}, in turn", near.display());
    lone(near, holds);
    println!(
        "{THREADS} threads on {}, {rounds} rounds of {span} s a side, in turn",
        disk.display()
    );
    crowd(disk, rounds, Duration::from_secs_f64(span));
}

/// The median of a hold of two seats by each way, in microseconds, and what C adds to Rust.
fn lone(folder: &Path, holds: usize) {
    let (rust, typed, json) = (Rust::make(folder), Typed::make(folder), Json::make(folder));
    let sides: [&dyn Side; 3] = [&rust, &typed, &json];
    let mut times: [Vec<f64>; 3] = Default::default();
    for turn in 0..holds {
        // Each way comes first, second and last equally often.
        for way in (0..3).map(|n| (n + turn) % 3) {
            let began = Instant::now();
            let held = sides[way].hold_seats();
            times[way].push(began.elapsed().as_secs_f64() * 1e6);
            sides[way].release(&held);
        }
    }
    let [rust, typed, json] = times.map(median);
    println!("hold, called from Rust              {rust:8.1} us");
    println!(
        "hold, typed C                       {typed:8.1} us  {:+6.1} us, asked: +2",
        typed - rust
    );
    println!(
        "hold, C with JSON                   {json:8.1} us  {:+6.1} us, asked: +20",
        json - rust
    );
}

/// What 64 threads reach by each way, and the share of C.
fn crowd(folder: &Path, rounds: usize, span: Duration) {
    let mut rates: [Vec<f64>; 2] = Default::default();
    for _ in 0..rounds {
        rates[0].push(rate(&Rust::make(folder), span));
        rates[1].push(rate(&Typed::make(folder), span));
    }
    let [rust, typed] = rates.map(median);
    println!("{THREADS} threads, called from Rust         {rust:8.0} holds/s");
    println!(
        "{THREADS} threads, typed C                  {typed:8.0} holds/s  {:.2}, asked: 0.90",
        typed / rust
    );
}

/// How many holds a second so many threads reach on one file.
fn rate(side: &dyn Side, span: Duration) -> f64 {
    let (ready, stop) = (Barrier::new(THREADS as usize + 1), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    ready.wait();
                    let mut holds = 0_u32;
                    while !stop.load(Ordering::Relaxed) {
                        side.hold_place();
                        holds += 1;
                    }
                    holds
                })
            })
            .collect();
        ready.wait();
        let began = Instant::now();
        std::thread::sleep(span);
        stop.store(true, Ordering::Relaxed);
        let holds: u32 = threads.into_iter().map(|thread| thread.join().expect("a caller")).sum();
        f64::from(holds) / began.elapsed().as_secs_f64()
    })
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
