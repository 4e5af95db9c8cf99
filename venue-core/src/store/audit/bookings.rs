//! Every booking by itself, against the feed, and into the ledgers of its slots.

use serde_json::Value as Json;

use crate::domain::booking::Booking;
use crate::domain::booking_state::BookingState;
use crate::domain::instant::Instant;
use crate::domain::line::{Line, Unit};
use crate::domain::reference::{booking_id, reference_of};
use crate::domain::ticket::{self, TicketState};
use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::statements;

use super::catalogue::Catalogue;
use super::feed::{self, History};
use super::file::{self, FileRow};
use super::findings::{Findings, Promise};
use super::ledger::{SlotLedger, claim_mark, hold_mark};
use super::rows::{Next, Walk, Whole};

statements! {
    doubt:
    BODY = "SELECT body FROM change WHERE seq = $1" (Int) -> (Text);
}

/// Checks all bookings; answers with what the slots should have, by their places.
pub(super) fn check(
    tx: &mut dyn Tx,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
    progress: &mut dyn FnMut(&str, u64, u64),
) -> Result<Vec<SlotLedger>, StoreError> {
    let total = file::bookings(tx)?;
    let mut ledgers = vec![SlotLedger::default(); catalogue.slots.len()];
    let mut walk = Walk::new(file.references);
    let mut done: u64 = 0;
    loop {
        match walk.next(tx, findings)? {
            Next::Whole(whole) => {
                alone(&whole, file, catalogue, history, findings);
                tickets(&whole.booking, findings);
                payments(&whole, findings);
                enter(&whole.booking, catalogue, &mut ledgers, findings);
                replayed(tx, &whole.booking, file, catalogue, history, findings)?;
            }
            Next::Damaged => {}
            Next::End => break,
        }
        done += 1;
        if done.is_multiple_of(10_000) {
            progress("bookings", done, total);
        }
    }
    progress("bookings", done, total);
    for (number, past) in history.pasts.missing() {
        findings.add(Promise::Replay, || {
            format!("booking number {number} of change {} is not there", past.seq)
        });
    }
    Ok(ledgers)
}

/// Whether the booking's own columns and lines agree.
fn alone(
    whole: &Whole,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &History,
    findings: &mut Findings,
) {
    let booking = &whole.booking;
    let mut expect = |holds, words: &str| {
        findings.expect(holds, Promise::Bookings, || format!("booking {}: {words}", booking.id));
    };
    let number = i64::try_from(booking.number).unwrap_or(i64::MAX);
    expect(number <= file.last_number, "its number was never given");
    expect(id_fits(booking), "its id does not follow from its number and time");
    let event = catalogue.events.get(&booking.event.bytes());
    expect(event.is_some(), "its event is not there");
    if let Some(event) = event {
        let organizer = event.organizer == booking.organizer.bytes();
        expect(organizer, "its event is another organizer's");
        let currency = *event.currency == *booking.currency.code();
        expect(currency, "its currency is not the organizer's");
    }
    let numbered = booking.lines.iter().zip(1..).all(|(line, n)| line.n == n);
    expect(numbered, "its lines are not numbered from 1");
    for line in &booking.lines {
        let slot = catalogue.places.get(&line.slot.bytes()).map(|place| &catalogue.slots[*place]);
        expect(slot.is_some(), "its slot is not there");
        let event = slot.is_none_or(|slot| slot.event == booking.event.bytes());
        expect(event, "its slot is another event's");
    }
    let latest = Instant::clamped(file.floor.max(history.latest_at));
    times(booking, latest, history.put_back, &mut expect);
    let amount: i64 = booking.lines.iter().map(Line::amount).sum();
    let gone = booking.lines.iter().filter(|line| !line.is_live()).map(Line::amount).sum::<i64>();
    expect(whole.total == whole.sum, "its total is not the sum of its live lines");
    expect(booking.paid == 0 || booking.paid == amount, "what was paid is not its price");
    expect(booking.paid == 0 || booking.paid_by.is_some(), "it was paid in no way");
    expect(booking.refund_due <= booking.paid, "more is due for refund than was paid");
    let refund = if booking.paid > 0 { gone } else { 0 };
    expect(booking.refund_due == refund, "what is due for refund is not what was cancelled");
}

