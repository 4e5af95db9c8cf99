//! A booking: the whole record, born held (or sold at once), the same id for life.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::canary::{Canary, planted};

use super::booking_state::{BookingState, StateName};
use super::caller::Role;
use super::ids::{BookingId, EventId, OrganizerId, SlotId, TicketId};
use super::instant::{Instant, Span};
use super::line::{Line, Unit, total};
use super::money::{Currency, Money};
use super::reference::Reference;
use super::text::{Actor, Buyer, PaymentMethod, Reason, RequestId, Slug, Terminal};
use super::ticket::{Ticket, TicketNumber, TicketState};

/// A booking with its lines and tickets, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Of this event.
    pub event: EventId,
    /// Its id.
    pub id: BookingId,
    /// Sold by.
    pub organizer: OrganizerId,
    /// Its number in the file: the reference, unscrambled.
    pub number: u64,
    /// What people call it.
    pub reference: Reference,
    /// What it is, as the row says.
    pub state: BookingState,
    /// For whom.
    pub buyer: Option<Buyer>,
    /// In which role it was made.
    pub channel: Role,
    /// At which till.
    pub terminal: Option<Terminal>,
    /// By whom.
    pub actor: Option<Actor>,
    /// In which request.
    pub request_id: Option<RequestId>,
    /// How long its hold lives; none at all if it was sold at once.
    pub ttl: Span,
    /// When it was made.
    pub created_at: Instant,
    /// When it was confirmed, if it ever was.
    pub confirmed_at: Option<Instant>,
    /// Of all its amounts.
    pub currency: Currency,
    /// Minor units that were paid.
    pub paid: i64,
    /// How they were paid.
    pub paid_by: Option<PaymentMethod>,
    /// Minor units that are to be given back.
    pub refund_due: i64,
    /// SHA-256 of its hold token, if it was a hold.
    pub token_hash: Option<[u8; 32]>,
    /// Bumped by every write.
    pub version: i64,
    /// What it has.
    pub lines: Vec<Line>,
    /// Its tickets, once it is confirmed.
    pub tickets: Vec<Ticket>,
}

/// What a booking's units are called in replies: a seat, or places of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnitView {
    /// The line's number in the booking, for `cancel --line`.
    pub line: u8,
    /// The seat's stable id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Arc<str>>,
    /// The seat's label: section-row-number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Arc<str>>,
    /// The area's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Arc<str>>,
    /// How many places of the area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u8>,
    /// In this category.
    pub category: Arc<str>,
    /// For one place.
    pub price: Money,
}

/// A ticket in a booking's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TicketView {
    /// Its id.
    pub id: TicketId,
    /// Its number: REFERENCE-NN.
    pub number: TicketNumber,
    /// For this seat, by its stable id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Arc<str>>,
    /// For a place of this area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Arc<str>>,
}

/// The one booking object: in every reply about a booking, and in every change of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[must_use]
pub struct BookingView {
    /// Its id.
    pub id: BookingId,
    /// What people call it.
    pub reference: Reference,
    /// What it is, as of now.
    pub state: StateName,
    /// The event's slug.
    pub event: Slug,
    /// The slot.
    pub slot: SlotId,
    /// For whom.
    pub buyer: Option<Buyer>,
    /// What it has: the live lines; of a booking that ended, all of them.
    pub units: Vec<UnitView>,
    /// The sum of the units' prices.
    pub total: Money,
    /// When it was made.
    pub created_at: Instant,
    /// When the hold ends; only of a hold.
    pub expires_at: Option<Instant>,
    /// When it was released, expired or cancelled.
    pub ended_at: Option<Instant>,
    /// Why, if somebody said.
    pub ended_why: Option<Reason>,
    /// Its tickets, when it is confirmed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketView>,
    /// What proves that one made the hold: only in the answer to `hold`, and null if the secret is lost.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "double")]
    #[schemars(with = "Option<String>")]
    pub token: Option<Option<String>>,
}

