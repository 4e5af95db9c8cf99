//! Damages by SQL: what somebody does to a file who knows SQLite, and lets nothing keep them from it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};
use venue_tests::dice::Dice;

/// A way of damaging a file by SQL. False: it came to nothing.
pub(super) type Damage = fn(&mut Dice, &Path) -> rusqlite::Result<bool>;

/// All of them, by name.
pub(super) const DAMAGES: &[(&str, Damage)] = &[
    ("a cell", |dice, path| cell(dice, path, None)),
    ("a cell of a booking", |dice, path| {
        let table = *dice.one_of(&["booking", "line", "ticket", "payment", "hold"]);
        cell(dice, path, Some(table))
    }),
    ("a cell of a slot", |dice, path| {
        let table = *dice.one_of(&["slot", "area", "seat_count", "claim", "area_claim"]);
        cell(dice, path, Some(table))
    }),
    ("a cell of the feed", |dice, path| cell(dice, path, Some("change"))),
    ("a cell of the file's row", |dice, path| cell(dice, path, Some("meta"))),
    ("a row gone", |dice, path| {
        let connection = lawless(path)?;
        let table = table(dice, &connection)?;
        let row = row(dice, &connection, &table)?;
        Ok(connection.execute(&format!("DELETE FROM {table} WHERE {row}"), [])? == 1)
    }),
    ("all rows gone", |dice, path| {
        let connection = lawless(path)?;
        let table = table(dice, &connection)?;
        Ok(connection.execute(&format!("DELETE FROM {table}"), [])? > 0)
    }),
    ("values exchanged", |dice, path| {
        let connection = lawless(path)?;
        let table = table(dice, &connection)?;
        let column = column(dice, &connection, &table)?;
        let [one, other] = [row(dice, &connection, &table)?, row(dice, &connection, &table)?];
        let sql = format!("SELECT {column} FROM {table} WHERE {one}");
        let value: rusqlite::types::Value = connection.query_one(&sql, [], |row| row.get(0))?;
        let sql = format!("UPDATE OR IGNORE {table} SET {column} = ?1 WHERE {other}");
        Ok(connection.execute(&sql, [value])? == 1)
    }),
    ("a part of the schema gone", |dice, path| {
        let connection = lawless(path)?;
        let place = dice.below(count(&connection, "SELECT count(*) FROM sqlite_schema")?);
        let sql = "DELETE FROM sqlite_schema WHERE rowid = (SELECT rowid FROM sqlite_schema LIMIT 1 OFFSET ?1)";
        connection.execute(sql, [place.to_string()]).map(|gone| gone == 1)
    }),
    ("an index gone", |dice, path| {
        let index =
            *dice.one_of(&["slot_id", "slot_start", "booking_due", "booking_buyer", "line_slot"]);
        lawless(path)?.execute_batch(&format!("DROP INDEX {index}")).map(|()| true)
    }),
    ("an index of other rows", |dice, path| {
        // The index is there, and does not lead to the rows that were written while it was not.
        let connection = lawless(path)?;
        let index = *dice.one_of(&["slot_start", "booking_due", "booking_buyer", "line_slot"]);
        let old: (String, i64) = connection.query_one(
            "SELECT sql, rootpage FROM sqlite_schema WHERE name = ?1",
            [index],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        connection.execute(
            "UPDATE sqlite_schema SET sql = ?1 || ' AND 0' WHERE name = ?2 AND sql LIKE '%WHERE%'",
            params![old.0, index],
        )?;
        connection.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND name <> ?1 AND sql IS NOT NULL LIMIT 1) WHERE name = ?1", [index])?;
        Ok(true)
    }),
    ("a trigger more", |dice, path| {
        let body = *dice.one_of(&[
            "AFTER INSERT ON booking BEGIN DELETE FROM claim; END",
            "AFTER UPDATE ON meta BEGIN UPDATE meta SET last_seq = last_seq + 1; END",
            "BEFORE INSERT ON change BEGIN SELECT RAISE(ABORT, 'no'); END",
            "AFTER INSERT ON line BEGIN SELECT RAISE(ROLLBACK, 'gone'); END",
            "BEFORE INSERT ON claim BEGIN SELECT RAISE(IGNORE); END",
        ]);
        lawless(path)?.execute_batch(&format!("CREATE TRIGGER extra {body}")).map(|()| true)
    }),
    ("other words in the schema", |dice, path| {
        let connection = lawless(path)?;
        let (from, to) = *dice.one_of(&[
            ("CHECK", "CHECX"),
            ("STRICT", ""),
            ("PRIMARY KEY", "UNIQUE"),
            ("BLOB", "TEXT"),
            ("booking", "booking_"),
            ("(", ""),
            ("NOT NULL", "DEFAULT (abs(-9223372036854775807 - 1))"),
        ]);
        let table = table(dice, &connection)?;
        let sql = "UPDATE sqlite_schema SET sql = replace(sql, ?1, ?2) WHERE name = ?3";
        connection.execute(sql, [from, to, &table]).map(|changed| changed == 1)
    }),
    ("a body of the feed", |dice, path| {
        let connection = lawless(path)?;
        let seq = seq(dice, &connection)?;
        let sql = "UPDATE change SET body = substr(body, 1, CAST(?2 AS INTEGER)) || char(65 + ?3) || substr(body, ?2 + 2) WHERE seq = ?1 AND body IS NOT NULL";
        let (at, letter) = (dice.below(300), dice.below(26));
        connection
            .execute(sql, params![seq, at.to_string(), letter.to_string()])
            .map(|changed| changed == 1)
    }),
    ("who did it", |dice, path| {
        // What the change says of its circumstances stands nowhere else: only the chain tells.
        let connection = lawless(path)?;
        let (seq, column) =
            (seq(dice, &connection)?, *dice.one_of(&["actor", "terminal", "request_id"]));
        let sql = format!("UPDATE change SET {column} = 'mallory' WHERE seq = ?1");
        connection.execute(&sql, [seq]).map(|changed| changed == 1)
    }),
    ("the newest change gone", |_, path| {
        lawless(path)?
            .execute("DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)", [])
            .map(|gone| gone == 1)
    }),
    ("the newest change gone, and the head put back", |_, path| {
        let connection = lawless(path)?;
        connection.execute("DELETE FROM change WHERE seq = (SELECT max(seq) FROM change)", [])?;
        let sql = "UPDATE meta SET last_seq = (SELECT max(seq) FROM change), chain = (SELECT chain FROM change ORDER BY seq DESC LIMIT 1)";
        connection.execute(sql, []).map(|changed| changed == 1)
    }),
    ("changes exchanged", |dice, path| {
        let connection = lawless(path)?;
        let [one, other] = [seq(dice, &connection)?, seq(dice, &connection)?];
        for (from, to) in [(one, -1), (other, one), (-1, other)] {
            connection.execute("UPDATE change SET seq = ?2 WHERE seq = ?1", [from, to])?;
        }
        Ok(one != other)
    }),
    ("another file's number", |dice, path| {
        let connection = lawless(path)?;
        let name = *dice.one_of(&["user_version", "application_id"]);
        let value = *dice.one_of(&[0, 1, 2, -1, 77]);
        connection.execute_batch(&format!("PRAGMA {name} = {value}")).map(|()| true)
    }),
];

