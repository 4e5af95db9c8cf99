//! Pages of bookings: their numbers, in the order in which they were made.

use crate::domain::booking_state::StateName;
use crate::domain::ids::{OrganizerId, SlotId};
use crate::domain::instant::Instant;
use crate::domain::text::Buyer;

use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::{maybe_int, maybe_text, statements};

use super::damaged;

// A due hold reads expired: state 3 instead of 0. A slot's bookings are gathered from their lines, then sorted.
statements! {
    NEXT = "SELECT number FROM booking WHERE number > $1 ORDER BY number LIMIT 1"
        (Int) -> (Int);
    NTH = "SELECT number FROM booking WHERE number > $1 ORDER BY number LIMIT 1 OFFSET $2"
        (Int, Int) -> (Int);
    PAGE = "SELECT b.number FROM booking b WHERE b.number > $1 AND b.number <= $6 AND b.organizer = $2 AND ($3 IS NULL OR CASE WHEN b.state = 0 AND b.expires_at <= $4 THEN 3 ELSE b.state END = $3) ORDER BY b.number LIMIT $5"
        (Int, Id, Int, Int, Int, Int) -> (Int);
    PAGE_OF_BUYER = "SELECT b.number FROM booking b WHERE b.buyer = $6 AND b.number > $1 AND b.organizer = $2 AND ($3 IS NULL OR CASE WHEN b.state = 0 AND b.expires_at <= $4 THEN 3 ELSE b.state END = $3) ORDER BY b.number LIMIT $5"
        (Int, Id, Int, Int, Int, Text) -> (Int);
    PAGE_OF_SLOT = "SELECT b.number FROM (SELECT DISTINCT event, booking FROM line WHERE slot = $7) l CROSS JOIN booking b WHERE b.event = l.event AND b.id = l.booking AND ($6 IS NULL OR b.buyer = $6) AND b.number > $1 AND b.organizer = $2 AND ($3 IS NULL OR CASE WHEN b.state = 0 AND b.expires_at <= $4 THEN 3 ELSE b.state END = $3) ORDER BY b.number LIMIT $5"
        (Int, Id, Int, Int, Int, Text, Id) -> (Int);
}

/// Which bookings are wanted.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    /// Those with higher numbers.
    pub(crate) after: i64,
    /// Of this organizer.
    pub(crate) organizer: OrganizerId,
    /// Those that are this now.
    pub(crate) state: Option<StateName>,
    /// When is now.
    pub(crate) now: Instant,
    /// For this buyer.
    pub(crate) buyer: Option<&'a Buyer>,
    /// Of this slot.
    pub(crate) slot: Option<SlotId>,
}

/// The number of the n-th booking after a number, n from 1; none if there are fewer.
pub(crate) fn nth(tx: &mut dyn Tx, after: i64, n: i64) -> Result<Option<i64>, StoreError> {
    let key = [Value::Int(after), Value::Int(n - 1)];
    Ok(tx.one(&NTH, &key)?.first().map(|row| row.int(0)))
}

/// The first number after this one.
pub(crate) fn next(tx: &mut dyn Tx, after: i64) -> Result<Option<i64>, StoreError> {
    Ok(tx.one(&NEXT, &[Value::Int(after)])?.first().map(|row| row.int(0)))
}

/// A page of numbers. Without buyer and slot none above `up_to` is looked at, so that a rare state does not read
/// the whole file.
pub(crate) fn page(
    tx: &mut dyn Tx,
    wanted: &Wanted<'_>,
    up_to: i64,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let state = wanted.state.and_then(|state| {
        let number = StateName::ALL.iter().position(|other| *other == state)?;
        i64::try_from(number).ok()
    });
    let mut key = vec![
        Value::Int(wanted.after),
        Value::Id(wanted.organizer.bytes()),
        maybe_int(state),
        Value::Int(wanted.now.micros()),
        Value::Int(limit),
    ];
    let buyer = maybe_text(wanted.buyer.map(Buyer::shared));
    let rows = match (wanted.slot, wanted.buyer) {
        (Some(slot), _) => {
            key.extend([buyer, Value::Id(slot.bytes())]);
            tx.one(&PAGE_OF_SLOT, &key)?
        }
        (None, Some(_)) => {
            key.push(buyer);
            tx.one(&PAGE_OF_BUYER, &key)?
        }
        (None, None) => {
            key.push(Value::Int(up_to));
            tx.one(&PAGE, &key)?
        }
    };
    Ok(rows.iter().map(|row| row.int(0)).collect())
}

/// A booking's number as the domain counts.
pub(crate) fn number(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| damaged("booking"))
}
