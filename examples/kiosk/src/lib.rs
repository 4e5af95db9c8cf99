//! A box office in a terminal, on the public API of venue-core alone: pick seats with the keyboard, hold them while a
//! countdown runs, sell, and read the ticket. What others sell meanwhile is seen at once, by following the feed.
//!
//! - [`office`]: what the kiosk asks of the engine;
//! - [`hall`]: which seat stands in which cell;
//! - [`kiosk`]: what is chosen and held, and what a key does; no terminal, no clock;
//! - [`picture`]: what that looks like in a window of some size;
//! - [`screen`]: the terminal, taken and given back;
//! - [`run`]: the loop over keys, changes and seconds.

pub mod hall;
pub mod kiosk;
pub mod office;
pub mod picture;
pub mod run;
pub mod screen;

/// What goes wrong, for people.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;
