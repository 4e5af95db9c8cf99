//! Writing what was decided for a schedule.

use std::sync::Arc;

use crate::domain::dates::SlotDate;
use crate::domain::ids::SlotId;
use crate::domain::season::sale_window;
use crate::domain::zone::tzdb_version;
use crate::operations::Work;
use crate::store::boundary::StoreError;
use crate::store::catalog::made_slots::{self, MovedSlot, NewSlot};
use crate::store::catalog::plans;

use super::{Aim, Decision};

/// Makes, moves and removes the slots that a decision says, in the open transaction; announces nothing.
///
/// # Takes
/// `progress`: told how many slots are written, of how many.
pub(crate) fn write(
    work: &mut Work<'_>,
    decision: &Decision,
    aim: Aim,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    if decision.refused.is_some() {
        return Ok(());
    }
    if aim == Aim::Mend {
        change(work, decision)?;
    }
    if decision.new.is_empty() {
        return Ok(());
    }
    let new = new_slots(work, decision)?;
    let (mut done, total) = (0, new.len() as u64);
    made_slots::insert(work.tx, &new, tzdb_version(), &mut |some| {
        done += some;
        progress(done, total);
    })
}

/// Takes away what goes, and moves what moves. A slot that goes makes room first.
fn change(work: &mut Work<'_>, decision: &Decision) -> Result<(), StoreError> {
    let facts = &decision.facts;
    let going: Vec<SlotId> = decision.going().map(|slot| slot.id).collect();
    made_slots::remove(work.tx, facts.event, &going)?;
    let moved: Vec<MovedSlot> = decision
        .moving()
        .map(|(slot, to)| {
            let (from, until) = sale_window(facts.sale, to.starts_at, &facts.zone);
            MovedSlot {
                id: slot.id,
                starts_at: to.starts_at,
                ends_at: to.ends_at,
                on_sale_from: from,
                on_sale_until: until,
            }
        })
        .collect();
    made_slots::shift(work.tx, facts.event, &moved, tzdb_version())
}

/// The rows of the new slots. Their ids are in the order of their starts, so that neighbours lie together.
fn new_slots(work: &mut Work<'_>, decision: &Decision) -> Result<Vec<NewSlot>, StoreError> {
    let facts = &decision.facts;
    let plan = plans::newest(work.tx, facts.hall)?.map(|(plan, _)| plan);
    let zone: Arc<str> = facts.zone.name().into();
    let mut ids: Vec<[u8; 16]> = decision.new.iter().map(|_| work.new_id()).collect();
    ids.sort_unstable();
    let slot = |(date, id): (&SlotDate, [u8; 16])| {
        let (on_sale_from, on_sale_until) = sale_window(facts.sale, date.starts_at, &facts.zone);
        NewSlot {
            id: SlotId::from_bytes(id),
            event: facts.event,
            schedule: facts.id,
            rule_local: date.rule_local.as_str().into(),
            zone: Arc::clone(&zone),
            starts_at: date.starts_at,
            ends_at: date.ends_at,
            on_sale_from,
            on_sale_until,
            plan,
        }
    };
    Ok(decision.new.iter().zip(ids).map(slot).collect())
}
