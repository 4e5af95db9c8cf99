//! Any text as a schedule, a key and its value a line: an error that names its key, or slots that ascend, are known by
//! one name each, and are the same when asked for again, all at once or the first of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use venue_core::domain::dates::{Dates, View, dates_in};
use venue_core::domain::hours::{DatedHours, WeeklyHours};
use venue_core::domain::instant::{Instant, Span};
use venue_core::domain::schedule::ScheduleSpec;
use venue_core::domain::zone::Zone;

/// The most slots that are looked at: enough to meet every rule of cutting.
const MOST: usize = 2_000;

fn reads_again<T: std::str::FromStr + std::fmt::Display + PartialEq>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert!(value.to_string().parse::<T>().is_ok_and(|again| again == value), "{text}");
    }
}

/// A schedule and its zone; keys that do not parse are left out.
fn read(text: &str) -> (ScheduleSpec, Zone, Span) {
    let mut spec = ScheduleSpec::default();
    let mut zone = "Europe/Berlin".parse().expect("a zone");
    let mut duration = Span::from_hours(1);
    for line in text.lines().take(40) {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        match key {
            "zone" => zone = value.parse().unwrap_or(zone),
            "duration" => duration = value.parse().unwrap_or(duration),
            "starts" => spec.starts = value.parse().ok(),
            "rrule" => spec.rrule.push(value.to_owned()),
            "rdate" => spec.rdate.extend(value.parse()),
            "exdate" => spec.exdate.extend(value.parse()),
            "gap" => spec.gap = value.parse().unwrap_or_default(),
            "open" => spec.open.push(value.to_owned()),
            "override" => spec.overrides.push(value.to_owned()),
            "from" => spec.from = value.parse().ok(),
            "until" => spec.until = value.parse().ok(),
            "length" => spec.length = value.parse().ok(),
            "step" => spec.step = value.parse().ok(),
            "break" => spec.pause = value.parse().ok(),
            "align" => spec.align = value.parse().ok(),
            "overlap" => spec.overlap = true,
            _ => {
                reads_again::<WeeklyHours>(line);
                reads_again::<DatedHours>(line);
            }
        }
    }
    (spec, zone, duration)
}

fn check(found: &Dates) {
    let mut names: Vec<&str> = found.slots.iter().map(|slot| slot.rule_local.as_str()).collect();
    assert!(found.slots.windows(2).all(|two| two[0].starts_at < two[1].starts_at));
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two slots are known by one name");
}

fuzz_target!(|text: &str| {
    let (spec, zone, duration) = read(text);
    if let Err(wrong) = spec.check(Some(duration)) {
        assert!(!wrong.message.is_empty() && !wrong.key.is_empty());
        return;
    }
    // From the year after the first that can be named: before it, the wall of the west has no instants.
    let first: Instant = "1971-01-01T00:00:00Z".parse().expect("an instant");
    let view = View { first: Some(first), last: None, most: MOST };
    let found = dates_in(&spec, duration, &zone, view).expect("it was checked");
    assert!(found.slots.len() <= MOST);
    check(&found);
    let few = dates_in(&spec, duration, &zone, View { most: 7, ..view }).expect("it was checked");
    assert_eq!(few.slots[..], found.slots[..found.slots.len().min(7)]);
    assert!(
        few.next.is_some()
            == (found.slots.len() > 7 || found.next.is_some() && few.slots.len() == 7)
    );
    // Seen from the middle, the rest is the same.
    if let (Some(middle), None) = (found.slots.get(found.slots.len() / 2), &found.next) {
        let later = View { first: Some(middle.starts_at), ..view };
        let rest = dates_in(&spec, duration, &zone, later).expect("it was checked");
        assert_eq!(rest.slots[..], found.slots[found.slots.len() / 2..]);
    }
});
