//! What `info` and `doctor` ask about the file itself, over a reading view.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::store::boundary::{Kind, Rows, Statement, StoreError, Tx};

use super::errors::sqlite;
use super::migrate::{self, STEPS};

/// SQLite takes a virtual table that comes first in its schema for the wish to check some tables only, and then does
/// not look at the free pages. Asked for its own table it does.
static INTEGRITY: Statement = Statement {
    name: "health_integrity",
    sql: "SELECT integrity_check FROM pragma_integrity_check \
          UNION SELECT integrity_check FROM pragma_integrity_check('sqlite_schema')",
    parameters: &[],
    columns: &[Kind::Text],
};

static FOREIGN_KEYS: Statement = Statement {
    name: "health_foreign_keys",
    sql: "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2",
    parameters: &[],
    columns: &[Kind::MaybeText, Kind::MaybeText, Kind::Int],
};

static PAGES: Statement = Statement {
    name: "health_pages",
    sql: "SELECT page_count, freelist_count, user_version \
          FROM pragma_page_count, pragma_freelist_count, pragma_user_version",
    parameters: &[],
    columns: &[Kind::Int, Kind::Int, Kind::Int],
};

static OBJECTS: Statement = Statement {
    name: "health_objects",
    sql: OBJECTS_SQL,
    parameters: &[],
    columns: &[Kind::MaybeText, Kind::MaybeText, Kind::Text],
};

const OBJECTS_SQL: &str = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema";

#[cfg(test)]
pub(super) static STATEMENTS: [&Statement; 4] = [&INTEGRITY, &FOREIGN_KEYS, &PAGES, &OBJECTS];

/// Sizes and versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Pages of the database.
    pub pages: i64,
    /// Pages of it that are free.
    pub free: i64,
    /// Its schema's number.
    pub schema: i64,
}

/// A part of the schema that is not as our steps make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// table, index, trigger or view.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What is wrong with a part of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is none of ours.
    NotOurs,
    /// It is missing.
    Missing,
    /// It is made otherwise.
    Different,
}

/// The version of the SQLite library.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// How a commit is made durable: set and read back when a file opens.
pub const SYNCHRONOUS: &str = "full";

/// Sizes and versions.
pub fn pages(view: &mut dyn Tx) -> Result<Pages, StoreError> {
    let rows = view.one(&PAGES, &[])?;
    let number = |column| rows.first().and_then(|row| row.maybe_int(column)).unwrap_or(0);
    Ok(Pages { pages: number(0), free: number(1), schema: number(2) })
}

/// What SQLite finds damaged; nothing in a sound file.
pub fn damage(view: &mut dyn Tx) -> Result<Vec<String>, StoreError> {
    let rows = view.one(&INTEGRITY, &[])?;
    Ok(texts(&rows).map(|[found]| found).filter(|found| found != "ok").collect())
}

/// Rows whose parents are missing, by table and parent; nothing in a sound file.
pub fn orphans(view: &mut dyn Tx) -> Result<Vec<String>, StoreError> {
    let rows = view.one(&FOREIGN_KEYS, &[])?;
    let count = rows.iter().map(|row| row.maybe_int(2).unwrap_or(0));
    Ok(texts(&rows)
        .zip(count)
        .map(|([table, parent], count)| format!("{count} rows of {table} without their {parent}"))
        .collect())
}

/// Where the schema is not as our steps make it, as many as the file says it has had.
pub fn strangers(view: &mut dyn Tx) -> Result<Vec<Stranger>, StoreError> {
    let rows = view.one(&OBJECTS, &[])?;
    let found = texts(&rows).map(|[kind, name, sql]| ((kind, name), sql)).collect();
    let steps = usize::try_from(pages(view)?.schema).unwrap_or(0).clamp(1, STEPS.len());
    Ok(compare(&ours(&STEPS[..steps])?, &found))
}

type Objects = BTreeMap<(String, String), String>;

/// The schema as the steps make it, in a database that is nowhere.
fn ours(steps: &[&str]) -> Result<Objects, StoreError> {
    let connection = Connection::open_in_memory().map_err(sqlite)?;
    migrate::build(&connection, steps)?;
    let mut statement = connection.prepare(OBJECTS_SQL).map_err(sqlite)?;
    let objects = statement
        .query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))
        .map_err(sqlite)?;
    objects.collect::<Result<_, _>>().map_err(sqlite)
}

fn compare(ours: &Objects, found: &Objects) -> Vec<Stranger> {
    let stranger = |(kind, name): &(String, String), wrong| Stranger {
        kind: kind.clone(),
        name: name.clone(),
        wrong,
    };
    let missing = ours
        .keys()
        .filter(|key| !found.contains_key(*key))
        .map(|key| stranger(key, Wrong::Missing));
    let wrong = found.iter().filter_map(|(key, sql)| match ours.get(key) {
        None => Some(stranger(key, Wrong::NotOurs)),
        Some(own) if own != sql => Some(stranger(key, Wrong::Different)),
        Some(_) => None,
    });
    wrong.chain(missing).collect()
}

fn texts<const N: usize>(rows: &Rows) -> impl Iterator<Item = [String; N]> {
    rows.iter().map(|row| {
        std::array::from_fn(|column| row.maybe_text(column).map_or("", |text| text).to_owned())
    })
}
