//! What was asked of a file and what was answered, kept outside of it; and the checks of a file against it.
//!
//! An instant is any number that only grows; the rigs of the disk take the length of the disk's record.

use std::collections::BTreeSet;
use std::path::Path;

use venue_core::domain::caller::Caller;
use venue_core::domain::error::{Class, Error};
use venue_core::domain::ids::BookingId;
use venue_core::domain::query::{BookingList, Query};
use venue_core::domain::reply::Reply;
use venue_core::domain::view::Answer;
use venue_core::engine::{Engine, OpenOptions, Request};

/// What a caller was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done: the answer, byte for byte, and the booking that it is about.
    Done(String, Option<BookingId>),
    /// A rule said no: the refusal, byte for byte.
    Refused(String),
    /// It failed, and nothing happened: the class, the code, and what was said.
    Failed(Class, &'static str, String),
    /// Nobody knows yet.
    Unknown,
}

impl Outcome {
    /// What an answer tells.
    ///
    /// # Panics
    /// If the answer is no plain data.
    pub fn of(answer: &Result<Reply, Error>) -> Self {
        let text = |error: &Error| serde_json::to_string(&error.body()).expect("plain data");
        match answer {
            Ok(reply) => {
                let booking = match reply {
                    Reply::Booking(view) => Some(view.id),
                    _ => None,
                };
                Self::Done(serde_json::to_string(reply).expect("plain data"), booking)
            }
            Err(error @ Error::Refused(_)) => Self::Refused(text(error)),
            Err(Error::Unknown { .. }) => Self::Unknown,
            Err(error) => Self::Failed(error.class(), error.code(), error.to_string()),
        }
    }
}

/// A command with its key, and what its callers were told.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The command; it carries the key.
    pub request: Request,
    /// The key.
    pub key: String,
    /// When it was asked; none: before the first instant.
    pub began: Option<usize>,
    /// When it was answered.
    pub ended: usize,
    /// The answer.
    pub outcome: Outcome,
    /// If the answer was unknown: when asking again told more, and what.
    pub settled: Option<(usize, Outcome)>,
}

/// What is promised of a command at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// It has left no trace: it was not asked yet, or it failed.
    Absent,
    /// It may have happened: it was not answered yet, or the answer was unknown.
    Open,
    /// It is as it was answered.
    Certain(&'a Outcome),
}

impl Asked {
    /// What is promised at an instant.
    pub fn standing(&self, instant: usize) -> Standing<'_> {
        if self.began.is_some_and(|began| began >= instant) {
            return Standing::Absent;
        }
        let told = match &self.settled {
            Some((at, outcome)) if *at <= instant => Some(outcome),
            _ if self.ended <= instant => Some(&self.outcome),
            _ => None,
        };
        match told {
            None | Some(Outcome::Unknown) => Standing::Open,
            Some(Outcome::Failed(..)) => Standing::Absent,
            Some(outcome @ (Outcome::Done(..) | Outcome::Refused(_))) => Standing::Certain(outcome),
        }
    }
}

impl Asked {
    /// What is known of it after a power cut at this instant, in a life whose instants begin anew.
    #[must_use]
    pub fn after_cut(&self, instant: usize) -> Self {
        let outcome = match self.standing(instant) {
            Standing::Absent => Outcome::Failed(Class::Storage, "cut", String::new()),
            Standing::Open => Outcome::Unknown,
            Standing::Certain(outcome) => outcome.clone(),
        };
        Self { outcome, began: None, ended: 0, settled: None, ..self.clone() }
    }
}

/// Everything that was asked, in the order of asking.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The commands.
    pub asked: Vec<Asked>,
}

impl History {
    /// Checks the keys that a file holds: those of all that is certain, and none of what left no trace.
    ///
    /// # Errors
    /// Names the promise that is broken.
    pub fn check_keys(&self, instant: usize, found: &BTreeSet<String>) -> Result<(), String> {
        let mut known = 0;
        for asked in &self.asked {
            let there = found.contains(&asked.key);
            known += usize::from(there);
            match asked.standing(instant) {
                Standing::Certain(outcome) if !there => {
                    return Err(format!("LOST: {} was answered {outcome:?}", asked.key));
                }
                Standing::Absent if there => {
                    let outcome = &asked.outcome;
                    return Err(format!("GHOST: {} was answered {outcome:?}", asked.key));
                }
                Standing::Certain(_) | Standing::Absent | Standing::Open => {}
            }
        }
        if known == found.len() { Ok(()) } else { Err("GHOST: a key that nobody used".to_owned()) }
    }

    /// Asks everything again that is certain, and twice what is open; compares the answers, the bookings that are
    /// there and the figures; and lets doctor look. Answers how many open commands were settled.
    ///
    /// # Errors
    /// Names the promise that is broken.
    pub fn check_answers(
        &self,
        instant: usize,
        path: &Path,
        options: &OpenOptions,
    ) -> Result<usize, String> {
        let engine = Engine::open(path, options).map_err(|error| format!("NOT OPENED: {error}"))?;
        let mut explained = BTreeSet::new();
        let mut settled = 0;
        for asked in &self.asked {
            match asked.standing(instant) {
                Standing::Absent => {}
                Standing::Certain(outcome) => {
                    let again = Outcome::of(&engine.call(asked.request.clone()));
                    if again != *outcome {
                        return Err(format!("LOST: {} {outcome:?} is now {again:?}", asked.key));
                    }
                    explain(&mut explained, outcome);
                }
                Standing::Open => {
                    let first = Outcome::of(&engine.call(asked.request.clone()));
                    let second = Outcome::of(&engine.call(asked.request.clone()));
                    let told = matches!(first, Outcome::Done(..) | Outcome::Refused(_));
                    if !told || first != second {
                        return Err(format!("UNSETTLED: {} {first:?}, {second:?}", asked.key));
                    }
                    explain(&mut explained, &first);
                    settled += 1;
                }
            }
        }
        check_bookings(&engine, &explained)?;
        drop(engine);
        check_file(path, options)?;
        Ok(settled)
    }
}

fn explain(explained: &mut BTreeSet<BookingId>, outcome: &Outcome) {
    if let Outcome::Done(_, Some(booking)) = outcome {
        explained.insert(*booking);
    }
}

/// Every booking is one that somebody was told of, and all of those are there.
fn check_bookings(engine: &Engine, explained: &BTreeSet<BookingId>) -> Result<(), String> {
    let list = BookingList { limit: Some(1_000), ..BookingList::default() };
    let answer = engine.query(&Caller::local(), &Query::BookingList(list));
    let Ok(Answer::BookingList(page)) = answer else {
        return Err(format!("UNREADABLE: bookings: {answer:?}"));
    };
    let found: BTreeSet<BookingId> = page.items.iter().map(|view| view.id).collect();
    if let Some(ghost) = found.difference(explained).next() {
        return Err(format!("GHOST: nobody was told of the booking {ghost}"));
    }
    match explained.difference(&found).next() {
        Some(lost) => Err(format!("LOST: the booking {lost}")),
        None => Ok(()),
    }
}

/// Doctor finds nothing.
///
/// # Errors
/// What it finds.
pub fn check_file(path: &Path, options: &OpenOptions) -> Result<(), String> {
    let diagnosis = Engine::doctor(path, options, &mut |_, _, _| {})
        .map_err(|error| format!("DAMAGED: doctor: {error}"))?;
    let wrong: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
    if diagnosis.ok { Ok(()) } else { Err(format!("DAMAGED: {wrong:?}")) }
}
