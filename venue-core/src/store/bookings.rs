//! Bookings with their lines and tickets.

use std::sync::Arc;

use crate::domain::booking::Booking;
use crate::domain::booking_state::{BookingState, StateName};
use crate::domain::caller::Role;
use crate::domain::ids::{BookingId, EventId, OrganizerId, SlotId, TicketId};
use crate::domain::instant::{Instant, Span};
use crate::domain::line::{Line, Unit};
use crate::domain::reference::References;
use crate::domain::text::{Actor, Buyer, PaymentMethod, Reason, RequestId, Terminal};
use crate::domain::ticket::{Ticket, TicketState};

use super::boundary::{Call, Row, Rows, StoreError, StoreFailure, Tx, Value};
use super::statement::{maybe_int, maybe_text, shared, statements, text, truth, word};

statements! {
    BY_NUMBER = "SELECT event, id, organizer, number, state, buyer, channel, terminal, actor, request_id, ttl, created_at, confirmed_at, expires_at, ended_at, ended_why, currency, paid, paid_by, refund_due, token_hash, version FROM booking WHERE number = $1"
        (Int) -> (Id, Id, Id, Int, Int, MaybeText, Text, MaybeText, MaybeText, MaybeText, Int, Int, MaybeInt, MaybeInt, MaybeInt, MaybeText, Text, Int, MaybeText, Int, MaybeBytes, Int);
    LINES = "SELECT n, slot, seat, area, label, quantity, category, rate, unit, cancelled_at FROM line WHERE event = $1 AND booking = $2 ORDER BY n"
        (Id, Id) -> (Int, Id, MaybeText, MaybeText, MaybeText, Int, Text, Text, Int, MaybeInt);
    TICKETS = "SELECT n, id, line, code_version, state FROM ticket WHERE event = $1 AND booking = $2 ORDER BY n"
        (Id, Id) -> (Int, Id, Int, Int, Int);
    DUE = "SELECT number FROM booking WHERE state = 0 AND expires_at <= $1 ORDER BY expires_at, number LIMIT $2"
        (Int, Int) -> (Int);
    BUYER_UNITS = "SELECT COALESCE(SUM(l.quantity), 0) FROM booking b JOIN line l ON l.event = b.event AND l.booking = b.id WHERE b.buyer = $1 AND b.event = $2 AND l.slot = $3 AND l.state = 0 AND (b.state = 1 OR (b.state = 0 AND b.expires_at > $4))"
        (Text, Id, Id, Int) -> (Int);
    PAYMENT_USED = "SELECT 1 FROM payment WHERE organizer = $1 AND method = $2 AND provider_ref = $3"
        (Id, Text, Text) -> (Int);
    INSERT = "INSERT INTO booking (event, id, organizer, number, kind, state, buyer, channel, terminal, actor, request_id, ttl, created_at, confirmed_at, expires_at, ended_at, ended_why, currency, total, paid, paid_by, refund_due, token_hash, version) VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
        (Id, Id, Id, Int, Int, Text, Text, Text, Text, Text, Int, Int, Int, Int, Int, Text, Text, Int, Int, Text, Int, Bytes, Int) -> ();
    UPDATE = "UPDATE booking SET state = $3, confirmed_at = $4, expires_at = $5, ended_at = $6, ended_why = $7, total = $8, paid = $9, paid_by = $10, refund_due = $11, version = $12 WHERE event = $1 AND id = $2"
        (Id, Id, Int, Int, Int, Int, Text, Int, Int, Text, Int, Int) -> ();
    INSERT_LINE = "INSERT INTO line (event, booking, n, slot, seat, area, label, quantity, category, rate, unit, discount, fee, tax, state, cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, 0, NULL)"
        (Id, Id, Int, Id, Text, Text, Text, Int, Text, Text, Int) -> ();
    UPDATE_LINE = "UPDATE line SET state = 1, cancelled_at = $4 WHERE event = $1 AND booking = $2 AND n = $3"
        (Id, Id, Int, Int) -> ();
    INSERT_TICKET = "INSERT INTO ticket (event, booking, n, id, line, code_version, state) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        (Id, Id, Int, Id, Int, Int, Int) -> ();
    UPDATE_TICKET = "UPDATE ticket SET state = $4 WHERE event = $1 AND booking = $2 AND n = $3"
        (Id, Id, Int, Int) -> ();
    INSERT_PAYMENT = "INSERT INTO payment (event, booking, n, organizer, method, provider_ref, amount, state) VALUES ($1, $2, 1, $3, $4, $5, $6, 0)"
        (Id, Id, Id, Text, Text, Int) -> ();
}

