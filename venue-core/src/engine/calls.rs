//! Verbs by name, with JSON in and out: what `venue call` and the C ABI are.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::calendar::CalendarPreview;
use crate::domain::caller::Caller;
use crate::domain::error::{Error, Invalid};
use crate::domain::instant::{Instant, Span};
use crate::domain::preview::SchedulePreview;
use crate::domain::query::{Query, each_query};
use crate::domain::request::{self, Fields, Verb, each_verb};
use crate::domain::schedule_name::{ScheduleDrift, ScheduleGenerate};
use crate::domain::season::HallRef;
use crate::domain::text::{Key, RequestId};

use super::members::{Members, read_members};
use super::{Engine, Request};

/// A request has at most 1 MiB.
pub const MAX_REQUEST_BYTES: usize = 1 << 20;
/// A command may wait for 1 ms to 10 minutes.
const DEADLINES: std::ops::RangeInclusive<Span> = Span::from_millis(1)..=Span::from_mins(10);

/// A request by name, read and checked as far as that goes without any data.
struct Call {
    caller: Caller,
    key: Option<Key>,
    request_id: Option<RequestId>,
    deadline: Option<Span>,
    now: Option<Instant>,
    token: Option<String>,
    act: Act,
}

/// What a request by name asks for.
enum Act {
    Verb(Verb),
    Query(Query),
    SchedulePreview(Box<SchedulePreview>),
    CalendarPreview(Box<CalendarPreview>),
    Import(ImportCall),
    ScheduleGenerate(ScheduleGenerate),
    ScheduleDrift(ScheduleDrift),
    Backup(BackupCall),
    Sweep,
    ClockShow,
    ClockAccept,
    Doctor,
    Info,
    Schema,
}

impl Act {
    /// True if it may change the file, or make another.
    fn may_change(&self) -> bool {
        match self {
            Self::Verb(verb) => !verb.is_dry_run(),
            Self::Import(request) => !request.dry_run,
            Self::ScheduleGenerate(request) => !request.dry_run,
            Self::ScheduleDrift(request) => request.mend,
            Self::Backup(_) | Self::Sweep | Self::ClockAccept => true,
            Self::Query(_)
            | Self::SchedulePreview(_)
            | Self::CalendarPreview(_)
            | Self::ClockShow
            | Self::Doctor
            | Self::Info
            | Self::Schema => false,
        }
    }
}

/// Checks a request by name without a file: what [`Engine::call_json`] would find invalid without looking.
///
/// # Returns
/// True if the call may change something; false if it only reads, or only asks what would be done.
///
/// # Errors
/// Invalid `unknown_verb`, `too_large`, `argument`, `unsupported`.
pub fn check_call(name: &str, request: &[u8]) -> Result<bool, Error> {
    Ok(read_call(name, request)?.act.may_change())
}

fn read_call(name: &str, request: &[u8]) -> Result<Call, Error> {
    let mut members = read_members(request)?;
    let caller: Caller = members.take("caller")?.unwrap_or_else(Caller::local);
    let key = members.take("idempotency_key")?;
    let request_id = members.take("request_id")?;
    let deadline: Option<Span> = members.take("deadline")?;
    let now = members.take("now")?;
    let token = members.take("token")?;
    if deadline.is_some_and(|deadline| !DEADLINES.contains(&deadline)) {
        return Err(Invalid::argument("deadline", "1ms to 10m is needed").into());
    }
    let act = read_act(name, members)?;
    let caller = name_terminal(caller);
    Ok(Call { caller, key, request_id, deadline, now, token, act })
}

