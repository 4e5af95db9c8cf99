//! The rules, as they are written: the order of checks, the state table, the inventory.

use super::command::{Act, Command, Pay, What, Who};
use super::{Booking, CAPACITY, EventState, Line, Model, Outcome, SEATS, State, Unit, size};

pub(super) type Decided = Result<Outcome, &'static str>;

/// Whether the role may do such a thing at all.
pub(super) fn role_may(command: &Command) -> bool {
    match &command.act {
        Act::Hold(..) | Act::Confirm(..) | Act::Extend(_) | Act::Release(_) => true,
        Act::Sell(..) | Act::Expire(_) | Act::Cancel(..) => command.who.is_staff(),
        Act::House { .. }
        | Act::Switch(..)
        | Act::CallOff(..)
        | Act::Postpone(..)
        | Act::Event(..) => command.who == Who::Organizer,
    }
}

/// Whether the caller may act on the booking: staff, its token, its buyer.
fn may_act_on(who: Who, booking: &Booking) -> bool {
    match who {
        Who::Public { token } => token && booking.token,
        Who::Customer(buyer) => booking.buyer == Some(buyer),
        Who::Terminal | Who::Organizer => true,
    }
}

impl Model {
    pub(super) fn decide(&mut self, command: &Command) -> Decided {
        let who = command.who;
        // What is of an event that was deleted is found nowhere.
        let about = command.act.booking().and_then(|booking| self.bookings.get(booking));
        let slot = command.act.slot().or(about.map(|booking| booking.slot));
        let event = command.act.event().or(slot.map(|slot| self.slots[slot].event));
        if event.is_some_and(|event| self.events[event].deleted) {
            return Err("not_found");
        }
        match &command.act {
            Act::Hold(slot, what, ttl, buyer) => self.hold(who, *slot, what, *ttl, *buyer),
            Act::Sell(slot, what, pay, buyer) => self.sell(who, *slot, what, *pay, *buyer),
            Act::Confirm(booking, pay) => self.confirm(who, *booking, *pay),
            Act::Extend(booking) => self.extend(who, *booking),
            Act::Release(booking) => self.release(who, *booking),
            Act::Expire(booking) => self.expire(*booking),
            Act::Cancel(booking, line) => self.cancel(*booking, *line),
            Act::House { slot, what, kill, lift } => self.house(*slot, what, *kill, *lift),
            Act::Switch(slot, closed) => {
                if self.slots[*slot].cancelled {
                    return Err("slot_cancelled");
                }
                self.slots[*slot].closed = *closed;
                Ok(Outcome::Closed(*closed))
            }
            Act::CallOff(slot, care) => self.call_off(*slot, *care),
            Act::Postpone(slot, to, care) => self.postpone(*slot, *to, *care),
            Act::Event(event, act, version) => self.event_act(*event, act, *version),
        }
    }

