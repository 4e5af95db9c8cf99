//! What is asked of a damaged file: an error or right data, never a panic, and never an "ok" over other rows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use venue_core::domain::caller::Caller;
use venue_core::engine::{Engine, ImportOptions};
use venue_tests::panics;

use super::base::{Base, Image, Names, beside, options};
use super::known::UNPROTECTED;
use super::rows::{Rows, differing, rows};

/// What became of a damaged file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Doctor names what is wrong, or cannot even open it.
    Told,
    /// The same, and a command was answered `bug`: the schema refused its row beside damaged ones, and cannot tell whose
    /// fault it is.
    ToldAndRefused,
    /// The same, and an assertion stopped the command before it wrote.
    ToldAndStopped,
    /// Nothing that is a row was hit: doctor says ok, and everything works as before.
    Harmless,
    /// Doctor says ok over the state after an earlier commit, whole: the log was cut.
    Earlier,
    /// Doctor says ok, and columns differ that nothing in the file says twice.
    Unprotected(Vec<String>),
    /// A broken promise.
    Wrong(String),
}

/// Judges files, one after the other, in a folder of its own.
#[derive(Debug)]
pub(super) struct Judge {
    base: Base,
    /// What is answered of a sound file.
    expected: Vec<String>,
}

impl Judge {
    /// Makes the files that damages begin with, and asks the sound one.
    pub(super) fn new() -> Self {
        let mut judge = Self { base: Base::make(), expected: Vec::new() };
        let path = judge.put(&judge.base.closed);
        judge.expected = ask_all(&path, &judge.base.names);
        let refused = judge.expected.iter().filter(|answer| !answer.ends_with('}'));
        let codes: Vec<&str> = refused.filter_map(|answer| answer.rsplit(' ').next()).collect();
        assert_eq!(codes, ["seats_taken", "extend_limit", "cancelled"], "of a sound file");
        judge
    }

    /// The files that damages begin with.
    pub(super) fn base(&self) -> &Base {
        &self.base
    }

    /// Writes an image where it is judged; nothing else lies there.
    pub(super) fn put(&self, image: &Image) -> PathBuf {
        let path = self.base.folder.path().join("damaged.db");
        for side in ["", "-wal", "-shm", "-journal", "-lock", "-secret"] {
            let _ = std::fs::remove_file(beside(&path, side));
        }
        std::fs::write(&path, &image.file).expect("a file");
        std::fs::write(beside(&path, "-secret"), secret(&self.base)).expect("a secret");
        if let Some(log) = &image.log {
            std::fs::write(beside(&path, "-wal"), log).expect("a log");
        }
        path
    }

    /// Judges the file that lies there. `states` are the rows that it may rightly have, newest last.
    pub(super) fn judge(&self, path: &Path, states: &[Rows]) -> Verdict {
        let said = catch_unwind(AssertUnwindSafe(|| healthy(path)));
        let Ok(healthy_before) = said else {
            return Verdict::Wrong(format!("doctor panicked: {:?}", panics::take()));
        };
        let verdict = if healthy_before { compare(path, states) } else { Verdict::Told };
        let answers = catch_unwind(AssertUnwindSafe(|| ask_all(path, &self.base.names)));
        let healthy_after = catch_unwind(AssertUnwindSafe(|| healthy(path)));
        let seen = panics::take();
        let (Ok(answers), Ok(healthy_after)) = (answers, healthy_after) else {
            return Verdict::Wrong(format!("it panicked: {seen:?}"));
        };
        if !seen.is_empty() {
            // The engine's assertions are its last line. No contradiction that is known comes to one: see `contradictions`. Only
            // commands may, and only over a file of which doctor says so.
            let stopped = answers.iter().filter(|answer| answer.ends_with(": bug")).count();
            if verdict != Verdict::Told || seen.len() > stopped {
                return Verdict::Wrong(format!("it panicked: {seen:?}"));
            }
            return Verdict::ToldAndStopped;
        }
        if answers.iter().any(|answer| answer.ends_with(": bug")) {
            return match verdict {
                Verdict::Told => Verdict::ToldAndRefused,
                other => Verdict::Wrong(format!("a false ok: a bug, and doctor says {other:?}")),
            };
        }
        if verdict == Verdict::Harmless {
            let same = answers.iter().zip(&self.expected).find(|(is, ought)| is != ought);
            if let Some((is, ought)) = same {
                return Verdict::Wrong(format!("a false ok: {is} instead of {ought}"));
            }
            if !healthy_after {
                return Verdict::Wrong("a false ok: selling damaged the file".to_owned());
            }
        }
        verdict
    }
}

fn secret(base: &Base) -> Vec<u8> {
    std::fs::read(base.folder.path().join("base-7.db-secret")).expect("a secret")
}

/// Whether doctor finds nothing.
pub(super) fn healthy(path: &Path) -> bool {
    Engine::doctor(path, &options(), &mut |_, _, _| {}).is_ok_and(|said| said.ok)
}

