//! Generating the slots of schedules, and mending what differs from their rules: one transaction a schedule.

use crate::domain::caller::{Caller, Role};
use crate::domain::error::Error;
use crate::domain::generated::{Drifted, Generated};
use crate::domain::ids::{OrganizerId, ScheduleId};
use crate::domain::refusal::Refusal;
use crate::domain::schedule_name::{ScheduleDrift, ScheduleGenerate, SchedulesOf};
use crate::domain::zone::tzdb_version;
use crate::operations::By;
use crate::operations::generate::{
    Aim, Decision, Timetables, add_drifted, add_generated, announce, look, write,
};
use crate::store::boundary::StoreError;
use crate::store::catalog::schedules;
use crate::store::{events, meta};

use super::failure::storage_error;
use super::maintenance::{begin, finished};
use super::{Engine, Leader, Progress, SqliteStore, reads};

/// What is done with some schedules, and by whom.
#[derive(Debug, Clone, Copy)]
struct Run<'a> {
    caller: &'a Caller,
    organizer: OrganizerId,
    aim: Aim,
}

impl Engine {
    /// Makes the slots that schedules have by their rules and that are not there yet, from now on as far as the
    /// horizon. Run again it makes only what has come into the horizon meanwhile: run it once a day. A date that
    /// was cancelled is not made again, and nothing that is there is touched.
    ///
    /// # Returns
    /// What was made for each schedule. A schedule with a slot that is not free in its hall, or with more than
    /// 100,000 slots, is `refused` there as a whole; the others are made.
    ///
    /// # Errors
    /// Refused `not_found` (organizer), `forbidden` (below organizer), `not_found` (event, schedule); else as by
    /// [`Engine::call`].
    ///
    /// # Concurrency
    /// Each schedule is one transaction, during which nobody else writes: about 10 us a slot. Of two that
    /// generate at once, the second finds what the first made. One that is killed leaves whole schedules, and the
    /// next run makes the others.
    pub fn schedule_generate(
        &self,
        caller: &Caller,
        request: &ScheduleGenerate,
        progress: Progress<'_>,
    ) -> Result<Generated, Error> {
        let (organizer, ids) = self.schedules_named(caller, &request.schedules)?;
        let run = Run { caller, organizer, aim: Aim::Generate };
        let decided = self.decide_each(run, &ids, !request.dry_run, progress)?;
        let mut answer = Generated { dry_run: request.dry_run, ..Generated::default() };
        for decision in &decided {
            add_generated(&mut answer, decision);
        }
        Ok(answer)
    }

    /// Says how the slots that have not started differ from their schedules' rules, by a changed rule or by other
    /// zone data. To mend it, slots that are missing are made; those that the rule has at another time move, and
    /// those that it does not have go, if nobody has or had a booking, house hold or kill of them. All others are
    /// kept, and reported.
    ///
    /// # Errors
    /// As by [`Engine::schedule_generate`].
    ///
    /// # Concurrency
    /// Only mending takes the lock: each schedule is one transaction.
    pub fn schedule_drift(
        &self,
        caller: &Caller,
        request: &ScheduleDrift,
        progress: Progress<'_>,
    ) -> Result<Drifted, Error> {
        let (organizer, ids) = self.schedules_named(caller, &request.schedules)?;
        let run = Run { caller, organizer, aim: Aim::Mend };
        let decided = self.decide_each(run, &ids, request.mend, progress)?;
        let tzdb = tzdb_version().to_owned();
        let mut answer = Drifted { mended: request.mend, tzdb, ..Drifted::default() };
        for decision in &decided {
            add_drifted(&mut answer, decision);
        }
        Ok(answer)
    }

    /// The caller's organizer, and the schedules that names lead to, by event and place.
    fn schedules_named(
        &self,
        caller: &Caller,
        names: &[SchedulesOf],
    ) -> Result<(OrganizerId, Vec<ScheduleId>), Error> {
        self.view(|tx| {
            let organizer = reads::organizer(tx, caller)?;
            if caller.role < Role::Organizer {
                return Err(Refusal::Forbidden.into());
            }
            let all = schedules::of_organizer(tx, organizer).map_err(storage_error)?;
            let has = |name: &SchedulesOf, it: &schedules::NamedSchedule| {
                name.has(it.id, &it.event, it.number)
            };
            for name in names.iter().filter(|name| !all.iter().any(|it| has(name, it))) {
                match name {
                    SchedulesOf::One(name) => {
                        return Err(Refusal::not_found("schedule", [name]).into());
                    }
                    SchedulesOf::Event(event) => {
                        let found = events::by_slug(tx, organizer, event.as_str());
                        if found.map_err(storage_error)?.is_none() {
                            return Err(Refusal::not_found("event", [event]).into());
                        }
                    }
                }
            }
            let wanted = |it: &&schedules::NamedSchedule| {
                names.is_empty() || names.iter().any(|name| has(name, it))
            };
            Ok((organizer, all.iter().filter(wanted).map(|it| it.id).collect()))
        })
    }

    /// Decides for each schedule, and writes what was decided if that is wanted.
    fn decide_each(
        &self,
        run: Run<'_>,
        ids: &[ScheduleId],
        writes: bool,
        progress: Progress<'_>,
    ) -> Result<Vec<Decision>, Error> {
        let mut timetables = Timetables::default();
        let total = ids.len() as u64;
        if !writes {
            return self.view(|tx| {
                let meta = meta::load(tx).map_err(storage_error)?;
                let now = self.inner.shared.read_at(meta.floor);
                let mut decided = Vec::with_capacity(ids.len());
                for (done, id) in (1..).zip(ids) {
                    let decision = look(tx, *id, now, run.aim, &mut timetables);
                    decided.extend(decision.map_err(storage_error)?);
                    progress("schedules", done, total);
                }
                Ok(decided)
            });
        }
        let mut decided = Vec::with_capacity(ids.len());
        for (done, id) in (1..).zip(ids) {
            let mut told = |written, of| {
                if total == 1 {
                    progress("slots", written, of);
                }
            };
            decided.extend(
                self.alone(|leader, watch| {
                    one(leader, watch, run, *id, &mut timetables, &mut told)
                })?,
            );
            if total > 1 {
                progress("schedules", done, total);
            }
        }
        Ok(decided)
    }
}

/// Decides and writes for one schedule, in a transaction of its own.
fn one(
    leader: &mut Leader<SqliteStore>,
    watch: &mut dyn FnMut() -> bool,
    run: Run<'_>,
    id: ScheduleId,
    timetables: &mut Timetables,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Option<Decision>, Error> {
    let meta = begin(leader, watch)?;
    let now = leader.stamp(&meta).inspect_err(|_| leader.abandon())?;
    timetables.as_of(meta.last_seq);
    let (answer, pending) = leader.with_work(meta, now, |work| -> Result<_, StoreError> {
        let Some(decision) = look(work.tx, id, now, run.aim, timetables)? else {
            return Ok((None, work.meta.last_seq));
        };
        write(work, &decision, run.aim, progress)?;
        let organizer = run.organizer;
        let by = By { caller: run.caller, request_id: None, organizer, at: now };
        announce(work, &decision, run.aim, &by);
        Ok((Some(decision), work.meta.last_seq))
    });
    let (decision, seq) = answer.map_err(storage_error).inspect_err(|_| leader.abandon())?;
    finished(leader.finish(pending))?;
    timetables.know(seq);
    Ok(decision)
}
