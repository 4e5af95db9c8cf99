//! One thing is wrong in each of these files, and the check whose promise it breaks finds it.

use std::path::Path;

use rusqlite::Connection;

use crate::store::audit::diagnose;
use crate::store::boundary::Read as _;
use crate::store::sqlite::{Access, open_to_read};

use super::doctor;
use super::office::Office;

/// Which check finds it, and what was done to the file.
const DAMAGES: &[(&str, &str)] = &[
    // search
    ("search", "UPDATE event_text SET body = body || ' zebra'"),
    ("search", "UPDATE event_text SET labels = 'x'"),
    ("search", "UPDATE event_text SET n = n + 100"),
    ("search", "DELETE FROM event_text"),
    ("search", "UPDATE event SET title = title || ' anew'"),
    ("search", "UPDATE hall SET name = 'Elsewhere'"),
    ("search", "UPDATE venue SET city = 'Elsewhere'"),
    ("search", "INSERT INTO event_gram (rowid, grams) VALUES (77, 'abc')"),
    ("search", "INSERT INTO event_gram (rowid, grams) SELECT n, 'abc' FROM event_text"),
    (
        "search",
        "INSERT INTO event_gram (event_gram, rowid, grams) SELECT 'delete', n, 'sho' FROM event_text",
    ),
    // units
    ("units", "DELETE FROM claim WHERE seat = 'A-2'"),
    (
        "units",
        "INSERT INTO claim SELECT event, slot, 'A-1', 0, booking FROM claim WHERE seat = 'A-2'",
    ),
    (
        "units",
        "UPDATE claim SET booking = (SELECT id FROM booking WHERE number = 3) WHERE seat = 'A-2'",
    ),
    ("units", "UPDATE claim SET seat = 'Z-99' WHERE seat = 'A-2'"),
    ("units", "UPDATE claim SET slot = zeroblob(16) WHERE seat = 'A-2'"),
    (
        "units",
        "UPDATE claim SET slot = (SELECT id FROM slot WHERE id <> claim.slot) WHERE seat = 'A-2'",
    ),
    ("units", "UPDATE area_claim SET quantity = quantity + 1 WHERE kind = 0 AND quantity = 3"),
    ("units", "DELETE FROM area_claim WHERE kind = 0 AND quantity = 4"),
    ("units", "UPDATE area_claim SET area = 'Nowhere' WHERE kind = 0 AND quantity = 3"),
    ("units", "UPDATE line SET seat = 'A-10' WHERE seat = 'A-2'"),
    ("units", "UPDATE line SET quantity = 2 WHERE area = 'Stand' AND quantity = 3"),
    ("units", "UPDATE line SET category = 'three' WHERE seat = 'A-2'"),
    // withheld
    ("withheld", "DELETE FROM claim WHERE kind = 2"),
    (
        "withheld",
        "INSERT INTO claim SELECT event, slot, 'A-9', 1, NULL FROM claim WHERE seat = 'A-2'",
    ),
    ("withheld", "UPDATE area_claim SET quantity = 9 WHERE kind = 1"),
    ("withheld", "UPDATE claim SET seat = 'A-9' WHERE kind = 2"),
    // counters
    ("counters", "UPDATE seat_count SET sold = sold + 1 WHERE category = 'one'"),
    ("counters", "UPDATE seat_count SET held = held - 1 WHERE category = 'two'"),
    ("counters", "UPDATE seat_count SET killed = 0, house = 1 WHERE category = 'one'"),
    ("counters", "UPDATE area SET house = house + 1 WHERE name = 'Stand' AND house > 0"),
    ("counters", "UPDATE area SET capacity = capacity + 1 WHERE name = 'Box'"),
    ("counters", "UPDATE hall_area SET capacity = 8 WHERE name = 'Stand'"),
    ("counters", "DELETE FROM area WHERE name = 'Stand' AND house > 0"),
    ("counters", "DELETE FROM seat_count"),
    ("counters", "UPDATE seat_count SET category = 'nothing' WHERE category = 'one'"),
    // jobs
    ("jobs", "UPDATE slot SET cancelled = 1"),
    ("replay", "UPDATE slot SET cancelled = 1"),
    (
        "jobs",
        "INSERT INTO job SELECT event, id, 0, 1, 0, 0, NULL, zeroblob(16), 0, 0, 0, 0, 0, NULL, 'admin', NULL, NULL FROM slot LIMIT 1",
    ),
    (
        "jobs",
        "INSERT INTO job SELECT event, CAST('0123456789abcdef' AS BLOB), 0, 0, 0, NULL, NULL, zeroblob(16), 0, 0, 0, 0, 0, NULL, 'admin', NULL, NULL FROM slot LIMIT 1",
    ),
    // holds
    ("holds", "DELETE FROM hold WHERE area IS NULL"),
    ("holds", "UPDATE hold SET expires_at = expires_at + 1"),
    ("holds", "UPDATE hold SET area = 'Box' WHERE area = 'Stand'"),
    (
        "holds",
        "INSERT INTO hold SELECT event, (SELECT slot FROM line LIMIT 1), created_at, id, NULL FROM booking WHERE number = 2",
    ),
    ("holds", "UPDATE slot SET next_due = NULL"),
    ("holds", "UPDATE slot SET next_due = next_due - 1"),
    ("holds", "UPDATE booking SET expires_at = expires_at + 1 WHERE state = 0"),
    // bookings
    ("bookings", "UPDATE line SET unit = unit + 1 WHERE seat = 'A-2'"),
    ("bookings", "UPDATE line SET discount = 5 WHERE seat = 'A-2'"),
    ("bookings", "UPDATE booking SET total = total + 1 WHERE number = 2"),
    ("bookings", "UPDATE booking SET paid = paid - 1 WHERE number = 2"),
    ("bookings", "UPDATE booking SET refund_due = paid + 1 WHERE number = 1"),
    ("bookings", "UPDATE booking SET refund_due = 0 WHERE number = 1"),
    ("bookings", "UPDATE booking SET currency = 'USD' WHERE number = 2"),
    ("bookings", "UPDATE booking SET number = 999 WHERE number = 2"),
    ("bookings", "UPDATE booking SET number = -4 WHERE number = 2"),
    ("bookings", "UPDATE booking SET number = 1099511627776 WHERE number = 2"),
    ("bookings", "UPDATE booking SET created_at = created_at - 1000000 WHERE number = 2"),
    ("bookings", "UPDATE booking SET created_at = -1 WHERE number = 2"),
    ("bookings", "UPDATE booking SET organizer = zeroblob(16) WHERE number = 2"),
    ("bookings", "UPDATE booking SET confirmed_at = NULL WHERE number = 2"),
    ("bookings", "UPDATE booking SET state = 7 WHERE number = 2"),
    ("bookings", "UPDATE booking SET expires_at = NULL WHERE state = 0"),
    ("bookings", "UPDATE booking SET channel = 'nobody' WHERE number = 2"),
    ("bookings", "UPDATE booking SET paid_by = NULL WHERE number = 2"),
    ("bookings", "UPDATE line SET n = 3 WHERE n = 2"),
    ("bookings", "UPDATE line SET n = 400 WHERE n = 2"),
    ("bookings", "UPDATE line SET unit = 9223372036854775807 WHERE seat = 'A-2'"),
    ("bookings", "UPDATE line SET quantity = 255 WHERE area = 'Stand' AND quantity = 3"),
    ("bookings", "UPDATE line SET slot = zeroblob(16) WHERE seat = 'A-2'"),
    ("bookings", "UPDATE line SET cancelled_at = NULL WHERE state = 1"),
    ("bookings", "DELETE FROM line WHERE seat = 'A-4'"),
    ("bookings", "DELETE FROM booking WHERE number = 4"),
    // tickets
    ("tickets", "DELETE FROM ticket WHERE n = 2 AND line = 2"),
    ("tickets", "DELETE FROM ticket"),
    ("tickets", "UPDATE ticket SET id = zeroblob(16) WHERE n = 3"),
    ("tickets", "UPDATE ticket SET state = 1 WHERE n = 3"),
    ("tickets", "UPDATE ticket SET state = 0 WHERE state = 1"),
    ("tickets", "UPDATE ticket SET line = 2 WHERE n = 3"),
    ("tickets", "UPDATE ticket SET booking = zeroblob(16) WHERE n = 3"),
    (
        "tickets",
        "INSERT INTO ticket SELECT event, id, 1, zeroblob(16), 1, 1, 0 FROM booking WHERE state = 0 LIMIT 1",
    ),
    // payments
    ("payments", "UPDATE payment SET amount = amount + 1"),
    (
        "payments",
        "UPDATE payment SET booking = (SELECT id FROM booking WHERE number = 4) WHERE provider_ref = 'tx-1'",
    ),
    ("payments", "UPDATE payment SET booking = zeroblob(16) WHERE provider_ref = 'tx-1'"),
    ("payments", "UPDATE payment SET method = 'cash'"),
    // feed
    ("feed", "DELETE FROM change WHERE seq = 5"),
    ("feed", "DELETE FROM change WHERE seq = 1"),
    ("feed", "UPDATE change SET body = replace(body, 'EUR', 'USD') WHERE seq = 2"),
    ("feed", "UPDATE change SET body = NULL WHERE seq = 2"),
    ("feed", "UPDATE change SET body = '{' WHERE kind = 'house.set'"),
    ("feed", "UPDATE change SET chain = zeroblob(32) WHERE seq = 4"),
    ("feed", "UPDATE change SET actor = 'mallory' WHERE seq = 4"),
    ("feed", "UPDATE change SET at = at - 100000000 WHERE seq = 9"),
    ("feed", "UPDATE change SET at = -1 WHERE seq = 9"),
    ("feed", "UPDATE change SET kind = 'booking.stolen' WHERE seq = 1"),
    ("feed", "UPDATE change SET kind = 'nonsense' WHERE booking IS NULL"),
    ("feed", "UPDATE change SET shard = 1 WHERE seq = 3"),
    ("feed", "UPDATE change SET slot = zeroblob(16) WHERE seq = 3"),
    ("feed", "UPDATE change SET booking = NULL WHERE seq = 3"),
    // replay
    ("replay", "UPDATE booking SET buyer = 'somebody' WHERE number = 2"),
    ("replay", "UPDATE booking SET state = 0, expires_at = 1900000000000000 WHERE number = 2"),
    ("replay", "UPDATE booking SET ended_why = 'sun' WHERE state = 4"),
    ("replay", "UPDATE booking SET ended_at = ended_at + 1 WHERE state = 2"),
    ("replay", "UPDATE line SET label = 'Elsewhere' WHERE seat = 'A-2'"),
    ("replay", "UPDATE line SET category = 'two' WHERE seat = 'A-2'"),
    ("replay", "DELETE FROM booking WHERE number = 2"),
    ("replay", "DELETE FROM change WHERE kind = 'booking.confirmed' AND seq = 1"),
    ("replay", "UPDATE change SET kind = 'booking.extended' WHERE kind = 'booking.released'"),
    ("replay", "UPDATE change SET due_at = due_at + 1 WHERE due_at IS NOT NULL"),
    ("replay", "UPDATE change SET at = at - 400000000 WHERE kind = 'booking.expired'"),
    ("replay", "UPDATE slot SET closed = 1"),
    // keys
    ("keys", "UPDATE key_record SET seq = 9999 WHERE stored = 1"),
    ("keys", "DELETE FROM key_record WHERE seq = 1"),
    ("keys", "UPDATE key_record SET seq = 2 WHERE seq = 1"),
    (
        "keys",
        "UPDATE key_record SET seq = (SELECT seq FROM change WHERE kind = 'house.set') WHERE stored = 1",
    ),
    ("keys", "UPDATE key_record SET fingerprints = x'0102' WHERE stored = 1"),
    ("keys", "UPDATE key_record SET reply = 'x' WHERE seq IS NULL"),
    ("keys", "UPDATE key_record SET reply = NULL WHERE seq IS NULL"),
    // meta
    ("meta", "UPDATE meta SET floor = 5"),
    ("meta", "UPDATE meta SET last_number = last_number - 1"),
    ("meta", "UPDATE meta SET last_seq = last_seq + 1"),
    ("meta", "UPDATE meta SET last_seq = last_seq - 1"),
    ("meta", "UPDATE meta SET chain = zeroblob(32)"),
    ("meta", "UPDATE meta SET chain = x'01'"),
    ("feed", "UPDATE meta SET file_id = zeroblob(16)"),
    ("bookings", "UPDATE meta SET last_number = -9223372036854775808, last_seq = -1"),
    // catalogue
    ("catalogue", "DELETE FROM price WHERE category = 'box'"),
    ("catalogue", "INSERT INTO price SELECT event, 'loge', rate, 9, minor, 0 FROM price LIMIT 1"),
    ("catalogue", "UPDATE slot SET starts_at = (SELECT MIN(starts_at) FROM slot) + 60000000"),
    ("catalogue", "UPDATE slot SET ends_at = starts_at"),
    ("catalogue", "UPDATE plan_capacity SET capacity = 11 WHERE category = 'one'"),
    ("catalogue", "DELETE FROM seat WHERE guid = 'B-10'"),
    ("catalogue", "UPDATE plan_version SET seats = 19"),
    // the file itself
    ("schema", "CREATE TABLE extra (a)"),
    ("schema", "CREATE VIEW extra AS SELECT 1"),
    ("schema", "CREATE TRIGGER extra AFTER INSERT ON booking BEGIN DELETE FROM claim; END"),
    ("schema", "CREATE INDEX extra ON booking (state)"),
    ("schema", "DROP INDEX slot_start"),
    ("schema", "DROP TABLE payment"),
    ("schema", "ALTER TABLE booking ADD COLUMN extra TEXT"),
    ("foreign_keys", "DELETE FROM schedule"),
    ("foreign_keys", "UPDATE slot SET plan = zeroblob(16)"),
    ("sqlite_integrity", "UPDATE area SET held = 99 WHERE name = 'Box'"),
    (
        "sqlite_integrity",
        "UPDATE booking SET event = x'01' WHERE number = 2; UPDATE booking SET id = x'02' WHERE number = 2",
    ),
];

