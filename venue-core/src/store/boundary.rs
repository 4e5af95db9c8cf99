//! The boundary between the engine and a database: statements, values, rows, and what a store can do.
//!
//! Five kinds of value cross it. Booleans and enums are integers, time is microseconds UTC, money is minor
//! units. SQL is written once, in PostgreSQL's spelling (`$1`); a store rewrites it as it needs.

use std::fmt;
use std::sync::Arc;

/// One value of a parameter or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// An integer, boolean, enum, instant, span or amount.
    Int(i64),
    /// A text in UTF-8.
    Text(Arc<str>),
    /// A text that the program itself has: it is written without a copy, and never comes from a row.
    Word(&'static str),
    /// Bytes: hashes, fingerprints.
    Bytes(Box<[u8]>),
    /// An id.
    Id([u8; 16]),
}

/// The kind of a value. A column says whether it may be null: null where none may be is a damaged file, and the
/// store says so before anybody reads the row. A parameter may always be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Value::Int`]
    Int,
    /// [`Value::Text`]
    Text,
    /// [`Value::Bytes`]
    Bytes,
    /// [`Value::Id`]
    Id,
    /// [`Value::Int`] or null
    MaybeInt,
    /// [`Value::Text`] or null
    MaybeText,
    /// [`Value::Bytes`] or null
    MaybeBytes,
    /// [`Value::Id`] or null
    MaybeId,
}

impl Kind {
    /// The same, or null.
    #[must_use]
    pub const fn or_null(self) -> Self {
        match self {
            Self::Int | Self::MaybeInt => Self::MaybeInt,
            Self::Text | Self::MaybeText => Self::MaybeText,
            Self::Bytes | Self::MaybeBytes => Self::MaybeBytes,
            Self::Id | Self::MaybeId => Self::MaybeId,
        }
    }

    /// Whether it may be null.
    pub const fn may_be_null(self) -> bool {
        matches!(self, Self::MaybeInt | Self::MaybeText | Self::MaybeBytes | Self::MaybeId)
    }
}

/// A registered statement: a constant of `store/`, never built at run time.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its name in logs and in the tests that prepare every statement.
    pub name: &'static str,
    /// The SQL, with `$1 ..` for parameters, in PostgreSQL's spelling.
    pub sql: &'static str,
    /// The kinds of its parameters.
    pub parameters: &'static [Kind],
    /// The kinds of the columns it answers with; none for a statement that only writes.
    pub columns: &'static [Kind],
}

/// A statement with one or many rows of parameters.
#[derive(Debug, Clone)]
pub struct Call {
    /// What to run.
    pub statement: &'static Statement,
    /// The parameters, row after row.
    pub parameters: Vec<Value>,
    /// How many rows of parameters (a statement without parameters runs this many times).
    pub runs: usize,
}

impl Call {
    /// A call without rows yet.
    pub fn new(statement: &'static Statement) -> Self {
        Self { statement, parameters: Vec::new(), runs: 0 }
    }

    /// A call with room for so many rows.
    pub fn with_room(statement: &'static Statement, rows: usize) -> Self {
        let parameters = Vec::with_capacity(rows * statement.parameters.len());
        Self { statement, parameters, runs: 0 }
    }

    /// A call with one row of parameters.
    pub fn once(statement: &'static Statement, row: impl IntoIterator<Item = Value>) -> Self {
        let mut call = Self::new(statement);
        call.push(row);
        call
    }

    /// Adds a row of parameters.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.parameters.extend(row);
        self.runs += 1;
        assert_eq!(
            self.parameters.len(),
            self.runs * self.statement.parameters.len(),
            "wrong number of parameters for {}",
            self.statement.name
        );
    }

    /// The rows of parameters.
    pub fn rows(&self) -> impl Iterator<Item = &[Value]> {
        let width = self.statement.parameters.len();
        (0..self.runs).map(move |run| &self.parameters[run * width..(run + 1) * width])
    }
}

/// What a call answered: for each row of parameters its rows of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Columns in a row.
    pub width: usize,
    /// All values, row after row.
    pub values: Vec<Value>,
    /// Where the rows of each run end, counted in rows.
    pub ends: Vec<usize>,
}

impl Rows {
    /// All rows of all runs.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> {
        self.values.chunks_exact(self.width.max(1)).map(Row)
    }

    /// The rows of one run.
    pub fn of_run(&self, run: usize) -> impl Iterator<Item = Row<'_>> {
        let start = if run == 0 { 0 } else { self.ends[run - 1] };
        let end = self.ends[run];
        self.values[start * self.width..end * self.width].chunks_exact(self.width.max(1)).map(Row)
    }

    /// The first row, if there is one.
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }
}

/// One row of an answer. Reading a column as another kind than the statement declared, or one that may be null as
/// if it could not, is our mistake and panics: the store has checked the kinds before.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a>(pub &'a [Value]);

