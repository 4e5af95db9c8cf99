//! The history: who asked what, from when to when, and what was answered, byte for byte.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use venue_core::domain::caller::Caller;
use venue_core::domain::error::{Class, Error};
use venue_core::domain::instant::Span;
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{Verb, Wanted};
use venue_core::engine::{Engine, Request};

use crate::stage_events::generate;

/// What was asked, as far as the oracle tells effects by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The verb's name.
    pub verb: String,
    /// Seats as they were named, or `area xN`; sorted.
    pub units: Vec<String>,
    /// The booking, as it was named.
    pub booking: Option<String>,
    /// Units are to be free again: only of `house`.
    pub lift: bool,
    /// The event that is called off, or of which a slot is.
    pub calls_off: Option<String>,
}

impl Asked {
    /// What a verb asks.
    pub fn of(verb: &Verb) -> Self {
        let (units, booking) = match verb {
            Verb::Hold(hold) => (units(&hold.wanted), None),
            Verb::Sell(sell) => (units(&sell.wanted), None),
            Verb::House(house) => (units(&house.wanted), None),
            Verb::Confirm(it) => (vec![], Some(it.booking.to_string())),
            Verb::Extend(it) => (vec![], Some(it.booking.to_string())),
            Verb::Release(it) => (vec![], Some(it.booking.to_string())),
            Verb::Expire(it) => (vec![], Some(it.booking.to_string())),
            Verb::Cancel(it) => (vec![], Some(it.booking.to_string())),
            _ => (vec![], None),
        };
        let lift = matches!(verb, Verb::House(house) if house.lift);
        let calls_off = match verb {
            Verb::SlotCancel(it) => {
                it.slot.to_string().split_once('@').map(|(it, _)| it.to_owned())
            }
            Verb::EventCancel(it) => Some(it.event.to_string()),
            _ => None,
        };
        Self { verb: verb.name().to_owned(), units, booking, lift, calls_off }
    }

    /// The kinds of change that it can make.
    pub(super) fn kinds(&self) -> &'static [&'static str] {
        match (&*self.verb, self.lift) {
            ("hold", _) => &["booking.held"],
            ("sell" | "confirm", _) => &["booking.confirmed"],
            ("extend", _) => &["booking.extended"],
            ("release", _) => &["booking.released"],
            ("expire", _) => &["booking.expired"],
            ("cancel", _) => &["booking.cancelled", "booking.line_cancelled"],
            ("house", false) => &["house.set"],
            ("house", true) => &["house.lifted"],
            ("slot_open", _) => &["slot.opened"],
            ("slot_close", _) => &["slot.closed"],
            ("slot_cancel", _) => &["slot.cancelled"],
            ("slot_postpone", _) => &["slot.postponed"],
            ("event_create" | "event_clone", _) => &["event.created"],
            ("event_edit", _) => &["event.edited"],
            ("event_publish", _) => &["event.published"],
            ("event_cancel", _) => &["event.cancelled", "slot.cancelled"],
            ("event_complete", _) => &["event.completed"],
            ("event_delete", _) => &["event.deleted"],
            ("schedule_add", _) => &["schedule.added"],
            ("schedule_edit", _) => &["schedule.changed"],
            _ => &[],
        }
    }
}

fn units(wanted: &Wanted) -> Vec<String> {
    let mut units: Vec<String> = wanted.seats.iter().flatten().map(ToString::to_string).collect();
    let quantity = wanted.quantity.unwrap_or(1);
    units.extend(wanted.area.as_ref().map(|area| format!("{area} x{quantity}")));
    units.sort_unstable();
    units
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done: the answer's bytes.
    Ok(String),
    /// A rule said no, or the request was wrong: the answer's bytes. Nothing happened.
    Refused {
        /// The code.
        code: String,
        /// The bytes.
        bytes: String,
    },
    /// It failed, by this code. Nothing happened.
    Failed(String),
    /// It may or may not have happened: it was said so, or the caller died before the answer.
    Unknown,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// In whose name keys count.
    pub scope: String,
    /// Under which key, if the caller gave one.
    pub key: Option<String>,
    /// What was asked.
    pub asked: Asked,
    /// When the call began: nanoseconds of the clock that all processes of the machine share.
    pub invoked: u64,
    /// When it was answered; never, if the caller died.
    pub answered: u64,
    /// What was answered.
    pub outcome: Outcome,
}

