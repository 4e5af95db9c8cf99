//! Files as wholes: making one.

use std::ffi::c_char;

use serde_json::json;
use venue_core::engine::{Engine, OpenOptions};

use crate::calls::answer;
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, venue_text};

/// Makes a file and its secret, both whole or absent; a VENUE file that is there is left as it is. The request is
/// a JSON object, or empty: `group` (a number), `test_clock` (true or false), `now` (where a test clock begins). The
/// reply is `{"type":"init","data":{"file","created","test_clock"}}`.
///
/// Threads: any. Ownership: path and request are borrowed for the call; the reply, or else the error, is to be freed
/// with `venue_text_free`. `reply` may be null; it is written only on `VENUE_OK`, `error` only otherwise.
///
/// # Safety
/// `path` and `request` point to as many bytes as their sizes say; `reply` and `error` are null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_init(
    path: *const c_char,
    path_size: usize,
    request: *const c_char,
    request_size: usize,
    reply: *mut venue_text,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        // SAFETY: the caller vouches for the path.
        let path = unsafe { borrowed("path", path, path_size) }?;
        // SAFETY: the caller vouches for the request.
        let request = unsafe { borrowed("request", request, request_size) }?;
        let done = Engine::create_json(path, request.as_bytes(), &OpenOptions::default())?;
        if reply.is_null() {
            return Ok(());
        }
        let text = venue_text::owned(json!({"type": "init", "data": done}).to_string());
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { reply.write(text) };
        Ok::<(), Failure>(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}
