//! Work in processes of their own: this program, started again with a hidden argument.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use super::by_hand::{self, Checkpoints};
use super::callers::micros;
use super::catalog::{self, Hall};
use super::engine_side::House;
use super::rows::{self, Paper};

/// The argument that makes this program a child.
pub(crate) const CHILD: &str = "--as-child";

/// Who sells in the children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seller {
    /// An engine each.
    Engine,
    /// A connection each, with SQLite's own busy handler.
    ByHand,
}

/// The longest wait of any call, in milliseconds, of so many processes on one file.
pub(crate) fn worst_wait(folder: &Path, count: usize, span: Duration, seller: Seller) -> f64 {
    let path = folder.join("venue.db");
    catalog::make(&path, Hall::Area);
    let role = if seller == Seller::Engine { "engine" } else { "by-hand" };
    let span = span.as_millis().to_string();
    let path = path.to_str().expect("a plain path");
    let mut children: Vec<_> = (0..count).map(|_| start(&[role, path, &span])).collect();
    for child in &mut children {
        assert_eq!(child.line(), "ready");
    }
    for child in &mut children {
        child.tell("go");
    }
    let waits = children.into_iter().map(|mut child| child.figures(1)[0] / 1_000.0);
    waits.fold(0.0, f64::max)
}

/// What this program takes of memory, in MiB, after the first tenth of so many sales and after all of them.
pub(crate) fn memory(folder: &Path, sales: u32) -> [f64; 2] {
    let path = folder.join("venue.db");
    catalog::make(&path, Hall::Area);
    let mut child = start(&["memory", path.to_str().expect("a plain path"), &sales.to_string()]);
    let figures = child.figures(2);
    [figures[0], figures[1]]
}

/// A child with its pipes.
struct Talk {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

fn start(arguments: &[&str]) -> Talk {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.arg(CHILD).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("this program starts again");
    let lines = BufReader::new(child.stdout.take().expect("a pipe"));
    Talk { child, lines }
}

impl Talk {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line of a child");
        line.trim().to_owned()
    }

    fn tell(&mut self, line: &str) {
        let pipe = self.child.stdin.as_mut().expect("a pipe");
        writeln!(pipe, "{line}").expect("a child listens");
    }

    /// The figures that a child ends with.
    fn figures(&mut self, count: usize) -> Vec<f64> {
        let line = self.line();
        let figures: Vec<f64> = line.split(' ').filter_map(|part| part.parse().ok()).collect();
        assert!(self.child.wait().expect("a child ends").success(), "a child failed");
        assert_eq!(figures.len(), count, "a child said {line:?}");
        figures
    }
}

/// What a child does.
pub(crate) fn child(arguments: &[String]) {
    let [role, path, number] = arguments else { panic!("a child is told three things") };
    let (path, number): (_, u32) = (Path::new(path), number.parse().expect("a number"));
    let span = Duration::from_millis(u64::from(number));
    match role.as_str() {
        "engine" => {
            let house = House::open(path);
            sell_for(span, house.buyer());
        }
        "by-hand" => {
            let connection = by_hand::connect(path, Duration::from_mins(10), Checkpoints::Usual);
            let paper = Paper::new(rows::file_id(&connection), 0);
            sell_for(span, || by_hand::sell_one(&connection, &paper));
        }
        "memory" => sell_much(&House::open(path), number),
        other => panic!("no child does {other}"),
    }
}

/// Says that it is ready, waits for the word, sells, and says how long the longest call took.
fn sell_for(span: Duration, mut call: impl FnMut()) {
    println!("ready");
    std::io::stdin().read_line(&mut String::new()).expect("the word");
    let began = Instant::now();
    let mut worst = 0;
    while began.elapsed() < span {
        let at = Instant::now();
        call();
        worst = worst.max(micros(at.elapsed()));
    }
    println!("{worst}");
}

/// Sells with a hundred callers, and says what memory it took after a tenth of the sales and after all.
fn sell_much(house: &House, sales: u32) {
    let sell = |sales: u32| {
        let left = AtomicI64::new(i64::from(sales));
        std::thread::scope(|scope| {
            for _ in 0..100 {
                scope.spawn(|| {
                    let mut call = house.buyer();
                    while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                        call();
                    }
                });
            }
        });
    };
    let first = sales / 10;
    sell(first);
    let before = resident_mib();
    sell(sales - first);
    println!("{before} {}", resident_mib());
}

/// What this process takes of memory, in MiB.
fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the system says so");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    let kib: u32 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    f64::from(kib) / 1_024.0
}
