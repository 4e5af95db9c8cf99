//! The disk as SQLite sees it: a VFS by hand. The only file here with unsafe code; it translates pointers and
//! numbers, and everything else is done by [`Handle`].

#![allow(unsafe_code, reason = "SQLite calls through C function pointers")]

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::OnceLock;

use rusqlite::ffi;

use super::handle::{self, Handle};

const NAME: &CStr = c"venue-ram-disk";
const LONGEST_PATH: c_int = 512;

/// What SQLite has of an open file. SQLite allocates it, zeroed or not, and hands it to every method.
#[repr(C)]
struct Slot {
    base: ffi::sqlite3_file,
    handle: *mut Handle,
}

/// The name under which SQLite knows the VFS. It stays registered for as long as the process lives.
pub(super) fn name() -> &'static str {
    static DONE: OnceLock<c_int> = OnceLock::new();
    let code = *DONE.get_or_init(register);
    assert_eq!(code, ffi::SQLITE_OK, "SQLite takes the VFS");
    NAME.to_str().expect("the name is ASCII")
}

fn register() -> c_int {
    // SAFETY: a null name asks for the system's own VFS, which lives as long as the process.
    let system = unsafe { *ffi::sqlite3_vfs_find(std::ptr::null()) };
    let vfs = Box::new(ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: c_int::try_from(size_of::<Slot>()).expect("a few words"),
        mxPathname: LONGEST_PATH,
        pNext: std::ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: std::ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        // These ignore which VFS they are called for.
        xRandomness: system.xRandomness,
        xSleep: system.xSleep,
        xCurrentTime: system.xCurrentTime,
        xGetLastError: None,
        xCurrentTimeInt64: system.xCurrentTimeInt64,
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    });
    // SAFETY: the VFS is leaked, so it outlives every use; its methods uphold SQLite's contract.
    unsafe { ffi::sqlite3_vfs_register(Box::leak(vfs), 0) }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The path that SQLite names; none for a null pointer.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite hands over a text that ends in zero and lives for the call.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes();
    Some(Path::new(OsStr::from_bytes(bytes)))
}

/// The handle of an open file.
unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    // SAFETY: SQLite calls methods only on a file that `open` filled, one at a time for each file.
    unsafe { &mut *(*file.cast::<Slot>()).handle }
}

/// A number of SQLite's that is never negative.
fn whole<N: TryInto<usize>>(number: N) -> usize {
    number.try_into().unwrap_or_default()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: `file` has room for a slot, as `szOsFile` says; the name is a text or null; `out` is null or writable.
    unsafe {
        let slot = file.cast::<Slot>();
        // Without methods SQLite does not close it.
        (*slot).base.pMethods = std::ptr::null();
        match handle::open(path(name), flags) {
            Ok(opened) => {
                (*slot).handle = Box::into_raw(Box::new(opened));
                (*slot).base.pMethods = &raw const METHODS;
                if !out.is_null() {
                    *out = flags;
                }
                ffi::SQLITE_OK
            }
            Err(code) => code,
        }
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the name is a text that lives for the call.
    let path = unsafe { path(name) };
    path.map_or(ffi::SQLITE_IOERR_DELETE, |path| handle::remove(path, sync != 0))
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the name is a text that lives for the call.
    let path = unsafe { path(name) };
    let found =
        path.map_or(Ok(false), |path| handle::is_there(path, flags == ffi::SQLITE_ACCESS_EXISTS));
    // SAFETY: `out` is where SQLite wants the answer.
    unsafe { *out = c_int::from(found == Ok(true)) };
    found.err().unwrap_or(ffi::SQLITE_OK)
}

unsafe extern "C" fn full_path(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    length: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: the name is a text that ends in zero, and `out` has room for `length` bytes.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > whole(length) {
            return ffi::SQLITE_CANTOPEN;
        }
        std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once; the handle came from a box.
    let handle = unsafe { Box::from_raw((*file.cast::<Slot>()).handle) };
    handle.close();
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and a buffer of `count` bytes that nobody else uses meanwhile.
    let (handle, into) =
        unsafe { (handle(file), std::slice::from_raw_parts_mut(into.cast(), whole(count))) };
    handle.read(whole(at), into)
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and `count` bytes that stay as they are meanwhile.
    let (handle, from) =
        unsafe { (handle(file), std::slice::from_raw_parts(from.cast(), whole(count))) };
    handle.write(whole(at), from)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.truncate(whole(size))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.sync()
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    out: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: an open file, and a place for its size.
    unsafe {
        match handle(file).length() {
            Ok(length) => {
                *out = length.try_into().unwrap_or(ffi::sqlite3_int64::MAX);
                ffi::SQLITE_OK
            }
            Err(code) => code,
        }
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.lock(level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.unlock(level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: an open file, and a place for the answer.
    unsafe { *out = c_int::from(handle(file).is_reserved()) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    what: c_int,
    with: *mut c_void,
) -> c_int {
    match what {
        ffi::SQLITE_FCNTL_PERSIST_WAL => {
            // SAFETY: an open file, and the argument of this control is a number to read and write.
            unsafe {
                let wish = with.cast::<c_int>();
                *wish = handle(file).keep_log(*wish);
            }
            ffi::SQLITE_OK
        }
        ffi::SQLITE_FCNTL_SIZE_HINT => ffi::SQLITE_OK,
        _ => ffi::SQLITE_NOTFOUND,
    }
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4_096
}

unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    place: c_int,
    bytes: c_int,
    make: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file, and a place for the address. A region lives until the last connection leaves the index,
    // and is made of atomic words, so that all may write to it.
    unsafe {
        *out = std::ptr::null_mut();
        match handle(file).region(whole(place), whole(bytes), make != 0) {
            Ok(Some(address)) => *out = std::ptr::with_exposed_provenance_mut(address),
            Ok(None) => {}
            Err(code) => return code,
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let bits = (0..8_u8).filter(|bit| (offset..offset + count).contains(&c_int::from(*bit)));
    let bits = bits.fold(0, |bits, bit| bits | 1 << bit);
    // SAFETY: an open file.
    unsafe { handle(file) }.lock_index(bits, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: an open file.
    unsafe { handle(file) }.barrier();
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: an open file.
    unsafe { handle(file) }.leave_index();
    ffi::SQLITE_OK
}

/// Bounds the memory of all of SQLite in this process; 0 lifts the bound. What it asks for beyond fails.
pub fn limit_heap(bytes: i64) {
    // SAFETY: the call takes a number and may be made at any time.
    unsafe { ffi::sqlite3_hard_heap_limit64(bytes) };
}

/// Bytes that SQLite has allocated in this process.
pub fn heap_used() -> i64 {
    // SAFETY: the call takes nothing and may be made at any time.
    unsafe { ffi::sqlite3_memory_used() }
}
