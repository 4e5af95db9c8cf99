//! What a disk holds, and the record of every act that changed it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::faults::{Faults, How, Kind};
use super::locks::Locks;

/// A file by its number; names lead to it.
pub(super) type File = u64;

/// What an operation answers that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The device failed.
    Device,
    /// No space is left.
    Full,
    /// There is no such name.
    Missing,
    /// The name is taken.
    Taken,
}

/// An act that changes what a power cut leaves.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Write { file: File, at: usize, bytes: Arc<[u8]> },
    Truncate { file: File, length: usize },
    Synced { file: File },
    NotSynced { file: File },
    Named { name: String, file: File },
    Renamed { from: String, to: String },
    Removed { name: String },
    FolderSynced,
}

/// Files by number, and the names that lead to them.
#[derive(Debug, Clone, Default)]
pub struct Image {
    pub(super) files: BTreeMap<File, Vec<u8>>,
    pub(super) names: BTreeMap<String, File>,
}

impl Image {
    /// What a name leads to.
    pub fn content(&self, name: &str) -> Option<&[u8]> {
        Some(self.files.get(self.names.get(name)?)?)
    }

    /// The number of the file that a name leads to.
    pub fn file(&self, name: &str) -> Option<u64> {
        self.names.get(name).copied()
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

/// A disk's content, record, faults and locks.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) live: Image,
    pub(super) log: Vec<Act>,
    pub(super) faults: Faults,
    pub(super) locks: Locks,
    /// Locks of lock files: who has it, and whether alone.
    pub(super) flocks: BTreeMap<File, BTreeMap<u64, bool>>,
    /// Bytes that all named files may have together.
    pub(super) space: Option<usize>,
    /// The power is gone: nothing works any more, and nothing changes.
    pub(super) cut: bool,
    newest: u64,
}

impl State {
    pub(super) fn over(image: Image) -> Self {
        let newest = image.files.keys().next_back().copied().unwrap_or(0);
        Self { live: image, newest, ..Self::default() }
    }

    /// A number that nothing on this disk has.
    pub(super) fn number(&mut self) -> u64 {
        self.newest += 1;
        self.newest
    }

    /// Counts an operation, which may fail.
    pub(super) fn step(&mut self, kind: Kind) -> Result<(), Trouble> {
        match self.strike(kind) {
            None => Ok(()),
            Some(How::Full) => Err(Trouble::Full),
            Some(How::Error | How::Short) => Err(Trouble::Device),
        }
    }

    fn strike(&mut self, kind: Kind) -> Option<How> {
        if self.cut { Some(How::Error) } else { self.faults.strike(kind) }
    }

    fn record(&mut self, act: Act) {
        if !self.cut {
            self.log.push(act);
        }
    }

    pub(super) fn file(&self, name: &str) -> Option<File> {
        self.live.names.get(name).copied()
    }

    pub(super) fn length(&self, file: File) -> usize {
        self.live.files.get(&file).map_or(0, Vec::len)
    }

    /// Makes a file without a name.
    pub(super) fn nameless(&mut self) -> File {
        let file = self.number();
        self.live.files.insert(file, Vec::new());
        file
    }

    /// Makes a file under a name that must be free.
    pub(super) fn make(&mut self, name: &str) -> Result<File, Trouble> {
        self.step(Kind::Open)?;
        if self.file(name).is_some() {
            return Err(Trouble::Taken);
        }
        let file = self.nameless();
        self.live.names.insert(name.to_owned(), file);
        self.record(Act::Named { name: name.to_owned(), file });
        Ok(file)
    }

    /// Reads into a buffer; how many bytes there were.
    pub(super) fn read(
        &mut self,
        file: File,
        at: usize,
        into: &mut [u8],
    ) -> Result<usize, Trouble> {
        self.step(Kind::Read)?;
        let bytes = self.live.files.get(&file).ok_or(Trouble::Missing)?;
        let found = bytes.get(at..).unwrap_or_default();
        let count = found.len().min(into.len());
        into[..count].copy_from_slice(&found[..count]);
        Ok(count)
    }

    /// Writes. A fault may strike after half of the bytes.
    pub(super) fn write(&mut self, file: File, at: usize, bytes: &[u8]) -> Result<(), Trouble> {
        match self.strike(Kind::Write) {
            None => {}
            Some(How::Error) => return Err(Trouble::Device),
            Some(How::Short) => {
                self.put(file, at, &bytes[..bytes.len() / 2]);
                return Err(Trouble::Device);
            }
            Some(How::Full) => {
                self.put(file, at, &bytes[..bytes.len() / 2]);
                return Err(Trouble::Full);
            }
        }
        let growth = (at + bytes.len()).saturating_sub(self.length(file));
        let room = self.space.map_or(usize::MAX, |space| space.saturating_sub(self.used()));
        if growth > room {
            let fits = bytes.len().saturating_sub(growth - room);
            self.put(file, at, &bytes[..fits]);
            return Err(Trouble::Full);
        }
        self.put(file, at, bytes);
        Ok(())
    }

    /// Bytes of all files that have a name.
    pub(super) fn used(&self) -> usize {
        let mut files: Vec<File> = self.live.names.values().copied().collect();
        files.sort_unstable();
        files.dedup();
        files.iter().map(|file| self.length(*file)).sum()
    }

    fn put(&mut self, file: File, at: usize, bytes: &[u8]) {
        if self.cut || bytes.is_empty() {
            return;
        }
        write_into(self.live.files.entry(file).or_default(), at, bytes);
        self.record(Act::Write { file, at, bytes: bytes.into() });
    }

    pub(super) fn truncate(&mut self, file: File, length: usize) -> Result<(), Trouble> {
        self.step(Kind::Truncate)?;
        self.live.files.entry(file).or_default().resize(length, 0);
        self.record(Act::Truncate { file, length });
        Ok(())
    }

    pub(super) fn sync(&mut self, file: File) -> Result<(), Trouble> {
        let synced = self.step(Kind::Sync);
        self.record(if synced.is_ok() { Act::Synced { file } } else { Act::NotSynced { file } });
        synced
    }

    pub(super) fn sync_folder(&mut self) -> Result<(), Trouble> {
        self.step(Kind::SyncFolder)?;
        self.record(Act::FolderSynced);
        Ok(())
    }

    pub(super) fn link(&mut self, from: &str, to: &str) -> Result<(), Trouble> {
        self.step(Kind::Name)?;
        let file = self.file(from).ok_or(Trouble::Missing)?;
        if self.file(to).is_some() {
            return Err(Trouble::Taken);
        }
        self.live.names.insert(to.to_owned(), file);
        self.record(Act::Named { name: to.to_owned(), file });
        Ok(())
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> Result<(), Trouble> {
        self.step(Kind::Name)?;
        let file = self.live.names.remove(from).ok_or(Trouble::Missing)?;
        self.live.names.insert(to.to_owned(), file);
        self.record(Act::Renamed { from: from.to_owned(), to: to.to_owned() });
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) -> Result<(), Trouble> {
        self.step(Kind::Remove)?;
        self.live.names.remove(name).ok_or(Trouble::Missing)?;
        self.record(Act::Removed { name: name.to_owned() });
        Ok(())
    }
}

/// Writes bytes at a place, with zeros before it where nothing was.
pub(super) fn write_into(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if content.len() < at + bytes.len() {
        content.resize(at + bytes.len(), 0);
    }
    content[at..at + bytes.len()].copy_from_slice(bytes);
}
