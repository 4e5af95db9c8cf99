//! Measures how many rows a second the store takes in batches: 100 batches of 1,000 sales of 7 rows each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use venue_core::store::boundary::{Call, Committed, Kind, Statement, Store as _, Value};
use venue_core::store::sqlite::{Access, NewFile, create, open};

use Kind::{Bytes, Id, Int, Text};

static BOOKING: Statement = Statement {
    name: "bench_booking",
    sql: "INSERT INTO booking (event, id, organizer, number, kind, state, buyer, channel, terminal, actor, \
          request_id, ttl, created_at, expires_at, ended_at, ended_why, currency, total, paid, paid_by, \
          refund_due, token_hash, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
          $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
    parameters: &[
        Id, Id, Id, Int, Int, Int, Text, Text, Text, Text, Text, Int, Int, Int, Int, Text, Text,
        Int, Int, Text, Int, Bytes, Int,
    ],
    columns: &[],
};

static LINE: Statement = Statement {
    name: "bench_line",
    sql: "INSERT INTO line (event, booking, n, slot, seat, area, label, quantity, category, rate, unit, \
          discount, fee, tax, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    parameters: &[Id, Id, Int, Id, Text, Text, Text, Int, Text, Text, Int, Int, Int, Int, Int],
    columns: &[],
};

static TICKET: Statement = Statement {
    name: "bench_ticket",
    sql: "INSERT INTO ticket (event, booking, n, id, line, code_version, state) \
          VALUES ($1, $2, $3, $4, $5, $6, $7)",
    parameters: &[Id, Id, Int, Id, Int, Int, Int],
    columns: &[],
};

static CHANGE: Statement = Statement {
    name: "bench_change",
    sql: "INSERT INTO change (seq, shard, at, organizer, event, slot, booking, kind, body, due_at, actor, \
          role, terminal, request_id, chain) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    parameters: &[Int, Int, Int, Id, Id, Id, Id, Text, Text, Int, Text, Text, Text, Text, Bytes],
    columns: &[],
};

static KEY: Statement = Statement {
    name: "bench_key",
    sql: "INSERT INTO key_record (stored, organizer, scope, key, verb, fingerprints, seq, reply, expires_at) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    parameters: &[Int, Id, Text, Text, Text, Bytes, Int, Text, Int],
    columns: &[],
};

static CLAIM: Statement = Statement {
    name: "bench_claim",
    sql: "INSERT INTO area_claim (event, slot, area, kind, booking, quantity) VALUES ($1, $2, $3, $4, $5, $6)",
    parameters: &[Id, Id, Text, Int, Id, Int],
    columns: &[],
};