fn damaged(what: &str) -> StoreError {
    StoreError::new(StoreFailure::Corrupt, format!("a row of {what} is damaged"))
}

fn maybe_instant(micros: Option<i64>) -> Result<Option<Instant>, StoreError> {
    micros.map(|micros| Instant::from_micros(micros).ok_or_else(|| damaged("booking"))).transpose()
}

/// The booking with this number, with its lines and tickets.
pub(crate) fn by_number(
    tx: &mut dyn Tx,
    references: References,
    number: u64,
) -> Result<Option<Booking>, StoreError> {
    let Ok(number) = i64::try_from(number) else { return Ok(None) };
    let rows = tx.one(&BY_NUMBER, &[Value::Int(number)])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let key = [Value::Id(row.id(0)), Value::Id(row.id(1))];
    let parts = tx.fetch(&[Call::once(&LINES, key.clone()), Call::once(&TICKETS, key)])?;
    read(row, references, &parts[0], &parts[1]).map(Some)
}

fn read(
    row: Row<'_>,
    references: References,
    lines: &Rows,
    tickets: &Rows,
) -> Result<Booking, StoreError> {
    let number = u64::try_from(row.int(3)).map_err(|_| damaged("booking"))?;
    if number > crate::domain::reference::MAX_NUMBER {
        return Err(damaged("booking"));
    }
    Ok(Booking {
        event: EventId::from_bytes(row.id(0)),
        id: BookingId::from_bytes(row.id(1)),
        organizer: OrganizerId::from_bytes(row.id(2)),
        number,
        reference: references.reference(number),
        state: read_state(row)?,
        buyer: row.maybe_text(5).map(|text| Buyer::stored(text)),
        channel: Role::named(row.text(6)).ok_or_else(|| damaged("booking"))?,
        terminal: row.maybe_text(7).map(|text| Terminal::stored(text)),
        actor: row.maybe_text(8).map(|text| Actor::stored(text)),
        request_id: row.maybe_text(9).map(|text| RequestId::stored(text)),
        ttl: Span::from_micros(row.int(10)),
        created_at: maybe_instant(Some(row.int(11)))?.ok_or_else(|| damaged("booking"))?,
        confirmed_at: maybe_instant(row.maybe_int(12))?,
        currency: row.text(16).parse().map_err(|_| damaged("booking"))?,
        paid: row.int(17),
        paid_by: row.maybe_text(18).map(|text| PaymentMethod::stored(text)),
        refund_due: row.int(19),
        token_hash: match row.maybe_bytes(20) {
            Some(hash) => Some(hash.try_into().map_err(|_| damaged("booking"))?),
            None => None,
        },
        version: row.counter(21)?,
        lines: lines.iter().map(read_line).collect::<Result<_, _>>()?,
        tickets: tickets.iter().map(read_ticket).collect::<Result<_, _>>()?,
    })
}

fn read_state(row: Row<'_>) -> Result<BookingState, StoreError> {
    let expires_at = maybe_instant(row.maybe_int(13))?;
    let ended_at = maybe_instant(row.maybe_int(14))?;
    let why = row.maybe_text(15).map(|text| Reason::stored(text));
    match (row.int(4), expires_at, ended_at) {
        (0, Some(expires_at), None) => Ok(BookingState::Held { expires_at }),
        (1, None, None) => Ok(BookingState::Confirmed),
        (2, None, Some(at)) => Ok(BookingState::Released { at, why }),
        (3, None, Some(at)) => Ok(BookingState::Expired { at }),
        (4, None, Some(at)) => Ok(BookingState::Cancelled { at, why }),
        _ => Err(damaged("booking")),
    }
}

fn small(value: i64, what: &str) -> Result<u8, StoreError> {
    u8::try_from(value).map_err(|_| damaged(what))
}

