//! Making the slots of what was imported.

use crate::domain::generated::ScheduleRefusal;
use crate::domain::ids::ScheduleId;
use crate::domain::import_done::{
    CollidedSchedule, OversizedSchedule, RejectedSlot, UnsupportedSchedule,
};
use crate::operations::Stop;
use crate::operations::generate::{self, Aim, Decision, Timetables};

use super::run::Run;

/// Makes the slots of all these schedules that are not there yet and have not started, in the import's own
/// transaction. A schedule of which one collides in its hall gets none.
pub(super) fn generate(run: &mut Run<'_, '_, '_>, schedules: &[ScheduleId]) -> Result<(), Stop> {
    let mut timetables = Timetables::default();
    let mut decided = Vec::new();
    let mut total = 0;
    for id in schedules {
        let (now, aim) = (run.work.now, Aim::Generate);
        let Some(decision) = generate::look(run.work.tx, *id, now, aim, &mut timetables)? else {
            continue;
        };
        report(run, &decision);
        total += decision.new.len() as u64;
        decided.push(decision);
    }
    let mut written = 0;
    for decision in &decided {
        let progress = &mut *run.context.progress;
        let mut told = |done, _| progress("slots", written + done, total);
        generate::write(run.work, decision, Aim::Generate, &mut told)?;
        written += decision.new.len() as u64;
    }
    run.done.slots += total;
    run.done.created.slots += total;
    Ok(())
}

/// Says which dates of a schedule are not made, or why none is.
fn report(run: &mut Run<'_, '_, '_>, decision: &Decision) {
    let schedule = || decision.facts.name.clone();
    for rejected in &decision.rejected {
        run.done.rejected.push(RejectedSlot {
            schedule: schedule(),
            local: rejected.local,
            reason: rejected.reason,
        });
    }
    match &decision.refused {
        None => {}
        Some(ScheduleRefusal::Collision { with, .. }) => {
            let with = with.clone();
            run.done.collided.push(CollidedSchedule { schedule: schedule(), with });
        }
        Some(ScheduleRefusal::TooManySlots { limit }) => {
            run.done.oversized.push(OversizedSchedule { schedule: schedule(), limit: *limit });
        }
        Some(wrong @ ScheduleRefusal::RuleInvalid { .. }) => {
            let reason = wrong.to_string();
            run.done.unsupported.push(UnsupportedSchedule { schedule: schedule(), reason });
        }
    }
}