/// The id carries the reference and the time of birth.
fn id_fits(booking: &Booking) -> bool {
    let made = booking_id(booking.created_at, booking.reference, 0).bytes();
    let bytes = booking.id.bytes();
    reference_of(booking.id) == booking.reference
        && made[..6] == bytes[..6]
        && bytes[6] >> 4 == 7
        && bytes[8] >> 6 == 2
        && bytes[15] == 0
}

/// Whether times, state and what was ever paid agree. Nothing is later than the `latest` commit; what came first
/// is earlier, unless the clock was ever put back.
fn times(booking: &Booking, latest: Instant, put_back: bool, expect: &mut dyn FnMut(bool, &str)) {
    let in_order = |first: Instant, then: Instant| first <= then || put_back;
    let (born, sold_at_once) = (booking.created_at, booking.ttl.micros() == 0);
    let confirmed = booking.confirmed_at;
    let live = booking.lines.iter().filter(|line| line.is_live()).count();
    let whole = live == booking.lines.len();
    expect(born <= latest, "it was made after the last commit");
    expect(confirmed.is_none_or(|at| in_order(born, at)), "it was confirmed before it was made");
    expect(!sold_at_once || confirmed == Some(born), "without a hold it is sold when it is made");
    expect(!sold_at_once || booking.token_hash.is_none(), "it has a token without a hold");
    expect(confirmed.is_some() || booking.paid == 0, "it was paid but never confirmed");
    let cancelled = booking.lines.iter().filter_map(|line| line.cancelled_at);
    let lines_fit = cancelled.clone().all(|at| confirmed.is_some_and(|since| in_order(since, at)));
    expect(lines_fit, "a line was cancelled before it was confirmed");
    match &booking.state {
        BookingState::Held { expires_at } => {
            expect(confirmed.is_none(), "it is held and was confirmed");
            expect(*expires_at >= born.plus(booking.ttl), "its hold ends too early");
            expect(whole, "it is held and has cancelled lines");
        }
        BookingState::Confirmed => {
            expect(confirmed.is_some(), "it is confirmed and does not say since when");
            expect(live > 0, "it is confirmed and has no live line");
        }
        BookingState::Released { at, .. } | BookingState::Expired { at } => {
            expect(confirmed.is_none(), "its hold ended and it was confirmed");
            expect(in_order(born, *at), "it ended before it was made");
            expect(*at <= latest, "it ended after the last commit");
            expect(whole, "its hold ended and it has cancelled lines");
        }
        BookingState::Cancelled { at, .. } => {
            expect(confirmed.is_some_and(|since| in_order(since, *at)), "it was never confirmed");
            expect(live == 0, "it is cancelled and has live lines");
            let last =
                if put_back { cancelled.clone().find(|line| line == at) } else { cancelled.max() };
            expect(last == Some(*at), "it ended at another time than its last line");
        }
    }
}

/// One ticket a unit of what was ever confirmed.
fn tickets(booking: &Booking, findings: &mut Findings) {
    let mut expect = |holds, words: &str| {
        findings.expect(holds, Promise::Tickets, || format!("booking {}: {words}", booking.id));
    };
    if booking.confirmed_at.is_none() {
        expect(booking.tickets.is_empty(), "it has tickets and was never confirmed");
        return;
    }
    let issued = ticket::issue(booking.id, &booking.lines);
    expect(issued.len() == booking.tickets.len(), "it has not one ticket a unit");
    for (is, ought) in booking.tickets.iter().zip(&issued) {
        expect((is.n, is.line) == (ought.n, ought.line), "its tickets are numbered otherwise");
        expect(is.id == ought.id, "a ticket's id does not follow from it");
        expect(is.code_version >= 1, "a ticket has no code");
        let live = booking.lines.iter().any(|line| line.n == is.line && line.is_live());
        expect(
            (is.state == TicketState::Valid) == live,
            "a ticket is valid and its line is not, or the other way round",
        );
    }
}

