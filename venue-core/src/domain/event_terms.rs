//! What an event's terms are after they were made or changed: pure, without a store.

use std::collections::BTreeMap;

use super::error::Invalid;
use super::ids::HallId;
use super::instant::Span;
use super::request::{Clearable, EventTerms, Price, SaleEnd};
use super::season::{DEFAULT_HOLD, DEFAULT_UNITS_PER_BOOKING, EventStart, MAX_MAX_HOLD, PriceSpec};
use super::season_diff::{EventFields, misplaced, state_after, unpriced};
use super::text::{Description, Kind, Name};

/// The fields of a new event in this hall. Kind and title were looked for before.
///
/// # Errors
/// Invalid: extending could not make the hold older than it is.
pub fn created(
    terms: &EventTerms,
    hall: HallId,
    start: EventStart,
) -> Result<EventFields, Invalid> {
    let hold = terms.hold.unwrap_or(DEFAULT_HOLD);
    let nothing = EventFields {
        kind: String::new(),
        title: Name::stored(""),
        description: String::new(),
        tags: Vec::new(),
        hall,
        duration: None,
        hold,
        max_hold: Span::from_micros(hold.micros().saturating_mul(3)).min(MAX_MAX_HOLD),
        max_units_per_booking: i64::from(DEFAULT_UNITS_PER_BOOKING),
        max_units_per_buyer: None,
        on_sale_from: None,
        on_sale_until: None,
        state: state_after(None, start),
    };
    edited(&nothing, terms, &[], hall)
}

/// The fields of an event in this hall after those that are named have changed and these have gone.
///
/// # Errors
/// Invalid: extending could not make the hold older than it is.
pub fn edited(
    before: &EventFields,
    terms: &EventTerms,
    clear: &[Clearable],
    hall: HallId,
) -> Result<EventFields, Invalid> {
    let kept = |clearable: Clearable| !clear.contains(&clearable);
    let number = |value: Option<u32>| value.map(i64::from);
    let text = |value: Option<&str>, before: &str| value.unwrap_or(before).to_owned();
    let old = before.clone();
    let after = EventFields {
        kind: text(terms.kind.as_ref().map(Kind::as_str), &old.kind),
        title: terms.title.clone().unwrap_or(old.title),
        description: text(terms.description.as_ref().map(Description::as_str), &old.description),
        tags: terms.tags.clone().unwrap_or(old.tags),
        hall,
        duration: terms.duration.or(old.duration).filter(|_| kept(Clearable::Duration)),
        hold: terms.hold.unwrap_or(old.hold),
        max_hold: terms.max_hold.unwrap_or(old.max_hold),
        max_units_per_booking: number(terms.max_units_per_booking)
            .unwrap_or(old.max_units_per_booking),
        max_units_per_buyer: number(terms.max_units_per_buyer)
            .or(old.max_units_per_buyer)
            .filter(|_| kept(Clearable::MaxUnitsPerBuyer)),
        on_sale_from: terms
            .on_sale_from
            .map(SaleEnd::bound)
            .or(old.on_sale_from)
            .filter(|_| kept(Clearable::OnSaleFrom)),
        on_sale_until: terms
            .on_sale_until
            .map(SaleEnd::bound)
            .or(old.on_sale_until)
            .filter(|_| kept(Clearable::OnSaleUntil)),
        state: old.state,
    };
    if after.max_hold < after.hold {
        let problem = format!("at least the hold ({}) is needed", after.hold);
        return Err(Invalid::argument("max_hold", problem));
    }
    Ok(after)
}

