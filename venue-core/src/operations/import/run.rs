//! One import on its way: what it has done so far, and what it still owes at the end.

use std::collections::BTreeSet;

use crate::domain::error::Invalid;
use crate::domain::ids::EventId;
use crate::domain::import_done::ImportDone;
use crate::domain::import_error::ImportWarning;
use crate::domain::season_diff::ImportProblem;
use crate::store::catalog::events;

use super::ImportContext;
use crate::operations::{Stop, Work};

/// An import on its way.
pub(super) struct Run<'a, 'w, 'c> {
    /// The unit of work, used for its transaction, instant and feed alone.
    pub(super) work: &'a mut Work<'w>,
    /// What is beside the season.
    pub(super) context: ImportContext<'c>,
    /// The reply so far.
    pub(super) done: ImportDone,
    bumped: BTreeSet<EventId>,
}

impl<'a, 'w, 'c> Run<'a, 'w, 'c> {
    /// Begins.
    pub(super) fn new(work: &'a mut Work<'w>, context: ImportContext<'c>) -> Self {
        assert!(work.is_untouched(), "an import has a unit of work of its own");
        Self { work, context, done: ImportDone::of_one_file(), bumped: BTreeSet::new() }
    }

    /// The bytes of a new id.
    pub(super) fn new_id(&mut self) -> [u8; 16] {
        self.work.new_id()
    }

    /// Counts something that was there before.
    pub(super) fn count_there(&mut self, changed: bool) {
        if changed {
            self.done.changed += 1;
        } else {
            self.done.unchanged += 1;
        }
    }

    /// An error at a key of the file.
    pub(super) fn wrong(&self, key: impl Into<String>, problem: &ImportProblem) -> Stop {
        Stop::Invalid(Invalid::ImportInvalid {
            file: self.context.file.to_owned(),
            line: None,
            key: Some(key.into()),
            problem: problem.to_string(),
        })
    }

    /// Says that something of the file was left as it is.
    pub(super) fn warn(&mut self, key: String, message: String) {
        let file = self.context.file.to_owned();
        self.done.warnings.push(ImportWarning { file, line: None, key: Some(key), message });
    }

    /// Notes that the terms of events are not what they were.
    pub(super) fn touch_events(&mut self, events: impl IntoIterator<Item = EventId>) {
        self.bumped.extend(events);
    }

    /// Bumps the version of every event that was touched, once.
    pub(super) fn bump_events(&mut self) -> Result<(), Stop> {
        let bumped = std::mem::take(&mut self.bumped);
        Ok(events::bump(self.work.tx, bumped)?)
    }
}
