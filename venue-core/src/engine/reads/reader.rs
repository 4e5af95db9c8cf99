//! What every query needs beside its request: the view, the organizer, the page, and what names lead to.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::caller::Caller;
use crate::domain::cursor::{Cursor, CursorKey, NotACursor, Seal};
use crate::domain::error::Invalid;
use crate::domain::ids::{EventId, HallId, OrganizerId, PlanId};
use crate::domain::instant::Instant;
use crate::domain::query::Query;
use crate::domain::reference::References;
use crate::domain::refusal::Refusal;
use crate::domain::season::HallRef;
use crate::domain::slot::EventState;
use crate::domain::text::Slug;
use crate::domain::view::Page;
use crate::domain::zone::Zone;
use crate::store::boundary::{StoreError, StoreFailure, Tx};
use crate::store::events::{self, Terms};
use crate::store::meta::{self, Meta};
use crate::store::queries;
use crate::store::slots;

use super::{ReadContext, Stop};

/// A list's rows that one call looks at, at most: a page of a list that is filtered hard may have fewer items
/// than were asked for, and goes on.
pub(super) const MOST_SCANNED: i64 = 10_000;

/// Units by category, in the plan's order.
pub(super) type Capacities = Arc<[(Arc<str>, i64)]>;

/// An event, as far as its slots need it.
#[derive(Debug, Clone)]
pub(super) struct EventFacts {
    /// On which terms it sells.
    pub(super) terms: Arc<Terms>,
    /// Where: `venue/hall`.
    pub(super) hall: HallRef,
    /// The zone of the clock there.
    pub(super) zone: Zone,
}

/// One query's work over one view.
pub(super) struct Reader<'a> {
    /// The view.
    pub(super) tx: &'a mut dyn Tx,
    /// Who asks.
    pub(super) caller: &'a Caller,
    /// State is as of this instant.
    pub(super) now: Instant,
    /// What is true of the file.
    pub(super) meta: Meta,
    /// The caller's organizer.
    pub(super) organizer: OrganizerId,
    /// Turns numbers into references.
    pub(super) references: References,
    /// At most so many items a page.
    pub(super) limit: usize,
    seal: Option<Seal>,
    start: Option<CursorKey>,
    events: FxHashMap<EventId, Option<EventFacts>>,
    slugs: FxHashMap<EventId, Slug>,
    capacities: FxHashMap<PlanId, Capacities>,
}

impl<'a> Reader<'a> {
    /// Loads what is true of the file, finds the caller's organizer, and opens the query's cursor.
    pub(super) fn new(
        tx: &'a mut dyn Tx,
        context: &ReadContext<'a>,
        query: &Query,
    ) -> Result<Self, Stop> {
        let meta = meta::load(tx)?;
        let organizer = organizer(tx, context.caller)?;
        let paging = query.paging();
        let seal = paging.as_ref().map(|paging| match query {
            Query::Feed(_) => Seal::of_feed(meta.file_id, meta.epoch),
            list => {
                let filters = &paging.filters;
                Seal::of_list(meta.file_id, meta.epoch, organizer, list.name(), filters)
            }
        });
        let after = paging.as_ref().and_then(|paging| paging.after);
        let start = match (&seal, after) {
            (Some(seal), Some(cursor)) => Some(seal.open(cursor).map_err(stop)?),
            (None, _) | (_, None) => None,
        };
        Ok(Self {
            tx,
            caller: context.caller,
            now: context.now,
            references: References::of(meta.file_id),
            meta,
            organizer,
            limit: paging.map_or(1, |paging| usize::try_from(paging.limit).unwrap_or(1)),
            seal,
            start,
            events: FxHashMap::default(),
            slugs: FxHashMap::default(),
            capacities: FxHashMap::default(),
        })
    }

    /// True if the caller may see draft events.
    pub(super) fn sees_drafts(&self) -> bool {
        self.caller.role.is_staff()
    }

    /// Where the page begins: what `read` takes off the cursor's key, or the list's beginning.
    pub(super) fn start<T>(
        &mut self,
        beginning: T,
        read: impl FnOnce(&mut CursorKey) -> Result<T, NotACursor>,
    ) -> Result<T, Stop> {
        self.start.as_mut().map_or(Ok(beginning), |key| read(key).map_err(stop))
    }

