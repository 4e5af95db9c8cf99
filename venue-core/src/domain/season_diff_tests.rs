use super::*;

fn area(text: &str) -> AreaSpec {
    let mut parts = text.split(' ');
    let mut next = || parts.next().unwrap();
    AreaSpec {
        name: next().parse().unwrap(),
        capacity: next().parse().unwrap(),
        category: next().parse().unwrap(),
    }
}

fn areas(text: &str) -> Vec<AreaSpec> {
    text.split(", ").filter(|text| !text.is_empty()).map(area).collect()
}

fn prices(text: &str) -> Vec<PriceSpec> {
    let price = |text: &str| {
        let (category, minor) = text.split_once(' ').unwrap();
        PriceSpec { category: category.parse().unwrap(), minor: minor.parse().unwrap() }
    };
    text.split(", ").filter(|text| !text.is_empty()).map(price).collect()
}

fn names(text: &str) -> Vec<Name> {
    text.split(' ').filter(|text| !text.is_empty()).map(|name| name.parse().unwrap()).collect()
}

#[test]
fn areas_are_the_files_then_those_it_does_not_name() {
    for (stored, file, merged) in [
        ("", "", ""),
        ("", "A 1 I, B 2 II", "A 1 I, B 2 II"),
        ("A 1 I, B 2 II", "A 1 I, B 2 II", "A 1 I, B 2 II"),
        ("A 1 I, B 2 II", "B 2 II, A 1 I", "B 2 II, A 1 I"),
        ("A 1 I, B 2 II", "B 5 III", "B 5 III, A 1 I"),
        ("A 1 I", "", "A 1 I"),
        ("", "A 1 I, A 2 I", "A 1 I"),
    ] {
        assert_eq!(merge_areas(&areas(stored), &areas(file)), areas(merged), "{stored} + {file}");
    }
}

#[test]
fn prices_are_the_files_then_those_it_does_not_name() {
    for (stored, file, merged) in [
        ("", "I 100", "I 100"),
        ("I 100", "I 100", "I 100"),
        ("I 100, II 50", "I 90", "I 90, II 50"),
        ("I 100", "II 50, I 90", "II 50, I 90"),
    ] {
        assert_eq!(merge_prices(&prices(stored), &prices(file)), prices(merged));
    }
}

#[test]
fn every_category_has_a_price_and_no_other_does() {
    for (categories, priced, missing, extra) in [
        ("I II", "I 1, II 1", None, None),
        ("I II", "I 1", Some("II"), None),
        ("I", "I 1, II 1", None, Some("II")),
        ("", "", None, None),
    ] {
        let categories = names(categories);
        let priced = prices(priced);
        assert_eq!(unpriced(&categories, &priced).map(Name::as_str), missing);
        assert_eq!(misplaced(&categories, &priced).map(Name::as_str), extra);
    }
    let found = hall_categories(&names("I II"), &areas("A 1 II, B 2 III, C 3 III"));
    assert_eq!(found, names("I II III"));
}

#[test]
fn a_file_publishes_and_never_takes_back() {
    use EventState::{Cancelled, Completed, Draft, Published};
    for (stored, file, after) in [
        (None, EventStart::Draft, Draft),
        (None, EventStart::Published, Published),
        (Some(Draft), EventStart::Draft, Draft),
        (Some(Draft), EventStart::Published, Published),
        (Some(Published), EventStart::Draft, Published),
        (Some(Published), EventStart::Published, Published),
        (Some(Cancelled), EventStart::Published, Cancelled),
        (Some(Completed), EventStart::Draft, Completed),
    ] {
        assert_eq!(state_after(stored, file), after, "{stored:?} + {file:?}");
    }
}