fn read_line(row: Row<'_>) -> Result<Line, StoreError> {
    let unit = match (row.maybe_text(2), row.maybe_text(3), row.maybe_text(4)) {
        (Some(guid), None, Some(label)) => {
            Unit::Seat { guid: Arc::clone(guid), label: Arc::clone(label) }
        }
        (None, Some(name), None) => Unit::Area { name: Arc::clone(name) },
        _ => return Err(damaged("line")),
    };
    Ok(Line {
        n: small(row.int(0), "line")?,
        slot: SlotId::from_bytes(row.id(1)),
        unit,
        quantity: small(row.int(5), "line")?,
        category: Arc::clone(row.text(6)),
        rate: row.text(7).to_string().into(),
        unit_price: row.int(8),
        cancelled_at: maybe_instant(row.maybe_int(9))?,
    })
}

fn read_ticket(row: Row<'_>) -> Result<Ticket, StoreError> {
    Ok(Ticket {
        n: small(row.int(0), "ticket")?,
        id: TicketId::from_bytes(row.id(1)),
        line: small(row.int(2), "ticket")?,
        code_version: row.int(3),
        state: if row.int(4) == 0 { TicketState::Valid } else { TicketState::Void },
    })
}

/// The numbers of holds whose time has run out, the oldest first.
pub(crate) fn due(tx: &mut dyn Tx, now: Instant, limit: i64) -> Result<Vec<u64>, StoreError> {
    let rows = tx.one(&DUE, &[Value::Int(now.micros()), Value::Int(limit)])?;
    Ok(rows.iter().filter_map(|row| u64::try_from(row.int(0)).ok()).collect())
}

/// How many units a buyer's live bookings have of a slot.
pub(crate) fn buyer_units(
    tx: &mut dyn Tx,
    event: EventId,
    slot: SlotId,
    buyer: &Buyer,
    now: Instant,
) -> Result<i64, StoreError> {
    let key = [
        Value::Text(buyer.shared()),
        Value::Id(event.bytes()),
        Value::Id(slot.bytes()),
        Value::Int(now.micros()),
    ];
    Ok(tx.one(&BUYER_UNITS, &key)?.first().map_or(0, |row| row.int(0)))
}

/// True if a booking of the organizer was paid with the provider's payment of this name.
pub(crate) fn payment_used(
    tx: &mut dyn Tx,
    organizer: OrganizerId,
    method: &str,
    reference: &str,
) -> Result<bool, StoreError> {
    Ok(tx
        .one(&PAYMENT_USED, &[Value::Id(organizer.bytes()), text(method), text(reference)])?
        .first()
        .is_some())
}

/// What a batch writes to bookings.
#[derive(Debug)]
pub(crate) struct BookingWrites {
    update: Call,
    update_line: Call,
    update_ticket: Call,
    insert: Call,
    insert_line: Call,
    insert_ticket: Call,
    insert_payment: Call,
}

impl BookingWrites {
    /// Nothing yet, with room for so many new bookings.
    pub(crate) fn new(born: usize) -> Self {
        Self {
            update: Call::new(&UPDATE),
            update_line: Call::new(&UPDATE_LINE),
            update_ticket: Call::new(&UPDATE_TICKET),
            insert: Call::with_room(&INSERT, born),
            insert_line: Call::with_room(&INSERT_LINE, born),
            insert_ticket: Call::with_room(&INSERT_TICKET, 2 * born),
            insert_payment: Call::new(&INSERT_PAYMENT),
        }
    }

    /// A booking that is new, or what changed of one that was loaded as `before`.
    pub(crate) fn put(&mut self, before: Option<&Booking>, after: &Booking) {
        match before {
            None => self.insert(after),
            Some(before) => self.update(before, after),
        }
        let known = before.map_or(0, |before| before.tickets.len());
        for ticket in &after.tickets[known..] {
            self.insert_ticket.push([
                Value::Id(after.event.bytes()),
                Value::Id(after.id.bytes()),
                Value::Int(i64::from(ticket.n)),
                Value::Id(ticket.id.bytes()),
                Value::Int(i64::from(ticket.line)),
                Value::Int(ticket.code_version),
                truth(ticket.state == TicketState::Void),
            ]);
        }
    }

    /// A provider's payment of a booking.
    pub(crate) fn payment(&mut self, booking: &Booking, method: &str, reference: &str, minor: i64) {
        self.insert_payment.push([
            Value::Id(booking.event.bytes()),
            Value::Id(booking.id.bytes()),
            Value::Id(booking.organizer.bytes()),
            text(method),
            text(reference),
            Value::Int(minor),
        ]);
    }

