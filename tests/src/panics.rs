//! Panics, counted: also those that somebody catches.

use std::sync::{Mutex, Once, PoisonError};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From here on panics of this process are remembered instead of printed, if `is_quiet` says so of their words.
pub fn watch(is_quiet: fn(&str) -> bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let words = panic.payload_as_str().unwrap_or("a panic");
            if is_quiet(words) {
                let place = panic.location().map(ToString::to_string).unwrap_or_default();
                let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(format!("{place}: {words}"));
            } else {
                usual(panic);
            }
        }));
    });
}

/// Those that were remembered since it was asked last.
pub fn take() -> Vec<String> {
    std::mem::take(&mut *SEEN.lock().unwrap_or_else(PoisonError::into_inner))
}