    /// Whether a slot sells to somebody; if not, the first reason.
    pub(super) fn slot_sells(&self, who: Who, slot: usize) -> Result<(), &'static str> {
        let slot = &self.slots[slot];
        let event = self.events[slot.event].state;
        let on_sale = slot.from.is_none_or(|from| from <= self.now) && self.now < slot.until;
        if slot.ends <= self.now {
            Err("over")
        } else if slot.cancelled || event == EventState::Cancelled {
            Err("slot_cancelled")
        } else if slot.closed {
            Err("closed")
        } else if event == EventState::Completed {
            Err("over")
        } else if event == EventState::Draft || !who.is_staff() && !on_sale {
            Err("not_on_sale")
        } else {
            Ok(())
        }
    }

    /// Whether anything may still be done to a live booking: not while all of its slot's are about to end.
    fn takes_place(&self, booking: usize) -> Result<(), &'static str> {
        let slot = &self.slots[self.bookings[booking].slot];
        let event_is_off = self.events[slot.event].state == EventState::Cancelled;
        if slot.cancelled || event_is_off && self.now < slot.ends {
            return Err("slot_cancelled");
        }
        Ok(())
    }

    /// The lines of what is asked, if it may be had.
    fn choose(
        &self,
        who: Who,
        slot: usize,
        what: &What,
        buyer: Option<u8>,
    ) -> Result<Vec<Line>, &'static str> {
        self.slot_sells(who, slot)?;
        let asked = match what {
            What::Seats(seats) => i64::try_from(seats.len()).unwrap_or(0),
            What::Places(places) | What::Nowhere(places) => *places,
        };
        let terms = &self.events[self.slots[slot].event];
        if asked > terms.per_booking {
            return Err("booking_limit");
        }
        match (terms.per_buyer, buyer) {
            (Some(_), None) if !who.is_staff() => return Err("buyer_needed"),
            (Some(most), Some(buyer)) if self.has(slot, buyer) + asked > most => {
                return Err("buyer_limit");
            }
            _ => {}
        }
        let units: Vec<Unit> = match what {
            What::Nowhere(_) => return Err("not_found"),
            What::Seats(seats) if seats.contains(&12) => return Err("not_found"),
            What::Seats(seats) => {
                let taken = |seat: &usize| match self.keeper(slot, *seat) {
                    "free" => false,
                    "house" => !who.is_staff(),
                    _ => true,
                };
                if seats.iter().any(taken) {
                    return Err("seats_taken");
                }
                seats.iter().map(|seat| Unit::Seat(*seat)).collect()
            }
            What::Places(places) => {
                let free = self.free_places(slot);
                let held = self.booked_places(slot, |state| matches!(state, State::Held(_)));
                if free < *places {
                    return Err(match (free, held) {
                        (1.., _) => "not_enough_free",
                        (_, 1..) => "all_held",
                        _ => "sold_out",
                    });
                }
                vec![Unit::Places(*places)]
            }
        };
        let prices = terms.prices;
        let line = |unit| Line { unit, price: price(prices, unit), live: true };
        Ok(units.into_iter().map(line).collect())
    }

    /// How many units of a slot a buyer's live bookings have.
    fn has(&self, slot: usize, buyer: u8) -> i64 {
        let own = self.bookings.iter().filter(|b| b.slot == slot && b.buyer == Some(buyer));
        own.flat_map(|booking| booking.live_units(self.now)).map(size).sum()
    }

    /// What a seat is.
    fn keeper(&self, slot: usize, seat: usize) -> &'static str {
        for booking in self.bookings.iter().filter(|booking| booking.slot == slot) {
            if booking.live_units(self.now).any(|unit| unit == Unit::Seat(seat)) {
                return if booking.at(self.now) == State::Confirmed { "sold" } else { "held" };
            }
        }
        match (self.slots[slot].house.contains(&seat), self.slots[slot].killed.contains(&seat)) {
            (true, _) => "house",
            (_, true) => "killed",
            _ => "free",
        }
    }

    fn booked_places(&self, slot: usize, which: impl Fn(State) -> bool) -> i64 {
        let of_slot = self.bookings.iter().filter(|booking| booking.slot == slot);
        let live = of_slot.filter(|booking| which(booking.at(self.now)));
        live.flat_map(|booking| booking.live_units(self.now))
            .map(|unit| if let Unit::Places(places) = unit { places } else { 0 })
            .sum()
    }

    fn free_places(&self, slot: usize) -> i64 {
        let kept = &self.slots[slot];
        CAPACITY - self.booked_places(slot, |_| true) - kept.house_places - kept.killed_places
    }

    /// For whom: the one named, else the customer.
    fn make(&mut self, slot: usize, buyer: Option<u8>, lines: Vec<Line>, state: State, ttl: i64) {
        // Only staff sell at once, and what they do is paid.
        let paid = state == State::Confirmed;
        for line in &lines {
            if let Unit::Seat(seat) = line.unit {
                self.slots[slot].house.remove(&seat);
            }
        }
        let token = ttl > 0;
        let created = self.now;
        let called_off = false;
        let new = Booking { slot, buyer, token, ttl, created, state, lines, paid, called_off };
        self.bookings.push(new);
    }

    fn newest(&self) -> Outcome {
        Outcome::Booking(self.bookings[self.bookings.len() - 1].shown(self.now))
    }

    fn hold(
        &mut self,
        who: Who,
        slot: usize,
        what: &What,
        ttl: Option<i64>,
        buyer: Option<u8>,
    ) -> Decided {
        let buyer = buyer_of(who, buyer);
        let lines = self.choose(who, slot, what, buyer)?;
        let usual = self.events[self.slots[slot].event].hold;
        let ttl = match ttl {
            None => usual,
            Some(ttl) if who.is_staff() => ttl,
            Some(ttl) => ttl.min(usual),
        };
        self.make(slot, buyer, lines, State::Held(self.now + ttl), ttl);
        Ok(self.newest())
    }

    fn sell(&mut self, who: Who, slot: usize, what: &What, pay: Pay, buyer: Option<u8>) -> Decided {
        let buyer = buyer_of(who, buyer);
        let lines = self.choose(who, slot, what, buyer)?;
        self.pay(pay)?;
        self.make(slot, buyer, lines, State::Confirmed, 0);
        Ok(self.newest())
    }

    fn pay(&mut self, pay: Pay) -> Result<(), &'static str> {
        match pay {
            Pay::Silent => Ok(()),
            Pay::Wrong(_) => Err("payment_mismatch"),
            Pay::Card(name) if self.payments.contains(&name) => Err("payment_used"),
            Pay::Card(name) => {
                self.payments.insert(name);
                Ok(())
            }
        }
    }

    fn found(&self, booking: usize) -> Result<&Booking, &'static str> {
        self.bookings.get(booking).ok_or("not_found")
    }

    /// The row of the state table for everything but expire and cancel.
    fn must_be_held(&self, booking: usize) -> Result<i64, &'static str> {
        match self.bookings[booking].at(self.now) {
            State::Held(until) => Ok(until),
            State::Expired(_) => Err("hold_expired"),
            State::Confirmed => Err("already_confirmed"),
            State::Released(_) => Err("released"),
            State::Cancelled(_) => Err("cancelled"),
        }
    }

    fn turn(&mut self, booking: usize, state: State) -> Outcome {
        self.bookings[booking].state = state;
        Outcome::Booking(self.bookings[booking].shown(self.now))
    }

    fn confirm(&mut self, who: Who, booking: usize, pay: Pay) -> Decided {
        if !may_act_on(who, self.found(booking)?) {
            return Err("forbidden");
        }
        self.must_be_held(booking)?;
        self.takes_place(booking)?;
        self.pay(pay)?;
        self.bookings[booking].paid = pay != Pay::Silent || who.is_staff();
        Ok(self.turn(booking, State::Confirmed))
    }

    fn extend(&mut self, who: Who, booking: usize) -> Decided {
        let found = self.found(booking)?.clone();
        if !may_act_on(who, &found) {
            return Err("forbidden");
        }
        self.slot_sells(who, found.slot)?;
        let until = self.must_be_held(booking)?;
        let max_hold = self.events[self.slots[found.slot].event].max_hold;
        let longer = (self.now + found.ttl).min(found.created + max_hold);
        if longer <= until {
            return Err("extend_limit");
        }
        Ok(self.turn(booking, State::Held(longer)))
    }

    fn release(&mut self, who: Who, booking: usize) -> Decided {
        if !may_act_on(who, self.found(booking)?) {
            return Err("forbidden");
        }
        self.must_be_held(booking)?;
        self.takes_place(booking)?;
        Ok(self.turn(booking, State::Released(self.now)))
    }

    fn expire(&mut self, booking: usize) -> Decided {
        match self.found(booking)?.at(self.now) {
            State::Held(_) => Err("not_due"),
            State::Expired(at) => Ok(self.turn(booking, State::Expired(at))),
            State::Confirmed => Err("already_confirmed"),
            State::Released(_) => Err("released"),
            State::Cancelled(_) => Err("cancelled"),
        }
    }

    fn cancel(&mut self, booking: usize, line: Option<u32>) -> Decided {
        match self.found(booking)?.at(self.now) {
            State::Held(_) => return Err("not_confirmed"),
            State::Expired(_) => return Err("hold_expired"),
            State::Released(_) => return Err("released"),
            State::Cancelled(_) => return Err("cancelled"),
            State::Confirmed => {}
        }
        self.takes_place(booking)?;
        let lines = &mut self.bookings[booking].lines;
        match line {
            None => lines.iter_mut().for_each(|line| line.live = false),
            Some(n) => {
                let line = usize::try_from(n - 1).ok().and_then(|place| lines.get_mut(place));
                let line = line.ok_or("not_found")?;
                if !line.live {
                    return Err("cancelled");
                }
                line.live = false;
            }
        }
        let live = lines.iter().any(|line| line.live);
        let state = if live { State::Confirmed } else { State::Cancelled(self.now) };
        Ok(self.turn(booking, state))
    }

    fn house(&mut self, slot: usize, what: &What, kill: bool, lift: bool) -> Decided {
        if self.slots[slot].cancelled {
            return Err("slot_cancelled");
        }
        match what {
            What::Nowhere(_) => Err("not_found"),
            What::Seats(seats) if seats.contains(&12) => Err("not_found"),
            What::Seats(seats) => {
                let wanted = match (lift, kill) {
                    (false, _) => "free",
                    (true, false) => "house",
                    (true, true) => "killed",
                };
                let (mut changed, mut refused) = (Vec::new(), Vec::new());
                for seat in seats {
                    let is = self.keeper(slot, *seat);
                    if is != wanted {
                        refused.push(format!("{}:{is}", SEATS[*seat]));
                        continue;
                    }
                    changed.push(SEATS[*seat].to_owned());
                    let kept = &mut self.slots[slot];
                    let set = if kill { &mut kept.killed } else { &mut kept.house };
                    if lift {
                        set.remove(seat)
                    } else {
                        set.insert(*seat)
                    };
                }
                let units = i64::try_from(changed.len()).unwrap_or(0);
                if units == 0 {
                    Err("seats_taken")
                } else {
                    Ok(Outcome::House(changed, units, refused))
                }
            }
            What::Places(places) => {
                let free = self.free_places(slot);
                let kept = &mut self.slots[slot];
                let has = if kill { &mut kept.killed_places } else { &mut kept.house_places };
                let available = if lift { *has } else { free };
                if available < *places {
                    return Err("not_enough_free");
                }
                *has += if lift { -places } else { *places };
                Ok(Outcome::House(vec!["Stand".to_owned()], *places, vec![]))
            }
        }
    }
}

fn buyer_of(who: Who, named: Option<u8>) -> Option<u8> {
    match who {
        Who::Customer(buyer) => Some(buyer),
        Who::Public { .. } | Who::Terminal | Who::Organizer => named,
    }
}

/// What units cost at these prices: of a seat of row A, one of row B, and a place.
fn price([parkett, balkon, stand]: [i64; 3], unit: Unit) -> i64 {
    match unit {
        Unit::Seat(seat) if seat < 6 => parkett,
        Unit::Seat(_) => balkon,
        Unit::Places(places) => stand * places,
    }
}
