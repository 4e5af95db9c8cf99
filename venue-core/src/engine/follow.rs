//! Following the feed: pages of changes as they become durable.

use std::time::Duration;

use crate::domain::caller::Caller;
use crate::domain::cursor::Cursor;
use crate::domain::error::Error;
use crate::domain::query::{Feed, Query};
use crate::domain::view::{Answer, ChangeView};

use super::Engine;
use super::sync::Deadline;

/// How often the file is looked at for what other processes did.
const POLL: Duration = Duration::from_millis(50);

/// A place in the feed that moves on. What this process commits is seen at once, what others commit within
/// 50 ms. A slow follower holds up nobody: it reads on from its place.
#[derive(Debug)]
pub struct Follower {
    engine: Engine,
    caller: Caller,
    feed: Feed,
}

impl Engine {
    /// Follows the feed from the request's cursor on, or from its beginning.
    pub fn follow(&self, caller: &Caller, feed: Feed) -> Follower {
        Follower { engine: self.clone(), caller: caller.clone(), feed }
    }
}

impl Follower {
    /// The next changes, at least one unless nothing happened for so long.
    ///
    /// # Errors
    /// As by the query `feed`: refused `forbidden`, `cursor_epoch`; invalid `bad_cursor`.
    pub fn next(&mut self, at_most: Duration) -> Result<Vec<ChangeView>, Error> {
        let shared = &self.engine.inner.shared;
        let until = shared.monotonic() + at_most;
        loop {
            // What is published after this look rings the bell of the wait below.
            let newest = shared.wakes.newest();
            let Answer::Feed(page) =
                self.engine.query(&self.caller, &Query::Feed(self.feed.clone()))?
            else {
                return Err(Error::Bug { message: "the feed answered unlike a feed".to_owned() });
            };
            let moved = page.next != self.feed.after;
            self.feed.after = page.next;
            if !page.items.is_empty() {
                return Ok(page.items);
            }
            let left = until.saturating_sub(shared.monotonic());
            if left.is_zero() {
                return Ok(Vec::new());
            }
            if !moved {
                shared.wakes.wait(newest, Deadline::after(left.min(POLL)));
            }
        }
    }

    /// Where to go on from later.
    pub fn cursor(&self) -> Option<&Cursor> {
        self.feed.after.as_ref()
    }
}
