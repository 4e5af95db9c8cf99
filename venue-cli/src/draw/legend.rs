//! What stands around a drawing: what it is, areas, signs with their numbers, and prices.

use std::fmt::Write as _;

use venue_core::domain::inventory::UnitState;
use venue_core::domain::view::{PlanView, SlotMap};

use super::ink::{self, STATES, Style};
use super::scene::category_of;
use super::text::{clipped, escaped, padded, width};

/// How long the bar of an area is at most.
const BAR: usize = 40;

/// Names in columns are cut to so many.
const NAME: usize = 32;

/// A number with thousands apart.
pub(crate) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::from(if value < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What the slot is: event, start, hall, state and how much of it is free.
pub(super) fn slot_title(map: &SlotMap, color: bool) -> String {
    let slot = &map.slot;
    let local = slot.local.get(..16).unwrap_or(&slot.local).replace('T', " ");
    let title = format!("{}  {}  {}", escaped(slot.event.as_str()), escaped(&local), slot.hall);
    let state = slot.state.name().replace('_', " ");
    let free = format!("{} of {} places free", number(slot.free), number(slot.capacity));
    format!("{}\n{state}, {free}\n", Style::Strong.paint(&title, color))
}

/// Each area as a bar of what is sold, held, withheld and free.
pub(super) fn areas(map: &SlotMap, color: bool, width_all: usize) -> String {
    let areas = &map.slot.areas;
    let name = areas.iter().map(|area| width(&clipped(&area.area, NAME))).max().unwrap_or(0);
    let bar = width_all.saturating_sub(name + 30).clamp(8, BAR);
    let mut out = String::new();
    for area in areas {
        let category = map.slot.categories.iter().position(|c| c.category == area.category);
        let counts = [
            (UnitState::Sold, area.sold),
            (UnitState::Held, area.held),
            (UnitState::House, area.house),
            (UnitState::Killed, area.killed),
            (UnitState::Free, area.free),
        ];
        let mut cells = String::new();
        for ((state, _), count) in counts.into_iter().zip(shares(&counts.map(|(_, c)| c), bar)) {
            let ink = ink::of_state(state, false, category.unwrap_or(0));
            cells += &ink.style.paint(&ink.glyph.to_string().repeat(count), color && count > 0);
        }
        let text = padded(&clipped(&area.area, NAME), name);
        let (free, all) = (number(area.free), number(area.capacity));
        let _ = writeln!(out, "{text} [{cells}] {free} of {all} free");
    }
    out
}

/// So many cells shared out in proportion; what there is has at least one.
fn shares(counts: &[i64], cells: usize) -> Vec<usize> {
    let counts: Vec<u128> =
        counts.iter().map(|count| u128::try_from(*count).unwrap_or(0)).collect();
    let all: u128 = counts.iter().sum();
    if all == 0 {
        return vec![0; counts.len()];
    }
    let least = |count: u128| usize::from(count > 0);
    let mut out: Vec<usize> = counts
        .iter()
        .map(|count| {
            let share = count * u128::try_from(cells).unwrap_or(0) / all;
            usize::try_from(share).unwrap_or(0).max(least(*count))
        })
        .collect();
    // What rounding left over goes to, or comes from, the largest.
    while let Some((largest, _)) = out.iter().enumerate().max_by_key(|(place, _)| counts[*place]) {
        match out.iter().sum::<usize>() {
            sum if sum < cells => out[largest] += cells - sum,
            sum if sum > cells && out[largest] > 1 => out[largest] -= 1,
            _ => break,
        }
    }
    out
}

/// The signs of a slot's map and how many units are what.
pub(super) fn slot_signs(map: &SlotMap, color: bool) -> String {
    let slot = &map.slot;
    let mut out = String::new();
    for state in STATES {
        let count = match state {
            UnitState::Free => slot.free,
            UnitState::Held => slot.held,
            UnitState::Sold => slot.sold,
            UnitState::House => slot.house,
            UnitState::Killed => slot.killed,
        };
        let ink = ink::of_state(state, false, 0);
        let sign = ink.style.paint(&ink.glyph.to_string(), color);
        let _ = write!(out, "{sign} {} {}   ", state.name(), number(count));
    }
    let accessible = |state: UnitState| {
        let seats = map.seats.iter().filter(|seat| seat.accessible && seat.state == state);
        i64::try_from(seats.count()).unwrap_or(0)
    };
    let (free, sold) = (accessible(UnitState::Free), accessible(UnitState::Sold));
    if map.seats.iter().any(|seat| seat.accessible) {
        let _ = write!(out, "wheelchair: w free {}, W sold {}", number(free), number(sold));
    }
    format!("{}\n", out.trim_end())
}

/// Categories of a slot with prices, how much is free, and where they are.
pub(super) fn slot_categories(map: &SlotMap, color: bool, width_all: usize) -> String {
    let categories = &map.slot.categories;
    let rows = categories.iter().enumerate().map(|(place, category)| {
        let price =
            category.price.as_ref().map_or_else(|| "no price".to_owned(), ToString::to_string);
        let seats = map.seats.iter().filter(|seat| seat.category == category.category);
        let areas = map.slot.areas.iter().filter(|area| area.category == category.category);
        let seats = where_they_are(seats.map(|s| (s.section.as_deref().unwrap_or(""), &*s.row)));
        let places = seats.into_iter().chain(areas.map(|area| escaped(&area.area)));
        let sign = Style::Category(place).paint("o", color);
        let (free, all) = (number(category.free), number(category.capacity));
        let place = places.collect::<Vec<_>>().join(", ");
        (sign, clipped(&category.category, NAME), price, format!("{free} of {all} free"), place)
    });
    table(&rows.collect::<Vec<_>>(), width_all)
}

/// What a plan is.
pub(super) fn plan_title(plan: &PlanView, color: bool) -> String {
    let summary = &plan.summary;
    let name = if summary.name.is_empty() { "Plan".to_owned() } else { escaped(&summary.name) };
    let title = format!("{name}  {}  version {}", summary.hall, summary.version);
    let accessible = plan.seats.iter().filter(|seat| seat.accessible).count();
    let accessible = number(i64::try_from(accessible).unwrap_or(0));
    let seats = number(summary.seat_count);
    let title = Style::Strong.paint(&title, color);
    format!("{title}\n{seats} seats, {accessible} of them for wheelchairs (small letters)\n")
}

/// Categories of a plan with their letters, how many seats they have, and where.
pub(super) fn plan_categories(plan: &PlanView, color: bool, width_all: usize) -> String {
    let rows = plan.categories.iter().map(|category| {
        let place = category_of(plan, category.name.as_str());
        let seats: Vec<_> =
            plan.seats.iter().filter(|seat| *seat.category == *category.name.as_str()).collect();
        let count = number(i64::try_from(seats.len()).unwrap_or(0));
        let places = where_they_are(seats.iter().filter_map(|seat| {
            let row = plan.rows.get(usize::try_from(seat.row).ok()?)?;
            let section = plan.sections.get(usize::try_from(row.section).ok()?)?;
            let name = section.name.as_ref().or(section.zone_id.as_ref());
            Some((name.map_or("", |name| name.as_str()), &*row.number))
        }));
        let ink = ink::of_category(place, false);
        let sign = ink.style.paint(&ink.glyph.to_string(), color);
        (
            sign,
            clipped(category.name.as_str(), NAME),
            String::new(),
            format!("{count} seats"),
            places.join(", "),
        )
    });
    table(&rows.collect::<Vec<_>>(), width_all)
}

/// Sections with the rows from the first to the last, in the plan's order.
fn where_they_are<'a>(seats: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let mut places: Vec<(&str, &str, &str)> = vec![];
    for (section, row) in seats {
        match places.iter_mut().find(|(known, _, _)| *known == section) {
            Some((_, _, last)) => *last = row,
            None => places.push((section, row, row)),
        }
    }
    let text = |(section, first, last): (&str, &str, &str)| {
        let rows = match (first, last) {
            ("", _) | (_, "") => String::new(),
            (first, last) if first == last => format!("row {first}"),
            (first, last) => format!("rows {first}-{last}"),
        };
        escaped(format!("{section} {rows}").trim())
    };
    places.into_iter().map(text).filter(|text| !text.is_empty()).collect()
}

