//! A booking's number and its two outward forms: the reference that people say on the phone, and the id.
//!
//! Bookings are numbered 1, 2, 3 .. in a file. The reference is that number scrambled by a keyed permutation
//! of 40 bits, written in Crockford's base32. So a reference is unique without a look, tells nothing about
//! how much was sold, and leads back to the number, which is an index in the order of writing: random
//! references in an index of their own would touch a page each.

use std::fmt;
use std::hash::Hasher;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use siphasher::sip::SipHasher24;

use super::ids::{BookingId, FileId, TicketId, uuid_v7};
use super::instant::Instant;

/// The highest booking number of a file: references have 40 bits.
pub const MAX_NUMBER: u64 = (1 << 40) - 1;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What people call a booking: eight characters of Crockford's base32.
///
/// Reading forgives lower case, `I` and `L` for 1, `O` for 0, and hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(u64);

/// A text that is not a booking reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a booking reference: eight letters and digits are needed")]
pub struct NotAReference;

impl FromStr for Reference {
    type Err = NotAReference;

    fn from_str(text: &str) -> Result<Self, NotAReference> {
        let mut bits: u64 = 0;
        let mut digits = 0;
        for letter in text.bytes() {
            let letter = match letter.to_ascii_uppercase() {
                b'-' => continue,
                b'I' | b'L' => b'1',
                b'O' => b'0',
                other => other,
            };
            let digit = ALPHABET.iter().position(|a| *a == letter).ok_or(NotAReference)?;
            digits += 1;
            if digits > 8 {
                return Err(NotAReference);
            }
            bits = bits << 5 | digit as u64;
        }
        if digits == 8 { Ok(Self(bits)) } else { Err(NotAReference) }
    }
}

impl Reference {
    fn letters(self) -> [u8; 8] {
        let mut letters = [0; 8];
        let mut bits = self.0;
        for place in letters.iter_mut().rev() {
            *place = ALPHABET[usize::try_from(bits & 31).unwrap_or(0)];
            bits >>= 5;
        }
        letters
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.letters()).unwrap_or(""))
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.letters()).unwrap_or(""))
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Reference {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reference".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9A-HJKMNP-TV-Z]{8}$"})
    }
}

/// The keyed permutation between booking numbers and references of one file.
#[derive(Debug, Clone, Copy)]
pub struct References {
    key: [u8; 16],
}

impl References {
    /// The permutation of this file.
    pub const fn of(file: FileId) -> Self {
        Self { key: file.bytes() }
    }

    /// The reference of a booking number.
    pub fn reference(self, number: u64) -> Reference {
        assert!(number <= MAX_NUMBER, "booking numbers have 40 bits");
        let (mut left, mut right) = (number >> 20, number & 0xf_ffff);
        for round in 0..4 {
            (left, right) = (right, left ^ self.round(round, right));
        }
        Reference(left << 20 | right)
    }

    /// The booking number of a reference. Every reference has one; whether a booking has it is another question.
    pub fn number(self, reference: Reference) -> u64 {
        let (mut left, mut right) = (reference.0 >> 20, reference.0 & 0xf_ffff);
        for round in (0..4).rev() {
            (left, right) = (right ^ self.round(round, left), left);
        }
        left << 20 | right
    }

    /// One round of a balanced Feistel network: 20 bits of a keyed hash.
    ///
    /// # Source
    /// Luby and Rackoff, "How to construct pseudorandom permutations" (1988): four rounds.
    fn round(self, round: u8, half: u64) -> u64 {
        let mut hasher = SipHasher24::new_with_key(&self.key);
        hasher.write_u64(half << 8 | u64::from(round));
        hasher.finish() & 0xf_ffff
    }
}

/// The id of the booking with this reference, made at this instant. Its random part is the reference (40
/// bits), 14 bits of `noise`, and 8 zero bits that its tickets' ids count in.
pub fn booking_id(made_at: Instant, reference: Reference, noise: u64) -> BookingId {
    let millis = u64::try_from(made_at.micros() / 1_000).unwrap_or(0);
    let high = u16::try_from(noise & 0x0fff).unwrap_or(0);
    let low = reference.0 << 22 | (noise >> 12 & 0x3fff) << 8;
    BookingId::from_bytes(uuid_v7(millis, high, low))
}

/// The reference that a booking's id carries.
pub fn reference_of(id: BookingId) -> Reference {
    let bytes = id.bytes();
    let mut low = [0; 8];
    low.copy_from_slice(&bytes[8..]);
    Reference(u64::from_be_bytes(low) >> 22 & MAX_NUMBER)
}

