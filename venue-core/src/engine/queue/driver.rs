//! The driver: the thread that leads for futures. Blocking callers never need it.

use std::time::Duration;

use super::sync::{Deadline, lock, planted, wait_until};
use super::{Lead, Queue, Runner};

/// Leads whenever the lead is passed to the driver, until the queue is closed or nobody has
/// called for as long as its patience lasts.
///
/// The driver leaves only under the state's lock, not called and with nobody leading, and says so
/// in the same step: a leader might be about to call it, and `submit` starts another one only
/// where none lives.
pub(super) fn drive<R: Runner>(queue: &Queue<R>, patience: Duration) {
    let mut leaving = false;
    let mut state = lock(&queue.state);
    loop {
        if state.driver_called {
            state.driver_called = false;
            state.driver_leaving = false;
            leaving = false;
            drop(state);
            Lead::take_up(queue, None).run_batch();
            state = lock(&queue.state);
            continue;
        }
        let closed = state.closed.is_some();
        let free = !state.led
            || (closed && planted("the driver leaves on close while somebody leads"))
            || (leaving && planted("the driver leaves tired while somebody leads"));
        if free && (closed || leaving) {
            break;
        }
        state.driver_leaving = leaving;
        let until = if closed || leaving { Deadline::NEVER } else { Deadline::after(patience) };
        let late;
        (state, late) = wait_until(&queue.driver_bell, &queue.state, state, until);
        leaving |= late;
    }
    state.driver_leaving = false;
    if planted("the driver is gone and still counted") {
        return;
    }
    state.driver = false;
}