fn main() {
    let batches = number("BATCHES", 100);
    let sales = number("SALES", 1_000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bench.db");
    let new = NewFile {
        file_id: [1; 16],
        epoch: 1,
        floor: 1,
        test_clock: true,
        group: None,
        secret: [0; 32],
    };
    create(&path, &new, &Access::default()).expect("a file");
    let opening = Instant::now();
    let mut store = open(&path, &Access::default()).expect("an open file").writer;
    println!("opened in           {:?}", opening.elapsed());
    let text = |text: &str| Value::Text(Arc::from(text));
    let words = Words {
        area: text("Parkett"),
        role: text("terminal"),
        euro: text("EUR"),
        full: text("standard"),
        body: text(&"x".repeat(600)),
    };
    let (mut in_sql, mut in_commit, mut in_maintain) =
        (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let started = Instant::now();
    for batch in 0..batches {
        let calls = build(batch * sales, sales, &words);
        assert!(store.begin(&mut || true).expect("the lock"));
        let at = Instant::now();
        store.tx().exec(&calls).expect("rows");
        in_sql += at.elapsed();
        let at = Instant::now();
        assert_eq!(store.commit(), Committed::Done);
        in_commit += at.elapsed();
        let at = Instant::now();
        store.maintain();
        in_maintain += at.elapsed();
    }
    let rows = f64::from(i32::try_from(batches * sales * 7).expect("a sensible number of rows"));
    println!("rows                {rows}");
    println!("rows/s in exec      {:.0}", rows / in_sql.as_secs_f64());
    println!("rows/s with commit  {:.0}", rows / (in_sql + in_commit).as_secs_f64());
    println!("rows/s in all       {:.0}", rows / started.elapsed().as_secs_f64());
    println!("exec {in_sql:?}, commit {in_commit:?}, checkpoints {in_maintain:?}");
}

struct Words {
    area: Value,
    role: Value,
    euro: Value,
    full: Value,
    body: Value,
}

fn build(from: i64, sales: i64, words: &Words) -> Vec<Call> {
    let mut calls = [&BOOKING, &LINE, &TICKET, &CHANGE, &KEY, &CLAIM].map(Call::new);
    let [booking, line, ticket, change, key, claim] = &mut calls;
    for number in from + 1..=from + sales {
        let id = id(number);
        booking.push(booking_row(number, &id, words));
        line.push(line_row(&id, words));
        for n in 1..=2 {
            let valid = [Value::Int(1), Value::Int(1), Value::Int(0)];
            ticket.push([event(), id.clone(), Value::Int(n), id.clone()].into_iter().chain(valid));
        }
        change.push(change_row(number, &id, words));
        key.push(key_row(number, words));
        let (area, kind, quantity) = (words.area.clone(), Value::Int(0), Value::Int(2));
        claim.push([event(), slot(), area, kind, id.clone(), quantity]);
    }
    calls.into()
}

fn event() -> Value {
    Value::Id([2; 16])
}

fn slot() -> Value {
    Value::Id([3; 16])
}

fn organizer() -> Value {
    Value::Id([4; 16])
}

/// An id that grows with the number, as a UUIDv7 does.
fn id(number: i64) -> Value {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    let spread = number.wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.cast_signed());
    id[8..].copy_from_slice(&spread.to_be_bytes());
    Value::Id(id)
}

fn booking_row(number: i64, id: &Value, words: &Words) -> [Value; 23] {
    let (int, null, role) = (Value::Int, || Value::Null, || words.role.clone());
    let mut row = [const { Value::Null }; 23];
    row[..6].clone_from_slice(&[event(), id.clone(), organizer(), int(number), int(0), int(1)]);
    row[6..12].clone_from_slice(&[null(), role(), null(), role(), null(), int(0)]);
    row[12] = int(number);
    row[16..20].clone_from_slice(&[words.euro.clone(), int(6_400), int(6_400), words.full.clone()]);
    row[20] = int(0);
    row[22] = int(1);
    row
}

fn line_row(id: &Value, words: &Words) -> [Value; 15] {
    let int = Value::Int;
    let mut row = [const { Value::Null }; 15];
    row[..4].clone_from_slice(&[event(), id.clone(), int(1), slot()]);
    row[5] = words.area.clone();
    row[7..10].clone_from_slice(&[int(2), words.area.clone(), words.full.clone()]);
    row[10..].clone_from_slice(&[int(3_200), int(0), int(0), int(400), int(0)]);
    row
}

fn change_row(number: i64, id: &Value, words: &Words) -> [Value; 15] {
    let int = Value::Int;
    let mut row = [const { Value::Null }; 15];
    row[..4].clone_from_slice(&[int(number), int(0), int(number), organizer()]);
    row[4..7].clone_from_slice(&[event(), slot(), id.clone()]);
    row[7..9].clone_from_slice(&[words.full.clone(), words.body.clone()]);
    row[10..12].clone_from_slice(&[words.role.clone(), words.role.clone()]);
    row[14] = Value::Bytes(Box::from([5; 32]));
    row
}

fn key_row(number: i64, words: &Words) -> [Value; 9] {
    let name = Value::Text(Arc::from(format!("key-{number:016x}")));
    let prints = Value::Bytes(Box::from([6; 40]));
    let (role, number) = (|| words.role.clone(), Value::Int(number));
    let expires = number.clone();
    [number.clone(), organizer(), role(), name, role(), prints, number, Value::Null, expires]
}

fn number(name: &str, usual: i64) -> i64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}
