//! Texts that people and programs type, each with its limits, checked once at the edge.
//!
//! What is accepted comes back unchanged.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a text was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {rule}")]
pub struct BadText {
    /// What the text was to be.
    pub kind: &'static str,
    /// What is asked of it.
    pub rule: &'static str,
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, shared.
            pub fn shared(&self) -> Arc<str> {
                Arc::clone(&self.0)
            }

            /// A text that the file gave back: it was checked when it came in.
            #[allow(dead_code, reason = "not every kind of text is kept in rows")]
            pub(crate) fn stored(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl FromStr for $name {
            type Err = BadText;
            fn from_str(text: &str) -> Result<Self, BadText> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(BadText { kind: $kind, rule: $rule })
                }
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
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
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "string", "description": $rule})
            }
        }
    };
}

/// True for a text of 1 to `most` characters without control characters.
fn plain(text: &str, most: usize) -> bool {
    !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
}

text! {
    /// A name in addresses and commands: `heimspiele-2027-28`.
    Slug, "slug", "1 to 100 characters of a-z, 0-9 and '-', with a letter or digit first",
    |text| (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
}
text! {
    /// Who the units are for: an opaque name or id that the host gives.
    Buyer, "buyer", "1 to 200 characters without control characters", |text| plain(text, 200)
}
text! {
    /// Who acts: a person or program, as the host names it.
    Actor, "actor", "1 to 200 characters without control characters", |text| plain(text, 200)
}
text! {
    /// The till or kiosk at which one acts.
    Terminal, "terminal", "1 to 200 characters without control characters", |text| plain(text, 200)
}
text! {
    /// The network address from which an anonymous caller acts.
    Address, "address", "1 to 200 characters without control characters", |text| plain(text, 200)
}
text! {
    /// Why something was done, for people to read.
    Reason, "reason", "1 to 500 characters without control characters", |text| plain(text, 500)
}
text! {
    /// A request's name in logs.
    RequestId, "request id", "1 to 128 characters without control characters", |text| plain(text, 128)
}
text! {
    /// What makes a request safe to repeat: the same key, the same answer.
    Key, "idempotency key", "1 to 255 printable characters of ASCII, without spaces",
    |text| (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x21..=0x7e).contains(&b))
}
text! {
    /// What an event is: `movie`, `match`, `timed_entry`.
    Kind, "kind", "1 to 40 characters of a-z, 0-9, '_' and '-'",
    |text| (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}
text! {
    /// A name that people read: of a venue, a hall, an area, a category, an event's title.
    Name, "name", "1 to 200 characters without control characters", |text| plain(text, 200)
}
text! {
    /// A longer text for people: an event's description. May be several lines.
    Description, "description", "at most 10,000 characters without control characters but line ends and tabs",
    |text| text.chars().count() <= 10_000
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}
text! {
    /// What one searches for: words, in any order.
    SearchText, "text", "1 to 2,000 characters without control characters, a letter or digit among them",
    |text| plain(text, 2_000) && super::search::is_searchable(text)
}
text! {
    /// A seat's stable id, over all versions of its plan.
    SeatGuid, "seat", "1 to 64 characters without commas, spaces and control characters",
    |text| plain(text, 64) && !text.chars().any(|c| c == ',' || c.is_whitespace())
}
text! {
    /// A seat as somebody types it: its stable id or its label (section-row-number).
    SeatName, "seat", "1 to 300 characters without commas and control characters",
    |text| plain(text, 300) && !text.contains(',')
}
text! {
    /// How one paid: cash, card, a provider's name.
    PaymentMethod, "payment method", "1 to 40 characters of a-z, 0-9, '_' and '-'",
    |text| (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}
text! {
    /// A provider's name of a payment: unique per method.
    PaymentReference, "payment reference", "1 to 200 characters without control characters",
    |text| plain(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_limits_in_characters() {
        assert!("ä".repeat(200).parse::<Buyer>().is_ok());
        assert!("ä".repeat(201).parse::<Buyer>().is_err());
        assert!("".parse::<Buyer>().is_err());
        assert!("a\u{0}b".parse::<Buyer>().is_err());
        assert!("a\u{85}b".parse::<Actor>().is_err());
        assert_eq!(" Müller ".parse::<Buyer>().unwrap().as_str(), " Müller ");
    }

    #[test]
    fn keys_are_printable_ascii() {
        assert!("!~".parse::<Key>().is_ok());
        assert!("k".repeat(255).parse::<Key>().is_ok());
        for wrong in ["", "a b", "ä", "a\n", &"k".repeat(256)] {
            assert!(wrong.parse::<Key>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn seats_have_no_commas_or_spaces() {
        assert!("D-14-1".parse::<SeatGuid>().is_ok());
        for wrong in ["", "A,1", "A 1", "A\u{7}", &"x".repeat(65)] {
            assert!(wrong.parse::<SeatGuid>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn slugs_are_lower_case() {
        for right in ["a", "heimspiele-2027-28", "0"] {
            assert!(right.parse::<Slug>().is_ok());
        }
        for wrong in ["", "-a", "A", "a_b", "ä", "a/b", &"a".repeat(101)] {
            assert!(wrong.parse::<Slug>().is_err(), "{wrong:?}");
        }
    }
}
