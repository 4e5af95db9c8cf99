//! Identifiers: UUIDv7 text outside, 16 bytes inside. An id is never a secret.
//!
//! A booking's id carries its number in its random part (see [`crate::domain::reference`]), and a ticket's
//! id carries its booking's and its own position, so that an id alone leads to the row without an index of
//! its own.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: a UUID in its usual form is needed")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(transparent)]
        pub struct $name(#[schemars(with = "String")] Uuid);

        impl $name {
            /// The id with these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes, as the store keeps them.
            pub const fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // Only the usual form of 36 characters: what comes out is what goes in.
                if text.len() != 36 {
                    return Err(NotAnId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    };
}

id! {
    /// A company that sells: the tenant. Everything else belongs to one.
    OrganizerId
}
id! {
    /// A place with halls and a time zone.
    VenueId
}
id! {
    /// A room of a venue, with a plan of seats, areas, or both.
    HallId
}
id! {
    /// One immutable version of a hall's seating plan.
    PlanId
}
id! {
    /// The show that people attend, with its prices and limits.
    EventId
}
id! {
    /// The rule that makes slots.
    ScheduleId
}
id! {
    /// One bookable occurrence of an event.
    SlotId
}
id! {
    /// A booking, the same from hold to ticket.
    BookingId
}
id! {
    /// A ticket: admits one person.
    TicketId
}
id! {
    /// A database file, from its making on, in every copy.
    FileId
}

/// Builds a UUIDv7 from an instant and 74 bits for its random part: `high` fills the 12 bits before the
/// variant, `low` the 62 bits after it. Bits beyond are cut off.
///
/// # Source
/// RFC 9562, section 5.7; section 6.2 allows counters and other content in the random bits.
pub fn uuid_v7(unix_millis: u64, high: u16, low: u64) -> [u8; 16] {
    let time = (unix_millis & 0xffff_ffff_ffff) << 16;
    let top = time | 0x7000 | u64::from(high & 0x0fff);
    let bottom = 0x8000_0000_0000_0000 | (low & 0x3fff_ffff_ffff_ffff);
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&top.to_be_bytes());
    bytes[8..].copy_from_slice(&bottom.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_v7_id_says_its_version_and_variant() {
        let id = uuid_v7(0x0192_3456_789a, 0xffff, u64::MAX);
        let uuid = Uuid::from_bytes(id);
        assert_eq!(uuid.get_version_num(), 7);
        assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
        assert_eq!(uuid.get_timestamp().map(|t| t.to_unix().0), Some(0x0192_3456_789a / 1000));
    }

    #[test]
    fn only_the_usual_form_is_read() {
        let id = SlotId::from_bytes(uuid_v7(1, 2, 3));
        assert_eq!(id.to_string().parse::<SlotId>(), Ok(id));
        for wrong in ["", "x", "{0192-}", &id.to_string().replace('-', ""), &format!("{id} ")] {
            assert_eq!(wrong.parse::<SlotId>(), Err(NotAnId), "{wrong:?}");
        }
    }
}
