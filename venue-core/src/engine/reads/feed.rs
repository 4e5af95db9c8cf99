//! The feed: what happened, in the order in which it was committed. An organizer reads its own changes: their
//! sequence increases and has gaps where others' changes stand.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::cursor::{Cursor, CursorKey, Seal};
use crate::domain::error::Invalid;
use crate::domain::ids::{EventId, SlotId};
use crate::domain::query::Feed;
use crate::domain::text::Slug;
use crate::domain::view::{ChangeView, Page};
use crate::store::boundary::{StoreError, Tx};
use crate::store::changes::{self, ChangeRow};
use crate::store::meta::Meta;
use crate::store::queries;

use super::reader::{MOST_SCANNED, Reader, damaged};
use super::{Stop, slots};

/// Rows that are read at once.
const CHUNK: i64 = 1_000;

/// A part of the feed. Its `next` is always a cursor: after the last change that was looked at, wanted or not.
pub(super) fn page(reader: &mut Reader<'_>, query: &Feed) -> Result<Page<ChangeView>, Stop> {
    let event = query.event.as_ref().map(|slug| reader.event_named(slug)).transpose()?;
    let event = event.map(|event| event.terms.event);
    let slot = query.slot.as_ref().map(|slot| slots::named(reader, slot)).transpose()?;
    let slot: Option<SlotId> = slot.map(|(loaded, _)| loaded.slot.id);
    let start = reader.start(0, CursorKey::take_number)?;
    if !(0..=reader.meta.last_seq).contains(&start) {
        return Err(Invalid::BadCursor.into());
    }
    let mut views = ChangeViews::new(&reader.meta);
    let (mut items, mut seen) = (Vec::new(), start);
    'rows: while seen - start < MOST_SCANNED {
        let chunk = CHUNK.min(MOST_SCANNED - (seen - start));
        let found = changes::after(reader.tx, seen, chunk)?;
        let read = found.len();
        for (change, _) in found {
            if items.len() == reader.limit {
                break 'rows;
            }
            seen = change.seq;
            let wanted = change.organizer == reader.organizer
                && (event.is_none() || change.event == event)
                && (slot.is_none() || change.slot == slot);
            if wanted {
                items.push(views.view(reader.tx, &change)?);
            }
        }
        if i64::try_from(read) != Ok(chunk) {
            break;
        }
    }
    Ok(Page { items, next: Some(views.cursor(seen)) })
}

/// Turns the feed's rows into what callers see.
#[derive(Debug)]
pub(crate) struct ChangeViews {
    seal: Seal,
    slugs: FxHashMap<EventId, Slug>,
}

impl ChangeViews {
    /// For the feed of this file.
    pub(crate) fn new(meta: &Meta) -> Self {
        Self { seal: Seal::of_feed(meta.file_id, meta.epoch), slugs: FxHashMap::default() }
    }

    /// The cursor after this sequence; 0 is the feed's beginning.
    pub(crate) fn cursor(&self, sequence: i64) -> Cursor {
        self.seal.cursor(&CursorKey::default().number(sequence))
    }

    /// One change. Its event's slug is looked up once.
    pub(crate) fn view(
        &mut self,
        tx: &mut dyn Tx,
        change: &ChangeRow,
    ) -> Result<ChangeView, StoreError> {
        let event = change.event.map(|event| self.slug(tx, event)).transpose()?;
        let booking = match (change.booking, &change.body) {
            (Some(_), Some(body)) => Some(
                serde_json::from_str(body)
                    .map_err(|_| damaged("the body of a change is damaged"))?,
            ),
            (None, _) | (_, None) => None,
        };
        let details = match (&booking, &change.body) {
            (None, Some(body)) => Some(
                serde_json::from_str(body)
                    .map_err(|_| damaged("the body of a change is damaged"))?,
            ),
            (Some(_), _) | (None, None) => None,
        };
        Ok(ChangeView {
            cursor: self.cursor(change.seq),
            shard: 0,
            sequence: change.seq,
            at: change.at,
            kind: Arc::from(&*change.kind),
            event,
            slot: change.slot,
            booking,
            details,
            due_at: change.due_at,
        })
    }

    fn slug(&mut self, tx: &mut dyn Tx, event: EventId) -> Result<Slug, StoreError> {
        if let Some(known) = self.slugs.get(&event) {
            return Ok(known.clone());
        }
        let slug = queries::events::slug(tx, event)?;
        self.slugs.insert(event, slug.clone());
        Ok(slug)
    }
}
