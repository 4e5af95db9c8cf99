//! How long a large file takes. Prints; nothing is asserted about time.

use std::time::Instant;

use super::office::{Office, places};
use super::{doctor, story};
use crate::domain::caller::Caller;

/// For a large file: `VENUE_SOAK=1000000 cargo test --release -p venue-core a_large_file -- --nocapture`.
#[test]
fn a_large_file_is_checked_in_flat_memory() {
    let wanted = std::env::var("VENUE_SOAK").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let mut office = Office::new(1_000_000);
    let batch = 1_000;
    for n in 0..wanted / batch {
        let verbs = (0..batch).map(|_| story::sell(n % 2, places("Stand", 1), None)).collect();
        let answers = office.ask_all(&Caller::local(), verbs);
        assert!(answers.iter().all(Result::is_ok));
    }
    let (_folder, path) = office.close();
    let bytes = std::fs::metadata(&path).unwrap().len();
    let started = Instant::now();
    let said = doctor(&path);
    let took = started.elapsed();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("");
    assert!(said.ok, "{said:#?}");
    println!("{wanted} bookings, {} MB: {took:?}, {peak}", bytes / 1_000_000);
}
