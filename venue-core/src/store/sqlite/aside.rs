//! The old file of a restore: it gets another name, and loses that again where the restore does not come to its end.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::store::boundary::{StoreError, StoreFailure};

use super::backup::free_name;
use super::disk::Entry;
use super::errors::system;
use super::file::Place;
use super::private::beside;

/// What the old file's name ends with; with a number where that name is taken.
const BEFORE: &str = ".before-restore";

/// What SQLite would play into the next file that gets the name: the log, and the journal that a failure can leave.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// Gives the old file a second name, and its log that name too. Until the new file has the first name the old one can
/// be put back: see [`put_back`].
pub(super) fn set_aside(place: &Place) -> Result<PathBuf, StoreError> {
    let disk = place.disk();
    let before = free_name(place, BEFORE)?;
    disk.link(&place.path, &before).map_err(system("set the old file aside"))?;
    for side in LOGS {
        let log = place.side(side);
        if disk.look(&log).map_err(system("look at the log"))?.is_some() {
            // The second name is certain before the log has it: whoever finds the log there knows whose it is.
            disk.sync_folder(&place.folder).map_err(system("sync the folder"))?;
            disk.rename(&log, &beside(&before, side)).map_err(system("set the log aside"))?;
        }
    }
    let index = place.side("-shm");
    if disk.look(&index).map_err(system("look at the index"))?.is_some() {
        disk.remove(&index).map_err(system("remove the index"))?;
    }
    // The old log must be gone before the new file has the name.
    disk.sync_folder(&place.folder).map_err(system("sync the folder"))?;
    Ok(before)
}

/// Undoes what an interrupted restore did to the file here: gives it its log back, and takes its second name away. Two
/// names would be two logs for one file, and each would corrupt what the other knows.
///
/// # Errors
/// `Moved` where the name asked for is itself the second one; or what the system says.
///
/// # Concurrency
/// The presence lock is held, so no restore is at work. Several may do this at once: nobody uses the file before it is
/// done.
pub(super) fn put_back(place: &Place, file: &Entry) -> Result<(), StoreError> {
    if file.names < 2 {
        return Ok(());
    }
    let disk = place.disk();
    let look = |path: &Path| disk.look(path).map_err(system("look at the file"));
    if let Some(live) = live_name(&place.path)
        && look(&live)?.is_some_and(|found| found.identity == file.identity)
    {
        let words = format!("a restore was interrupted: this is still {}", live.display());
        return Err(StoreError::new(StoreFailure::Moved, words));
    }
    for name in disk.names(&place.folder).map_err(system("read the folder"))? {
        let path = place.folder.join(&name);
        if live_name(&path).as_deref() != Some(&place.path)
            || look(&path)?.is_none_or(|found| found.identity != file.identity)
        {
            continue;
        }
        for side in LOGS {
            let (log, home) = (beside(&path, side), place.side(side));
            if look(&log)?.is_some() {
                // A program that does not know of this may have used the file meanwhile: then its new log counts.
                let taken = look(&home)?.is_some();
                let to = if taken { free_name(place, &format!(".orphan{side}"))? } else { home };
                gone_is_done(disk.rename(&log, &to)).map_err(system("put the log back"))?;
            }
        }
        disk.sync_folder(&place.folder).map_err(system("sync the folder"))?;
        gone_is_done(disk.remove(&path)).map_err(system("remove the second name"))?;
        disk.sync_folder(&place.folder).map_err(system("sync the folder"))?;
        tracing::warn!(second = %path.display(), "a restore was interrupted, and undone");
    }
    Ok(())
}

/// Somebody else did the same at the same time.
fn gone_is_done(done: std::io::Result<()>) -> std::io::Result<()> {
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The name of the file that was set aside under this one, if it is a name of that kind.
fn live_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.as_bytes();
    let at = name.windows(BEFORE.len()).rposition(|part| part == BEFORE.as_bytes())?;
    let (live, number) = (&name[..at], &name[at + BEFORE.len()..]);
    let numbered = |number: &[u8]| number.len() > 1 && number[1..].iter().all(u8::is_ascii_digit);
    let is_one = number.is_empty() || number.starts_with(b".") && numbered(number);
    (is_one && !live.is_empty()).then(|| path.with_file_name(OsStr::from_bytes(live)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_restore_gives_tells_whose_it_is() {
        for (name, live) in [
            ("/a/venue.db.before-restore", Some("/a/venue.db")),
            ("/a/venue.db.before-restore.12", Some("/a/venue.db")),
            ("/a/x.before-restore.before-restore", Some("/a/x.before-restore")),
            ("/a/venue.db.before-restore.", None),
            ("/a/venue.db.before-restore.2-wal", None),
            ("/a/venue.db.before-restore-wal", None),
            ("/a/.before-restore", None),
            ("/a/venue.db", None),
        ] {
            assert_eq!(live_name(Path::new(name)), live.map(PathBuf::from), "{name}");
        }
    }
}
