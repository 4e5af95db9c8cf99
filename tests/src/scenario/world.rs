//! The box office that a ledger runs: a file, a clock, and the names that the ledger has given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::params;
use serde_json::{Map, Value, json};
use venue_core::domain::caller::Caller;
use venue_core::domain::error::Error;
use venue_core::domain::ids::BookingId;
use venue_core::domain::instant::{Instant, Span};
use venue_core::engine::{Engine, ImportOptions, NewFile, OpenOptions};

use super::Told;
use super::facts::{Answer, decimal, fact, fits, outcome, text};
use super::line::{Expected, Line};
use super::requests;
use crate::fixture::{FIRST_DAY, at};
use crate::peers::{beside, wait, while_locked};

/// A booking that a ledger has named.
#[derive(Debug, Clone)]
struct Known {
    id: String,
    reference: String,
    token: Option<String>,
}

/// A request that had a key, and what it was answered.
#[derive(Debug, Clone)]
struct Kept {
    verb: &'static str,
    request: Value,
    answer: Answer,
}

/// A file, its clock, and the names of a ledger.
#[derive(Debug)]
pub(super) struct World {
    folder: tempfile::TempDir,
    seasons: PathBuf,
    engine: Option<Engine>,
    now: Instant,
    slots: BTreeMap<String, String>,
    bookings: BTreeMap<String, Known>,
    kept: Option<Kept>,
    cursor: Option<String>,
    pub(super) told: Told,
}

fn json_of(answer: Result<Value, Error>) -> Answer {
    answer.map_err(|error| serde_json::to_value(error.body()).expect("plain data"))
}

impl World {
    /// An empty file on the first day of sale. Seasons are looked for in `scenarios/seasons`.
    pub(super) fn new(scenarios: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let new = NewFile::default().test_clock(Some(at(FIRST_DAY)));
        let path = folder.path().join("venue.db");
        Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
        let mut world = Self {
            folder,
            seasons: scenarios.join("seasons"),
            engine: None,
            now: at(FIRST_DAY),
            slots: BTreeMap::new(),
            bookings: BTreeMap::new(),
            kept: None,
            cursor: None,
            told: Told::default(),
        };
        world.restart();
        world
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("venue.db")
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("an open file")
    }

    fn restart(&mut self) {
        self.engine = None;
        let options = OpenOptions::default().now(Some(self.now));
        self.engine = Some(Engine::open(self.path(), &options).expect("an open file"));
    }

    /// What doctor finds.
    pub(super) fn doctor(&self) -> Result<(), String> {
        let diagnosis = Engine::doctor(self.path(), &OpenOptions::default(), &mut |_, _, _| {})
            .expect("doctor");
        let found: Vec<_> = diagnosis.checks.iter().filter(|check| !check.ok).collect();
        if diagnosis.ok { Ok(()) } else { Err(format!("doctor: {found:?}")) }
    }

    /// Does what a line says, and compares.
    pub(super) fn step(&mut self, mut line: Line) -> Result<(), String> {
        self.told.verbs.insert(line.verb.clone());
        let answer = match &*line.verb {
            "season" => self.season(line.name()?),
            "slot" => return self.name_slot(&line),
            "now" => return self.set_now(at(line.name()?)),
            "tick" => {
                let span: Span = line.name()?.parse().map_err(|_| "not a length of time")?;
                return self.set_now(self.now.plus(span));
            }
            "restart" => {
                self.restart();
                return Ok(());
            }
            "doctor" => return self.doctor(),
            "sweep" => json_of(self.engine().call_json("sweep", b"")),
            "clock" if line.names.is_empty() => json_of(self.engine().call_json("clock_show", b"")),
            "clock" => json_of(self.engine().call_json("clock_accept", b"")),
            "replay" => return self.replay(line.expected.as_ref()),
            "map" => self.map(&line)?,
            "paid" => self.paid(line.name()?)?,
            _ => return self.request(&mut line),
        };
        self.compare(&answer, line.expected.as_ref())
    }

    fn set_now(&mut self, now: Instant) -> Result<(), String> {
        self.now = now;
        self.engine().set_test_now(Some(now)).map_err(|error| error.to_string())
    }

    fn season(&self, name: &str) -> Answer {
        let file = self.seasons.join(format!("{name}.toml"));
        let options = ImportOptions::default();
        let done = self.engine().import(&Caller::local(), &[file], &options, &mut |_, _, _| {});
        json_of(done.map(|_| json!({"type": "import", "data": {}})))
    }

    fn name_slot(&mut self, line: &Line) -> Result<(), String> {
        let [name, slot] = &line.names[..] else { return Err("slot NAME EVENT@LOCAL".to_owned()) };
        self.slots.insert(name.clone(), slot.clone());
        Ok(())
    }

