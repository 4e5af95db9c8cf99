//! The terms of an event, as they are made and changed.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::error::Invalid;
use crate::domain::idempotency::Fingerprinter;
use crate::domain::instant::Span;
use crate::domain::season::{HallRef, MAX_HOLD, MAX_MAX_HOLD, MAX_UNITS_PER_BOOKING, MIN_HOLD};
use crate::domain::text::{Description, Kind, Name};
use crate::domain::wanted::MAX_QUANTITY;

use super::{Price, SaleEnd};

/// The most tags of an event, and the most prices.
const MOST: usize = 100;

/// The terms of an event: those that are named. Prices are for what is sold from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventTerms {
    /// What it is: `movie`, `match` ..
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Name>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Words to find it by: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<Name>>,
    /// Where it takes place: `venue/hall`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hall: Option<HallRef>,
    /// How long a slot is that is made from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Span>,
    /// How long a hold lives: 30s to 60m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Span>,
    /// How old extending can make a hold: from the hold to 2h.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_hold: Option<Span>,
    /// The most units of one booking: 1 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units_per_booking: Option<u32>,
    /// The most units of one buyer in one slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units_per_buyer: Option<u32>,
    /// When the public's sale begins: a local time, or so long before the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_sale_from: Option<SaleEnd>,
    /// When the public's sale ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_sale_until: Option<SaleEnd>,
    /// Prices by category, as in `"32.00"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "each_once")]
    pub prices: BTreeMap<Name, Price>,
}

/// Prices by category. A category that is named twice could mean either price.
fn each_once<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Name, Price>, D::Error> {
    struct Prices;
    impl<'de> Visitor<'de> for Prices {
        type Value = BTreeMap<Name, Price>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("prices by category")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
            let mut prices = BTreeMap::new();
            while let Some((category, price)) = from.next_entry::<Name, Price>()? {
                let twice = format!("{category} has two prices");
                if prices.insert(category, price).is_some() {
                    return Err(A::Error::custom(twice));
                }
            }
            Ok(prices)
        }
    }
    from.deserialize_map(Prices)
}

/// The members of a request's terms, in the order of their fingerprints.
macro_rules! terms_fields {
    ($($before:literal),*; $($after:literal),*) => {
        &[
            $($before,)*
            "kind", "title", "description", "tags", "hall", "duration", "hold", "max_hold",
            "max_units_per_booking", "max_units_per_buyer", "on_sale_from", "on_sale_until", "prices",
            $($after,)*
        ]
    };
}
pub(super) use terms_fields;

