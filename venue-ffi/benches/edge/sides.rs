//! The ways of calling, each on a file of its own: so each engine knows its own slot, and nobody disturbs another's.

use std::path::Path;

use tempfile::TempDir;
use venue::{
    VENUE_OK, venue_booking, venue_call, venue_close, venue_handle, venue_hold_area,
    venue_hold_seats, venue_open, venue_release, venue_text, venue_text_free,
};
use venue_core::{
    BookingName, Caller, Engine, Hold, ImportOptions, NewFile, OpenOptions, Release, SlotName,
    Wanted,
};

const SLOT: &str = "konzert@2027-09-04T19:30";
const SEATS: &str = "A-1,A-2";
const AREA: &str = "Stand";
const SEASON: &str = r#"
organizer = { slug = "haus", name = "Haus", currency = "EUR" }
[[venue]]
slug = "haus"
name = "Haus"
time_zone = "Europe/Berlin"
[[venue.hall]]
slug = "saal"
name = "Saal"
grid = { rows = 20, seats = 40, categories = { "Parkett" = "A-T" } }
area = [{ name = "Stand", capacity = 1000000, category = "Stand" }]
[[event]]
slug = "konzert"
title = "Konzert"
kind = "concert"
hall = "haus/saal"
duration = "2h"
state = "published"
prices = { "Parkett" = "32.00", "Stand" = "12.00" }
schedule = [{ starts = "2027-09-04T19:30" }]
"#;

/// A way of calling.
pub(crate) trait Side: Sync {
    /// Holds two seats; gives the booking's id.
    fn hold_seats(&self) -> String;
    /// Gives them back.
    fn release(&self, booking: &str);
    /// Holds a place of the area.
    fn hold_place(&self);
}

/// A file with the season in it.
fn file(folder: &Path) -> (TempDir, Engine) {
    let folder = tempfile::Builder::new().prefix("edge-").tempdir_in(folder).expect("a folder");
    let (path, season) = (folder.path().join("venue.db"), folder.path().join("season.toml"));
    std::fs::write(&season, SEASON).expect("a season");
    let now = "2027-01-01T12:00:00Z".parse().expect("an instant");
    let new = NewFile::default().test_clock(Some(now));
    Engine::create(&path, &new, &OpenOptions::default()).expect("a new file");
    let engine = Engine::open(&path, &OpenOptions::default()).expect("an open file");
    let quiet: venue_core::engine::Progress<'_> = &mut |_, _, _| ();
    engine.import(&Caller::local(), &[season], &ImportOptions::default(), quiet).expect("a season");
    (folder, engine)
}

/// The engine's own methods, with names that were read before.
pub(crate) struct Rust {
    engine: Engine,
    till: Caller,
    seats: Hold,
    place: Hold,
    _folder: TempDir,
}

impl Rust {
    /// On a new file.
    pub(crate) fn make(folder: &Path) -> Self {
        let (folder, engine) = file(folder);
        let slot: SlotName = SLOT.parse().expect("a slot");
        let seats = SEATS.split(',').map(|seat| seat.parse().expect("a seat")).collect();
        Self {
            engine,
            till: Caller::local(),
            seats: Hold::new(slot.clone(), Wanted::seats(seats)),
            place: Hold::new(slot, Wanted::area(AREA.parse().expect("an area"), 1)),
            _folder: folder,
        }
    }
}

impl Side for Rust {
    fn hold_seats(&self) -> String {
        self.engine.hold(&self.till, self.seats.clone()).expect("a hold").id.to_string()
    }

    fn release(&self, booking: &str) {
        let name: BookingName = booking.parse().expect("an id");
        let _ = self.engine.release(&self.till, Release::new(name)).expect("a release");
    }

    fn hold_place(&self) {
        let _ = self.engine.hold(&self.till, self.place.clone()).expect("a hold");
    }
}

/// The typed functions of the C library.
pub(crate) struct Typed {
    handle: venue_handle,
    _folder: TempDir,
}

impl Typed {
    /// On a new file.
    pub(crate) fn make(folder: &Path) -> Self {
        let (folder, engine) = file(folder);
        let path = engine.path().to_str().expect("a path").to_owned();
        engine.close();
        let mut handle = 0;
        // SAFETY: the path lives as long as the call, and the handle can be written.
        let status = unsafe {
            venue_open(path.as_ptr().cast(), path.len(), &raw mut handle, std::ptr::null_mut())
        };
        assert_eq!(status, VENUE_OK);
        Self { handle, _folder: folder }
    }
}

