//! Any text as a recurrence rule: an error that names a part, or dates that ascend and end by themselves. The first
//! line may be where the rule starts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::domain::recurrence::{Rule, union};
use venue_core::domain::zone::{LocalTime, Zone};

/// The days from 1970 to 2199: no rule has more dates.
const DAYS: usize = 84_006;

fuzz_target!(|text: &str| {
    let (starts, text) = text.split_once('\n').unwrap_or(("", text));
    let starts: LocalTime = starts.parse().unwrap_or(LocalTime::FIRST);
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let mut rules = Vec::new();
    for line in text.lines().take(8) {
        match line.parse::<Rule>() {
            Ok(rule) => rules.push(rule),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    for rule in &rules {
        let mut last = None;
        let mut count = 0;
        for date in rule.dates(starts, &zone) {
            assert!(date >= starts && last.is_none_or(|last| date > last), "{date}");
            assert_eq!(date.to_chrono().time(), starts.to_chrono().time());
            last = Some(date);
            count += 1;
        }
        assert!(count <= DAYS && last.is_none_or(|last| last.to_string().as_str() < "2200"));
    }
    let together: Vec<LocalTime> = union(&rules, starts, &zone).take(1_000).collect();
    assert!(together.is_sorted_by(|a, b| a < b));
});
