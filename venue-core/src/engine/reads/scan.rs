//! Walking slots by start and id: all of them, or those of few events, each of which is walked by its own index.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::domain::ids::EventId;
use crate::domain::instant::Instant;
use crate::domain::slot::SlotState;
use crate::store::queries::free::{self, Part};
use crate::store::queries::slots::{self as queries, After, Wanted};
use crate::store::slots::Loaded;

use super::Stop;
use super::choice::Choice;
use super::reader::{EventFacts, Reader};

/// Slots that are read at once where many may not fit.
const CHUNK: usize = 250;
/// Events that are walked side by side, at most.
const SIDE_BY_SIDE: usize = 250;

/// Which slots fit, beside the choice of events.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Needs<'a> {
    /// It is this now.
    pub(super) state: Option<SlotState>,
    /// It takes place.
    pub(super) takes_place: bool,
    /// The caller can have so many units of this part now.
    pub(super) room: Option<(i64, Part<'a>)>,
}

/// A walk over slots.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    choice: &'a Choice,
    needs: Needs<'a>,
    wanted: Wanted,
    source: Source,
    buffer: VecDeque<Loaded>,
    chunk: usize,
    fits: FxHashMap<EventId, bool>,
    /// The last slot that was looked at.
    pub(super) last: After,
    /// So many were looked at.
    pub(super) scanned: i64,
    /// What is asked for was found to be sold by some slot: the part of `needs.room`.
    pub(super) part_is_sold: bool,
}

#[derive(Debug)]
enum Source {
    /// All slots; the events are looked at one by one.
    All { ended: bool },
    /// Those of these events.
    Of(Vec<OfEvent>),
}

/// The slots of one event.
#[derive(Debug)]
struct OfEvent {
    event: EventId,
    after: After,
    rows: VecDeque<Loaded>,
    ended: bool,
}

/// What a walk comes to.
#[derive(Debug)]
pub(super) enum Step {
    /// A slot that fits.
    Slot(Box<Loaded>, EventFacts),
    /// There is none any more.
    End,
    /// Enough was looked at for one call.
    Enough,
}

fn key(loaded: &Loaded) -> After {
    (loaded.slot.starts_at, loaded.slot.id.bytes())
}

impl<'a> Scan<'a> {
    /// A walk over the slots of the chosen events, after this place; about `page` of them are wanted.
    pub(super) fn new(
        reader: &mut Reader<'_>,
        choice: &'a Choice,
        needs: Needs<'a>,
        after: After,
        page: usize,
    ) -> Result<Self, Stop> {
        let few = choice.few(reader)?;
        let few = few.filter(|events| events.len() <= SIDE_BY_SIDE);
        let events = few.map(|events| events.into_iter().map(|event| event.id).collect());
        Ok(Self::over(reader, choice, needs, events, after, page))
    }

    /// A walk over the slots of these events, or of all.
    pub(super) fn over(
        reader: &Reader<'_>,
        choice: &'a Choice,
        needs: Needs<'a>,
        events: Option<Vec<EventId>>,
        after: After,
        page: usize,
    ) -> Self {
        let plain = needs.state.is_none() && needs.room.is_none() && !needs.takes_place;
        let all_fit = events.is_some() || choice.is_any_event();
        let chunk = if plain && all_fit { page + 1 } else { CHUNK.max(page + 1) };
        let of = |event| OfEvent { event, after, rows: VecDeque::new(), ended: false };
        Self {
            choice,
            needs,
            wanted: Wanted {
                until: choice.until.unwrap_or(Instant::MAX),
                organizer: reader.organizer,
                drafts: reader.sees_drafts(),
            },
            source: match events {
                Some(events) => Source::Of(events.into_iter().map(of).collect()),
                None => Source::All { ended: false },
            },
            buffer: VecDeque::new(),
            chunk,
            fits: FxHashMap::default(),
            last: after,
            scanned: 0,
            part_is_sold: false,
        }
    }

