//! Waking those who follow the feed in this process: they learn how far the feed has come, and read the rest
//! from the file. So a slow follower holds up nobody, and none can miss a change.
//!
//! Like the queue it names its locks and bells through `sync` alone: the rig `tests/tests/interleavings` compiles this
//! very text against the types of two model checkers.

use super::sync::{Condvar, Deadline, Mutex, lock, planted, wait_until};

/// How far the feed has come, as far as this process knows.
#[derive(Debug)]
pub(crate) struct Wakes {
    news: Mutex<News>,
    bell: Condvar,
}

#[derive(Debug)]
struct News {
    /// Everything up to this sequence is durable.
    newest: i64,
    /// Nothing more will be told.
    closed: bool,
}

impl Wakes {
    /// Nothing was told yet.
    pub(crate) fn new() -> Self {
        Self { news: Mutex::new(News { newest: 0, closed: false }), bell: Condvar::new() }
    }

    /// Says that everything up to this sequence is durable.
    pub(crate) fn publish(&self, seq: i64) {
        if planted("the bell rings before the news is there") {
            self.bell.notify_all();
        }
        let mut news = lock(&self.news);
        if news.newest < seq || planted("older news takes newer back") {
            news.newest = seq;
            drop(news);
            if planted("one is woken for all") {
                self.bell.notify_one();
            } else if !planted("the bell rings before the news is there") {
                self.bell.notify_all();
            }
        }
    }

    /// The newest sequence that this process knows to be durable.
    pub(crate) fn newest(&self) -> i64 {
        lock(&self.news).newest
    }

    /// Says that nothing more will be told: nobody waits any longer.
    pub(crate) fn close(&self) {
        if planted("the close is not told") {
            return;
        }
        lock(&self.news).closed = true;
        self.bell.notify_all();
    }

    /// Waits until something after this sequence is durable, or nothing more will be told, or the deadline has passed.
    /// True if this process knows of something.
    pub(crate) fn wait(&self, seq: i64, deadline: Deadline) -> bool {
        let mut news = lock(&self.news);
        let mut late = false;
        while news.newest <= seq && !news.closed && !late {
            if planted("a follower looks in one step and sleeps in the next") {
                drop(news);
                news = lock(&self.news);
            }
            (news, late) = wait_until(&self.bell, &self.news, news, deadline);
        }
        news.newest > seq
    }
}
