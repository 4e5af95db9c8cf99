//! Claims about all statements of the store, on a real file.

use rusqlite::Connection;

use crate::store::boundary::Statement;
use crate::store::sqlite::{Access, NewFile, create};
use crate::store::{
    affected, audit, bookings, catalog, changes, claims, event_rows, events, jobs, keys, meta,
    queries, search, slots,
};

/// Every list of statements, by module.
fn modules() -> [(&'static str, &'static [&'static Statement]); 31] {
    [
        ("meta", meta::ALL),
        ("affected", affected::ALL),
        ("event_rows", event_rows::ALL),
        ("jobs", jobs::ALL),
        ("events", events::ALL),
        ("slots", slots::ALL),
        ("claims", claims::ALL),
        ("bookings", bookings::ALL),
        ("changes", changes::ALL),
        ("keys", keys::ALL),
        ("search", search::ALL),
        ("catalog::events", catalog::events::ALL),
        ("catalog::halls", catalog::halls::ALL),
        ("catalog::organizers", catalog::organizers::ALL),
        ("catalog::plans", catalog::plans::ALL),
        ("catalog::prices", catalog::prices::ALL),
        ("catalog::calendars", catalog::calendars::ALL),
        ("catalog::schedules", catalog::schedules::ALL),
        ("catalog::made_slots", catalog::made_slots::ALL),
        ("catalog::slots", catalog::slots::ALL),
        ("catalog::venues", catalog::venues::ALL),
        ("queries::venues", queries::venues::ALL),
        ("queries::plans", queries::plans::ALL),
        ("queries::events", queries::events::ALL),
        ("queries::schedules", queries::schedules::ALL),
        ("queries::slots", queries::slots::ALL),
        ("queries::found", queries::found::ALL),
        ("queries::free", queries::free::ALL),
        ("queries::bookings", queries::bookings::ALL),
        ("queries::tickets", queries::tickets::ALL),
        ("queries::fixtures", queries::fixtures::ALL),
    ]
}

fn file() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("venue.db");
    let new = NewFile {
        file_id: [7; 16],
        epoch: 1,
        floor: 0,
        test_clock: true,
        group: None,
        secret: [9; 32],
    };
    create(&path, &new, &Access::default()).unwrap();
    let connection = Connection::open(path).unwrap();
    (folder, connection)
}

#[test]
fn every_statement_prepares_as_it_is_declared() {
    let (_folder, connection) = file();
    let named = modules().into_iter().flat_map(|(module, statements)| {
        assert!(!statements.is_empty(), "{module}");
        statements.iter().map(move |statement| (module, *statement))
    });
    for (module, statement) in named.chain(audit::statements().map(|of| ("audit", of))) {
        let name = format!("{module}::{}", statement.name);
        let prepared = connection.prepare(statement.sql);
        let prepared = prepared.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(prepared.parameter_count(), statement.parameters.len(), "{name}");
        assert_eq!(prepared.column_count(), statement.columns.len(), "{name}");
    }
}

/// The words of a statement that stand outside of every bracket, each with whether a comma follows.
fn words(sql: &str) -> Vec<(String, bool)> {
    let (mut words, mut depth) = (vec![(String::new(), false)], 0);
    for letter in sql.chars() {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        match letter {
            ' ' if depth == 0 => words.push((String::new(), false)),
            ',' if depth == 0 => words.last_mut().unwrap().1 = true,
            _ => words.last_mut().unwrap().0.push(letter),
        }
    }
    words
}

/// The tables of a statement by the names that its columns use; whether a row of it may be missing (outer join).
fn tables(words: &[(String, bool)]) -> Vec<(&str, &str, bool)> {
    let word = |at: usize| words.get(at).map_or("", |(word, _)| &**word);
    let joins = (0..words.len()).filter(|at| matches!(word(*at), "FROM" | "JOIN"));
    let table = |at: usize| {
        let alias = word(at + 2);
        let named = !alias.is_empty() && alias.bytes().all(|b| b.is_ascii_lowercase());
        (if named { alias } else { word(at + 1) }, word(at + 1), word(at - 1) == "LEFT")
    };
    joins.map(table).collect()
}

/// Null where none may be must never get past the store: what reads the rows would panic.
#[test]
fn a_column_may_be_null_where_the_schema_lets_it_and_nowhere_else() {
    let (_folder, connection) = file();
    let is_required = |table: &str, column: &str| -> Option<bool> {
        let sql = "SELECT \"notnull\" FROM pragma_table_info(?1) WHERE name = ?2";
        connection.prepare(sql).unwrap().query_one([table, column], |row| row.get(0)).ok()
    };
    let mut judged = 0;
    let all = modules().into_iter().flat_map(|(module, all)| all.iter().map(move |s| (module, s)));
    for (module, statement) in all.filter(|(_, s)| s.sql.starts_with("SELECT ")) {
        let words = words(statement.sql);
        let tables = tables(&words);
        // Sums over rows of several tables are no columns of any.
        let Some(from) = words.iter().position(|(word, _)| word == "FROM") else { continue };
        let plain = words[1..from].split_inclusive(|(_, comma)| *comma);
        for (place, item) in plain.enumerate() {
            let [(name, _)] = item else { continue };
            let (alias, column) = name.split_once('.').unwrap_or((tables[0].0, name));
            let Some((_, table, missing)) = tables.iter().find(|table| table.0 == alias) else {
                continue;
            };
            let Some(required) = is_required(table, column) else { continue };
            let declared = statement.columns[place].may_be_null();
            let name = statement.name;
            assert_eq!(declared, !required || *missing, "{module}::{name}: {alias}.{column}");
            judged += 1;
        }
    }
    assert!(judged > 250, "{judged}");
}

/// How SQLite finds the rows of a statement, step by step.
fn plan(connection: &Connection, statement: &Statement) -> Vec<String> {
    let sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
    let mut explained = connection.prepare(&sql).unwrap();
    let mut rows = explained.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps
}

#[test]
fn lists_walk_an_index_and_sort_nothing() {
    let (_folder, connection) = file();
    // A slot's bookings and tickets are gathered by its lines and sorted by number: the one that was made last
    // is not the one whose id is highest.
    let sorted = ["queries::bookings::PAGE_OF_SLOT", "queries::tickets::PAGE_OF_SLOT"];
    let mut pages = 0;
    for (module, statements) in modules() {
        for statement in statements.iter().filter(|statement| statement.name.contains("PAGE")) {
            let name = format!("{module}::{}", statement.name);
            let steps = plan(&connection, statement);
            for step in &steps {
                assert!(!step.starts_with("SCAN") || step == "SCAN l", "{name}: {steps:#?}");
                let sorts = step.contains("TEMP B-TREE");
                assert!(!sorts || sorted.contains(&&*name), "{name}: {steps:#?}");
            }
            pages += 1;
        }
    }
    assert!(pages > 8, "{pages}");
}