    /// The next slot that fits; no more than `most` are looked at, over all calls.
    pub(super) fn step(&mut self, reader: &mut Reader<'_>, most: i64) -> Result<Step, Stop> {
        loop {
            if self.scanned >= most {
                return Ok(if self.goes_on(reader)? { Step::Enough } else { Step::End });
            }
            let Some(loaded) = self.pull(reader)? else { return Ok(Step::End) };
            self.last = key(&loaded);
            self.scanned += 1;
            if let Some(event) = self.look(reader, &loaded)? {
                return Ok(Step::Slot(Box::new(loaded), event));
            }
        }
    }

    /// Whether there is anything after what was looked at.
    pub(super) fn goes_on(&mut self, reader: &mut Reader<'_>) -> Result<bool, Stop> {
        if self.buffer.is_empty() {
            self.fill(reader)?;
        }
        Ok(!self.buffer.is_empty())
    }

    fn pull(&mut self, reader: &mut Reader<'_>) -> Result<Option<Loaded>, Stop> {
        self.goes_on(reader)?;
        Ok(self.buffer.pop_front())
    }

    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        match &mut self.source {
            Source::All { ended: true } => {}
            Source::All { ended } => {
                let limit = i64::try_from(self.chunk).unwrap_or(i64::MAX);
                let found = queries::page(reader.tx, &self.wanted, self.last, limit)?;
                *ended = found.len() < self.chunk;
                self.buffer.extend(found);
            }
            Source::Of(events) => {
                for _ in 0..self.chunk {
                    refill(reader, &self.wanted, events, self.chunk)?;
                    let first = events
                        .iter_mut()
                        .filter(|of| !of.rows.is_empty())
                        .min_by_key(|of| of.rows.front().map(key));
                    let Some(loaded) = first.and_then(|of| of.rows.pop_front()) else { break };
                    self.buffer.push_back(loaded);
                }
            }
        }
        Ok(())
    }

    /// The event of a slot that fits.
    fn look(
        &mut self,
        reader: &mut Reader<'_>,
        loaded: &Loaded,
    ) -> Result<Option<EventFacts>, Stop> {
        let (slot, needs) = (&loaded.slot, self.needs);
        if needs.takes_place && slot.cancelled {
            return Ok(None);
        }
        if matches!(self.source, Source::All { .. }) && !self.choice.is_any_event() {
            let fits = match self.fits.get(&slot.event) {
                Some(fits) => *fits,
                None => !self.choice.those(reader, &[slot.event])?.is_empty(),
            };
            self.fits.insert(slot.event, fits);
            if !fits {
                return Ok(None);
            }
        }
        let Some(event) = reader.event(slot.event)? else { return Ok(None) };
        let state = slot.state(event.terms.state, reader.now);
        if needs.state.is_some_and(|wanted| wanted != state) {
            return Ok(None);
        }
        let Some((quantity, part)) = needs.room else { return Ok(Some(event)) };
        if slot.may_sell(event.terms.state, reader.caller.role, reader.now).is_err() {
            return Ok(None);
        }
        let room = free::room(reader.tx, slot, event.terms.hall, part, reader.now)?;
        self.part_is_sold |= room.capacity > 0;
        Ok((room.free >= quantity).then_some(event))
    }
}

/// Reads on wherever nothing is left of an event's rows.
fn refill(
    reader: &mut Reader<'_>,
    wanted: &Wanted,
    events: &mut [OfEvent],
    chunk: usize,
) -> Result<(), Stop> {
    // As many of each as there may be among the next chunk, and some more.
    let share = (2 * chunk / events.len().max(1) + 1).min(chunk);
    let empty = |of: &OfEvent| of.rows.is_empty() && !of.ended;
    if !events.iter().any(empty) {
        return Ok(());
    }
    let limit = i64::try_from(share).unwrap_or(i64::MAX);
    let asked: Vec<_> =
        events.iter().filter(|of| empty(of)).map(|of| (of.event, of.after)).collect();
    let pages = queries::pages_of_events(reader.tx, wanted, asked, limit)?;
    for (of, page) in events.iter_mut().filter(|of| empty(of)).zip(pages) {
        of.ended = page.len() < share;
        of.after = page.last().map_or(of.after, key);
        of.rows.extend(page);
    }
    Ok(())
}