/// A member that can be absent, null, or there.
mod double {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::ref_option, clippy::option_option, reason = "serde's shape")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Option<String>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(serializer)
    }

    #[allow(clippy::option_option, reason = "serde's shape")]
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

impl Booking {
    /// The units that count: the live lines; of a booking that ended, all of them.
    pub fn shown_lines(&self) -> impl Iterator<Item = &Line> {
        let ended = match self.state {
            BookingState::Held { .. } | BookingState::Confirmed => false,
            BookingState::Released { .. }
            | BookingState::Expired { .. }
            | BookingState::Cancelled { .. } => true,
        };
        self.lines.iter().filter(move |line| ended || line.is_live())
    }

    /// Its slot. A booking has at least one line.
    pub fn slot(&self) -> SlotId {
        self.lines.first().map_or(SlotId::from_bytes([0; 16]), |line| line.slot)
    }

    /// The sum of its live lines, in minor units.
    pub fn total(&self) -> i64 {
        total(&self.lines)
    }

    /// The booking as replies show it, as of `now`.
    pub fn view(&self, event: &Slug, now: Instant) -> BookingView {
        let state = self.state.at(now);
        let (expires_at, ended_at, ended_why) = match &state {
            BookingState::Held { expires_at } => (Some(*expires_at), None, None),
            BookingState::Confirmed => (None, None, None),
            BookingState::Expired { at } => (None, Some(*at), None),
            BookingState::Released { at, why } | BookingState::Cancelled { at, why } => {
                (None, Some(*at), why.clone())
            }
        };
        let money = |minor| Money { minor, currency: self.currency };
        let tickets =
            if state.name() == StateName::Confirmed { self.ticket_views() } else { vec![] };
        let amount = |line: &Line| {
            if planted(Canary::PriceOfOne) { line.unit_price } else { line.amount() }
        };
        let sum = self.shown_lines().map(amount).sum();
        BookingView {
            id: self.id,
            reference: self.reference,
            state: state.name(),
            event: event.clone(),
            slot: self.slot(),
            buyer: self.buyer.clone(),
            units: self.shown_lines().map(|line| unit_view(line, money(line.unit_price))).collect(),
            total: money(sum),
            created_at: self.created_at,
            expires_at,
            ended_at,
            ended_why,
            tickets,
            token: None,
        }
    }

    fn ticket_views(&self) -> Vec<TicketView> {
        let valid = self.tickets.iter().filter(|ticket| ticket.state == TicketState::Valid);
        valid
            .map(|ticket| {
                let line = self.lines.iter().find(|line| line.n == ticket.line);
                let (seat, area) = match line.map(|line| &line.unit) {
                    Some(Unit::Seat { guid, .. }) => (Some(Arc::clone(guid)), None),
                    Some(Unit::Area { name }) => (None, Some(Arc::clone(name))),
                    None => (None, None),
                };
                let number = TicketNumber { reference: self.reference, n: ticket.n };
                TicketView { id: ticket.id, number, seat, area }
            })
            .collect()
    }
}

