//! The threads of the feeds that call back. A feed is stopped by a flag; whoever has to know that no callback runs any
//! more waits for its thread.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;
use venue_core::domain::error::{Error, Invalid, StorageCode};
use venue_core::domain::query::{Feed, Query};
use venue_core::engine::forks;
use venue_core::{Caller, ChangeView, Engine, Follower};

use crate::edge::guarded;
use crate::feed::{next_changes, venue_change_callback};
use crate::handles::lock;
use crate::status::{Failure, VENUE_OK, venue_status};

/// So many feeds can call back on one handle.
const MOST: usize = 64;
/// For so long a feed waits before it looks around; only what it looks at, not what it hears of, depends on it.
const TURN: Duration = Duration::from_secs(1);

thread_local! {
    /// In which process this thread is in a callback.
    static CALLING: Cell<Option<(u32, u64)>> = const { Cell::new(None) };
}

/// Whether this thread is in a callback of a feed: there nothing may wait for a feed to end. A child that was forked
/// there has no feeds yet.
pub(crate) fn in_callback() -> bool {
    CALLING.get() == Some(forks::process())
}

/// Whom a feed calls.
#[derive(Debug)]
pub(crate) struct Host {
    callback: venue_change_callback,
    context: *mut c_void,
}

// SAFETY: whoever made it vouched that the callback may be called with the context from another thread.
unsafe impl Send for Host {}

impl Host {
    /// Calls this function with this context.
    ///
    /// # Safety
    /// The callback may be called with the context from another thread, one call at a time.
    pub(crate) unsafe fn new(
        callback: unsafe extern "C" fn(
            *mut c_void,
            venue_status,
            *const std::ffi::c_char,
            usize,
        ) -> i32,
        context: *mut c_void,
    ) -> Self {
        Self { callback: Some(callback), context }
    }

    /// Calls it; true if it wants more.
    fn call(&self, status: venue_status, mut text: String) -> bool {
        let Some(callback) = self.callback else { return false };
        let size = text.len();
        text.push('\0');
        CALLING.set(Some(forks::process()));
        // SAFETY: who made it vouched for it; the text outlives the call.
        let said = unsafe { callback(self.context, status, text.as_ptr().cast(), size) };
        CALLING.set(None);
        said == 0
    }
}

/// What a feed looks at.
#[derive(Debug)]
pub(crate) struct Watch(Follower);

impl Watch {
    /// The feed from its cursor on. A wrong one is found at once and not on the thread.
    pub(crate) fn new(engine: &Engine, caller: &Caller, feed: Feed) -> Result<Self, Failure> {
        engine
            .query(caller, &Query::Feed(Feed { limit: feed.limit.or(Some(1)), ..feed.clone() }))?;
        Ok(Self(engine.follow(caller, feed)))
    }
}

/// What a feed's thread and those who stop it share.
#[derive(Debug, Default)]
struct Signs {
    stop: AtomicBool,
    ended: Mutex<bool>,
    bell: Condvar,
}

impl Signs {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn has_ended(&self) -> bool {
        *lock(&self.ended)
    }

    fn end(&self) {
        *lock(&self.ended) = true;
        self.bell.notify_all();
    }

