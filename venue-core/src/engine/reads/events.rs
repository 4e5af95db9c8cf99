//! Lists of events, by slug.

use std::collections::VecDeque;

use crate::domain::cursor::CursorKey;
use crate::domain::instant::Instant;
use crate::domain::query::EventList;
use crate::domain::view::{EventView, Page};
use crate::store::queries::events;
use crate::store::queries::found::{self, Found};
use crate::store::queries::free::Part;

use super::Stop;
use super::choice::{Asked, Choice, sight};
use super::reader::{MOST_SCANNED, Reader};
use super::scan::{Needs, Scan, Step};

/// Events that are read at once where many may not fit.
const CHUNK: usize = 500;

/// The organizer's events, by slug. What is searched for is looked up in the index; where that leads to many events, they
/// stand close together in the order of slugs.
pub(super) fn list(reader: &mut Reader<'_>, query: &EventList) -> Result<Page<EventView>, Stop> {
    let choice = Choice::new(reader, Asked::from(query))?;
    let after = reader.start(String::new(), CursorKey::take_slug)?;
    let needs = needs(query);
    let few = match choice.few(reader)? {
        None if needs.is_some() => choice.few_of_range(reader)?,
        few => few,
    };
    let plain = few.is_some() || (needs.is_none() && choice.is_any_event());
    let mut walk = Walk {
        chunk: if plain { reader.limit + 1 } else { CHUNK.max(reader.limit + 1) },
        ended: few.is_some(),
        buffer: in_order(few.unwrap_or_default(), &after),
        last: after,
    };
    let (mut ids, mut looked_at) = (Vec::new(), 0);
    while ids.len() < reader.limit && looked_at < MOST_SCANNED {
        let Some(event) = walk.next(reader)? else { break };
        looked_at += 1;
        let has_slot = |needs: Needs<'static>, looked_at: &mut i64, reader: &mut Reader<'_>| {
            let from = choice.from.unwrap_or(Instant::EPOCH);
            let of = Some(vec![event.id]);
            let mut scan = Scan::over(reader, &choice, needs, of, (from, [0; 16]), 0);
            let found = matches!(scan.step(reader, MOST_SCANNED)?, Step::Slot(..));
            *looked_at += scan.scanned;
            Ok::<bool, Stop>(found)
        };
        if choice.fits(&event)
            && needs.map_or(Ok(true), |it| has_slot(it, &mut looked_at, reader))?
        {
            ids.push(event.id);
        }
    }
    let next = if walk.goes_on(reader)? {
        reader.cursor(&CursorKey::default().slug(&walk.last))
    } else {
        None
    };
    Ok(Page { items: events::views(reader.tx, ids)?, next })
}

/// What one of an event's slots has to be.
fn needs(query: &EventList) -> Option<Needs<'static>> {
    let room = query.free.map(|free| (i64::from(free), Part::default()));
    let any = room.is_none() && query.from.is_none() && query.until.is_none();
    (!any).then_some(Needs { state: None, takes_place: true, room })
}

/// These events after a slug, in their order.
fn in_order(mut events: Vec<Found>, after: &str) -> VecDeque<Found> {
    events.retain(|event| event.slug.as_str() > after);
    events.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
    events.into()
}

/// A walk over events by slug.
struct Walk {
    buffer: VecDeque<Found>,
    chunk: usize,
    ended: bool,
    last: String,
}

impl Walk {
    fn next(&mut self, reader: &mut Reader<'_>) -> Result<Option<Found>, Stop> {
        self.goes_on(reader)?;
        let event = self.buffer.pop_front();
        if let Some(event) = &event {
            event.slug.as_str().clone_into(&mut self.last);
        }
        Ok(event)
    }

    fn goes_on(&mut self, reader: &mut Reader<'_>) -> Result<bool, Stop> {
        if self.buffer.is_empty() && !self.ended {
            let limit = i64::try_from(self.chunk).unwrap_or(i64::MAX);
            let sight = sight(reader);
            let found = found::page(reader.tx, sight, &self.last, limit)?;
            self.ended = found.len() < self.chunk;
            self.buffer.extend(found);
        }
        Ok(!self.buffer.is_empty())
    }
}
