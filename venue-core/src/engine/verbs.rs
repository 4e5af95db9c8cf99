//! The verbs as methods, with their own types.

use crate::domain::booking::BookingView;
use crate::domain::caller::Caller;
use crate::domain::error::Error;
use crate::domain::reply::{
    EventCancelDone, HouseDone, Reply, ScheduleChanged, SlotCancelDone, SlotPostponed, SlotSwitched,
};
use crate::domain::request::{
    Cancel, Confirm, EventCancel, EventClone, EventCreate, EventEdit, EventSwitch, Expire, Extend,
    Hold, House, Release, ScheduleAdd, ScheduleEdit, Sell, SlotCancel, SlotPostpone, SlotSwitch,
    Verb,
};
use crate::domain::view::EventView;

use super::{Engine, Request};

macro_rules! verbs {
    ($($(#[$doc:meta])* $method:ident($request:ident) -> $reply:ident as $variant:ident;)*) => {
        $(impl From<$request> for Verb {
            fn from(request: $request) -> Self {
                Self::$request(request)
            }
        })*

        impl Engine {
            $(
                $(#[$doc])*
                pub fn $method(&self, caller: &Caller, request: $request) -> Result<$reply, Error> {
                    match self.call(Request::new(caller, request))? {
                        Reply::$variant(reply) => Ok(verbs!(@unboxed $variant reply)),
                        other => Err(Error::Bug { message: format!("unlike answer: {other:?}") }),
                    }
                }
            )*
        }
    };
    (@unboxed Booking $reply:ident) => { *$reply };
    (@unboxed Schedule $reply:ident) => { *$reply };
    (@unboxed SlotPostpone $reply:ident) => { *$reply };
    (@unboxed Event $reply:ident) => { *$reply };
    (@unboxed EventCancel $reply:ident) => { *$reply };
    (@unboxed $variant:ident $reply:ident) => { $reply };
}

verbs! {
    /// Takes units for a while, all of them or none. The answer carries the hold token.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (slot), `over`, `slot_cancelled`, `closed`, `not_on_sale`,
    /// `booking_limit`, `buyer_needed`, `buyer_limit`, `not_found` (seats, area), `seats_taken`, `all_held`,
    /// `sold_out`, `not_enough_free`, in this order; else as by [`Engine::call`].
    ///
    /// # Concurrency
    /// Of two that ask for the same last unit, the one whose command was queued first gets it.
    hold(Hold) -> BookingView as Booking;
    /// Holds and confirms in one durable step: the box office's normal act.
    ///
    /// # Errors
    /// As by [`Engine::hold`], then refused `payment_mismatch`, `payment_used`.
    sell(Sell) -> BookingView as Booking;
    /// Makes a live hold final and issues its tickets. Needs the token ([`Request::token`]), the booking's
    /// buyer, or a role that acts for others.
    ///
    /// # Errors
    /// Refused `not_found`, `forbidden`, `hold_expired`, `already_confirmed`, `released`, `cancelled`,
    /// `payment_mismatch`, `payment_used`, in this order; else as by [`Engine::call`].
    confirm(Confirm) -> BookingView as Booking;
    /// Makes a live hold live longer, by its own length, up to the event's bound.
    ///
    /// # Errors
    /// Refused `not_found`, `forbidden`, the slot's state, the booking's state, `extend_limit`.
    extend(Extend) -> BookingView as Booking;
    /// Gives a live hold back.
    ///
    /// # Errors
    /// Refused `not_found`, `forbidden`, then the booking's state.
    release(Release) -> BookingView as Booking;
    /// Writes down that a hold's time ran out. On an expired booking it is done and changes nothing.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `not_due`, `already_confirmed`, `released`, `cancelled`.
    expire(Expire) -> BookingView as Booking;
    /// Undoes a confirmed booking, or some of its lines; with its last line the booking is cancelled.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (booking), `hold_expired`, `not_confirmed`, `released`, `cancelled`,
    /// `not_found` (lines).
    cancel(Cancel) -> BookingView as Booking;
    /// Withholds units from the public, as house holds or kills, or gives them free again, each for itself.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `slot_cancelled`, `seats_taken` or `not_enough_free` if none changed.
    house(House) -> HouseDone as House;
    /// Gives an event another schedule. Its slots are made by [`Engine::schedule_generate`].
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (event), `stale_version`, `too_many_schedules`; invalid `argument` if the
    /// rule does not fit the event; refused `too_many_slots`; else as by [`Engine::call`].
    schedule_add(ScheduleAdd) -> ScheduleChanged as Schedule;
    /// Gives a schedule another rule. Slots that are there stay where they are: [`Engine::schedule_drift`] says
    /// which are not where the rule puts them, and mends what nobody has anything of.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (schedule), `stale_version`; invalid `argument`; refused
    /// `too_many_slots`; else as by [`Engine::call`].
    schedule_edit(ScheduleEdit) -> ScheduleChanged as Schedule;
    /// Cancels a slot: it does not take place. Its state flips at once; then its holds are released and its bookings
    /// cancelled and marked for refund, in steps between which others have their turn, and the answer comes when all
    /// is done. Left half way, by a kill or a failure, the next such call goes on, and so does [`Engine::sweep`].
    /// House holds and kills stay as they are. With `dry_run` it is only counted.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `over`, `slot_cancelled` (with the time, once it is all done),
    /// `stale_version`; `unknown` if it was begun and not ended: ask again with the key.
    slot_cancel(SlotCancel) -> SlotCancelDone as SlotCancel;
    /// Moves a slot to another time, with its length and everything that was booked: bookings keep their ids. The
    /// sale to the public is what the event says for the new time. Its schedule does not make the old date again.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `over`, `slot_cancelled`, `stale_version`; invalid `argument` (the venue's
    /// clock skips the time or shows it twice); refused `not_in_future`, `collision`.
    slot_postpone(SlotPostpone) -> SlotPostponed as SlotPostpone;
    /// Makes an event, a draft or published, without schedules and slots.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (the hall), `slug_taken`; invalid `argument` (prices, max_hold).
    event_create(EventCreate) -> EventView as Event;
    /// Changes the terms of an event that are named. Prices are for what is sold from then on; slots that have not
    /// started are on sale as the event says then; holds and bookings stay as they are.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found` (the event), `event_cancelled`, `event_completed`, `stale_version`,
    /// `not_found` (the hall), `fixed`; invalid `argument` (prices, max_hold).
    event_edit(EventEdit) -> EventView as Event;
    /// Calls an event off: its state flips at once, and nothing of it is sold any more; then each of its slots that is
    /// not over is cancelled as by [`Engine::slot_cancel`]. With `dry_run` it is only counted.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `event_cancelled` (with the time, once it is all done), `event_completed`,
    /// `stale_version`; `unknown` if it was begun and not ended: ask again with the key.
    event_cancel(EventCancel) -> EventCancelDone as EventCancel;
    /// Makes a draft with the terms and prices of another event.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `slug_taken`; invalid `argument` (prices).
    event_clone(EventClone) -> EventView as Event;
}

impl Engine {
    /// Opens a slot that was closed.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `stale_version`, `slot_cancelled`.
    pub fn slot_open(&self, caller: &Caller, request: SlotSwitch) -> Result<SlotSwitched, Error> {
        self.switch(caller, Verb::SlotOpen(request))
    }

    /// Closes a slot: nothing new is sold; live holds may still be confirmed.
    ///
    /// # Errors
    /// As by [`Engine::slot_open`].
    pub fn slot_close(&self, caller: &Caller, request: SlotSwitch) -> Result<SlotSwitched, Error> {
        self.switch(caller, Verb::SlotClose(request))
    }

    /// Publishes a draft event. A published one stays as it is.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `event_cancelled`, `event_completed`, `stale_version`.
    pub fn event_publish(&self, caller: &Caller, request: EventSwitch) -> Result<EventView, Error> {
        self.event(caller, Verb::EventPublish(request))
    }

    /// Closes the book on a published event whose slots are all over or cancelled.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `event_draft`, `event_cancelled`, `event_completed`, `stale_version`,
    /// `not_over`.
    pub fn event_complete(
        &self,
        caller: &Caller,
        request: EventSwitch,
    ) -> Result<EventView, Error> {
        self.event(caller, Verb::EventComplete(request))
    }

    /// Deletes an event without live bookings: it and its slots are found nowhere any more, and its slug is spent.
    ///
    /// # Errors
    /// Refused `forbidden`, `not_found`, `stale_version`, `live_bookings`.
    pub fn event_delete(&self, caller: &Caller, request: EventSwitch) -> Result<EventView, Error> {
        self.event(caller, Verb::EventDelete(request))
    }

    fn event(&self, caller: &Caller, verb: Verb) -> Result<EventView, Error> {
        match self.call(Request::new(caller, verb))? {
            Reply::Event(reply) => Ok(*reply),
            other => Err(Error::Bug { message: format!("unlike answer: {other:?}") }),
        }
    }

    fn switch(&self, caller: &Caller, verb: Verb) -> Result<SlotSwitched, Error> {
        match self.call(Request::new(caller, verb))? {
            Reply::Slot(reply) => Ok(reply),
            other => Err(Error::Bug { message: format!("unlike answer: {other:?}") }),
        }
    }
}
