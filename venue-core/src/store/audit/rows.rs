//! Bookings with their lines and tickets, read in one merged walk over the tables; what cannot be read as one
//! of ours is said, and does not stop the walk.

use std::sync::Arc;

use crate::domain::booking::Booking;
use crate::domain::booking_state::BookingState;
use crate::domain::caller::Role;
use crate::domain::ids::{BookingId, EventId, OrganizerId, SlotId, TicketId};
use crate::domain::instant::{Instant, Span};
use crate::domain::line::{Line, Unit};
use crate::domain::reference::{MAX_NUMBER, References};
use crate::domain::text::{Buyer, PaymentMethod, Reason};
use crate::domain::ticket::{Ticket, TicketState};
use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::statement::statements;

use super::findings::{Findings, Promise};
use super::pages::{LEAST, Pages, id, ids, number, text};

statements! {
    doubt:
    BOOKINGS = "SELECT event, id, organizer, number, state, buyer, channel, ttl, created_at, confirmed_at, expires_at, ended_at, ended_why, currency, total, paid, paid_by, refund_due, token_hash, version FROM booking WHERE (event, id) > ($1, $2) ORDER BY event, id LIMIT 1000"
        (Id, Id) -> (Id, Id, Id, Int, Int, Text, Text, Int, Int, Int, Int, Int, Text, Text, Int, Int, Text, Int, Bytes, Int);
    LINES = "SELECT event, booking, n, slot, seat, area, label, quantity, category, rate, unit, discount, fee, state, cancelled_at FROM line WHERE (event, booking, n) > ($1, $2, $3) ORDER BY event, booking, n LIMIT 2000"
        (Id, Id, Int) -> (Id, Id, Int, Id, Text, Text, Text, Int, Text, Text, Int, Int, Int, Int, Int);
    TICKETS = "SELECT event, booking, n, id, line, code_version, state FROM ticket WHERE (event, booking, n) > ($1, $2, $3) ORDER BY event, booking, n LIMIT 2000"
        (Id, Id, Int) -> (Id, Id, Int, Id, Int, Int, Int);
    PAYMENTS = "SELECT event, booking, n, method, amount, state FROM payment WHERE (event, booking, n) > ($1, $2, $3) ORDER BY event, booking, n LIMIT 1000"
        (Id, Id, Int) -> (Id, Id, Int, Text, Int, Int);
}

/// The highest price that a line may have.
const MAX_PRICE: i64 = 9_999_999_999;
/// More units than a booking can have.
const MAX_UNITS: i64 = 200;

/// A payment's row.
#[derive(Debug, Clone)]
pub(super) struct Paid {
    /// How.
    pub(super) method: Arc<str>,
    /// Minor units.
    pub(super) amount: i64,
}

/// A booking and what lies beside it.
#[derive(Debug)]
pub(super) struct Whole {
    /// The booking.
    pub(super) booking: Booking,
    /// The total that its row says.
    pub(super) total: i64,
    /// What its live lines come to, with discounts and fees.
    pub(super) sum: i64,
    /// Its payments.
    pub(super) payments: Vec<Paid>,
}

/// The merged walk.
#[derive(Debug)]
pub(super) struct Walk {
    references: References,
    bookings: Pages,
    lines: Pages,
    tickets: Pages,
    payments: Pages,
}

/// What the walk came to.
#[derive(Debug)]
pub(super) enum Next {
    /// A booking that reads.
    Whole(Box<Whole>),
    /// One that does not: said already.
    Damaged,
    /// The end.
    End,
}

type Key = [[u8; 16]; 2];

impl Walk {
    /// Begins.
    pub(super) fn new(references: References) -> Self {
        let parts = |statement| Pages::after(statement, [LEAST, LEAST, Value::Int(-1)]);
        Self {
            references,
            bookings: Pages::after(&BOOKINGS, [LEAST, LEAST]),
            lines: parts(&LINES),
            tickets: parts(&TICKETS),
            payments: parts(&PAYMENTS),
        }
    }

    /// The next booking.
    pub(super) fn next(
        &mut self,
        tx: &mut dyn Tx,
        findings: &mut Findings,
    ) -> Result<Next, StoreError> {
        let Some(row) = self.bookings.row(tx)? else {
            let end = [[0xff; 16]; 2];
            self.parts(tx, end, findings, &mut Parts::default())?;
            return Ok(Next::End);
        };
        let key: Key = ids(row);
        let (booking, total) = (read_booking(row, self.references), number(row, 14));
        self.bookings.step();
        let mut parts = Parts::default();
        self.parts(tx, key, findings, &mut parts)?;
        let Some(mut booking) = booking else {
            findings.add(Promise::Bookings, || {
                format!("booking {} does not read as one", BookingId::from_bytes(key[1]))
            });
            return Ok(Next::Damaged);
        };
        let units: i64 = parts.lines.iter().map(|line| i64::from(line.quantity)).sum();
        if parts.damaged || units > MAX_UNITS || parts.lines.is_empty() {
            findings.add(Promise::Bookings, || {
                format!("booking {} has lines or tickets that do not read", booking.id)
            });
            return Ok(Next::Damaged);
        }
        (booking.lines, booking.tickets) = (parts.lines, parts.tickets);
        let Parts { sum, payments, .. } = parts;
        Ok(Next::Whole(Box::new(Whole { booking, total, sum, payments })))
    }

