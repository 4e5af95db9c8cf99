//! The C ABI of VENUE. C programs read `include/venue.h`, which is made from these files.
//!
//! The rules of the edge: handles are numbers, so that a wrong one is answered and not followed; texts come as
//! pointer and size and are borrowed for the call; texts that go out belong to the caller; structs begin with their
//! size, so that they can grow; every fallible function answers a status and can say more in its last argument; what
//! goes out is written on success alone; nothing unwinds across.

mod booking;
mod calls;
mod edge;
mod feed;
mod files;
mod followers;
mod forking;
mod handles;
mod options;
mod out;
mod slot;
mod status;
mod text;

pub use booking::{
    VENUE_STATE_CANCELLED, VENUE_STATE_CONFIRMED, VENUE_STATE_EXPIRED, VENUE_STATE_HELD,
    VENUE_STATE_RELEASED, venue_booking, venue_confirm, venue_hold_area, venue_hold_best,
    venue_hold_seats, venue_release,
};
pub use calls::{
    VENUE_ABI_VERSION, venue_abi_version, venue_call, venue_close, venue_open, venue_version,
};
pub use feed::{
    venue_change_callback, venue_feed, venue_feed_next, venue_feed_start, venue_feed_stop,
};
pub use files::{VENUE_NEW_TEST_CLOCK, venue_backup, venue_copy, venue_create, venue_restore};
pub use handles::venue_handle;
pub use options::{
    VENUE_ROLE_ADMIN, VENUE_ROLE_CUSTOMER, VENUE_ROLE_NONE, VENUE_ROLE_ORGANIZER,
    VENUE_ROLE_PUBLIC, VENUE_ROLE_TERMINAL, venue_options, venue_view,
};
pub use slot::{
    VENUE_SALE_CANCELLED, VENUE_SALE_CLOSED, VENUE_SALE_NOT_NOW, VENUE_SALE_OPEN, VENUE_SALE_OVER,
    venue_availability, venue_slot,
};
pub use status::{
    VENUE_BAD_HANDLE, VENUE_BAD_SIZE, VENUE_BAD_TEXT, VENUE_NULL, VENUE_OK, venue_status,
};
pub use text::{venue_text, venue_text_free};
