//! The feed: dense, in order, chained; every change reads. What it says of bookings and slots is kept for the
//! comparison with the rows.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use siphasher::sip::SipHasher13;

use crate::canary::{Canary, planted};
use crate::domain::booking::BookingView;
use crate::domain::booking_state::SLOT_CANCELLED;
use crate::domain::idempotency::KEY_LIFE;
use crate::domain::ids::{BookingId, EventId, OrganizerId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::postponement::SlotTimes;
use crate::domain::reply::Reply;
use crate::store::boundary::{Row, StoreError, Tx, Value};
use crate::store::changes::ChangeRow;
use crate::store::statement::statements;

use super::catalogue::Catalogue;
use super::file::FileRow;
use super::findings::{Findings, Promise};
use super::history::Pasts;
use super::ledger::answer_mark;
use super::pages::Pages;
use super::steps;
use super::withheld::Withheld;

statements! {
    doubt:
    CHANGES = "SELECT seq, shard, at, organizer, event, slot, booking, kind, body, due_at, actor, role, terminal, request_id, chain FROM change WHERE seq > $1 ORDER BY seq LIMIT 500"
        (Int) -> (Int, Int, Int, Id, Id, Id, Id, Text, Text, Int, Text, Text, Text, Text, Bytes);
}

/// What the feed says.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The newest change's sequence.
    pub(super) last_seq: i64,
    /// The instant of the newest change: no later one may be before it.
    pub(super) newest_at: i64,
    /// The latest instant of any change.
    pub(super) latest_at: i64,
    /// Whether the owner ever put the clock back: times from before that lie later than times from after it.
    pub(super) put_back: bool,
    /// The newest change's hash.
    pub(super) chain: [u8; 32],
    /// What became of the bookings.
    pub(super) pasts: Pasts,
    /// Whether a slot, by its place, was last opened or closed.
    pub(super) closed: FxHashMap<usize, bool>,
    /// Slots that were removed, because their schedule does not have them any more.
    removed: FxHashSet<SlotId>,
    /// Changes of slots that are not there, and their slots.
    orphans: Vec<(i64, SlotId)>,
    /// The slots, by their places, that were cancelled.
    pub(super) cancelled: FxHashSet<usize>,
    /// Where the slots that were moved by hand, by their places, start since then.
    pub(super) moved: FxHashMap<usize, Instant>,
    /// What is withheld.
    pub(super) withheld: Withheld,
    /// The marks of all changes that are the answer to a key which still counts.
    pub(super) keyed: u128,
}

