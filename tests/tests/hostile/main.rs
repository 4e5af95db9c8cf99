//! Hostile files: whatever stands in the bytes, opening, doctor, queries and sales answer with an error or with right
//! data. They never panic, never hang, and doctor never says ok over other rows.
//!
//! `VENUE_DAMAGES` says how many files are damaged, each by its own seed from `VENUE_SEED` on: one is repeated with
//! `VENUE_DAMAGES=1`. Children do it, so that a crash or a hang ends one of them, and the parent knows at which seed.

mod base;
mod bytes;
mod contradictions;
mod index;
mod judge;
mod known;
mod rows;
mod sql;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use judge::{Judge, Verdict};
use venue_core::canary::Canary;
use venue_tests::canaries::assert_found;
use venue_tests::children::{Player, hear, part, say};
use venue_tests::dice::{Dice, number};
use venue_tests::panics;

/// Children at once.
const CHILDREN: u64 = 2;
/// No file takes nearly so long: a child that does not get on hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// Not a test of its own: what a child does when this binary is started again.
#[test]
fn child() {
    if part().is_some() {
        damage_what_is_asked();
    }
}

/// Damages and judges the seeds that the parent names, and says each before it begins and what became of it.
fn damage_what_is_asked() {
    let judge = Judge::new();
    // Only here: in the parent the words of a panic are for whoever runs the tests.
    panics::watch(|_| true);
    let (tick, ticks) = mpsc::channel::<u64>();
    std::thread::spawn(move || watchdog(&ticks));
    while let Some(seed) = hear() {
        let seed: u64 = seed.parse().expect("a seed");
        tick.send(seed).expect("a watchdog");
        say(&format!("at {seed}"));
        let (kind, verdict) = one(&judge, seed);
        let columns = match &verdict {
            Verdict::Unprotected(columns) => columns.join(","),
            Verdict::Wrong(words) => words.replace('\n', " "),
            _ => "-".to_owned(),
        };
        let name = match verdict {
            Verdict::Told => "told",
            Verdict::ToldAndRefused => "told and refused",
            Verdict::ToldAndStopped => "told and stopped",
            Verdict::Harmless => "harmless",
            Verdict::Earlier => "earlier",
            Verdict::Unprotected(_) => "unprotected",
            Verdict::Wrong(_) => "wrong",
        };
        say(&format!("{name}|{kind}|{columns}"));
    }
}

/// Ends the process if it does not get on: the parent knows where it was.
fn watchdog(ticks: &mpsc::Receiver<u64>) {
    let mut seed = 0;
    loop {
        match ticks.recv_timeout(PATIENCE) {
            Ok(next) => seed = next,
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                say(&format!("hangs at {seed}"));
                std::process::abort();
            }
        }
    }
}

/// Damages one file, by its seed, and judges it.
fn one(judge: &Judge, seed: u64) -> (&'static str, Verdict) {
    let mut dice = Dice::new(seed);
    let base = judge.base();
    let count = bytes::DAMAGES.len() + bytes::LOG_DAMAGES.len() + sql::DAMAGES.len();
    let nth = usize::try_from(seed % u64::try_from(count).expect("few")).expect("few");
    let after_bytes = nth.checked_sub(bytes::DAMAGES.len());
    let after_logs = after_bytes.and_then(|nth| nth.checked_sub(bytes::LOG_DAMAGES.len()));
    match (after_bytes, after_logs) {
        (None, _) => {
            let (kind, damage) = bytes::DAMAGES[nth];
            let mut image = if dice.percent(20) { &base.left } else { &base.closed }.clone();
            damage(&mut dice, base, &mut image);
            (kind, judge.judge(&judge.put(&image), &image.states))
        }
        (Some(nth), None) => {
            let (kind, damage) = bytes::LOG_DAMAGES[nth];
            let mut image = base.left.clone();
            damage(&mut dice, base, &mut image);
            let (other, closed) = (base.other.states.iter(), base.closed.states.iter());
            image.states = other.chain(closed).chain(&base.left.states).cloned().collect();
            (kind, judge.judge(&judge.put(&image), &image.states))
        }
        (Some(_), Some(nth)) => {
            let (kind, damage) = sql::DAMAGES[nth];
            let path = judge.put(&base.closed);
            // A damage that SQLite itself refuses leaves the file as it is, or half damaged: both are judged.
            let _ = damage(&mut dice, &path);
            (kind, judge.judge(&path, &base.closed.states))
        }
    }
}

