//! What a fork needs. It is heard of before it happens, so that it happens while no call is in the middle of anything. And
//! a child takes for itself the locks that its copy of SQLite believes to have.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Once;

use venue_core::engine::forks::{self, Inside};

use crate::status::Failure;

extern "C" fn before() {
    forks::before_fork();
}

extern "C" fn parent() {
    forks::after_fork();
}

extern "C" fn child() {
    forks::in_the_child();
}

/// Begins a call that opens or makes a file. From the first one on forks are heard of.
pub(crate) fn enter_to_open() -> Result<Inside, Failure> {
    static HEARS: Once = Once::new();
    HEARS.call_once(|| {
        // SAFETY: the handlers are functions of this library, which stays loaded. Without memory for them forks are
        // not waited for, as if the host had made them without the C library's knowledge.
        unsafe { libc::pthread_atfork(Some(before), Some(parent), Some(child)) };
    });
    if forks::is_torn() {
        return Err(Failure::Torn);
    }
    Ok(forks::enter())
}

/// Where SQLite's shared lock of an open database lies in its file: 510 bytes behind the pending byte and the reserved one.
const SHARED: (libc::off_t, libc::off_t) = (0x4000_0002, 510);
/// Where it says in the `-shm` file that somebody uses that: behind the eight locks of the log's index.
const IN_USE: (libc::off_t, libc::off_t) = (128, 1);

/// Takes for this process the locks of a database that its parent had open at the fork. SQLite keeps what it has open by
/// file, and finds its parent's entry when the child opens the same one: it believes to have these locks already, but a
/// fork does not inherit them. Without them others would see nobody once the parent has gone.
///
/// # Source
/// SQLite's `os_unix.c`: `SHARED_FIRST` and `SHARED_SIZE`, `UNIX_SHM_DMS`; both are part of its file format.
pub(crate) fn take_inherited_locks(database: &Path) -> io::Result<()> {
    let mut index = database.as_os_str().to_owned();
    index.push("-shm");
    share(database, SHARED)?;
    share(Path::new(&index), IN_USE)
}

/// Takes a shared lock on a part of a file, for as long as this process lives.
fn share(path: &Path, (start, length): (libc::off_t, libc::off_t)) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        // What is not there is not in use.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    // SAFETY: numbers, for which zero is a value.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    (lock.l_start, lock.l_len) = (start, length);
    lock.l_type = libc::c_short::try_from(libc::F_RDLCK).unwrap_or_default();
    lock.l_whence = libc::c_short::try_from(libc::SEEK_SET).unwrap_or_default();
    // SAFETY: the descriptor is open, and the lock is read during the call alone.
    let taken = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLK, &raw const lock) };
    let outcome = if taken == -1 { Err(io::Error::last_os_error()) } else { Ok(()) };
    // To close any descriptor of a file is to lose all locks on it.
    std::mem::forget(file);
    outcome
}
