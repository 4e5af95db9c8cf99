//! What is done to bookings: hold, sell, confirm, extend, release, expire, cancel.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::booking_state::SLOT_CANCELLED;
use crate::domain::error::Invalid;
use crate::domain::hold::{LONGEST, SHORTEST};
use crate::domain::idempotency::Fingerprinter;
use crate::domain::instant::Span;
use crate::domain::text::{Buyer, Reason};
use crate::domain::wanted::{MAX_QUANTITY, Wanted, wanted_fields};

use super::{BookingName, Fields, Payment, SlotName};

/// Takes units for a while: see `operations/hold.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hold {
    /// Of this slot.
    pub slot: SlotName,
    /// Which units.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// For how long: 30s to 60m; the event's by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Span>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
}

impl Hold {
    /// These units of this slot, for as long as the event says.
    pub fn new(slot: impl Into<SlotName>, wanted: Wanted) -> Self {
        Self { slot: slot.into(), wanted, ttl: None, buyer: None }
    }

    /// For so long: 30 s to 60 min.
    #[must_use]
    pub fn ttl(self, ttl: Span) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// For this buyer.
    #[must_use]
    pub fn buyer(self, buyer: Buyer) -> Self {
        Self { buyer: Some(buyer), ..self }
    }
}

impl Fields for Hold {
    const NAMES: &'static [&'static str] = wanted_fields!("slot"; "ttl", "buyer");

    fn validate(&self) -> Result<(), Invalid> {
        self.wanted.selector()?;
        match self.ttl {
            Some(ttl) if !(SHORTEST..=LONGEST).contains(&ttl) => {
                Err(Invalid::argument("ttl", "30s to 60m is needed"))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(&self.slot.to_string()));
        self.wanted.fingerprint(printer);
        printer.number(self.ttl.map(Span::micros)).text(self.buyer.as_ref().map(Buyer::as_str));
    }

    fn buyer(&self) -> Option<&Buyer> {
        self.buyer.as_ref()
    }
}

/// Holds and confirms in one act, the box office's normal one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sell {
    /// Of this slot.
    pub slot: SlotName,
    /// Which units.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// How it is paid; cash by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Buyer>,
}

impl Sell {
    /// These units of this slot, for cash.
    pub fn new(slot: impl Into<SlotName>, wanted: Wanted) -> Self {
        Self { slot: slot.into(), wanted, payment: None, buyer: None }
    }

    /// Paid like this.
    #[must_use]
    pub fn payment(self, payment: Payment) -> Self {
        Self { payment: Some(payment), ..self }
    }

    /// For this buyer.
    #[must_use]
    pub fn buyer(self, buyer: Buyer) -> Self {
        Self { buyer: Some(buyer), ..self }
    }
}

impl Fields for Sell {
    const NAMES: &'static [&'static str] = wanted_fields!("slot"; "payment", "buyer");

    fn validate(&self) -> Result<(), Invalid> {
        self.wanted.selector().map(drop)
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        printer.text(Some(&self.slot.to_string()));
        self.wanted.fingerprint(printer);
        // The default filled in: to say cash is to say nothing.
        let payment = self.payment.as_ref().map_or_else(|| "cash".to_owned(), ToString::to_string);
        printer.text(Some(&payment)).text(self.buyer.as_ref().map(Buyer::as_str));
    }

    fn buyer(&self) -> Option<&Buyer> {
        self.buyer.as_ref()
    }
}

/// Makes a hold final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// Which booking.
    pub booking: BookingName,
    /// How it is paid; by staff, cash by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
}

impl Confirm {
    /// This booking, paid in cash if staff confirms it, else not paid yet.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into(), payment: None }
    }

    /// Paid like this.
    #[must_use]
    pub fn payment(self, payment: Payment) -> Self {
        Self { payment: Some(payment), ..self }
    }
}

impl Fields for Confirm {
    const NAMES: &'static [&'static str] = &["booking", "payment"];

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        let payment = self.payment.as_ref().map(ToString::to_string);
        printer.text(Some(&self.booking.to_string())).text(payment.as_deref());
    }
}

/// Makes a hold live longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extend {
    /// Which booking.
    pub booking: BookingName,
}

impl Extend {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
}

/// Gives a hold back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Which booking.
    pub booking: BookingName,
}

impl Release {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
}

/// Writes down that a hold's time ran out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expire {
    /// Which booking.
    pub booking: BookingName,
}

impl Expire {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
}

/// Undoes a confirmed booking, or some of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cancel {
    /// Which booking.
    pub booking: BookingName,
    /// Only these lines, by number; all of them by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<u32>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Cancel {
    /// This booking, all of it.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into(), line: Vec::new(), reason: None }
    }

    /// Only these lines, by number.
    #[must_use]
    pub fn lines(self, line: Vec<u32>) -> Self {
        Self { line, ..self }
    }

    /// For this reason.
    #[must_use]
    pub fn reason(self, reason: Reason) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

impl Fields for Cancel {
    const NAMES: &'static [&'static str] = &["booking", "line", "reason"];

    fn validate(&self) -> Result<(), Invalid> {
        let mut lines = self.line.clone();
        lines.sort_unstable();
        if lines.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Invalid::argument("line", "a line is named twice"));
        }
        if lines.iter().any(|line| *line == 0 || *line > MAX_QUANTITY) {
            return Err(Invalid::argument("line", "lines are numbered from 1"));
        }
        if self.reason.as_ref().is_some_and(|reason| reason.as_str() == SLOT_CANCELLED) {
            return Err(Invalid::argument("reason", "the engine says that of cancelled slots"));
        }
        Ok(())
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        let mut lines: Vec<String> = self.line.iter().map(ToString::to_string).collect();
        lines.sort_unstable();
        printer
            .text(Some(&self.booking.to_string()))
            .texts(Some(lines.iter().map(String::as_str)))
            .text(self.reason.as_ref().map(Reason::as_str));
    }
}

macro_rules! names_a_booking_only {
    ($($request:ident),*) => {
        $(impl Fields for $request {
            const NAMES: &'static [&'static str] = &["booking"];

            fn fingerprint(&self, printer: &mut Fingerprinter) {
                printer.text(Some(&self.booking.to_string()));
            }
        })*
    };
}
names_a_booking_only!(Extend, Release, Expire);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setter_sets_its_own_member_and_leaves_the_others() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let booking: BookingName = "7Q4ZK2MB".parse().unwrap();
        let (buyer, payment): (Buyer, Payment) = ("b".parse().unwrap(), "cash".parse().unwrap());
        let reason: Reason = "ill".parse().unwrap();
        let wanted = Wanted::default;
        let ttl = Span::from_mins(1);
        assert_eq!(
            Hold::new(slot.clone(), wanted()).ttl(ttl).buyer(buyer.clone()),
            Hold {
                slot: slot.clone(),
                wanted: wanted(),
                ttl: Some(ttl),
                buyer: Some(buyer.clone())
            }
        );
        assert_eq!(
            Sell::new(slot.clone(), wanted()).payment(payment.clone()).buyer(buyer.clone()),
            Sell { slot, wanted: wanted(), payment: Some(payment.clone()), buyer: Some(buyer) }
        );
        let paid = Confirm { booking, payment: Some(payment.clone()) };
        assert_eq!(Confirm::new(booking).payment(payment), paid);
        assert_eq!(
            Cancel::new(booking).lines(vec![2]).reason(reason.clone()),
            Cancel { booking, line: vec![2], reason: Some(reason) }
        );
    }
}
