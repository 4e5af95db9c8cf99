//! Values that need more than the domain's own readers.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use venue_core::domain::booking_state::StateName;
use venue_core::domain::caller::Role;
use venue_core::domain::instant::Span;
use venue_core::domain::preview::MOST_LIMIT;
use venue_core::domain::query::MOST_ITEMS;
use venue_core::domain::request::{Clearable, HouseKind, MAX_QUANTITY};
use venue_core::domain::season::EventStart;
use venue_core::domain::slot::{EventState, SlotState};
use venue_core::domain::text::SeatName;

use venue_core::domain::bench_done::BenchVerb;

/// Seats, separated by commas.
#[derive(Debug, Clone)]
pub(crate) struct Seats(pub(crate) Vec<SeatName>);

impl FromStr for Seats {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let seat = |name: &str| name.parse().map_err(|error| format!("{name:?}: {error}"));
        text.split(',').map(seat).collect::<Result<_, _>>().map(Self)
    }
}

fn digits(text: &str, least: u32, most: u32) -> Result<u32, String> {
    let rule = || format!("a number from {least} to {most} is needed, in digits alone");
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(rule());
    }
    text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(rule)
}

/// A number from 1 to 2^31 - 1.
pub(crate) fn number(text: &str) -> Result<u32, String> {
    digits(text, 1, MAX_QUANTITY)
}

/// A number from 0 to 2^31 - 1.
pub(crate) fn number_or_none(text: &str) -> Result<u32, String> {
    digits(text, 0, MAX_QUANTITY)
}

/// The items of a page.
pub(crate) fn limit(text: &str) -> Result<u32, String> {
    digits(text, 1, MOST_ITEMS)
}

/// The slots of a preview.
pub(crate) fn preview_limit(text: &str) -> Result<u32, String> {
    digits(text, 1, MOST_LIMIT)
}

/// A deadline.
pub(crate) fn deadline(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|error| format!("{error}"))?;
    if (Span::from_millis(1)..=Span::from_mins(10)).contains(&span) {
        Ok(span)
    } else {
        Err("1ms to 10m is needed".to_owned())
    }
}

fn named<T: Clone + Send + Sync + 'static>(
    values: impl IntoIterator<Item = T>,
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let values: Vec<T> = values.into_iter().collect();
    let names: Vec<&'static str> = values.iter().cloned().map(name).collect();
    PossibleValuesParser::new(names).try_map(move |text| {
        let found = values.iter().find(|value| name((*value).clone()) == text);
        found.cloned().ok_or("not one of the names")
    })
}

/// A role.
pub(crate) fn role() -> impl TypedValueParser<Value = Role> {
    named([Role::Public, Role::Customer, Role::Terminal, Role::Organizer, Role::Admin], Role::name)
}

/// A booking's state.
pub(crate) fn booking_state() -> impl TypedValueParser<Value = StateName> {
    named(StateName::ALL, StateName::name)
}

/// An event's state.
pub(crate) fn event_state() -> impl TypedValueParser<Value = EventState> {
    named(EventState::ALL, EventState::name)
}

/// What an event begins as.
pub(crate) fn event_start() -> impl TypedValueParser<Value = EventStart> {
    named([EventStart::Draft, EventStart::Published], |state| match state {
        EventStart::Draft => "draft",
        EventStart::Published => "published",
    })
}

/// A slot's state.
pub(crate) fn slot_state() -> impl TypedValueParser<Value = SlotState> {
    use SlotState as S;
    named([S::Open, S::NotOnSale, S::Closed, S::Cancelled, S::Over], SlotState::name)
}

/// A term that an event can do without.
pub(crate) fn clearable() -> impl TypedValueParser<Value = Clearable> {
    named(Clearable::ALL, Clearable::name)
}

/// How units are kept from the public.
pub(crate) fn house_kind() -> impl TypedValueParser<Value = HouseKind> {
    named([HouseKind::Hold, HouseKind::Kill], |kind| match kind {
        HouseKind::Hold => "hold",
        HouseKind::Kill => "kill",
    })
}

/// What the callers of a bench do.
pub(crate) fn bench_verb() -> impl TypedValueParser<Value = BenchVerb> {
    named([BenchVerb::Sell, BenchVerb::HoldConfirm], |verb| match verb {
        BenchVerb::Sell => "sell",
        BenchVerb::HoldConfirm => "hold_confirm",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ascii_digits_within_their_bounds() {
        for (text, value) in [("1", 1), ("007", 7), ("2147483647", 2_147_483_647)] {
            assert_eq!(number(text), Ok(value));
        }
        for wrong in [
            "",
            "0",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1.0",
            "1e3",
            "١",
            "2147483648",
            "99999999999999999999",
        ] {
            assert!(number(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(number_or_none("0"), Ok(0));
        assert!(limit("1000").is_ok() && limit("1001").is_err() && limit("0").is_err());
    }

    #[test]
    fn deadlines_and_seats_have_their_bounds() {
        for (text, fits) in
            [("1ms", true), ("10m", true), ("0s", false), ("10m1ms", false), ("5", false)]
        {
            assert_eq!(deadline(text).is_ok(), fits, "{text}");
        }
        assert_eq!("A-1,A-2".parse::<Seats>().map(|seats| seats.0.len()), Ok(2));
        for wrong in ["", "A-1,", ",A-1", "A-1,,A-2"] {
            assert!(wrong.parse::<Seats>().is_err(), "{wrong:?}");
        }
    }
}
