//! How much of a slot is free, as a plain struct.

use std::ffi::c_char;
use std::mem::size_of;

use venue_core::domain::query::SlotShow;
use venue_core::domain::slot::SlotState;
use venue_core::domain::view::SlotView;
use venue_core::{Answer, Query};

use crate::edge::answer;
use crate::handles::{self, venue_handle};
use crate::options::{Of, Options, venue_options};
use crate::out::{Grows, Out};
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, fixed, parsed, venue_text};

/// The slot is on sale to the public.
pub const VENUE_SALE_OPEN: i32 = 1;
/// The public's sale has not begun or has ended, or the event is a draft.
pub const VENUE_SALE_NOT_NOW: i32 = 2;
/// The organizer closed it.
pub const VENUE_SALE_CLOSED: i32 = 3;
/// It does not take place.
pub const VENUE_SALE_CANCELLED: i32 = 4;
/// It has ended.
pub const VENUE_SALE_OVER: i32 = 5;

/// How much of a slot is free, as of now: capacity = sold + held + house + killed + free. Prices and areas are read
/// with `venue_call`, by the verb `slot_show`.
///
/// Set `size` to `sizeof(venue_slot)` before the call: so much is written. Instants are microseconds since
/// 1970-01-01T00:00:00Z.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_slot {
    /// `sizeof(venue_slot)`, set by the program.
    pub size: u32,
    /// What it is to the public, `VENUE_SALE_..`.
    pub state: i32,
    /// Its id.
    pub id: [c_char; 40],
    /// First instant.
    pub starts_at_us: i64,
    /// First instant after it.
    pub ends_at_us: i64,
    /// All units.
    pub capacity: i64,
    /// Sold.
    pub sold: i64,
    /// In holds that live now.
    pub held: i64,
    /// Kept for staff.
    pub house: i64,
    /// Withdrawn.
    pub killed: i64,
    /// Units that anybody may have now.
    pub free: i64,
    /// Bumped by every write that touches the slot.
    pub version: i64,
}

// SAFETY: numbers and bytes side by side; the sum below leaves no bytes between them.
unsafe impl Grows for venue_slot {
    const FIRST: usize = 2 * 4 + 40 + 9 * 8;
    const NAME: &'static str = "found";
}
const _: () = assert!(size_of::<venue_slot>() == <venue_slot as Grows>::FIRST);

impl From<&SlotView> for venue_slot {
    fn from(slot: &SlotView) -> Self {
        Self {
            size: 0,
            state: match slot.state {
                SlotState::Open => VENUE_SALE_OPEN,
                SlotState::NotOnSale => VENUE_SALE_NOT_NOW,
                SlotState::Closed => VENUE_SALE_CLOSED,
                SlotState::Cancelled => VENUE_SALE_CANCELLED,
                SlotState::Over => VENUE_SALE_OVER,
            },
            id: fixed(&slot.id.to_string()),
            starts_at_us: slot.starts_at.micros(),
            ends_at_us: slot.ends_at.micros(),
            capacity: slot.capacity,
            sold: slot.sold,
            held: slot.held,
            house: slot.house,
            killed: slot.killed,
            free: slot.free,
            version: slot.version,
        }
    }
}

/// Says how much of a slot is free. `slot` is an id, or `EVENT@LOCAL`.
///
/// Threads: any, many at once on one handle; it waits for nobody who writes. Ownership: the slot's name and the
/// options are borrowed for the call; `found` is the caller's, with nothing in it to free. It is written only on
/// `VENUE_OK`, `error` only otherwise. Errors: `VENUE_NOT_FOUND`, `VENUE_BUSY` if too many read at once.
///
/// # Safety
/// `slot` points to as many bytes as its size says; `options` is null or points to options; `found` is null or points
/// to a struct of the size it says; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_availability(
    handle: venue_handle,
    slot: *const c_char,
    slot_size: usize,
    options: *const venue_options,
    found: *mut venue_slot,
    error: *mut venue_text,
) -> venue_status {
    let body = || {
        // SAFETY: the caller vouches for the place.
        let out = unsafe { Out::at(found) }?;
        // SAFETY: the caller vouches for the options.
        let options = unsafe { Options::read(options, Of::Reading) }?;
        // SAFETY: the caller vouches for the slot.
        let slot = unsafe { borrowed("slot", slot, slot_size) }?;
        let query = Query::SlotShow(SlotShow { slot: parsed("slot", slot)? });
        let call = handles::enter(handle)?;
        match call.engine().query(&options.caller()?, &query)? {
            Answer::Slot(slot) => out.write(&venue_slot::from(&*slot)),
            other => return Err(Failure::bug(&format!("unlike answer: {other:?}"))),
        }
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}