/// The id of a booking's n-th ticket: the booking's id with n in its last byte. n is 1 to 255.
pub fn ticket_id(booking: BookingId, n: u8) -> TicketId {
    let mut bytes = booking.bytes();
    bytes[15] = n;
    TicketId::from_bytes(bytes)
}

/// The booking and the place in it that a ticket's id names.
pub fn ticket_place(ticket: TicketId) -> (BookingId, u8) {
    let mut bytes = ticket.bytes();
    let n = bytes[15];
    bytes[15] = 0;
    (BookingId::from_bytes(bytes), n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn references_are_read_forgivingly() {
        let reference: Reference = "01AB-10CZ".parse().unwrap();
        for same in ["01AB10CZ", "o1ab-1ocz", "OLABI0CZ", "0-1-a-b-1-0-c-z"] {
            assert_eq!(same.parse(), Ok(reference), "{same}");
        }
        assert_eq!(reference.to_string(), "01AB10CZ");
        for wrong in ["", "01AB10C", "01AB10CZZ", "01AB10CU", "01AB 10C", "ä1AB10CZ"] {
            assert_eq!(wrong.parse::<Reference>(), Err(NotAReference), "{wrong}");
        }
    }

    #[test]
    fn neighbours_have_unlike_references() {
        let references = References::of(FileId::from_bytes([7; 16]));
        let all: std::collections::HashSet<_> =
            (0..100_000).map(|n| references.reference(n)).collect();
        assert_eq!(all.len(), 100_000);
        let low_halves_apart = (0..1_000)
            .filter(|n| {
                references.reference(*n).0.abs_diff(references.reference(n + 1).0) > 1 << 30
            })
            .count();
        assert!(low_halves_apart > 900, "{low_halves_apart}");
    }

    proptest! {
        #[test]
        fn every_number_comes_back_from_its_reference(number in 0..=MAX_NUMBER, key: [u8; 16]) {
            let references = References::of(FileId::from_bytes(key));
            let reference = references.reference(number);
            prop_assert_eq!(references.number(reference), number);
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }

        #[test]
        fn a_tickets_id_leads_to_its_booking(bits in 0..=MAX_NUMBER, noise: u64, n in 1u8..=255) {
            let id = booking_id(Instant::clamped(1_800_000_000_000_000), Reference(bits), noise);
            prop_assert_eq!(reference_of(id), Reference(bits));
            prop_assert_eq!(ticket_place(ticket_id(id, n)), (id, n));
            prop_assert_eq!(uuid::Uuid::from_bytes(id.bytes()).get_version_num(), 7);
        }
    }

    #[test]
    fn eight_characters_hold_every_number() {
        assert_eq!(Reference(MAX_NUMBER).to_string(), "ZZZZZZZZ");
        assert_eq!("ZZZZZZZZ".parse(), Ok(Reference(MAX_NUMBER)));
        assert_eq!("00000010".parse(), Ok(Reference(32)));
    }

    #[test]
    fn a_reference_is_one_text_wherever_it_stands() {
        let text = "\"01AB10CZ\"";
        let reference: Reference = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&reference).unwrap(), text);
        assert_eq!(format!("\"{reference:?}\""), text);
        assert!(serde_json::from_str::<Reference>("\"01AB\"").is_err());
        let pattern = "^[0-9A-HJKMNP-TV-Z]{8}$";
        assert_eq!(schemars::schema_for!(Reference).to_value()["pattern"], pattern);
    }

    /// People have them on paper: no later version may scramble otherwise.
    #[test]
    fn a_file_gives_the_same_references_for_ever() {
        let references = References::of(FileId::from_bytes([7; 16]));
        for (number, reference) in [(1, "BXEDMYR1"), (2, "SHQN7388"), (MAX_NUMBER, "T5CB25Y3")] {
            assert_eq!(references.reference(number).to_string(), reference);
            assert_eq!(references.number(reference.parse().unwrap()), number);
        }
    }

    #[test]
    fn a_bookings_id_has_its_time_its_reference_and_26_bits_of_noise() {
        let made_at: Instant = "2027-01-15T08:00:00.123456Z".parse().unwrap();
        let id = |noise| booking_id(made_at, Reference(0x01_2345_6789), noise).to_string();
        assert_eq!(id(0x2ab_cdef), "01a3185c-507b-7def-8048-d159e26abc00");
        assert_eq!(id(u64::MAX << 26), id(0));
        assert_eq!(id(0), "01a3185c-507b-7000-8048-d159e2400000");
    }
}
