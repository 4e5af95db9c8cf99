//! The SQLite store: one file, one process or several, no server.
//!
//! Begin with [`open()`] and [`SqliteStore`]; [`create()`] makes a file, [`restore()`] replaces one. Beside `venue.db`
//! lie `-wal` and `-shm` (SQLite's), `-secret` (the secret) and `-lock` (who has it open); the last is always empty.

mod aside;
mod backup;
mod beside;
mod checkpoint;
mod connection;
mod create;
pub mod disk;
mod errors;
mod file;
pub mod forks;
pub mod health;
mod held;
mod mark;
mod migrate;
mod open;
mod pool;
mod private;
mod restore;
mod secret;
mod settings;
mod statements;
mod tx;
mod waiting;
mod writer;

#[cfg(test)]
mod tests;

pub use backup::BackedUp;
pub use create::{Created, NewFile, create};
pub use file::Access;
#[cfg(any(test, feature = "rigs"))]
pub use open::Opened;
#[cfg(feature = "rigs")]
pub use open::open_and_step;
pub use open::{Found, Warning, open, open_to_read};
pub use pool::Readers;
pub use restore::{Restored, restore};
pub use writer::{Close, SqliteStore};

#[cfg(test)]
use crate::store::boundary::Statement;

/// The statements of the SQLite store itself, for the test that prepares each.
#[cfg(test)]
fn statements() -> [&'static Statement; 6] {
    let [integrity, keys, pages, objects] = health::STATEMENTS;
    [&mark::DIRTY, &mark::MARK, integrity, keys, pages, objects]
}
