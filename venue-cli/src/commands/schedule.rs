//! Schedules: their rules, the slots that are made by them, and those that are not where they should be.

use venue_core::domain::generated::{
    BlockedSlot, Drifted, DriftedSchedule, DriftedSlot, Generated, GeneratedSchedule,
    ScheduleRefusal,
};
use venue_core::domain::import_done::RejectedSlot;
use venue_core::domain::instant::Instant;
use venue_core::domain::query::{Query, ScheduleList};
use venue_core::domain::reply::ScheduleChanged;
use venue_core::domain::request::{ScheduleAdd, ScheduleEdit};
use venue_core::domain::schedule_name::{ScheduleDrift, ScheduleGenerate};
use venue_core::domain::zone::Zone;

use super::progress::Progress;
use super::{act, preview, read};
use crate::args::{PageOf, Previewed, ScheduleCommand};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output, Table, printable};

/// Nothing to show.
const NONE: &str = "-";

/// `venue schedule`
pub(crate) fn schedule(
    command: ScheduleCommand,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    match command {
        ScheduleCommand::Add { event, expected_version, rule } => {
            let rule = rule.into_spec();
            act::act(ScheduleAdd { event, rule, expected_version }.into(), None, config, output)
        }
        ScheduleCommand::Edit { schedule, expected_version, rule } => {
            let rule = rule.into_spec();
            act::act(ScheduleEdit { schedule, rule, expected_version }.into(), None, config, output)
        }
        ScheduleCommand::List { event, page: PageOf { after, limit } } => {
            let query = Query::ScheduleList(ScheduleList { event, after, limit });
            read::ask(&query, config, output)
        }
        ScheduleCommand::Preview(args) => match args.into_request() {
            Previewed::Schedule(request) => preview::preview(&request, config, output),
            Previewed::Calendar(request) => preview::calendar(&request, config, output),
        },
        ScheduleCommand::Generate { schedules, dry_run } => {
            generate(&ScheduleGenerate { schedules, dry_run }, config, output)
        }
        ScheduleCommand::Drift { schedules, mend } => {
            drift(&ScheduleDrift { schedules, mend }, config, output)
        }
    }
}

fn generate(
    request: &ScheduleGenerate,
    config: &Config,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let engine = config.open()?;
    let mut bar = Progress::new(output);
    let mut progress = |stage: &str, done, total| bar.at(stage, done, total);
    let answer = engine.schedule_generate(&config.caller, request, &mut progress);
    bar.end();
    let answer = answer?;
    if !request.dry_run {
        output.may_have_changed(None);
    }
    output.answer("schedule_generate", &answer, || generated(&answer))?;
    Ok(if answer.refused == 0 { Exit::Done } else { Exit::Refused })
}

fn drift(request: &ScheduleDrift, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let engine = config.open()?;
    let mut bar = Progress::new(output);
    let mut progress = |stage: &str, done, total| bar.at(stage, done, total);
    let answer = engine.schedule_drift(&config.caller, request, &mut progress);
    bar.end();
    let answer = answer?;
    if request.mend {
        output.may_have_changed(None);
    }
    output.answer("schedule_drift", &answer, || drifted(&answer))?;
    Ok(if request.mend && answer.refused > 0 { Exit::Refused } else { Exit::Done })
}

/// `2027-09-04 19:30`, on the wall.
fn wall(at: Instant, zone: &Zone) -> String {
    let local = zone.local(at).to_string().replace('T', " ");
    local.strip_suffix(":00").map(str::to_owned).unwrap_or(local)
}

fn maybe_wall(at: Option<Instant>, zone: &Zone) -> String {
    at.map_or(NONE.to_owned(), |at| wall(at, zone))
}