impl Record {
    /// A call whose caller died before it heard an answer.
    pub fn unheard(scope: &str, key: Option<String>, verb: &Verb, invoked: u64) -> Self {
        let (asked, outcome) = (Asked::of(verb), Outcome::Unknown);
        Self { scope: scope.to_owned(), key, asked, invoked, answered: u64::MAX, outcome }
    }

    /// The answer, if it was done.
    pub(super) fn reply(&self) -> Option<Reply> {
        match &self.outcome {
            Outcome::Ok(bytes) => serde_json::from_str(bytes).ok(),
            Outcome::Refused { .. } | Outcome::Failed(_) | Outcome::Unknown => None,
        }
    }
}

/// Now, in nanoseconds of a clock that never jumps and that all processes of the machine share.
pub fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let since = Duration::try_from(now).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// One who calls an engine and writes down what comes of it.
#[derive(Debug)]
pub struct Historian<'a> {
    engine: &'a Engine,
    caller: Caller,
    scope: String,
    /// How long a call may wait to be begun, where it is not the usual time.
    pub deadline: Option<Span>,
    /// The calls so far.
    pub records: Vec<Record>,
}

impl<'a> Historian<'a> {
    /// Calls this engine as this caller; `scope` is the caller's name.
    pub fn new(engine: &'a Engine, caller: Caller, scope: &str) -> Self {
        Self { engine, caller, scope: scope.to_owned(), deadline: None, records: Vec::new() }
    }

    /// Calls, and writes it down.
    ///
    /// # Errors
    /// As the engine answers.
    ///
    /// # Panics
    /// If the key is none.
    pub fn call(&mut self, key: Option<&str>, verb: impl Into<Verb>) -> Result<Reply, Error> {
        let verb = verb.into();
        let asked = Asked::of(&verb);
        let mut request = Request::new(&self.caller, verb);
        if let Some(key) = key {
            request = request.key(key.parse().expect("a key"));
        }
        if let Some(deadline) = self.deadline {
            request = request.deadline(deadline);
        }
        let invoked = now();
        let answer = self.engine.call(request);
        let answered = now();
        let (scope, key) = (self.scope.clone(), key.map(str::to_owned));
        let outcome = outcome(&answer);
        self.records.push(Record { scope, key, asked, invoked, answered, outcome });
        answer
    }
}

impl Historian<'_> {
    /// Makes the slots of all schedules, and writes it down.
    pub fn generate(&mut self) {
        let invoked = now();
        let answer = generate(self.engine);
        let outcome = match &answer {
            Ok(made) => Outcome::Ok(serde_json::to_string(made).expect("plain data")),
            Err(error) => failed(error),
        };
        let asked = Asked {
            verb: "schedule_generate".to_owned(),
            units: Vec::new(),
            booking: None,
            lift: false,
            calls_off: None,
        };
        let (scope, answered) = (self.scope.clone(), now());
        self.records.push(Record { scope, key: None, asked, invoked, answered, outcome });
    }

    /// Calls as somebody does who has patience: whoever is answered busy asks again, under the same key if there is one. On a
    /// machine that is short of time one may be answered so, which settles nothing.
    ///
    /// # Errors
    /// As the engine answers.
    pub fn insist(&mut self, key: Option<&str>, verb: impl Into<Verb>) -> Result<Reply, Error> {
        let verb = verb.into();
        let mut turns = 1..PATIENCE;
        loop {
            let answer = self.call(key, verb.clone());
            let busy = matches!(&answer, Err(error) if error.code() == "busy");
            if !busy || turns.next().is_none() {
                return answer;
            }
        }
    }
}

/// How often somebody with patience asks: each time it waits for seconds.
const PATIENCE: usize = 20;

fn outcome(answer: &Result<Reply, Error>) -> Outcome {
    match answer {
        Ok(reply) => Outcome::Ok(serde_json::to_string(reply).expect("plain data")),
        Err(error) => failed(error),
    }
}

fn failed(error: &Error) -> Outcome {
    match error.class() {
        Class::Refused | Class::Invalid => {
            let bytes = serde_json::to_string(&error.body()).expect("plain data");
            Outcome::Refused { code: error.code().to_owned(), bytes }
        }
        Class::Unknown => Outcome::Unknown,
        Class::Storage | Class::Retry | Class::Bug => Outcome::Failed(error.code().to_owned()),
    }
}
