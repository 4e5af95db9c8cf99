//! Runs every example as a test.

#[path = "../examples/async_host.rs"]
mod async_host;
#[path = "../examples/feed_follower.rs"]
mod feed_follower;
#[path = "../examples/idempotent_retry.rs"]
mod idempotent_retry;
#[path = "../examples/last_ten_seats.rs"]
mod last_ten_seats;
#[path = "../examples/quickstart.rs"]
mod quickstart;

use venue_examples::Story;

#[test]
fn two_seats_are_held_and_confirmed() -> Story {
    quickstart::main()
}

#[test]
fn ten_of_a_hundred_buyers_get_the_last_ten_seats() -> Story {
    last_ten_seats::main()
}

#[test]
fn a_repeated_request_sells_nothing_twice() -> Story {
    idempotent_retry::main()
}

#[test]
fn a_runtime_awaits_the_engine() -> Story {
    async_host::main()
}

#[test]
fn a_follower_hears_every_change_in_order() -> Story {
    feed_follower::main()
}
