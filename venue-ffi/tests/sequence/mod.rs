//! Any bytes as a sequence of calls of the C library: wrong handles, odd texts, structs of any size, feeds, closes in any
//! order. What is claimed: a known status each time, never a bug; an error exactly where something failed, and JSON; what
//! was to be written stays as it was unless all is well.
//!
//! The fuzz target `calls` plays what libFuzzer thinks of; a test plays the seeds and sequences by dice.

mod parts;

use std::collections::VecDeque;
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU64, Ordering};

use venue::{
    VENUE_OK, venue_availability, venue_booking, venue_call, venue_change_callback, venue_close,
    venue_confirm, venue_feed_next, venue_feed_start, venue_feed_stop, venue_handle,
    venue_hold_area, venue_hold_best, venue_hold_seats, venue_open, venue_options, venue_release,
    venue_slot, venue_status, venue_text, venue_view,
};

use parts::{Bytes, Place, Text, is_json, pointer, told};

/// Texts that lead somewhere.
const TEXTS: [&str; 14] = [
    "",
    "lesung@2026-11-05T18:00",
    "A-1",
    "A-1,A-2",
    "B-1,B-2,B-3",
    "Stand",
    "Parkett",
    "kasse",
    "a-key-that-nobody-else-has",
    "cash",
    "card:tx-1:64.00",
    "7Q4ZK2MB",
    "\u{202e}ä",
    "x\0y",
];
/// Verbs that touch nothing but the open file.
const VERBS: [&str; 14] = [
    "hold",
    "sell",
    "confirm",
    "extend",
    "release",
    "expire",
    "cancel",
    "house",
    "slot_show",
    "booking_list",
    "feed",
    "clock_show",
    "sweep",
    "salute",
];
/// Requests that say something.
const REQUESTS: [&str; 6] = [
    "{}",
    "{\"slot\":\"lesung@2026-11-05T18:00\",\"area\":\"Stand\",\"quantity\":1}",
    "{\"slot\":\"lesung@2026-11-05T18:00\",\"seats\":[\"B-4\"],\"kind\":\"hold\",\"lift\":true}",
    "{\"slot\":\"lesung@2026-11-05T18:00\"}",
    "{\"limit\":2}",
    "{\"booking\":\"7Q4ZK2MB\",\"caller\":{\"role\":\"public\"}}",
];

/// So many callbacks ran, whatever they were told.
static HEARD: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" fn hear(
    _: *mut c_void,
    status: venue_status,
    text: *const c_char,
    size: usize,
) -> i32 {
    // SAFETY: the library lends so many bytes for the call.
    let text = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), size) };
    // Nothing may be thrown from here.
    if serde_json::from_slice::<serde_json::Value>(text).is_err() || status / 100 == 7 {
        std::process::abort();
    }
    i32::from(HEARD.fetch_add(1, Ordering::Relaxed) % 7 == 6)
}

/// What the sequence has met so far.
struct Player<'a> {
    path: &'a str,
    bytes: Bytes<'a>,
    handles: VecDeque<venue_handle>,
    feeds: VecDeque<u64>,
    /// Ids and references of bookings, in texts that live as long as the sequence.
    names: Vec<Box<str>>,
}

/// Plays a sequence on this file. Every handle is closed at its end.
///
/// # Panics
/// If something that is claimed above does not hold.
pub fn play(path: &str, bytes: &[u8]) {
    let mut player = Player {
        path,
        bytes: Bytes(bytes),
        handles: VecDeque::new(),
        feeds: VecDeque::new(),
        names: Vec::new(),
    };
    player.open();
    for _ in 0..64 {
        if player.bytes.0.is_empty() {
            break;
        }
        player.step();
    }
    for handle in std::mem::take(&mut player.handles) {
        // SAFETY: no error is asked for.
        let status = unsafe { venue_close(handle, null_mut()) };
        assert!(matches!(status, VENUE_OK | venue::VENUE_BAD_HANDLE), "{status}");
    }
}