fn read_act(name: &str, mut members: Members) -> Result<Act, Error> {
    if let Some(verb) = read_verb(name, &mut members)? {
        verb.validate()?;
        return Ok(Act::Verb(verb));
    }
    if let Some(query) = read_query(name, &mut members)? {
        query.validate()?;
        return Ok(Act::Query(query));
    }
    let act = match name {
        "schedule_preview" if members.has("calendar") => {
            let request: CalendarPreview = members.rest(Some(CalendarPreview::MEMBERS))?;
            request.validate()?;
            return Ok(Act::CalendarPreview(Box::new(request)));
        }
        "schedule_preview" => {
            let request: SchedulePreview = members.rest(Some(SchedulePreview::MEMBERS))?;
            request.validate()?;
            return Ok(Act::SchedulePreview(Box::new(request)));
        }
        "import" => {
            let request: ImportCall = members.rest(None)?;
            if request.files.is_empty() {
                return Err(Invalid::argument("files", "at least one file is needed").into());
            }
            return Ok(Act::Import(request));
        }
        "schedule_generate" => return Ok(Act::ScheduleGenerate(members.rest(None)?)),
        "schedule_drift" => return Ok(Act::ScheduleDrift(members.rest(None)?)),
        "backup" => return Ok(Act::Backup(members.rest(None)?)),
        "sweep" => Act::Sweep,
        "clock_show" => Act::ClockShow,
        "clock_accept" => Act::ClockAccept,
        "doctor" => Act::Doctor,
        "info" => Act::Info,
        "schema" => Act::Schema,
        _ => return Err(Invalid::UnknownVerb { name: name.chars().take(100).collect() }.into()),
    };
    members.rest::<Empty>(Some(&[]))?;
    Ok(act)
}

/// Does what the verb of this name does, if it is one that needs no file: `schedule_preview`, `schema`. The request
/// and the answer are those of [`Engine::call_json`].
///
/// # Returns
/// None if the verb needs a file, or if nothing is called so.
///
/// # Errors
/// Invalid `too_large`, `argument`; `now` is none of its members, because no clock stands still here.
pub fn call_without_file(name: &str, request: &[u8]) -> Result<Option<Value>, Error> {
    if !["schedule_preview", "schema"].contains(&name) {
        return Ok(None);
    }
    let call = read_call(name, request)?;
    if call.now.is_some() {
        let problem = "no file takes part whose clock could stand still";
        return Err(Invalid::argument("now", problem).into());
    }
    Ok(match call.act {
        Act::SchedulePreview(request) => {
            Some(json!({"type": "schedule_preview", "data": super::schedule_preview(&request)?}))
        }
        Act::CalendarPreview(request) => {
            Some(json!({"type": "schedule_preview", "data": super::calendar_preview(&request)?}))
        }
        Act::Schema => Some(json!({"type": "schema", "data": super::schema()})),
        _ => None,
    })
}

impl Engine {
    /// Does what the verb of this name does. The request is a JSON object: the options of the command line in
    /// snake_case, and beside them `caller` {organizer, actor, role, terminal, address}, `idempotency_key`,
    /// `request_id`, `deadline`, `now`, `token`. The answer is `{"type": .., "data": ..}`; a list is one object.
    /// `now` stands for the wall clock in this call alone; calls with a `now` wait for one another.
    ///
    /// # Errors
    /// Invalid `unknown_verb`, `too_large`, `argument` naming the member that is unknown, repeated or
    /// malformed; else as the verb.
    pub fn call_json(&self, name: &str, request: &[u8]) -> Result<Value, Error> {
        let call = read_call(name, request)?;
        let Some(now) = call.now else { return self.run_call(call) };
        self.check_test_clock()?;
        let _given = self.inner.shared.lend_test_now(now);
        self.run_call(call)
    }

    fn run_call(&self, call: Call) -> Result<Value, Error> {
        let Call { caller, key, request_id, deadline, token, act, now: _ } = call;
        match act {
            Act::Verb(verb) => {
                let mut request = Request::new(&caller, verb);
                (request.key, request.request_id, request.deadline) = (key, request_id, deadline);
                request.token = token.map(Into::into);
                to_json(self.call(request)?)
            }
            Act::Query(query) => Ok(self.query(&caller, &query)?.to_json()),
            act => self.owners_act(act, &caller),
        }
    }

