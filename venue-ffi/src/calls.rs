//! The functions of the library: open, close, call any verb by name.

use std::ffi::c_char;

use venue_core::engine::{Engine, OpenOptions};

use crate::edge::answer;
use crate::forking;
use crate::handles::{self, venue_handle};
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, venue_text};

/// The number of this binary interface. It changes only when a program built against an older header would not
/// work any more; the shared library's name ends with it.
pub const VENUE_ABI_VERSION: u32 = 1;

/// The number of the binary interface that the library has. Compare it with `VENUE_ABI_VERSION`.
///
/// Threads: any. Never fails.
#[unsafe(no_mangle)]
pub extern "C" fn venue_abi_version() -> u32 {
    VENUE_ABI_VERSION
}

/// The library's version, as `0.1.0`.
///
/// Threads: any. Ownership: the text is the library's and lives as long as the program. Never fails.
#[unsafe(no_mangle)]
pub extern "C" fn venue_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Opens a file that exists, and gives a handle for it.
///
/// Threads: any. Ownership: the path is borrowed for the call; the handle is to be closed with `venue_close`; the
/// error, if one is written, is to be freed with `venue_text_free`. `handle` is written only on `VENUE_OK`, `error`
/// only otherwise. A child process opens handles of its own. Errors: `VENUE_NO_FILE`, `VENUE_FOREIGN_FILE`,
/// `VENUE_NEWER_SCHEMA`, `VENUE_BAD_PATH`, `VENUE_NETWORK_FS`.
///
/// # Safety
/// `path` points to `path_size` bytes; `handle` is null or can be written; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_open(
    path: *const c_char,
    path_size: usize,
    handle: *mut venue_handle,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        if handle.is_null() {
            return Err(Failure::Null("handle"));
        }
        // SAFETY: the caller vouches for the path.
        let path = unsafe { borrowed("path", path, path_size) }?;
        let _inside = forking::enter_to_open()?;
        handles::take_inherited_locks()?;
        let given = handles::give(Engine::open(path, &OpenOptions::default())?)?;
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { handle.write(given) };
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// Closes a handle: calls in flight end first, and its feeds with their last callback; later calls answer
/// `VENUE_BAD_HANDLE`.
///
/// Threads: any, but from inside a callback it answers `VENUE_REENTRANT` and closes nothing. Ownership: the error, if
/// one is written, is to be freed with `venue_text_free`. Lifetime: the handle ends here; texts that were given live on.
/// Errors: `VENUE_BAD_HANDLE`, also for a second close; `VENUE_FORKED` in a child, which leaves the parent's file alone.
///
/// # Safety
/// `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_close(handle: venue_handle, error: *mut venue_text) -> venue_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, || handles::take_back(handle)) }
}

/// Does what the verb of this name does, any verb of `venue schema`. The request is a JSON object, or empty; the reply is
/// one too.
///
/// Threads: any, many at once on one handle; they are decided one by one. Ownership: name and request are borrowed
/// for the call; the reply, or else the error, is to be freed with `venue_text_free`. `reply` is written only on
/// `VENUE_OK`, `error` only otherwise. Errors: `VENUE_UNKNOWN_VERB`, `VENUE_ARGUMENT` naming a wrong member, else those of
/// the verb. The member `deadline` says how long a command may wait to be begun (`VENUE_BUSY`: nothing happened). On
/// `VENUE_UNKNOWN` ask again with the key that the error carries.
///
/// # Safety
/// `name` and `request` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_call(
    handle: venue_handle,
    name: *const c_char,
    name_size: usize,
    request: *const c_char,
    request_size: usize,
    reply: *mut venue_text,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        if reply.is_null() {
            return Err(Failure::Null("reply"));
        }
        // SAFETY: the caller vouches for the name.
        let name = unsafe { borrowed("name", name, name_size) }?;
        // SAFETY: the caller vouches for the request.
        let request = unsafe { borrowed("request", request, request_size) }?;
        let call = handles::enter(handle)?;
        let answer = call.engine().call_json(name, request.as_bytes())?;
        let text = venue_text::owned(answer.to_string());
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { reply.write(text) };
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}
