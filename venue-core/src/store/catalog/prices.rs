//! Prices: one rate, `standard`, without tax.

use crate::domain::ids::EventId;
use crate::domain::season::PriceSpec;
use crate::domain::text::Name;
use crate::store::boundary::{Call, StoreError, Tx, Value};
use crate::store::statement::{statements, text};

statements! {
    OF_EVENT = "SELECT category, minor FROM price WHERE event = $1 AND rate = 'standard' ORDER BY n, category"
        (Id) -> (Text, Int);
    DROP_ALL = "DELETE FROM price WHERE event = $1 AND rate = 'standard'" (Id) -> ();
    PUT = "INSERT INTO price (event, category, rate, n, minor, tax_bp) VALUES ($1, $2, 'standard', $3, $4, 0) ON CONFLICT (event, category, rate) DO UPDATE SET n = excluded.n, minor = excluded.minor"
        (Id, Text, Int, Int) -> ();
}

/// The prices of an event, in their order.
pub(crate) fn of_event(tx: &mut dyn Tx, event: EventId) -> Result<Vec<PriceSpec>, StoreError> {
    let rows = tx.one(&OF_EVENT, &[Value::Id(event.bytes())])?;
    let price = |row: crate::store::boundary::Row<'_>| PriceSpec {
        category: Name::stored(row.text(0)),
        minor: row.int(1),
    };
    Ok(rows.iter().map(price).collect())
}

/// Makes these the prices of an event.
pub(crate) fn replace(
    tx: &mut dyn Tx,
    event: EventId,
    prices: &[PriceSpec],
) -> Result<(), StoreError> {
    tx.exec(&[Call::once(&DROP_ALL, [Value::Id(event.bytes())])])?;
    put(tx, event, prices)
}

/// Adds and changes prices of an event, and puts them into this order.
pub(crate) fn put(tx: &mut dyn Tx, event: EventId, prices: &[PriceSpec]) -> Result<(), StoreError> {
    let mut put = Call::new(&PUT);
    for (n, price) in (0_i64..).zip(prices) {
        put.push([
            Value::Id(event.bytes()),
            text(price.category.as_str()),
            Value::Int(n),
            Value::Int(price.minor),
        ]);
    }
    tx.exec(&[put]).map(drop)
}
