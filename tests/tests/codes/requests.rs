//! What rules and wrong requests are answered with.

use std::path::Path;

use serde_json::Value;
use venue_core::domain::caller::Caller;
use venue_core::domain::instant::Span;
use venue_core::domain::request::{Sell, Wanted};
use venue_core::engine::{Engine, ImportOptions, MAX_REQUEST_BYTES, OpenOptions, Request};
use venue_tests::fixture::{Fixture, data, the_match};
use venue_tests::peers::{beside, while_locked};
use venue_tests::scenario::run_text;

use super::{Way, code};

/// A sale of one standing place at the match.
pub(crate) fn sale() -> Sell {
    let wanted = Wanted::area("Stehplatz".parse().expect("a name"), 1);
    Sell { slot: the_match(), wanted, payment: None, buyer: None }
}

/// Codes, each with the end of a ledger that is told it.
pub(crate) const LEDGERS: &[(&str, &str)] = &[
    ("forbidden", "sell X slot=S seats=A-1 as=public -> forbidden"),
    (
        "idempotency_mismatch",
        "sell X slot=S seats=A-1 key=k\nsell X slot=S seats=A-2 key=k -> idempotency_mismatch",
    ),
    ("not_found", "sell X slot=S seats=Z-1 -> not_found"),
    ("over", "now 2026-11-03T21:00:00Z\nsell X slot=S seats=A-1 -> over"),
    ("closed", "close S as=organizer:o\nsell X slot=S seats=A-1 -> closed"),
    ("not_on_sale", "now 2026-11-03T19:00:00Z\nhold H slot=S seats=A-1 as=public -> not_on_sale"),
    ("hold_expired", "hold H slot=S seats=A-1\ntick 5m\nconfirm H -> hold_expired"),
    ("already_confirmed", "sell X slot=S seats=A-1\nconfirm X -> already_confirmed"),
    ("released", "hold H slot=S seats=A-1\nrelease H\ntick 1s\nconfirm H -> released"),
    ("cancelled", "sell X slot=S seats=A-1\ncancel X\ntick 1s\nconfirm X -> cancelled"),
    ("not_due", "hold H slot=S seats=A-1\nexpire H -> not_due"),
    ("not_confirmed", "hold H slot=S seats=A-1\ncancel H -> not_confirmed"),
    ("extend_limit", "hold H slot=S seats=A-1\nextend H -> extend_limit"),
    ("payment_mismatch", "sell X slot=S seats=A-1 payment=card::1.00 -> payment_mismatch"),
    (
        "payment_used",
        "sell X slot=S seats=A-1 payment=card:t\nsell Y slot=S seats=A-2 payment=card:t -> payment_used",
    ),
    ("booking_limit", "sell X slot=S area=Stand quantity=5 -> booking_limit"),
    ("buyer_needed", "hold H slot=S seats=A-1 as=public -> buyer_needed"),
    (
        "buyer_limit",
        "sell X slot=S area=Stand quantity=4 buyer=b\nsell Y slot=S area=Stand quantity=3 buyer=b -> buyer_limit",
    ),
    ("seats_taken", "sell X slot=S seats=A-1\nsell Y slot=S seats=A-1 -> seats_taken"),
    (
        "all_held",
        "kill slot=S area=Stand quantity=10 as=organizer:o\nhold H slot=S area=Stand quantity=2\n\
         sell X slot=S area=Stand quantity=1 -> all_held",
    ),
    (
        "sold_out",
        "kill slot=S area=Stand quantity=12 as=organizer:o\nsell X slot=S area=Stand quantity=1 -> sold_out",
    ),
    (
        "not_enough_free",
        "kill slot=S area=Stand quantity=11 as=organizer:o\nsell X slot=S area=Stand quantity=2 -> not_enough_free",
    ),
    ("stale_version", "open S as=organizer:o expected_version=7 -> stale_version"),
    ("slot_cancelled", "call-off S as=organizer:o\nsell X slot=S seats=A-1 -> slot_cancelled"),
    ("not_in_future", "postpone S to=2026-10-01T20:00 as=organizer:o -> not_in_future"),
    ("collision", "postpone S to=2026-11-10T21:00 as=organizer:o -> collision"),
    ("event_draft", "event-complete entwurf as=organizer:o -> event_draft"),
    (
        "event_cancelled",
        "event-cancel konzert as=organizer:o\nevent-publish konzert as=organizer:o -> event_cancelled",
    ),
    (
        "event_completed",
        "now 2026-12-24T09:00:00Z\nevent-complete konzert as=organizer:o\nevent-edit konzert title=X as=organizer:o -> event_completed",
    ),
    ("not_over", "event-complete konzert as=organizer:o -> not_over"),
    (
        "live_bookings",
        "sell X slot=S seats=A-1\nevent-delete konzert as=organizer:o -> live_bookings",
    ),
    ("slug_taken", "event-clone konzert lesung as=organizer:o -> slug_taken"),
    ("fixed", "season keller\nevent-edit konzert hall=hof/keller as=organizer:o -> fixed"),
    ("argument", "sell X slot=S seats=A-1,A-1 -> argument"),
    ("unsupported", "sell X slot=S best=2 -> unsupported"),
    ("organizer_needed", "season nachbar\nsell X slot=S seats=A-1 -> organizer_needed"),
    ("bad_cursor", "bookings after=00 -> bad_cursor"),
    ("import_invalid", "season fehlt -> import_invalid"),
    (
        "clock_behind",
        "sell X slot=S seats=A-1\nnow 2026-11-01T08:00:00Z\nsell Y slot=S seats=A-2 -> clock_behind",
    ),
];

