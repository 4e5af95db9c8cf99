//! `venue schedule preview`: what a rule would make. No file is read or made.

use chrono::Weekday;
use serde_json::json;
use venue_core::domain::preview::{SchedulePreview, SchedulePreviewed};
use venue_core::domain::zone::LocalTime;
use venue_core::engine::schedule_preview;

use super::call::no_clock;
use crate::config::Config;
use crate::draw::{self, Mark};
use crate::exit::{Exit, Failure};
use crate::output::{Output, width};

/// `venue schedule preview`
pub(crate) fn preview(
    request: &SchedulePreview,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    no_clock(config)?;
    let previewed = schedule_preview(request)?;
    if output.style().json {
        output.objects("slot_preview", &previewed.items)?;
        output.objects("slot_rejected", &previewed.rejected)?;
        output.object("page", &json!({"next": previewed.next}))?;
        return Ok(Exit::Done);
    }
    let starts = request.schedule.rules().ok().and_then(|rules| Some(rules.first()?.week_start()));
    let week_start = starts.unwrap_or(Weekday::Mon);
    let drawn = draw::months(&marks(&previewed), week_start, output.style().colour, width());
    output.text(&drawn)?;
    output.say(&summary(&previewed));
    Ok(Exit::Done)
}

/// Everything that stands on a date.
fn marks(previewed: &SchedulePreviewed) -> Vec<Mark> {
    let shown = |local: &str| local.get(..19).and_then(|local| local.parse::<LocalTime>().ok());
    let slots = previewed.items.iter().filter_map(|slot| shown(&slot.local));
    let slots = slots.map(|local| Mark { local, left_out: None });
    let rejected = previewed.rejected.iter();
    let rejected = rejected.map(|it| Mark { local: it.local, left_out: Some(it.reason) });
    slots.chain(rejected).collect()
}

/// How many there are, and how to see more.
fn summary(previewed: &SchedulePreviewed) -> String {
    let counted = |count: usize, one: &str, many: &str| {
        let number = draw::number(i64::try_from(count).unwrap_or(i64::MAX));
        format!("{number} {}", if count == 1 { one } else { many })
    };
    let slots = counted(previewed.items.len(), "slot", "slots");
    let left_out = match previewed.rejected.len() {
        0 => String::new(),
        count => {
            let times = counted(count, "time", "times");
            format!(", {times} left out, which the clock skips or shows twice")
        }
    };
    let more = previewed.next.map(|next| {
        let date = next.date();
        format!("; there are more: --from {date}, or a higher --limit")
    });
    [slots, left_out, more.unwrap_or_default()].concat()
}
