//! Callers in threads of their own, for a while, and what came of it.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What a round came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Round {
    /// Answers in a second.
    pub(crate) per_second: f64,
    /// 99 of 100 calls took at most this many milliseconds.
    pub(crate) p99_ms: f64,
    /// The longest call, in milliseconds.
    pub(crate) worst_ms: f64,
}

impl Round {
    /// From the durations of all calls, in microseconds.
    pub(crate) fn of(mut calls: Vec<u32>, took: Duration) -> Self {
        assert!(!calls.is_empty(), "nobody was answered in {took:?}");
        calls.sort_unstable();
        let count = f64::from(u32::try_from(calls.len()).expect("a round is short"));
        let ms = |micros: u32| f64::from(micros) / 1_000.0;
        Self {
            per_second: count / took.as_secs_f64(),
            p99_ms: ms(calls[(calls.len() * 99 / 100).min(calls.len() - 1)]),
            worst_ms: ms(calls[calls.len() - 1]),
        }
    }
}

/// Microseconds, as a call's duration is kept.
pub(crate) fn micros(span: Duration) -> u32 {
    u32::try_from(span.as_micros()).unwrap_or(u32::MAX)
}

/// Has so many callers call again and again for this long. `make` gives each its call, in its own thread.
pub(crate) fn run<C: FnMut()>(
    count: usize,
    span: Duration,
    make: impl Fn(usize) -> C + Sync,
) -> Round {
    let (ready, stop) = (Barrier::new(count + 1), AtomicBool::new(false));
    let mut all = Vec::new();
    let mut took = Duration::ZERO;
    let caller = |n: usize| {
        let mut call = make(n);
        let mut calls = Vec::with_capacity(4_096);
        ready.wait();
        while !stop.load(Ordering::Relaxed) {
            let began = Instant::now();
            call();
            calls.push(micros(began.elapsed()));
        }
        calls
    };
    let caller = &caller;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|n| scope.spawn(move || caller(n))).collect();
        ready.wait();
        let began = Instant::now();
        std::thread::sleep(span);
        stop.store(true, Ordering::Relaxed);
        for thread in threads {
            all.extend(thread.join().expect("a caller"));
        }
        took = began.elapsed();
    });
    Round::of(all, took)
}

/// Calls again and again for this long, in this thread. Each call says how many answers it was.
pub(crate) fn alone(span: Duration, mut call: impl FnMut() -> u32) -> f64 {
    let began = Instant::now();
    let mut answers = 0_u32;
    while began.elapsed() < span {
        answers += call();
    }
    f64::from(answers) / began.elapsed().as_secs_f64()
}

/// The middle one of some figures.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}
