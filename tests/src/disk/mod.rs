//! A disk in memory under SQLite and under the store: every act that changes it is recorded, any operation can be
//! made to fail, and what a power cut would have left can be built for any instant.
//!
//! A disk is one folder. Its path leads to it from anywhere in the process, so that many can be used at once.

mod faults;
mod handle;
mod locks;
mod replay;
mod sqlite;
mod state;
mod system;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use venue_core::store::sqlite::Access;

pub use faults::{Fault, How, Kind};
pub use replay::{Mode, Replay};
pub use sqlite::{heap_used, limit_heap};
pub use state::Image;

use state::State;

/// Every disk of this process that is still used.
static DISKS: Mutex<BTreeMap<u64, Weak<RamDisk>>> = Mutex::new(BTreeMap::new());
static NEWEST: AtomicU64 = AtomicU64::new(0);
const ROOT: &str = "/venue-ram-disk";

/// A disk in memory. See the module.
#[derive(Debug)]
pub struct RamDisk {
    id: u64,
    state: Mutex<State>,
}

impl RamDisk {
    /// An empty disk.
    pub fn empty() -> Arc<Self> {
        Self::of(Image::default())
    }

    /// A disk that holds this, all of it certain.
    pub fn of(image: Image) -> Arc<Self> {
        let id = NEWEST.fetch_add(1, Ordering::Relaxed);
        let disk = Arc::new(Self { id, state: Mutex::new(State::over(image)) });
        let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
        disks.retain(|_, disk| disk.strong_count() > 0);
        disks.insert(id, Arc::downgrade(&disk));
        drop(disks);
        disk
    }

    /// The disk that a path lies on, with the name of the file.
    fn find(path: &Path) -> Option<(Arc<Self>, String)> {
        let below = path.strip_prefix(ROOT).ok()?;
        let mut parts = below.iter().map(|part| part.to_str());
        let (id, name) = (parts.next()??.parse().ok()?, parts.next()??.to_owned());
        let disk = DISKS.lock().unwrap_or_else(PoisonError::into_inner).get(&id)?.upgrade()?;
        Some((disk, name))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder_path(&self) -> PathBuf {
        Path::new(ROOT).join(self.id.to_string())
    }

    /// The path of a name on it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder_path().join(name)
    }

    /// How the store reaches it.
    pub fn access(self: &Arc<Self>) -> Access {
        let disk = Arc::new(system::Mounted(Arc::clone(self)));
        Access { disk, vfs: Some(sqlite::name().to_owned()), allow_network_fs: false }
    }

    /// A plain connection to a file on it, as another program would have.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn connect(&self, name: &str) -> rusqlite::Result<rusqlite::Connection> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        rusqlite::Connection::open_with_flags_and_vfs(self.path(name), flags, sqlite::name())
    }

    /// The acts recorded so far: an instant in the disk's life.
    pub fn instant(&self) -> usize {
        self.state().log.len()
    }

    /// What it holds now, as programs see it.
    pub fn image(&self) -> Image {
        self.state().live.clone()
    }

    /// Only these faults strike from now on.
    pub fn arm(&self, faults: &[Fault]) {
        self.state().faults.arm(faults);
    }

    /// How many operations failed since it was armed.
    pub fn struck(&self) -> u64 {
        self.state().faults.struck
    }

    /// Bytes that its files may have together from now on; none: as many as they like.
    pub fn bound(&self, space: Option<usize>) {
        self.state().space = space;
    }

    /// Bytes that its files have together.
    pub fn used(&self) -> usize {
        self.state().used()
    }

    /// Cuts the power: from here every operation fails, and nothing is recorded.
    pub fn cut(&self) {
        self.state().cut = true;
    }
}