    fn await_end(&self) {
        let mut ended = lock(&self.ended);
        while !*ended {
            ended = self.bell.wait(ended).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[derive(Debug)]
struct Running {
    signs: Arc<Signs>,
    thread: Option<JoinHandle<()>>,
}

/// The feeds of one handle that call back.
#[derive(Debug, Default)]
pub(crate) struct Feeds(Mutex<Listed>);

#[derive(Debug, Default)]
struct Listed {
    /// The number that was given last. Numbers are not given twice.
    last: u64,
    running: BTreeMap<u64, Running>,
}

/// A feed whose thread waits for the host to know its number.
#[derive(Debug)]
pub(crate) struct Begun {
    /// Its number.
    pub(crate) number: u64,
    gate: Sender<()>,
}

impl Begun {
    /// Lets it go.
    pub(crate) fn go(self) {
        // A thread that is gone already has nothing more to say.
        let _ = self.gate.send(());
    }
}

impl Feeds {
    /// Starts a thread for a feed.
    pub(crate) fn begin(&self, watch: Watch, host: Host) -> Result<Begun, Failure> {
        let mut listed = lock(&self.0);
        // Who ended by itself left its thread behind.
        for (_, ended) in listed.running.extract_if(.., |_, running| running.signs.has_ended()) {
            join(ended.thread);
        }
        if listed.running.len() >= MOST {
            let problem = format!("a handle has at most {MOST}");
            return Err(Invalid::argument("feed", problem).into());
        }
        let (signs, (gate, open)) = (Arc::new(Signs::default()), channel());
        let seen = Arc::clone(&signs);
        let thread = std::thread::Builder::new()
            .name("venue-feed".to_owned())
            .spawn(move || run(watch, host, seen, &open))
            .map_err(|error| Error::Storage {
                code: StorageCode::OutOfMemory,
                message: format!("no thread for the feed: {error}"),
            })?;
        listed.last += 1;
        let number = listed.last;
        listed.running.insert(number, Running { signs, thread: Some(thread) });
        Ok(Begun { number, gate })
    }

    /// Stops a feed, and waits for its end but from inside a callback.
    pub(crate) fn stop(&self, number: u64) -> Result<(), Failure> {
        let mut listed = lock(&self.0);
        if number == 0 || number > listed.last {
            return Err(Failure::BadHandle);
        }
        let Some(running) = listed.running.get_mut(&number) else { return Ok(()) };
        running.signs.stop.store(true, Ordering::Release);
        if in_callback() {
            return Ok(());
        }
        let (signs, thread) = (Arc::clone(&running.signs), running.thread.take());
        drop(listed);
        signs.await_end();
        join(thread);
        lock(&self.0).running.remove(&number);
        Ok(())
    }

    /// Stops all of them, and waits for their end.
    pub(crate) fn end(&self) {
        let running = std::mem::take(&mut lock(&self.0).running);
        for feed in running.values() {
            feed.signs.stop.store(true, Ordering::Release);
        }
        for feed in running.into_values() {
            feed.signs.await_end();
            join(feed.thread);
        }
    }
}

fn join(thread: Option<JoinHandle<()>>) {
    // A panic of ours was caught and answered inside.
    let _ = thread.map(JoinHandle::join);
}

/// What a feed's thread does.
fn run(watch: Watch, host: Host, signs: Arc<Signs>, open: &Receiver<()>) {
    // In a child that was forked by the callback nothing of this may be dropped: it is the parent's.
    let mut mine = ManuallyDrop::new((watch, host, signs));
    let process = forks::process();
    if open.recv().is_ok() {
        let (Watch(follower), host, signs) = &mut *mine;
        if let Some(failure) = follow(follower, host, signs, process) {
            let _ = host.call(failure.status(), failure.to_json().to_string());
        }
    }
    if forks::process() == process {
        let (watch, _, signs) = ManuallyDrop::into_inner(mine);
        drop(watch);
        signs.end();
    }
}

/// Calls back for change after change. Why it ended; nothing in a child that the callback forked.
fn follow(
    follower: &mut Follower,
    host: &Host,
    signs: &Signs,
    process: (u32, u64),
) -> Option<Failure> {
    loop {
        let next = guarded(|| Ok(next_changes(follower, TURN, || signs.is_stopped())?));
        let changes = match next {
            Ok(changes) => changes,
            // Others read the file, and this one waited for its turn as long as anybody does: it waits again.
            Err(failure) if failure.is_not_now() => continue,
            Err(failure) => return Some(failure),
        };
        for change in changes {
            if signs.is_stopped() || !host.call(VENUE_OK, text(&change)) {
                let forked = forks::process() != process;
                return (!forked).then(|| Invalid::EngineClosed.into());
            }
            if forks::process() != process {
                return None;
            }
        }
    }
}

fn text(change: &ChangeView) -> String {
    json!({"type": "change", "data": change}).to_string()
}
