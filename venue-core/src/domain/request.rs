//! Requests: one type a verb. The members are the options of the command line, in snake_case.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::Invalid;
use super::hold::{LONGEST, SHORTEST};
use super::idempotency::Fingerprinter;
use super::ids::{BookingId, SlotId};
use super::instant::Span;
use super::reference::Reference;
use super::text::{Buyer, Name, PaymentMethod, PaymentReference, Reason, SeatName, Slug};

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
            Some(text) => Some(super::money::parse_price(text).map_err(|_| RULE)?),
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
                write!(f, ":{reference}:{}", super::money::Decimal(amount))
            }
        }
    }
}

/// Which units are wanted: exactly one way of saying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// These seats, by stable id or label; sorted, each once.
    Seats(Vec<SeatName>),
    /// So many places of this area.
    Area {
        /// The area's name.
        name: Name,
        /// How many, at least 1.
        quantity: i64,
    },
}

/// The members that say which units are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Wanted {
    /// Seats, by stable id or label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<Vec<SeatName>>,
    /// The best so many seats together. Not supported yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<u32>,
    /// The best seats' category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Name>,
    /// The best seats' section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Name>,
    /// So many of the best seats are accessible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessible: Option<u32>,
    /// An area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Name>,
    /// So many places of the area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
}

/// The highest number that a request may carry: 2^31 - 1.
pub const MAX_QUANTITY: u32 = 2_147_483_647;

impl Wanted {
    /// These seats.
    pub fn seats(seats: Vec<SeatName>) -> Self {
        Self { seats: Some(seats), ..Self::default() }
    }

    /// So many places of this area.
    pub fn area(area: Name, quantity: u32) -> Self {
        Self { area: Some(area), quantity: Some(quantity), ..Self::default() }
    }

    /// The one selector, if exactly one is given and it is complete.
    pub fn selector(&self) -> Result<Selector, Invalid> {
        let invalid = |name: &str, problem: &str| Invalid::argument(name, problem);
        for (name, number) in
            [("best", self.best), ("accessible", self.accessible), ("quantity", self.quantity)]
        {
            let least = u32::from(name != "accessible");
            if number.is_some_and(|number| number < least || number > MAX_QUANTITY) {
                return Err(invalid(
                    name,
                    &format!("a number from {least} to {MAX_QUANTITY} is needed"),
                ));
            }
        }
        if let (Some(best), Some(accessible)) = (self.best, self.accessible)
            && accessible > best
        {
            return Err(invalid("accessible", "more accessible seats than seats in all"));
        }
        let given = [self.seats.is_some(), self.best.is_some(), self.area.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err(invalid(
                "seats",
                "exactly one of seats, best, or area with quantity is needed",
            ));
        }
        if self.best.is_some() {
            return Err(Invalid::Unsupported {
                name: "best".to_owned(),
                problem: "this version sells seats by name and areas by number".to_owned(),
            });
        }
        for (name, given) in [
            ("category", self.category.is_some()),
            ("section", self.section.is_some()),
            ("accessible", self.accessible.is_some()),
        ] {
            if given {
                return Err(invalid(name, "goes with best only"));
            }
        }
        match (&self.seats, &self.area, self.quantity) {
            (Some(_), _, Some(_)) => Err(invalid("quantity", "goes with area only")),
            (Some(seats), _, None) => {
                let mut sorted = seats.clone();
                sorted.sort_unstable();
                if sorted.is_empty() {
                    return Err(invalid("seats", "at least one seat is needed"));
                }
                if let Some([twice, _]) = sorted.array_windows().find(|[one, next]| one == next) {
                    return Err(invalid("seats", &format!("{twice} is named twice")));
                }
                Ok(Selector::Seats(sorted))
            }
            (None, Some(name), Some(quantity)) => {
                Ok(Selector::Area { name: name.clone(), quantity: i64::from(quantity) })
            }
            (None, _, _) => Err(invalid("quantity", "is needed with area")),
        }
    }

    fn fingerprint(&self, printer: &mut Fingerprinter) {
        let seats = self.seats.as_ref().map(|seats| {
            let mut sorted: Vec<&str> = seats.iter().map(SeatName::as_str).collect();
            sorted.sort_unstable();
            sorted
        });
        printer
            .texts(seats)
            .number(self.best.map(i64::from))
            .text(self.category.as_ref().map(Name::as_str))
            .text(self.section.as_ref().map(Name::as_str))
            .number(self.accessible.map(i64::from))
            .text(self.area.as_ref().map(Name::as_str))
            .number(self.quantity.map(i64::from));
    }
}

const WANTED_FIELDS: [&str; 7] =
    ["seats", "best", "category", "section", "accessible", "area", "quantity"];

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