    /// Gathers what belongs to the booking with this key, and reports what belongs to none before it.
    fn parts(
        &mut self,
        tx: &mut dyn Tx,
        key: Key,
        findings: &mut Findings,
        into: &mut Parts,
    ) -> Result<(), StoreError> {
        let promises = [Promise::Bookings, Promise::Tickets, Promise::Payments];
        let walks = [&mut self.lines, &mut self.tickets, &mut self.payments];
        for (walk, promise) in walks.into_iter().zip(promises) {
            while let Some(row) = walk.row(tx)? {
                let of: Key = ids(row);
                if of > key {
                    break;
                }
                if of == key {
                    into.add(promise, row);
                } else {
                    let booking = BookingId::from_bytes(of[1]);
                    findings.add(promise, || {
                        format!(
                            "number {} of booking {booking}, which is not there",
                            number(row, 2)
                        )
                    });
                }
                walk.step();
            }
        }
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Parts {
    lines: Vec<Line>,
    tickets: Vec<Ticket>,
    payments: Vec<Paid>,
    sum: i64,
    damaged: bool,
}

impl Parts {
    fn add(&mut self, promise: Promise, row: Row<'_>) {
        if promise == Promise::Payments {
            self.payments.push(Paid { method: text(row, 3), amount: number(row, 4) });
        } else if promise == Promise::Tickets {
            match read_ticket(row) {
                Some(ticket) => self.tickets.push(ticket),
                None => self.damaged = true,
            }
        } else {
            match read_line(row) {
                Some((line, more)) => {
                    if line.is_live() {
                        self.sum = self.sum.saturating_add(line.amount()).saturating_add(more);
                    }
                    self.lines.push(line);
                }
                None => self.damaged = true,
            }
        }
    }
}

/// The instant in a column, or that none is there; none at all if it is no instant.
#[allow(clippy::option_option, reason = "whether it reads, and whether it is there")]
fn instant(row: Row<'_>, column: usize) -> Option<Option<Instant>> {
    match row.maybe_int(column) {
        Some(at) => Instant::from_micros(at).map(Some),
        None => Some(None),
    }
}

fn read_booking(row: Row<'_>, references: References) -> Option<Booking> {
    let number = u64::try_from(number(row, 3)).ok().filter(|n| (1..=MAX_NUMBER).contains(n))?;
    Some(Booking {
        event: EventId::from_bytes(id(row, 0)),
        id: BookingId::from_bytes(id(row, 1)),
        organizer: OrganizerId::from_bytes(id(row, 2)),
        number,
        reference: references.reference(number),
        state: read_state(row)?,
        buyer: row.maybe_text(5).map(|text| Buyer::stored(text)),
        channel: Role::named(row.maybe_text(6)?)?,
        terminal: None,
        actor: None,
        request_id: None,
        ttl: Span::from_micros(row.maybe_int(7)?),
        created_at: instant(row, 8)??,
        confirmed_at: instant(row, 9)?,
        currency: row.maybe_text(13)?.parse().ok()?,
        paid: row.maybe_int(15)?,
        paid_by: row.maybe_text(16).map(|text| PaymentMethod::stored(text)),
        refund_due: row.maybe_int(17)?,
        token_hash: match row.maybe_bytes(18) {
            Some(hash) => Some(hash.try_into().ok()?),
            None => None,
        },
        version: row.maybe_int(19)?,
        lines: Vec::new(),
        tickets: Vec::new(),
    })
}

fn read_state(row: Row<'_>) -> Option<BookingState> {
    let why = row.maybe_text(12).map(|text| Reason::stored(text));
    match (row.maybe_int(4)?, instant(row, 10)?, instant(row, 11)?, why) {
        (0, Some(expires_at), None, None) => Some(BookingState::Held { expires_at }),
        (1, None, None, None) => Some(BookingState::Confirmed),
        (2, None, Some(at), why) => Some(BookingState::Released { at, why }),
        (3, None, Some(at), None) => Some(BookingState::Expired { at }),
        (4, None, Some(at), why) => Some(BookingState::Cancelled { at, why }),
        _ => None,
    }
}

/// A line, and its fee less its discount.
fn read_line(row: Row<'_>) -> Option<(Line, i64)> {
    let unit = match (row.maybe_text(4), row.maybe_text(5), row.maybe_text(6)) {
        (Some(guid), None, Some(label)) => {
            Unit::Seat { guid: Arc::clone(guid), label: Arc::clone(label) }
        }
        (None, Some(name), None) => Unit::Area { name: Arc::clone(name) },
        _ => return None,
    };
    let line = Line {
        n: u8::try_from(row.maybe_int(2)?).ok()?,
        slot: SlotId::from_bytes(id(row, 3)),
        unit,
        quantity: u8::try_from(row.maybe_int(7)?).ok().filter(|quantity| *quantity > 0)?,
        category: text(row, 8),
        rate: text(row, 9).to_string().into(),
        unit_price: row.maybe_int(10).filter(|unit| (0..=MAX_PRICE).contains(unit))?,
        cancelled_at: instant(row, 14)?,
    };
    let as_said = match row.maybe_int(13)? {
        0 => line.is_live(),
        1 => !line.is_live(),
        _ => false,
    };
    let more = row.maybe_int(12)?.saturating_sub(row.maybe_int(11)?);
    as_said.then_some((line, more))
}

fn read_ticket(row: Row<'_>) -> Option<Ticket> {
    Some(Ticket {
        n: u8::try_from(row.maybe_int(2)?).ok()?,
        id: TicketId::from_bytes(id(row, 3)),
        line: u8::try_from(row.maybe_int(4)?).ok()?,
        code_version: row.maybe_int(5)?,
        state: match row.maybe_int(6)? {
            0 => TicketState::Valid,
            1 => TicketState::Void,
            _ => return None,
        },
    })
}