impl Drop for Typed {
    fn drop(&mut self) {
        // SAFETY: no error is asked for.
        unsafe { venue_close(self.handle, std::ptr::null_mut()) };
    }
}

/// A struct for a booking, as a C program makes it.
fn no_booking() -> venue_booking {
    // SAFETY: numbers and bytes, for which zero is a value.
    let mut booking: venue_booking = unsafe { std::mem::zeroed() };
    booking.size = u32::try_from(size_of::<venue_booking>()).expect("a small struct");
    booking
}

impl Side for Typed {
    fn hold_seats(&self) -> String {
        let mut booking = no_booking();
        let (slot, seats) = (SLOT.as_ptr().cast(), SEATS.as_ptr().cast());
        let (options, error) = (std::ptr::null(), std::ptr::null_mut());
        let (handle, out) = (self.handle, &raw mut booking);
        // SAFETY: the texts have these sizes and live as long as the call; the booking can be written.
        let status = unsafe {
            venue_hold_seats(handle, slot, SLOT.len(), seats, SEATS.len(), options, out, error)
        };
        assert_eq!(status, VENUE_OK);
        // SAFETY: the id ends with a zero byte.
        unsafe { std::ffi::CStr::from_ptr(booking.id.as_ptr()) }.to_str().expect("text").to_owned()
    }

    fn release(&self, booking: &str) {
        let mut out = no_booking();
        let (name, size) = (booking.as_ptr().cast(), booking.len());
        let (options, error) = (std::ptr::null(), std::ptr::null_mut());
        // SAFETY: the name has this size and lives as long as the call; the booking can be written.
        let status =
            unsafe { venue_release(self.handle, name, size, options, &raw mut out, error) };
        assert_eq!(status, VENUE_OK);
    }

    fn hold_place(&self) {
        let mut booking = no_booking();
        let (slot, area) = (SLOT.as_ptr().cast(), AREA.as_ptr().cast());
        let (options, error) = (std::ptr::null(), std::ptr::null_mut());
        let (handle, out) = (self.handle, &raw mut booking);
        // SAFETY: the texts have these sizes and live as long as the call; the booking can be written.
        let status = unsafe {
            venue_hold_area(handle, slot, SLOT.len(), area, AREA.len(), 1, options, out, error)
        };
        assert_eq!(status, VENUE_OK);
    }
}

/// The same through `venue_call`.
pub(crate) struct Json(Typed);

impl Json {
    /// On a new file.
    pub(crate) fn make(folder: &Path) -> Self {
        Self(Typed::make(folder))
    }

    fn call(&self, verb: &str, request: &str) -> venue_text {
        let mut reply = venue_text { data: std::ptr::null_mut(), size: 0 };
        let (name, text, error) =
            (verb.as_ptr().cast(), request.as_ptr().cast(), std::ptr::null_mut());
        let (handle, out) = (self.0.handle, &raw mut reply);
        // SAFETY: the texts have these sizes and live as long as the call; the reply can be written.
        let status =
            unsafe { venue_call(handle, name, verb.len(), text, request.len(), out, error) };
        assert_eq!(status, VENUE_OK);
        reply
    }
}

impl Side for Json {
    fn hold_seats(&self) -> String {
        let request = format!("{{\"slot\":\"{SLOT}\",\"seats\":[\"A-1\",\"A-2\"]}}");
        let mut reply = self.call("hold", &request);
        // SAFETY: the library wrote so many bytes there.
        let bytes = unsafe { std::slice::from_raw_parts(reply.data.cast::<u8>(), reply.size) };
        let text = std::str::from_utf8(bytes).expect("text");
        let id = text.split_once("\"id\":\"").and_then(|(_, rest)| rest.get(..36)).expect("an id");
        let id = id.to_owned();
        // SAFETY: the library wrote it, and it is freed once.
        unsafe { venue_text_free(&raw mut reply) };
        id
    }

    fn release(&self, booking: &str) {
        let mut reply = self.call("release", &format!("{{\"booking\":\"{booking}\"}}"));
        // SAFETY: the library wrote it, and it is freed once.
        unsafe { venue_text_free(&raw mut reply) };
    }

    fn hold_place(&self) {
        let request = format!("{{\"slot\":\"{SLOT}\",\"area\":\"{AREA}\",\"quantity\":1}}");
        let mut reply = self.call("hold", &request);
        // SAFETY: the library wrote it, and it is freed once.
        unsafe { venue_text_free(&raw mut reply) };
    }
}
