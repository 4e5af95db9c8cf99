//! What callers were told, kept where no kill reaches it: each thread of a child appends a line to a file of its own
//! before a call and another one after it.

use std::fs::{File, OpenOptions as FileOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use venue_core::domain::caller::Role;
use venue_core::domain::error::Error;
use venue_core::domain::reply::Reply;
use venue_core::domain::request::{
    Cancel, Confirm, EventCancel, EventClone, EventEdit, EventSwitch, Expire, Extend, Hold, House,
    Release, ScheduleAdd, Sell, SlotCancel, SlotPostpone, Verb,
};
use venue_core::engine::Engine;
use venue_tests::fixture::caller;
use venue_tests::oracle::{Historian, Outcome, Record, now};

/// Gives each verb that is asked for a line of its own.
macro_rules! said {
    ($($variant:ident($request:ident),)*) => {
        /// A verb in a line.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        enum Said {
            $($variant($request),)*
        }

        impl From<Verb> for Said {
            fn from(verb: Verb) -> Self {
                match verb {
                    $(Verb::$variant(it) => Self::$variant(it),)*
                    other => panic!("nobody asks for {}", other.name()),
                }
            }
        }

        impl From<Said> for Verb {
            fn from(said: Said) -> Self {
                match said {
                    $(Said::$variant(it) => Self::$variant(it),)*
                }
            }
        }
    };
}

said! {
    Hold(Hold),
    Sell(Sell),
    Confirm(Confirm),
    Extend(Extend),
    Release(Release),
    Expire(Expire),
    Cancel(Cancel),
    House(House),
    SlotCancel(SlotCancel),
    SlotPostpone(SlotPostpone),
    EventClone(EventClone),
    EventEdit(EventEdit),
    EventPublish(EventSwitch),
    EventCancel(EventCancel),
    EventComplete(EventSwitch),
    EventDelete(EventSwitch),
    ScheduleAdd(ScheduleAdd),
}

/// One call, as it begins.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Ask {
    scope: String,
    key: String,
    said: Said,
    invoked: u64,
}

#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Asks(Ask),
    Told(Record),
}

/// The calls of one thread, written down.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    file: File,
    scope: String,
    till: Historian<'a>,
}

impl<'a> Log<'a> {
    /// Calls this engine in this name, and writes to this file.
    pub(crate) fn begin(engine: &'a Engine, scope: &str, file: &Path) -> Self {
        let file = FileOptions::new().append(true).create(true).open(file).expect("a log");
        let till = Historian::new(engine, caller(Role::Organizer, scope), scope);
        Self { file, scope: scope.to_owned(), till }
    }

    /// Calls, with a line before and a line after it.
    pub(crate) fn call(&mut self, key: &str, verb: Verb) -> Result<Reply, Error> {
        let (scope, key) = (self.scope.clone(), key.to_owned());
        let said = verb.clone().into();
        self.write(&Line::Asks(Ask { scope, key: key.clone(), said, invoked: now() }));
        let answer = self.till.call(Some(&key), verb);
        let record = self.till.records.pop().expect("a record of each call");
        self.write(&Line::Told(record));
        answer
    }

    fn write(&mut self, line: &Line) {
        let mut text = serde_json::to_string(line).expect("plain data");
        text.push('\n');
        // One call of the system: whoever is killed has written the line or not.
        self.file.write_all(text.as_bytes()).expect("a log");
    }
}

/// What the threads of a dead process were told, and what each was asking when it died.
#[derive(Debug, Default)]
pub(crate) struct Testament {
    told: Vec<(Ask, Record)>,
    asking: Vec<Ask>,
}

impl Testament {
    /// Reads the files.
    pub(crate) fn read(files: &[PathBuf]) -> Self {
        let mut testament = Self::default();
        for file in files {
            // Who is killed before it had opened the file has not begun its log.
            testament.add(&std::fs::read_to_string(file).unwrap_or_default());
        }
        testament
    }

    fn add(&mut self, text: &str) {
        let mut asking: Option<Ask> = None;
        // A last line without its end was cut off by the kill, and says nothing.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for line in whole.lines() {
            match serde_json::from_str(line).expect("what a child wrote") {
                Line::Asks(ask) => {
                    assert!(asking.is_none(), "two calls at once by one thread: {asking:?}");
                    asking = Some(ask);
                }
                Line::Told(record) => {
                    self.told.push((asking.take().expect("a call that was begun"), record));
                }
            }
        }
        self.asking.extend(asking);
    }

    /// The calls that were answered, in the order of each thread.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Record> {
        self.told.iter().map(|(_, record)| record)
    }

    /// How many calls were answered, and how many were not.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.told.len(), self.asking.len())
    }

    /// Asks again under every key: whatever was answered is answered by the same bytes, and what was being asked is
    /// settled now. Gives everything back as a history.
    pub(crate) fn prove(self, engine: &Engine) -> Vec<Record> {
        let mut history = Vec::new();
        for (ask, record) in self.told {
            // What failed left nothing, also not its key: to ask again would be to ask anew.
            if !matches!(record.outcome, Outcome::Failed(_) | Outcome::Unknown) {
                let again = repeat(engine, &ask);
                let lost = || format!("{record:?}\nand after the kill\n{again:?}");
                assert!(
                    again.outcome == record.outcome,
                    "what was answered is not there after a kill: {}",
                    lost()
                );
                history.push(again);
            }
            history.push(record);
        }
        for ask in self.asking {
            let settled = repeat(engine, &ask);
            // It may have happened at any time since it was asked first.
            history.push(Record { invoked: ask.invoked, ..settled });
        }
        history
    }
}

/// Asks again what was asked. On a machine that is short of time one may be answered busy, which settles nothing.
fn repeat(engine: &Engine, ask: &Ask) -> Record {
    let mut till = Historian::new(engine, caller(Role::Organizer, &ask.scope), &ask.scope);
    let _ = till.insist(Some(&ask.key), Verb::from(ask.said.clone()));
    till.records.pop().expect("a record of each call")
}
