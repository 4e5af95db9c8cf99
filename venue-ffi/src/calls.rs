//! The functions of the library: open, close, call any verb by name.

use std::ffi::c_char;
use std::panic::AssertUnwindSafe;

use venue_core::engine::{Engine, OpenOptions};

use crate::handles::{self, venue_handle};
use crate::status::{Failure, VENUE_OK, venue_status};
use crate::text::{borrowed, venue_text};

/// The number of this binary interface. It changes only when a program built against an older header would not
/// work any more; the shared library's name ends with it.
pub const VENUE_ABI_VERSION: u32 = 1;

/// Runs the body of a function: a panic becomes a bug, a failure is written into `error`.
///
/// # Safety
/// `error` is null, or points to a text that may be written.
pub(crate) unsafe fn answer(
    error: *mut venue_text,
    body: impl FnOnce() -> Result<(), Failure>,
) -> venue_status {
    let result = std::panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|payload| {
        // What was thrown may throw again when it is dropped.
        std::mem::forget(payload);
        Err(Failure::bug("a panic inside VENUE"))
    });
    let Err(failure) = result else { return VENUE_OK };
    let status = failure.status();
    if !error.is_null() {
        let text = std::panic::catch_unwind(|| venue_text::owned(failure.to_json().to_string()));
        if let Ok(text) = text {
            // SAFETY: the caller vouches for the pointer. What stood there is not read.
            unsafe { error.write(text) };
        }
    }
    status
}

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
/// only otherwise. A child process opens handles of its own.
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
        let given = handles::give(Engine::open(path, &OpenOptions::default())?)?;
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { handle.write(given) };
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// Closes a handle: calls in flight end first, later ones answer `VENUE_BAD_HANDLE`.
///
/// Threads: any, but not from inside a call of the same handle. Ownership: the error, if one is written, is to be
/// freed with `venue_text_free`. Lifetime: the handle ends here; texts that were given live on.
///
/// # Safety
/// `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_close(handle: venue_handle, error: *mut venue_text) -> venue_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, || handles::take_back(handle)) }
}

/// Does what the verb of this name does. The request is a JSON object, or empty; the reply is one too.
///
/// Threads: any, many at once on one handle; they are decided one by one. Ownership: name and request are borrowed
/// for the call; the reply, or else the error, is to be freed with `venue_text_free`. `reply` is written only on
/// `VENUE_OK`, `error` only otherwise. On an error of class 5 (unknown) ask again with the key that it carries.
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