    /// The JSON of a line's request, with the ledger's names replaced.
    fn json(&self, line: &mut Line) -> Result<(&'static str, Value), String> {
        let (verb, mut request) =
            requests::verb_of(&line.verb).ok_or_else(|| format!("no verb {}", line.verb))?;
        let mut caller = line
            .take("as")
            .map_or_else(|| requests::caller("terminal"), |text| requests::caller(&text));
        if let Some(organizer) = line.take("organizer") {
            caller["organizer"] = organizer.into();
        }
        if let Some(till) = line.take("till") {
            caller = json!({"role": "terminal", "terminal": till});
        }
        request.insert("caller".to_owned(), caller);
        if let Some(key) = line.take("key") {
            request.insert("idempotency_key".to_owned(), key.into());
        }
        if let Some(owner) = line.take("token") {
            let token = self.bookings.get(&owner).and_then(|known| known.token.clone());
            request.insert("token".to_owned(), token.unwrap_or(owner).into());
        }
        self.subject(verb, line, &mut request)?;
        for (name, text) in &line.members {
            let value = match (&**name, self.slots.get(text), self.bookings.get(text)) {
                ("slot", Some(slot), _) => Value::from(&**slot),
                ("booking", _, Some(known)) => Value::from(&*known.id),
                _ => requests::value(name, text),
            };
            request.insert(name.clone(), value);
        }
        Ok((verb, Value::Object(request)))
    }

