//! Pages of a slot's tickets.

use crate::domain::ids::{OrganizerId, SlotId};
use crate::domain::text::Buyer;

use crate::store::boundary::{StoreError, Tx, Value};
use crate::store::statement::{maybe_text, statements};

statements! {
    PAGE_OF_SLOT = "SELECT b.number, t.n FROM line l CROSS JOIN ticket t CROSS JOIN booking b WHERE l.slot = $1 AND t.event = l.event AND t.booking = l.booking AND t.line = l.n AND b.event = l.event AND b.id = l.booking AND b.organizer = $2 AND ($3 IS NULL OR b.buyer = $3) AND (b.number, t.n) > ($4, $5) ORDER BY b.number, t.n LIMIT $6"
        (Id, Id, Text, Int, Int, Int) -> (Int, Int);
}

/// The booking and place in it of a slot's tickets after this one, at most `limit`; only this buyer's, if one is named.
pub(crate) fn page_of_slot(
    tx: &mut dyn Tx,
    slot: SlotId,
    organizer: OrganizerId,
    buyer: Option<&Buyer>,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let key = [
        Value::Id(slot.bytes()),
        Value::Id(organizer.bytes()),
        maybe_text(buyer.map(Buyer::shared)),
        Value::Int(after.0),
        Value::Int(after.1),
        Value::Int(limit),
    ];
    Ok(tx.one(&PAGE_OF_SLOT, &key)?.iter().map(|row| (row.int(0), row.int(1))).collect())
}
