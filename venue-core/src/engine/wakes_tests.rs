//! Claims about the wakes, with the system's own locks; the interleavings are model checkers' work.

use std::sync::Arc;
use std::time::Duration;

use super::sync::Deadline;
use super::wakes::Wakes;

#[test]
fn what_was_published_before_the_wait_is_not_missed() {
    let wakes = Wakes::new();
    wakes.publish(3);
    wakes.publish(2);
    let at_once = Deadline::after(Duration::ZERO);
    assert!(wakes.wait(2, at_once));
    assert!(!wakes.wait(3, at_once));
}

#[test]
fn a_waiting_follower_is_woken() {
    let wakes = Arc::new(Wakes::new());
    let follower = {
        let wakes = Arc::clone(&wakes);
        std::thread::spawn(move || wakes.wait(0, Deadline::NEVER))
    };
    wakes.publish(1);
    assert!(follower.join().unwrap());
}

#[test]
fn a_close_ends_every_wait_and_later_ones_do_not_begin() {
    let wakes = Arc::new(Wakes::new());
    let follower = {
        let wakes = Arc::clone(&wakes);
        std::thread::spawn(move || wakes.wait(0, Deadline::NEVER))
    };
    wakes.close();
    assert!(!follower.join().unwrap());
    assert!(!wakes.wait(0, Deadline::NEVER));
}
