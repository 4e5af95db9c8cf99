//! Making and opening files.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::error::{Error, StorageCode};
use crate::domain::hold::Secret;
use crate::domain::instant::Instant;
use crate::store::boundary::Read;
use crate::store::meta::{self, Meta};
use crate::store::sqlite::{self, Access, Close, Found, Readers};

use super::clock::{Clock, Noise, SystemClock};
use super::failure::storage_error;
use super::leader::Leader;
use super::queue::{Limits, Queue};
use super::shared::Shared;
use super::sync::Deadline;
use super::{Engine, Inner};

/// What an engine keeps of the file it opened.
#[derive(Debug)]
pub(super) struct OpenedFile {
    /// The reading side.
    pub(super) readers: Readers,
    /// What was found.
    pub(super) found: Found,
    /// The process that opened it.
    pub(super) pid: u32,
    /// How it is closed.
    pub(super) close: Close,
    /// How it was opened.
    pub(super) options: OpenOptions,
}

/// How a file is opened.
#[derive(Debug, Clone)]
#[must_use]
pub struct OpenOptions {
    clock: Arc<dyn Clock>,
    access: Access,
    now: Option<Instant>,
    noise: Option<fn(u64) -> u64>,
    quick: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        let clock = Arc::new(SystemClock);
        Self { clock, access: Access::default(), now: None, noise: None, quick: false }
    }
}

impl OpenOptions {
    /// Time comes from this clock instead of the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// This instant stands for the wall clock. Only on a file with a test clock.
    pub fn now(mut self, now: Option<Instant>) -> Self {
        self.now = now;
        self
    }

    /// Ids follow from these bits, by how many were asked for before, so that a run can be repeated to the byte.
    #[cfg(feature = "rigs")]
    pub fn noise(mut self, noise: fn(u64) -> u64) -> Self {
        self.noise = Some(noise);
        self
    }

    /// Opens files on network file systems too, at the owner's risk.
    pub fn allow_network_fs(mut self, allow: bool) -> Self {
        self.access.allow_network_fs = allow;
        self
    }

    /// For a process of one command: what is left in the log stays there unless it is much.
    pub fn quick(mut self, quick: bool) -> Self {
        self.quick = quick;
        self
    }

    /// Reaches files by a way of a rig's own: a disk beside SQLite, a VFS under it.
    #[cfg(feature = "rigs")]
    #[doc(hidden)]
    pub fn over(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// The way to the file, for what does not need an engine.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// The clock.
    pub(crate) fn clock_source(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}

/// Who shares a new file: a group by number, whose members may read and write it.
pub type Group = u32;

/// What a new file is to be.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct NewFile {
    test_clock: Option<Option<Instant>>,
    group: Option<Group>,
}

impl NewFile {
    /// A file that never reads the wall clock: it stands at the last commit until an instant is given.
    pub fn test_clock(mut self, at: Option<Instant>) -> Self {
        self.test_clock = Some(at);
        self
    }

    /// A file that a group shares.
    pub fn group(mut self, group: Option<Group>) -> Self {
        self.group = group;
        self
    }
}

/// What [`Engine::create`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    /// The file and its secret are there now.
    New,
    /// A VENUE file was there already, and is as it was.
    AlreadyThere,
}

impl Engine {
    /// Makes a file and its secret, both whole or absent. A VENUE file that is there is left as it is.
    ///
    /// # Errors
    /// Invalid `bad_path`; storage `foreign_file`, `newer_schema`, `network_fs`, `disk_full`, `io_error`.
    pub fn create(
        path: impl AsRef<Path>,
        new: &NewFile,
        options: &OpenOptions,
    ) -> Result<Created, Error> {
        let mut secret = [0; 32];
        let mut file_id = [0; 16];
        for bytes in [&mut secret[..], &mut file_id[..]] {
            getrandom::fill(bytes).map_err(|error| Error::Storage {
                code: StorageCode::IoError,
                message: format!("no random bytes: {error}"),
            })?;
        }
        let wall = options.clock.wall();
        let floor = match new.test_clock {
            Some(at) => at.unwrap_or(wall),
            None => wall,
        };
        let new = sqlite::NewFile {
            file_id,
            epoch: new_epoch(wall),
            floor: floor.micros(),
            test_clock: new.test_clock.is_some(),
            group: new.group,
            secret,
        };
        match sqlite::create(path.as_ref(), &new, &options.access).map_err(storage_error)? {
            sqlite::Created::Made => Ok(Created::New),
            sqlite::Created::AlreadyThere => Ok(Created::AlreadyThere),
        }
    }

