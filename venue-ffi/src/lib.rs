//! The C ABI of VENUE. C programs read `include/venue.h`, which is made from these files.
//!
//! The rules of the edge: handles are numbers, so that a wrong one is answered and not followed; texts come as
//! pointer and size and are borrowed for the call; texts that go out belong to the caller; every fallible function
//! answers a status and can say more in its last argument; nothing unwinds across.

mod calls;
mod files;
mod handles;
mod status;
mod text;

pub use calls::{
    VENUE_ABI_VERSION, venue_abi_version, venue_call, venue_close, venue_open, venue_version,
};
pub use files::venue_init;
pub use handles::venue_handle;
pub use status::{VENUE_BAD_HANDLE, VENUE_BAD_TEXT, VENUE_NULL, VENUE_OK, venue_status};
pub use text::{venue_text, venue_text_free};
