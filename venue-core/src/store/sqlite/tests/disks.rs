//! The store over another disk than the system's.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::disk::{Disk, Entry, LockFile, RealDisk, Rights};
use super::*;
use crate::store::boundary::StoreFailure;

/// The system's disk, on a network if it says so, and failing at the n-th act that changes something.
#[derive(Debug, Default)]
struct Odd {
    network: bool,
    fail_at: u32,
    acts: AtomicU32,
}

impl Odd {
    fn act(&self) -> io::Result<()> {
        let act = self.acts.fetch_add(1, Ordering::Relaxed) + 1;
        if act == self.fail_at { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Odd {
    fn folder(&self, folder: &Path) -> io::Result<PathBuf> {
        RealDisk.folder(folder)
    }
    fn look(&self, path: &Path) -> io::Result<Option<Entry>> {
        RealDisk.look(path)
    }
    fn head(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        RealDisk.head(path, most)
    }
    fn create(&self, path: &Path, rights: Rights, content: &[u8]) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.create(path, rights, content))
    }
    fn allow(&self, path: &Path, rights: Rights) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.allow(path, rights))
    }
    fn copy(&self, from: &Path, to: &Path) -> io::Result<u64> {
        self.act().and_then(|()| RealDisk.copy(from, to))
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.sync(path))
    }
    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.link(from, to))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.rename(from, to))
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        RealDisk.names(folder)
    }
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.act().and_then(|()| RealDisk.sync_folder(folder))
    }
    fn lock_file(&self, path: &Path, rights: Rights) -> io::Result<Box<dyn LockFile>> {
        self.act().and_then(|()| RealDisk.lock_file(path, rights))
    }
    fn network(&self, folder: &Path) -> io::Result<Option<&'static str>> {
        if self.network { Ok(Some("nfs")) } else { RealDisk.network(folder) }
    }
}

fn over(disk: Odd) -> (Access, Arc<Odd>) {
    let disk = Arc::new(disk);
    (Access { disk: Arc::<Odd>::clone(&disk), ..Access::default() }, disk)
}

#[test]
fn a_network_file_system_is_refused_unless_allowed() {
    let (folder, path) = made();
    let (mut access, _) = over(Odd { network: true, ..Odd::default() });
    assert_eq!(open(&path, &access).unwrap_err().failure, StoreFailure::NetworkFs);
    let new = folder.path().join("new.db");
    assert_eq!(create(&new, &new_file(), &access).unwrap_err().failure, StoreFailure::NetworkFs);
    assert!(!new.exists());
    access.allow_network_fs = true;
    assert!(open(&path, &access).is_ok());
    assert_eq!(create(&new, &new_file(), &access).unwrap(), Created::Made);
}

#[test]
fn init_survives_a_failure_at_every_act() {
    for fail_at in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("venue.db");
        let (access, disk) = over(Odd { fail_at, ..Odd::default() });
        let first = create(&path, &new_file(), &access);
        if disk.acts.load(Ordering::Relaxed) < fail_at {
            assert!(fail_at > 5, "it acts often enough to mean something");
            break;
        }
        assert_eq!(first.unwrap_err().failure, StoreFailure::Full);
        create(&path, &new_file(), &access).unwrap();
        let store = opened(&path);
        assert_eq!(store.found.secret, Some([9; 32]));
        assert_eq!(count(&store.readers), 0);
        assert!(snapshot(folder.path()).keys().all(|name| !name.contains("tmp")));
    }
}

#[test]
fn restore_that_fails_at_any_act_leaves_the_old_file_or_the_new_one() {
    for fail_at in 1.. {
        let (folder, path) = made();
        let backup = folder.path().join("backup.db");
        let mut store = opened(&path);
        store.readers.backup(&backup).unwrap();
        write(&mut store.writer, 1);
        drop(store);
        let (access, disk) = over(Odd { fail_at, ..Odd::default() });
        let restored = super::super::restore(&backup, &path, 5, &access);
        let found = opened(&path);
        let (now, epoch) = (count(&found.readers), meta(&found.readers)[1].clone());
        drop(found);
        if disk.acts.load(Ordering::Relaxed) < fail_at {
            restored.unwrap();
            assert_eq!((now, epoch), (0, Value::Int(5)));
            assert!(fail_at > 5, "it acts often enough to mean something");
            break;
        }
        assert_eq!(restored.unwrap_err().failure, StoreFailure::Full);
        assert!([(1, Value::Int(11)), (0, Value::Int(5))].contains(&(now, epoch)));
        super::super::restore(&backup, &path, 6, &access).unwrap();
    }
}
