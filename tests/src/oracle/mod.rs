//! The oracle: whether what callers were told can be true of what the file says. Every rig that sells hands it the
//! history of its calls, what was read meanwhile, and the file in the end.
//!
//! | rule | says |
//! |---|---|
//! | 1 | in every snapshot capacity = sold + held + house + killed + free; a unit has at most one live owner |
//! | 2 | what was answered as done is there as it was answered, unless a later change explains what it is now |
//! | 3 | whatever is there was answered as done, or as unknown; never as failed or refused |
//! | 4 | money adds up, and there is a ticket for each unit that was sold |
//! | 5 | one key gives the same bytes whenever it is used again, and has one effect |
//! | 6 | the feed is dense and in commit order; the newest change of a booking is its row |
//! | 7 | a hold ends once, never before its instant when time ends it, never after it otherwise |
//! | 8 | what was answered before another call began is ordered before it, and seen by it |
//!
//! Rule 9 (the limiter never passes more than its burst and rate) and rule 10 (no success with a revoked token) have
//! no verb yet, so there is nothing that they could be checked on. What needs the file alone is doctor's: the oracle
//! asks it. A run is shorter than the life of a key.

mod answers;
mod called_off;
mod evidence;
mod feed;
mod history;
mod holds;
mod keys;
mod money;
mod order;
mod owners;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use evidence::{Evidence, Seen, Snapshot, feed};
pub use history::{Asked, Historian, Outcome, Record, now};

/// A rule of the oracle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The file by itself is sound.
    Doctor,
    /// 1.
    Units,
    /// 2.
    Answered,
    /// 3.
    Explained,
    /// 4.
    Money,
    /// 5.
    Keys,
    /// 6.
    Feed,
    /// 7.
    Holds,
    /// 8.
    Order,
}

impl Rule {
    /// The promise that is broken where the rule does not hold.
    pub const fn promise(self) -> &'static str {
        match self {
            Self::Doctor => "the file is sound",
            Self::Units => "a unit has at most one owner, and figures add up",
            Self::Answered => "what was answered is there",
            Self::Explained => "what is there was answered",
            Self::Money => "money adds up",
            Self::Keys => "one key, one effect, the same bytes",
            Self::Feed => "the feed is the story of the rows",
            Self::Holds => "a hold ends once, at its time",
            Self::Order => "what came before is ordered before",
        }
    }
}

/// A lie: the rule that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lie {
    /// Which rule.
    pub rule: Rule,
    /// What contradicts what.
    pub words: String,
}

/// The lies found so far.
#[derive(Debug, Default)]
struct Lies(Vec<Lie>);

impl Lies {
    fn expect(&mut self, holds: bool, rule: Rule, words: impl FnOnce() -> String) {
        if !holds {
            self.0.push(Lie { rule, words: words() });
        }
    }
}

/// Checks the evidence against every rule.
pub fn lies(evidence: &Evidence) -> Vec<Lie> {
    let mut lies = Lies::default();
    for found in &evidence.doctor {
        lies.expect(false, Rule::Doctor, || found.clone());
    }
    owners::check(evidence, &mut lies);
    let effects = answers::check(evidence, &mut lies);
    money::check(evidence, &mut lies);
    keys::check(evidence, &mut lies);
    feed::check(evidence, &mut lies);
    holds::check(evidence, &mut lies);
    order::check(evidence, &effects, &mut lies);
    lies.0
}

/// Asserts that no rule is broken.
///
/// # Panics
/// With the promises that are broken, and the first lies of each.
pub fn assert_no_lies(evidence: &Evidence) {
    let mut by_rule: BTreeMap<Rule, Vec<String>> = BTreeMap::new();
    for lie in lies(evidence) {
        by_rule.entry(lie.rule).or_default().push(lie.words);
    }
    let broken: Vec<String> = by_rule
        .iter()
        .map(|(rule, words)| {
            let first: Vec<&str> = words.iter().take(5).map(String::as_str).collect();
            format!("broken: {} ({} times)\n  {}", rule.promise(), words.len(), first.join("\n  "))
        })
        .collect();
    assert!(broken.is_empty(), "the oracle finds lies\n{}", broken.join("\n"));
}
