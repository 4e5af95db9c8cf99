//! The disk as the store's own side sees it: what goes around SQLite.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use venue_core::store::sqlite::disk::{Disk, Entry, LockFile, Rights};

use super::faults::Kind;
use super::state::{File, State, Trouble};
use super::{ROOT, RamDisk};

/// Disks have numbers that no real device has.
const DEVICE: u64 = 0xd15c_0000_0000;

/// A disk under the store.
#[derive(Debug)]
pub(super) struct Mounted(pub(super) Arc<RamDisk>);

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Device => Self::other("the device failed"),
            Trouble::Full => io::ErrorKind::StorageFull.into(),
            Trouble::Missing => io::ErrorKind::NotFound.into(),
            Trouble::Taken => io::ErrorKind::AlreadyExists.into(),
        }
    }
}

fn name(path: &Path) -> io::Result<&str> {
    path.file_name().and_then(|name| name.to_str()).ok_or_else(|| Trouble::Missing.into())
}

fn open(state: &mut State, path: &Path) -> io::Result<File> {
    state.step(Kind::Open)?;
    Ok(state.file(name(path)?).ok_or(Trouble::Missing)?)
}

fn read_all(state: &mut State, path: &Path, most: usize) -> io::Result<Vec<u8>> {
    let file = open(state, path)?;
    let mut bytes = vec![0; state.length(file).min(most)];
    let count = state.read(file, 0, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}

impl Disk for Mounted {
    fn folder(&self, folder: &Path) -> io::Result<PathBuf> {
        self.0.state().step(Kind::Look)?;
        let own = self.0.folder_path();
        if folder == own { Ok(own) } else { Err(Trouble::Missing.into()) }
    }

    fn look(&self, path: &Path) -> io::Result<Option<Entry>> {
        let mut state = self.0.state();
        state.step(Kind::Look)?;
        let Some(file) = state.file(name(path)?) else { return Ok(None) };
        let length = u64::try_from(state.length(file)).map_err(io::Error::other)?;
        let identity = (DEVICE + self.0.id, file);
        let names = state.live.names.values().filter(|other| **other == file).count();
        let names = u64::try_from(names).map_err(io::Error::other)?;
        let (mode, group, written_at) = (0o600, 0, 0);
        Ok(Some(Entry { identity, regular: true, length, mode, group, written_at, names }))
    }

    fn head(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let most = usize::try_from(most).map_err(io::Error::other)?;
        read_all(&mut self.0.state(), path, most)
    }

    fn create(&self, path: &Path, _: Rights, content: &[u8]) -> io::Result<()> {
        let mut state = self.0.state();
        let file = state.make(name(path)?)?;
        let filled = state.write(file, 0, content).and_then(|()| state.sync(file));
        if filled.is_err() {
            // As the real disk does it: half a file helps nobody.
            let _ = state.remove(name(path)?);
        }
        Ok(filled?)
    }

    fn allow(&self, path: &Path, _: Rights) -> io::Result<()> {
        self.look(path).map(|_| ())
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<u64> {
        let mut state = self.0.state();
        let bytes = read_all(&mut state, from, usize::MAX)?;
        let file = open(&mut state, to)?;
        state.truncate(file, 0)?;
        for (part, bytes) in bytes.chunks(1 << 16).enumerate() {
            state.write(file, part << 16, bytes)?;
        }
        state.sync(file)?;
        u64::try_from(bytes.len()).map_err(io::Error::other)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.state();
        let file = open(&mut state, path)?;
        Ok(state.sync(file)?)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(self.0.state().link(name(from)?, name(to)?)?)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(self.0.state().rename(name(from)?, name(to)?)?)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Ok(self.0.state().remove(name(path)?)?)
    }

    fn names(&self, _: &Path) -> io::Result<Vec<OsString>> {
        let mut state = self.0.state();
        state.step(Kind::Look)?;
        Ok(state.live.names.keys().map(OsString::from).collect())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(self.0.state().sync_folder()?)
    }

    fn lock_file(&self, path: &Path, rights: Rights) -> io::Result<Box<dyn LockFile>> {
        if let Err(error) = self.create(path, rights, &[])
            && self.look(path)?.is_none()
        {
            return Err(error);
        }
        let mut state = self.0.state();
        let file = open(&mut state, path)?;
        let holder = state.number();
        Ok(Box::new(Flock { disk: Arc::clone(&self.0), file, holder }))
    }

    fn network(&self, folder: &Path) -> io::Result<Option<&'static str>> {
        debug_assert!(folder.starts_with(ROOT), "a folder of this disk");
        self.0.state().step(Kind::Look)?;
        Ok(None)
    }
}

/// A lock file that is open.
#[derive(Debug)]
struct Flock {
    disk: Arc<RamDisk>,
    file: File,
    holder: u64,
}

impl Flock {
    fn lock(&self, alone: bool) -> bool {
        let mut state = self.disk.state();
        let holders = state.flocks.entry(self.file).or_default();
        let mut others = holders.iter().filter(|(holder, _)| **holder != self.holder);
        let free = if alone { others.next().is_none() } else { others.all(|(_, alone)| !*alone) };
        if free {
            holders.insert(self.holder, alone);
        }
        free
    }
}

impl LockFile for Flock {
    fn try_shared(&self) -> io::Result<bool> {
        Ok(self.lock(false))
    }

    fn try_alone(&self) -> io::Result<bool> {
        Ok(self.lock(true))
    }
}

impl Drop for Flock {
    fn drop(&mut self) {
        let mut state = self.disk.state();
        if let Some(holders) = state.flocks.get_mut(&self.file) {
            holders.remove(&self.holder);
        }
    }
}
