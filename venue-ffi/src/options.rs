//! Who asks, and what goes along with a request: one struct that can grow, all of it optional.

use std::ffi::c_char;
use std::mem::{offset_of, size_of};

use venue_core::domain::cursor::Cursor;
use venue_core::domain::error::Invalid;
use venue_core::domain::query::Feed;
use venue_core::domain::request::{Payment, SlotName};
use venue_core::domain::text::Buyer;
use venue_core::{Caller, Request, Role, Span, Verb};

use crate::status::Failure;
use crate::text::{borrowed, parsed};

/// A role that nobody named: a terminal's.
pub const VENUE_ROLE_NONE: i32 = 0;
/// Anybody.
pub const VENUE_ROLE_PUBLIC: i32 = 1;
/// A buyer who is known to the host.
pub const VENUE_ROLE_CUSTOMER: i32 = 2;
/// A till or its operator: sells, and acts for others.
pub const VENUE_ROLE_TERMINAL: i32 = 3;
/// The organizer's staff.
pub const VENUE_ROLE_ORGANIZER: i32 = 4;
/// Whoever runs the installation.
pub const VENUE_ROLE_ADMIN: i32 = 5;

/// A text that is lent to VENUE for a call: `size` bytes of UTF-8 at `data`, without a zero byte among them. All zero:
/// nothing is said.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_view {
    /// The bytes, or null.
    pub data: *const c_char,
    /// How many they are.
    pub size: usize,
}

/// Who asks, and what goes along with a request. All zero but for `size` is the box office: role terminal, as `local`.
///
/// Set `size` to `sizeof(venue_options)`. Later versions add members at the end, and read structs of any size that an
/// earlier header had.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub struct venue_options {
    /// `sizeof(venue_options)`.
    pub size: u32,
    /// In which role, `VENUE_ROLE_..`.
    pub role: i32,
    /// For which organizer, by slug; the only one in the file where nothing is said.
    pub organizer: venue_view,
    /// Who acts.
    pub actor: venue_view,
    /// At which till.
    pub terminal: venue_view,
    /// From which network address.
    pub address: venue_view,
    /// Of a command: what makes it safe to repeat. The same key and content get the same answer for at least 24 hours.
    pub idempotency_key: venue_view,
    /// Of a command: its name in logs.
    pub request_id: venue_view,
    /// Of confirm and release: what hold answered with. Staff needs none.
    pub token: venue_view,
    /// Of hold: for whom.
    pub buyer: venue_view,
    /// Of confirm: how it is paid, `METHOD[:REFERENCE[:AMOUNT]]` as in `card:tx-17:64.00`.
    pub payment: venue_view,
    /// Of the feed: only what concerns this event, by slug.
    pub event: venue_view,
    /// Of the feed: only what concerns this slot.
    pub slot: venue_view,
    /// Of a command: how many milliseconds it may wait to be begun, 1 to 600,000; 0 is 5,000. What is not begun by then
    /// answers `VENUE_BUSY`, and nothing happened.
    pub deadline_ms: u32,
    /// Of hold: for how many milliseconds, 30,000 to 3,600,000; 0 is as long as the event says.
    pub ttl_ms: u32,
    /// Of the feed: at most so many changes at once, 1 to 1,000; 0 is 100.
    pub limit: u32,
    /// Zero.
    pub reserved: u32,
}

/// The struct as the first header had it: no program knows a smaller one.
const FIRST: usize = offset_of!(venue_options, reserved) + size_of::<u32>();
/// What a newer program may bring at most.
const MOST: usize = 4_096;

/// The members that only some functions read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// hold_seats, hold_best, hold_area
    Hold,
    /// confirm
    Confirm,
    /// release
    Release,
    /// availability
    Reading,
    /// feed_next, feed_start
    Feed,
}

impl venue_options {
    /// Nothing is said.
    const NONE: Self = {
        let none = venue_view { data: std::ptr::null(), size: 0 };
        Self {
            size: 0,
            role: VENUE_ROLE_NONE,
            organizer: none,
            actor: none,
            terminal: none,
            address: none,
            idempotency_key: none,
            request_id: none,
            token: none,
            buyer: none,
            payment: none,
            event: none,
            slot: none,
            deadline_ms: 0,
            ttl_ms: 0,
            limit: 0,
            reserved: 0,
        }
    };

    /// Takes over what C says, as far as this version knows it. What it does not know must be zero.
    ///
    /// # Safety
    /// `given` is null, or points to a size and to so many bytes.
    unsafe fn take(given: *const Self) -> Result<Self, Failure> {
        let mut taken = Self::NONE;
        if given.is_null() {
            return Ok(taken);
        }
        // SAFETY: the caller vouches for the size, which stands first.
        let size = unsafe { given.cast::<u32>().read_unaligned() } as usize;
        if !(FIRST..=MOST).contains(&size) {
            return Err(Failure::BadSize("options"));
        }
        // SAFETY: the caller vouches for so many bytes, which nobody changes during the call.
        let bytes = unsafe { std::slice::from_raw_parts(given.cast::<u8>(), size) };
        let known = size.min(size_of::<Self>());
        if bytes[known..].iter().any(|byte| *byte != 0) {
            return Err(Failure::BadSize("options"));
        }
        // SAFETY: both have so many bytes; any bytes are a value of each member.
        unsafe { (&raw mut taken).cast::<u8>().copy_from_nonoverlapping(bytes.as_ptr(), known) };
        Ok(taken)
    }
}

