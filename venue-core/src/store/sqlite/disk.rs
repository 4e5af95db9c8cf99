//! What the store asks of the file system around SQLite, behind one trait, so that a test can put another disk
//! under it (together with a VFS of its own for SQLite).

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// What makes a file this file: device and inode.
pub type Identity = (u64, u64);

/// What lies under a name; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Device and inode.
    pub identity: Identity,
    /// Whether it is a regular file: no link, folder, pipe or device.
    pub regular: bool,
    /// Its length in bytes.
    pub length: u64,
    /// Its permission bits.
    pub mode: u32,
    /// Its group.
    pub group: u32,
    /// When it was last written, in seconds since 1970 by the file system's clock.
    pub written_at: i64,
    /// How many names lead to it.
    pub names: u64,
}

/// A lock file that is open. Dropping it gives the lock back.
pub trait LockFile: Send + Sync + fmt::Debug {
    /// Takes the lock together with others; false if somebody has it alone.
    fn try_shared(&self) -> io::Result<bool>;
    /// Takes the lock alone, from shared too; false if others have it (then a shared one may be lost).
    fn try_alone(&self) -> io::Result<bool>;
}

/// Everything the store does with files itself.
pub trait Disk: Send + Sync + fmt::Debug {
    /// The folder's own name, with every link in it resolved: SQLite refuses links in a path.
    fn folder(&self, folder: &Path) -> io::Result<PathBuf>;
    /// What lies under the name, if anything does. Never opens it.
    fn look(&self, path: &Path) -> io::Result<Option<Entry>>;
    /// What makes the file under the name this file: asked before and after every commit.
    fn identity(&self, path: &Path) -> io::Result<Option<Identity>> {
        Ok(self.look(path)?.map(|entry| entry.identity))
    }
    /// Reads up to `most` bytes from the start of a regular file, which is opened without waiting.
    fn head(&self, path: &Path, most: u64) -> io::Result<Vec<u8>>;
    /// Makes a file that must not exist, of this content, and syncs it.
    fn create(&self, path: &Path, rights: Rights, content: &[u8]) -> io::Result<()>;
    /// Gives a file these rights.
    fn allow(&self, path: &Path, rights: Rights) -> io::Result<()>;
    /// Copies a whole file over an existing one, syncs it, and answers its length.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<u64>;
    /// Syncs a file.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Gives a file a second name, which must not exist.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Renames a file, over an existing one.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a name.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// The names in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Syncs a folder, so that its names survive a power cut.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Opens a lock file, making it if need be.
    fn lock_file(&self, path: &Path, rights: Rights) -> io::Result<Box<dyn LockFile>>;
    /// The name of the network file system that the folder lies on, if it does.
    fn network(&self, folder: &Path) -> io::Result<Option<&'static str>>;
}

/// Who may read and write a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights {
    /// The group that may do so beside the owner.
    pub group: Option<u32>,
}

impl Rights {
    /// The permission bits.
    pub fn mode(self) -> u32 {
        if self.group.is_some() { 0o660 } else { 0o600 }
    }
}

/// The system's own disks.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn folder(&self, folder: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(folder)
    }

    fn look(&self, path: &Path) -> io::Result<Option<Entry>> {
        let found = match std::fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Entry {
            identity: (found.dev(), found.ino()),
            regular: found.file_type().is_file(),
            length: found.len(),
            mode: found.mode() & 0o7777,
            group: found.gid(),
            written_at: found.mtime(),
            names: found.nlink(),
        }))
    }

    #[cfg(target_os = "linux")]
    fn identity(&self, path: &Path) -> io::Result<Option<Identity>> {
        bare_identity(path, || Ok(self.look(path)?.map(|entry| entry.identity)))
    }

    fn head(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        open_unfollowed(path)?.take(most).read_to_end(&mut head)?;
        Ok(head)
    }

    fn create(&self, path: &Path, rights: Rights, content: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let made = self
            .allow(path, rights)
            .and_then(|()| file.write_all(content))
            .and_then(|()| file.sync_all());
        if made.is_err() {
            // Half a file helps nobody; that it cannot be removed either changes nothing.
            let _ = std::fs::remove_file(path);
        }
        made
    }

    fn allow(&self, path: &Path, rights: Rights) -> io::Result<()> {
        if let Some(group) = rights.group {
            std::os::unix::fs::lchown(path, None, Some(group))?;
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(rights.mode()))
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<u64> {
        let mut source = File::open(from)?;
        let mut target = OpenOptions::new().write(true).truncate(true).open(to)?;
        let copied = io::copy(&mut source, &mut target)?;
        target.sync_all()?;
        Ok(copied)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::hard_link(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    fn lock_file(&self, path: &Path, rights: Rights) -> io::Result<Box<dyn LockFile>> {
        // Where nothing can be made, a lock file that is there already will do.
        if let Err(error) = self.create(path, rights, &[])
            && self.look(path)?.is_none()
        {
            return Err(error);
        }
        Ok(Box::new(RealLock(open_unfollowed(path)?)))
    }

    fn network(&self, folder: &Path) -> io::Result<Option<&'static str>> {
        network_name(folder)
    }
}

/// The identity alone, without the times.
///
/// # Source
/// Since Linux 6.13 a file whose times somebody asked for gets a new, exact time at its next write. That dirties
/// the inode of the log at every commit, and made the sync of a lone sale longer by half: 155 us became 235 us.
#[cfg(target_os = "linux")]
fn bare_identity(
    path: &Path,
    otherwise: impl FnOnce() -> io::Result<Option<Identity>>,
) -> io::Result<Option<Identity>> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    use rustix::io::Errno;
    match statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::INO) {
        Ok(found) => Ok(Some((makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino))),
        Err(Errno::NOENT) => Ok(None),
        // A kernel or a sandbox without this call has the old one.
        Err(Errno::NOSYS | Errno::PERM) => otherwise(),
        Err(error) => Err(error.into()),
    }
}