/// Runs the ledgers.
pub(crate) fn ledgers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for (code, end) in LEDGERS {
        let text = format!("season buehne\nslot S konzert@2026-11-03T20:00\n{end}\n");
        let told = run_text(code, &text, &folder).expect("the ledger's answers");
        assert!(told.codes.contains(*code) || *code == "import_invalid", "{code}");
    }
}

/// Codes that take more than a ledger.
pub(crate) const WAYS: &[Way] = &[
    ("too_many_schedules", too_many_schedules),
    ("too_many_slots", too_many_slots),
    ("cursor_epoch", cursor_epoch),
    ("unknown_verb", unknown_verb),
    ("too_large", too_large),
    ("bad_path", bad_path),
    ("engine_closed", engine_closed),
    ("reentrant", reentrant),
    ("busy", busy),
    ("bug", bug),
];

/// Adds a schedule to the arena's event.
fn add_schedule(fixture: &Fixture, rule: &str) -> String {
    let request = format!(
        "{{\"caller\":{{\"role\":\"organizer\"}},\"event\":\"heimspiele-2027-28\",{rule}}}"
    );
    code(fixture.engine.call_json("schedule_add", request.as_bytes()))
}

fn too_many_schedules() -> String {
    let fixture = Fixture::arena();
    let last = "INSERT INTO schedule SELECT randomblob(16), event, 999, rule, NULL FROM schedule
        WHERE event = (SELECT id FROM event WHERE slug = 'heimspiele-2027-28') LIMIT 1";
    beside(&fixture.path()).execute_batch(last).expect("the last schedule");
    add_schedule(&fixture, "\"starts\":\"2027-02-01T18:00:00\"")
}

fn too_many_slots() -> String {
    add_schedule(&Fixture::arena(), "\"open\":[\"mon-sun 00:00-24:00\"],\"length\":\"5m\"")
}

fn cursor_epoch() -> String {
    let fixture = Fixture::arena();
    let feed = |engine: &Engine, request: String| engine.call_json("feed", request.as_bytes());
    let page = feed(&fixture.engine, String::new()).expect("a feed");
    let cursor = page["data"]["next"].as_str().expect("a cursor").to_owned();
    let after = format!("{{\"after\":\"{cursor}\"}}");
    assert!(feed(&fixture.engine, after.clone()).is_ok());
    let copy = fixture.folder.path().join("copy.db");
    fixture.engine.backup(&copy).expect("a backup");
    let (path, options) = (fixture.path(), OpenOptions::default());
    let Fixture { folder: _folder, engine } = fixture;
    drop(engine);
    Engine::restore(&copy, &path, &options).expect("a restore");
    let engine = Engine::open(&path, &options).expect("an open file");
    code(feed(&engine, after))
}

fn unknown_verb() -> String {
    code(Fixture::empty().engine.call_json("sells", b"{}"))
}

fn too_large() -> String {
    code(Fixture::empty().engine.call_json("sell", &vec![b' '; MAX_REQUEST_BYTES + 1]))
}

fn bad_path() -> String {
    for path in [":memory:", "file:x"] {
        assert_eq!(code(Engine::open(path, &OpenOptions::default())), "bad_path");
    }
    code(Engine::open("", &OpenOptions::default()))
}

fn engine_closed() -> String {
    let fixture = Fixture::arena();
    let clone = fixture.engine.clone();
    fixture.engine.close();
    assert_eq!(code(clone.sweep()), "engine_closed");
    code(clone.sell(&Caller::local(), sale()))
}

/// Whoever is told how far an import is calls the engine.
fn reentrant() -> String {
    let fixture = Fixture::arena();
    let mut codes: Vec<String> = Vec::new();
    let mut progress = |_: &str, _: u64, _: u64| {
        codes.push(code(fixture.engine.sell(&Caller::local(), sale())));
    };
    let files = [data("cinema-season.toml")];
    let done =
        fixture.engine.import(&Caller::local(), &files, &ImportOptions::default(), &mut progress);
    done.expect("an import");
    fixture.assert_healthy();
    codes.first().cloned().unwrap_or_default()
}

fn busy() -> String {
    let fixture = Fixture::arena();
    let answer = while_locked(&fixture.path(), || {
        let request = Request::new(&Caller::local(), sale()).key("k".parse().expect("a key"));
        fixture.engine.call(request.deadline(Span::from_millis(1)))
    });
    let error = answer.as_ref().expect_err("nobody answers in time");
    assert!(error.retry_at().is_some());
    // Nothing happened, and the key may be used again.
    let request = Request::new(&Caller::local(), sale()).key("k".parse().expect("a key"));
    fixture.engine.call(request).expect("a sale");
    fixture.assert_healthy();
    code(answer)
}

/// A booking stands where the next one should: the schema refuses, and nobody else is harmed.
fn bug() -> String {
    let fixture = Fixture::arena();
    let _ = fixture.engine.sell(&Caller::local(), sale()).expect("a sale");
    let other = beside(&fixture.path());
    other.execute("UPDATE booking SET number = number + 1", []).expect("a change");
    let answer = fixture.engine.sell(&Caller::local(), sale());
    other.execute("UPDATE booking SET number = number - 1", []).expect("a change");
    let sold = fixture.engine.call_json("sell", &serde_json::to_vec(&sale()).expect("JSON"));
    assert_eq!(sold.expect("a sale")["data"]["state"], Value::from("confirmed"));
    fixture.assert_healthy();
    code(answer)
}