/// What C said, as texts that live as long as the call.
#[derive(Debug)]
pub(crate) struct Options<'a> {
    given: venue_options,
    texts: [Option<&'a str>; 11],
}

/// The texts, in the order of the struct.
const NAMES: [&str; 11] = [
    "organizer",
    "actor",
    "terminal",
    "address",
    "idempotency_key",
    "request_id",
    "token",
    "buyer",
    "payment",
    "event",
    "slot",
];

impl<'a> Options<'a> {
    /// Reads what C says to a function, and refuses what the function does not read.
    ///
    /// # Safety
    /// `given` is null or points to options whose texts are null or point to as many bytes as they say; nobody changes
    /// them during the call.
    pub(crate) unsafe fn read(given: *const venue_options, of: Of) -> Result<Self, Failure> {
        // SAFETY: the caller vouches for it.
        let given = unsafe { venue_options::take(given) }?;
        let views = [
            given.organizer,
            given.actor,
            given.terminal,
            given.address,
            given.idempotency_key,
            given.request_id,
            given.token,
            given.buyer,
            given.payment,
            given.event,
            given.slot,
        ];
        let mut texts = [None; 11];
        for ((text, view), name) in texts.iter_mut().zip(views).zip(NAMES) {
            if !view.data.is_null() || view.size > 0 {
                // SAFETY: the caller vouches for each text.
                *text = Some(unsafe { borrowed(name, view.data, view.size) }?);
            }
        }
        let options = Self { given, texts };
        options.refuse_strangers(of)?;
        Ok(options)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        NAMES.iter().position(|known| *known == name).and_then(|place| self.texts[place])
    }

    fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, Failure> {
        self.text(name).map(|text| parsed(name, text)).transpose()
    }

    fn refuse_strangers(&self, of: Of) -> Result<(), Failure> {
        let command = matches!(of, Of::Hold | Of::Confirm | Of::Release);
        let said = |name| self.text(name).is_some();
        for (name, said, read) in [
            ("idempotency_key", said("idempotency_key"), command),
            ("request_id", said("request_id"), command),
            ("deadline_ms", self.given.deadline_ms != 0, command),
            ("token", said("token"), matches!(of, Of::Confirm | Of::Release)),
            ("buyer", said("buyer"), of == Of::Hold),
            ("ttl_ms", self.given.ttl_ms != 0, of == Of::Hold),
            ("payment", said("payment"), of == Of::Confirm),
            ("event", said("event"), of == Of::Feed),
            ("slot", said("slot"), of == Of::Feed),
            ("limit", self.given.limit != 0, of == Of::Feed),
            ("reserved", self.given.reserved != 0, false),
        ] {
            if said && !read {
                return Err(Invalid::argument(name, "goes with other functions").into());
            }
        }
        Ok(())
    }

    /// Who asks. A member of staff without a name acts as `local`, as everywhere.
    pub(crate) fn caller(&self) -> Result<Caller, Failure> {
        let role = match self.given.role {
            VENUE_ROLE_NONE | VENUE_ROLE_TERMINAL => Role::Terminal,
            VENUE_ROLE_PUBLIC => Role::Public,
            VENUE_ROLE_CUSTOMER => Role::Customer,
            VENUE_ROLE_ORGANIZER => Role::Organizer,
            VENUE_ROLE_ADMIN => Role::Admin,
            _ => return Err(Invalid::argument("role", "VENUE_ROLE_.. is needed").into()),
        };
        let mut caller = Caller::new(role);
        caller.organizer = self.parse("organizer")?;
        caller.actor = self.parse("actor")?;
        caller.terminal = self.parse("terminal")?;
        caller.address = self.parse("address")?;
        if role.is_staff() && caller.is_anonymous() {
            caller.actor = Caller::local().actor;
        }
        Ok(caller)
    }

    /// A command with what goes along.
    pub(crate) fn request(&self, verb: impl Into<Verb>) -> Result<Request, Failure> {
        let mut request = Request::new(&self.caller()?, verb);
        if let Some(key) = self.parse("idempotency_key")? {
            request = request.key(key);
        }
        if let Some(id) = self.parse("request_id")? {
            request = request.request_id(id);
        }
        if let Some(token) = self.text("token") {
            request = request.token(token);
        }
        match self.given.deadline_ms {
            0 => Ok(request),
            ms @ 1..=600_000 => Ok(request.deadline(Span::from_millis(i64::from(ms)))),
            _ => Err(Invalid::argument("deadline_ms", "1 to 600,000 is needed").into()),
        }
    }

    /// For how long a hold lives, if that was said.
    pub(crate) fn ttl(&self) -> Option<Span> {
        let ms = self.given.ttl_ms;
        (ms != 0).then(|| Span::from_millis(i64::from(ms)))
    }

    /// For whom.
    pub(crate) fn buyer(&self) -> Result<Option<Buyer>, Failure> {
        self.parse("buyer")
    }

    /// How it is paid.
    pub(crate) fn payment(&self) -> Result<Option<Payment>, Failure> {
        self.parse("payment")
    }

    /// Which part of the feed, after this cursor.
    pub(crate) fn feed(&self, after: &str) -> Result<Feed, Failure> {
        let slot: Option<SlotName> = self.parse("slot")?;
        let limit = (self.given.limit != 0).then_some(self.given.limit);
        let after = (!after.is_empty()).then(|| Cursor::from(after));
        Ok(Feed { event: self.parse("event")?, slot, after, limit })
    }
}
