//! VENUE is a booking engine inside your program: one file, no server, and no unit is ever sold twice.
//!
//! It sells numbered seats, places without numbers, and time slots. What is answered as done is on the disk; what
//! is refused says why and, where waiting can help, when to ask again.
//!
//! # Example
//!
#![cfg_attr(feature = "import", doc = "```")]
#![cfg_attr(not(feature = "import"), doc = "```ignore")]
//! use venue_core::{Caller, Confirm, Engine, Hold, ImportOptions, NewFile, OpenOptions, Wanted};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let season = folder.path().join("season.toml");
//! std::fs::write(&season, r#"
//!     organizer = { slug = "kino", name = "Kino", currency = "EUR" }
//!     [[venue]]
//!     slug = "kino"
//!     name = "Kino"
//!     time_zone = "Europe/Vienna"
//!     hall = [{ slug = "saal", name = "Saal", grid = { rows = 5, seats = 8, categories = { "Parkett" = "A-E" } } }]
//!     [[event]]
//!     slug = "metropolis"
//!     title = "Metropolis"
//!     kind = "movie"
//!     hall = "kino/saal"
//!     duration = "2h33m"
//!     state = "published"
//!     prices = { "Parkett" = "11.50" }
//!     schedule = [{ starts = "2027-01-07T20:00" }]
//! "#)?;
//!
//! // A file with a test clock stands still; a real one takes `NewFile::default()`.
//! let path = folder.path().join("kino.venue");
//! let new = NewFile::default().test_clock(Some("2027-01-01T12:00:00Z".parse()?));
//! Engine::create(&path, &new, &OpenOptions::default())?;
//! let engine = Engine::open(&path, &OpenOptions::default())?;
//! let till = Caller::local();
//! engine.import(&till, &[season], &ImportOptions::default(), &mut |_, _, _| ())?;
//!
//! let seats = Wanted::seats(vec!["C-4".parse()?, "C-5".parse()?]);
//! let wish = Hold::new("metropolis@2027-01-07T20:00".parse::<venue_core::SlotName>()?, seats);
//! let hold = engine.hold(&till, wish.clone())?;
//! let booking = engine.confirm(&till, Confirm::new(hold.id))?;
//! for ticket in &booking.tickets {
//!     println!("{}", ticket.number); // the booking's reference and a number: 7Q4ZK2MB-01
//! }
//! let refused = engine.hold(&till, wish).unwrap_err();
//! assert_eq!(refused.code(), "seats_taken");
//! # assert_eq!(booking.tickets.len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # The map
//!
//! - [`Engine`] is the open file. [`Engine::call`] blocks, [`Engine::submit`] gives a future for any runtime,
//!   [`Engine::query`] reads, [`Engine::follow`] hears of every change, `call_json` speaks JSON.
//! - A request is a small struct named after its verb: [`Hold`], [`Confirm`], [`Sell`], .. A [`Request`] adds who asks
//!   ([`Caller`]), and optionally a key that makes it safe to repeat.
//! - [`Error`] is everything that can come instead of an answer; [`Error::code`] is stable, and
//!   [`domain::error::CATALOGUE`] lists every code.
//! - [`domain`] has the rules, as plain functions without clock, lock or SQL.
//!
//! To read the code, start at [`engine`] and go down: `operations/hold.rs`, `operations/confirm.rs`,
//! `domain/booking_state.rs`, `domain/ticket.rs`.
//!
//! # Features
//!
//! - `import` reads season files (TOML), seating plans (JSON) and calendars (.ics) through `Engine::import`. It is off
//!   by default.
//! - `rigs` is for our own tests alone, and without any promise: seams for faulty disks, and bugs planted on purpose.

#[cfg(feature = "rigs")]
#[doc(hidden)]
pub mod canary;
#[cfg(not(feature = "rigs"))]
#[expect(unreachable_pub, reason = "it is pub for the rigs")]
mod canary;
pub mod domain;
pub mod engine;
#[cfg(feature = "import")]
pub mod import;
mod operations;
// The rigs reach through these to put a faulty disk under the engine and to plant bugs: without a promise.
#[cfg(feature = "rigs")]
#[doc(hidden)]
pub mod store;
#[cfg(not(feature = "rigs"))]
#[expect(unreachable_pub, reason = "it is pub for the rigs")]
mod store;

// The handle, and what opens it.
#[cfg(feature = "import")]
pub use engine::ImportOptions;
pub use engine::{Clock, Created, Engine, Follower, NewFile, OpenOptions, Request, Submitted};
pub use store::sqlite::{BackedUp, Restored};

// Who asks, and for what.
pub use domain::caller::{Caller, Role};
pub use domain::query::Query;
pub use domain::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, House, Payment, Release, Sell, SlotName,
    SlotSwitch, Verb, Wanted,
};

// What comes back.
pub use domain::booking::BookingView;
pub use domain::error::{Class, Error, Invalid, StorageCode};
pub use domain::refusal::Refusal;
pub use domain::reply::Reply;
pub use domain::view::{Answer, ChangeView};

// Time, as the engine counts it.
pub use domain::instant::{Instant, Span};

/// The README's Rust is compiled and run as a test.
#[cfg(all(doctest, feature = "import"))]
#[doc = include_str!("../../README.md")]
pub struct ReadmeExample;