/// What became of the files, by verdict and kind.
#[derive(Debug, Default)]
struct Told {
    verdicts: BTreeMap<String, u64>,
    columns: BTreeMap<String, u64>,
    wrong: Vec<String>,
}

impl Told {
    fn note(&mut self, seed: u64, line: &str) {
        let mut parts = line.splitn(3, '|');
        let [verdict, kind, words] = [(); 3].map(|()| parts.next().unwrap_or(""));
        *self.verdicts.entry(verdict.to_owned()).or_default() += 1;
        match verdict {
            "unprotected" => {
                for column in words.split(',') {
                    *self.columns.entry(column.to_owned()).or_default() += 1;
                }
            }
            "told" | "told and refused" | "told and stopped" | "harmless" | "earlier" => {}
            _ => self.broken(seed, &format!("{kind}: {words}")),
        }
    }

    /// Says it at once: a long run may be cut off before its end.
    fn broken(&mut self, seed: u64, words: &str) {
        let words = format!("VENUE_SEED={seed} VENUE_DAMAGES=1: {words}");
        println!("hostile: broken: {words}");
        self.wrong.push(words);
    }

    fn add(&mut self, other: Self) {
        for (verdict, count) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += count;
        }
        for (column, count) in other.columns {
            *self.columns.entry(column).or_default() += count;
        }
        self.wrong.extend(other.wrong);
    }
}

/// How many files were judged, by all children, of how many.
#[derive(Debug)]
struct Progress {
    judged: AtomicU64,
    of: u64,
}

impl Progress {
    fn add_one(&self) {
        let judged = self.judged.fetch_add(1, Ordering::Relaxed) + 1;
        if judged.is_multiple_of(500) {
            println!("hostile: {judged} of {} files", self.of);
        }
    }
}

/// Has one child judge a row of seeds, and notes what it says.
fn judge_by_child(seeds: std::ops::Range<u64>, told: &mut Told, progress: &Progress) {
    let mut child = Player::start("damages", std::path::Path::new("nowhere"));
    for seed in seeds {
        child.tell(&seed.to_string());
        let at = child.next_line();
        let line = at.and_then(|_| child.next_line()).filter(|line| !line.starts_with("hangs"));
        let Some(line) = line else {
            told.broken(seed, "it crashed or hung");
            let _ = child.kill();
            return;
        };
        told.note(seed, &line);
        progress.add_one();
    }
    assert_eq!(child.end(), Vec::<String>::new());
}

#[test]
fn a_damaged_file_gives_an_error_or_right_data() {
    // The same files each time: a column that nothing protects is found by looking long, not by chance in a gate.
    let (damages, first) = (number("VENUE_DAMAGES", 126), number("VENUE_SEED", 1));
    println!("hostile: VENUE_SEED={first}");
    let share = damages.div_ceil(CHILDREN);
    let told = std::sync::Mutex::new(Told::default());
    let progress = Progress { judged: AtomicU64::new(0), of: damages };
    std::thread::scope(|scope| {
        for nth in 0..CHILDREN {
            let (told, progress) = (&told, &progress);
            scope.spawn(move || {
                let (from, to) = (nth * share, ((nth + 1) * share).min(damages));
                let mut mine = Told::default();
                judge_by_child(first + from..first + to, &mut mine, progress);
                told.lock().expect("a total").add(mine);
            });
        }
    });
    let told = told.into_inner().expect("a total");
    println!("hostile: {damages} files: {:?}", told.verdicts);
    println!("hostile: what no check protects was hit: {:?}", told.columns);
    assert!(told.wrong.is_empty(), "{} broken:\n{}", told.wrong.len(), told.wrong.join("\n"));
}

#[test]
fn a_doctor_that_looks_away_is_found() {
    for (canary, promise) in [
        (Canary::ChainUnchecked, "a false ok"),
        (Canary::IntegrityUnchecked, "a false ok"),
        (Canary::NullsUnchecked, "panicked"),
    ] {
        let size = [("VENUE_DAMAGES", "84"), ("VENUE_SEED", "4200")];
        assert_found(canary, "a_damaged_file_gives_an_error_or_right_data", &size, promise);
    }
}