impl Player<'_> {
    fn step(&mut self) {
        match self.bytes.one() % 12 {
            0 => self.open(),
            1 => self.close(),
            2 => self.call(),
            3..=5 => self.hold(),
            6 | 7 => self.end_hold(),
            8 => self.availability(),
            9 => self.next(),
            10 => self.start(),
            _ => self.stop(),
        }
    }

    /// One that was given, perhaps closed since, or any number.
    fn handle(&mut self) -> venue_handle {
        let choice = self.bytes.one();
        if choice >= 240 || self.handles.is_empty() {
            return u64::from(self.bytes.word()) << (choice % 33) | u64::from(choice);
        }
        self.handles[usize::from(choice) % self.handles.len()]
    }

    fn text(&mut self) -> Text {
        let text: &[u8] = match self.bytes.one() % 8 {
            0 => return Text(std::ptr::null(), usize::from(self.bytes.one() % 3)),
            // By its size alone it is refused.
            1 => {
                return Text(
                    std::ptr::without_provenance(1),
                    usize::MAX >> (self.bytes.one() % 40),
                );
            }
            2 => {
                let size = self.bytes.one();
                self.bytes.some(size)
            }
            3 | 4 if !self.names.is_empty() => {
                let n = usize::from(self.bytes.one()) % self.names.len();
                self.names[n].as_bytes()
            }
            _ => self.bytes.pick(&TEXTS).as_bytes(),
        };
        Text(text.as_ptr().cast(), text.len())
    }

    /// Options of any size, with any members; none at all as often as not.
    fn options(&mut self) -> Option<Box<(venue_options, [u64; 512])>> {
        if self.bytes.one().is_multiple_of(2) {
            return None;
        }
        let size = match self.bytes.one() % 4 {
            0 => self.bytes.word(),
            1 => 200 + u32::from(self.bytes.one()),
            _ => 200,
        };
        let role = i32::from(self.bytes.one() % 7);
        // SAFETY: numbers and pointers, for which zero is a value.
        let mut options: Box<(venue_options, [u64; 512])> = Box::new(unsafe { std::mem::zeroed() });
        (options.0.size, options.0.role) = (size, role);
        let set = self.bytes.one();
        let view = |player: &mut Self, n: u8| {
            let Text(data, size) =
                if set >> n & 1 == 1 { player.text() } else { Text(std::ptr::null(), 0) };
            venue_view { data, size }
        };
        options.0.actor = view(self, 0);
        options.0.terminal = view(self, 1);
        options.0.idempotency_key = view(self, 2);
        options.0.token = view(self, 3);
        options.0.buyer = view(self, 4);
        options.0.payment = view(self, 5);
        options.0.slot = view(self, 6);
        options.0.ttl_ms = if set >> 7 == 1 { self.bytes.word() } else { 0 };
        Some(options)
    }

    fn size(&mut self, right: usize) -> u32 {
        match self.bytes.one() % 8 {
            0 => self.bytes.word(),
            1 => self.bytes.word() % 4_800,
            _ => u32::try_from(right).unwrap_or(0),
        }
    }

    fn open(&mut self) {
        let (path, size) = (self.path.as_ptr().cast(), self.path.len());
        if self.handles.len() >= 4 {
            return;
        }
        let mut handle = 0;
        // SAFETY: the path lives as long as the call, and the handle can be written.
        let status = unsafe { venue_open(path, size, &raw mut handle, null_mut()) };
        assert_eq!(status, VENUE_OK);
        assert!(!self.handles.contains(&handle), "a number is given once");
        self.handles.push_front(handle);
    }

    fn close(&mut self) {
        let handle = self.handle();
        told(|error| {
            // SAFETY: the error can be written.
            unsafe { venue_close(handle, error) }
        });
    }

    fn call(&mut self) {
        let (handle, verb) = (self.handle(), self.bytes.pick(&VERBS));
        let Text(data, size) = if self.bytes.one().is_multiple_of(2) {
            let request = self.bytes.pick(&REQUESTS);
            Text(request.as_ptr().cast(), request.len())
        } else {
            self.text()
        };
        let mut reply = venue_text { data: null_mut(), size: 0 };
        let status = told(|error| {
            let (name, out) = (verb.as_ptr().cast(), &raw mut reply);
            // SAFETY: the texts live as long as the call, and both places can be written.
            unsafe { venue_call(handle, name, verb.len(), data, size, out, error) }
        });
        assert_eq!(status == VENUE_OK, !reply.data.is_null());
        is_json(&mut reply);
    }

    fn hold(&mut self) {
        let (handle, slot, units) = (self.handle(), self.text(), self.text());
        let (kind, number) = (self.bytes.one() % 3, u32::from(self.bytes.one() % 8));
        let options = self.options();
        let size = self.size(size_of::<venue_booking>());
        self.booking(size, |out, error| {
            let with = pointer(options.as_deref());
            // SAFETY: the texts and options live as long as the call, and both places can be written.
            unsafe {
                match kind {
                    0 => {
                        venue_hold_seats(handle, slot.0, slot.1, units.0, units.1, with, out, error)
                    }
                    1 => venue_hold_area(
                        handle, slot.0, slot.1, units.0, units.1, number, with, out, error,
                    ),
                    _ => venue_hold_best(
                        handle, slot.0, slot.1, number, units.0, units.1, units.0, units.1, number,
                        with, out, error,
                    ),
                }
            }
        });
    }

    fn end_hold(&mut self) {
        let (handle, name, confirm) =
            (self.handle(), self.text(), self.bytes.one().is_multiple_of(2));
        let options = self.options();
        let size = self.size(size_of::<venue_booking>());
        self.booking(size, |out, error| {
            let with = pointer(options.as_deref());
            // SAFETY: the name and options live as long as the call, and both places can be written.
            unsafe {
                if confirm {
                    venue_confirm(handle, name.0, name.1, with, out, error)
                } else {
                    venue_release(handle, name.0, name.1, with, out, error)
                }
            }
        });
    }

    /// Makes a call that gives a booking, and remembers its name.
    fn booking(
        &mut self,
        size: u32,
        call: impl FnOnce(*mut venue_booking, *mut venue_text) -> venue_status,
    ) {
        let mut place = Place::with(size);
        let out: *mut venue_booking = (&raw mut place).cast();
        let status = told(|error| call(out, error));
        if status != VENUE_OK {
            assert!(place.is_as_it_was());
            return;
        }
        // SAFETY: the place is aligned and was written.
        let id = unsafe { std::ffi::CStr::from_ptr((*out).id.as_ptr()) };
        self.names.push(id.to_str().expect("an id is a text").into());
    }

    fn availability(&mut self) {
        let (handle, slot, options) = (self.handle(), self.text(), self.options());
        let mut place = Place::with(self.size(size_of::<venue_slot>()));
        let out: *mut venue_slot = (&raw mut place).cast();
        let status = told(|error| {
            let with = pointer(options.as_deref());
            // SAFETY: the name and options live as long as the call, and both places can be written.
            unsafe { venue_availability(handle, slot.0, slot.1, with, out, error) }
        });
        assert!(status == VENUE_OK || place.is_as_it_was());
    }

    fn next(&mut self) {
        let (handle, cursor, options) = (self.handle(), self.text(), self.options());
        let mut reply = venue_text { data: null_mut(), size: 0 };
        let status = told(|error| {
            let (with, out) = (pointer(options.as_deref()), &raw mut reply);
            // SAFETY: the cursor and options live as long as the call, and both places can be written.
            unsafe { venue_feed_next(handle, cursor.0, cursor.1, 0, with, out, error) }
        });
        assert_eq!(status == VENUE_OK, !reply.data.is_null());
        is_json(&mut reply);
    }

    fn start(&mut self) {
        let (handle, cursor, options) = (self.handle(), self.text(), self.options());
        let callback: venue_change_callback = (!self.bytes.one().is_multiple_of(4)).then_some(hear);
        let mut feed = 0;
        let status = told(|error| {
            let (with, out) = (pointer(options.as_deref()), &raw mut feed);
            // SAFETY: the cursor and options live as long as the call, both places can be written, and the callback
            // takes any context.
            unsafe {
                venue_feed_start(handle, cursor.0, cursor.1, with, callback, null_mut(), out, error)
            }
        });
        assert_eq!(status == VENUE_OK, feed != 0);
        if feed != 0 {
            self.feeds.push_front(feed);
        }
    }

    fn stop(&mut self) {
        let (handle, choice) = (self.handle(), self.bytes.one());
        let feed = self.feeds.get(usize::from(choice) % 4).copied().unwrap_or(u64::from(choice));
        told(|error| {
            // SAFETY: the error can be written.
            unsafe { venue_feed_stop(handle, feed, error) }
        });
    }
}