/// Reads the whole feed.
pub(super) fn read(
    tx: &mut dyn Tx,
    file: &FileRow,
    catalogue: &Catalogue,
    findings: &mut Findings,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<History, StoreError> {
    let mut history = History::default();
    let total = u64::try_from(file.last_seq).unwrap_or(0);
    let mut pages = Pages::after(&CHANGES, [Value::Int(i64::MIN)]);
    let mut done: u64 = 0;
    while let Some(row) = pages.row(tx)? {
        one(row, file, catalogue, &mut history, findings);
        pages.step();
        done += 1;
        if done.is_multiple_of(10_000) {
            progress("feed", done, total);
        }
    }
    progress("feed", done, total);
    check_removed(&history, catalogue, findings);
    Ok(history)
}

/// A slot that a change is about is there, or was removed; what was removed is not there.
fn check_removed(history: &History, catalogue: &Catalogue, findings: &mut Findings) {
    for (seq, slot) in &history.orphans {
        findings.expect(history.removed.contains(slot), Promise::Feed, || {
            format!("change {seq}: its slot is not there")
        });
    }
    for slot in &history.removed {
        findings.expect(!catalogue.places.contains_key(&slot.bytes()), Promise::Feed, || {
            format!("slot {slot} was removed, and is there")
        });
    }
}

/// A change as the row has it; none if the row cannot be one of ours.
fn change(row: Row<'_>) -> Option<ChangeRow> {
    let text = |column| row.maybe_text(column).cloned();
    let due_at = match row.maybe_int(9) {
        Some(at) => Some(Instant::from_micros(at)?),
        None => None,
    };
    Some(ChangeRow {
        seq: row.maybe_int(0)?,
        at: Instant::from_micros(row.maybe_int(2)?)?,
        organizer: OrganizerId::from_bytes(row.maybe_id(3)?),
        event: row.maybe_id(4).map(EventId::from_bytes),
        slot: row.maybe_id(5).map(SlotId::from_bytes),
        booking: row.maybe_id(6).map(BookingId::from_bytes),
        kind: text(7)?.to_string().into(),
        body: text(8),
        due_at,
        actor: text(10),
        role: text(11)?.to_string().into(),
        terminal: text(12),
        request_id: text(13),
    })
}

fn one(
    row: Row<'_>,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
) {
    let seq = row.maybe_int(0).unwrap_or(0);
    let expected = history.last_seq.saturating_add(1);
    findings.expect(seq == expected, Promise::Feed, || {
        format!("change {seq} stands where change {expected} should")
    });
    findings.expect(row.maybe_int(1) == Some(0), Promise::Feed, || {
        format!("change {seq} is of another shard")
    });
    history.last_seq = seq;
    let stored: Option<[u8; 32]> = row.maybe_bytes(14).and_then(|bytes| bytes.try_into().ok());
    let before = std::mem::replace(&mut history.chain, stored.unwrap_or_default());
    let Some(change) = change(row) else {
        findings.add(Promise::Feed, || format!("change {seq} is damaged"));
        return;
    };
    let chained = stored == Some(change.chain(&before)) || planted(Canary::ChainUnchecked);
    findings.expect(chained, Promise::Feed, || format!("the chain breaks at change {seq}"));
    let at = change.at.micros();
    let put_back = at < history.newest_at && change.kind == "clock.accepted";
    findings.expect(at >= history.newest_at || put_back, Promise::Feed, || {
        format!("change {seq} is older than the one before")
    });
    history.put_back |= put_back;
    history.newest_at = if put_back { at } else { at.max(history.newest_at) };
    history.latest_at = at.max(history.latest_at);
    if let Err(wrong) = body(&change, file, catalogue, history, findings) {
        findings.add(Promise::Feed, || format!("change {seq}, {}: {wrong}", change.kind));
    }
}

/// Reads the body of a change, by its kind.
fn body(
    change: &ChangeRow,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
) -> Result<(), String> {
    let text = change.body.as_deref();
    let unreadable = |error: serde_json::Error| format!("its body does not read: {error}");
    if change.kind.starts_with("booking.") {
        let view: BookingView = serde_json::from_str(text.unwrap_or("")).map_err(unreadable)?;
        belongs(change, &view, catalogue)?;
        let by_the_slot = view.ended_why.as_ref().is_some_and(|why| why.as_str() == SLOT_CANCELLED);
        if let Some(mark) = keyed(change, file.floor).filter(|_| !by_the_slot) {
            history.keyed = history.keyed.wrapping_add(mark);
        }
        let hash = hash(text.unwrap_or("").as_bytes());
        return steps::follow(change, &view, hash, file, catalogue, history, findings);
    }
    if change.due_at.is_some() || change.booking.is_some() {
        return Err("it speaks of a booking".to_owned());
    }
    match (&*change.kind, text) {
        ("house.set" | "house.lifted" | "slot.opened" | "slot.closed", text) => {
            let reply: Reply = serde_json::from_str(text.unwrap_or("")).map_err(unreadable)?;
            switched_or_withheld(change, &reply, catalogue, history, findings)
        }
        ("slot.removed", Some(_)) => {
            let slot = change.slot.ok_or_else(|| "it names no slot".to_owned())?;
            history.removed.insert(slot);
            Ok(())
        }
        ("slot.cancelled", Some(text)) => {
            let done: Cancelled = serde_json::from_str(text).map_err(unreadable)?;
            let place = place_of(change, done.slot, catalogue)?;
            if !history.cancelled.insert(place) {
                return Err("its slot was cancelled before".to_owned());
            }
            Ok(())
        }
        ("slot.postponed", Some(text)) => {
            let done: Moved = serde_json::from_str(text).map_err(unreadable)?;
            let place = place_of(change, done.slot, catalogue)?;
            let was = history.moved.insert(place, done.after.starts_at);
            if was.is_some_and(|was| was != done.before.starts_at) {
                return Err("its slot did not start then".to_owned());
            }
            Ok(())
        }
        (kind, Some(text)) if is_known(kind) => {
            serde_json::from_str::<serde::de::IgnoredAny>(text).map(drop).map_err(unreadable)
        }
        (kind, None) if is_known(kind) => Ok(()),
        _ => Err("nobody knows this kind".to_owned()),
    }
}

/// What the change of a slot that was cancelled says.
#[derive(Debug, Deserialize)]
struct Cancelled {
    slot: SlotId,
}

/// What the change of a slot that was moved says.
#[derive(Debug, Deserialize)]
struct Moved {
    slot: SlotId,
    before: SlotTimes,
    after: SlotTimes,
}

/// The place of the slot that a change and its body are about.
fn place_of(change: &ChangeRow, slot: SlotId, catalogue: &Catalogue) -> Result<usize, String> {
    if change.slot != Some(slot) {
        return Err("its body is of another slot".to_owned());
    }
    let place = catalogue.places.get(&slot.bytes()).copied();
    place.ok_or_else(|| "its slot is not there".to_owned())
}

/// Kinds whose bodies say nothing that the rows of bookings and units could be compared with.
fn is_known(kind: &str) -> bool {
    let Some((about, what)) = kind.split_once('.') else { return kind == "snapshot" };
    let about_known =
        matches!(about, "event" | "slot" | "schedule" | "plan" | "import" | "clock" | "organizer");
    about_known && !what.is_empty() && what.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// The mark of a change that is the answer to a key which still counts: whoever asked for it may ask again. An expiry
/// is nobody's answer, and neither is what became of a booking because its slot was cancelled.
fn keyed(change: &ChangeRow, floor: i64) -> Option<u128> {
    let counts = change.at.plus(KEY_LIFE).micros() > floor;
    (counts && change.kind != "booking.expired").then(|| answer_mark(change.seq))
}

/// A booking's change says in its columns what its body says.
fn belongs(change: &ChangeRow, view: &BookingView, catalogue: &Catalogue) -> Result<(), String> {
    if change.booking != Some(view.id) {
        return Err("its body is of another booking".to_owned());
    }
    if change.slot != Some(view.slot) {
        return Err("its body is of another slot".to_owned());
    }
    let event = change.event.and_then(|event| catalogue.events.get(&event.bytes()));
    match event {
        Some(event) if event.slug != view.event => Err("its body is of another event".to_owned()),
        Some(event) if event.organizer != change.organizer.bytes() => {
            Err("its event is another organizer's".to_owned())
        }
        Some(_) => Ok(()),
        None => Err("its event is not there".to_owned()),
    }
}

fn switched_or_withheld(
    change: &ChangeRow,
    reply: &Reply,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
) -> Result<(), String> {
    let slot = change.slot.ok_or_else(|| "it names no slot".to_owned())?;
    let Some(place) = catalogue.places.get(&slot.bytes()).copied() else {
        history.orphans.push((change.seq, slot));
        return Ok(());
    };
    match (&*change.kind, reply) {
        ("slot.opened" | "slot.closed", Reply::Slot(done)) if done.slot == slot => {
            if done.closed != (&*change.kind == "slot.closed") {
                return Err("its body says the contrary".to_owned());
            }
            history.closed.insert(place, done.closed);
            Ok(())
        }
        ("house.set", Reply::House(done)) if done.slot == slot => {
            history.withheld.change(place, change.seq, done, 1, findings);
            Ok(())
        }
        ("house.lifted", Reply::House(done)) if done.slot == slot => {
            history.withheld.change(place, change.seq, done, -1, findings);
            Ok(())
        }
        _ => Err("its body is of another kind, or of another slot".to_owned()),
    }
}

/// The hash by which a body is compared with what the rows say.
pub(super) fn hash(body: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(body);
    hasher.finish()
}
