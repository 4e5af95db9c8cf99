//! Which units a request wants.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::Invalid;
use super::idempotency::Fingerprinter;
use super::text::{Name, SeatName};

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

    pub(super) fn fingerprint(&self, printer: &mut Fingerprinter) {
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

/// The names of a request's members among which are those that say which units are wanted, in the order of
/// their fingerprints.
macro_rules! wanted_fields {
    ($($before:literal),*; $($after:literal),*) => {
        &[
            $($before,)*
            "seats", "best", "category", "section", "accessible", "area", "quantity",
            $($after,)*
        ]
    };
}
pub(crate) use wanted_fields;

#[cfg(test)]
mod tests {
    use super::*;

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
    fn best_is_asked_with_as_many_accessible_seats_as_seats_at_most() {
        let best = |best, accessible| Wanted { best: Some(best), accessible, ..Wanted::default() };
        for (wanted, code) in [
            (best(0, None), "argument"),
            (best(MAX_QUANTITY, None), "unsupported"),
            (best(MAX_QUANTITY + 1, None), "argument"),
            (best(2, Some(0)), "unsupported"),
            (best(2, Some(2)), "unsupported"),
            (best(2, Some(3)), "argument"),
        ] {
            assert_eq!(wanted.selector().unwrap_err().code(), code, "{wanted:?}");
        }
    }

    #[test]
    fn a_selector_is_what_was_asked_for() {
        let seat = |name: &str| name.parse::<SeatName>().unwrap();
        let seats = Wanted::seats(vec![seat("B-1"), seat("A-1")]);
        assert_eq!(seats.selector().unwrap(), Selector::Seats(vec![seat("A-1"), seat("B-1")]));
        let name: Name = "Stand".parse().unwrap();
        let area = Selector::Area { name: name.clone(), quantity: 1 };
        assert_eq!(Wanted::area(name.clone(), 1).selector().unwrap(), area);
        assert!(Wanted::area(name.clone(), MAX_QUANTITY + 1).selector().is_err());
        for (wanted, at_fault) in [
            (Wanted { category: Some(name.clone()), ..seats.clone() }, "category"),
            (Wanted { accessible: Some(0), ..seats }, "accessible"),
        ] {
            let Err(Invalid::Argument { name, .. }) = wanted.selector() else {
                panic!("{wanted:?} was taken");
            };
            assert_eq!(name, at_fault);
        }
    }

    #[test]
    fn every_member_has_a_fingerprint_of_its_own() {
        let print = |wanted: &Wanted| {
            let mut printer = Fingerprinter::new(crate::domain::ids::FileId::from_bytes([0; 16]));
            wanted.fingerprint(&mut printer);
            printer.finish()
        };
        let name: Option<Name> = Some("x".parse().unwrap());
        let none = Wanted::default;
        let fields: &[&str] = wanted_fields!(;);
        for (place, wanted) in [
            Wanted { seats: seats(&["x"]), ..none() },
            Wanted { best: Some(1), ..none() },
            Wanted { category: name.clone(), ..none() },
            Wanted { section: name.clone(), ..none() },
            Wanted { accessible: Some(1), ..none() },
            Wanted { area: name, ..none() },
            Wanted { quantity: Some(1), ..none() },
        ]
        .into_iter()
        .enumerate()
        {
            let found = crate::domain::idempotency::first_difference(
                print(&none()).bytes(),
                &print(&wanted),
            );
            assert_eq!(found, Some(place), "{}", fields[place]);
        }
    }
}
