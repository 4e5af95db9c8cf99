//! Refusals: a rule said no. Each carries its facts by name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::booking_state::StateRefusal;
use super::ids::BookingId;
use super::instant::Instant;
use super::inventory::UnitState;
use super::slot::SlotRefusal;
use super::text::Slug;

/// A seat that could not be had, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TakenSeat {
    /// The seat's stable id.
    pub seat: String,
    /// What it is: held, sold, house or killed.
    pub why: UnitState,
}

/// A rule said no. Nothing happened; the same request may be granted another time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The key was used for another request.
    #[error("this idempotency key was used for another request: {field} differs")]
    IdempotencyMismatch {
        /// The first field that differs.
        field: String,
    },
    /// The role may not do this, or the hold is another's.
    #[error("this caller may not do that")]
    Forbidden,
    /// Something named does not exist, or is not this caller's to see.
    #[error("no such {kind}: {}", names.join(", "))]
    NotFound {
        /// What kind of thing.
        kind: String,
        /// Which.
        names: Vec<String>,
    },
    /// The slot has ended.
    #[error("the slot is over")]
    Over,
    /// The slot does not take place.
    #[error("the slot is cancelled{}", at.map(|at| format!(" since {at}")).unwrap_or_default())]
    SlotCancelled {
        /// Since when, where one asks to cancel or to move it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Instant>,
    },
    /// The slot was closed by the organizer.
    #[error("the slot is closed")]
    Closed,
    /// The slot is not on sale to this caller.
    #[error("not on sale{}", from.map(|at| format!(" before {at}")).unwrap_or_default())]
    NotOnSale {
        /// From when on it will be, if that is known.
        #[serde(default)]
        from: Option<Instant>,
    },
    /// The hold's time ran out.
    #[error("the hold expired at {expired_at}")]
    HoldExpired {
        /// When.
        expired_at: Instant,
    },
    /// The booking is confirmed already.
    #[error("booking {booking} is confirmed already")]
    AlreadyConfirmed {
        /// Which.
        booking: BookingId,
        /// Since when.
        at: Instant,
    },
    /// The booking was given back.
    #[error("booking {booking} was released at {at}")]
    Released {
        /// Which.
        booking: BookingId,
        /// When.
        at: Instant,
    },
    /// The booking, or the line, was cancelled.
    #[error("{}booking {booking} was cancelled at {at}", line.map(|line| format!("line {line} of ")).unwrap_or_default())]
    Cancelled {
        /// Which.
        booking: BookingId,
        /// Which of its lines, where the booking goes on without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<u8>,
        /// When.
        at: Instant,
    },
    /// The hold still lives.
    #[error("the hold lives until {expires_at}")]
    NotDue {
        /// Until when.
        expires_at: Instant,
    },
    /// The booking is held, not confirmed.
    #[error("booking {booking} is not confirmed")]
    NotConfirmed {
        /// Which.
        booking: BookingId,
    },
    /// The hold cannot be made to live longer.
    #[error("the hold cannot live longer than until {limit}")]
    ExtendLimit {
        /// The latest end that extensions reach.
        limit: Instant,
    },
    /// The named amount is not the total.
    #[error("the payment is {paid} minor units, the total is {total}")]
    PaymentMismatch {
        /// What was named, in minor units.
        paid: i64,
        /// What is to be paid, in minor units.
        total: i64,
    },
    /// A payment of this name was used before.
    #[error("payment {method}:{reference} was used before")]
    PaymentUsed {
        /// The method.
        method: String,
        /// The provider's name of the payment.
        reference: String,
    },
    /// More units than one booking may have.
    #[error("at most {limit} units a booking, {asked} were asked for")]
    BookingLimit {
        /// At most so many.
        limit: i64,
        /// So many were asked for.
        asked: i64,
    },
    /// The event counts units by buyer, and no buyer was named.
    #[error("this event needs to know the buyer")]
    BuyerNeeded,
    /// More units than one buyer may have of a slot.
    #[error("at most {limit} units a buyer: {has} are booked, {asked} more were asked for")]
    BuyerLimit {
        /// At most so many.
        limit: i64,
        /// So many are booked already.
        has: i64,
        /// So many more were asked for.
        asked: i64,
    },
    /// Seats that somebody has.
    #[error("{}: {}", if seats.iter().all(|seat| seat.why == UnitState::Free) { "seats that nobody withholds" } else { "seats taken" }, seats.iter().map(|s| format!("{} ({})", s.seat, s.why.name())).collect::<Vec<_>>().join(", "))]
    SeatsTaken {
        /// Each seat at fault, and why.
        seats: Vec<TakenSeat>,
    },
    /// Nothing is free, but live holds may give something back.
    #[error("all places are held, the next hold ends at {next_due}")]
    AllHeld {
        /// When the next hold ends.
        next_due: Instant,
    },
    /// Nothing is free, and nothing is held.
    #[error("sold out")]
    SoldOut,
    /// Something is free, but less than asked.
    #[error("{} in {area}, {asked} were asked for", withheld.map_or_else(|| format!("{free} places are free"), |n| format!("{n} places are withheld so")))]
    NotEnoughFree {
        /// In this area.
        area: String,
        /// So many were asked for.
        asked: i64,
        /// So many are free.
        free: i64,
        /// So many are withheld as the kind that was to be lifted; only where one asked to lift more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        withheld: Option<i64>,
    },
    /// The slot was changed since the version that was named.
    #[error("it was changed meanwhile: its version is {current} now")]
    StaleVersion {
        /// Its version now.
        current: i64,
    },
    /// A schedule's rule comes to more slots than one may have.
    #[error("the rule comes to more than {limit} slots")]
    TooManySlots {
        /// At most so many.
        limit: u64,
    },
    /// An event has as many schedules as it may have.
    #[error("the event has {limit} schedules, which is the most")]
    TooManySchedules {
        /// At most so many.
        limit: i64,
    },
    /// A slot cannot be moved to a time that has passed.
    #[error("{at} is not in the future")]
    NotInFuture {
        /// The time that was named.
        at: Instant,
    },
    /// Another slot takes place in the hall then.
    #[error("{with} takes place there from {starts_at} to {ends_at}")]
    Collision {
        /// The other slot: EVENT@LOCAL.
        with: String,
        /// Its first instant.
        starts_at: Instant,
        /// The first instant after it; the hall's turnaround comes on top.
        ends_at: Instant,
    },
    /// The event was never published.
    #[error("the event is a draft")]
    EventDraft,
    /// The event was called off.
    #[error("the event is cancelled{}", at.map(|at| format!(" since {at}")).unwrap_or_default())]
    EventCancelled {
        /// Since when, where one asks to cancel it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Instant>,
    },
    /// The book on the event is closed.
    #[error("the event is completed")]
    EventCompleted,
    /// Slots of the event are still to come.
    #[error("{slots} slots are still to come{}", until.map(|at| format!(", the last ends at {at}")).unwrap_or_default())]
    NotOver {
        /// So many.
        slots: i64,
        /// When the last of them ends.
        until: Option<Instant>,
    },
    /// Somebody has a live booking of the event.
    #[error("{bookings} live bookings")]
    LiveBookings {
        /// So many; at most 1,000 are counted.
        bookings: i64,
    },
    /// An event has, or had, the slug.
    #[error("the slug {slug} is {}", if *deleted { "spent: its event was deleted" } else { "taken" })]
    SlugTaken {
        /// The slug.
        slug: Slug,
        /// Its event was deleted.
        deleted: bool,
    },
    /// The term cannot change any more.
    #[error("the event's {field} cannot change once it has slots")]
    Fixed {
        /// Which.
        field: String,
    },
    /// The cursor belongs to the file before it was restored.
    #[error("this cursor is from before the file was restored: start again from the newest state")]
    CursorEpoch,
}

