//! Tickets: each admits one person. Born by confirm and sell, one a unit; void when their line is cancelled.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ids::{BookingId, TicketId};
use super::line::Line;
use super::reference::{Reference, ticket_id};

/// A ticket's number: its booking's reference and its place in it, `7Q4ZK2MB-01`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber {
    /// Its booking's reference.
    pub reference: Reference,
    /// From 1, in the order of lines and units.
    pub n: u8,
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.reference, self.n)
    }
}

impl fmt::Debug for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not a ticket number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a ticket number: a booking reference, a hyphen and a number are needed, as in 7Q4ZK2MB-01"
)]
pub struct NotATicketNumber;

impl FromStr for TicketNumber {
    type Err = NotATicketNumber;

    fn from_str(text: &str) -> Result<Self, NotATicketNumber> {
        let (reference, n) = text.rsplit_once('-').ok_or(NotATicketNumber)?;
        let reference = reference.parse().map_err(|_| NotATicketNumber)?;
        if !(2..=3).contains(&n.len()) || !n.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotATicketNumber);
        }
        match n.parse() {
            Ok(n) if n > 0 => Ok(Self { reference, n }),
            Ok(_) | Err(_) => Err(NotATicketNumber),
        }
    }
}

impl Serialize for TicketNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TicketNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for TicketNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TicketNumber".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{8}-[0-9]{2,3}$"})
    }
}

/// What a ticket is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// It admits.
    Valid,
    /// Its line was cancelled.
    Void,
}

/// A ticket's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Its place in the booking, from 1.
    pub n: u8,
    /// Its id: follows from the booking's id and n.
    pub id: TicketId,
    /// The line it is for.
    pub line: u8,
    /// Bumped when its code is replaced.
    pub code_version: i64,
    /// What it is good for.
    pub state: TicketState,
}

/// The tickets of a booking that is confirmed: one a unit, in the order of lines and units.
pub fn issue(booking: BookingId, lines: &[Line]) -> Vec<Ticket> {
    let places =
        lines.iter().flat_map(|line| std::iter::repeat_n(line.n, usize::from(line.quantity)));
    (1u8..)
        .zip(places)
        .map(|(n, line)| Ticket {
            n,
            id: ticket_id(booking, n),
            line,
            code_version: 1,
            state: TicketState::Valid,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::line::tests::{area_line, seat_line};

    #[test]
    fn a_number_is_reference_and_place() {
        let number: TicketNumber = "7Q4ZK2MB-01".parse().unwrap();
        assert_eq!((number.n, number.to_string().as_str()), (1, "7Q4ZK2MB-01"));
        assert_eq!("7q4z-k2mb-100".parse::<TicketNumber>().unwrap().to_string(), "7Q4ZK2MB-100");
        for wrong in [
            "",
            "7Q4ZK2MB",
            "7Q4ZK2MB-",
            "7Q4ZK2MB-1",
            "7Q4ZK2MB-00",
            "7Q4ZK2MB-256",
            "7Q4ZK2MB-+1",
        ] {
            assert!(wrong.parse::<TicketNumber>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_ticket_a_unit_in_the_order_of_lines() {
        let lines = [seat_line(1, "A-1"), area_line(2, "Stand", 3)];
        let tickets = issue(BookingId::from_bytes([0; 16]), &lines);
        let places: Vec<_> = tickets.iter().map(|t| (t.n, t.line)).collect();
        assert_eq!(places, [(1, 1), (2, 2), (3, 2), (4, 2)]);
    }

    #[test]
    fn a_number_is_one_text_wherever_it_stands() {
        let text = "\"7Q4ZK2MB-01\"";
        let number: TicketNumber = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), text);
        assert_eq!(format!("\"{number:?}\""), text);
        assert!(serde_json::from_str::<TicketNumber>("\"7Q4ZK2MB\"").is_err());
        let pattern = "^[0-9A-HJKMNP-TV-Z]{8}-[0-9]{2,3}$";
        assert_eq!(schemars::schema_for!(TicketNumber).to_value()["pattern"], pattern);
    }

    #[test]
    fn a_new_ticket_is_valid_under_its_first_code() {
        let booking = BookingId::from_bytes([0; 16]);
        let tickets = issue(booking, &[seat_line(1, "A-1")]);
        let first = Ticket {
            n: 1,
            id: ticket_id(booking, 1),
            line: 1,
            code_version: 1,
            state: TicketState::Valid,
        };
        assert_eq!(tickets, [first]);
    }
}