fn unit_view(line: &Line, price: Money) -> UnitView {
    let (seat, label, area, quantity) = match &line.unit {
        Unit::Seat { guid, label } => (Some(Arc::clone(guid)), Some(Arc::clone(label)), None, None),
        Unit::Area { name } => (None, None, Some(Arc::clone(name)), Some(line.quantity)),
    };
    let category = Arc::clone(&line.category);
    UnitView { line: line.n, seat, label, area, quantity, category, price }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::ids::FileId;
    use crate::domain::line::tests::{area_line, seat_line};
    use crate::domain::reference::{References, booking_id};
    use crate::domain::ticket::issue;

    pub(crate) fn held() -> Booking {
        let created_at = Instant::clamped(1_800_000_000_000_000);
        let reference = References::of(FileId::from_bytes([1; 16])).reference(1);
        Booking {
            event: EventId::from_bytes([1; 16]),
            id: booking_id(created_at, reference, 5),
            organizer: OrganizerId::from_bytes([3; 16]),
            number: 1,
            reference,
            state: BookingState::Held { expires_at: created_at.plus(Span::from_mins(5)) },
            buyer: Some("b-1".parse().unwrap()),
            channel: Role::Public,
            terminal: None,
            actor: None,
            request_id: None,
            ttl: Span::from_mins(5),
            created_at,
            confirmed_at: None,
            currency: "EUR".parse().unwrap(),
            paid: 0,
            paid_by: None,
            refund_due: 0,
            token_hash: Some([0; 32]),
            version: 1,
            lines: vec![seat_line(1, "A-1"), area_line(2, "Stand", 2)],
            tickets: vec![],
        }
    }

    #[test]
    fn a_due_hold_reads_expired_since_its_end() {
        let (booking, event) = (held(), "e".parse().unwrap());
        let end = booking.created_at.plus(Span::from_mins(5));
        assert_eq!(booking.view(&event, booking.created_at).state, StateName::Held);
        let view = booking.view(&event, end.plus(Span::from_hours(1)));
        assert_eq!(
            (view.state, view.ended_at, view.expires_at),
            (StateName::Expired, Some(end), None)
        );
    }

    #[test]
    fn a_view_reads_back_as_it_was_written() {
        let mut booking = held();
        let event = "e".parse().unwrap();
        let mut view = booking.view(&event, booking.created_at);
        for token in [None, Some(None), Some(Some("t".to_owned()))] {
            view.token = token;
            let text = serde_json::to_string(&view).unwrap();
            // Absent and null read alike: only the writer tells them apart.
            let mut back: BookingView = serde_json::from_str(&text).unwrap();
            if view.token.is_some() && back.token.is_none() {
                back.token = Some(None);
            }
            assert_eq!(back, view, "{text}");
        }
        booking.state = BookingState::Confirmed;
        booking.tickets = issue(booking.id, &booking.lines);
        let view = booking.view(&event, booking.created_at);
        assert_eq!(view.tickets.len(), 3);
        assert_eq!(view.tickets[2].number.to_string(), format!("{}-03", booking.reference));
        assert_eq!(view.tickets[2].area.as_deref(), Some("Stand"));
        assert_eq!(view.total.minor, 3 * 1950);
    }

    #[test]
    fn cancelled_lines_leave_the_view_of_a_live_booking_only() {
        let mut booking = held();
        booking.state = BookingState::Confirmed;
        booking.tickets = issue(booking.id, &booking.lines);
        booking.lines[0].cancelled_at = Some(Instant::EPOCH);
        booking.tickets[0].state = TicketState::Void;
        let event = "e".parse().unwrap();
        let view = booking.view(&event, booking.created_at);
        assert_eq!((view.units.len(), view.tickets.len(), view.total.minor), (1, 2, 2 * 1950));
        booking.lines[1].cancelled_at = Some(Instant::EPOCH);
        booking.state = BookingState::Cancelled { at: booking.created_at, why: None };
        let view = booking.view(&event, booking.created_at);
        assert_eq!((view.units.len(), view.tickets.len(), view.total.minor), (2, 0, 3 * 1950));
    }

    #[test]
    fn a_booking_is_of_its_lines_slot_and_costs_what_its_live_lines_do() {
        let mut booking = held();
        assert_eq!((booking.slot(), booking.total()), (booking.lines[0].slot, 3 * 1950));
        booking.lines[1].cancelled_at = Some(Instant::EPOCH);
        assert_eq!(booking.total(), 1950);
    }

    #[test]
    fn a_hold_has_no_tickets_to_show() {
        let mut booking = held();
        booking.tickets = issue(booking.id, &booking.lines);
        assert_eq!(booking.view(&"e".parse().unwrap(), booking.created_at).tickets, []);
    }
}
