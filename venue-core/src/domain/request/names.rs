//! What requests name and how it is typed: slots, bookings, payments.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::ids::{BookingId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::local_time::LocalTime;
use crate::domain::money::{Decimal, parse_price};
use crate::domain::reference::Reference;
use crate::domain::season::SaleBound;
use crate::domain::text::{PaymentMethod, PaymentReference, Slug};

/// A slot as it is typed: an id, or `EVENT@LOCAL` as in `heimspiele-2027-28@2027-09-04T19:30`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SlotName {
    /// By id.
    Id(SlotId),
    /// By the event's slug and the slot's start on the clock of its venue.
    Local {
        /// The event's slug.
        event: Slug,
        /// `YYYY-MM-DDTHH:MM[:SS]`
        local: String,
    },
}

/// A booking as it is typed: an id, or the reference that people say on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BookingName {
    /// By id.
    Id(BookingId),
    /// By reference.
    Reference(Reference),
}

impl From<Reference> for BookingName {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

/// A text that does not name anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAName(&'static str);

impl FromStr for SlotName {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        const RULE: NotAName =
            NotAName("not a slot: an id is needed, or EVENT@LOCAL as in match@2027-09-04T19:30");
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let (event, local) = text.split_once('@').ok_or(RULE)?;
        let event = event.parse().map_err(|_| RULE)?;
        let fits = local.len() >= 16
            && local.len() <= 19
            && local.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'T'));
        if fits { Ok(Self::Local { event, local: local.to_owned() }) } else { Err(RULE) }
    }
}

impl std::fmt::Display for SlotName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Local { event, local } => write!(f, "{event}@{local}"),
        }
    }
}

impl From<SlotId> for SlotName {
    fn from(id: SlotId) -> Self {
        Self::Id(id)
    }
}

impl FromStr for BookingName {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        text.parse().map(Self::Reference).map_err(|_| {
            NotAName("not a booking: an id or a reference of eight characters is needed")
        })
    }
}

impl std::fmt::Display for BookingName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
        }
    }
}

impl From<BookingId> for BookingName {
    fn from(id: BookingId) -> Self {
        Self::Id(id)
    }
}

/// When a slot starts instead of when it did: a wall time of its venue, or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NewStart {
    /// On the clock of the venue.
    Local(LocalTime),
    /// This instant.
    At(Instant),
}

impl FromStr for NewStart {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if let Ok(local) = text.parse() {
            return Ok(Self::Local(local));
        }
        text.parse().map(Self::At).map_err(|_| {
            NotAName(
                "not a time: the venue's clock is needed, as in 2027-09-04T19:30, or an instant, as in 2027-09-04T17:30:00Z",
            )
        })
    }
}

impl std::fmt::Display for NewStart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Local(local) => local.fmt(f),
            Self::At(at) => at.fmt(f),
        }
    }
}

/// One end of the time in which the public may buy, as it is typed: a wall time of the venue for all slots, or so long
/// before each of them starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleEnd(SaleBound);

impl SaleEnd {
    /// What it says.
    pub const fn bound(self) -> SaleBound {
        self.0
    }
}

impl FromStr for SaleEnd {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if let Ok(local) = text.parse() {
            return Ok(Self(SaleBound::At(local)));
        }
        text.parse().map(|span| Self(SaleBound::BeforeStart(span))).map_err(|_| {
            NotAName(
                "not a bound of a sale: the venue's clock is needed, as in 2026-11-01T10:00, or a length of time before the start, as in 30d",
            )
        })
    }
}

impl std::fmt::Display for SaleEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            SaleBound::At(local) => local.fmt(f),
            SaleBound::BeforeStart(span) => span.fmt(f),
        }
    }
}

/// A price as it is typed: `32.00`, in the organizer's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(i64);

impl Price {
    /// In minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }
}

impl FromStr for Price {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        let rule = NotAName("not a price: as in 32.00, up to 99999999.99");
        parse_price(text).map(Self).map_err(|_| rule)
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Decimal(self.0).fmt(f)
    }
}

macro_rules! as_text {
    ($name:ty, $title:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $title.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string"})
            }
        }
    };
}
as_text!(SlotName, "SlotName");
as_text!(BookingName, "BookingName");
as_text!(Payment, "Payment");
as_text!(NewStart, "NewStart");
as_text!(SaleEnd, "SaleEnd");
as_text!(Price, "Price");

