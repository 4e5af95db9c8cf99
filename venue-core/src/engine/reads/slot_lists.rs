//! Lists of slots, and the next one that has room.

use crate::domain::cursor::CursorKey;
use crate::domain::instant::Instant;
use crate::domain::query::{SlotList, SlotNext};
use crate::domain::refusal::Refusal;
use crate::domain::view::{Page, SlotView};
use crate::store::queries::free::Part;
use crate::store::queries::slots::After;

use super::choice::{Asked, Choice};
use super::reader::{MOST_SCANNED, Reader};
use super::scan::{Needs, Scan, Step};
use super::{Stop, slots};

/// The organizer's slots, by their start.
pub(super) fn list(reader: &mut Reader<'_>, query: &SlotList) -> Result<Page<SlotView>, Stop> {
    let choice = Choice::new(reader, Asked::from(query))?;
    let from = choice.from.unwrap_or(Instant::EPOCH);
    let after: After = reader
        .start((from, [0; 16]), |key| Ok((Instant::clamped(key.take_number()?), key.take_id()?)))?;
    let needs = Needs {
        state: query.state,
        takes_place: false,
        room: query.free.map(|free| (i64::from(free), Part::default())),
    };
    let mut scan = Scan::new(reader, &choice, needs, after, reader.limit)?;
    let mut items = Vec::new();
    loop {
        if items.len() == reader.limit {
            let next = if scan.goes_on(reader)? { cursor(reader, scan.last) } else { None };
            return Ok(Page { items, next });
        }
        match scan.step(reader, MOST_SCANNED)? {
            Step::Slot(loaded, event) => items.push(slots::view(reader, &loaded, &event)?),
            Step::End => return Ok(Page { items, next: None }),
            Step::Enough => return Ok(Page { items, next: cursor(reader, scan.last) }),
        }
    }
}

fn cursor(reader: &Reader<'_>, last: After) -> Option<crate::domain::cursor::Cursor> {
    reader.cursor(&CursorKey::default().number(last.0.micros()).id(last.1))
}

/// The next slot, by its start, of which the caller can have so many units now.
///
/// # Errors
/// Refused `not_found`: what [`Choice::new`] does not find; the category or area, if no slot that was looked at sells
/// it; else the slot.
pub(super) fn next(reader: &mut Reader<'_>, query: &SlotNext) -> Result<SlotView, Stop> {
    let choice = Choice::new(reader, Asked::from(query))?;
    let after: After = (choice.from.unwrap_or(reader.now), [0; 16]);
    let part = Part { category: query.category.as_ref(), area: query.area.as_ref() };
    let room = Some((i64::from(query.quantity), part));
    let needs = Needs { state: None, takes_place: true, room };
    let mut scan = Scan::new(reader, &choice, needs, after, 1)?;
    if let Step::Slot(loaded, event) = scan.step(reader, i64::MAX)? {
        return slots::view(reader, &loaded, &event);
    }
    let refusal = match (&query.area, &query.category) {
        (Some(area), _) if !scan.part_is_sold => Refusal::not_found("area", [area]),
        (None, Some(category)) if !scan.part_is_sold => Refusal::not_found("category", [category]),
        _ => Refusal::not_found("slot", [format!("with {} free", query.quantity)]),
    };
    Err(refusal.into())
}
