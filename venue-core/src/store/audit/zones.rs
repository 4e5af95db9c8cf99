//! Slots whose wall time is another instant by the zone data of this program than by those that made them.

use crate::domain::generation::{DriftReason, LOOK_BACK, compare};
use crate::domain::ids::ScheduleId;
use crate::domain::instant::Instant;
use crate::domain::zone::tzdb_version;
use crate::store::boundary::{StoreError, Tx};
use crate::store::catalog::{made_slots, schedules};

use super::catalogue::Catalogue;
use super::findings::{Findings, Promise};

/// Notes each slot that starts after `floor` and would start at another instant today. Only schedules that have a
/// slot of other zone data are expanded.
pub(super) fn check(
    tx: &mut dyn Tx,
    catalogue: &Catalogue,
    floor: i64,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let now = Instant::clamped(floor);
    let later = catalogue.other_zone_data.iter().filter(|(_, last)| **last > floor);
    let mut ids: Vec<_> = later.map(|(id, _)| ScheduleId::from_bytes(*id)).collect();
    ids.sort_unstable();
    for id in ids {
        let Some(facts) = schedules::facts(tx, id)? else { continue };
        let Some(length) = facts.length else { continue };
        let since = facts.zone.local(now.minus(LOOK_BACK)).date().to_string();
        let made = made_slots::made(tx, id, &since)?;
        // What keeps a rule from being read is no matter of zones.
        let found = compare(&facts.rule, length, &facts.zone, &made, tzdb_version(), now);
        for stale in found.map(|found| found.stale).unwrap_or_default() {
            if let (DriftReason::Zone, Some(to)) = (stale.why, &stale.to) {
                findings.note(Promise::ZoneData, || {
                    let slot = &stale.slot;
                    format!(
                        "slot {} of {} starts at {} by zone data {}, at {} by {}",
                        slot.id,
                        facts.name,
                        slot.starts_at,
                        slot.tzdb,
                        to.starts_at,
                        tzdb_version()
                    )
                });
            }
        }
    }
    Ok(())
}
