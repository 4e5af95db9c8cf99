//! New versions of a hall's plan, and the slots that move to them.

use crate::domain::ids::{HallId, PlanId};
use crate::domain::plan::Plan;
use crate::operations::Stop;
use crate::store::catalog::{plans, slots};

use super::run::Run;

/// Makes a plan the newest version of a hall's, unless it is already; says whether it did.
///
/// The slots that are not over move to it, unless a seat that has an owner there is missing in it, or is of
/// another category: its line was sold in that category, and its counter counts it there.
pub(super) fn plan(run: &mut Run<'_, '_, '_>, hall: HallId, plan: &Plan) -> Result<bool, Stop> {
    let newest = plans::newest(run.work.tx, hall)?;
    let number = match newest {
        Some((id, number)) => {
            let known = plans::load(run.work.tx, id)?;
            if known.is_some_and(|known| known.same_content(plan)) {
                return Ok(false);
            }
            number + 1
        }
        None => 1,
    };
    let id = PlanId::from_bytes(run.new_id());
    let progress = &mut *run.context.progress;
    let mut seats = |done, total| progress("seats", done, total);
    plans::insert(run.work.tx, hall, id, number, plan, &mut seats)?;
    run.done.created.plans += 1;
    run.done.created.seats += u64::from(plan.capacity());
    move_slots(run, hall, id)?;
    Ok(true)
}

fn move_slots(run: &mut Run<'_, '_, '_>, hall: HallId, plan: PlanId) -> Result<(), Stop> {
    let old = slots::with_other_plan(run.work.tx, hall, run.work.now, plan)?;
    let mut moving = Vec::with_capacity(old.len());
    for slot in old {
        if slots::misfits(run.work.tx, &slot, plan)? == 0 {
            moving.push(slot);
        } else {
            run.done.kept_plans.push(slot.id);
        }
    }
    Ok(slots::move_to_plan(run.work.tx, &moving, plan)?)
}
