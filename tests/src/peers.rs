//! Other hands on a file: connections beside the engine's, and futures awaited without a runtime.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use rusqlite::Connection;

/// A connection of its own to the file's database.
///
/// # Panics
/// If there is no file.
pub fn beside(path: &Path) -> Connection {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    Connection::open_with_flags(path, flags).expect("a connection")
}

/// Runs something while another connection holds the file's write lock.
///
/// # Panics
/// If the lock cannot be had.
pub fn while_locked<T>(path: &Path, run: impl FnOnce() -> T) -> T {
    let other = beside(path);
    other.busy_timeout(std::time::Duration::from_secs(5)).expect("a timeout");
    other.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let answer = run();
    other.execute_batch("ROLLBACK").expect("the end of the lock");
    answer
}

#[derive(Debug)]
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
