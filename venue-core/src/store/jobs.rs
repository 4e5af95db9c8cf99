//! Jobs: what is done in steps, each a transaction. Today: cancelling a slot, and an event with its slots.

use std::sync::Arc;

use crate::domain::ids::{BookingId, EventId, OrganizerId, SlotId};
use crate::domain::instant::Instant;

use super::boundary::{Call, Row, Rows, StoreError, StoreFailure, Tx, Value};
use super::changes::ChangeRow;
use super::statement::{maybe_int, maybe_text, shared, statements, truth};

statements! {
    OF_SLOT = "SELECT event, slot, of_event, state, begun_at, ended_at, reason, reached, total, holds, bookings, units, refund_due, actor, role, terminal, request_id FROM job WHERE event = $1 AND slot = $2"
        (Id, Id) -> (Id, Id, Int, Int, Int, MaybeInt, MaybeText, Id, Int, Int, Int, Int, Int, MaybeText, Text, MaybeText, MaybeText);
    GOING_ON = "SELECT event, slot, of_event, state, begun_at, ended_at, reason, reached, total, holds, bookings, units, refund_due, actor, role, terminal, request_id FROM job WHERE state = 0 ORDER BY begun_at, event, slot LIMIT 1"
        () -> (Id, Id, Int, Int, Int, MaybeInt, MaybeText, Id, Int, Int, Int, Int, Int, MaybeText, Text, MaybeText, MaybeText);
    PUT = "INSERT INTO job (event, slot, of_event, state, begun_at, ended_at, reason, reached, total, holds, bookings, units, refund_due, actor, role, terminal, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (event, slot) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at, reached = excluded.reached, holds = excluded.holds, bookings = excluded.bookings, units = excluded.units, refund_due = excluded.refund_due"
        (Id, Id, Int, Int, Int, Int, Text, Id, Int, Int, Int, Int, Int, Text, Text, Text, Text) -> ();
}

/// The cancelling of a slot on its way, or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    /// Of this event.
    pub(crate) event: EventId,
    /// The slot; none: all of the event.
    pub(crate) slot: Option<SlotId>,
    /// True if the slot is cancelled because its event is.
    pub(crate) of_event: bool,
    /// When it was begun.
    pub(crate) begun_at: Instant,
    /// When it was done; none: it goes on.
    pub(crate) ended_at: Option<Instant>,
    /// Why, if somebody said.
    pub(crate) reason: Option<Arc<str>>,
    /// The last booking that was looked at.
    pub(crate) reached: BookingId,
    /// Units that had a buyer when it began.
    pub(crate) total: i64,
    /// Holds released so far.
    pub(crate) holds: i64,
    /// Bookings cancelled so far.
    pub(crate) bookings: i64,
    /// Units of both so far.
    pub(crate) units: i64,
    /// What is due for refund so far.
    pub(crate) refund_due: i64,
    /// By whom.
    pub(crate) actor: Option<Arc<str>>,
    /// In which role.
    pub(crate) role: Arc<str>,
    /// At which till.
    pub(crate) terminal: Option<Arc<str>>,
    /// In which request.
    pub(crate) request_id: Option<Arc<str>>,
}

impl Job {
    /// A change by whoever began it, not yet about anything.
    pub(crate) fn change(
        &self,
        at: Instant,
        organizer: OrganizerId,
        kind: &'static str,
    ) -> ChangeRow {
        ChangeRow {
            seq: 0,
            at,
            organizer,
            event: None,
            slot: None,
            booking: None,
            kind: kind.into(),
            body: None,
            due_at: None,
            actor: self.actor.clone(),
            role: self.role.to_string().into(),
            terminal: self.terminal.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

const WHOLE_EVENT: [u8; 16] = [0; 16];

fn damaged() -> StoreError {
    StoreError::new(StoreFailure::Corrupt, "a row of job is damaged")
}

fn job(row: Row<'_>) -> Result<Job, StoreError> {
    let instant = |micros| Instant::from_micros(micros).ok_or_else(damaged);
    let slot = row.id(1);
    Ok(Job {
        event: EventId::from_bytes(row.id(0)),
        slot: (slot != WHOLE_EVENT).then(|| SlotId::from_bytes(slot)),
        of_event: row.int(2) == 1,
        begun_at: instant(row.int(4))?,
        ended_at: row.maybe_int(5).map(instant).transpose()?,
        reason: row.maybe_text(6).cloned(),
        reached: BookingId::from_bytes(row.id(7)),
        total: row.int(8),
        holds: row.int(9),
        bookings: row.int(10),
        units: row.int(11),
        refund_due: row.int(12),
        actor: row.maybe_text(13).cloned(),
        role: Arc::clone(row.text(14)),
        terminal: row.maybe_text(15).cloned(),
        request_id: row.maybe_text(16).cloned(),
    })
}

fn only(rows: &Rows) -> Result<Option<Job>, StoreError> {
    rows.first().map(job).transpose()
}

/// The cancelling of a slot, or of a whole event, if it was ever begun.
pub(crate) fn of(
    tx: &mut dyn Tx,
    event: EventId,
    slot: Option<SlotId>,
) -> Result<Option<Job>, StoreError> {
    let slot = slot.map_or(WHOLE_EVENT, SlotId::bytes);
    only(&tx.one(&OF_SLOT, &[Value::Id(event.bytes()), Value::Id(slot)])?)
}

/// The oldest that goes on.
pub(crate) fn going_on(tx: &mut dyn Tx) -> Result<Option<Job>, StoreError> {
    only(&tx.one(&GOING_ON, &[])?)
}

/// Writes a job that begins, or how far one is.
pub(crate) fn put(tx: &mut dyn Tx, job: &Job) -> Result<(), StoreError> {
    let row = [
        Value::Id(job.event.bytes()),
        Value::Id(job.slot.map_or(WHOLE_EVENT, SlotId::bytes)),
        truth(job.of_event),
        truth(job.ended_at.is_some()),
        Value::Int(job.begun_at.micros()),
        maybe_int(job.ended_at.map(Instant::micros)),
        maybe_text(job.reason.clone()),
        Value::Id(job.reached.bytes()),
        Value::Int(job.total),
        Value::Int(job.holds),
        Value::Int(job.bookings),
        Value::Int(job.units),
        Value::Int(job.refund_due),
        maybe_text(job.actor.clone()),
        shared(&job.role),
        maybe_text(job.terminal.clone()),
        maybe_text(job.request_id.clone()),
    ];
    tx.exec(&[Call::once(&PUT, row)]).map(drop)
}