impl Row<'_> {
    /// An integer.
    pub fn int(&self, column: usize) -> i64 {
        self.maybe_int(column).unwrap_or_else(|| unexpected(column, "an integer"))
    }
    /// A number that grows by one at a time: one that could not go on growing is damaged.
    pub fn counter(&self, column: usize) -> Result<i64, StoreError> {
        let number = self.int(column);
        if (0..i64::MAX / 2).contains(&number) {
            return Ok(number);
        }
        Err(StoreError::new(StoreFailure::Corrupt, format!("no count comes to {number}")))
    }
    /// An integer or null.
    pub fn maybe_int(&self, column: usize) -> Option<i64> {
        match &self.0[column] {
            Value::Null => None,
            Value::Int(value) => Some(*value),
            Value::Text(_) | Value::Word(_) | Value::Bytes(_) | Value::Id(_) => {
                unexpected(column, "an integer")
            }
        }
    }
    /// A text.
    pub fn text(&self, column: usize) -> &Arc<str> {
        self.maybe_text(column).unwrap_or_else(|| unexpected(column, "a text"))
    }
    /// A text or null.
    pub fn maybe_text(&self, column: usize) -> Option<&Arc<str>> {
        match &self.0[column] {
            Value::Null => None,
            Value::Text(value) => Some(value),
            Value::Int(_) | Value::Word(_) | Value::Bytes(_) | Value::Id(_) => {
                unexpected(column, "a text")
            }
        }
    }
    /// Bytes.
    pub fn bytes(&self, column: usize) -> &[u8] {
        self.maybe_bytes(column).unwrap_or_else(|| unexpected(column, "bytes"))
    }
    /// Bytes or null.
    pub fn maybe_bytes(&self, column: usize) -> Option<&[u8]> {
        match &self.0[column] {
            Value::Null => None,
            Value::Bytes(value) => Some(value),
            Value::Int(_) | Value::Text(_) | Value::Word(_) | Value::Id(_) => {
                unexpected(column, "bytes")
            }
        }
    }
    /// An id.
    pub fn id(&self, column: usize) -> [u8; 16] {
        self.maybe_id(column).unwrap_or_else(|| unexpected(column, "an id"))
    }
    /// An id or null.
    pub fn maybe_id(&self, column: usize) -> Option<[u8; 16]> {
        match &self.0[column] {
            Value::Null => None,
            Value::Id(value) => Some(*value),
            Value::Int(_) | Value::Text(_) | Value::Word(_) | Value::Bytes(_) => {
                unexpected(column, "an id")
            }
        }
    }
}

fn unexpected(column: usize, wanted: &str) -> ! {
    panic!("column {column} does not hold {wanted}")
}

/// What went wrong in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreFailure {
    /// No space is left on the disk.
    Full,
    /// Reading or writing failed.
    Io,
    /// No memory could be had.
    Memory,
    /// The file is damaged, or a row does not read as its statement declares.
    Corrupt,
    /// A constraint of the schema refused a row: our mistake.
    Constraint,
    /// The file's lock is held by somebody else.
    Locked,
    /// The file cannot be written.
    ReadOnly,
    /// The name leads to another file than the one that was opened.
    Moved,
    /// There is no file.
    NoFile,
    /// The file is not a VENUE database.
    Foreign,
    /// The file was made by a newer VENUE.
    NewerSchema,
    /// The file lies on a network file system.
    NetworkFs,
    /// The target exists already.
    TargetExists,
    /// Another process holds the file.
    InUse,
    /// The handle was carried over a fork.
    Forked,
    /// The path cannot name a database file.
    BadPath,
    /// Anything else that the database said.
    Other,
}

/// A failure of the store, with what the system said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    /// Its kind.
    pub failure: StoreFailure,
    /// What the system said, for people.
    pub message: String,
}

impl StoreError {
    /// A failure with its words.
    pub fn new(failure: StoreFailure, message: impl Into<String>) -> Self {
        Self { failure, message: message.into() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}

/// An open transaction, or a consistent reading view.
pub trait Tx {
    /// Runs statements that answer rows; an answer for each call.
    fn fetch(&mut self, calls: &[Call]) -> Result<Vec<Rows>, StoreError>;

    /// Runs statements that write; how many rows each call changed, over all its runs.
    fn exec(&mut self, calls: &[Call]) -> Result<Vec<u64>, StoreError>;

    /// Runs one statement once and answers its rows.
    fn one(&mut self, statement: &'static Statement, row: &[Value]) -> Result<Rows, StoreError>;
}

/// How a commit ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// It is durable.
    Done,
    /// It failed, and nothing of it can come back.
    Failed(StoreError),
    /// It failed at a point where it may come back after a crash, until a fence is committed; or the file
    /// under the name was exchanged meanwhile.
    Doubtful(StoreError),
}

/// Work that is due but can be done by a thread that does not lead. Dropping it undone is fine: it is due again.
pub type Chore = Box<dyn FnOnce()>;

/// The writing side of a store. One thread at a time uses it: the leader.
pub trait Store: Send + fmt::Debug {
    /// Begins the write transaction: the only function that does. While the lock is held by somebody else it
    /// asks `watch` about every millisecond whether to go on waiting; false ends it, with `Ok(false)`.
    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<bool, StoreError>;

    /// The transaction that [`Store::begin`] began.
    fn tx(&mut self) -> &mut dyn Tx;

    /// Commits, and says how it ended. The transaction is over in every case.
    fn commit(&mut self) -> Committed;

    /// Rolls back, whatever state the transaction is in. Never fails.
    fn rollback(&mut self);

    /// Does what is due after a batch was answered, and never waits for anybody: checkpoints. What can as well be done
    /// while the next batch runs is answered instead, for the caller to do after it passed the lead on.
    fn maintain(&mut self) -> Option<Chore>;
}

/// A reading view that does not see what is committed after it began.
pub trait Read {
    /// Runs `with` over one consistent view.
    fn read(&self, with: &mut dyn FnMut(&mut dyn Tx)) -> Result<(), StoreError>;
}