    /// What stands behind the verb: a slot, or a booking, by id or as it is said on the phone.
    fn subject(
        &self,
        verb: &str,
        line: &mut Line,
        request: &mut Map<String, Value>,
    ) -> Result<(), String> {
        match verb {
            "slot_open" | "slot_close" | "slot_cancel" | "slot_postpone" | "slot_show" => {
                let name = line.name()?;
                let slot = self.slots.get(name).map_or(name, String::as_str);
                request.insert("slot".to_owned(), slot.into());
            }
            "event_create" => {
                request.insert("slug".to_owned(), line.name()?.into());
            }
            "event_clone" => {
                let [event, slug] = &line.names[..] else {
                    return Err("event-clone EVENT SLUG".to_owned());
                };
                request.insert("event".to_owned(), (&**event).into());
                request.insert("slug".to_owned(), (&**slug).into());
            }
            "event_edit" | "event_publish" | "event_cancel" | "event_complete" | "event_delete" => {
                request.insert("event".to_owned(), line.name()?.into());
            }
            "confirm" | "extend" | "release" | "expire" | "cancel" | "booking_show" => {
                let name = line.name()?.to_owned();
                let by_reference = line.take("by").as_deref() == Some("reference");
                let booking = match self.bookings.get(&name) {
                    Some(known) if by_reference => known.reference.to_lowercase(),
                    Some(known) => known.id.clone(),
                    None => name,
                };
                request.insert("booking".to_owned(), booking.into());
            }
            "schedule_add" => drop(request.insert("event".to_owned(), line.name()?.into())),
            "schedule_edit" => drop(request.insert("schedule".to_owned(), line.name()?.into())),
            "schedule_generate" | "schedule_drift" => {
                request.insert("schedules".to_owned(), line.names.clone().into());
            }
            "feed" => {
                if let Some(cursor) = &self.cursor {
                    request.insert("after".to_owned(), (&**cursor).into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn request(&mut self, line: &mut Line) -> Result<(), String> {
        let focus = if line.verb == "show" {
            (line.take("area"), line.take("category"))
        } else {
            (None, None)
        };
        let (verb, request) = self.json(line)?;
        let before = self.row_of(line);
        let mut answer = json_of(self.engine().call_json(verb, request.to_string().as_bytes()));
        if verb == "feed"
            && let Ok(reply) = &answer
        {
            self.cursor = Some(text(&reply["data"]["next"]));
        }
        self.note(line, before, &answer);
        if request.get("idempotency_key").is_some() {
            self.kept = Some(Kept { verb, request, answer: answer.clone() });
        }
        match focus {
            (Some(area), _) => narrow(&mut answer, "areas", "area", &area)?,
            (None, Some(category)) => narrow(&mut answer, "categories", "category", &category)?,
            (None, None) => {}
        }
        self.compare(&answer, line.expected.as_ref())
    }

    /// Submits lines while nobody can write, so that they are decided together, in their order.
    pub(super) fn batch(&mut self, mut lines: Vec<Line>) -> Result<(), String> {
        let mut requests = Vec::new();
        for line in &mut lines {
            let (_, request) = self.json(line)?;
            requests.push(requests::typed(line, request)?);
        }
        let engine = self.engine().clone();
        let on_their_way: Vec<_> = while_locked(&self.path(), || {
            requests.into_iter().map(|request| engine.submit(request)).collect()
        });
        for (submitted, line) in on_their_way.into_iter().zip(&lines) {
            let reply = wait(submitted);
            let answer =
                json_of(reply.map(|reply| serde_json::to_value(reply).expect("plain data")));
            self.note(line, None, &answer);
            self.compare(&answer, line.expected.as_ref())
                .map_err(|problem| format!("line {}: {problem}", line.number))?;
        }
        Ok(())
    }

    /// Asks again for what was asked last under a key: the same answer, byte for byte.
    fn replay(&mut self, expected: Option<&Expected>) -> Result<(), String> {
        let kept = self.kept.clone().ok_or("nothing was asked under a key")?;
        let answer =
            json_of(self.engine().call_json(kept.verb, kept.request.to_string().as_bytes()));
        let other = expected.is_some_and(|expected| expected.outcome == "anew");
        let same = format!("{answer:?}") == format!("{:?}", kept.answer);
        match (same, other) {
            (true, false) | (false, true) => Ok(()),
            (true, true) => Err(format!("the stored answer came again: {answer:?}")),
            (false, false) => Err(format!("another answer: {answer:?} after {:?}", kept.answer)),
        }
    }

    fn map(&self, line: &Line) -> Result<Answer, String> {
        let [name, seat] = &line.names[..] else { return Err("map SLOT SEAT".to_owned()) };
        let slot = self.slots.get(name).unwrap_or(name);
        let request = json!({"slot": slot}).to_string();
        let answer = json_of(self.engine().call_json("slot_map", request.as_bytes()));
        Ok(answer.map(|map| {
            let seats = map["data"]["seats"].as_array().cloned().unwrap_or_default();
            let seat = seats.into_iter().find(|found| found["seat"] == **seat);
            json!({"data": seat})
        }))
    }

    /// What was paid for a booking, from its row: no answer tells it.
    fn paid(&self, name: &str) -> Result<Answer, String> {
        let known = self.bookings.get(name).ok_or("no such booking")?;
        let id: BookingId = known.id.parse().map_err(|_| "not an id")?;
        let row = beside(&self.path())
            .query_one(
                "SELECT paid, refund_due, paid_by FROM booking WHERE id = ?1",
                params![id.bytes()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?)),
            )
            .map_err(|error| error.to_string())?;
        let (paid, due, by): (i64, i64, _) = row;
        Ok(Ok(json!({"data": {"outcome": decimal(paid), "due": decimal(due), "by": by}})))
    }

    /// The row of the state table that a booking is in, as the file has it.
    fn row_of(&self, line: &Line) -> Option<String> {
        let acts = ["confirm", "extend", "release", "expire", "cancel"];
        let known = self.bookings.get(line.names.first()?)?;
        if !acts.contains(&&*line.verb) {
            return None;
        }
        let id: BookingId = known.id.parse().ok()?;
        let (state, expires_at): (u8, Option<i64>) = beside(&self.path())
            .query_one(
                "SELECT state, expires_at FROM booking WHERE id = ?1",
                params![id.bytes()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .ok()?;
        let due = expires_at.is_some_and(|end| end <= self.now.micros());
        let names = ["held", "confirmed", "released", "expired", "cancelled"];
        Some(if due { "due" } else { names[usize::from(state)] }.to_owned())
    }

    /// Remembers what a line has shown, and the booking that it named.
    fn note(&mut self, line: &Line, before: Option<String>, answer: &Answer) {
        self.told.verbs.insert(line.verb.clone());
        let came = outcome(answer);
        if let Some(before) = before {
            self.told.rows.insert((before, line.verb.clone(), came.clone()));
        }
        match answer {
            Err(_) => {
                self.told.codes.insert(came);
            }
            Ok(reply) if matches!(&*line.verb, "hold" | "sell") => {
                let data = &reply["data"];
                let known = Known {
                    id: text(&data["id"]),
                    reference: text(&data["reference"]),
                    token: data["token"].as_str().map(str::to_owned),
                };
                self.bookings.extend(line.names.first().cloned().map(|name| (name, known)));
            }
            Ok(_) => {}
        }
    }

    fn compare(&self, answer: &Answer, expected: Option<&Expected>) -> Result<(), String> {
        let Some(expected) = expected else {
            return match answer {
                Ok(_) => Ok(()),
                Err(error) => Err(format!("not done: {error}")),
            };
        };
        let found = outcome(answer);
        if found != expected.outcome {
            let came: String = format!("{answer:?}").chars().take(600).collect();
            return Err(format!("{found} instead of {}: {came}", expected.outcome));
        }
        for (name, said) in &expected.facts {
            let found = fact(answer, name).unwrap_or_default();
            if !fits(&found, said, self.now) {
                return Err(format!("{name}={found} instead of {name}={said}"));
            }
        }
        Ok(())
    }
}

/// Puts one area's or category's figures in the place of the slot's.
fn narrow(answer: &mut Answer, list: &str, by: &str, name: &str) -> Result<(), String> {
    let Ok(reply) = answer else { return Ok(()) };
    let state = reply["data"]["state"].clone();
    let items = reply["data"][list].as_array().cloned().unwrap_or_default();
    let mut part = items
        .into_iter()
        .find(|part| part[by] == *name)
        .ok_or_else(|| format!("the slot has no {by} {name}"))?;
    part["state"] = state;
    reply["data"] = part;
    Ok(())
}