    /// The owner's acts and the long commands, which an open handle does by itself.
    fn owners_act(&self, act: Act, caller: &Caller) -> Result<Value, Error> {
        let quiet: super::Progress<'_> = &mut |_, _, _| {};
        let options = &self.inner.opened.options;
        let (kind, data) = match act {
            Act::SchedulePreview(request) => {
                ("schedule_preview", json!(self.schedule_preview(&request)?))
            }
            Act::CalendarPreview(request) => {
                ("schedule_preview", json!(super::calendar_preview(&request)?))
            }
            Act::Import(request) => ("import", self.import_json(request, caller)?),
            Act::ScheduleGenerate(request) => {
                ("schedule_generate", json!(self.schedule_generate(caller, &request, quiet)?))
            }
            Act::ScheduleDrift(request) => {
                ("schedule_drift", json!(self.schedule_drift(caller, &request, quiet)?))
            }
            Act::Backup(target) => {
                ("backup", json!(super::BackupDone::from(&self.backup(&target.file)?)))
            }
            Act::Sweep => ("sweep", json!(self.sweep()?)),
            Act::ClockShow => ("clock", json!(self.clock_show()?)),
            Act::ClockAccept => ("clock", json!(self.clock_accept(caller)?)),
            Act::Doctor => ("doctor", json!(Self::doctor(self.path(), options, quiet)?)),
            Act::Info => ("info", json!(Self::info(self.path(), options)?)),
            Act::Schema => ("schema", super::schema()),
            Act::Verb(_) | Act::Query(_) => unreachable!("these are answered before"),
        };
        Ok(json!({"type": kind, "data": data}))
    }

    #[cfg(feature = "import")]
    fn import_json(&self, request: ImportCall, caller: &Caller) -> Result<Value, Error> {
        let files: Vec<_> = request.files.into_iter().map(Into::into).collect();
        let options = super::ImportOptions::default().hall(request.hall).dry_run(request.dry_run);
        Ok(json!(self.import(caller, &files, &options, &mut |_, _, _| {})?))
    }

    #[cfg(not(feature = "import"))]
    #[allow(clippy::unused_self, reason = "the same call as where files are read")]
    fn import_json(&self, _: ImportCall, _: &Caller) -> Result<Value, Error> {
        let problem = "this build reads no files".to_owned();
        Err(Invalid::Unsupported { name: "import".to_owned(), problem }.into())
    }
}

/// A request without members.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Empty {}

/// Where a backup goes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BackupCall {
    /// A file that does not exist yet.
    file: String,
}

/// What is imported.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "import"), allow(dead_code, reason = "read only to name what is wrong"))]
pub(super) struct ImportCall {
    /// Season files (.toml), plans (.json) and calendars (.ics), by path: at least one.
    files: Vec<String>,
    /// Whose plan a plan file is, and where a calendar takes place: `venue/hall`.
    #[serde(default)]
    hall: Option<HallRef>,
    /// Says what would be done, and does nothing.
    #[serde(default)]
    dry_run: bool,
}

/// A caller without a name acts as the till it stands at, or as `local`: as on the command line.
fn name_terminal(caller: Caller) -> Caller {
    if caller.role.is_staff() && caller.is_anonymous() {
        let actor = Caller::local().actor;
        return Caller { actor, ..caller };
    }
    caller
}

fn to_json(reply: crate::domain::reply::Reply) -> Result<Value, Error> {
    serde_json::to_value(reply).map_err(|error| Error::Bug { message: error.to_string() })
}

