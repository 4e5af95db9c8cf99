//! What every function of the library goes through: a panic becomes a status, a failure becomes a text.

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::status::{Failure, VENUE_OK, venue_status};
use crate::text::venue_text;

thread_local! {
    /// How many functions of the library this thread is in.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    /// Where the last panic of this thread was thrown.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs the body of a function: a panic becomes a bug, a failure is written into `error`.
///
/// # Safety
/// `error` is null, or points to a text that may be written.
pub(crate) unsafe fn answer(
    error: *mut venue_text,
    body: impl FnOnce() -> Result<(), Failure>,
) -> venue_status {
    let Err(failure) = guarded(body) else { return VENUE_OK };
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

/// Runs something of ours. A panic ends here, as a bug that says where it was thrown.
pub(crate) fn guarded<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    be_quiet();
    INSIDE.set(INSIDE.get() + 1);
    let result = std::panic::catch_unwind(AssertUnwindSafe(body));
    INSIDE.set(INSIDE.get() - 1);
    result.unwrap_or_else(|payload| {
        // What was thrown may throw again when it is dropped.
        std::mem::forget(payload);
        let place = PLACE
            .try_with(RefCell::take)
            .ok()
            .flatten()
            .unwrap_or_else(|| "an unknown place".to_owned());
        Err(Failure::bug(&format!("a panic at {place}")))
    })
}

/// A panic inside the library is answered, so it prints nothing on the host's stderr. Every other one, of a host
/// that is written in Rust too, goes the way it went before.
fn be_quiet() {
    // Nobody waits for whoever is at it: a child that was forked in the middle would wait for ever.
    static QUIET: AtomicBool = AtomicBool::new(false);
    if QUIET.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if INSIDE.get() == 0 {
            before(panic);
            return;
        }
        let place = panic.location().map(ToString::to_string);
        // A thread that is about to end has no place for it any more.
        let _ = PLACE.try_with(|last| last.try_borrow_mut().map(|mut last| *last = place));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_that_says_where_it_was_thrown() {
        let mut error = venue_text::empty();
        // SAFETY: the text can be written.
        let status = unsafe { answer(&raw mut error, || panic!("the secret of the house")) };
        assert_eq!(status, 701);
        // SAFETY: an error was written, and its bytes end with a zero byte.
        let text = unsafe { std::ffi::CStr::from_ptr(error.data) }.to_str().unwrap().to_owned();
        assert!(text.contains("\"bug\"") && text.contains("edge.rs"), "{text}");
        assert!(!text.contains("secret"), "{text}");
        // SAFETY: it came from the line above.
        unsafe { crate::venue_text_free(&raw mut error) };
        // SAFETY: null is never followed.
        let next = unsafe { answer(std::ptr::null_mut(), || Ok(())) };
        assert_eq!((next, INSIDE.get()), (VENUE_OK, 0));
    }

    #[test]
    fn what_is_thrown_twice_is_caught_once() {
        struct Throws;
        impl Drop for Throws {
            fn drop(&mut self) {
                panic!("again");
            }
        }
        // SAFETY: null is never followed.
        let status = unsafe { answer(std::ptr::null_mut(), || std::panic::panic_any(Throws)) };
        assert_eq!(status, 701);
    }
}