impl EventTerms {
    /// What can be checked without any data.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        let wrong = |name: &str, problem: &str| Err(Invalid::argument(name, problem));
        if self.hold.is_some_and(|hold| !(MIN_HOLD..=MAX_HOLD).contains(&hold)) {
            return wrong("hold", "30s to 60m is needed");
        }
        if self.max_hold.is_some_and(|most| !(MIN_HOLD..=MAX_MAX_HOLD).contains(&most)) {
            return wrong("max_hold", "at least the hold and at most 2h is needed");
        }
        if self.duration == Some(Span::ZERO) {
            return wrong("duration", "a length of time is needed");
        }
        let units = 1..=MAX_UNITS_PER_BOOKING;
        if self.max_units_per_booking.is_some_and(|most| !units.contains(&most)) {
            return wrong("max_units_per_booking", "1 to 100 is needed");
        }
        if self.max_units_per_buyer.is_some_and(|most| !(1..=MAX_QUANTITY).contains(&most)) {
            return wrong("max_units_per_buyer", "at least 1 is needed");
        }
        if self.prices.len() > MOST {
            return wrong("prices", "at most 100 categories have a price");
        }
        let mut tags = self.tags.clone().unwrap_or_default();
        if tags.len() > MOST {
            return wrong("tags", "an event has at most 100 tags");
        }
        tags.sort_unstable();
        if tags.windows(2).any(|pair| pair[0] == pair[1]) {
            return wrong("tags", "a tag is named twice");
        }
        Ok(())
    }

    /// Adds each term, as it was parsed.
    pub(super) fn fingerprint(&self, printer: &mut Fingerprinter) {
        let prices: Vec<String> =
            self.prices.iter().map(|(category, price)| format!("{category}={price}")).collect();
        printer
            .text(self.kind.as_ref().map(Kind::as_str))
            .text(self.title.as_ref().map(Name::as_str))
            .text(self.description.as_ref().map(Description::as_str))
            .texts(self.tags.as_ref().map(|tags| tags.iter().map(Name::as_str)))
            .text(self.hall.as_ref().map(ToString::to_string).as_deref())
            .number(self.duration.map(Span::micros))
            .number(self.hold.map(Span::micros))
            .number(self.max_hold.map(Span::micros))
            .number(self.max_units_per_booking.map(i64::from))
            .number(self.max_units_per_buyer.map(i64::from))
            .text(self.on_sale_from.map(|end| end.to_string()).as_deref())
            .text(self.on_sale_until.map(|end| end.to_string()).as_deref())
            .texts(Some(prices.iter().map(String::as_str)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blamed(terms: &EventTerms) -> Option<String> {
        match terms.validate() {
            Ok(()) => None,
            Err(Invalid::Argument { name, .. }) => Some(name),
            Err(other) => Some(other.code().to_owned()),
        }
    }

    #[test]
    fn terms_have_their_bounds() {
        let span = |text: &str| Some(text.parse::<Span>().unwrap());
        let none = EventTerms::default;
        let tag = || "x".parse::<Name>().unwrap();
        for (terms, name) in [
            (none(), None),
            (EventTerms { hold: span("30s"), max_hold: span("2h"), ..none() }, None),
            (EventTerms { hold: span("29s"), ..none() }, Some("hold")),
            (EventTerms { hold: span("61m"), ..none() }, Some("hold")),
            (EventTerms { max_hold: span("121m"), ..none() }, Some("max_hold")),
            (EventTerms { duration: Some(Span::ZERO), ..none() }, Some("duration")),
            (
                EventTerms { max_units_per_booking: Some(0), ..none() },
                Some("max_units_per_booking"),
            ),
            (
                EventTerms { max_units_per_booking: Some(101), ..none() },
                Some("max_units_per_booking"),
            ),
            (EventTerms { max_units_per_buyer: Some(0), ..none() }, Some("max_units_per_buyer")),
            (EventTerms { tags: Some(vec![tag(), tag()]), ..none() }, Some("tags")),
            (EventTerms { tags: Some(vec![tag(); 101]), ..none() }, Some("tags")),
        ] {
            assert_eq!(blamed(&terms).as_deref(), name);
        }
    }
    #[test]
    fn a_hundred_tags_and_prices_are_the_most() {
        let names = |count: usize| (0..count).map(|n| n.to_string().parse::<Name>().unwrap());
        let price: Price = "1.00".parse().unwrap();
        for (tags, prices, name) in [
            (100, 100, None),
            (101, 100, Some("tags")),
            (102, 100, Some("tags")),
            (100, 101, Some("prices")),
            (100, 102, Some("prices")),
        ] {
            let terms = EventTerms {
                tags: Some(names(tags).collect()),
                prices: names(prices).map(|category| (category, price)).collect(),
                ..EventTerms::default()
            };
            assert_eq!(blamed(&terms).as_deref(), name, "{tags} {prices}");
        }
    }

    #[test]
    fn a_category_has_one_price() {
        let read = |text: &str| serde_json::from_str::<EventTerms>(text);
        let prices = read(r#"{"prices": {"A": "1.00", "B": "1.00"}}"#).unwrap().prices;
        assert_eq!(prices.len(), 2);
        for (text, problem) in [
            (r#"{"prices": {"A": "1.00", "B": "1.00", "A": "1.00"}}"#, "A has two prices"),
            (r#"{"prices": ["A", "1.00"]}"#, "prices by category"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