    /// Opens a file that exists.
    ///
    /// # Errors
    /// Invalid `bad_path`; storage `no_file`, `foreign_file`, `newer_schema` (the file stays as it is),
    /// `network_fs`, `read_only`, `damaged`; retry `in_use` while it is being restored; invalid `argument` if
    /// an instant is given and the file reads the wall clock.
    pub fn open(path: impl AsRef<Path>, options: &OpenOptions) -> Result<Self, Error> {
        let opened = sqlite::open(path.as_ref(), &options.access).map_err(storage_error)?;
        let mut loaded = None;
        opened.readers.read(&mut |tx| loaded = Some(meta::load(tx))).map_err(storage_error)?;
        let meta: Meta = match loaded {
            Some(meta) => meta.map_err(storage_error)?,
            None => unreachable!("the view was read"),
        };
        if options.now.is_some() && !meta.test_clock {
            let rule = "only on files made with a test clock";
            return Err(crate::domain::error::Invalid::argument("now", rule).into());
        }
        let noise = Noise::new(options.noise);
        let shared = Shared::new(meta.file_id, meta.test_clock, options.clock.clone(), noise);
        let shared = Arc::new(shared);
        shared.set_test_now(options.now);
        let secret = opened.found.secret.map(Secret::new);
        let leader = Leader::new(opened.writer, secret, Arc::clone(&shared));
        let queue = Arc::new(Queue::new(leader, Limits::default()));
        let opened = OpenedFile {
            readers: opened.readers,
            found: opened.found,
            pid: std::process::id(),
            close: if options.quick { Close::Quick } else { Close::Tidy },
            options: options.clone(),
        };
        Ok(Self {
            inner: Arc::new(Inner { queue, shared, opened, closed: AtomicBool::new(false) }),
        })
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.inner.opened.found.path
    }

    /// What the owner should know of the file, by stable names: `copied_without_wal`.
    pub fn warnings(&self) -> Vec<&'static str> {
        self.inner.opened.found.warnings.iter().map(|warning| warning.code()).collect()
    }

    /// Gives an instant instead of the wall clock, on a file with a test clock; none: the last commit's.
    ///
    /// # Errors
    /// Invalid `argument` if the file reads the wall clock.
    pub fn set_test_now(&self, now: Option<Instant>) -> Result<(), Error> {
        self.check_test_clock()?;
        self.inner.shared.set_test_now(now);
        Ok(())
    }

    /// Refuses an instant where the wall clock is read.
    pub(super) fn check_test_clock(&self) -> Result<(), Error> {
        if self.inner.shared.test_clock {
            return Ok(());
        }
        let rule = "only on files made with a test clock";
        Err(crate::domain::error::Invalid::argument("now", rule).into())
    }

    /// Closes the file: what is queued is answered, later calls are `engine_closed`, on all clones. The log is
    /// emptied into the file if nobody else has it open.
    pub fn close(&self) {
        if self.check_process().is_ok() {
            self.inner.close();
        }
    }
}

impl Inner {
    fn close(&self) {
        if self.closed.swap(true, Ordering::AcqRel) {
            return;
        }
        self.queue.close();
        self.shared.wakes.close();
        self.opened.readers.close();
        let how = self.opened.close;
        let _ = self.queue.with_runner(Deadline::NEVER, |leader| {
            if let Some(store) = leader.take_store() {
                store.close(how);
            }
        });
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.opened.pid == std::process::id() {
            self.close();
        }
    }
}

/// A number that no earlier state of a file has had.
pub(super) fn new_epoch(wall: Instant) -> i64 {
    let noise = Noise::default().next() & 0xfffff;
    (wall.micros() >> 20 << 20) | i64::try_from(noise).unwrap_or(0)
}
