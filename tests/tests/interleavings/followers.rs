//! The models of those who follow the feed, for both checkers: the engine's own `wakes`, a file that stands for what
//! is durable, and threads that commit, follow and close as the engine does.

use super::checker::thread::{JoinHandle, spawn};
use super::sync::{Arc, Deadline, Mutex, lock};
use super::wakes::Wakes;

/// An engine, as far as a follower sees it.
#[derive(Clone)]
struct Office {
    /// The newest change that is durable.
    file: Arc<Mutex<i64>>,
    closed: Arc<Mutex<bool>>,
    wakes: Arc<Wakes>,
}

impl Office {
    fn open() -> Self {
        Self {
            file: Arc::new(Mutex::new(0)),
            closed: Arc::new(Mutex::new(false)),
            wakes: Arc::new(Wakes::new()),
        }
    }

    /// Commits the next change, and tells of it afterwards.
    fn commit(&self) {
        let mut file = lock(&self.file);
        *file += 1;
        let seq = *file;
        drop(file);
        self.wakes.publish(seq);
    }

    /// Closes: later looks fail, and whoever waits learns of it.
    fn close(&self) {
        *lock(&self.closed) = true;
        self.wakes.close();
    }

    /// Follows until so much was seen, or the office is closed; what was seen.
    fn follow(&self, until: i64) -> i64 {
        let mut told = 0;
        loop {
            let newest = self.wakes.newest();
            assert!(told <= newest, "news was taken back");
            told = newest;
            let seen = *lock(&self.file);
            assert!(newest <= seen, "a follower was told of what is not durable");
            if seen >= until || *lock(&self.closed) {
                return seen;
            }
            self.wakes.wait(newest, Deadline::NEVER);
        }
    }

    fn follower(&self, until: i64) -> JoinHandle<i64> {
        let office = self.clone();
        spawn(move || office.follow(until))
    }

    fn committer(&self) -> JoinHandle<()> {
        let office = self.clone();
        spawn(move || office.commit())
    }
}

/// One follows two changes that are committed one after the other.
pub(super) fn a_follower_is_woken_by_every_change() {
    let office = Office::open();
    let follower = office.follower(2);
    office.commit();
    office.commit();
    assert_eq!(follower.join().expect("a follower"), 2);
}

/// Two follow, and both see the change.
pub(super) fn every_follower_is_woken() {
    let office = Office::open();
    let followers = [office.follower(1), office.follower(1)];
    office.commit();
    for follower in followers {
        assert_eq!(follower.join().expect("a follower"), 1);
    }
}

/// Two tell of their changes in any order: the newest counts.
pub(super) fn news_in_any_order_is_never_taken_back() {
    let office = Office::open();
    let (follower, committer) = (office.follower(2), office.committer());
    office.commit();
    committer.join().expect("a commit");
    assert_eq!(office.wakes.newest(), 2, "news was taken back");
    assert_eq!(follower.join().expect("a follower"), 2);
}

/// A follower of what never comes, and one who closes while another commits: nobody sleeps for ever.
pub(super) fn a_close_wakes_every_follower() {
    let office = Office::open();
    let followers = [office.follower(9), office.follower(9)];
    office.commit();
    office.close();
    for follower in followers {
        assert!(follower.join().expect("a follower") <= 1);
    }
}

/// Whoever waits only for a while is back, whatever the others do.
pub(super) fn a_follower_that_is_late_knows_what_it_was_told() {
    let office = Office::open();
    let committer = office.committer();
    let told = office.wakes.wait(0, Deadline::Passed);
    assert!(!told || *lock(&office.file) == 1, "a follower was told of what is not durable");
    committer.join().expect("a commit");
    assert!(office.wakes.wait(0, Deadline::NEVER));
}
