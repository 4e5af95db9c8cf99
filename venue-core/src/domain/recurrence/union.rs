//! The dates of several rules together.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::domain::recurrence::expansion::RuleDates;
use crate::domain::recurrence::rule::Rule;
use crate::domain::zone::{LocalTime, Zone};

/// Finds the dates of all rules from `starts` on: ascending, each once, whichever rules name it. Every rule has its
/// own COUNT and UNTIL. See [`Rule::dates`].
pub fn union<'a>(rules: &'a [Rule], starts: LocalTime, zone: &Zone) -> UnionDates<'a> {
    of(rules.iter().map(|rule| rule.dates(starts, zone)).collect())
}

/// The same, without looking for a date after `last`.
pub fn union_until<'a>(
    rules: &'a [Rule],
    starts: LocalTime,
    zone: &Zone,
    last: LocalTime,
) -> UnionDates<'a> {
    of(rules.iter().map(|rule| rule.dates(starts, zone).until(last)).collect())
}

fn of(mut rest: Vec<RuleDates<'_>>) -> UnionDates<'_> {
    let firsts = rest.iter_mut().enumerate();
    let heads = firsts.filter_map(|(rule, dates)| Some(Reverse((dates.next()?, rule)))).collect();
    UnionDates { rest, heads }
}

/// The dates of several rules: see [`union`].
#[derive(Debug, Clone)]
pub struct UnionDates<'a> {
    rest: Vec<RuleDates<'a>>,
    /// The next date of each rule that has one.
    heads: BinaryHeap<Reverse<(LocalTime, usize)>>,
}

impl Iterator for UnionDates<'_> {
    type Item = LocalTime;

    fn next(&mut self) -> Option<LocalTime> {
        let first = self.heads.peek()?.0.0;
        while let Some(Reverse((date, rule))) = self.heads.peek().copied() {
            if date > first {
                break;
            }
            self.heads.pop();
            if let Some(date) = self.rest.get_mut(rule).and_then(Iterator::next) {
                self.heads.push(Reverse((date, rule)));
            }
        }
        Some(first)
    }
}
