//! Requests: one type a verb. The members are the options of the command line, in snake_case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Invalid;
use super::hold::{LONGEST, SHORTEST};
use super::idempotency::Fingerprinter;
use super::instant::Span;
pub use super::request_names::{BookingName, NotAName, Payment, SlotName};
use super::text::{Buyer, Reason};
use super::wanted::WANTED_FIELDS;
pub use super::wanted::{MAX_QUANTITY, Selector, Wanted};

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
                // The default filled in: to say cash is to say nothing.
                let payment = payment(&it.payment).unwrap_or_else(|| "cash".to_owned());
                printer.text(Some(&payment)).text(buyer(&it.buyer).as_deref());
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
    use crate::domain::text::SeatName;

    #[allow(clippy::unnecessary_wraps, reason = "the member is optional")]
    fn seats(names: &[&str]) -> Option<Vec<SeatName>> {
        Some(names.iter().map(|name| name.parse().unwrap()).collect())
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
    fn verbs_are_called_as_on_the_command_line() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let wanted = Wanted::default;
        let switch = || SlotSwitch { slot: slot.clone(), expected_version: None };
        let house =
            House { slot: slot.clone(), wanted: wanted(), kind: HouseKind::Hold, lift: false };
        for (verb, name) in [
            (Verb::Hold(Hold::new(slot.clone(), wanted())), "hold"),
            (Verb::Sell(Sell::new(slot.clone(), wanted())), "sell"),
            (Verb::Confirm(Confirm::new(booking)), "confirm"),
            (Verb::Extend(Extend::new(booking)), "extend"),
            (Verb::Release(Release::new(booking)), "release"),
            (Verb::Expire(Expire::new(booking)), "expire"),
            (Verb::Cancel(Cancel::new(booking)), "cancel"),
            (Verb::House(house), "house"),
            (Verb::SlotOpen(switch()), "slot_open"),
            (Verb::SlotClose(switch()), "slot_close"),
        ] {
            assert_eq!(verb.name(), name);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_before_any_data_is_read() {
        let slot: SlotName = "m@2027-09-04T19:30".parse().unwrap();
        let booking = BookingName::Reference("7Q4ZK2MB".parse().unwrap());
        let one = || Wanted { seats: seats(&["a"]), ..Wanted::default() };
        let hold = |ttl| Verb::Hold(Hold { ttl: Some(ttl), ..Hold::new(slot.clone(), one()) });
        let lines = |line: &[u32]| Verb::Cancel(Cancel::new(booking).lines(line.to_vec()));
        let version = |version| {
            Verb::SlotOpen(SlotSwitch { slot: slot.clone(), expected_version: Some(version) })
        };
        for (verb, wrong) in [
            (hold(SHORTEST), None),
            (hold(LONGEST), None),
            (hold(Span::from_micros(SHORTEST.micros() - 1)), Some("ttl")),
            (hold(Span::from_micros(LONGEST.micros() + 1)), Some("ttl")),
            (Verb::Hold(Hold::new(slot.clone(), one())), None),
            (Verb::Hold(Hold::new(slot.clone(), Wanted::default())), Some("seats")),
            (Verb::Sell(Sell::new(slot.clone(), Wanted::default())), Some("seats")),
            (lines(&[]), None),
            (lines(&[MAX_QUANTITY, 1, 2]), None),
            (lines(&[0]), Some("line")),
            (lines(&[MAX_QUANTITY + 1]), Some("line")),
            (lines(&[2, 1, 2]), Some("line")),
            (version(1), None),
            (version(0), Some("expected_version")),
            (Verb::Confirm(Confirm::new(booking)), None),
        ] {
            let named = verb.validate().err().map(|invalid| match invalid {
                Invalid::Argument { name, .. } => name,
                other => other.code().to_owned(),
            });
            assert_eq!(named.as_deref(), wrong, "{verb:?}");
        }
    }
}
