//! Whole files: making one, copying one that is in use, putting a copy back.

use std::ffi::c_char;
use std::mem::size_of;

use serde_json::json;
use venue_core::domain::error::Invalid;
use venue_core::engine::{Engine, NewFile, OpenOptions, RestoreDone};

use crate::edge::answer;
use crate::forking;
use crate::handles::{self, venue_handle};
use crate::out::{Grows, Out};
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, parsed_if_said, venue_text};

/// For `venue_create`: a file for tests, which never reads the wall clock.
pub const VENUE_NEW_TEST_CLOCK: u32 = 1;

/// Makes a file and its secret, both whole or absent. A VENUE file that is there is left as it is, and that is no error.
///
/// `flags` is 0, or `VENUE_NEW_TEST_CLOCK`: such a file stands at the instant `now` (RFC 3339; the machine's where it is
/// empty) until a command brings a later one, by the member `now` of `venue_call`.
///
/// Threads: any. Ownership: the texts are borrowed for the call; the error, if one is written, is to be freed with
/// `venue_text_free`. Errors: `VENUE_FOREIGN_FILE`, `VENUE_NEWER_SCHEMA`, `VENUE_BAD_PATH`, `VENUE_NETWORK_FS`,
/// `VENUE_ARGUMENT` for other flags.
///
/// # Safety
/// `path` points to `path_size` bytes; `now` is null or points to `now_size` bytes; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_create(
    path: *const c_char,
    path_size: usize,
    flags: u32,
    now: *const c_char,
    now_size: usize,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        // SAFETY: the caller vouches for the path.
        let path = unsafe { borrowed("path", path, path_size) }?;
        // SAFETY: the caller vouches for the instant.
        let now = unsafe { borrowed("now", now, now_size) }?;
        let now = parsed_if_said("now", now)?;
        let new = match (flags, now) {
            (0, None) => NewFile::default(),
            (VENUE_NEW_TEST_CLOCK, now) => NewFile::default().test_clock(now),
            (0, Some(_)) => {
                return Err(Invalid::argument("now", "goes with VENUE_NEW_TEST_CLOCK").into());
            }
            _ => return Err(Invalid::argument("flags", "VENUE_NEW_.. is needed").into()),
        };
        let _inside = forking::enter_to_open()?;
        Engine::create(path, &new, &OpenOptions::default())?;
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// What a backup is.
///
/// Set `size` to `sizeof(venue_copy)` before the call: so much is written.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_copy {
    /// `sizeof(venue_copy)`, set by the program.
    pub size: u32,
    /// Zero.
    pub reserved: u32,
    /// The copy's length.
    pub bytes: u64,
    /// The newest change in it.
    pub sequence: i64,
}

// SAFETY: numbers side by side; the sum below leaves no bytes between them.
unsafe impl Grows for venue_copy {
    const FIRST: usize = 2 * 4 + 2 * 8;
    const NAME: &'static str = "copy";
}
const _: () = assert!(size_of::<venue_copy>() == <venue_copy as Grows>::FIRST);

/// Copies the file, as it is at one instant and while it is in use, to a new file.
///
/// Threads: any; sales go on meanwhile. Ownership: the target's name is borrowed for the call; `copy` is the caller's. It
/// is written only on `VENUE_OK`, `error` only otherwise, and then no target is left behind. Errors:
/// `VENUE_TARGET_EXISTS`, `VENUE_DISK_FULL`, `VENUE_IO_ERROR`, `VENUE_DAMAGED`.
///
/// # Safety
/// `target` points to `target_size` bytes; `copy` is null or points to a struct of the size it says; `error` is null or
/// can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_backup(
    handle: venue_handle,
    target: *const c_char,
    target_size: usize,
    copy: *mut venue_copy,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        // SAFETY: the caller vouches for the place.
        let out = unsafe { Out::at(copy) }?;
        // SAFETY: the caller vouches for the target.
        let target = unsafe { borrowed("target", target, target_size) }?;
        let done = handles::enter(handle)?.engine().backup(target)?;
        let (bytes, sequence) = (done.bytes, done.sequence);
        out.write(&venue_copy { size: 0, reserved: 0, bytes, sequence });
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// Puts a backup in the place of a file that nobody has open, this process included. The file that was there is kept beside
/// it. The reply is `{"type":"restore","data":{"file":..,"before":..}}`.
///
/// Threads: any. Ownership: the names are borrowed for the call; the reply, or else the error, is to be freed with
/// `venue_text_free`. `reply` is written only on `VENUE_OK`, `error` only otherwise. Errors: `VENUE_IN_USE` while anybody
/// has the target open; `VENUE_NO_FILE`, `VENUE_FOREIGN_FILE`, `VENUE_NEWER_SCHEMA`, `VENUE_DAMAGED` of the backup: the
/// target stays as it is.
///
/// # Safety
/// `backup` and `target` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_restore(
    backup: *const c_char,
    backup_size: usize,
    target: *const c_char,
    target_size: usize,
    reply: *mut venue_text,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        if reply.is_null() {
            return Err(Failure::Null("reply"));
        }
        // SAFETY: the caller vouches for the backup's name.
        let backup = unsafe { borrowed("backup", backup, backup_size) }?;
        // SAFETY: the caller vouches for the target's name.
        let target = unsafe { borrowed("target", target, target_size) }?;
        let _inside = forking::enter_to_open()?;
        let done = Engine::restore(backup, target, &OpenOptions::default())?;
        let reply_of = json!({"type": "restore", "data": RestoreDone::from(&done)});
        let text = venue_text::owned(reply_of.to_string());
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { reply.write(text) };
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}
