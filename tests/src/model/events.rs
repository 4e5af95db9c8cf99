//! The rules of events: what may become of one, and of its terms.

use super::command::{EventAct, Term};
use super::rules::Decided;
use super::season::{Bound, Event, Schedule};
use super::slots::Off;
use super::{EventState, Model, Outcome};

/// An event as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventShown {
    /// Its name in commands.
    pub slug: String,
    /// Its name for people.
    pub title: String,
    /// The state's name.
    pub state: &'static str,
    /// Counts its changes.
    pub version: u32,
    /// The most units of one booking, and of one buyer and slot.
    pub limits: (i64, Option<i64>),
    /// How long a hold lives, and how long extending makes it.
    pub holds: [i64; 2],
    /// What a seat of row A, one of row B, and a place costs.
    pub prices: Vec<i64>,
    /// How many schedules it has.
    pub schedules: usize,
}

impl Event {
    fn shown(&self) -> EventShown {
        EventShown {
            slug: self.slug.clone(),
            title: self.title.clone(),
            state: match self.state {
                EventState::Draft => "draft",
                EventState::Published => "published",
                EventState::Cancelled => "cancelled",
                EventState::Completed => "completed",
            },
            version: self.version,
            limits: (self.per_booking, self.per_buyer),
            holds: [self.hold, self.max_hold],
            prices: self.prices.to_vec(),
            schedules: self.schedules.len(),
        }
    }

    /// The event with another term.
    fn with(&self, term: Term) -> Self {
        let mut after = self.clone();
        match term {
            Term::Title(n) => after.title = format!("Titel {n}"),
            Term::PerBooking(most) => after.per_booking = most,
            Term::PerBuyer(most) => after.per_buyer = most,
            Term::Price(price) => after.prices[0] = price,
            Term::Hold(hold) => after.hold = hold,
            Term::SaleFrom(span) => after.from = span.map(Bound::Before),
            Term::SaleUntil(span) => after.until = span.map(Bound::Before),
        }
        after
    }

    /// Whether its terms are those of another.
    fn has_terms_of(&self, other: &Self) -> bool {
        self.shown() == other.shown() && (self.from, self.until) == (other.from, other.until)
    }
}

impl Model {
    /// The slug of an event.
    pub fn slug(&self, event: usize) -> &str {
        &self.events[event].slug
    }

    /// The version of an event.
    pub fn version(&self, event: usize) -> u32 {
        self.events[event].version
    }

    /// An event as it is now; none if it is found nowhere.
    pub fn event_shown(&self, event: usize) -> Option<EventShown> {
        let event = &self.events[event];
        Some(event.shown()).filter(|_| !event.deleted)
    }

    pub(super) fn event_act(&mut self, n: usize, act: &EventAct, expected: Option<u32>) -> Decided {
        let state = self.events[n].state;
        let fresh = expected.is_none_or(|expected| expected == self.events[n].version);
        let fresh = if fresh { Ok(()) } else { Err("stale_version") };
        match act {
            EventAct::Publish => {
                is_open(state)?;
                fresh?;
                if state == EventState::Published {
                    return Ok(Outcome::Event(self.events[n].shown()));
                }
                Ok(self.turn_event(n, EventState::Published))
            }
            EventAct::Complete => {
                is_open(state)?;
                if state == EventState::Draft {
                    return Err("event_draft");
                }
                fresh?;
                if self.slots_to_come(n).next().is_some() {
                    return Err("not_over");
                }
                Ok(self.turn_event(n, EventState::Completed))
            }
            EventAct::Delete => {
                fresh?;
                self.delete(n)
            }
            EventAct::Cancel { dry_run } => {
                is_open(state)?;
                fresh?;
                Ok(self.cancel_event(n, *dry_run))
            }
            EventAct::Edit(term) => {
                is_open(state)?;
                fresh?;
                self.edit(n, *term)
            }
            EventAct::Clone { number, schedules } => self.clone_event(n, *number, *schedules),
            EventAct::Schedule(dates) => {
                fresh?;
                let event = &mut self.events[n];
                event.version += 1;
                let version = event.version;
                let dates = dates.iter().copied().collect();
                event.schedules.push(Schedule { dates, ..Schedule::default() });
                let place = event.schedules.len();
                let name = format!("{}#{place}", event.slug);
                let new = u64::try_from(self.to_make(n, place - 1).len()).unwrap_or(0);
                Ok(Outcome::Schedule(name, version, new))
            }
        }
    }

