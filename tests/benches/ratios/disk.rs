//! The disk that everything is measured on.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use super::callers::median;

/// The median duration of an fdatasync after 4 KiB were appended, in microseconds.
pub(crate) fn fdatasync_us(folder: &Path) -> f64 {
    let path = folder.join("sync-probe");
    let mut file = File::create(&path).expect("a file");
    let spans = (0..200).map(|_| {
        file.write_all(&[7; 4_096]).expect("a page");
        let began = Instant::now();
        file.sync_data().expect("a sync");
        began.elapsed().as_secs_f64() * 1e6
    });
    let middle = median(spans);
    std::fs::remove_file(path).expect("the probe goes");
    middle
}

/// The type of the file system that a folder lies on, as the system names it.
pub(crate) fn file_system(folder: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let fields = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let covering = fields.filter(|mount| mount.len() > 2 && folder.starts_with(mount[1]));
    // Of two mounts on one place the later one counts.
    covering
        .max_by_key(|mount| mount[1].len())
        .map_or_else(|| "unknown".to_owned(), |m| m[2].to_owned())
}

/// Whether a sync on this file system writes to a disk.
pub(crate) fn is_real(file_system: &str) -> bool {
    !matches!(file_system, "tmpfs" | "ramfs" | "unknown")
}