fn damage(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")
        .unwrap();
    let before = connection.total_changes();
    if let Err(error) = connection.execute_batch(sql) {
        panic!("{sql}: {error}");
    }
    let is_data = ["UPDATE", "DELETE", "INSERT"].iter().any(|verb| sql.starts_with(verb));
    assert!(!is_data || connection.total_changes() > before, "{sql} changes nothing");
}

/// Every damage is found by the check whose promise it breaks; none makes `doctor` panic or give up.
#[test]
fn each_damage_is_found_by_its_check() {
    let mut office = Office::new(50);
    super::story::tell(&mut office, &|_, _| {});
    let (folder, path) = office.close();
    let mut missed = Vec::new();
    for (nth, (check, sql)) in DAMAGES.iter().enumerate() {
        let copy = folder.path().join(format!("copy-{nth}.db"));
        std::fs::copy(&path, &copy).unwrap();
        damage(&copy, sql);
        let said = doctor(&copy);
        let found = said.check(check).unwrap();
        if found.ok || said.ok {
            let others = said.checks.iter().filter(|check| !check.ok).collect::<Vec<_>>();
            missed.push(format!("{check}: {sql}: {others:#?}"));
        }
        std::fs::remove_file(&copy).unwrap();
    }
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), DAMAGES.len(), missed.join("\n"));
}