    /// The slots of an event that are neither cancelled nor over.
    fn slots_to_come(&self, event: usize) -> impl Iterator<Item = usize> {
        let to_come = move |place: &usize| {
            let slot = &self.slots[*place];
            slot.event == event && !slot.cancelled && slot.ends > self.now
        };
        (0..self.slots.len()).filter(to_come)
    }

    fn turn_event(&mut self, n: usize, state: EventState) -> Outcome {
        self.events[n].state = state;
        self.events[n].version += 1;
        Outcome::Event(self.events[n].shown())
    }

    fn delete(&mut self, n: usize) -> Decided {
        let slots = &self.slots;
        let own = self.bookings.iter_mut().filter(|booking| slots[booking.slot].event == n);
        let now = self.now;
        for booking in own {
            if booking.is_live(now) {
                return Err("live_bookings");
            }
            // Nobody can do it once the event is gone.
            booking.state = booking.at(now);
        }
        self.events[n].version += 1;
        let shown = self.events[n].shown();
        self.events[n].deleted = true;
        Ok(Outcome::Event(shown))
    }

    fn cancel_event(&mut self, n: usize, dry_run: bool) -> Outcome {
        let slots: Vec<usize> = self.slots_to_come(n).collect();
        if !dry_run {
            self.turn_event(n, EventState::Cancelled);
        }
        let mut all = Off { at: Some(self.now).filter(|_| !dry_run), ..Off::default() };
        for slot in slots {
            let off = if dry_run { self.would_end(slot) } else { self.end(slot) };
            all.slots += off.slots;
            all.holds += off.holds;
            all.bookings += off.bookings;
            all.units += off.units;
            all.refund += off.refund;
        }
        Outcome::CalledOff(Some(self.events[n].shown()), all)
    }

    fn edit(&mut self, n: usize, term: Term) -> Decided {
        let before = self.events[n].clone();
        let after = before.with(term);
        if after.max_hold < after.hold {
            return Err("argument");
        }
        if after.has_terms_of(&before) {
            return Ok(Outcome::Event(before.shown()));
        }
        // What has not started is on sale from now on as the event says.
        if (before.from, before.until) != (after.from, after.until) {
            for slot in self.slots.iter_mut().filter(|it| it.event == n && it.starts > self.now) {
                (slot.from, slot.until) = after.sale(slot.starts);
            }
        }
        self.events[n] = Event { version: before.version + 1, ..after };
        Ok(Outcome::Event(self.events[n].shown()))
    }

    fn clone_event(&mut self, n: usize, number: u8, schedules: bool) -> Decided {
        let slug = format!("neu-{number}");
        // Also of one that was deleted.
        if self.events.iter().any(|event| event.slug == slug) {
            return Err("slug_taken");
        }
        let mut new =
            Event { slug, state: EventState::Draft, version: 1, ..self.events[n].clone() };
        new.schedules.iter_mut().for_each(|schedule| schedule.made.clear());
        new.schedules.retain(|_| schedules);
        let shown = new.shown();
        self.events.push(new);
        Ok(Outcome::Event(shown))
    }
}

/// Whether anything may still become of an event.
fn is_open(state: EventState) -> Result<(), &'static str> {
    match state {
        EventState::Draft | EventState::Published => Ok(()),
        EventState::Cancelled => Err("event_cancelled"),
        EventState::Completed => Err("event_completed"),
    }
}
