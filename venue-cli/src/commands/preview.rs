//! `venue schedule preview`: what a rule would make. No file is read or made.

use chrono::Weekday;
use serde_json::json;
use venue_core::domain::calendar::CalendarPreview;
use venue_core::domain::preview::{SchedulePreview, SchedulePreviewed};
use venue_core::domain::zone::LocalTime;
use venue_core::engine::{calendar_preview, schedule_preview};

use super::call::no_clock;
use crate::config::Config;
use crate::draw::{self, Mark};
use crate::exit::{Exit, Failure};
use crate::output::{Output, Table, width};

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
    output.say(&told(previewed.items.len(), previewed.rejected.len(), previewed.next));
    Ok(Exit::Done)
}

/// `venue schedule preview --calendar`
pub(crate) fn calendar(
    request: &CalendarPreview,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    no_clock(config)?;
    let previewed = calendar_preview(request)?;
    for warning in &previewed.warnings {
        let line = warning.line.map(|line| format!(":{line}")).unwrap_or_default();
        output.say(&format!("warning: {}{line}: {}", warning.file, warning.message));
    }
    if output.style().json {
        output.objects("slot_preview", &previewed.items)?;
        output.objects("skipped", &previewed.skipped)?;
        output.object("page", &json!({"next": previewed.next}))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["starts", "ends", "what"]);
    for date in &previewed.items {
        let local = |at| request.zone.local(at).to_string().replace('T', " ");
        table.row(&[&local(date.starts_at), &local(date.ends_at), &date.title]);
    }
    if !previewed.items.is_empty() {
        output.text(&table.text())?;
    }
    for it in &previewed.skipped {
        output.say(&format!("line {}: {} is left out: {}", it.line, it.uid, it.reason));
    }
    output.say(&told(previewed.items.len(), 0, previewed.next));
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
fn told(items: usize, rejected: usize, next: Option<LocalTime>) -> String {
    let counted = |count: usize, one: &str, many: &str| {
        let number = draw::number(i64::try_from(count).unwrap_or(i64::MAX));
        format!("{number} {}", if count == 1 { one } else { many })
    };
    let slots = counted(items, "slot", "slots");
    let left_out = match rejected {
        0 => String::new(),
        count => {
            let times = counted(count, "time", "times");
            format!(", {times} left out, which the clock skips or shows twice")
        }
    };
    let more = next.map(|next| {
        let date = next.date();
        format!("; there are more: --from {date}, or a higher --limit")
    });
    [slots, left_out, more.unwrap_or_default()].concat()
}
