//! The rules of slots: called off, moved, made of schedules, and how they are shown.

use super::command::{Care, Who};
use super::rules::Decided;
use super::season::{self, Event, Slot};
use super::{EventState, Figures, HOUR, Model, Outcome, SECOND, State};

/// What became of whom when a slot was called off, or would.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Off {
    /// When it was; none: it was only asked.
    pub at: Option<i64>,
    /// Slots that were.
    pub slots: i64,
    /// Holds that were released.
    pub holds: i64,
    /// Bookings that were cancelled.
    pub bookings: i64,
    /// Units that both had.
    pub units: i64,
    /// What is due for refund, in minor units.
    pub refund: i64,
}

/// A slot as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotShown {
    /// What it is to the public.
    pub state: &'static str,
    /// From when to when.
    pub times: [i64; 2],
    /// From when to when it is on sale to the public.
    pub sale: (Option<i64>, i64),
    /// What a seat of the first row costs.
    pub price: i64,
    /// How many units are what.
    pub figures: Figures,
}

impl Model {
    /// A slot as it is now; none if it is found nowhere.
    pub fn slot_shown(&self, place: usize) -> Option<SlotShown> {
        let slot = &self.slots[place];
        let event = &self.events[slot.event];
        let state = match self.slot_sells(Who::Public { token: false }, place) {
            Ok(()) => "open",
            Err("slot_cancelled") => "cancelled",
            Err(reason) => reason,
        };
        let shown = SlotShown {
            state,
            times: [slot.starts, slot.ends],
            sale: (slot.from, slot.until),
            price: event.prices[0],
            figures: self.figures(place),
        };
        Some(shown).filter(|_| !event.deleted)
    }

    /// A slot by its event and the wall clock of its venue.
    pub fn slot_name(&self, place: usize) -> String {
        let slot = &self.slots[place];
        format!("{}@{}", self.events[slot.event].slug, season::local(slot.starts))
    }

    /// True if no other slot has its name.
    pub fn has_own_name(&self, place: usize) -> bool {
        let slot = &self.slots[place];
        let same = |other: &&Slot| (other.event, other.starts) == (slot.event, slot.starts);
        self.slots.iter().filter(same).count() == 1
    }

    /// Where slots begin and end this winter, and a moment before.
    pub fn places_in_time(&self) -> Vec<i64> {
        let soon = self.slots.iter().filter(|slot| slot.starts < 3_500 * HOUR);
        let edges =
            soon.flat_map(|slot| [slot.starts, slot.ends, slot.ends - SECOND, slot.starts - HOUR]);
        edges.collect()
    }

    pub(super) fn call_off(&mut self, place: usize, care: Care) -> Decided {
        let slot = &self.slots[place];
        if slot.cancelled {
            return Err("slot_cancelled");
        }
        if slot.ends <= self.now || self.events[slot.event].state == EventState::Completed {
            return Err("over");
        }
        match care {
            Care::Stale => Err("stale_version"),
            Care::DryRun => Ok(Outcome::CalledOff(None, self.would_end(place))),
            Care::None => Ok(Outcome::CalledOff(None, self.end(place))),
        }
    }

    /// What calling a slot off would come to.
    pub(super) fn would_end(&self, place: usize) -> Off {
        let mut off = Off { slots: 1, ..Off::default() };
        for booking in self.bookings.iter().filter(|booking| booking.slot == place) {
            match booking.at(self.now) {
                State::Held(_) => off.holds += 1,
                State::Confirmed => {
                    off.bookings += 1;
                    off.refund += booking.refund();
                }
                State::Released(_) | State::Expired(_) | State::Cancelled(_) => {}
            }
            off.units += booking.size(self.now);
        }
        off
    }

    /// Calls a slot off: holds are released, bookings cancelled, units free. What staff keep back stays so.
    pub(super) fn end(&mut self, place: usize) -> Off {
        let off = Off { at: Some(self.now), ..self.would_end(place) };
        self.slots[place].cancelled = true;
        let now = self.now;
        for booking in self.bookings.iter_mut().filter(|booking| booking.slot == place) {
            booking.called_off |= booking.is_live(now);
            booking.state = match booking.at(now) {
                State::Held(_) => State::Released(now),
                State::Confirmed => State::Cancelled(now),
                over => over,
            };
        }
        off
    }

    pub(super) fn postpone(&mut self, place: usize, to: i64, care: Care) -> Decided {
        let slot = self.slots[place].clone();
        let event = &self.events[slot.event];
        if slot.ends <= self.now || event.state == EventState::Completed {
            return Err("over");
        }
        if slot.cancelled || event.state == EventState::Cancelled {
            return Err("slot_cancelled");
        }
        if care == Care::Stale {
            return Err("stale_version");
        }
        let ends = to + slot.ends - slot.starts;
        if to != slot.starts {
            if to <= self.now {
                return Err("not_in_future");
            }
            if self.in_the_way(to, ends, Some(place)) {
                return Err("collision");
            }
        }
        let off = self.would_end(place);
        if to != slot.starts && care == Care::None {
            let (from, until) = event.sale(to);
            self.slots[place] = Slot { starts: to, ends, from, until, ..slot };
        }
        Ok(Outcome::Moved(to, ends, [off.holds, off.bookings, off.units]))
    }

    /// Whether something takes place in the hall at that time; all events are in the one hall.
    fn in_the_way(&self, starts: i64, ends: i64, but: Option<usize>) -> bool {
        self.slots.iter().enumerate().any(|(place, other)| {
            let counts = !other.cancelled && !self.events[other.event].deleted;
            counts && but != Some(place) && starts < other.ends && other.starts < ends
        })
    }

    /// Makes the slots that schedules lack: by schedule all, or none if one is in the way.
    pub(super) fn generate(&mut self, engine: usize) -> Outcome {
        let lives = |(_, event): &(usize, &Event)| !event.deleted;
        let listed = self.events.iter().enumerate().filter(lives);
        let mut order: Vec<(String, usize, usize)> = listed
            .flat_map(|(n, event)| {
                (0..event.schedules.len()).map(move |it| (event.slug.clone(), n, it))
            })
            .collect();
        order.sort();
        let mut made = Vec::new();
        for (slug, event, schedule) in order {
            self.now = match self.clocks.batch(engine) {
                Ok(now) => now,
                Err(code) => return Outcome::Refused(code),
            };
            made.push((format!("{slug}#{}", schedule + 1), self.make_slots(event, schedule)));
        }
        Outcome::Made(made)
    }

    fn make_slots(&mut self, event: usize, schedule: usize) -> Option<u64> {
        let of = &self.events[event];
        if !matches!(of.state, EventState::Draft | EventState::Published) {
            return Some(0);
        }
        let before = self.slots.len();
        for date in self.to_make(event, schedule) {
            if self.in_the_way(date, date + self.events[event].duration, None) {
                self.slots.truncate(before);
                return None;
            }
            self.slots.push(Slot::new(event, &self.events[event], date));
        }
        let made: Vec<i64> = self.slots[before..].iter().map(|slot| slot.starts).collect();
        self.events[event].schedules[schedule].made.extend(&made);
        u64::try_from(made.len()).ok()
    }

    /// The dates of a schedule that have never been made and have not started.
    pub(super) fn to_make(&self, event: usize, schedule: usize) -> Vec<i64> {
        let schedule = &self.events[event].schedules[schedule];
        let to_come = schedule.dates.difference(&schedule.made).filter(|date| **date > self.now);
        to_come.copied().collect()
    }
}