/// Makes a hold final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirm {
    /// Which booking.
    pub booking: BookingName,
    /// How it is paid; by staff, cash by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
}

/// Makes a hold live longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extend {
    /// Which booking.
    pub booking: BookingName,
}

/// Gives a hold back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Release {
    /// Which booking.
    pub booking: BookingName,
}

/// Writes down that a hold's time ran out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Expire {
    /// Which booking.
    pub booking: BookingName,
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

/// How units are withheld from the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HouseKind {
    /// Staff may sell them by name.
    Hold,
    /// Nobody may.
    Kill,
}

/// Withholds units, or gives them free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct House {
    /// Of this slot.
    pub slot: SlotName,
    /// Which units.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// Kept for staff, or for nobody.
    pub kind: HouseKind,
    /// Gives them free instead.
    #[serde(default)]
    pub lift: bool,
}

/// Opens or closes a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotSwitch {
    /// Which slot.
    pub slot: SlotName,
    /// Refused unless the slot still has this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}

/// A mutating command: goes through the queue, has a key, and is durable once answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verb {
    /// See [`Hold`].
    Hold(Hold),
    /// See [`Sell`].
    Sell(Sell),
    /// See [`Confirm`].
    Confirm(Confirm),
    /// See [`Extend`].
    Extend(Extend),
    /// See [`Release`].
    Release(Release),
    /// See [`Expire`].
    Expire(Expire),
    /// See [`Cancel`].
    Cancel(Cancel),
    /// See [`House`].
    House(House),
    /// See [`SlotSwitch`].
    SlotOpen(SlotSwitch),
    /// See [`SlotSwitch`].
    SlotClose(SlotSwitch),
}

