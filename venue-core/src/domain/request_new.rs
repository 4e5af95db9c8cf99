//! Requests by hand: the required parts first, the others set one by one.

use super::instant::Span;
use super::request::{
    BookingName, Cancel, Confirm, Expire, Extend, Hold, Payment, Release, Sell, SlotName, Wanted,
};
use super::text::{Buyer, Reason};

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

impl Extend {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
}

impl Release {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
}

impl Expire {
    /// This booking.
    pub fn new(booking: impl Into<BookingName>) -> Self {
        Self { booking: booking.into() }
    }
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