fn number_of(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What was generated: a row for each schedule that got slots, a line for each that did not get all.
fn generated(answer: &Generated) -> String {
    let mut table = Table::new(&["schedule", ">slots", "first", "last"]);
    for it in answer.schedules.iter().filter(|it| it.added > 0) {
        let (first, last) = (maybe_wall(it.first, &it.zone), maybe_wall(it.last, &it.zone));
        table.row(&[&it.schedule, &it.added, &first, &last]);
    }
    let mut lines: Vec<String> = answer.schedules.iter().flat_map(not_made).collect();
    lines.extend(answer.rejected.iter().map(left_out));
    let made = if answer.dry_run { "would be made" } else { "made" };
    let of = answer.schedules.len() as u64;
    lines.push(format!(
        "{} {made}, {} looked at",
        number_of(answer.added, "slot", "slots"),
        number_of(of, "schedule", "schedules")
    ));
    let table = if answer.added > 0 { table.text() + "\n" } else { String::new() };
    table + &printed(&lines)
}

fn printed(lines: &[String]) -> String {
    lines.iter().map(|line| printable(line) + "\n").collect()
}

fn not_made(it: &GeneratedSchedule) -> Vec<String> {
    let refused = it.refused.iter().flat_map(|why| refusal(&it.schedule, why));
    refused.chain(blocked(&it.schedule, &it.blocked, &it.zone)).collect()
}

/// Dates at which a slot stands that stays.
fn blocked(schedule: &str, blocked: &[BlockedSlot], zone: &Zone) -> Vec<String> {
    let line = |date: &BlockedSlot| {
        let at = wall(date.starts_at, zone);
        format!("{schedule}: {at} is left out: slot {} stands there and stays", date.by)
    };
    blocked.iter().map(line).collect()
}

/// Why a schedule was refused, and what to do.
fn refusal(schedule: &str, why: &ScheduleRefusal) -> [String; 2] {
    let advice = match why {
        ScheduleRefusal::Collision { .. } => {
            "`schedule edit` its rule, or cancel what is in the way; see `schedule drift` too"
        }
        ScheduleRefusal::TooManySlots { .. } => {
            "make the rule end sooner, with until, count or a shorter horizon"
        }
        ScheduleRefusal::RuleInvalid { .. } => "`schedule edit` its rule",
    };
    [format!("{schedule}: refused as a whole: {why}"), format!("  {advice}")]
}

fn left_out(it: &RejectedSlot) -> String {
    let why = match it.reason {
        venue_core::domain::zone::Rejection::Gap => "the clock jumps over it",
        venue_core::domain::zone::Rejection::Fold => "the clock shows it twice",
    };
    format!("{}: {} is left out: {why}", it.schedule, it.local)
}

/// How slots differ from rules: a row for each that does.
fn drifted(answer: &Drifted) -> String {
    let mut table = Table::new(&["schedule", "slot", "starts", "by the rule", "what"]);
    let mut lines = Vec::new();
    let mut sums = [0; 4];
    for it in &answer.drifted {
        for slot in &it.slots {
            let wanted = maybe_wall(slot.wanted, &it.zone);
            let what = what_of(slot, it.refused.is_none(), answer.mended);
            table.row(&[&it.schedule, &slot.slot, &wall(slot.starts_at, &it.zone), &wanted, &what]);
        }
        let what = if answer.mended { "made" } else { "would be made" };
        for at in &it.added {
            table.row(&[&it.schedule, &NONE, &NONE, &wall(*at, &it.zone), &what]);
        }
        lines.extend(more_of(it));
        for (sum, count) in sums.iter_mut().zip([it.add, it.r#move, it.remove, it.keep]) {
            *sum += count;
        }
    }
    lines.extend(answer.rejected.iter().map(left_out));
    let [add, moved, remove, keep] = sums;
    let looked_at = number_of(answer.schedules, "schedule", "schedules");
    lines.push(match (answer.drifted.is_empty(), answer.mended) {
        (true, _) => format!("no drift in {looked_at}, by zone data {}", answer.tzdb),
        (false, true) => format!("{add} made, {moved} moved, {remove} removed, {keep} kept"),
        (false, false) if add + moved + remove == 0 => format!("nothing to mend, {keep} kept"),
        (false, false) => format!(
            "{add} would be made, {moved} moved, {remove} removed, {keep} kept: --mend does it"
        ),
    });
    let table = if answer.drifted.is_empty() { String::new() } else { table.text() + "\n" };
    table + &printed(&lines)
}

/// What becomes of a slot, and why.
fn what_of(slot: &DriftedSlot, possible: bool, mended: bool) -> String {
    let why = slot.reason.name();
    match (slot.kept, possible, slot.wanted.is_some()) {
        (Some(kept), _, _) => format!("kept because {}, by {why}", kept.name()),
        (None, false, _) => format!("stays, by {why}"),
        (None, true, true) if mended => format!("moved, by {why}"),
        (None, true, true) => format!("would move, by {why}"),
        (None, true, false) if mended => format!("removed, by {why}"),
        (None, true, false) => format!("would go, by {why}"),
    }
}

fn more_of(it: &DriftedSchedule) -> Vec<String> {
    let listed = (it.slots.len() + it.added.len()) as u64;
    let all = it.add + it.r#move + it.remove + it.keep;
    let more = (all > listed).then(|| format!("{}: and {} more", it.schedule, all - listed));
    let refused = it.refused.iter().flat_map(|why| refusal(&it.schedule, why));
    let blocked = blocked(&it.schedule, &it.blocked, &it.zone);
    more.into_iter().chain(refused).chain(blocked).collect()
}

/// A schedule that was added or changed.
pub(crate) fn changed(it: &ScheduleChanged) -> String {
    let rule = serde_json::to_string(&it.rule).unwrap_or_default();
    let facts = Facts::default()
        .fact("schedule", &it.schedule)
        .fact("id", it.id)
        .fact("event's version", it.version)
        .fact("zone", it.zone.name())
        .fact("rule", &rule)
        .fact("slots to make", it.new)
        .maybe("first", it.first.map(|at| wall(at, &it.zone)))
        .maybe("last", it.last.map(|at| wall(at, &it.zone)));
    let mut lines: Vec<String> = it.rejected.iter().map(left_out).collect();
    if it.new > 0 {
        lines.push(format!("`venue schedule generate {}` makes them", it.schedule));
    }
    if it.stale > 0 {
        let slots = number_of(it.stale, "slot is", "slots are");
        let command = format!("`venue schedule drift {}`", it.schedule);
        lines.push(format!("{slots} not where the rule puts them: see {command}"));
    }
    if lines.is_empty() { facts.text() } else { format!("{}\n{}", facts.text(), printed(&lines)) }
}

/// Schedules.
pub(crate) fn schedules(schedules: &[venue_core::domain::view::ScheduleItem]) -> Table {
    let mut table = Table::new(&["schedule", ">slots", "next", "last", "rule"]);
    for it in schedules {
        let zone = it.zone.parse::<Zone>();
        let at = |at: Option<Instant>| {
            zone.as_ref().map_or(NONE.to_owned(), |zone| maybe_wall(at, zone))
        };
        let rule = serde_json::to_string(&it.rule).unwrap_or_default();
        table.row(&[&it.schedule, &it.slots, &at(it.next), &at(it.last), &rule]);
    }
    table
}