/// Opens a file to read, not over a link and not waiting for the other end of a pipe.
fn open_unfollowed(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// A lock by `flock`: it belongs to this open file, not to the process, and goes when the process does.
#[derive(Debug)]
struct RealLock(File);

impl LockFile for RealLock {
    fn try_shared(&self) -> io::Result<bool> {
        outcome(self.0.try_lock_shared())
    }

    fn try_alone(&self) -> io::Result<bool> {
        outcome(self.0.try_lock())
    }
}

fn outcome(result: Result<(), TryLockError>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Network file systems by the number that Linux gives their kind.
#[cfg(any(target_os = "linux", target_os = "android"))]
const NETWORK: [(u32, &str); 14] = [
    (0x6969, "nfs"),
    (0xFF53_4D42, "cifs"),
    (0xFE53_4D42, "smb2"),
    (0x517B, "smb"),
    (0x0102_1997, "9p"),
    (0x6573_5546, "fuse"),
    (0x00C3_6400, "ceph"),
    (0x5346_414F, "afs"),
    (0x6B41_4653, "kafs"),
    (0x7375_7245, "coda"),
    (0x0BD0_0BD0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x0161_1970, "gfs2"),
    (0x7461_636F, "ocfs2"),
];

#[cfg(any(target_os = "linux", target_os = "android"))]
fn network_name(folder: &Path) -> io::Result<Option<&'static str>> {
    // The numbers are 32 bits wide; some systems keep them in a signed or a wider field.
    let bytes = rustix::fs::statfs(folder)?.f_type.to_ne_bytes();
    let wide: &[u8] =
        if cfg!(target_endian = "little") { &bytes[..4] } else { &bytes[bytes.len() - 4..] };
    let kind = u32::from_ne_bytes(wide.try_into().unwrap_or_default());
    Ok(NETWORK.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name))
}

/// macOS says which file systems are local.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn network_name(folder: &Path) -> io::Result<Option<&'static str>> {
    const MNT_LOCAL: u32 = 0x1000;
    let local = rustix::fs::statfs(folder)?.f_flags & MNT_LOCAL != 0;
    Ok(if local { None } else { Some("not local") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_shared_or_alone_also_within_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = RealDisk.lock_file(&path, Rights::default()).unwrap();
        let second = RealDisk.lock_file(&path, Rights::default()).unwrap();
        assert!(first.try_shared().unwrap());
        assert!(second.try_shared().unwrap());
        assert!(!first.try_alone().unwrap());
        drop(second);
        assert!(first.try_alone().unwrap());
    }

    #[test]
    fn a_file_is_never_made_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        RealDisk.create(&path, Rights::default(), b"one").unwrap();
        assert!(RealDisk.create(&path, Rights::default(), b"two").is_err());
        assert!(RealDisk.link(&path, &path).is_err());
        assert_eq!(RealDisk.head(&path, 100).unwrap(), b"one");
        assert_eq!(RealDisk.look(&path).unwrap().unwrap().mode, 0o600);
    }

    #[test]
    fn the_identity_asked_for_alone_is_that_of_a_look() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("file"), folder.path().join("link"));
        assert_eq!(RealDisk.identity(&path).unwrap(), None);
        RealDisk.create(&path, Rights::default(), b"one").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        for path in [&path, &link] {
            let look = RealDisk.look(path).unwrap().unwrap();
            assert_eq!(RealDisk.identity(path).unwrap(), Some(look.identity));
        }
        assert_ne!(RealDisk.identity(&path).unwrap(), RealDisk.identity(&link).unwrap());
        assert!(RealDisk.identity(Path::new("/dev/null/file")).is_err());
    }

    #[test]
    fn a_local_folder_is_not_on_a_network() {
        let folder = tempfile::tempdir().unwrap();
        let found = RealDisk.network(folder.path()).unwrap();
        assert!(found.is_none() || found == Some("9p") || found == Some("fuse"), "{found:?}");
    }
}
