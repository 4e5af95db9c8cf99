//! The hot path without JSON: hold, confirm, release, with a booking as a plain struct.

use std::ffi::c_char;
use std::mem::size_of;

use venue_core::domain::booking_state::StateName;
use venue_core::{
    BookingName, BookingView, Confirm, Hold, Instant, Release, Reply, SlotName, Verb, Wanted,
};

use crate::edge::answer;
use crate::handles::{self, venue_handle};
use crate::options::{Of, Options, venue_options};
use crate::out::{Grows, Out};
use crate::status::{Failure, venue_status};
use crate::text::{borrowed, fixed, parsed, parsed_if_said, venue_text};

/// The booking holds its units until `expires_at_us`.
pub const VENUE_STATE_HELD: i32 = 1;
/// It is final.
pub const VENUE_STATE_CONFIRMED: i32 = 2;
/// Its units were given back.
pub const VENUE_STATE_RELEASED: i32 = 3;
/// Its time ran out.
pub const VENUE_STATE_EXPIRED: i32 = 4;
/// It was undone.
pub const VENUE_STATE_CANCELLED: i32 = 5;

/// A booking. Its seats and tickets are read with `venue_call`, by the verbs `booking_show` and `ticket_list`; the
/// tickets' numbers are the reference and 01, 02 .. up to `tickets`.
///
/// Set `size` to `sizeof(venue_booking)` before the call: so much is written. Texts end with a zero byte. Instants are
/// microseconds since 1970-01-01T00:00:00Z.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_booking {
    /// `sizeof(venue_booking)`, set by the program.
    pub size: u32,
    /// What it is, `VENUE_STATE_..`.
    pub state: i32,
    /// Its id.
    pub id: [c_char; 40],
    /// Its slot's id.
    pub slot: [c_char; 40],
    /// What people call it.
    pub reference: [c_char; 16],
    /// Of hold: what proves that one made it. Empty otherwise, and if the file's secret is lost.
    pub token: [c_char; 72],
    /// Of `total_minor`, as in `EUR`.
    pub currency: [c_char; 8],
    /// The sum of its prices, in minor units.
    pub total_minor: i64,
    /// When it was made.
    pub created_at_us: i64,
    /// When the hold ends; 0 where it is none.
    pub expires_at_us: i64,
    /// When it was released, expired or cancelled; 0 where it was not.
    pub ended_at_us: i64,
    /// How many places it has.
    pub places: u32,
    /// How many tickets were issued.
    pub tickets: u32,
}

// SAFETY: numbers and bytes side by side; the sum below leaves no bytes between them.
unsafe impl Grows for venue_booking {
    const FIRST: usize = 2 * 4 + 40 + 40 + 16 + 72 + 8 + 4 * 8 + 2 * 4;
    const NAME: &'static str = "booking";
}
const _: () = assert!(size_of::<venue_booking>() == <venue_booking as Grows>::FIRST);

fn micros(at: Option<Instant>) -> i64 {
    at.map_or(0, Instant::micros)
}

impl From<&BookingView> for venue_booking {
    fn from(booking: &BookingView) -> Self {
        let places = booking.units.iter().map(|unit| u32::from(unit.quantity.unwrap_or(1))).sum();
        let token = booking.token.as_ref().and_then(Option::as_deref).unwrap_or("");
        Self {
            size: 0,
            state: match booking.state {
                StateName::Held => VENUE_STATE_HELD,
                StateName::Confirmed => VENUE_STATE_CONFIRMED,
                StateName::Released => VENUE_STATE_RELEASED,
                StateName::Expired => VENUE_STATE_EXPIRED,
                StateName::Cancelled => VENUE_STATE_CANCELLED,
            },
            id: fixed(&booking.id.to_string()),
            slot: fixed(&booking.slot.to_string()),
            reference: fixed(&booking.reference.to_string()),
            token: fixed(token),
            currency: fixed(booking.total.currency.code()),
            total_minor: booking.total.minor,
            created_at_us: booking.created_at.micros(),
            expires_at_us: micros(booking.expires_at),
            ended_at_us: micros(booking.ended_at),
            places,
            tickets: u32::try_from(booking.tickets.len()).unwrap_or(u32::MAX),
        }
    }
}