/// A connection that no rule of the schema binds.
fn lawless(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON;",
    )?;
    Ok(connection)
}

fn seq(dice: &mut Dice, connection: &Connection) -> rusqlite::Result<i64> {
    let last = count(connection, "SELECT max(seq) FROM change")?;
    Ok(i64::try_from(dice.between(1, last)).unwrap_or(1))
}

/// A number that a query comes to.
fn count(connection: &Connection, sql: &str) -> rusqlite::Result<usize> {
    let count: u32 = connection.query_one(sql, [], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// A table with rows.
fn table(dice: &mut Dice, connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let mut tables: Vec<String> =
        statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    tables.retain(|table| {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
        connection.query_one(&sql, [], |row| row.get(0)).unwrap_or(false)
    });
    Ok(dice.one_of(&tables).clone())
}

fn columns(connection: &Connection, table: &str, keys: bool) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 OR NOT ?2";
    let mut statement = connection.prepare(sql)?;
    let names = statement.query_map(params![table, keys], |row| row.get(0))?;
    names.collect()
}

fn column(dice: &mut Dice, connection: &Connection, table: &str) -> rusqlite::Result<String> {
    Ok(dice.one_of(&columns(connection, table, false)?).clone())
}

/// A condition that is true of one row.
fn row(dice: &mut Dice, connection: &Connection, table: &str) -> rusqlite::Result<String> {
    let keys = columns(connection, table, true)?.join(", ");
    let place = dice.below(count(connection, &format!("SELECT count(*) FROM {table}"))?);
    Ok(format!("({keys}) = (SELECT {keys} FROM {table} LIMIT 1 OFFSET {place})"))
}

/// Values that fit nowhere, or nearly.
const VALUES: &[&str] = &[
    "9223372036854775807",
    "-9223372036854775808",
    "-1",
    "0",
    "1",
    "2",
    "255",
    "256",
    "4294967296",
    "1099511627776",
    "253402300800000000",
    "1.5",
    "''",
    "'x'",
    "'{}'",
    "'[]'",
    "'null'",
    "'ä'",
    "CAST(x'ff00fe' AS TEXT)",
    "char(0)",
    "x''",
    "x'01'",
    "zeroblob(16)",
    "zeroblob(17)",
    "zeroblob(32)",
    "zeroblob(70000)",
    "replace(hex(zeroblob(40000)), '00', 'v')",
    "'2027-12-26T17:00'",
    "'Europe/Nowhere'",
];

/// One cell gets another value; where a rule of the schema is against it, the schema first loses the rule, and
/// afterwards says that it never had.
fn cell(dice: &mut Dice, path: &Path, wanted: Option<&str>) -> rusqlite::Result<bool> {
    let connection = lawless(path)?;
    let table = match wanted {
        Some(table) => table.to_owned(),
        None => table(dice, &connection)?,
    };
    let column = column(dice, &connection, &table)?;
    let row = row(dice, &connection, &table)?;
    let value = match dice.below(6) {
        0 => format!("{column} + 1"),
        1 => format!("{column} || 'x'"),
        2 => "NULL".to_owned(),
        _ => (*dice.one_of(VALUES)).to_owned(),
    };
    let update = format!("UPDATE {table} SET {column} = {value} WHERE {row}");
    if connection.execute(&update, []).is_ok() {
        return Ok(true);
    }
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    let law: String = connection.query_one(sql, [&table], |row| row.get(0))?;
    let set = |connection: &Connection, law: &str| {
        let sql = "UPDATE sqlite_schema SET sql = ?1 WHERE type = 'table' AND name = ?2";
        connection.execute(sql, [law, &table])
    };
    set(&connection, &loosened(&law))?;
    connection.close().map_err(|(_, error)| error)?;
    let connection = lawless(path)?;
    let changed = connection.execute(&update, []).unwrap_or(0);
    set(&connection, &law)?;
    Ok(changed == 1)
}

/// A table's text without what it asks of its columns.
fn loosened(law: &str) -> String {
    let lines = law.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [_, "INTEGER" | "TEXT" | "BLOB", "NOT", "NULL", ..] => {
                line.replacen("NOT NULL", "        ", 1)
            }
            _ => line.to_owned(),
        }
    });
    let text: Vec<String> = lines.collect();
    text.join("\n").replace(") STRICT, WITHOUT ROWID", ") WITHOUT ROWID").replace(") STRICT", ")")
}