/// Reads a mutating verb's request; none if no such verb has this name. The types cannot refuse unknown members
/// by themselves: some share those that say which units are wanted.
fn read_verb(name: &str, members: &mut Members) -> Result<Option<Verb>, Invalid> {
    macro_rules! read {
        ($($variant:ident($request:ident) $verb:literal,)*) => {
            match name {
                $($verb => {
                    let known = <request::$request as Fields>::NAMES;
                    Verb::$variant(std::mem::take(members).rest(Some(known))?)
                })*
                _ => return Ok(None),
            }
        };
    }
    Ok(Some(each_verb!(read)))
}

/// Reads a reading verb's request; none if no such verb has this name.
fn read_query(name: &str, members: &mut Members) -> Result<Option<Query>, Invalid> {
    macro_rules! read {
        ($($variant:ident($request:ident) $verb:literal,)*) => {
            match name {
                $($verb => Query::$variant(std::mem::take(members).rest(None)?),)*
                _ => return Ok(None),
            }
        };
    }
    Ok(Some(each_query!(read)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blamed(name: &str, request: &str) -> String {
        let mut members = read_members(request.as_bytes()).unwrap();
        match read_verb(name, &mut members).map(|verb| verb.is_some()) {
            Err(Invalid::Argument { name, .. }) => name,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_member_is_named() {
        let slot = r#""slot":"m@2027-09-04T19:30""#;
        for (verb, request, name) in [
            ("hold", format!("{{{slot},\"sets\":[]}}"), "sets"),
            ("hold", format!("{{{slot},\"quantity\":\"two\"}}"), "quantity"),
            ("hold", format!("{{{slot},\"quantity\":-1}}"), "quantity"),
            ("hold", format!("{{{slot},\"ttl\":\"5\"}}"), "ttl"),
            ("hold", "{\"quantity\":1}".to_owned(), "slot"),
            ("confirm", "{\"booking\":\"x\"}".to_owned(), "booking"),
            ("confirm", "{\"booking\":\"7Q4ZK2MB\",\"line\":[1]}".to_owned(), "line"),
        ] {
            assert_eq!(blamed(verb, &request), name, "{request}");
        }
    }

    #[test]
    fn a_call_that_only_asks_changes_nothing() {
        let slot = r#""slot":"m@2027-09-04T19:30""#;
        for (verb, request, may_change) in [
            ("slot_cancel", format!("{{{slot}}}"), true),
            ("slot_cancel", format!("{{{slot},\"dry_run\":true}}"), false),
            ("slot_next", r#"{"quantity":2}"#.to_owned(), false),
            ("event_search", r#"{"text":"jazz"}"#.to_owned(), false),
            ("import", r#"{"files":["a.toml"]}"#.to_owned(), true),
            ("import", r#"{"files":["a.toml"],"dry_run":true}"#.to_owned(), false),
            ("schedule_generate", String::new(), true),
            ("schedule_generate", r#"{"dry_run":true}"#.to_owned(), false),
            ("schedule_drift", String::new(), false),
            ("schedule_drift", r#"{"mend":true}"#.to_owned(), true),
            ("backup", r#"{"file":"b"}"#.to_owned(), true),
            ("sweep", String::new(), true),
            ("clock_accept", String::new(), true),
            ("clock_show", String::new(), false),
            ("doctor", String::new(), false),
            ("info", String::new(), false),
            ("schema", String::new(), false),
        ] {
            assert_eq!(check_call(verb, request.as_bytes()), Ok(may_change), "{verb} {request}");
        }
    }

    #[test]
    fn the_members_of_a_request_are_the_fingerprinted_ones() {
        let mut verbs = 0;
        macro_rules! look {
            ($($variant:ident($request:ident) $verb:literal,)*) => {
                $(
                    let schema = schemars::schema_for!(request::$request).to_value();
                    let members = schema["properties"].as_object().unwrap().keys();
                    let mut named = <request::$request as Fields>::NAMES.to_vec();
                    named.sort_unstable();
                    assert_eq!(members.collect::<Vec<_>>(), named, $verb);
                    verbs += 1;
                )*
            };
        }
        each_verb!(look);
        assert!(verbs > 0);
    }
}