/// Reads the options, does what is asked, and writes the booking.
///
/// # Safety
/// `options`, `booking` and `error` are null, or are what the functions below ask for.
unsafe fn run(
    handle: venue_handle,
    options: *const venue_options,
    of: Of,
    booking: *mut venue_booking,
    error: *mut venue_text,
    verb: impl FnOnce(&Options<'_>) -> Result<Verb, Failure>,
) -> venue_status {
    let body = || {
        // SAFETY: the caller vouches for the place.
        let out = unsafe { Out::at(booking) }?;
        // SAFETY: the caller vouches for the options.
        let options = unsafe { Options::read(options, of) }?;
        let request = options.request(verb(&options)?)?;
        match handles::enter(handle)?.engine().call(request)? {
            Reply::Booking(done) => out.write(&venue_booking::from(&*done)),
            other => return Err(Failure::bug(&format!("unlike answer: {other:?}"))),
        }
        Ok(())
    };
    // SAFETY: the caller vouches for `error`.
    unsafe { answer(error, body) }
}

fn hold(slot: &str, wanted: Wanted, options: &Options<'_>) -> Result<Verb, Failure> {
    let mut hold = Hold::new(parsed::<SlotName>("slot", slot)?, wanted);
    (hold.ttl, hold.buyer) = (options.ttl(), options.buyer()?);
    Ok(hold.into())
}

/// Holds seats by name, all of them or none: `A-1,A-2`, by label or stable id, without spaces. `slot` is an id, or
/// `EVENT@LOCAL` as in `metropolis@2027-01-07T20:00`.
///
/// Threads: any, many at once on one handle; of two that want the same seat one gets it. Ownership: all texts and the
/// options are borrowed for the call; `booking` is the caller's, with nothing in it to free. It is written only on
/// `VENUE_OK`, `error` only otherwise. Errors: `VENUE_SEATS_TAKEN`, `VENUE_ALL_HELD`, `VENUE_SOLD_OUT`,
/// `VENUE_NOT_FOUND`, `VENUE_BOOKING_LIMIT` and the others of the verb hold; `VENUE_BUSY` if the deadline passed and
/// nothing happened; on `VENUE_UNKNOWN` ask again with the key that the error carries.
///
/// # Safety
/// `slot` and `seats` point to as many bytes as their sizes say; `options` is null or points to options; `booking` is
/// null or points to a struct of the size it says; `error` is null or can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_hold_seats(
    handle: venue_handle,
    slot: *const c_char,
    slot_size: usize,
    seats: *const c_char,
    seats_size: usize,
    options: *const venue_options,
    booking: *mut venue_booking,
    error: *mut venue_text,
) -> venue_status {
    let verb = |options: &Options<'_>| {
        // SAFETY: the caller vouches for the slot.
        let slot = unsafe { borrowed("slot", slot, slot_size) }?;
        // SAFETY: the caller vouches for the seats.
        let seats = unsafe { borrowed("seats", seats, seats_size) }?;
        let named: Result<Vec<_>, _> = seats.split(',').map(|seat| parsed("seats", seat)).collect();
        hold(slot, Wanted::seats(named?), options)
    };
    // SAFETY: the caller vouches for the rest.
    unsafe { run(handle, options, Of::Hold, booking, error, verb) }
}

