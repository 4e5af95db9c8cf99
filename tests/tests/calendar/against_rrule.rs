//! Our rules against the `rrule` crate in UTC, where wall time and instant are one: what it is known to do wrong at
//! clock changes plays no part.
//!
//! Not compared, because there the crate differs from RFC 5545: BYDAY with numbers beside days without (it takes both
//! as conditions, RFC 5545 as a union); BYSETPOS with WEEKLY (it counts the first week from `starts` on, RFC 5545 counts
//! the whole week); a rule whose UNTIL lies before `starts` (it is an error there, no dates here).

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rrule::RRuleSet;
use venue_core::domain::recurrence::Rule;
use venue_core::domain::zone::{LocalTime, Zone};
use venue_tests::dice::number;

const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn joined<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Weekdays, all with a number or all without.
fn by_day(numbered: bool) -> BoxedStrategy<String> {
    let days = subsequence(&DAYS[..], 1..4);
    if numbered {
        let number = prop_oneof![1..=4_i32, -4..=-1_i32];
        (days, number)
            .prop_map(|(days, n)| {
                let days: Vec<String> = days.iter().map(|day| format!("{n}{day}")).collect();
                joined(&days)
            })
            .boxed()
    } else {
        days.prop_map(|days| joined(&days)).boxed()
    }
}

fn rule() -> impl Strategy<Value = String> {
    let frequency = select(&["YEARLY", "MONTHLY", "WEEKLY", "DAILY"][..]);
    (frequency, any::<[bool; 5]>()).prop_flat_map(|(frequency, with)| {
        let numbers = with[0] && matches!(frequency, "YEARLY" | "MONTHLY");
        let month_days = prop::collection::vec(prop_oneof![1..=31_i32, -31..=-1_i32], 1..4);
        let months = subsequence((1..=12_u32).collect::<Vec<_>>(), 1..5);
        let positions = prop::collection::vec(prop_oneof![1..=4_i32, -4..=-1_i32], 1..3);
        let interval = 1..=6_u32;
        let end =
            prop_oneof![(1..=30_u32).prop_map(|n| format!(";COUNT={n}")), Just(String::new())];
        (by_day(numbers), month_days, months, positions, (interval, end, select(&DAYS[..])))
            .prop_map(move |(days, month_days, months, positions, (interval, end, week_start))| {
                let mut text =
                    format!("FREQ={frequency};INTERVAL={interval};WKST={week_start}{end}");
                let mut any = false;
                let mut add = |wanted: bool, part: String| {
                    if wanted {
                        text.push_str(&part);
                        any = true;
                    }
                };
                add(with[1], format!(";BYDAY={days}"));
                add(
                    with[2] && frequency != "WEEKLY",
                    format!(";BYMONTHDAY={}", joined(&month_days)),
                );
                add(with[3], format!(";BYMONTH={}", joined(&months)));
                if with[4] && any && frequency != "WEEKLY" {
                    text.push_str(";BYSETPOS=");
                    text.push_str(&joined(&positions));
                }
                text
            })
    })
}

/// `VENUE_RULES` says how many rules.
fn cases() -> u32 {
    u32::try_from(number("VENUE_RULES", 400)).expect("fewer rules")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn both_give_the_same_dates(text in rule(), day in 0..20_000_u64, hour in 0..24_u32) {
        let first = chrono::NaiveDate::from_ymd_opt(1998, 1, 1).expect("a date") + chrono::Days::new(day);
        let starts = first.and_hms_opt(hour, 30, 0).expect("a time");
        let ours: Rule = text.parse().map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let zone: Zone = "UTC".parse().expect("a zone");
        let wall: LocalTime = starts.format("%Y-%m-%dT%H:%M:%S").to_string().parse().expect("a time");
        let ours: Vec<String> = ours.dates(wall, &zone).take(40).map(|date| date.to_string()).collect();
        // Where there is nothing to find the crate searches for minutes.
        prop_assume!(!ours.is_empty());
        let theirs = format!("DTSTART:{}Z\nRRULE:{text}", starts.format("%Y%m%dT%H%M%S"));
        let theirs: RRuleSet = theirs.parse().map_err(|error| {
            TestCaseError::fail(format!("{text}: {error}"))
        })?;
        // A rule with COUNT must not have more dates either; the others are asked for as many as ours.
        let counted = text.contains("COUNT");
        let most = u16::try_from(ours.len()).expect("at most 40") + u16::from(counted && ours.len() < 40);
        let theirs: Vec<String> = theirs
            .all(most)
            .dates
            .into_iter()
            .map(|date| date.naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string())
            .filter(|date| date.as_str() < "2200")
            .collect();
        prop_assert_eq!(ours, theirs, "{} from {}", text, starts);
    }
}