impl Verb {
    /// The verb's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hold(_) => "hold",
            Self::Sell(_) => "sell",
            Self::Confirm(_) => "confirm",
            Self::Extend(_) => "extend",
            Self::Release(_) => "release",
            Self::Expire(_) => "expire",
            Self::Cancel(_) => "cancel",
            Self::House(_) => "house",
            Self::SlotOpen(_) => "slot_open",
            Self::SlotClose(_) => "slot_close",
        }
    }

    /// What can be checked without any data.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Hold(hold) => {
                hold.wanted.selector()?;
                match hold.ttl {
                    Some(ttl) if !(SHORTEST..=LONGEST).contains(&ttl) => {
                        Err(Invalid::argument("ttl", "30s to 60m is needed"))
                    }
                    Some(_) | None => Ok(()),
                }
            }
            Self::Sell(sell) => sell.wanted.selector().map(drop),
            Self::House(house) => house.wanted.selector().map(drop),
            Self::Cancel(cancel) => {
                let mut lines = cancel.line.clone();
                lines.sort_unstable();
                if lines.windows(2).any(|pair| pair[0] == pair[1]) {
                    return Err(Invalid::argument("line", "a line is named twice"));
                }
                if lines.iter().any(|line| *line == 0 || *line > MAX_QUANTITY) {
                    return Err(Invalid::argument("line", "lines are numbered from 1"));
                }
                Ok(())
            }
            Self::SlotOpen(switch) | Self::SlotClose(switch) => match switch.expected_version {
                Some(0) => Err(Invalid::argument("expected_version", "versions start at 1")),
                Some(_) | None => Ok(()),
            },
            Self::Confirm(_) | Self::Extend(_) | Self::Release(_) | Self::Expire(_) => Ok(()),
        }
    }

    /// Adds each field, as it was parsed, in the order of [`Verb::fields`].
    pub fn fingerprint(&self, printer: &mut Fingerprinter) {
        let buyer = |buyer: &Option<Buyer>| buyer.as_ref().map(|b| b.as_str().to_owned());
        let payment = |payment: &Option<Payment>| payment.as_ref().map(ToString::to_string);
        match self {
            Self::Hold(it) => {
                printer.text(Some(&it.slot.to_string()));
                it.wanted.fingerprint(printer);
                printer.number(it.ttl.map(Span::micros)).text(buyer(&it.buyer).as_deref());
            }
            Self::Sell(it) => {
                printer.text(Some(&it.slot.to_string()));
                it.wanted.fingerprint(printer);
                printer.text(payment(&it.payment).as_deref()).text(buyer(&it.buyer).as_deref());
            }
            Self::Confirm(it) => {
                printer.text(Some(&it.booking.to_string())).text(payment(&it.payment).as_deref());
            }
            Self::Extend(Extend { booking })
            | Self::Release(Release { booking })
            | Self::Expire(Expire { booking }) => {
                printer.text(Some(&booking.to_string()));
            }
            Self::Cancel(it) => {
                let mut lines: Vec<String> = it.line.iter().map(ToString::to_string).collect();
                lines.sort_unstable();
                printer
                    .text(Some(&it.booking.to_string()))
                    .texts(Some(lines.iter().map(String::as_str)))
                    .text(it.reason.as_ref().map(Reason::as_str));
            }
            Self::House(it) => {
                printer.text(Some(&it.slot.to_string()));
                it.wanted.fingerprint(printer);
                let kind = i64::from(it.kind == HouseKind::Kill);
                printer.number(Some(kind)).number(Some(i64::from(it.lift)));
            }
            Self::SlotOpen(it) | Self::SlotClose(it) => {
                let version = it.expected_version.map(i64::from);
                printer.text(Some(&it.slot.to_string())).number(version);
            }
        }
    }

    /// The names of the fields, in the order of their fingerprints.
    pub fn fields(&self) -> Vec<&'static str> {
        let wanted = |rest: &[&'static str]| [&["slot"], &WANTED_FIELDS[..], rest].concat();
        match self {
            Self::Hold(_) => wanted(&["ttl", "buyer"]),
            Self::Sell(_) => wanted(&["payment", "buyer"]),
            Self::House(_) => wanted(&["kind", "lift"]),
            Self::Confirm(_) => vec!["booking", "payment"],
            Self::Extend(_) | Self::Release(_) | Self::Expire(_) => vec!["booking"],
            Self::Cancel(_) => vec!["booking", "line", "reason"],
            Self::SlotOpen(_) | Self::SlotClose(_) => vec!["slot", "expected_version"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::FileId;

    #[allow(clippy::unnecessary_wraps, reason = "the member is optional")]
    fn seats(names: &[&str]) -> Option<Vec<SeatName>> {
        Some(names.iter().map(|name| name.parse().unwrap()).collect())
    }

    #[test]
    fn exactly_one_selector_is_taken() {
        let area: Option<Name> = Some("Stand".parse().unwrap());
        let none = Wanted::default;
        for (wanted, code) in [
            (none(), Some("argument")),
            (Wanted { seats: seats(&["A-1"]), area: area.clone(), ..none() }, Some("argument")),
            (Wanted { seats: seats(&["A-1", "A-1"]), ..none() }, Some("argument")),
            (Wanted { seats: seats(&[]), ..none() }, Some("argument")),
            (Wanted { seats: seats(&["A-1"]), quantity: Some(1), ..none() }, Some("argument")),
            (Wanted { area: area.clone(), ..none() }, Some("argument")),
            (Wanted { area: area.clone(), quantity: Some(0), ..none() }, Some("argument")),
            (Wanted { quantity: Some(1), ..none() }, Some("argument")),
            (Wanted { best: Some(2), accessible: Some(3), ..none() }, Some("argument")),
            (Wanted { best: Some(2), ..none() }, Some("unsupported")),
            (Wanted { seats: seats(&["A-1"]), section: area.clone(), ..none() }, Some("argument")),
            (Wanted { seats: seats(&["B-1", "A-1"]), ..none() }, None),
            (Wanted { area, quantity: Some(MAX_QUANTITY), ..none() }, None),
        ] {
            let answer = wanted.selector();
            assert_eq!(answer.as_ref().err().map(Invalid::code), code, "{wanted:?}");
        }
    }

    #[test]
    fn every_field_has_a_fingerprint_and_order_of_seats_has_none() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let hold = |names: &[&str]| {
            let wanted = Wanted { seats: seats(names), ..Wanted::default() };
            Verb::Hold(Hold { slot: slot.clone(), wanted, ttl: None, buyer: None })
        };
        let print = |verb: &Verb| {
            let mut printer = Fingerprinter::new(FileId::from_bytes([0; 16]));
            verb.fingerprint(&mut printer);
            printer.finish()
        };
        assert_eq!(print(&hold(&["a", "b"])), print(&hold(&["b", "a"])));
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let verbs = [
            hold(&["a"]),
            Verb::Confirm(Confirm { booking, payment: None }),
            Verb::Extend(Extend { booking }),
            Verb::Cancel(Cancel { booking, line: vec![1, 2], reason: None }),
            Verb::SlotOpen(SlotSwitch { slot: slot.clone(), expected_version: None }),
            Verb::House(House {
                slot: slot.clone(),
                wanted: Wanted::default(),
                kind: HouseKind::Kill,
                lift: true,
            }),
        ];
        for verb in verbs {
            assert_eq!(print(&verb).bytes().len(), 8 * verb.fields().len(), "{}", verb.name());
        }
    }

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
}
