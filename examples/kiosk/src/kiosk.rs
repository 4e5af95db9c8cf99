//! What is chosen, held and sold, and what a key does to it. Knows no terminal and no clock.

use std::collections::BTreeSet;

use venue_core::domain::inventory::UnitState;
use venue_core::domain::view::{MapSeat, SlotMap};
use venue_core::{BookingView, Instant};

use crate::hall::{Hall, Way};

/// A key, as far as it means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// To another seat.
    Go(Way),
    /// Take this seat, or leave it.
    Choose,
    /// Hold what is chosen; sell what is held; go on after the ticket.
    Enter,
    /// Give back what is held, or choose nothing.
    Back,
    /// Leave.
    Leave,
}

/// What the office has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Nothing.
    Nothing,
    /// Hold these seats.
    Hold(Vec<String>),
    /// Sell this hold.
    Sell(Box<BookingView>),
    /// Give this hold back.
    Release(Box<BookingView>),
    /// Close.
    Leave,
}

/// How far a sale is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Seats are chosen.
    Choosing,
    /// They are held, until the countdown ends.
    Held(Box<BookingView>),
    /// They are sold.
    Sold(Box<BookingView>),
}

/// A sale on its way.
#[derive(Debug, Clone)]
pub struct Kiosk {
    /// The slot with every seat.
    pub map: SlotMap,
    /// Where the seats stand.
    pub hall: Hall,
    /// The seat under the cursor.
    pub at: usize,
    /// The seats that were chosen, by their place in the map.
    pub chosen: BTreeSet<usize>,
    /// How far the sale is.
    pub stage: Stage,
    /// What was last said.
    pub message: String,
}

impl Kiosk {
    /// At the beginning of a sale: the cursor is on the free seat that is nearest to the middle of the first line.
    pub fn new(map: SlotMap) -> Self {
        let hall = Hall::new(&map.seats);
        let middle = hall.cells.iter().map(|cell| cell.0).max().unwrap_or(0) / 2;
        let far = |seat: &usize| (hall.cells[*seat].1, hall.cells[*seat].0.abs_diff(middle));
        let free = (0..map.seats.len()).filter(|seat| map.seats[*seat].state == UnitState::Free);
        let at = free.min_by_key(far).unwrap_or(0);
        let message = "choose seats".to_owned();
        Self { map, hall, at, chosen: BTreeSet::new(), stage: Stage::Choosing, message }
    }

    /// The seat under the cursor; none in a hall without seats.
    pub fn seat(&self) -> Option<&MapSeat> {
        self.map.seats.get(self.at)
    }

    /// A key was pressed.
    pub fn press(&mut self, key: Key) -> Act {
        match (key, &self.stage) {
            (Key::Leave, _) => return Act::Leave,
            (Key::Go(way), _) => self.at = self.hall.beside(self.at, way).unwrap_or(self.at),
            (Key::Choose, Stage::Choosing) => self.choose(),
            (Key::Enter, Stage::Choosing) if self.chosen.is_empty() => {
                "choose a seat first".clone_into(&mut self.message);
            }
            (Key::Enter, Stage::Choosing) => {
                let seats = self.chosen.iter().filter_map(|seat| self.map.seats.get(*seat));
                return Act::Hold(seats.map(|seat| seat.seat.to_string()).collect());
            }
            (Key::Back, Stage::Choosing) => self.chosen.clear(),
            (Key::Enter, Stage::Held(hold)) => return Act::Sell(hold.clone()),
            (Key::Back, Stage::Held(hold)) => return Act::Release(hold.clone()),
            (Key::Choose, Stage::Held(_)) => {
                "sell or give back what is held first".clone_into(&mut self.message);
            }
            (Key::Choose | Key::Enter | Key::Back, Stage::Sold(_)) => self.begin("choose seats"),
        }
        Act::Nothing
    }

    fn choose(&mut self) {
        let Some(seat) = self.map.seats.get(self.at) else { return };
        if self.chosen.remove(&self.at) {
            self.message = format!("{} is not chosen any more", seat.label);
        } else if seat.state == UnitState::Free {
            self.chosen.insert(self.at);
            self.message = format!("{} is chosen", seat.label);
        } else {
            self.message = format!("{} is not free", seat.label);
        }
    }

    fn begin(&mut self, message: &str) {
        self.chosen.clear();
        self.stage = Stage::Choosing;
        message.clone_into(&mut self.message);
    }

    /// The seats are as they are now: chosen ones that somebody else has got are chosen no more.
    pub fn learn(&mut self, map: SlotMap) {
        if map.seats.len() != self.map.seats.len() {
            self.hall = Hall::new(&map.seats);
            self.at = 0;
            self.chosen.clear();
        }
        self.map = map;
        let seats = &self.map.seats;
        if let Stage::Held(hold) = &self.stage {
            let ours = |seat: &&MapSeat| {
                hold.units.iter().any(|unit| unit.seat.as_ref() == Some(&seat.seat))
            };
            if seats.iter().filter(ours).any(|seat| seat.state != UnitState::Held) {
                self.begin("what was held here was ended by somebody else");
            }
        }
        if self.stage != Stage::Choosing {
            return;
        }
        let seats = &self.map.seats;
        let gone = |seat: &usize| seats.get(*seat).is_none_or(|seat| seat.state != UnitState::Free);
        let lost: Vec<usize> = self.chosen.iter().copied().filter(gone).collect();
        for seat in lost {
            self.chosen.remove(&seat);
            self.message = format!("{} was taken by somebody else", seats[seat].label);
        }
    }

    /// The seats are held, sold, or given back, or were not.
    pub fn done(&mut self, outcome: Result<Stage, String>) {
        match outcome {
            Ok(Stage::Choosing) => self.begin("given back"),
            Ok(stage) => {
                let said = if matches!(stage, Stage::Held(_)) { "held" } else { "sold" };
                said.clone_into(&mut self.message);
                self.stage = stage;
            }
            Err(why) => self.message = why,
        }
    }

    /// Time goes by: a hold that is over is gone, whoever sweeps.
    pub fn look_at_the_clock(&mut self, now: Instant) {
        if let Stage::Held(hold) = &self.stage
            && hold.expires_at.is_none_or(|until| until <= now)
        {
            self.begin("the time is over: the seats are free again");
        }
    }

    /// What is left of the hold, in minutes and seconds.
    pub fn countdown(&self, now: Instant) -> Option<String> {
        let Stage::Held(hold) = &self.stage else { return None };
        let left = hold.expires_at?.micros().saturating_sub(now.micros()).max(0);
        // Rounded up: at 0:00 it is over.
        let seconds = (left + 999_999) / 1_000_000;
        Some(format!("{}:{:02}", seconds / 60, seconds % 60))
    }
}

/// The tickets of a booking, as text.
pub fn tickets(booking: &BookingView, map: &SlotMap) -> Vec<String> {
    let rule = "-".repeat(38);
    let mut lines = vec![rule.clone()];
    for ticket in &booking.tickets {
        let label = ticket.seat.as_ref().and_then(|seat| {
            let known = map.seats.iter().find(|known| known.seat == *seat);
            known.map(|known| known.label.to_string())
        });
        lines.push(format!("TICKET {}", ticket.number));
        lines.push(format!("{} at {}", map.slot.event, map.slot.hall));
        lines.push(map.slot.local.split('[').next().unwrap_or_default().replace('T', " "));
        lines.push(format!("seat {}", label.unwrap_or_default()));
        lines.push(rule.clone());
    }
    lines.push(format!("total {}", booking.total));
    lines
}