/// How a booking is paid: `METHOD[:REFERENCE[:AMOUNT]]`. Provider calls are made before, outside every lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Cash, card, a provider.
    pub method: PaymentMethod,
    /// The provider's name of the payment.
    pub reference: Option<PaymentReference>,
    /// Minor units; refused if it differs from the total.
    pub amount: Option<i64>,
}

impl FromStr for Payment {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        const RULE: NotAName = NotAName(
            "not a payment: METHOD, METHOD:REFERENCE or METHOD:REFERENCE:AMOUNT is needed, as in card:tx-17:64.00",
        );
        let mut parts = text.splitn(3, ':');
        let method = parts.next().unwrap_or("").parse().map_err(|_| RULE)?;
        let reference = match parts.next() {
            None | Some("") => None,
            Some(text) => Some(text.parse().map_err(|_| RULE)?),
        };
        let amount = match parts.next() {
            None => None,
            Some(text) => Some(crate::domain::money::parse_price(text).map_err(|_| RULE)?),
        };
        Ok(Self { method, reference, amount })
    }
}

impl std::fmt::Display for Payment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.method)?;
        match (&self.reference, self.amount) {
            (None, None) => Ok(()),
            (Some(reference), None) => write!(f, ":{reference}"),
            (reference, Some(amount)) => {
                let reference = reference.as_ref().map_or("", PaymentReference::as_str);
                write!(f, ":{reference}:{}", crate::domain::money::Decimal(amount))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_have_up_to_three_parts() {
        for text in ["cash", "card:tx-1", "card:tx-1:64.00", "card::64.00"] {
            assert_eq!(text.parse::<Payment>().unwrap().to_string(), text);
        }
        for wrong in ["", "Cash", "card:x:", "card:x:64", "card:x:64.00:1"] {
            assert!(wrong.parse::<Payment>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_are_ids_references_or_local_times() {
        assert!(matches!("m@2027-09-04T19:30".parse(), Ok(SlotName::Local { .. })));
        assert!(matches!("01999999-9999-7999-8999-999999999999".parse(), Ok(SlotName::Id(_))));
        for wrong in
            ["", "m", "m@", "M@2027-09-04T19:30", "m@2027-09-04", "m@2027-09-04T19:30+02:00"]
        {
            assert!(wrong.parse::<SlotName>().is_err(), "{wrong}");
        }
        assert!(matches!("7q4z-k2mb".parse(), Ok(BookingName::Reference(_))));
        assert!("7q4z".parse::<BookingName>().is_err());
    }

    #[test]
    fn a_name_is_one_text_wherever_it_stands() {
        let id = "01999999-9999-7999-8999-999999999999";
        for text in [id, "m@2027-09-04T19:30", "m@2027-09-04T19:30:00"] {
            let json = format!("\"{text}\"");
            let name: SlotName = serde_json::from_str(&json).unwrap();
            assert_eq!(name.to_string(), text);
            assert_eq!(serde_json::to_string(&name).unwrap(), json);
        }
        for text in [id, "7Q4ZK2MB"] {
            assert_eq!(text.parse::<BookingName>().unwrap().to_string(), text);
        }
        let (slot, booking) = (id.parse::<SlotId>().unwrap(), id.parse::<BookingId>().unwrap());
        assert_eq!(SlotName::from(slot), SlotName::Id(slot));
        assert_eq!(BookingName::from(booking), BookingName::Id(booking));
        let reference: Reference = "7Q4ZK2MB".parse().unwrap();
        assert_eq!(BookingName::from(reference), BookingName::Reference(reference));
    }
    #[test]
    fn times_and_prices_are_written_as_they_are_read() {
        for text in ["2027-09-04T19:30:00", "2027-09-04T17:30:00.000000Z"] {
            assert_eq!(text.parse::<NewStart>().unwrap().to_string(), text);
        }
        let local = "2026-11-01T10:00:00";
        let before = SaleBound::BeforeStart("30d".parse().unwrap());
        for (text, bound) in [(local, SaleBound::At(local.parse().unwrap())), ("30d", before)] {
            let end: SaleEnd = text.parse().unwrap();
            assert_eq!((end.to_string().as_str(), end.bound()), (text, bound));
        }
        for (text, minor) in [("32.00", 3_200), ("0.05", 5), ("99999999.99", 9_999_999_999)] {
            let price: Price = text.parse().unwrap();
            assert_eq!((price.to_string().as_str(), price.minor()), (text, minor));
        }
    }
}