/// Rows of sign, name, price, number and place, below each other.
fn table(rows: &[(String, String, String, String, String)], width_all: usize) -> String {
    let widest = |of: fn(&(String, String, String, String, String)) -> &str| {
        rows.iter().map(|row| width(of(row))).max().unwrap_or(0)
    };
    let (name, price, count) = (widest(|row| &row.1), widest(|row| &row.2), widest(|row| &row.3));
    let mut out = String::new();
    for row in rows {
        let gap = |to: usize, text: &str| " ".repeat(to.saturating_sub(width(text)));
        let mut line = format!("{} {}{}", row.0, row.1, gap(name, &row.1));
        let mut used = 2 + name;
        for (text, wide) in [(&row.2, price), (&row.3, count)] {
            if wide > 0 {
                let _ = write!(line, "  {}{text}", gap(wide, text));
                used += 2 + wide;
            }
        }
        let left = width_all.saturating_sub(used + 2);
        if left >= 8 && !row.4.is_empty() {
            let _ = write!(line, "  {}", clipped(&row.4, left));
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (value, text) in [(0, "0"), (999, "999"), (1_252, "1,252"), (-1_000_000, "-1,000,000")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn whatever_there_is_has_a_cell() {
        assert_eq!(shares(&[238, 0, 0, 0, 10], 20), [19, 0, 0, 0, 1]);
        assert_eq!(shares(&[999_999, 1, 0, 0, 1], 10), [8, 1, 0, 0, 1]);
        assert_eq!(shares(&[0, 0, 0, 0, 7], 10), [0, 0, 0, 0, 10]);
        assert_eq!(shares(&[0, 0], 10), [0, 0]);
    }

    #[test]
    fn places_are_sections_with_their_rows() {
        let seats = [("D", "14"), ("D", "6"), ("E", "1"), ("", "A")];
        assert_eq!(where_they_are(seats.into_iter()), ["D rows 14-6", "E row 1", "row A"]);
    }
}