/// Payments that a provider knows are of bookings that were confirmed, and pay all of it.
fn payments(whole: &Whole, findings: &mut Findings) {
    let booking = &whole.booking;
    if whole.payments.is_empty() {
        return;
    }
    let mut expect = |holds, words: &str| {
        findings.expect(holds, Promise::Payments, || format!("booking {}: {words}", booking.id));
    };
    let amount = whole.payments.iter().fold(0_i64, |sum, paid| sum.saturating_add(paid.amount));
    let by = booking.paid_by.as_ref().map_or("", |by| by.as_str());
    expect(booking.confirmed_at.is_some(), "it has a payment and was never confirmed");
    expect(amount == booking.paid, "its payments are not what was paid");
    expect(whole.payments.iter().all(|paid| *paid.method == *by), "it was paid in another way");
}

/// Enters the booking's live units into the ledgers.
fn enter(
    booking: &Booking,
    catalogue: &Catalogue,
    ledgers: &mut [SlotLedger],
    findings: &mut Findings,
) {
    let (state, end) = match &booking.state {
        BookingState::Held { expires_at } => (0, Some(expires_at.micros())),
        BookingState::Confirmed => (1, None),
        BookingState::Released { .. }
        | BookingState::Expired { .. }
        | BookingState::Cancelled { .. } => return,
    };
    let ledger = |slot: [u8; 16]| catalogue.places.get(&slot).copied();
    for line in booking.lines.iter().filter(|line| line.is_live()) {
        let Some(place) = ledger(line.slot.bytes()) else { continue };
        let quantity = i64::from(line.quantity);
        let (is_area, name, counter) = match &line.unit {
            Unit::Seat { guid, .. } => (false, guid, &line.category),
            Unit::Area { name } => (true, name, name),
        };
        let ledger = &mut ledgers[place];
        let mark = claim_mark(is_area, name, booking.id.bytes(), quantity);
        ledger.claims = ledger.claims.wrapping_add(mark);
        ledger.tally(is_area, counter).units[state] += quantity;
        let sold = catalogue.capacity(&catalogue.slots[place], is_area, counter).is_some();
        findings.expect(sold, Promise::Units, || {
            format!("booking {}: its slot does not sell {counter}", booking.id)
        });
    }
    let (Some(end), Some(first)) = (end, booking.lines.first()) else { return };
    let Some(place) = ledger(first.slot.bytes()) else { return };
    let area = match &first.unit {
        Unit::Area { name } => Some(&**name),
        Unit::Seat { .. } => None,
    };
    let ledger = &mut ledgers[place];
    ledger.holds = ledger.holds.wrapping_add(hold_mark(end, booking.id.bytes(), area));
    ledger.first_end = Some(ledger.first_end.map_or(end, |first| first.min(end)));
}

/// Compares the booking with its newest change.
fn replayed(
    tx: &mut dyn Tx,
    booking: &Booking,
    file: &FileRow,
    catalogue: &Catalogue,
    history: &mut History,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let Some(event) = catalogue.events.get(&booking.event.bytes()) else { return Ok(()) };
    let number = i64::try_from(booking.number).unwrap_or(i64::MAX);
    if number > file.last_number.max(file.greatest) {
        return Ok(());
    }
    let past = history.pasts.of(booking.number);
    past.met = true;
    if past.state().is_none() {
        findings.add(Promise::Replay, || format!("booking {} has no change", booking.id));
        return Ok(());
    }
    // Before all time no hold is due: this is the booking as its row says.
    let view = booking.view(&event.slug, Instant::EPOCH);
    let Ok(text) = serde_json::to_string(&view) else { return Ok(()) };
    if feed::hash(text.as_bytes()) == past.body {
        return Ok(());
    }
    let rows = tx.one(&BODY, &[Value::Int(past.seq)])?;
    let body = rows.first().and_then(|row| row.maybe_text(0).cloned());
    let said: Json = body.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or(Json::Null);
    let is: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
    for field in differing(&said, &is) {
        let one = |side: &Json| side.get(&field).map_or_else(|| "nothing".into(), Json::to_string);
        findings.add(Promise::Replay, || {
            let (id, seq) = (booking.id, past.seq);
            format!("booking {id}: {field} is {}, change {seq} says {}", one(&is), one(&said))
        });
    }
    Ok(())
}

/// The members that differ between two objects.
fn differing(a: &Json, b: &Json) -> Vec<String> {
    let members = |side: &Json| side.as_object().cloned().unwrap_or_default();
    let (a, b) = (members(a), members(b));
    let mut names: Vec<String> = a.keys().chain(b.keys()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| a.get(name) != b.get(name));
    names
}
