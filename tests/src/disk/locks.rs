//! SQLite's locks on a file of the disk: those of the file itself, and those of the index its connections share.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;

use rusqlite::ffi;

use super::state::File;

/// Words of one region of a shared index: 32 KiB.
pub(super) const REGION_WORDS: usize = 4_096;
/// Locks of a shared index.
const INDEX_LOCKS: usize = 8;

/// One region of a shared index. Its address stays the same for as long as it lives.
#[derive(Debug)]
pub(super) struct Region(pub(super) Box<[AtomicU64]>);

impl Region {
    fn new() -> Self {
        Self((0..REGION_WORDS).map(|_| AtomicU64::new(0)).collect())
    }
}

/// The index that the connections of a file share: there as long as one of them uses it.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) regions: Vec<Region>,
    /// -1: one has it alone; n: so many share it.
    locks: [i32; INDEX_LOCKS],
    users: usize,
}

/// What one connection has of a shared index.
#[derive(Debug, Default)]
pub(super) struct IndexUse {
    attached: bool,
    shared: u8,
    alone: u8,
}

/// All locks of a disk.
#[derive(Debug, Default)]
pub(super) struct Locks {
    levels: BTreeMap<File, BTreeMap<u64, i32>>,
    indexes: BTreeMap<File, Index>,
}

impl Locks {
    /// The file's lock that a handle has.
    fn level(&self, file: File, handle: u64) -> i32 {
        self.levels.get(&file).and_then(|levels| levels.get(&handle)).copied().unwrap_or(0)
    }

    /// The highest lock of the others.
    pub(super) fn others(&self, file: File, handle: u64) -> i32 {
        let levels = self.levels.get(&file).into_iter().flatten();
        levels.filter(|(other, _)| **other != handle).map(|(_, level)| *level).max().unwrap_or(0)
    }

    /// Takes a file's lock as SQLite's unix system does; false if others keep it from that.
    pub(super) fn lock(&mut self, file: File, handle: u64, wanted: i32) -> bool {
        if self.level(file, handle) >= wanted {
            return true;
        }
        let others = self.others(file, handle);
        let got = match wanted {
            ffi::SQLITE_LOCK_SHARED if others < ffi::SQLITE_LOCK_PENDING => wanted,
            ffi::SQLITE_LOCK_RESERVED if others < ffi::SQLITE_LOCK_RESERVED => wanted,
            ffi::SQLITE_LOCK_EXCLUSIVE if others == ffi::SQLITE_LOCK_NONE => wanted,
            // Those who read may end, nobody new begins.
            ffi::SQLITE_LOCK_EXCLUSIVE if others < ffi::SQLITE_LOCK_RESERVED => {
                ffi::SQLITE_LOCK_PENDING
            }
            _ => return false,
        };
        self.levels.entry(file).or_default().insert(handle, got);
        got == wanted
    }

    /// Goes down to a lock.
    pub(super) fn unlock(&mut self, file: File, handle: u64, wanted: i32) {
        if self.level(file, handle) > wanted {
            self.levels.entry(file).or_default().insert(handle, wanted);
        }
    }

    /// The index of a file, for a connection that may be new to it.
    pub(super) fn attach(&mut self, file: File, own: &mut IndexUse) -> &mut Index {
        let index = self.indexes.entry(file).or_default();
        index.users += usize::from(!own.attached);
        own.attached = true;
        index
    }

    /// Leaves the index; the last one takes it away.
    pub(super) fn detach(&mut self, file: File, own: &mut IndexUse) {
        if !own.attached {
            return;
        }
        self.unlock_index(file, own, u8::MAX);
        own.attached = false;
        if let Some(index) = self.indexes.get_mut(&file) {
            index.users -= 1;
            if index.users == 0 {
                self.indexes.remove(&file);
            }
        }
    }

    /// Takes locks of the index, named by their bits; false if others have them.
    pub(super) fn lock_index(
        &mut self,
        file: File,
        own: &mut IndexUse,
        bits: u8,
        alone: bool,
    ) -> bool {
        let Some(index) = self.indexes.get_mut(&file) else { return false };
        let wanted = if alone { bits & !own.alone } else { bits & !own.shared };
        let free = |lock: i32| if alone { lock == 0 } else { lock >= 0 };
        if !places(wanted).all(|place| free(index.locks[place])) {
            return false;
        }
        for place in places(wanted) {
            index.locks[place] += if alone { -1 } else { 1 };
        }
        *(if alone { &mut own.alone } else { &mut own.shared }) |= wanted;
        true
    }

    /// Gives locks of the index back.
    pub(super) fn unlock_index(&mut self, file: File, own: &mut IndexUse, bits: u8) {
        let Some(index) = self.indexes.get_mut(&file) else { return };
        for place in places(own.alone & bits) {
            index.locks[place] = 0;
        }
        for place in places(own.shared & bits) {
            index.locks[place] -= 1;
        }
        own.alone &= !bits;
        own.shared &= !bits;
    }
}

impl Index {
    /// A region, made if it is wanted and not there.
    pub(super) fn region(&mut self, place: usize, make: bool) -> Option<&Region> {
        while make && self.regions.len() <= place {
            self.regions.push(Region::new());
        }
        self.regions.get(place)
    }
}

/// The places of the bits that are set.
fn places(bits: u8) -> impl Iterator<Item = usize> {
    (0..INDEX_LOCKS).filter(move |place| bits >> place & 1 == 1)
}
