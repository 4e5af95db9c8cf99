//! The stored answers of idempotency keys.

use std::borrow::Cow;
use std::sync::Arc;

use crate::domain::ids::OrganizerId;
use crate::domain::instant::Instant;

use super::boundary::{Call, StoreError, Tx, Value};
use super::statement::{maybe_int, maybe_text, shared, statements, word};

statements! {
    FIND = "SELECT stored, verb, fingerprints, seq, reply, expires_at FROM key_record WHERE organizer = $1 AND scope = $2 AND key = $3"
        (Id, Text, Text) -> (Int, Text, Bytes, MaybeInt, MaybeText, Int);
    INSERT = "INSERT INTO key_record (organizer, scope, key, verb, fingerprints, seq, reply, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        (Id, Text, Text, Text, Bytes, Int, Text, Int) -> ();
    DROP = "DELETE FROM key_record WHERE stored = $1" (Int) -> ();
    OLDEST = "SELECT stored, expires_at FROM key_record ORDER BY stored LIMIT $1"
        (Int) -> (Int, Int);
}

/// What a key was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoredReply {
    /// The body of this change.
    Change(i64),
    /// This JSON.
    Json(Arc<str>),
}

/// A key's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRecord {
    /// Its row; none: not written yet.
    pub(crate) stored: Option<i64>,
    /// The verb it was used for.
    pub(crate) verb: Cow<'static, str>,
    /// Eight bytes a field.
    pub(crate) fingerprints: Arc<[u8]>,
    /// The answer.
    pub(crate) reply: StoredReply,
    /// Not found from then on.
    pub(crate) expires_at: Instant,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct KeyName {
    /// At this organizer's.
    pub(crate) organizer: OrganizerId,
    /// Of this caller.
    pub(crate) scope: Arc<str>,
    /// The key.
    pub(crate) key: Arc<str>,
}

/// The record of a key, expired or not.
pub(crate) fn find(tx: &mut dyn Tx, name: &KeyName) -> Result<Option<KeyRecord>, StoreError> {
    let key = [Value::Id(name.organizer.bytes()), shared(&name.scope), shared(&name.key)];
    let rows = tx.one(&FIND, &key)?;
    Ok(rows.first().map(|row| KeyRecord {
        stored: Some(row.int(0)),
        verb: Cow::Owned(row.text(1).to_string()),
        fingerprints: row.bytes(2).into(),
        reply: match (row.maybe_int(3), row.maybe_text(4)) {
            (Some(seq), _) => StoredReply::Change(seq),
            (None, reply) => StoredReply::Json(reply.cloned().unwrap_or_else(|| "".into())),
        },
        expires_at: Instant::clamped(row.int(5)),
    }))
}

/// The oldest records: row and end.
pub(crate) fn oldest(tx: &mut dyn Tx, limit: i64) -> Result<Vec<(i64, Instant)>, StoreError> {
    let rows = tx.one(&OLDEST, &[Value::Int(limit)])?;
    Ok(rows.iter().map(|row| (row.int(0), Instant::clamped(row.int(1)))).collect())
}

/// What a batch writes to key records.
#[derive(Debug)]
pub(crate) struct KeyWrites {
    drop: Call,
    insert: Call,
}

impl KeyWrites {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { drop: Call::new(&DROP), insert: Call::new(&INSERT) }
    }

    /// A record that is to go.
    pub(crate) fn drop(&mut self, stored: i64) {
        self.drop.push([Value::Int(stored)]);
    }

    /// A new record.
    pub(crate) fn insert(&mut self, name: &KeyName, record: &KeyRecord) {
        let (seq, reply) = match &record.reply {
            StoredReply::Change(seq) => (Some(*seq), None),
            StoredReply::Json(json) => (None, Some(Arc::clone(json))),
        };
        self.insert.push([
            Value::Id(name.organizer.bytes()),
            shared(&name.scope),
            shared(&name.key),
            word(&record.verb),
            Value::Bytes(record.fingerprints[..].into()),
            maybe_int(seq),
            maybe_text(reply),
            Value::Int(record.expires_at.micros()),
        ]);
    }

    /// The calls: deletes, then inserts.
    pub(crate) fn calls(self) -> [Call; 2] {
        [self.drop, self.insert]
    }
}