impl Refusal {
    /// A refusal to see or find.
    pub fn not_found(kind: &str, names: impl IntoIterator<Item = impl ToString>) -> Self {
        let names = names.into_iter().map(|name| name.to_string()).collect();
        Self::NotFound { kind: kind.to_owned(), names }
    }

    /// The refusal of a rule that comes to too many slots.
    pub const fn too_many_slots() -> Self {
        Self::TooManySlots { limit: crate::domain::dates::MAX_SLOTS as u64 }
    }

    /// A state machine's refusal, about this booking, which was confirmed then.
    pub fn of_state(refusal: StateRefusal, booking: BookingId, confirmed_at: Instant) -> Self {
        match refusal {
            StateRefusal::HoldExpired { expired_at } => Self::HoldExpired { expired_at },
            StateRefusal::NotDue { expires_at } => Self::NotDue { expires_at },
            StateRefusal::NotConfirmed => Self::NotConfirmed { booking },
            StateRefusal::AlreadyConfirmed => Self::AlreadyConfirmed { booking, at: confirmed_at },
            StateRefusal::Released { at } => Self::Released { booking, at },
            StateRefusal::Cancelled { at } => Self::Cancelled { booking, line: None, at },
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IdempotencyMismatch { .. } => "idempotency_mismatch",
            Self::Forbidden => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::Over => "over",
            Self::SlotCancelled { .. } => "slot_cancelled",
            Self::Closed => "closed",
            Self::NotOnSale { .. } => "not_on_sale",
            Self::HoldExpired { .. } => "hold_expired",
            Self::AlreadyConfirmed { .. } => "already_confirmed",
            Self::Released { .. } => "released",
            Self::Cancelled { .. } => "cancelled",
            Self::NotDue { .. } => "not_due",
            Self::NotConfirmed { .. } => "not_confirmed",
            Self::ExtendLimit { .. } => "extend_limit",
            Self::PaymentMismatch { .. } => "payment_mismatch",
            Self::PaymentUsed { .. } => "payment_used",
            Self::BookingLimit { .. } => "booking_limit",
            Self::BuyerNeeded => "buyer_needed",
            Self::BuyerLimit { .. } => "buyer_limit",
            Self::SeatsTaken { .. } => "seats_taken",
            Self::AllHeld { .. } => "all_held",
            Self::SoldOut => "sold_out",
            Self::NotEnoughFree { .. } => "not_enough_free",
            Self::StaleVersion { .. } => "stale_version",
            Self::TooManySlots { .. } => "too_many_slots",
            Self::TooManySchedules { .. } => "too_many_schedules",
            Self::NotInFuture { .. } => "not_in_future",
            Self::Collision { .. } => "collision",
            Self::EventDraft => "event_draft",
            Self::EventCancelled { .. } => "event_cancelled",
            Self::EventCompleted => "event_completed",
            Self::NotOver { .. } => "not_over",
            Self::LiveBookings { .. } => "live_bookings",
            Self::SlugTaken { .. } => "slug_taken",
            Self::Fixed { .. } => "fixed",
            Self::CursorEpoch => "cursor_epoch",
        }
    }
}

impl From<SlotRefusal> for Refusal {
    fn from(refusal: SlotRefusal) -> Self {
        match refusal {
            SlotRefusal::Over => Self::Over,
            SlotRefusal::Cancelled => Self::SlotCancelled { at: None },
            SlotRefusal::Closed => Self::Closed,
            SlotRefusal::NotOnSale { from } => Self::NotOnSale { from },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_reads_back_as_it_was_stored() {
        let at = Instant::clamped(1_800_000_000_000_000);
        for refusal in [
            Refusal::SoldOut,
            Refusal::NotOnSale { from: None },
            Refusal::HoldExpired { expired_at: at },
            Refusal::SeatsTaken {
                seats: vec![TakenSeat { seat: "A-1".into(), why: UnitState::House }],
            },
            Refusal::not_found("seat", ["A-1", "B-2"]),
        ] {
            let text = serde_json::to_string(&refusal).unwrap();
            assert!(text.contains(&format!("\"code\":\"{}\"", refusal.code())), "{text}");
            assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), refusal);
        }
    }
}
