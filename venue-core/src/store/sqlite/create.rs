//! Making a new file: built beside the name, whole, then linked in.

use std::path::Path;

use rusqlite::params;

use crate::store::boundary::{StoreError, StoreFailure};

use super::backup::set_orphans_aside;
use super::disk::{LockFile, Rights};
use super::errors::sqlite;
use super::file::{APPLICATION_ID, Access, Place};
use super::held::take_alone;
use super::migrate::{self, STEPS};
use super::private::Private;
use super::secret;
use super::settings;

/// What a new file starts with. Randomness is the caller's.
#[derive(Debug, Clone, Copy)]
pub struct NewFile {
    /// The file's own id.
    pub file_id: [u8; 16],
    /// The first epoch.
    pub epoch: i64,
    /// The first floor: microseconds since 1970 in UTC, not negative.
    pub floor: i64,
    /// Whether the file has a test clock.
    pub test_clock: bool,
    /// The group that may use the file beside its owner.
    pub group: Option<u32>,
    /// The secret, for a file that has none beside it yet.
    pub secret: [u8; 32],
}

/// How [`create`] ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// The file was made.
    Made,
    /// There is a file of ours already. Nothing was changed.
    AlreadyThere,
}

/// Makes a database file and its secret. Both are whole or absent whenever this is interrupted, and the next
/// call succeeds.
///
/// # Errors
/// `BadPath`, `NoFile` (the folder), `Foreign`, `NewerSchema`, `NetworkFs`, `InUse`, or what the system says.
///
/// # Concurrency
/// Of several that make the same file one does, the others find it there.
pub fn create(path: &Path, new: &NewFile, access: &Access) -> Result<Created, StoreError> {
    let place = Place::find(path, access)?;
    if is_there(&place)? {
        return Ok(Created::AlreadyThere);
    }
    place.refuse_network()?;
    let rights = Rights { group: new.group };
    let lock = take_alone(&place, rights, 2_000);
    let _lock: Box<dyn LockFile> = match lock {
        Ok(lock) => lock,
        // Whoever held the lock has made the file and uses it.
        Err(error) if error.failure == StoreFailure::InUse && is_there(&place)? => {
            return Ok(Created::AlreadyThere);
        }
        Err(error) => return Err(error),
    };
    if is_there(&place)? {
        return Ok(Created::AlreadyThere);
    }
    // Nobody else makes this file now, so what lies about is of the dead.
    place.sweep(None);
    secret::make(&place, rights, &new.secret)?;
    let private = build(&place, new)?;
    set_orphans_aside(&place)?;
    Ok(if private.name(&place.path)? { Created::Made } else { Created::AlreadyThere })
}

fn is_there(place: &Place) -> Result<bool, StoreError> {
    match place.inspect() {
        Ok(_) => Ok(true),
        Err(error) if error.failure == StoreFailure::NoFile => Ok(false),
        Err(error) => Err(error),
    }
}

/// Builds the whole file under a temporary name.
pub(super) fn build<'p>(place: &'p Place, new: &NewFile) -> Result<Private<'p>, StoreError> {
    let private = Private::make(place, Rights { group: new.group }, &[])?;
    let connection = private.connect()?;
    connection
        .execute_batch(&format!("PRAGMA page_size = {}", settings::PAGE_SIZE))
        .map_err(sqlite)?;
    settings::use_wal(&connection)?;
    connection.execute_batch("BEGIN IMMEDIATE").map_err(sqlite)?;
    connection
        .execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}"))
        .map_err(sqlite)?;
    migrate::build(&connection, STEPS)?;
    connection
        .execute(
            "INSERT INTO meta (one, file_id, epoch, fence, floor, dirty, test_clock, catalog, last_number, \
             last_seq, chain) VALUES (1, ?1, ?2, 0, ?3, 0, ?4, 0, 0, 0, zeroblob(32))",
            params![new.file_id.as_slice(), new.epoch, new.floor, new.test_clock],
        )
        .map_err(sqlite)?;
    connection.execute("COMMIT", []).map_err(sqlite)?;
    private.close(connection)?;
    Ok(private)
}