/// Holds the best `quantity` seats together, of a category and a section where these are said, `accessible` of them
/// for wheelchairs.
///
/// This version answers `VENUE_UNSUPPORTED`. Threads, ownership, errors: as `venue_hold_seats`.
///
/// # Safety
/// As for `venue_hold_seats`; `category` and `section` are null or point to as many bytes as their sizes say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_hold_best(
    handle: venue_handle,
    slot: *const c_char,
    slot_size: usize,
    quantity: u32,
    category: *const c_char,
    category_size: usize,
    section: *const c_char,
    section_size: usize,
    accessible: u32,
    options: *const venue_options,
    booking: *mut venue_booking,
    error: *mut venue_text,
) -> venue_status {
    let verb = |options: &Options<'_>| {
        // SAFETY: the caller vouches for the slot.
        let slot = unsafe { borrowed("slot", slot, slot_size) }?;
        // SAFETY: the caller vouches for the category.
        let category = unsafe { borrowed("category", category, category_size) }?;
        // SAFETY: the caller vouches for the section.
        let section = unsafe { borrowed("section", section, section_size) }?;
        let wanted = Wanted {
            best: Some(quantity),
            category: parsed_if_said("category", category)?,
            section: parsed_if_said("section", section)?,
            accessible: (accessible != 0).then_some(accessible),
            ..Wanted::default()
        };
        hold(slot, wanted, options)
    };
    // SAFETY: the caller vouches for the rest.
    unsafe { run(handle, options, Of::Hold, booking, error, verb) }
}

/// Holds `quantity` places of an area, all of them or none.
///
/// Threads, ownership: as `venue_hold_seats`. Errors: `VENUE_NOT_ENOUGH_FREE` and those of `venue_hold_seats`.
///
/// # Safety
/// As for `venue_hold_seats`; `area` points to as many bytes as its size says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_hold_area(
    handle: venue_handle,
    slot: *const c_char,
    slot_size: usize,
    area: *const c_char,
    area_size: usize,
    quantity: u32,
    options: *const venue_options,
    booking: *mut venue_booking,
    error: *mut venue_text,
) -> venue_status {
    let verb = |options: &Options<'_>| {
        // SAFETY: the caller vouches for the slot.
        let slot = unsafe { borrowed("slot", slot, slot_size) }?;
        // SAFETY: the caller vouches for the area.
        let area = unsafe { borrowed("area", area, area_size) }?;
        hold(slot, Wanted::area(parsed("area", area)?, quantity), options)
    };
    // SAFETY: the caller vouches for the rest.
    unsafe { run(handle, options, Of::Hold, booking, error, verb) }
}

/// Makes a hold final and issues its tickets. `name` is the booking's id or reference.
///
/// Threads, ownership: as `venue_hold_seats`. Errors: `VENUE_HOLD_EXPIRED`, `VENUE_ALREADY_CONFIRMED`,
/// `VENUE_FORBIDDEN` without the hold's token where the role needs it, and the others of the verb confirm.
///
/// # Safety
/// As for `venue_hold_seats`; `name` points to as many bytes as its size says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_confirm(
    handle: venue_handle,
    name: *const c_char,
    name_size: usize,
    options: *const venue_options,
    booking: *mut venue_booking,
    error: *mut venue_text,
) -> venue_status {
    let verb = |options: &Options<'_>| {
        // SAFETY: the caller vouches for the name.
        let name = unsafe { borrowed("name", name, name_size) }?;
        let mut confirm = Confirm::new(parsed::<BookingName>("name", name)?);
        confirm.payment = options.payment()?;
        Ok(confirm.into())
    };
    // SAFETY: the caller vouches for the rest.
    unsafe { run(handle, options, Of::Confirm, booking, error, verb) }
}

/// Gives a hold back. `name` is the booking's id or reference.
///
/// Threads, ownership: as `venue_hold_seats`. Errors: as `venue_confirm`.
///
/// # Safety
/// As for `venue_confirm`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn venue_release(
    handle: venue_handle,
    name: *const c_char,
    name_size: usize,
    options: *const venue_options,
    booking: *mut venue_booking,
    error: *mut venue_text,
) -> venue_status {
    let verb = |_: &Options<'_>| {
        // SAFETY: the caller vouches for the name.
        let name = unsafe { borrowed("name", name, name_size) }?;
        Ok(Release::new(parsed::<BookingName>("name", name)?).into())
    };
    // SAFETY: the caller vouches for the rest.
    unsafe { run(handle, options, Of::Release, booking, error, verb) }
}
