//! The checks by name, and what they have found so far.

use crate::domain::diagnosis::{Check, MOST_FOUND};
use crate::store::boundary::{StoreError, StoreFailure};

/// A check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// SQLite finds its own pages, indexes and constraints in order.
    SqliteIntegrity,
    /// Every row has the rows that it names.
    ForeignKeys,
    /// The file has our tables and indexes, and nothing else.
    Schema,
    /// The log belongs to the file.
    CopiedWithoutWal,
    /// The file's own row agrees with the others.
    Meta,
    /// Halls, plans, prices and slots fit each other.
    Catalogue,
    /// The feed is dense, in order, chained, and every change reads.
    Feed,
    /// The feed and the bookings tell the same story, and every step of it was allowed.
    Replay,
    /// Bookings and lines agree with each other and add up.
    Bookings,
    /// One ticket a unit of what was confirmed.
    Tickets,
    /// Payments belong to bookings and are what was paid.
    Payments,
    /// Live lines have exactly their units, and each unit at most one owner.
    Units,
    /// House holds and kills are what the feed says.
    Withheld,
    /// Counters are the sums of what they count, within capacity.
    Counters,
    /// Slots know their holds, and when the next one ends.
    Holds,
    /// Cancelled slots have no live bookings once their jobs are done, and jobs are what the feed says.
    Jobs,
    /// Stored answers read, and lead to changes.
    Keys,
    /// Events are found by the words that they have, and by no others.
    Search,
    /// Slots start when their wall times do by the zone data of this program. It is not the file that is wrong
    /// where they do not: the world's rules changed, and this is a note.
    ZoneData,
}

impl Promise {
    /// All of them, in the order of the answer.
    const ALL: [Self; 19] = [
        Self::SqliteIntegrity,
        Self::ForeignKeys,
        Self::Schema,
        Self::CopiedWithoutWal,
        Self::Meta,
        Self::Catalogue,
        Self::Feed,
        Self::Replay,
        Self::Bookings,
        Self::Tickets,
        Self::Payments,
        Self::Units,
        Self::Withheld,
        Self::Counters,
        Self::Holds,
        Self::Jobs,
        Self::Keys,
        Self::Search,
        Self::ZoneData,
    ];

    /// The stable name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SqliteIntegrity => "sqlite_integrity",
            Self::ForeignKeys => "foreign_keys",
            Self::Schema => "schema",
            Self::CopiedWithoutWal => "copied_without_wal",
            Self::Meta => "meta",
            Self::Catalogue => "catalogue",
            Self::Feed => "feed",
            Self::Replay => "replay",
            Self::Bookings => "bookings",
            Self::Tickets => "tickets",
            Self::Payments => "payments",
            Self::Units => "units",
            Self::Withheld => "withheld",
            Self::Counters => "counters",
            Self::Holds => "holds",
            Self::Jobs => "jobs",
            Self::Keys => "keys",
            Self::Search => "search",
            Self::ZoneData => "zone_data",
        }
    }
}

/// What was found.
#[derive(Debug)]
pub(super) struct Findings {
    found: [(Vec<String>, u64); Promise::ALL.len()],
    notes: [(Vec<String>, u64); Promise::ALL.len()],
}

impl Findings {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let none = || std::array::from_fn(|_| (Vec::new(), 0));
        Self { found: none(), notes: none() }
    }

    /// Adds a finding. Its words are made only while there is room for them.
    pub(super) fn add(&mut self, promise: Promise, words: impl FnOnce() -> String) {
        add_to(&mut self.found[promise as usize], words);
    }

    /// Adds what is worth knowing and nothing wrong with the file: the check stays ok.
    pub(super) fn note(&mut self, promise: Promise, words: impl FnOnce() -> String) {
        add_to(&mut self.notes[promise as usize], words);
    }

    /// Adds a finding unless `holds`.
    pub(super) fn expect(&mut self, holds: bool, promise: Promise, words: impl FnOnce() -> String) {
        if !holds {
            self.add(promise, words);
        }
    }

    /// What a part of the work came to. Where the file itself keeps it from ending that is a finding of its
    /// checks; where the machine does it is an error.
    pub(super) fn settle<T>(
        &mut self,
        promises: &[Promise],
        outcome: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let error = match outcome {
            Ok(value) => return Ok(Some(value)),
            Err(error) => error,
        };
        match error.failure {
            StoreFailure::Corrupt | StoreFailure::Constraint | StoreFailure::Other => {
                for promise in promises {
                    self.add(*promise, || format!("could not be finished: {error}"));
                }
                Ok(None)
            }
            StoreFailure::Full
            | StoreFailure::Io
            | StoreFailure::Memory
            | StoreFailure::Locked
            | StoreFailure::ReadOnly
            | StoreFailure::Moved
            | StoreFailure::NoFile
            | StoreFailure::Foreign
            | StoreFailure::NewerSchema
            | StoreFailure::NetworkFs
            | StoreFailure::TargetExists
            | StoreFailure::InUse
            | StoreFailure::Forked
            | StoreFailure::BadPath => Err(error),
        }
    }

    /// The checks as the answer has them.
    pub(super) fn checks(self) -> Vec<Check> {
        let named = Promise::ALL.into_iter().zip(self.found).zip(self.notes);
        named
            .map(|((promise, found), notes)| {
                let ok = found.0.is_empty();
                let told = [found, notes].into_iter().flat_map(|(mut told, more)| {
                    if more > 0 {
                        told.push(format!("and {more} more"));
                    }
                    told
                });
                Check { name: promise.name().to_owned(), ok, found: told.collect() }
            })
            .collect()
    }
}

fn add_to((told, more): &mut (Vec<String>, u64), words: impl FnOnce() -> String) {
    if told.len() < MOST_FOUND {
        told.push(words());
    } else {
        *more += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_own_place() {
        for (place, promise) in Promise::ALL.into_iter().enumerate() {
            assert_eq!(promise as usize, place);
        }
    }

    #[test]
    fn findings_are_bounded_and_counted() {
        let mut findings = Findings::new();
        (0..50).for_each(|n| findings.add(Promise::Units, || n.to_string()));
        let checks = findings.checks();
        let units = checks.iter().find(|check| check.name == "units").unwrap();
        assert_eq!((units.ok, units.found.len()), (false, MOST_FOUND + 1));
        assert_eq!(units.found.last().unwrap(), "and 30 more");
        assert_eq!(checks.iter().filter(|check| check.ok).count(), Promise::ALL.len() - 1);
    }

    #[test]
    fn a_note_is_told_and_its_check_is_ok() {
        let mut findings = Findings::new();
        (0..25).for_each(|n| findings.note(Promise::ZoneData, || n.to_string()));
        let checks = findings.checks();
        let zones = checks.iter().find(|check| check.name == "zone_data").unwrap();
        assert_eq!((zones.ok, zones.found.len()), (true, MOST_FOUND + 1));
        assert_eq!(zones.found.last().unwrap(), "and 5 more");
    }
}
