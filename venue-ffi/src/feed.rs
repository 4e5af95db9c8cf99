//! The feed: by asking for the next changes, or by a callback on a thread of its own.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use venue_core::domain::error::{Error, Invalid};
use venue_core::domain::view::Page;
use venue_core::engine::forks;
use venue_core::{Answer, ChangeView, Follower};

use crate::edge::answer;
use crate::followers::{Host, Watch};
use crate::handles::{self, venue_handle};
use crate::options::{Of, Options, venue_options};
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, venue_text};

/// A feed that calls back. 0 is never one.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type venue_feed = u64;

/// What a feed calls, one call at a time, on its own thread. On `VENUE_OK` the text is a change, as JSON:
/// `{"type":"change","data":{..}}`. The last call has another status and the error as JSON: `VENUE_ENGINE_CLOSED`
/// when the feed was stopped or the handle is being closed, else why it ended; `context` is not used afterwards.
///
/// The text ends with a zero byte that is not counted, and lives until the callback returns. To end the feed return
/// anything but 0. Every function of the library may be called from inside but `venue_close`, which answers
/// `VENUE_REENTRANT`. Nothing may be thrown out of it.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type venue_change_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        status: venue_status,
        text: *const c_char,
        text_size: usize,
    ) -> i32,
>;

/// After so long one who waits looks whether its handle is being closed.
pub(crate) const GLANCE: Duration = Duration::from_millis(50);

/// The next changes, waiting for them at most so long, or until `stopped`.
pub(crate) fn next_changes(
    follower: &mut Follower,
    mut left: Duration,
    stopped: impl Fn() -> bool,
) -> Result<Vec<ChangeView>, Error> {
    loop {
        if stopped() {
            return Err(Invalid::EngineClosed.into());
        }
        let glance = left.min(GLANCE);
        let inside = forks::enter();
        let items = follower.next(glance)?;
        drop(inside);
        left -= glance;
        if !items.is_empty() || left.is_zero() {
            return Ok(items);
        }
    }
}

/// Gives the changes after a cursor, in their order: at least one, unless nothing happened for `timeout_ms`
/// milliseconds. The reply is that of the verb feed: `{"type":"feed","data":{"items":[..],"next":CURSOR}}`; the next
/// call begins at `next`, which is a cursor also when there are no items. An empty cursor is the beginning.
///
/// Threads: any, many at once on one handle; who waits holds up nobody. `venue_close` ends the wait within 50 ms, with
/// `VENUE_ENGINE_CLOSED`. Ownership: cursor and options are borrowed for the call; the reply, or else the error, is to
/// be freed with `venue_text_free`. `reply` is written only on `VENUE_OK`, `error` only otherwise. Errors:
/// `VENUE_BAD_CURSOR`, `VENUE_CURSOR_EPOCH` after a restore, `VENUE_NOT_FOUND`, `VENUE_FORBIDDEN`, `VENUE_BUSY` if too many
/// read at once.
///
/// # Safety
/// `cursor` is null or points to as many bytes as its size says; `options` is null or points to options; `reply` and
/// `error` are null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_feed_next(
    handle: venue_handle,
    cursor: *const c_char,
    cursor_size: usize,
    timeout_ms: u32,
    options: *const venue_options,
    reply: *mut venue_text,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        if reply.is_null() {
            return Err(Failure::Null("reply"));
        }
        // SAFETY: the caller vouches for the options.
        let options = unsafe { Options::read(options, Of::Feed) }?;
        // SAFETY: the caller vouches for the cursor.
        let cursor = unsafe { borrowed("cursor", cursor, cursor_size) }?;
        let mut call = handles::enter(handle)?;
        let mut follower = call.engine().follow(&options.caller()?, options.feed(cursor)?);
        let timeout = Duration::from_millis(u64::from(timeout_ms));
        call.begin_waiting();
        let items = next_changes(&mut follower, timeout, || call.is_closing())?;
        let page = Answer::Feed(Page { items, next: follower.cursor().cloned() });
        let text = venue_text::owned(page.to_json().to_string());
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { reply.write(text) };
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// Calls back for every change after a cursor, from a thread that the feed starts for itself, until `venue_feed_stop`,
/// `venue_close`, an error, or a callback that does not return 0. An empty cursor is the beginning.
///
/// Threads: any. The new thread inherits the signal mask of the one that starts it. A slow callback holds up nobody and
/// misses nothing. Ownership: cursor and options are borrowed for the call; `context` has to live until the last
/// callback, or until `venue_feed_stop` or `venue_close` has returned on another thread. `feed` is written only on
/// `VENUE_OK`, before the first callback; `error` only otherwise. A child process has no such thread. Errors: as
/// `venue_feed_next`; `VENUE_ARGUMENT` with 64 feeds on one handle; `VENUE_OUT_OF_MEMORY` without a thread.
///
/// # Safety
/// As for `venue_feed_next`; `callback` is null or a function that may be called with `context` from another thread;
/// `feed` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_feed_start(
    handle: venue_handle,
    cursor: *const c_char,
    cursor_size: usize,
    options: *const venue_options,
    callback: venue_change_callback,
    context: *mut c_void,
    feed: *mut venue_feed,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        let callback = callback.ok_or(Failure::Null("callback"))?;
        if feed.is_null() {
            return Err(Failure::Null("feed"));
        }
        // SAFETY: the caller vouches for the options.
        let options = unsafe { Options::read(options, Of::Feed) }?;
        // SAFETY: the caller vouches for the cursor.
        let cursor = unsafe { borrowed("cursor", cursor, cursor_size) }?;
        let call = handles::enter(handle)?;
        let watch = Watch::new(call.engine(), &options.caller()?, options.feed(cursor)?)?;
        // SAFETY: the caller vouches that the callback may be called so.
        let host = unsafe { Host::new(callback, context) };
        let begun = call.begin_feed(watch, host)?;
        // SAFETY: it is not null, and the caller vouches that it can be written.
        unsafe { feed.write(begun.number) };
        begun.go();
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

/// Stops a feed that calls back. After it has returned no callback runs any more. From inside a callback it returns at
/// once, and the last call comes afterwards. A feed that has ended by itself is stopped without an error.
///
/// Threads: any. It waits for the callback that runs, so hold no lock that the callback takes. Ownership: the error, if
/// one is written, is to be freed with `venue_text_free`. Errors: `VENUE_BAD_HANDLE` for a handle or feed that was never
/// given, and for a closed handle.
///
/// # Safety
/// `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_feed_stop(
    handle: venue_handle,
    feed: venue_feed,
    error: *mut venue_text,
) -> venue_status {
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, || handles::enter(handle)?.stop_feed(feed)) }
}