/// The mark of a log that may hold commits, and no log beside the file: copied alone.
#[test]
fn a_file_that_was_copied_alone_is_told() {
    let mut office = Office::new(50);
    super::story::tell(&mut office, &|_, _| {});
    let (_folder, path) = office.close();
    damage(&path, "UPDATE meta SET dirty = 1");
    let said = doctor(&path);
    let wrong: Vec<_> = said.checks.iter().filter(|check| !check.ok).map(|c| &c.name).collect();
    assert_eq!(wrong, ["copied_without_wal"]);
}

/// Without its own row nothing else can be judged, and doctor says so.
#[test]
fn a_file_that_loses_its_row_is_told() {
    let (_folder, path) = Office::new(50).close();
    let (readers, _) = open_to_read(&path, &Access::default()).unwrap();
    Connection::open(&path).unwrap().execute_batch("DELETE FROM meta").unwrap();
    let mut said = None;
    readers.read(&mut |view| said = Some(diagnose(view, &[], &mut |_, _, _| {}))).unwrap();
    let said = said.unwrap().unwrap();
    assert!(!said.check("meta").unwrap().ok && !said.check("units").unwrap().ok);
    assert!(said.check("schema").unwrap().ok && said.check("sqlite_integrity").unwrap().ok);
}

/// Whatever stands in the pages, there is an answer: never a panic.
#[test]
fn spoiled_bytes_are_survived() {
    let mut office = Office::new(50);
    super::story::tell(&mut office, &|_, _| {});
    let (folder, path) = office.close();
    let sound = std::fs::read(&path).unwrap();
    let copy = folder.path().join("copy.db");
    let (mut random, mut told) = (1_u64, 0);
    for _ in 0..200 {
        let mut bytes = sound.clone();
        for _ in 0..8 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = 100 + usize::try_from(random >> 33).unwrap() % (bytes.len() - 100);
            bytes[at] ^= u8::try_from(random >> 25 & 0xff).unwrap() | 1;
        }
        std::fs::write(&copy, &bytes).unwrap();
        let Ok((readers, found)) = open_to_read(&copy, &Access::default()) else { continue };
        let mut said = None;
        let read = readers
            .read(&mut |view| said = Some(diagnose(view, &found.warnings, &mut |_, _, _| {})));
        told += u32::from(read.is_ok() && said.is_some_and(|s| s.is_ok_and(|s| !s.ok)));
        drop(readers);
        for side in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("copy.db{side}")));
        }
    }
    assert!(told > 50, "{told} of 200 files were judged");
}