/// The prices of an event in a hall with these categories, in their order, after the named ones have changed. Those of
/// categories that the hall does not have any more stay: they stand for slots that keep an older plan.
///
/// # Errors
/// Invalid: a category without a price, or a price without a category.
pub fn priced(
    categories: &[Name],
    stored: &[PriceSpec],
    named: &BTreeMap<Name, Price>,
) -> Result<Vec<PriceSpec>, Invalid> {
    let price = |(category, price): (&Name, &Price)| PriceSpec {
        category: category.clone(),
        minor: price.minor(),
    };
    let named: Vec<PriceSpec> = named.iter().map(price).collect();
    if let Some(category) = misplaced(categories, &named) {
        let problem = format!("the hall has no category {:?}", category.as_str());
        return Err(Invalid::argument("prices", problem));
    }
    let find = |prices: &[PriceSpec], category: &Name| {
        prices.iter().find(|price| price.category == *category).cloned()
    };
    let mut after: Vec<PriceSpec> = categories
        .iter()
        .filter_map(|category| find(&named, category).or_else(|| find(stored, category)))
        .collect();
    if let Some(category) = unpriced(categories, &after) {
        let problem = format!("the category {:?} of the hall has no price", category.as_str());
        return Err(Invalid::argument("prices", problem));
    }
    after.extend(stored.iter().filter(|price| !categories.contains(&price.category)).cloned());
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::EventState;

    fn terms(json: &str) -> EventTerms {
        serde_json::from_str(json).unwrap()
    }

    fn hall(n: u8) -> HallId {
        HallId::from_bytes([n; 16])
    }

    fn fields() -> EventFields {
        let terms = terms(r#"{"kind":"movie","title":"M","hold":"10m","max_units_per_buyer":6}"#);
        created(&terms, hall(1), EventStart::Published).unwrap()
    }

    #[test]
    fn what_is_not_named_has_its_default_at_birth_and_stays_afterwards() {
        let made = fields();
        assert_eq!((made.hold, made.max_hold), (Span::from_mins(10), Span::from_mins(30)));
        assert_eq!((made.max_units_per_booking, made.max_units_per_buyer), (10, Some(6)));
        assert_eq!((made.state, made.hall), (EventState::Published, hall(1)));
        assert_eq!(edited(&made, &EventTerms::default(), &[], hall(1)), Ok(made.clone()));
        let changed = edited(
            &made,
            &terms(r#"{"title":"N","on_sale_from":"30d","tags":["a"],"duration":"2h"}"#),
            &[Clearable::MaxUnitsPerBuyer],
            hall(2),
        );
        let changed = changed.unwrap();
        assert_eq!((changed.title.as_str(), changed.hall), ("N", hall(2)));
        assert_eq!((changed.max_units_per_buyer, changed.tags.len()), (None, 1));
        assert_eq!(changed.duration, Some(Span::from_hours(2)));
        assert_eq!((changed.kind.as_str(), changed.hold), ("movie", made.hold));
        let cleared = edited(&changed, &EventTerms::default(), &Clearable::ALL, hall(2)).unwrap();
        assert_eq!((cleared.on_sale_from, cleared.duration), (None, None));
    }

    #[test]
    fn a_hold_is_not_longer_than_extending_can_make_it() {
        for (json, fits) in [
            (r#"{"hold":"30m"}"#, true),
            (r#"{"hold":"31m"}"#, false),
            (r#"{"hold":"31m","max_hold":"31m"}"#, true),
            (r#"{"max_hold":"9m"}"#, false),
        ] {
            assert_eq!(edited(&fields(), &terms(json), &[], hall(1)).is_ok(), fits, "{json}");
        }
    }

    #[test]
    fn every_category_of_the_hall_has_a_price_and_no_other_is_named() {
        let names =
            |names: &[&str]| -> Vec<Name> { names.iter().map(|n| n.parse().unwrap()).collect() };
        let prices = |list: &[(&str, i64)]| -> Vec<PriceSpec> {
            let price = |(category, minor): &(&str, i64)| PriceSpec {
                category: category.parse().unwrap(),
                minor: *minor,
            };
            list.iter().map(price).collect()
        };
        let named = |json: &str| terms(&format!("{{\"prices\":{json}}}")).prices;
        let both = names(&["B", "A"]);
        for (stored, json, after) in [
            (prices(&[]), r#"{"A":"1.00","B":"2.00"}"#, Some(prices(&[("B", 200), ("A", 100)]))),
            (prices(&[]), r#"{"A":"1.00"}"#, None),
            (prices(&[]), r#"{"A":"1.00","B":"2.00","C":"3.00"}"#, None),
            (prices(&[("A", 1), ("B", 2)]), "{}", Some(prices(&[("B", 2), ("A", 1)]))),
            (
                prices(&[("A", 1), ("B", 2), ("Old", 3)]),
                r#"{"A":"0.07"}"#,
                Some(prices(&[("B", 2), ("A", 7), ("Old", 3)])),
            ),
        ] {
            assert_eq!(priced(&both, &stored, &named(json)).ok(), after, "{json}");
        }
    }
}