/// Whether a file of which doctor says ok has the rows that it should have.
fn compare(path: &Path, states: &[Rows]) -> Verdict {
    let copy = beside(path, "-rows");
    for side in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(&copy, side));
    }
    std::fs::copy(path, &copy).expect("a copy");
    if beside(path, "-wal").exists() {
        std::fs::copy(beside(path, "-wal"), beside(&copy, "-wal")).expect("a copy");
    }
    let found = match rows(&copy) {
        Ok(found) => found,
        Err(error) => return Verdict::Wrong(format!("a false ok: the rows do not read: {error}")),
    };
    let Some((newest, earlier)) = states.split_last() else {
        return Verdict::Wrong("nothing to compare with".to_owned());
    };
    if found == *newest {
        return Verdict::Harmless;
    }
    if earlier.contains(&found) {
        return Verdict::Earlier;
    }
    let places = differing(newest, &found);
    if places.iter().all(|place| UNPROTECTED.contains(&&**place)) {
        return Verdict::Unprotected(places);
    }
    Verdict::Wrong(format!("a false ok: other rows in {places:?}"))
}

/// Asks everything of a file, changes it in every way, and says what was answered.
fn ask_all(path: &Path, names: &Names) -> Vec<String> {
    let mut answers = vec![match Engine::info(path, &options()) {
        Ok(info) => format!("info: {{{} {:?}}}", info.epoch, info.organizers),
        Err(error) => format!("info: {}", error.code()),
    }];
    let engine = match Engine::open(path, &options()) {
        Ok(engine) => engine,
        Err(error) => {
            answers.push(format!("open: {}", error.code()));
            return answers;
        }
    };
    let (reading, writing) = (questions(names), acts(names));
    for (verb, request) in reading.iter().chain(&writing) {
        answers.push(match engine.call_json(verb, request.to_string().as_bytes()) {
            Ok(answer) => format!("{verb} {request}: {answer}"),
            Err(error) => format!("{verb} {request}: {}", error.code()),
        });
    }
    let season = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/seasons/buehne.toml");
    let (local, import) = (Caller::local(), ImportOptions::default());
    answers.push(match engine.import(&local, &[season], &import, &mut |_, _, _| {}) {
        Ok(done) => format!("import: {{{}}}", serde_json::to_string(&done).expect("plain data")),
        Err(error) => format!("import: {}", error.code()),
    });
    engine.close();
    answers
}

const KONZERT: &str = "konzert@2026-12-20T20:00";
const LESUNG: &str = "lesung@2100-06-01T18:00";

/// Every reading verb.
fn questions(names: &Names) -> Vec<(&'static str, Value)> {
    let hall = json!({"hall": "hof/saal"});
    let mut all = vec![
        ("venue_list", json!({})),
        ("venue_show", json!({"venue": "hof"})),
        ("hall_list", json!({})),
        ("hall_show", hall.clone()),
        ("plan_list", json!({})),
        ("plan_show", hall),
        ("event_list", json!({})),
        ("event_show", json!({"event": "konzert"})),
        ("slot_list", json!({})),
        ("slot_list", json!({"event": "lesung", "limit": 1})),
        ("booking_list", json!({})),
        ("booking_list", json!({"buyer": "b-1"})),
        ("ticket_show", json!({"ticket": names.ticket})),
        ("feed", json!({"limit": 1_000})),
        ("feed", json!({"event": "lesung"})),
    ];
    for slot in [KONZERT, LESUNG] {
        for verb in ["slot_show", "slot_map", "booking_list", "ticket_list"] {
            all.push((verb, json!({"slot": slot})));
        }
    }
    for booking in [&names.held, &names.confirmed] {
        all.push(("booking_show", json!({"booking": booking})));
        all.push(("ticket_list", json!({"booking": booking})));
    }
    all
}

/// Every writing verb.
fn acts(names: &Names) -> Vec<(&'static str, Value)> {
    let organizer = json!({"role": "organizer", "actor": "o"});
    let again = json!({"slot": KONZERT, "seats": ["A-1", "A-2"], "payment": "card:tx-1:40.00", "buyer": "b-1", "idempotency_key": "a-key-of-the-hostile-0001", "request_id": "r-1"});
    vec![
        ("sell", again),
        ("sell", json!({"slot": KONZERT, "seats": ["A-3"], "buyer": "b-1"})),
        ("sell", json!({"slot": KONZERT, "seats": ["A-1"]})),
        ("sell", json!({"slot": LESUNG, "area": "Stand", "quantity": 2, "payment": "card:tx-9"})),
        ("hold", json!({"slot": LESUNG, "seats": ["A-6"], "buyer": "b-4"})),
        ("extend", json!({"booking": names.held})),
        ("confirm", json!({"booking": names.held})),
        ("cancel", json!({"booking": names.confirmed, "line": [1]})),
        ("cancel", json!({"booking": names.confirmed})),
        ("expire", json!({"booking": names.confirmed})),
        ("house", json!({"slot": LESUNG, "seats": ["B-6"], "kind": "kill", "caller": organizer})),
        (
            "house",
            json!({"slot": KONZERT, "area": "Stand", "quantity": 1, "kind": "kill", "lift": true, "caller": organizer}),
        ),
        ("slot_close", json!({"slot": LESUNG, "caller": organizer})),
        ("slot_open", json!({"slot": LESUNG, "caller": organizer})),
        ("sweep", json!({})),
        ("clock_accept", json!({"caller": organizer})),
    ]
}