    fn insert(&mut self, booking: &Booking) {
        let (state, expires_at, ended_at, ended_why) = state_columns(&booking.state);
        self.insert.push([
            Value::Id(booking.event.bytes()),
            Value::Id(booking.id.bytes()),
            Value::Id(booking.organizer.bytes()),
            Value::Int(i64::try_from(booking.number).unwrap_or(i64::MAX)),
            state,
            maybe_text(booking.buyer.as_ref().map(Buyer::shared)),
            Value::Word(booking.channel.name()),
            maybe_text(booking.terminal.as_ref().map(Terminal::shared)),
            maybe_text(booking.actor.as_ref().map(Actor::shared)),
            maybe_text(booking.request_id.as_ref().map(RequestId::shared)),
            Value::Int(booking.ttl.micros()),
            Value::Int(booking.created_at.micros()),
            maybe_int(booking.confirmed_at.map(Instant::micros)),
            expires_at,
            ended_at,
            ended_why,
            text(booking.currency.code()),
            Value::Int(booking.total()),
            Value::Int(booking.paid),
            maybe_text(booking.paid_by.as_ref().map(PaymentMethod::shared)),
            Value::Int(booking.refund_due),
            booking.token_hash.map_or(Value::Null, |hash| Value::Bytes(hash.into())),
            Value::Int(booking.version),
        ]);
        for line in &booking.lines {
            let (seat, area, label) = match &line.unit {
                Unit::Seat { guid, label } => (shared(guid), Value::Null, shared(label)),
                Unit::Area { name } => (Value::Null, shared(name), Value::Null),
            };
            self.insert_line.push([
                Value::Id(booking.event.bytes()),
                Value::Id(booking.id.bytes()),
                Value::Int(i64::from(line.n)),
                Value::Id(line.slot.bytes()),
                seat,
                area,
                label,
                Value::Int(i64::from(line.quantity)),
                shared(&line.category),
                word(&line.rate),
                Value::Int(line.unit_price),
            ]);
        }
    }

    fn update(&mut self, before: &Booking, after: &Booking) {
        let key = [Value::Id(after.event.bytes()), Value::Id(after.id.bytes())];
        let (state, expires_at, ended_at, ended_why) = state_columns(&after.state);
        self.update.push(key.clone().into_iter().chain([
            state,
            maybe_int(after.confirmed_at.map(Instant::micros)),
            expires_at,
            ended_at,
            ended_why,
            Value::Int(after.total()),
            Value::Int(after.paid),
            maybe_text(after.paid_by.as_ref().map(PaymentMethod::shared)),
            Value::Int(after.refund_due),
            Value::Int(after.version),
        ]));
        for (old, new) in before.lines.iter().zip(&after.lines) {
            if let (None, Some(at)) = (old.cancelled_at, new.cancelled_at) {
                let rest = [Value::Int(i64::from(new.n)), Value::Int(at.micros())];
                self.update_line.push(key.clone().into_iter().chain(rest));
            }
        }
        for (old, new) in before.tickets.iter().zip(&after.tickets) {
            if old.state != new.state {
                let rest = [Value::Int(i64::from(new.n)), truth(new.state == TicketState::Void)];
                self.update_ticket.push(key.clone().into_iter().chain(rest));
            }
        }
    }

    /// The calls: updates, then inserts.
    pub(crate) fn calls(self) -> [Call; 7] {
        [
            self.update,
            self.update_line,
            self.update_ticket,
            self.insert,
            self.insert_line,
            self.insert_ticket,
            self.insert_payment,
        ]
    }
}

fn state_columns(state: &BookingState) -> (Value, Value, Value, Value) {
    let name = state.name();
    let number = StateName::ALL.iter().position(|other| *other == name).unwrap_or(0);
    let number = Value::Int(i64::try_from(number).unwrap_or(0));
    let at = |at: &Instant| Value::Int(at.micros());
    match state {
        BookingState::Held { expires_at } => (number, at(expires_at), Value::Null, Value::Null),
        BookingState::Confirmed => (number, Value::Null, Value::Null, Value::Null),
        BookingState::Expired { at: ended } => (number, Value::Null, at(ended), Value::Null),
        BookingState::Released { at: ended, why } | BookingState::Cancelled { at: ended, why } => {
            (number, Value::Null, at(ended), maybe_text(why.as_ref().map(Reason::shared)))
        }
    }
}
