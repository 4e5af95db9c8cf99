//! Which events, and whose slots: the filters that lists have in common.

use crate::domain::ids::{EventId, HallId, VenueId};
use crate::domain::instant::Instant;
use crate::domain::query::{EventList, Moment, SlotCalendar, SlotList, SlotNext};
use crate::domain::refusal::Refusal;
use crate::domain::search::Wish;
use crate::domain::season::HallRef;
use crate::domain::slot::EventState;
use crate::domain::text::{Name, SearchText, Slug};
use crate::domain::zone::Zone;
use crate::store::queries::found::{self, Found, Sight};
use crate::store::queries::venues;
use crate::store::search;

use super::Stop;
use super::reader::{Reader, damaged};

/// Where the index leads to more events than these, a list looks at each by its place.
const FEW: usize = 1_000;
/// The same for slots that start within a range.
const FEW_SLOTS: usize = 2_000;

/// What was asked for, by the names that people use.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    event: Option<&'a Slug>,
    venue: Option<&'a Slug>,
    hall: Option<&'a HallRef>,
    kind: Option<&'a Name>,
    tag: Option<&'a Name>,
    text: Option<&'a SearchText>,
    state: Option<EventState>,
    from: Option<Moment>,
    until: Option<Moment>,
}

macro_rules! asked {
    ($type:ty, $event:expr, $state:expr) => {
        impl<'a> From<&'a $type> for Asked<'a> {
            fn from(it: &'a $type) -> Self {
                let event: fn(&'a $type) -> Option<&'a Slug> = $event;
                let state: fn(&'a $type) -> Option<EventState> = $state;
                Self {
                    event: event(it),
                    venue: it.venue.as_ref(),
                    hall: it.hall.as_ref(),
                    kind: it.kind.as_ref(),
                    tag: it.tag.as_ref(),
                    text: it.text.as_ref(),
                    state: state(it),
                    from: it.from,
                    until: it.until,
                }
            }
        }
    };
}
asked!(EventList, |_| None, |it| it.state);
asked!(SlotList, |it| it.event.as_ref(), |_| None);
asked!(SlotNext, |it| it.event.as_ref(), |_| None);

impl<'a> From<&'a SlotCalendar> for Asked<'a> {
    fn from(it: &'a SlotCalendar) -> Self {
        let (event, hall) = (it.event.as_ref(), it.hall.as_ref());
        Self { event, hall, from: it.from, until: it.until, ..Self::default() }
    }
}

/// What was asked for, found.
#[derive(Debug)]
pub(super) struct Choice {
    /// None that starts before.
    pub(super) from: Option<Instant>,
    /// None that starts after.
    pub(super) until: Option<Instant>,
    event: Option<EventId>,
    venue: Option<VenueId>,
    hall: Option<HallId>,
    state: Option<EventState>,
    wish: Wish,
}

impl Choice {
    /// Finds what was asked for.
    ///
    /// # Errors
    /// Refused `not_found`: the event, the hall, the venue.
    pub(super) fn new(reader: &mut Reader<'_>, asked: Asked<'_>) -> Result<Self, Stop> {
        let event = asked.event.map(|slug| reader.event_named(slug)).transpose()?;
        let hall = asked.hall.map(|name| reader.hall_named(name)).transpose()?;
        let venue = match asked.venue {
            Some(slug) => {
                let venue = venues::venue_by_slug(reader.tx, reader.organizer, slug)?;
                Some(venue.ok_or_else(|| Refusal::not_found("venue", [slug]))?)
            }
            None => None,
        };
        let zone = match (&hall, &venue, &event) {
            (Some((_, zone)), _, _) => Some(zone_of(zone)?),
            (None, Some(venue), _) => Some(zone_of(&venue.zone)?),
            (None, None, Some(event)) => Some(event.zone.clone()),
            (None, None, None) => {
                let zone = found::only_zone(reader.tx, reader.organizer)?;
                zone.map(|zone| zone_of(&zone)).transpose()?
            }
        };
        let name = |name: Option<&'_ Name>| name.map(|name| name.as_str().to_owned());
        Ok(Self {
            from: asked.from.map(|from| from.first(zone.as_ref())),
            until: asked.until.map(|until| until.last(zone.as_ref())),
            event: event.map(|event| event.terms.event),
            venue: venue.map(|venue| venue.id),
            hall: hall.map(|(id, _)| id),
            state: asked.state,
            wish: Wish::new(asked.text, name(asked.kind).as_deref(), name(asked.tag).as_deref()),
        })
    }

    /// True if every event will do.
    pub(super) fn is_any_event(&self) -> bool {
        let nowhere = self.event.is_none() && self.venue.is_none() && self.hall.is_none();
        nowhere && self.state.is_none() && self.wish.is_empty()
    }

    /// Whether it is one of the events.
    pub(super) fn fits(&self, event: &Found) -> bool {
        self.event.is_none_or(|wanted| wanted == event.id)
            && self.venue.is_none_or(|wanted| wanted == event.venue)
            && self.hall.is_none_or(|wanted| wanted == event.hall)
            && self.state.is_none_or(|wanted| wanted == event.state)
            && self.wish.fits(&event.indexed)
    }

    /// The events, in no order, where an index leads to few that may be; none where it does not.
    pub(super) fn few(&self, reader: &mut Reader<'_>) -> Result<Option<Vec<Found>>, Stop> {
        let tx = &mut *reader.tx;
        let mut events = self.event.map(|event| vec![event]);
        if events.is_none() && !self.wish.is_empty() {
            events = search::few(tx, &self.wish, FEW)?;
        }
        if let (None, Some(hall)) = (&events, self.hall) {
            events = found::few_of_hall(tx, hall, FEW)?;
        }
        if let (None, Some(venue)) = (&events, self.venue) {
            events = found::few_of_venue(tx, venue, FEW)?;
        }
        let Some(events) = events else { return Ok(None) };
        self.those(reader, &events).map(Some)
    }

    /// The same, where few slots start within the range.
    pub(super) fn few_of_range(&self, reader: &mut Reader<'_>) -> Result<Option<Vec<Found>>, Stop> {
        if self.from.is_none() && self.until.is_none() {
            return Ok(None);
        }
        let (from, until) =
            (self.from.unwrap_or(Instant::EPOCH), self.until.unwrap_or(Instant::MAX));
        let events = found::few_of_range(reader.tx, from, until, FEW_SLOTS)?;
        events.map(|events| self.those(reader, &events)).transpose()
    }

    /// Those of these events that fit.
    pub(super) fn those(
        &self,
        reader: &mut Reader<'_>,
        events: &[EventId],
    ) -> Result<Vec<Found>, Stop> {
        let sight = sight(reader);
        let mut found = found::those(reader.tx, sight, events)?;
        found.retain(|event| self.fits(event));
        Ok(found)
    }
}

/// What the caller may see.
pub(super) fn sight(reader: &Reader<'_>) -> Sight {
    Sight { organizer: reader.organizer, drafts: reader.sees_drafts() }
}

fn zone_of(name: &str) -> Result<Zone, Stop> {
    name.parse().map_err(|_| damaged("a zone is not known").into())
}
