//! Retry safety: the same key and the same content give the stored answer; other content is refused.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::booking::BookingView;
use crate::domain::hold::HoldToken;
use crate::domain::idempotency::first_difference;
use crate::domain::refusal::Refusal;
use crate::domain::reply::Reply;
use crate::domain::request::Verb;
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::keys::{KeyName, KeyRecord, StoredReply};

use super::{Context, KEY_LIFE, Work};

/// An answer that no change carries, as a key's record keeps it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kept {
    /// A rule said no.
    Refused(Refusal),
    /// It was done.
    Done(Reply),
}

fn key_name(context: &Context<'_>) -> KeyName {
    KeyName {
        organizer: context.organizer.id,
        scope: Arc::clone(&context.command.scope),
        key: context.command.key.shared(),
    }
}

/// The stored answer of the command's key, if it has one. Charges and writes nothing.
pub(super) fn replay(
    work: &mut Work<'_>,
    context: &Context<'_>,
) -> Result<Option<Result<Reply, Refusal>>, StoreError> {
    let command = context.command;
    if !command.key_given {
        return Ok(None);
    }
    let Some(record) = work.key(&key_name(context))?.cloned() else { return Ok(None) };
    if record.verb != command.verb.name() {
        return Ok(Some(Err(Refusal::IdempotencyMismatch { field: "verb".to_owned() })));
    }
    if let Some(place) = first_difference(&record.fingerprints, &command.fingerprints) {
        let field = command.verb.fields().get(place).copied().unwrap_or("verb").to_owned();
        return Ok(Some(Err(Refusal::IdempotencyMismatch { field })));
    }
    let damaged = |_| StoreError::new(StoreFailure::Corrupt, "a stored answer is damaged");
    match record.reply {
        StoredReply::Change(seq) => {
            let body = work.change_body(seq)?;
            let mut view: BookingView = serde_json::from_str(&body).map_err(damaged)?;
            if matches!(command.verb, Verb::Hold(_)) {
                view.token = Some(token(work, &view));
            }
            Ok(Some(Ok(Reply::Booking(Box::new(view)))))
        }
        StoredReply::Json(json) => match serde_json::from_str(&json).map_err(damaged)? {
            Kept::Refused(refusal) => Ok(Some(Err(refusal))),
            Kept::Done(reply) => Ok(Some(Ok(reply))),
        },
    }
}

/// The token of a hold: rebuilt, never stored; none if the file's secret is lost.
pub(super) fn token(work: &Work<'_>, view: &BookingView) -> Option<String> {
    work.secret.map(|secret| HoldToken::of(secret, view.id).text())
}

/// The stored form of an answer that no change carries.
pub(super) fn kept(reply: &Reply) -> StoredReply {
    json(&Kept::Done(reply.clone()))
}

fn json(kept: &Kept) -> StoredReply {
    let text =
        serde_json::to_string(kept).unwrap_or_else(|_| unreachable!("answers are plain data"));
    StoredReply::Json(text.into())
}

/// Stores the answer of the command's key.
pub(super) fn store(work: &mut Work<'_>, context: &Context<'_>, reply: StoredReply) {
    let command = context.command;
    let record = KeyRecord {
        stored: None,
        verb: command.verb.name().into(),
        fingerprints: command.fingerprints.shared(),
        reply,
        expires_at: work.now.plus(KEY_LIFE),
    };
    if command.key_given {
        work.put_key(key_name(context), record);
    } else {
        work.put_fresh_key(key_name(context), record);
    }
}

/// Stores a refusal, if the caller gave the key. A key that a face made is known to nobody until an answer
/// carries it, and a refusal does not: there is nothing to repeat.
pub(super) fn store_refusal(work: &mut Work<'_>, context: &Context<'_>, refusal: &Refusal) {
    if context.command.key_given {
        store(work, context, json(&Kept::Refused(refusal.clone())));
    }
}
