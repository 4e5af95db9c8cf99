//! Previews of schedules: they need no file, and at most the clock.

use crate::domain::error::Error;
use crate::domain::preview::{SchedulePreview, SchedulePreviewed};
use crate::store::meta;

use super::failure::storage_error;
use super::{Clock as _, Engine, SystemClock};

/// Finds the first slots that a schedule would make. It reads and makes no file.
///
/// # Takes
/// The schedule with its zone. Where it depends on what time it is and does not say it, the machine's clock does.
///
/// # Errors
/// Invalid `argument`, naming the member, and which of its entries, as in `rrule[1]`.
///
/// # Example
/// ```
/// use venue_core::domain::preview::SchedulePreview;
///
/// let request: SchedulePreview = serde_json::from_str(
///     r#"{"zone": "Europe/Berlin", "starts": "2026-03-28T19:30", "duration": "2h", "rrule": ["FREQ=DAILY;COUNT=2"]}"#,
/// )?;
/// let slots = venue_core::engine::schedule_preview(&request)?.items;
/// assert_eq!(slots[1].local, "2026-03-29T19:30:00+02:00[Europe/Berlin]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn schedule_preview(request: &SchedulePreview) -> Result<SchedulePreviewed, Error> {
    Ok(request.run(SystemClock.wall())?)
}

impl Engine {
    /// Finds the first slots that a schedule would make, by the clock of the file where it needs one.
    ///
    /// # Errors
    /// As by [`schedule_preview`]; storage failures where the file's clock is needed.
    pub fn schedule_preview(&self, request: &SchedulePreview) -> Result<SchedulePreviewed, Error> {
        self.check_process()?;
        if !request.needs_now() {
            return schedule_preview(request);
        }
        let floor = self.view(|tx| Ok(meta::load(tx).map_err(storage_error)?.floor))?;
        Ok(request.run(self.inner.shared.read_at(floor))?)
    }
}
