//! All rows of a file, read without the engine, and how two files differ.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// The rows of each table, in the order of the file, with the names of their columns.
pub(super) type Rows = BTreeMap<String, Table>;

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Reads a file. Closing what reads it brings its log into it: give a copy.
pub(super) fn rows(path: &Path) -> Result<Rows, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(path, flags)?;
    // The search index keeps its rows in tables of its own, which are among these.
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name";
    let mut tables = connection.prepare(sql)?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut all = Rows::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{name}\""))?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut found = statement.query([])?;
        let mut table = Table { columns, rows: Vec::new() };
        while let Some(row) = found.next()? {
            let cells = (0..table.columns.len()).map(|column| Ok(cell(row.get_ref(column)?)));
            table.rows.push(cells.collect::<Result<_, rusqlite::Error>>()?);
        }
        all.insert(name, table);
    }
    Ok(all)
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => format!("{value:?}"),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    }
}

/// Where two files differ, as `table.column`; `table` where not even the rows are the same in number.
pub(super) fn differing(a: &Rows, b: &Rows) -> Vec<String> {
    let mut places = Vec::new();
    let empty = Table::default();
    for name in a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))) {
        let [a, b] = [a, b].map(|side| side.get(name).unwrap_or(&empty));
        let table = a;
        if a.columns != b.columns || a.rows.len() != b.rows.len() {
            places.push(name.clone());
            continue;
        }
        for (a_row, b_row) in a.rows.iter().zip(&b.rows) {
            let cells = a_row.iter().zip(b_row).zip(&a.columns);
            let other = cells.filter(|((a, b), _)| a != b);
            let of = if is_cancelled_line(name, &table.columns, a_row) {
                " of a cancelled line"
            } else {
                ""
            };
            places.extend(other.map(|(_, column)| format!("{name}.{column}{of}")));
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

fn is_cancelled_line(table: &str, columns: &[String], row: &[String]) -> bool {
    let state = columns.iter().position(|column| column == "state");
    table == "line" && state.and_then(|place| row.get(place)).is_some_and(|state| state == "1")
}
