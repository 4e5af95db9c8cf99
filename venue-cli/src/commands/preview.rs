//! `venue schedule preview`: what a rule would make. No file is read or made.

use chrono::Weekday;
use serde_json::json;
use venue_core::domain::calendar::CalendarPreview;
use venue_core::domain::error::Invalid;
use venue_core::domain::preview::{SchedulePreview, SchedulePreviewed};
use venue_core::domain::zone::LocalTime;
use venue_core::engine::{calendar_preview, schedule_preview};

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

/// No file takes part, so none whose clock could stand still.
pub(crate) fn no_clock(config: &Config) -> Result<(), Invalid> {
    match config.now {
        Some(_) => Err(Invalid::argument("now", "no file takes part: say --at")),
        None => Ok(()),
    }
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
    let slots = draw::number(i64::try_from(items).unwrap_or(i64::MAX));
    let mut text = match items {
        0 => "no slots".to_owned(),
        1 => "1 slot".to_owned(),
        _ => format!("{slots} slots"),
    };
    match rejected {
        0 => {}
        1 => text.push_str(", 1 time left out: the clock skips it or shows it twice"),
        many => {
            let many = draw::number(i64::try_from(many).unwrap_or(i64::MAX));
            text.push_str(&format!(
                ", {many} times left out: the clock skips them or shows them twice"
            ));
        }
    }
    if let Some(next) = next {
        let next = next.to_string();
        let date = next.get(..10).unwrap_or(&next);
        text.push_str(&format!("\nthere are more: --from {date}, or a higher --limit"));
    }
    text
}
