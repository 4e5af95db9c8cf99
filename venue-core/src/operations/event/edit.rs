//! `event edit`: other terms. What is sold already keeps its price, and what is held its time.

use crate::domain::event_state::EventAct;
use crate::domain::event_terms::{edited, priced};
use crate::domain::ids::EventId;
use crate::domain::refusal::Refusal;
use crate::domain::request::EventEdit;
use crate::domain::season::{SaleBound, sale_window};
use crate::domain::zone::Zone;
use crate::store::boundary::{StoreError, StoreFailure};
use crate::store::catalog::slots::OnSale;
use crate::store::catalog::{events, prices, slots};
use crate::store::events::terms;

use super::{announce, categories, done, hall, has_slots, step, view};
use crate::operations::{Context, Done, Stop, Work};

/// Changes the terms of an event: refused `not_found` (the event, the hall), `event_cancelled`, `event_completed`,
/// `stale_version`, `fixed` (the hall, once there are slots); invalid as by `event create`. What is so already is done,
/// and nothing is written but the key.
///
/// Slots that have not started are sold from then on as the event says.
pub(in crate::operations) fn edit(
    work: &mut Work<'_>,
    context: &Context<'_>,
    request: &EventEdit,
) -> Result<Done, Stop> {
    let (row, _) = step(work, context, &request.event, request.expected_version, EventAct::Edit)?;
    let place = match &request.terms.hall {
        Some(name) => hall(work, context, name)?,
        None => row.fields.hall,
    };
    if place != row.fields.hall && has_slots(work, row.id)? {
        return Err(Refusal::Fixed { field: "hall".to_owned() }.into());
    }
    let fields = edited(&row.fields, &request.terms, &request.clear, place)?;
    let stored = prices::of_event(work.tx, row.id)?;
    let categories = categories(work, place)?;
    let mut prices_now = priced(&categories, &stored, &request.terms.prices)?;
    if place != row.fields.hall {
        prices_now.retain(|price| categories.contains(&price.category));
    }
    let same = fields == row.fields && same_prices(&stored, &prices_now);
    if same {
        return Ok(done(view(work, context, &request.event)?));
    }

    // From here only the storage can fail.
    events::update(work.tx, row.id, &fields)?;
    prices::replace(work.tx, row.id, &prices_now)?;
    events::bump(work.tx, [row.id])?;
    let bounds = (fields.on_sale_from, fields.on_sale_until);
    if bounds != (row.fields.on_sale_from, row.fields.on_sale_until) {
        sell_anew(work, row.id, bounds)?;
    }
    let view = view(work, context, &request.event)?;
    Ok(announce(work, context, "event.edited", view))
}

/// True if the same categories have the same prices: their order says nothing.
fn same_prices(
    one: &[crate::domain::season::PriceSpec],
    other: &[crate::domain::season::PriceSpec],
) -> bool {
    one.len() == other.len() && one.iter().all(|price| other.contains(price))
}

/// Gives the slots that have not started the sale that the event has now.
fn sell_anew(
    work: &mut Work<'_>,
    event: EventId,
    bounds: (Option<SaleBound>, Option<SaleBound>),
) -> Result<(), StoreError> {
    let damaged = || StoreError::new(StoreFailure::Corrupt, "a row of venue is damaged");
    let terms = terms(work.tx, event)?.ok_or_else(damaged)?;
    let zone: Zone = terms.zone.parse().map_err(|_| damaged())?;
    let mut changed: Vec<OnSale> = Vec::new();
    for slot in slots::on_sale(work.tx, event, work.now)? {
        let (from, until) = sale_window(bounds, slot.starts_at, &zone);
        if (from, until) != (slot.from, slot.until) {
            changed.push(OnSale { from, until, ..slot });
        }
    }
    slots::put_on_sale(work.tx, event, &changed)
}