    /// How many rows tell a full page from the last one: one more than it has.
    pub(super) fn rows(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// Makes a page of the rows that were found, of which there is one too many if the list goes on.
    pub(super) fn page<T>(&self, mut found: Vec<T>, key: impl Fn(&T) -> CursorKey) -> Page<T> {
        let goes_on = found.len() > self.limit;
        found.truncate(self.limit);
        let next = found.last().filter(|_| goes_on).and_then(|last| self.cursor(&key(last)));
        Page { items: found, next }
    }

    /// The cursor after this key.
    pub(super) fn cursor(&self, key: &CursorKey) -> Option<Cursor> {
        self.seal.as_ref().map(|seal| seal.cursor(key))
    }

    /// An event that this caller may see, by slug.
    pub(super) fn event_named(&mut self, slug: &Slug) -> Result<EventFacts, Stop> {
        let found = match events::by_slug(self.tx, self.organizer, slug.as_str())? {
            Some(event) => self.event(event)?,
            None => None,
        };
        found.ok_or_else(|| Refusal::not_found("event", [slug]).into())
    }

    /// An event that this caller may see.
    pub(super) fn event(&mut self, event: EventId) -> Result<Option<EventFacts>, Stop> {
        if let Some(known) = self.events.get(&event) {
            return Ok(known.clone());
        }
        let facts = match events::terms(self.tx, event)? {
            Some(terms) => Some(EventFacts {
                hall: queries::venues::hall_name(self.tx, terms.hall)?,
                zone: terms.zone.parse().map_err(|_| damaged("a zone is not known"))?,
                terms: Arc::new(terms),
            }),
            None => None,
        };
        let drafts = self.sees_drafts();
        let facts = facts.filter(|facts| {
            facts.terms.organizer == self.organizer
                && (drafts || facts.terms.state != EventState::Draft)
        });
        self.events.insert(event, facts.clone());
        Ok(facts)
    }

    /// An event's slug, whatever has become of it.
    pub(super) fn slug(&mut self, event: EventId) -> Result<Slug, Stop> {
        if let Some(known) = self.slugs.get(&event) {
            return Ok(known.clone());
        }
        let slug = queries::events::slug(self.tx, event)?;
        self.slugs.insert(event, slug.clone());
        Ok(slug)
    }

    /// How many seats of each category a plan has.
    pub(super) fn capacities(&mut self, plan: Option<PlanId>) -> Result<Capacities, Stop> {
        let Some(plan) = plan else { return Ok(Arc::new([])) };
        if let Some(known) = self.capacities.get(&plan) {
            return Ok(Arc::clone(known));
        }
        let loaded: Capacities = slots::capacities(self.tx, plan)?.into();
        self.capacities.insert(plan, Arc::clone(&loaded));
        Ok(loaded)
    }

    /// The hall of the caller's organizer with this name.
    pub(super) fn hall_named(&mut self, name: &HallRef) -> Result<(HallId, Arc<str>), Stop> {
        let hall = queries::venues::hall_by_name(self.tx, self.organizer, name)?;
        let hall = hall.ok_or_else(|| Refusal::not_found("hall", [name]))?;
        Ok((hall.id, hall.zone))
    }
}

/// The caller's organizer; the only one in the file, if none is named.
pub(super) fn organizer(tx: &mut dyn Tx, caller: &Caller) -> Result<OrganizerId, Stop> {
    let organizers = events::organizers(tx)?;
    match (&caller.organizer, &organizers[..]) {
        (Some(slug), all) => {
            let found = all.iter().find(|organizer| organizer.slug == *slug);
            let found = found.ok_or_else(|| Refusal::not_found("organizer", [slug]))?;
            Ok(found.id)
        }
        (None, [only]) => Ok(only.id),
        (None, []) => Err(Refusal::not_found("organizer", ["any: import a season first"]).into()),
        (None, _) => Err(Invalid::OrganizerNeeded.into()),
    }
}

fn stop(problem: NotACursor) -> Stop {
    match problem {
        NotACursor::Bad => Invalid::BadCursor.into(),
        NotACursor::Epoch => Refusal::CursorEpoch.into(),
    }
}

/// Rows that contradict each other.
pub(super) fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, what)
}
