//! The feed's rows.

use std::borrow::Cow;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::domain::ids::{BookingId, EventId, OrganizerId, SlotId};
use crate::domain::instant::Instant;

use super::boundary::{Call, Row, Rows, StoreError, StoreFailure, Tx, Value};
use super::statement::{maybe_int, maybe_text, statements, word};

statements! {
    INSERT = "INSERT INTO change (seq, shard, at, organizer, event, slot, booking, kind, body, due_at, actor, role, terminal, request_id, chain) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        (Int, Int, Id, Id, Id, Id, Text, Text, Int, Text, Text, Text, Text, Bytes) -> ();
    BODY = "SELECT body FROM change WHERE shard = 0 AND seq = $1"
        (Int) -> (MaybeText);
    AFTER = "SELECT seq, at, organizer, event, slot, booking, kind, body, due_at, actor, role, terminal, request_id, chain FROM change WHERE shard = 0 AND seq > $1 ORDER BY seq LIMIT $2"
        (Int, Int) -> (Int, Int, Id, MaybeId, MaybeId, MaybeId, Text, MaybeText, MaybeInt, MaybeText, Text, MaybeText, MaybeText, Bytes);
}

/// A row of the feed: what happened, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangeRow {
    /// Its place in the feed, from 1, dense.
    pub(crate) seq: i64,
    /// When.
    pub(crate) at: Instant,
    /// At this organizer's.
    pub(crate) organizer: OrganizerId,
    /// Of this event.
    pub(crate) event: Option<EventId>,
    /// Of this slot.
    pub(crate) slot: Option<SlotId>,
    /// Of this booking.
    pub(crate) booking: Option<BookingId>,
    /// What, as in `booking.held`.
    pub(crate) kind: Cow<'static, str>,
    /// The booking after the change, or what was done, as JSON.
    pub(crate) body: Option<Arc<str>>,
    /// Of an expiry: when it was due.
    pub(crate) due_at: Option<Instant>,
    /// By whom.
    pub(crate) actor: Option<Arc<str>>,
    /// In which role.
    pub(crate) role: Cow<'static, str>,
    /// At which till.
    pub(crate) terminal: Option<Arc<str>>,
    /// In which request.
    pub(crate) request_id: Option<Arc<str>>,
}

impl ChangeRow {
    /// The hash over this change and the one before: SHA-256 over the predecessor's hash and every column,
    /// each with its length.
    pub(crate) fn chain(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(self.seq.to_le_bytes());
        hash.update(self.at.micros().to_le_bytes());
        hash.update(self.organizer.bytes());
        for id in [
            self.event.map(EventId::bytes),
            self.slot.map(SlotId::bytes),
            self.booking.map(BookingId::bytes),
        ] {
            match id {
                Some(id) => hash.update(id),
                None => hash.update([0; 16]),
            }
        }
        hash.update(self.due_at.map_or(-1, Instant::micros).to_le_bytes());
        let texts = [
            Some(&*self.kind),
            self.body.as_deref(),
            self.actor.as_deref(),
            Some(&*self.role),
            self.terminal.as_deref(),
            self.request_id.as_deref(),
        ];
        for text in texts {
            let length = text.map_or(u64::MAX, |text| text.len() as u64);
            hash.update(length.to_le_bytes());
            hash.update(text.unwrap_or(""));
        }
        hash.finalize().into()
    }
}

/// A call that inserts changes.
pub(crate) fn inserts() -> Call {
    Call::new(&INSERT)
}

/// Adds a change to a call of [`inserts`].
pub(crate) fn push(call: &mut Call, change: &ChangeRow, chain: [u8; 32]) {
    call.push([
        Value::Int(change.seq),
        Value::Int(change.at.micros()),
        Value::Id(change.organizer.bytes()),
        change.event.map_or(Value::Null, |id| Value::Id(id.bytes())),
        change.slot.map_or(Value::Null, |id| Value::Id(id.bytes())),
        change.booking.map_or(Value::Null, |id| Value::Id(id.bytes())),
        word(&change.kind),
        maybe_text(change.body.clone()),
        maybe_int(change.due_at.map(Instant::micros)),
        maybe_text(change.actor.clone()),
        word(&change.role),
        maybe_text(change.terminal.clone()),
        maybe_text(change.request_id.clone()),
        Value::Bytes(chain.into()),
    ]);
}

fn damaged() -> StoreError {
    StoreError::new(StoreFailure::Corrupt, "a row of change is damaged")
}

/// The body of a change.
pub(crate) fn body(tx: &mut dyn Tx, seq: i64) -> Result<Arc<str>, StoreError> {
    let rows = tx.one(&BODY, &[Value::Int(seq)])?;
    rows.first().and_then(|row| row.maybe_text(0).cloned()).ok_or_else(damaged)
}

fn read(row: Row<'_>) -> Result<(ChangeRow, [u8; 32]), StoreError> {
    let instant = |micros| Instant::from_micros(micros).ok_or_else(damaged);
    let change = ChangeRow {
        seq: row.int(0),
        at: instant(row.int(1))?,
        organizer: OrganizerId::from_bytes(row.id(2)),
        event: row.maybe_id(3).map(EventId::from_bytes),
        slot: row.maybe_id(4).map(SlotId::from_bytes),
        booking: row.maybe_id(5).map(BookingId::from_bytes),
        kind: Cow::Owned(row.text(6).to_string()),
        body: row.maybe_text(7).cloned(),
        due_at: row.maybe_int(8).map(instant).transpose()?,
        actor: row.maybe_text(9).cloned(),
        role: Cow::Owned(row.text(10).to_string()),
        terminal: row.maybe_text(11).cloned(),
        request_id: row.maybe_text(12).cloned(),
    };
    let chain = row.bytes(13).try_into().map_err(|_| damaged())?;
    Ok((change, chain))
}

/// The changes after a sequence, with their chain hashes, at most `limit`.
pub(crate) fn after(
    tx: &mut dyn Tx,
    seq: i64,
    limit: i64,
) -> Result<Vec<(ChangeRow, [u8; 32])>, StoreError> {
    let rows: Rows = tx.one(&AFTER, &[Value::Int(seq), Value::Int(limit)])?;
    rows.iter().map(read).collect()
}
